"""Asking for a place on a trip, saying yes or no, giving it back; silence is no."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.core.errors import Conflict, NotFound, Reason, Refused
from mutuali.core.permissions import SYSTEM, Actor, Permission, may, require
from mutuali.messages.rules import contacts
from mutuali.organizations import service as organizations
from mutuali.trips.models import Trip, TripPlace
from mutuali.trips.rules import (
    LIVE,
    Deed,
    Load,
    PlaceState,
    Ride,
    answer_by,
    ask_objections,
    left,
    room_objections,
)
from mutuali.trips.service.records import (
    PlaceDraft,
    accepted,
    leave_trace,
    places_of,
    require_runs,
    ride_of,
    settle,
    stops_of,
    take_turn,
    take_turn_of_place,
)


def ask_place(
    session: Session,
    actor: Actor,
    organization_id: int,
    trip_public_id: str,
    draft: PlaceDraft,
    *,
    public_id: str,
    now: datetime,
) -> PlaceState:
    """Ask for a place; it is accepted at once where the offer says so. Returns where it stands.

    Takes the trip's turn, reads, asks the rules, writes.

    Raises:
        Forbidden: the actor does not act for the organization.
        NotFound: no such trip.
        Refused: the ride makes no sense here, or the organization is not accepted or offers itself.
        Conflict: the trip is off, asking is over, or there is no room; then it says what is free.
    """
    require(actor, Permission.BOOKING_REQUEST, over=organization_id)
    trip = take_turn(session, trip_public_id)
    require_runs(session, trip, now=now)
    if trip.join_by <= now:
        raise Conflict("trip.too_late")
    stops = stops_of(session, [trip.id])[trip.id]
    ride = draft.ride
    reasons = ask_objections(Load(trip.pallets, trip.kg), ride, len(stops))
    if organization_id == trip.organization_id:
        reasons += (Reason("trip.own"),)
    if not organizations.organization(session, organization_id).accepted:
        reasons += (Reason("organization.not_accepted"),)
    if contacts(draft.note):
        reasons += (Reason("trip.contact_in_note", {}, "note"),)
    if reasons:
        raise Refused.because(reasons)
    _require_room(session, trip, ride)
    place = TripPlace(
        public_id=public_id,
        trip_id=trip.id,
        organization_id=organization_id,
        from_stop=ride.start,
        to_stop=ride.end,
        pallets=ride.load.pallets,
        kg=ride.load.kg,
        state=PlaceState.ASKED,
        load_at=draft.load_at,
        unload_at=draft.unload_at,
        note=draft.note,
        asked_by=actor.person_id,
        asked_at=now,
        answer_by=answer_by(now, stops[ride.start].at),
    )
    session.add(place)
    session.flush()
    if trip.at_once:
        settle(session, actor, place, PlaceState.ACCEPTED, Deed.JOINED, now=now)
    else:
        leave_trace(session, actor, place, Deed.ASKED, now=now)
    return PlaceState(place.state)


def accept_place(session: Session, actor: Actor, public_id: str, *, now: datetime) -> None:
    """Say yes to a place; what is on board by now counts.

    Raises:
        NotFound: no such place on a trip of the actor's.
        Conflict: it does not wait any more, the trip is off, or there is no room by now.
    """
    trip, place = _to_answer(session, actor, public_id, now=now)
    require_runs(session, trip, now=now)
    _require_room(session, trip, ride_of(place))
    settle(session, actor, place, PlaceState.ACCEPTED, Deed.ACCEPTED, now=now)


def decline_place(session: Session, actor: Actor, public_id: str, *, now: datetime) -> None:
    """Say no to a place. Raises NotFound and Conflict as :func:`accept_place`."""
    _, place = _to_answer(session, actor, public_id, now=now)
    settle(session, actor, place, PlaceState.DECLINED, Deed.DECLINED, now=now)


def withdraw_place(session: Session, actor: Actor, public_id: str, *, now: datetime) -> None:
    """Give a place back, asked for or accepted, before the vehicle comes by.

    Raises:
        NotFound: no such place of the actor's.
        Conflict: it is over already, or the vehicle has come by.
    """
    trip, place = take_turn_of_place(session, public_id)
    if not may(actor, Permission.BOOKING_REQUEST, over=place.organization_id):
        raise NotFound
    loads_at = stops_of(session, [trip.id])[trip.id][place.from_stop].at
    if place.state not in LIVE or loads_at <= now:
        raise Conflict("trip.place_settled")
    settle(session, actor, place, PlaceState.WITHDRAWN, Deed.WITHDRAWN, now=now)


def expire_places(session: Session, *, now: datetime) -> None:
    """Write off the places that nobody answered for in time; each in its trip's turn."""
    lapsed = session.scalars(
        select(TripPlace.public_id)
        .where(TripPlace.state == PlaceState.ASKED, TripPlace.answer_by <= now)
        .order_by(TripPlace.trip_id, TripPlace.id)
    ).all()
    for public_id in lapsed:
        _, place = take_turn_of_place(session, public_id)
        if place.state == PlaceState.ASKED:
            settle(session, SYSTEM, place, PlaceState.EXPIRED, Deed.EXPIRED, now=now)


def _to_answer(
    session: Session, actor: Actor, public_id: str, *, now: datetime
) -> tuple[Trip, TripPlace]:
    trip, place = take_turn_of_place(session, public_id)
    if not may(actor, Permission.BOOKING_CARRY_OUT, over=trip.organization_id):
        raise NotFound
    if place.state != PlaceState.ASKED or place.answer_by <= now:
        raise Conflict("trip.place_settled")
    return trip, place


def _require_room(session: Session, trip: Trip, ride: Ride) -> None:
    """Raises Conflict: what is on board leaves too little; says what is free instead."""
    stops = stops_of(session, [trip.id])[trip.id]
    on_board = accepted(places_of(session, [trip.id])[trip.id])
    rooms = left(Load(trip.pallets, trip.kg), on_board, len(stops) - 1)
    reasons = room_objections(ride, rooms, stops)
    if reasons:
        raise Conflict(*reasons)
