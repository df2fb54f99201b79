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
    return _one(session, actor, booking_id)


class RivalSchema(Schema):
    """Another request for the same units at the same time."""

    booking = fields.String(required=True)
    borrower = fields.String(required=True)
    borrower_name = fields.String(required=True)
    units = fields.Integer(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    would_lose = fields.Boolean(required=True)
    last_loan_of_kind = fields.AwareDateTime(required=True, allow_none=True)
    requests_in_vain = fields.Integer(required=True)
    late_returns = fields.Integer(required=True)
    no_shows = fields.Integer(required=True)


class InboxCardSchema(Schema):
    """A request that waits for your answer, with what decides it."""

    booking = fields.String(required=True)
    listing = fields.String(required=True)
    borrower = fields.String(required=True)
    units = fields.Integer(required=True)
    units_free_otherwise = fields.Integer(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    decide_by = fields.AwareDateTime(required=True)
    rivals = fields.List(fields.Nested(RivalSchema), required=True)
    loans_of_borrower = fields.Integer(required=True)
    last_loan_of_borrower = fields.AwareDateTime(required=True, allow_none=True)
    last_loan_of_kind = fields.AwareDateTime(required=True, allow_none=True)
    requests_in_vain = fields.Integer(required=True)
    late_returns_of_borrower = fields.Integer(required=True)
    no_shows_of_borrower = fields.Integer(required=True)
    yeses = fields.Integer(required=True)


@bp.operation(
    "GET",
    "/inbox",
    Permission.BOOKING_READ,
    "Lire les demandes qui attendent notre réponse",
    gives=InboxCardSchema,
    many=True,
)
def inbox(session: Session, actor: Actor) -> list[dict[str, object]]:
    """What waits for your answer, oldest deadline first."""
    return [
        {
            "booking": card.booking.public_id,
            "listing": card.booking.listing.public_id,
            "borrower": card.booking.borrower.public_id,
            "units": card.booking.units,
            "units_free_otherwise": card.units_free_otherwise,
            "starts_at": card.booking.period.start,
            "ends_at": card.booking.period.end,
            "decide_by": card.booking.decide_by,
            "rivals": [_rival(rival) for rival in card.rivals],
            "loans_of_borrower": card.record.loans,
            "last_loan_of_borrower": card.record.last_loan,
            "last_loan_of_kind": card.last_of_kind,
            "requests_in_vain": card.record.in_vain,
            "late_returns_of_borrower": card.record.late_returns,
            "no_shows_of_borrower": card.record.no_shows,
            "yeses": len(card.booking.yeses),
        }
        for card in service.inbox(session, actor, now=utc_now())
    ]


def _rival(rival: service.Rival) -> dict[str, object]:
    return {
        "booking": rival.public_id,
        "borrower": rival.borrower.public_id,
        "borrower_name": rival.borrower.name,
        "units": rival.units,
        "starts_at": rival.period.start,
        "ends_at": rival.period.end,
        "would_lose": rival.would_lose,
        "last_loan_of_kind": rival.last_of_kind,
        "requests_in_vain": rival.record.in_vain,
        "late_returns": rival.record.late_returns,
        "no_shows": rival.record.no_shows,
    }


def _step(name: str, says: str, takes: type[Schema] | None = None) -> Any:
    """Something that a party does to a booking; the use case asks who may."""
    return bp.operation(
        "POST",
        f"/bookings/<booking_id>/{name}",
        Permission.BOOKING_READ,
        says,
        takes=takes,
        gives=BookingSchema,
    )


@_step("approve", "Accepter une demande")
def approve(session: Session, actor: Actor, booking_id: str) -> Given:
    """Approve a request."""
    service.approve(session, actor, booking_id, now=utc_now())
    return _one(session, actor, booking_id)


@_step("decline", "Refuser une demande", takes=ReasonSchema)
def decline(session: Session, actor: Actor, form: dict[str, Any], booking_id: str) -> Given:
    """Decline a request, with a reason."""
    service.decline(session, actor, booking_id, form["reason"], now=utc_now())
    return _one(session, actor, booking_id)


@_step("cancel", "Annuler", takes=ReasonSchema)
def cancel(session: Session, actor: Actor, form: dict[str, Any], booking_id: str) -> Given:
    """Take a request or a booking back."""
    service.cancel(session, actor, booking_id, reason=form["reason"], now=utc_now())
    return _one(session, actor, booking_id)


@_step("hand-over", "Noter la prise en charge", takes=ConditionSchema)
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
    return _one(session, actor, booking_id)


@_step("take-back", "Noter le retour", takes=ConditionSchema)
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
    return _one(session, actor, booking_id)


@_step("close", "Terminer une réservation revenue")
def close(session: Session, actor: Actor, booking_id: str) -> Given:
    """The lender has looked: all is well."""
    service.close_return(session, actor, booking_id, now=utc_now())
    return _one(session, actor, booking_id)


def _one(session: Session, actor: Actor, public_id: str) -> Given:
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
