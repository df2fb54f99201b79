"""JSON doors of bookings that may come to nothing: which, what instead, what is broken."""

from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.api.bookings import BookingSchema, bp, one
from mutuali.bookings.rules import Risk, Trait
from mutuali.bookings.schemas import DefectSchema, InsteadSchema
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission
from mutuali.web.api import Given
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id


class AtRiskSchema(Schema):
    """A promised booking that may come to nothing, and why."""

    booking = fields.String(required=True)
    listing = fields.String(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    risk = fields.Enum(Risk, by_value=True, required=True)


class SubstituteSchema(Schema):
    """Something that is free in its place; ``at_once``: nobody has to say yes."""

    listing = fields.String(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    distance_km = fields.Float(required=True)
    price_cents = fields.Integer(required=True)
    missing = fields.List(fields.Enum(Trait, by_value=True), required=True)
    at_once = fields.Boolean(required=True)


class DefectDumpSchema(Schema):
    """What went out of service."""

    id = fields.String(required=True)
    units = fields.Integer(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True, allow_none=True)


@bp.operation(
    "GET",
    "/bookings/at-risk",
    Permission.BOOKING_READ,
    "Lister les réservations compromises",
    gives=AtRiskSchema,
    many=True,
)
def at_risk(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """Those of your organization, or of the network for its coordination, first start first."""
    return [
        {
            "booking": each.booking.public_id,
            "listing": each.booking.listing.public_id,
            "starts_at": each.booking.period.start,
            "ends_at": each.booking.period.end,
            "risk": each.risk,
        }
        for each in service.bookings_at_risk(session, actor, now=utc_now())
    ]


@bp.operation(
    "GET",
    "/bookings/<booking_id>/substitutes",
    Permission.BOOKING_READ,
    "Lire ce qui remplacerait une réservation compromise",
    gives=SubstituteSchema,
    many=True,
)
def substitutes(session: Session, actor: Actor, booking_id: str) -> list[dict[str, Any]]:
    """What is free in its place, best first; nothing when it is not at risk."""
    now = utc_now()
    facts = service.booking(session, actor, booking_id, now=now)
    risk = service.risk_of(session, facts, now=now)
    if risk is None:
        return []
    return [
        {
            "listing": each.listing.public_id,
            "starts_at": each.period.start,
            "ends_at": each.period.end,
            "distance_km": each.distance_km,
            "price_cents": each.price_cents,
            "missing": each.missing,
            "at_once": each.at_once,
        }
        for each in service.substitutes_of(session, facts, risk, now=now)
    ]


@bp.operation(
    "POST",
    "/bookings/<booking_id>/instead",
    Permission.BOOKING_READ,
    "Prendre autre chose à la place",
    takes=InsteadSchema,
    gives=BookingSchema,
    status=201,
)
def take_instead(
    session: Session, actor: Actor, wanted: tuple[str, Period], booking_id: str
) -> Given:
    """201 with the new booking: the old one is cancelled in the same transaction, or stays until
    the new one is answered; 409 when the units are not free, and nothing has changed."""
    listing, period = wanted
    made = service.take_instead(
        session,
        actor,
        booking_id,
        listing,
        period,
        new_public_id=new_public_id(),
        now=utc_now(),
    )
    return one(session, actor, made.public_id)


@bp.operation(
    "POST",
    "/bookings/<booking_id>/defect",
    Permission.BOOKING_READ,
    "Signaler un bris",
    takes=DefectSchema,
    gives=DefectDumpSchema,
    status=201,
)
def report_defect(
    session: Session, actor: Actor, draft: service.DefectDraft, booking_id: str
) -> dict[str, Any]:
    """While it is out, or until the lender has looked: what is broken goes out of service."""
    outage = service.report_defect(
        session, actor, booking_id, draft, public_id=new_public_id(), now=utc_now()
    )
    return {
        "id": outage.public_id,
        "units": outage.units,
        "starts_at": outage.starts_at,
        "ends_at": outage.ends_at,
    }
