"""JSON doors of bookings."""

from typing import Any

from flask import Response, jsonify, make_response
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint
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
)
from mutuali.core.errors import Reason, Refused
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Kind
from mutuali.organizations import service as organizations
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, door
from mutuali.web.parsing import load_json, load_query
from mutuali.web.secrets import new_public_id

bp = Blueprint("bookings_api", __name__, url_prefix="/api/v1", description="Annonces, réservations")


def _body(schema: type[Schema]) -> dict[str, object]:
    """How OpenAPI says that an operation takes this JSON body."""
    return {"required": True, "content": {"application/json": {"schema": schema}}}


_INSTANT = {"type": "string", "format": "date-time"}
_SPAN = [
    {"name": name, "in": "query", "required": True, "schema": _INSTANT}
    for name in ("starts_at", "ends_at")
]


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


#: Made once: their fields are copied each time one is made.
_BOOKING, _DRAFT = BookingSchema(), BookingDraftSchema()


@bp.get("/listings")
@bp.doc(summary="Chercher ce qui est libre", parameters=_SPAN)
@bp.response(200, SearchResultSchema)
@door(PUBLIC, parse=lambda: load_query(SearchQuerySchema()))
def search(session: Session, actor: Actor, asked: Asked) -> ResponseReturnValue:
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
    return _json(
        {"total": result.total, "page": result.page, "pages": result.pages, "found": found},
        SearchResultSchema(),
    )


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


def _in_query(name: str, schema: dict[str, object]) -> dict[str, object]:
    return {"name": name, "in": "query", "schema": schema}


@bp.get("/calendar")
@bp.doc(
    summary="Lire un mois de toutes les annonces",
    parameters=[
        _in_query("month", {"type": "string", "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])$"}),
        _in_query("kind", {"type": "string", "enum": [kind.value for kind in Kind]}),
        _in_query("borough", {"type": "string", "maxLength": 60}),
        _in_query("page", {"type": "integer", "minimum": 1, "maximum": 10_000}),
    ],
)
@bp.response(200, CalendarSchema)
@door(Permission.AVAILABILITY_READ, parse=lambda: load_query(MonthSchema()))
def calendar(session: Session, actor: Actor, asked: dict[str, Any]) -> ResponseReturnValue:
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


@bp.get("/listings/<listing_id>")
@bp.doc(summary="Lire une annonce")
@bp.response(200, ListingSchema)
@door(PUBLIC)
def listing(session: Session, actor: Actor, listing_id: str) -> ResponseReturnValue:
    """One listing."""
    return _json(_listing(equipment.listing(session, actor, listing_id)), ListingSchema())


@bp.post("/bookings")
@bp.doc(summary="Demander une réservation", requestBody=_body(BookingDraftSchema))
@bp.response(201, BookingSchema)
@door(Permission.BOOKING_REQUEST, parse=lambda: load_json(_DRAFT))
def request_booking(
    session: Session, actor: Actor, parsed: tuple[str, service.BookingDraft]
) -> ResponseReturnValue:
    """Ask; 201 with the booking, 409 when the units are not free, 422 when a rule says no."""
    borrower, draft = parsed
    if borrower:
        borrower_id = organizations.by_public_id(session, borrower).id
    elif actor.organization_id is not None:
        borrower_id = actor.organization_id
    else:
        raise Refused(Reason("organization.none_chosen", {}, "borrower"))
    made = service.request_line(
        session, actor, borrower_id, draft, public_id=new_public_id(), now=utc_now()
    )
    answer = _answer(made)
    answer.status_code = 201
    answer.headers["Location"] = f"/api/v1/bookings/{made.public_id}"
    return answer


@bp.get("/bookings")
@bp.doc(summary="Lister nos réservations")
@bp.response(200, BookingSchema(many=True))
@door(Permission.BOOKING_READ)
def bookings(session: Session, actor: Actor) -> ResponseReturnValue:
    """What the organization lends and borrows, latest start first."""
    if actor.organization_id is None:
        return _json([], BookingSchema(many=True))
    found = service.booking_lines(session, actor, actor.organization_id, now=utc_now())
    return _json([_booking(each) for each in found], BookingSchema(many=True))


@bp.get("/bookings/<booking_id>")
@bp.doc(summary="Lire une réservation")
@bp.response(200, BookingSchema)
@door(Permission.BOOKING_READ)
def booking(session: Session, actor: Actor, booking_id: str) -> ResponseReturnValue:
    """One booking."""
    return _one(session, actor, booking_id)


@bp.post("/bookings/<booking_id>/approve")
@bp.doc(summary="Accepter une demande")
@bp.response(200, BookingSchema)
@door(Permission.BOOKING_READ)
def approve(session: Session, actor: Actor, booking_id: str) -> ResponseReturnValue:
    """Approve a request."""
    service.approve(session, actor, booking_id, now=utc_now())
    return _one(session, actor, booking_id)


@bp.post("/bookings/<booking_id>/decline")
@bp.doc(summary="Refuser une demande", requestBody=_body(ReasonSchema))
@bp.response(200, BookingSchema)
@door(Permission.BOOKING_READ, parse=lambda: load_json(ReasonSchema()))
def decline(
    session: Session, actor: Actor, form: dict[str, Any], booking_id: str
) -> ResponseReturnValue:
    """Decline a request, with a reason."""
    service.decline(session, actor, booking_id, form["reason"], now=utc_now())
    return _one(session, actor, booking_id)


@bp.post("/bookings/<booking_id>/cancel")
@bp.doc(summary="Annuler", requestBody=_body(ReasonSchema))
@bp.response(200, BookingSchema)
@door(Permission.BOOKING_READ, parse=lambda: load_json(ReasonSchema()))
def cancel(
    session: Session, actor: Actor, form: dict[str, Any], booking_id: str
) -> ResponseReturnValue:
    """Take a request or a booking back."""
    service.cancel(session, actor, booking_id, reason=form["reason"], now=utc_now())
    return _one(session, actor, booking_id)


@bp.post("/bookings/<booking_id>/hand-over")
@bp.doc(summary="Noter la prise en charge", requestBody=_body(ConditionSchema))
@bp.response(200, BookingSchema)
@door(Permission.BOOKING_READ, parse=lambda: load_json(ConditionSchema()))
def hand_over(
    session: Session, actor: Actor, form: dict[str, Any], booking_id: str
) -> ResponseReturnValue:
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


@bp.post("/bookings/<booking_id>/take-back")
@bp.doc(summary="Noter le retour", requestBody=_body(ConditionSchema))
@bp.response(200, BookingSchema)
@door(Permission.BOOKING_READ, parse=lambda: load_json(ConditionSchema()))
def take_back(
    session: Session, actor: Actor, form: dict[str, Any], booking_id: str
) -> ResponseReturnValue:
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


@bp.post("/bookings/<booking_id>/close")
@bp.doc(summary="Terminer une réservation revenue")
@bp.response(200, BookingSchema)
@door(Permission.BOOKING_READ)
def close(session: Session, actor: Actor, booking_id: str) -> ResponseReturnValue:
    """The lender has looked: all is well."""
    service.close_return(session, actor, booking_id, now=utc_now())
    return _one(session, actor, booking_id)


def _one(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    return _answer(service.booking_line(session, actor, public_id, now=utc_now()))


def _answer(facts: service.BookingLine) -> Response:
    answer = make_response(_json(_booking(facts), _BOOKING))
    answer.set_etag(f"{facts.public_id}-{facts.version}")
    return answer


def _json(data: object, schema: Schema) -> ResponseReturnValue:
    return jsonify(schema.dump(data))


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
