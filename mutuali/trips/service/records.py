"""What every use case of trips reads and writes the same way."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.bookings import service as bookings
from mutuali.core.errors import Conflict, NotFound
from mutuali.core.permissions import SYSTEM, Actor
from mutuali.jobs import service as jobs
from mutuali.storage import is_one_of
from mutuali.trips.models import Trip, TripPlace, TripStop
from mutuali.trips.rules import (
    Deed,
    Load,
    PlaceState,
    Ride,
    Stop,
    TripState,
    carries,
)


@dataclass(frozen=True, slots=True)
class Capacity:
    """What the offer of a trip says, besides its route."""

    room: Load
    join_by: datetime
    at_once: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlaceDraft:
    """What is asked for: a ride, where exactly, a word."""

    ride: Ride
    load_at: str = ""
    unload_at: str = ""
    note: str = ""


def take_turn(session: Session, public_id: str) -> Trip:
    """Queue for the trip until the caller's transaction ends, then read it as it is.

    Raises:
        NotFound: no such trip.
    """
    return _in_turn(session, session.scalar(select(Trip.id).where(Trip.public_id == public_id)))


def take_turn_of_place(session: Session, public_id: str) -> tuple[Trip, TripPlace]:
    """:func:`take_turn` of the trip that a place is on, and the place as it is. Raises NotFound."""
    place = session.scalars(select(TripPlace).where(TripPlace.public_id == public_id)).one_or_none()
    if place is None:
        raise NotFound
    trip = _in_turn(session, place.trip_id)
    session.refresh(place)
    return trip, place


def _in_turn(session: Session, trip_id: int | None) -> Trip:
    if trip_id is None:
        raise NotFound
    session.execute(
        update(Trip)
        .where(Trip.id == trip_id)
        .values(turn=Trip.turn + 1)
        .execution_options(synchronize_session=False)
    )
    return session.get_one(Trip, trip_id, populate_existing=True)


def stops_of(session: Session, trip_ids: Collection[int]) -> Mapping[int, list[Stop]]:
    """The routes of trips, by trip."""
    found: defaultdict[int, list[Stop]] = defaultdict(list)
    rows = session.scalars(
        select(TripStop)
        .where(is_one_of(TripStop.trip_id, trip_ids))
        .order_by(TripStop.trip_id, TripStop.position)
    )
    for row in rows:
        found[row.trip_id].append(Stop(row.borough, row.at))
    return found


def places_of(session: Session, trip_ids: Collection[int]) -> Mapping[int, list[TripPlace]]:
    """Every place of trips, in the order in which they were asked for, by trip."""
    found: defaultdict[int, list[TripPlace]] = defaultdict(list)
    rows = session.scalars(
        select(TripPlace)
        .where(is_one_of(TripPlace.trip_id, trip_ids))
        .order_by(TripPlace.trip_id, TripPlace.id)
    )
    for row in rows:
        found[row.trip_id].append(row)
    return found


def ride_of(place: TripPlace) -> Ride:
    """What goes along, and from where to where."""
    return Ride(place.from_stop, place.to_stop, Load(place.pallets, place.kg))


def accepted(places: Sequence[TripPlace]) -> list[Ride]:
    """What is on board."""
    return [ride_of(each) for each in places if each.state == PlaceState.ACCEPTED]


def still_runs(session: Session, trip: Trip, *, now: datetime) -> bool:
    """Whether the trip is on, and its booking still carries it, with the vehicle it was offered
    in."""
    if trip.state != TripState.OPEN:
        return False
    booking = bookings.booking_by_id(session, SYSTEM, trip.booking_id, now=now)
    span = booking.period
    return booking.listing.id == trip.listing_id and carries(
        booking.state, span, trip.departs_at, trip.arrives_at, now=now
    )


def require_runs(session: Session, trip: Trip, *, now: datetime) -> None:
    """Raises Conflict: the trip is off, or its booking no longer carries it."""
    if not still_runs(session, trip, now=now):
        raise Conflict("trip.called_off")


def settle(
    session: Session,
    actor: Actor,
    place: TripPlace,
    state: PlaceState,
    deed: Deed,
    *,
    now: datetime,
) -> None:
    """Write what became of a place at once, so that the guard speaks now; leave its trace and have
    it told."""
    place.state, place.decided_at, place.decided_by = state, now, actor.person_id
    session.flush()
    leave_trace(session, actor, place, deed, now=now)


def leave_trace(
    session: Session, actor: Actor, place: TripPlace, deed: Deed, *, now: datetime
) -> None:
    """The event in the log, and the letters."""
    facts = {
        "place": place.id,
        "from_stop": place.from_stop,
        "to_stop": place.to_stop,
        "pallets": place.pallets,
        "kg": place.kg,
    }
    audit.record(
        session, actor, f"trip.place_{deed.value}", "trip", place.trip_id, now=now, facts=facts
    )
    told = {"place": place.id, "deed": deed.value}
    jobs.enqueue(session, "trips.tell", told, now=now)
    changed = {"trip": place.trip_id, "name": f"place_{deed.value}", "place": place.id}
    jobs.enqueue(session, "trips.changed", changed, now=now)
