"""JSON doors to what is free: search, a listing, its week, a month of all."""

from typing import Any

from flask import Response, jsonify
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.rules import DayWord
from mutuali.bookings.schemas import Asked, MonthSchema, SearchQuerySchema, WeekSchema, week_days
from mutuali.bookings.views.unmet import note_unmet
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Kind
from mutuali.organizations.rules import Allergen, DocumentKind
from mutuali.web.api import ApiBlueprint, ReasonDumpSchema
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC
from mutuali.web.errors import dumped

bp = ApiBlueprint("search_api", "Recherche")


class DemandSchema(Schema):
    """A document that a borrower must have; ``detail`` is the class of a licence or a training."""

    kind = fields.Enum(DocumentKind, by_value=True, required=True)
    detail = fields.String(required=True)


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
    demands = fields.List(fields.Nested(DemandSchema), required=True)
    allergens = fields.List(fields.Enum(Allergen, by_value=True), required=True)


class FoundSchema(ListingSchema):
    """A listing that is free for the whole span; ``lacking`` are reasons why the organization acted
    for could not borrow it then."""

    units_free = fields.Integer(required=True)
    distance_km = fields.Float(allow_none=True, required=True)
    total_cents = fields.Integer(required=True)
    lacking = fields.List(fields.Nested(ReasonDumpSchema), required=True)


class SearchResultSchema(Schema):
    """One page of what is free."""

    total = fields.Integer(required=True)
    page = fields.Integer(required=True)
    pages = fields.Integer(required=True)
    found = fields.List(fields.Nested(FoundSchema), required=True)


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
    now = utc_now()
    result = service.search(
        session, asked.wish, borrower_id=actor.organization_id, now=now, page=asked.page
    )
    note_unmet(actor, asked, result, now=now)
    found = [
        {
            **_listing(each.listing),
            "units_free": each.units_free,
            "distance_km": each.distance_km,
            "total_cents": each.price_cents,
            "lacking": [dumped(reason) for reason in each.lacking],
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
        "demands": facts.draft.demands,
        "allergens": facts.allergens,
    }
