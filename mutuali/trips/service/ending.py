"""What is kept of trips about a person or an organization, and its end."""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.storage import HeldRows, forget_rows, held_rows
from mutuali.trips.models import Trip, TripPlace, TripStop

#: What people type on a place.
_TYPED = {"note": "", "load_at": "", "unload_at": ""}


def held_about_person(session: Session, person_id: int) -> list[HeldRows]:
    """What this feature keeps about a person: what they offered, asked for and decided."""
    places = held_rows(
        session,
        TripPlace,
        or_(TripPlace.asked_by == person_id, TripPlace.decided_by == person_id),
    )
    # Of a row that two people wrote, each gets their own part.
    parts = [row if row["asked_by"] == person_id else {**row, **_TYPED} for row in places.rows]
    return [
        held_rows(session, Trip, Trip.offered_by == person_id),
        HeldRows(places.table, parts),
    ]


def held_about_organization(session: Session, organization_id: int) -> list[HeldRows]:
    """What this feature keeps about an organization: the trips it offers, its places on others."""
    own = Trip.organization_id == organization_id
    trips = select(Trip.id).where(own)
    return [
        held_rows(session, Trip, own),
        held_rows(session, TripStop, TripStop.trip_id.in_(trips)),
        held_rows(session, TripPlace, TripPlace.organization_id == organization_id),
    ]


def forget_person(session: Session, person_id: int) -> None:
    """Blank what a person typed; what went along stays."""
    for model, by, typed in (
        (Trip, Trip.offered_by, {"note": ""}),
        (TripPlace, TripPlace.asked_by, _TYPED),
    ):
        session.execute(
            update(model)
            .where(by == person_id)
            .values(**typed)
            .execution_options(synchronize_session=False)
        )
    session.expire_all()


def detach_people(session: Session, before: datetime, *, dry: bool) -> int:
    """Take people and words off trips whose booking ended before; returns how many rows have
    some."""
    trips = session.scalars(
        select(Trip).where(
            Trip.booking_id.in_(bookings.ended_before(before)),
            or_(Trip.offered_by.is_not(None), Trip.note != ""),
        )
    ).all()
    over = select(Trip.id).where(Trip.booking_id.in_(bookings.ended_before(before)))
    places = session.scalars(
        select(TripPlace).where(
            TripPlace.trip_id.in_(over),
            or_(
                TripPlace.asked_by.is_not(None),
                TripPlace.decided_by.is_not(None),
                TripPlace.note != "",
                TripPlace.load_at != "",
                TripPlace.unload_at != "",
            ),
        )
    ).all()
    if not dry:
        for trip in trips:
            trip.offered_by, trip.note = None, ""
        for place in places:
            place.asked_by = place.decided_by = None
            place.note = place.load_at = place.unload_at = ""
        session.flush()
    return len(trips) + len(places)


def forget_loans(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy trips whose booking ended before; returns how many rows."""
    over = select(Trip.id).where(Trip.booking_id.in_(bookings.ended_before(before)))
    return (
        forget_rows(session, TripPlace, TripPlace.trip_id.in_(over), dry=dry)
        + forget_rows(session, TripStop, TripStop.trip_id.in_(over), dry=dry)
        + forget_rows(session, Trip, Trip.booking_id.in_(bookings.ended_before(before)), dry=dry)
    )
