"""JSON doors of bookings: ask, decide, carry out, look."""

from dataclasses import replace
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.rules import Purpose, State
from mutuali.bookings.schemas import BookingDraftSchema, ConditionSchema, ReasonSchema
from mutuali.core.permissions import Actor, Permission
from mutuali.organizations import service as organizations
from mutuali.web.api import ApiBlueprint, Given, acting_for, etag_of
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id

bp = ApiBlueprint("bookings_api", "Réservations")


class BookingSchema(Schema):
    """A booking as its parties see it; instants in ISO 8601, UTC."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    listing = fields.String(required=True)
    lender = fields.String(required=True)
    borrower = fields.String(required=True)
    units = fields.Integer(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    state = fields.Enum(State, by_value=True, required=True)
    overdue = fields.Boolean(required=True)
    decide_by = fields.AwareDateTime(allow_none=True, required=True)
    purpose = fields.Enum(Purpose, by_value=True, required=True)
    meals = fields.Integer(allow_none=True, required=True)
    note = fields.String(required=True)
    price_cents = fields.Integer(required=True)


@bp.operation(
    "POST",
    "/bookings",
    Permission.BOOKING_REQUEST,
    "Demander une réservation",
    takes=BookingDraftSchema,
    gives=BookingSchema,
    status=201,
)
def request_booking(
    session: Session, actor: Actor, parsed: tuple[str, service.BookingDraft]
) -> Given:
    """Ask; 201 with the booking, 409 when the units are not free, 422 when a rule says no."""
    borrower, draft = parsed
    borrower_id = (
        organizations.by_public_id(session, borrower).id
        if borrower
        else acting_for(actor, "borrower")
    )
    made = service.request_line(
        session, actor, borrower_id, draft, public_id=new_public_id(), now=utc_now()
    )
    return replace(_given(made), location=f"/api/v1/bookings/{made.public_id}")


@bp.operation(
    "GET",
    "/bookings",
    Permission.BOOKING_READ,
    "Lister nos réservations",
    gives=BookingSchema,
    many=True,
)
def bookings(session: Session, actor: Actor) -> list[dict[str, object]]:
    """What the organization lends and borrows, latest start first."""
    if actor.organization_id is None:
        return []
    found = service.booking_lines(session, actor, actor.organization_id, now=utc_now())
    return [booking_dump(each) for each in found]


@bp.operation(
    "GET",
    "/bookings/<booking_id>",
    Permission.BOOKING_READ,
    "Lire une réservation",
    gives=BookingSchema,
)
def booking(session: Session, actor: Actor, booking_id: str) -> Given:
    """One booking."""
    return one(session, actor, booking_id)


def step_of(name: str, says: str, takes: type[Schema] | None = None) -> Any:
    """Something that a party does to a booking; the use case asks who may."""
    return bp.operation(
        "POST",
        f"/bookings/<booking_id>/{name}",
        Permission.BOOKING_READ,
        says,
        takes=takes,
        gives=BookingSchema,
    )


@step_of("cancel", "Annuler", takes=ReasonSchema)
def cancel(session: Session, actor: Actor, form: dict[str, Any], booking_id: str) -> Given:
    """Take a request or a booking back."""
    service.cancel(session, actor, booking_id, reason=form["reason"], now=utc_now())
    return one(session, actor, booking_id)


@step_of("hand-over", "Noter la prise en charge", takes=ConditionSchema)
def hand_over(session: Session, actor: Actor, form: dict[str, Any], booking_id: str) -> Given:
    """The units change hands."""
    service.hand_over(
        session,
        actor,
        booking_id,
        note=form["note"],
        temperature=form["temperature"],
        now=utc_now(),
    )
    return one(session, actor, booking_id)


@step_of("take-back", "Noter le retour", takes=ConditionSchema)
def take_back(session: Session, actor: Actor, form: dict[str, Any], booking_id: str) -> Given:
    """The units come back."""
    service.take_back(
        session,
        actor,
        booking_id,
        note=form["note"],
        temperature=form["temperature"],
        now=utc_now(),
    )
    return one(session, actor, booking_id)


@step_of("close", "Terminer une réservation revenue")
def close(session: Session, actor: Actor, booking_id: str) -> Given:
    """The lender has looked: all is well."""
    service.close_return(session, actor, booking_id, now=utc_now())
    return one(session, actor, booking_id)


def one(session: Session, actor: Actor, public_id: str) -> Given:
    return _given(service.booking_line(session, actor, public_id, now=utc_now()))


def _given(facts: service.BookingLine) -> Given:
    return Given(booking_dump(facts), etag_of(facts.public_id, facts.version))


def booking_dump(facts: service.BookingLine) -> dict[str, object]:
    """A booking as BookingSchema gives it."""
    return {
        "id": facts.public_id,
        "version": facts.version,
        "listing": facts.listing,
        "lender": facts.lender,
        "borrower": facts.borrower,
        "units": facts.units,
        "starts_at": facts.period.start,
        "ends_at": facts.period.end,
        "state": facts.state,
        "overdue": facts.overdue,
        "decide_by": facts.decide_by,
        "purpose": facts.purpose,
        "meals": facts.meals,
        "note": facts.note,
        "price_cents": facts.price_cents,
    }
