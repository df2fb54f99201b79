"""Looking at trips: those that others may join, one, one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.core.errors import NotFound
from mutuali.core.period import local
from mutuali.core.permissions import SYSTEM, Actor, Permission, may, reach_of, require
from mutuali.counts import NOW, Count
from mutuali.equipment import service as equipment
from mutuali.organizations import service as organizations
from mutuali.storage import is_one_of
from mutuali.trips.models import Trip, TripPlace
from mutuali.trips.rules import (
    Because,
    Load,
    PlaceState,
    Ride,
    Stop,
    TripState,
    least,
    left,
)
from mutuali.trips.service.records import Capacity, accepted, places_of, ride_of, stops_of

#: How many trips a list shows.
MOST_SHOWN = 100
NOTHING = Load(0, 0)


@dataclass(frozen=True, slots=True)
class TripSearch:
    """Which trips somebody looks for; boroughs by slug, empty: any."""

    from_borough: str = ""
    to_borough: str = ""
    day: date | None = None
    load: Load = NOTHING


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """A place as its own organization, or the one that offers, sees it.

    Where exactly, and the telephone number of the other side, are there once it is accepted.
    """

    public_id: str
    organization_id: int
    organization_name: str
    ride: Ride
    state: PlaceState
    note: str
    load_at: str
    unload_at: str
    phone: str
    asked_at: datetime
    answer_by: datetime
    may_answer: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class TripFacts:
    """A trip as this reader sees it; ``left`` has the room of each leg, ``places`` those that the
    reader may know of."""

    id: int
    public_id: str
    #: For whoever is of its booking; None for all others.
    booking: str | None
    listing: equipment.ListingFacts
    organization_id: int
    organization_name: str
    state: TripState
    because: Because | None
    stops: tuple[Stop, ...]
    offered: Capacity
    left: tuple[Load, ...]
    places: tuple[PlaceFacts, ...]
    is_ours: bool
    may_join: bool
    is_over: bool

    @property
    def cold(self) -> bool:
        """Whether the vehicle keeps cold."""
        return self.listing.draft.refrigerated


@dataclass(frozen=True, slots=True)
class PlaceLetter:
    """What a letter about a place says; for jobs."""

    trip: TripFacts
    place: PlaceFacts


def open_trips(
    session: Session, actor: Actor, wanted: TripSearch, *, now: datetime
) -> list[TripFacts]:
    """The trips that can still be joined and fit what is looked for, earliest first.

    Raises:
        Forbidden: the actor looks at nothing.
    """
    require(actor, Permission.AVAILABILITY_READ)
    query = (
        select(Trip)
        .where(Trip.state == TripState.OPEN, Trip.join_by > now)
        .order_by(Trip.departs_at, Trip.id)
    )
    found = _read(session, actor, query, now=now)
    return [each for each in found if _answers(each, wanted)][:MOST_SHOWN]


def trip(session: Session, actor: Actor, public_id: str, *, now: datetime) -> TripFacts:
    """One trip.

    Raises:
        Forbidden: the actor looks at nothing. NotFound: there is none.
    """
    require(actor, Permission.AVAILABILITY_READ)
    found = _read(session, actor, select(Trip).where(Trip.public_id == public_id), now=now)
    if not found:
        raise NotFound
    return found[0]


def trip_by_id(session: Session, trip_id: int, *, now: datetime) -> TripFacts:
    """One trip by its inner id, for jobs. Raises NotFound."""
    found = _read(session, SYSTEM, select(Trip).where(Trip.id == trip_id), now=now)
    if not found:
        raise NotFound
    return found[0]


def our_trips(
    session: Session, actor: Actor, organization_id: int, *, now: datetime
) -> list[TripFacts]:
    """The trips that an organization offers or has a place on, latest first.

    Raises:
        NotFound: the actor does not read its bookings.
    """
    if not may(actor, Permission.BOOKING_READ, over=organization_id):
        raise NotFound
    on_board = exists().where(
        TripPlace.trip_id == Trip.id, TripPlace.organization_id == organization_id
    )
    query = (
        select(Trip)
        .where(or_(Trip.organization_id == organization_id, on_board))
        .order_by(Trip.departs_at.desc(), Trip.id)
        .limit(MOST_SHOWN)
    )
    return _read(session, actor, query, now=now)


def trip_of_booking(
    session: Session, actor: Actor, booking_id: int, *, now: datetime
) -> TripFacts | None:
    """The trip on which a booking's vehicle takes others; the caller may see the booking."""
    query = select(Trip).where(Trip.booking_id == booking_id, Trip.state == TripState.OPEN)
    return next(iter(_read(session, actor, query, now=now)), None)


def count_offered(session: Session, *, since: datetime) -> int:
    """How many trips took, or take, others along since then."""
    return session.scalar(select(func.count(Trip.id)).where(Trip.created_at >= since)) or 0


def count_waiting(actor: Actor) -> Count:
    """How many places wait for this person's answer, for the organizations they belong to."""
    over = reach_of(actor, Permission.BOOKING_CARRY_OUT)
    own = frozenset(actor.memberships) if over is None else over & frozenset(actor.memberships)
    if not own:
        return None
    return (
        select(func.count(TripPlace.id))
        .join(Trip, Trip.id == TripPlace.trip_id)
        .where(
            TripPlace.state == PlaceState.ASKED,
            TripPlace.answer_by > NOW,
            is_one_of(Trip.organization_id, own),
        )
    )


def place_letter(session: Session, place_id: int, *, now: datetime) -> PlaceLetter:
    """What there is to tell about a place. Raises NotFound."""
    row = session.get(TripPlace, place_id)
    if row is None:
        raise NotFound
    (facts,) = _read(session, SYSTEM, select(Trip).where(Trip.id == row.trip_id), now=now)
    place = next(each for each in facts.places if each.public_id == row.public_id)
    return PlaceLetter(facts, place)


def _answers(facts: TripFacts, wanted: TripSearch) -> bool:
    """Whether some ride on this trip is what is looked for."""
    stops = facts.stops
    for start in range(len(stops) - 1):
        if wanted.from_borough not in ("", stops[start].borough):
            continue
        if wanted.day is not None and local(stops[start].at).date() != wanted.day:
            continue
        for end in range(start + 1, len(stops)):
            if wanted.to_borough not in ("", stops[end].borough):
                continue
            if wanted.load.fits(least(facts.left[start:end])):
                return True
    return False


def _read(session: Session, actor: Actor, query: Select[Trip], *, now: datetime) -> list[TripFacts]:
    rows = session.scalars(query).all()
    ids = [row.id for row in rows]
    stops, places = stops_of(session, ids), places_of(session, ids)
    listings = equipment.listings(session, [row.listing_id for row in rows])
    briefs = bookings.in_brief(session, [row.booking_id for row in rows])
    parties = organizations.organizations(
        session,
        frozenset(
            id_
            for row in rows
            for id_ in (row.organization_id, *(each.organization_id for each in places[row.id]))
        ),
    )
    return [
        _one(
            actor,
            row,
            stops[row.id],
            places[row.id],
            listings[row.listing_id],
            parties,
            briefs[row.booking_id].public_id,
            now,
        )
        for row in rows
    ]


def _one(
    actor: Actor,
    row: Trip,
    stops: Sequence[Stop],
    places: Sequence[TripPlace],
    listing: equipment.ListingFacts,
    parties: dict[int, organizations.OrganizationFacts],
    booking: str,
    now: datetime,
) -> TripFacts:
    ours = may(actor, Permission.BOOKING_CARRY_OUT, over=row.organization_id)
    is_open = row.state == TripState.OPEN
    room = Load(row.pallets, row.kg)
    return TripFacts(
        id=row.id,
        public_id=row.public_id,
        booking=booking if ours else None,
        listing=listing,
        organization_id=row.organization_id,
        organization_name=parties[row.organization_id].name,
        state=TripState(row.state),
        because=Because(row.because) if row.because else None,
        stops=tuple(stops),
        offered=Capacity(room, row.join_by, row.at_once, row.note),
        left=tuple(left(room, accepted(places), len(stops) - 1)),
        places=tuple(
            _place(actor, row, each, stops, parties, ours=ours, now=now)
            for each in places
            if ours or may(actor, Permission.BOOKING_READ, over=each.organization_id)
        ),
        is_ours=ours,
        may_join=is_open
        and now < row.join_by
        and actor.organization_id is not None
        and actor.organization_id != row.organization_id,
        is_over=row.arrives_at <= now,
    )


def _place(
    actor: Actor,
    trip: Trip,
    place: TripPlace,
    stops: Sequence[Stop],
    parties: dict[int, organizations.OrganizationFacts],
    *,
    ours: bool,
    now: datetime,
) -> PlaceFacts:
    state = PlaceState(place.state)
    asks = may(actor, Permission.BOOKING_REQUEST, over=place.organization_id)
    is_in = state is PlaceState.ACCEPTED
    other = place.organization_id if ours and not asks else trip.organization_id
    told = is_in or asks
    return PlaceFacts(
        public_id=place.public_id,
        organization_id=place.organization_id,
        organization_name=parties[place.organization_id].name,
        ride=ride_of(place),
        state=state,
        note=place.note,
        load_at=place.load_at if told else "",
        unload_at=place.unload_at if told else "",
        phone=parties[other].phone if is_in else "",
        asked_at=place.asked_at,
        answer_by=place.answer_by,
        may_answer=ours and state is PlaceState.ASKED and now < place.answer_by,
        may_withdraw=asks
        and state in (PlaceState.ASKED, PlaceState.ACCEPTED)
        and now < stops[place.from_stop].at,
    )
