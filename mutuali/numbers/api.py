"""JSON doors of numbers: one's own listings, month by month."""

from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.bookings.rules import RefusedAs
from mutuali.core.permissions import Actor, Permission
from mutuali.numbers import service
from mutuali.web.api import ApiBlueprint, acting_for
from mutuali.web.clock import utc_now

bp = ApiBlueprint("numbers_api", "Chiffres")


class MonthSchema(Schema):
    """A listing in one month; hours of all units together, use from 0 to 1."""

    listing = fields.String(required=True)
    month = fields.String(required=True, metadata={"example": "2026-03"})
    unit_hours_offered = fields.Float(required=True)
    unit_hours_lent = fields.Float(required=True)
    use = fields.Float(required=True, allow_none=True)
    requests = fields.Integer(required=True)
    refused_by_person = fields.Integer(required=True)
    lost_to_rival = fields.Integer(required=True)
    left_without_answer = fields.Integer(required=True)
    no_shows = fields.Integer(required=True)
    overdue = fields.Integer(required=True)
    median_response_hours = fields.Float(required=True, allow_none=True)


@bp.operation(
    "GET",
    "/numbers",
    Permission.LISTING_EDIT,
    "Lire les chiffres de nos annonces",
    gives=MonthSchema,
    many=True,
)
def numbers(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """The last twelve months of your own listings, and of nobody else's."""
    lender_id = acting_for(actor, "organization")
    found = service.lender_numbers(session, actor, lender_id, now=utc_now())
    return [
        {
            "listing": each.listing.public_id,
            "month": f"{month:%Y-%m}",
            "unit_hours_offered": round(n.hours.offered / 3600, 1),
            "unit_hours_lent": round(n.hours.lent / 3600, 1),
            "use": n.hours.use,
            "requests": n.requests,
            "refused_by_person": n.refused.get(RefusedAs.PERSON, 0),
            "lost_to_rival": n.refused.get(RefusedAs.RIVAL, 0),
            "left_without_answer": n.refused.get(RefusedAs.SILENCE, 0),
            "no_shows": n.no_shows,
            "overdue": n.overdue,
            "median_response_hours": (
                None if n.response is None else round(n.response.total_seconds() / 3600, 1)
            ),
        }
        for each in found.listings
        for month, n in each.months.items()
    ]
