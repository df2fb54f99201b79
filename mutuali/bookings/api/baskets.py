"""JSON doors of baskets: several requests at once, all or none."""

from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.api.bookings import BookingSchema, booking_dump, bp
from mutuali.bookings.schemas import BasketSchema
from mutuali.core.permissions import Actor, Permission
from mutuali.organizations import service as organizations
from mutuali.web.api import Given, acting_for
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id


class BasketDumpSchema(Schema):
    """What was asked for in one go."""

    id = fields.String(required=True)
    bookings = fields.List(fields.Nested(BookingSchema), required=True)


@bp.operation(
    "POST",
    "/baskets",
    Permission.BOOKING_REQUEST,
    "Demander plusieurs réservations d’un coup",
    takes=BasketSchema,
    gives=BasketDumpSchema,
    status=201,
)
def request_basket(
    session: Session, actor: Actor, parsed: tuple[str, list[service.BookingDraft]]
) -> Given:
    """All or none: 409 or 422 names each line that cannot be had, ``lines.<number>.<field>``."""
    borrower, drafts = parsed
    borrower_id = (
        organizations.by_public_id(session, borrower).id
        if borrower
        else acting_for(actor, "borrower")
    )
    basket = new_public_id()
    made = service.request_basket(
        session,
        actor,
        borrower_id,
        drafts,
        public_ids=[new_public_id() for _each in drafts],
        basket=basket,
        now=utc_now(),
    )
    found = {"id": basket, "bookings": [booking_dump(each) for each in made]}
    return Given(found, location=f"/api/v1/bookings/{made[0].public_id}")


@bp.operation(
    "GET",
    "/baskets/<basket_id>",
    Permission.BOOKING_READ,
    "Lire ce qui fut demandé d’un coup",
    gives=BasketDumpSchema,
)
def basket(session: Session, actor: Actor, basket_id: str) -> dict[str, Any]:
    """Where each part of it stands, earliest first; for its borrower."""
    now = utc_now()
    lines = [
        service.booking_line(session, actor, each.public_id, now=now)
        for each in service.basket(session, actor, basket_id, now=now)
    ]
    return {"id": basket_id, "bookings": [booking_dump(each) for each in lines]}
