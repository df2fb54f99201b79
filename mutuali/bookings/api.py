"""JSON doors of bookings."""

from dataclasses import replace
from typing import Any

from flask import Response, jsonify
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.rules import DayWord, Purpose, State
from mutuali.bookings.schemas import (
    Asked,
    BookingDraftSchema,
    ConditionSchema,
    MonthSchema,
    ReasonSchema,
    SearchQuerySchema,
    WeekSchema,
    week_days,
)
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Kind
from mutuali.organizations import service as organizations
from mutuali.web.api import ApiBlueprint, Given, acting_for, etag_of
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC
from mutuali.web.secrets import new_public_id

bp = ApiBlueprint("bookings_api", "Recherche, réservations")


class ListingSchema(Schema):
    """A listing as anybody may see it; the place is a borough and a coarse point."""

    id = fields.String(required=True)
    kind = fields.Enum(Kind, by_value=True, required=True)
    title_fr = fields.String(required=True)
    title_en = fields.String(required=True)
    lender = fields.String(required=True)
    borough = fields.String(required=True)
    latitude = fields.Float(required=True)
    longitude = fields.Float(required=True)
    units = fields.Integer(required=True)
    price_cents = fields.Integer(required=True)


class FoundSchema(ListingSchema):
    """A listing that is free for the whole span."""

    units_free = fields.Integer(required=True)
    distance_km = fields.Float(allow_none=True, required=True)
    total_cents = fields.Integer(required=True)


class SearchResultSchema(Schema):
    """One page of what is free."""

    total = fields.Integer(required=True)
    page = fields.Integer(required=True)
    pages = fields.Integer(required=True)
    found = fields.List(fields.Nested(FoundSchema), required=True)


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
    "GET",
    "/listings",
    PUBLIC,
    "Chercher ce qui est libre",
    asks=SearchQuerySchema,
    gives=SearchResultSchema,
)
def search(session: Session, actor: Actor, asked: Asked) -> dict[str, object]:
    """Listings free for the whole span, nearest first."""
    result = service.search(session, asked.wish, now=utc_now(), page=asked.page)
    found = [
        {
            **_listing(each.listing),
            "units_free": each.units_free,
            "distance_km": each.distance_km,
            "total_cents": each.price_cents,
        }
        for each in result.found
    ]
    return {"total": result.total, "page": result.page, "pages": result.pages, "found": found}


class CalendarListingSchema(Schema):
    """A listing over a month; ``days`` has a letter per day, explained by ``letters``."""

    id = fields.String(required=True)
    title_fr = fields.String(required=True)
    title_en = fields.String(required=True)
    lender = fields.String(required=True)
    days = fields.String(required=True)


class CalendarSchema(Schema):
    """One page of listings over a month."""

    month = fields.String(required=True)
    total = fields.Integer(required=True)
    page = fields.Integer(required=True)
    pages = fields.Integer(required=True)
    letters = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    listings = fields.List(fields.Nested(CalendarListingSchema), required=True)


@bp.operation(
    "GET",
    "/calendar",
    Permission.AVAILABILITY_READ,
    "Lire un mois de toutes les annonces",
    asks=MonthSchema,
    gives=CalendarSchema,
)
def calendar(session: Session, actor: Actor, asked: dict[str, Any]) -> Response:
    """How free each listing is on each day of a month."""
    now = utc_now()
    first = asked["month"] or local(now).date().replace(day=1)
    filters = {name: asked[name] for name in ("kind", "borough", "page")}
    found = service.month(session, actor, first, **filters, now=now)
    return jsonify(
        month=f"{first:%Y-%m}",
        total=found.total,
        page=found.page,
        pages=found.pages,
        letters={word.value[0]: word.value for word in DayWord},
        listings=[
            {
                "id": row.listing.public_id,
                "title_fr": row.listing.title_fr,
                "title_en": row.listing.title_en,
                "lender": row.listing.lender_name,
                "days": "".join([word.value[0] for word in row.words]),
            }
            for row in found.rows
        ],
    )


@bp.operation("GET", "/listings/<listing_id>", PUBLIC, "Lire une annonce", gives=ListingSchema)
def listing(session: Session, actor: Actor, listing_id: str) -> dict[str, object]:
    """One listing."""
    return _listing(equipment.listing(session, actor, listing_id))


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
    return [_booking(each) for each in found]


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
    rivals = fields.Integer(required=True)
    loans_of_borrower = fields.Integer(required=True)
    last_loan_of_borrower = fields.AwareDateTime(required=True, allow_none=True)
    late_returns_of_borrower = fields.Integer(required=True)


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
            "rivals": card.rivals,
            "loans_of_borrower": card.loans_of_borrower,
            "last_loan_of_borrower": card.last_loan_of_borrower,
            "late_returns_of_borrower": card.late_returns_of_borrower,
        }
        for card in service.inbox(session, actor, now=utc_now())
    ]


class WeekPartSchema(Schema):
    """A morning, an afternoon or an evening: free, taken, closed or past."""

    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    word = fields.String(required=True)


@bp.operation(
    "GET",
    "/listings/<listing_id>/week",
    Permission.AVAILABILITY_READ,
    "Lire une semaine d’une annonce",
    asks=WeekSchema,
    gives=WeekPartSchema,
    many=True,
)
def week(
    session: Session, actor: Actor, asked: dict[str, Any], listing_id: str
) -> list[dict[str, object]]:
    """Seven days from ``from_day`` (today by default), each in three parts."""
    now = utc_now()
    found = equipment.listing(session, actor, listing_id)
    parts = [
        part for _, spans in week_days(asked["from_day"] or local(now).date()) for part in spans
    ]
    words = service.availability_week(session, found.id, parts, now=now)
    return [
        {"starts_at": part.start, "ends_at": part.end, "word": word}
        for part, word in zip(parts, words, strict=True)
    ]


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
    return Given(_booking(facts), etag_of(facts.public_id, facts.version))


def _booking(facts: service.BookingLine) -> dict[str, object]:
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


def _listing(facts: equipment.ListingFacts) -> dict[str, object]:
    return {
        "id": facts.public_id,
        "kind": facts.draft.kind,
        "title_fr": facts.draft.title_fr,
        "title_en": facts.draft.title_en,
        "lender": facts.lender_name,
        "borough": facts.borough,
        "latitude": facts.coarse_point.lat,
        "longitude": facts.coarse_point.lon,
        "units": facts.draft.units,
        "price_cents": facts.draft.price_cents,
    }
