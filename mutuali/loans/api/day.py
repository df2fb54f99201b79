"""JSON doors to the day of a loan: whom to call, where the keys are, which links are open."""

from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.core.errors import Forbidden
from mutuali.core.permissions import Actor, Permission
from mutuali.loans import service
from mutuali.loans.api.door import bp
from mutuali.loans.rules import Side
from mutuali.loans.schemas import DayContactSchema
from mutuali.loans.views.day import make_driver_link
from mutuali.web.api import Given
from mutuali.web.clock import utc_now
from mutuali.web.mail import address


class DayContactDumpSchema(Schema):
    """What one side said for the day."""

    side = fields.Enum(Side, by_value=True, required=True)
    phone = fields.String(required=True)
    keys = fields.String(required=True)


class DriverLinkSchema(Schema):
    """A link that works for who drives without an account; its address was shown once."""

    id = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True)
    works_until = fields.AwareDateTime(required=True)


class NewDriverLinkSchema(Schema):
    """A link that was just made; null where the same ``Idempotency-Key`` came before."""

    id = fields.String(required=True)
    address = fields.String(required=True, allow_none=True)


class DaySchema(Schema):
    """The day of a loan; all of it is destroyed a week after."""

    contacts = fields.List(fields.Nested(DayContactDumpSchema), required=True)
    driver_links = fields.List(fields.Nested(DriverLinkSchema), required=True)


@bp.operation(
    "GET",
    "/bookings/<booking_id>/day",
    Permission.BOOKING_READ,
    "Lire les téléphones, clés et liens du jour",
    gives=DaySchema,
)
def day(session: Session, actor: Actor, booking_id: str) -> dict[str, Any]:
    """Whom to call, where the keys are, and the links that are open."""
    return _day(session, actor, booking_id)


@bp.operation(
    "PUT",
    "/bookings/<booking_id>/day",
    Permission.BOOKING_READ,
    "Écrire le téléphone et les clés du jour",
    takes=DayContactSchema,
    gives=DaySchema,
)
def set_contact(
    session: Session, actor: Actor, form: dict[str, Any], booking_id: str
) -> dict[str, Any]:
    """Say whom to call and where the keys are; nothing said takes it away."""
    said = service.ContactFacts(form["phone"], form["keys"])
    service.set_contact(session, actor, booking_id, said, side=form["side"], now=utc_now())
    return _day(session, actor, booking_id)


@bp.operation(
    "POST",
    "/bookings/<booking_id>/driver-links",
    Permission.BOOKING_READ,
    "Faire un lien de conduite",
    gives=NewDriverLinkSchema,
    status=201,
)
def make_link(session: Session, actor: Actor, booking_id: str) -> Given:
    """A page for who drives without an account; its address is in this answer and no other."""
    link_id, path = make_driver_link(session, actor, booking_id)
    return Given({"id": link_id, "address": address(path)}, shown_once="address")


@bp.operation(
    "DELETE",
    "/driver-links/<link_id>",
    Permission.BOOKING_READ,
    "Fermer un lien de conduite",
    status=204,
)
def revoke_link(session: Session, actor: Actor, link_id: str) -> None:
    """End a link at once."""
    service.revoke_link(session, actor, link_id, now=utc_now())


def _day(session: Session, actor: Actor, booking_id: str) -> dict[str, Any]:
    now = utc_now()
    facts = bookings.booking(session, actor, booking_id, now=now)
    if not facts.may_carry_out:
        raise Forbidden
    contacts = service.contacts_of(session, facts.id).items()
    return {
        "contacts": [{"side": side, "phone": c.phone, "keys": c.keys} for side, c in contacts],
        "driver_links": [
            {"id": link.public_id, "made_at": link.made_at, "works_until": link.works_until}
            for link in service.links_of(session, facts, now=now)
        ],
    }
