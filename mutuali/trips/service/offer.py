"""Offering the room left in a vehicle, changing the offer, calling it off."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.bookings import service as bookings
from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused
from mutuali.core.permissions import SYSTEM, Actor, Permission, may
from mutuali.equipment.rules import Kind
from mutuali.jobs import service as jobs
from mutuali.trips.models import Trip, TripPlace, TripStop
from mutuali.trips.rules import (
    LIVE,
    RUNS,
    Because,
    Deed,
    PlaceState,
    Stop,
    TripState,
    deadline_objections,
    most,
    offer_objections,
    route_objections,
    taken,
)
from mutuali.trips.service.records import (
    Capacity,
    accepted,
    places_of,
    require_runs,
    settle,
    still_runs,
    stops_of,
    take_turn,
)


def offering_party(actor: Actor, facts: bookings.BookingFacts) -> int | None:
    """For which party of a booking the actor offers: the one they act for, else the borrower, else
    the lender; None: for neither."""
    parties = [
        id_
        for id_ in (facts.borrower.id, facts.lender.id)
        if may(actor, Permission.BOOKING_CARRY_OUT, over=id_)
    ]
    if actor.organization_id in parties:
        return actor.organization_id
    return next(iter(parties), None)


def can_offer(session: Session, actor: Actor, facts: bookings.BookingFacts) -> bool:
    """Whether the actor can offer a trip with the vehicle of a booking now."""
    return (
        facts.listing.draft.kind is Kind.VEHICLE
        and facts.state in RUNS
        and offering_party(actor, facts) is not None
        and open_trip_of(session, facts.id) is None
    )


def open_trip_of(session: Session, booking_id: int) -> str | None:
    """The public id of the trip that a booking's vehicle makes; None: it makes none."""
    return session.scalar(
        select(Trip.public_id).where(Trip.booking_id == booking_id, Trip.state == TripState.OPEN)
    )


def offer_trip(
    session: Session,
    actor: Actor,
    booking_public_id: str,
    stops: Sequence[Stop],
    capacity: Capacity,
    *,
    public_id: str,
    now: datetime,
) -> None:
    """Offer the room left in a booking's vehicle; the listing's turn is ours meanwhile.

    Raises:
        NotFound: no such booking. Forbidden: the actor carries out for neither party.
        Conflict: it is no vehicle, not confirmed, or makes a trip already.
        Refused: the route, the deadline or the room; all reasons at once.
    """
    facts = bookings.in_turn(session, actor, booking_public_id, now=now)
    organization_id = offering_party(actor, facts)
    if organization_id is None:
        raise Forbidden
    if facts.listing.draft.kind is not Kind.VEHICLE:
        raise Conflict("trip.no_vehicle")
    if facts.state not in RUNS:
        raise Conflict("trip.not_confirmed")
    if open_trip_of(session, facts.id) is not None:
        raise Conflict("trip.already_offered")
    reasons = route_objections(stops, capacity.join_by, facts.period, now=now)
    reasons += offer_objections(capacity.room, capacity.note)
    if reasons:
        raise Refused.because(reasons)
    trip = Trip(
        public_id=public_id,
        booking_id=facts.id,
        listing_id=facts.listing.id,
        organization_id=organization_id,
        departs_at=stops[0].at,
        arrives_at=stops[-1].at,
        offered_by=actor.person_id,
        created_at=now,
    )
    _say(trip, capacity)
    session.add(trip)
    session.flush()
    session.add_all(
        TripStop(trip_id=trip.id, position=n, borough=stop.borough, at=stop.at)
        for n, stop in enumerate(stops)
    )
    session.flush()
    _note(session, actor, trip, "offered", now=now)


def change_trip(
    session: Session, actor: Actor, public_id: str, capacity: Capacity, *, now: datetime
) -> None:
    """Say anew what a trip offers; its route stays.

    Raises:
        NotFound: no such trip, or it is somebody else's.
        Conflict: it is off, or less is offered than was accepted already.
        Refused: the deadline or the room; all reasons at once.
    """
    trip = _own(session, actor, public_id)
    require_runs(session, trip, now=now)
    reasons = offer_objections(capacity.room, capacity.note)
    if capacity.join_by != trip.join_by:
        reasons += deadline_objections(capacity.join_by, trip.departs_at, now=now)
    if reasons:
        raise Refused.because(reasons)
    legs = len(stops_of(session, [trip.id])[trip.id]) - 1
    on_board = most(taken(accepted(places_of(session, [trip.id])[trip.id]), legs))
    if not on_board.fits(capacity.room):
        raise Conflict("trip.accepted_more", pallets=on_board.pallets, kg=on_board.kg)
    _say(trip, capacity)
    session.flush()
    _note(session, actor, trip, "changed", now=now)


def cancel_trip(session: Session, actor: Actor, public_id: str, *, now: datetime) -> None:
    """Call a trip off; everybody who asked or has a place is told.

    Raises:
        NotFound: no such trip, or it is somebody else's.
        Conflict: it is off already, or has arrived.
    """
    trip = _own(session, actor, public_id)
    if trip.state != TripState.OPEN or trip.arrives_at <= now:
        raise Conflict("trip.called_off")
    _call_off(session, actor, trip, Because.ORGANIZATION, now=now)


def follow_booking(session: Session, booking_id: int, *, now: datetime) -> None:
    """A booking took a step: a trip that it no longer carries is called off."""
    public_id = open_trip_of(session, booking_id)
    if public_id is None:
        return
    trip = take_turn(session, public_id)
    if trip.state == TripState.OPEN and not still_runs(session, trip, now=now):
        _call_off(session, SYSTEM, trip, Because.BOOKING, now=now)


def _call_off(
    session: Session, actor: Actor, trip: Trip, because: Because, *, now: datetime
) -> None:
    waiting: list[TripPlace] = places_of(session, [trip.id])[trip.id]
    for place in waiting:
        if place.state in LIVE:
            settle(session, actor, place, PlaceState.CANCELLED, Deed.CANCELLED, now=now)
    trip.state, trip.because = TripState.CANCELLED, because
    session.flush()
    audit.record(
        session, actor, "trip.cancelled", "trip", trip.id, now=now, facts={"because": because.value}
    )
    told = {"trip": trip.id, "name": "cancelled"}
    jobs.enqueue(session, "trips.changed", told, now=now)


def _own(session: Session, actor: Actor, public_id: str) -> Trip:
    trip = take_turn(session, public_id)
    if not may(actor, Permission.BOOKING_CARRY_OUT, over=trip.organization_id):
        raise NotFound
    return trip


def _say(trip: Trip, capacity: Capacity) -> None:
    trip.pallets, trip.kg = capacity.room.pallets, capacity.room.kg
    trip.join_by, trip.at_once, trip.note = capacity.join_by, capacity.at_once, capacity.note


def _note(session: Session, actor: Actor, trip: Trip, name: str, *, now: datetime) -> None:
    facts = {"booking": trip.booking_id, "pallets": trip.pallets, "kg": trip.kg}
    audit.record(session, actor, f"trip.{name}", "trip", trip.id, now=now, facts=facts)
    jobs.enqueue(session, "trips.changed", {"trip": trip.id, "name": name}, now=now)
