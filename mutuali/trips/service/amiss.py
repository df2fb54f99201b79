"""What can be amiss with the trips of an organization that shares a vehicle."""

from datetime import timedelta

from sqlalchemy import case, exists, or_, select

from mutuali.counts import ORGANIZATION, Amiss, ago
from mutuali.equipment import service as equipment
from mutuali.trips.models import Trip, TripPlace

_YEAR = timedelta(days=365)


def none_shared() -> Amiss:
    """One is amiss while it neither offered room on a trip nor joined one within a year."""
    offered = exists().where(Trip.organization_id == ORGANIZATION, Trip.created_at > ago(_YEAR))
    joined = exists().where(
        TripPlace.organization_id == ORGANIZATION, TripPlace.asked_at > ago(_YEAR)
    )
    return select(case((equipment.shares_vehicle(), case((or_(offered, joined), 0), else_=1))))
