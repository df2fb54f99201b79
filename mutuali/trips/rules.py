"""A shared trip: a vehicle passes boroughs in order, and on each leg there is so much room left.

Pure. A leg lies between a stop and the next one; who joins rides from a stop to a later one. The
room is a number of pallets and a number of kilograms, whole numbers both; 0 of one of them says
that the offer does not count it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from mutuali.bookings.rules import State
from mutuali.core.errors import Reason
from mutuali.core.period import Period
from mutuali.core.places import borough_name
from mutuali.messages.rules import contacts

MOST_STOPS = 8
MOST_PALLETS = 60
MOST_KG = 40_000
#: Characters of what is said with an offer or a place, and of where exactly to stop.
LONGEST = 500
LONGEST_WHERE = 200
#: A place that nobody answers for so long is refused: silence is no.
ANSWER_WITHIN = timedelta(hours=24)
#: States of a booking whose vehicle may take others along.
RUNS = frozenset({State.APPROVED, State.ON_LOAN})


class TripState(StrEnum):
    """Whether a trip takes place; that it is over is derived from its last stop."""

    OPEN = "open"
    CANCELLED = "cancelled"


class Because(StrEnum):
    """Why a trip was called off: its organization did, or its booking no longer carries it."""

    ORGANIZATION = "organization"
    BOOKING = "booking"


class PlaceState(StrEnum):
    """Where a place on a trip stands; only an accepted one takes room."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    #: The trip was called off.
    CANCELLED = "cancelled"


#: Places whose organization still expects something of the trip.
LIVE = (PlaceState.ASKED, PlaceState.ACCEPTED)


class Deed(StrEnum):
    """What happens to a place, and is told."""

    ASKED = "asked"
    JOINED = "joined"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Stop:
    """A borough that the vehicle passes, and when."""

    borough: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Load:
    """So many pallets, so many kilograms."""

    pallets: int
    kg: int

    def fits(self, room: "Load") -> bool:
        """Whether all of it goes into ``room``."""
        return self.pallets <= room.pallets and self.kg <= room.kg


@dataclass(frozen=True, slots=True)
class Ride:
    """What goes from stop ``start`` to stop ``end`` (positions from 0, ``start`` < ``end``)."""

    start: int
    end: int
    load: Load


def taken(rides: Iterable[Ride], legs: int) -> list[Load]:
    """What is on board on each of ``legs`` legs."""
    pallets, kg = [0] * legs, [0] * legs
    for ride in rides:
        for leg in range(ride.start, ride.end):
            pallets[leg] += ride.load.pallets
            kg[leg] += ride.load.kg
    return [Load(*each) for each in zip(pallets, kg, strict=True)]


def left(offered: Load, rides: Iterable[Ride], legs: int) -> list[Load]:
    """The room left on each leg; never less than none."""
    return [
        Load(max(offered.pallets - each.pallets, 0), max(offered.kg - each.kg, 0))
        for each in taken(rides, legs)
    ]


def least(rooms: Sequence[Load]) -> Load:
    """The room there is all along ``rooms``, of which there is at least one."""
    return Load(min(each.pallets for each in rooms), min(each.kg for each in rooms))


def most(loads: Sequence[Load]) -> Load:
    """The most of each that is on board on any of ``loads``; nothing where there are none."""
    return Load(
        max((each.pallets for each in loads), default=0),
        max((each.kg for each in loads), default=0),
    )


def route_objections(
    stops: Sequence[Stop], join_by: datetime, span: Period, *, now: datetime
) -> tuple[Reason, ...]:
    """What is wrong with a route over a booking's ``span``; every reason at once."""
    if not 2 <= len(stops) <= MOST_STOPS:
        return (Reason("trip.stops", {"most": MOST_STOPS}, "stops"),)
    reasons = []
    for n, (before, after) in enumerate(pairwise(stops), 1):
        if after.at <= before.at:
            reasons.append(Reason("trip.stop_not_after", {}, f"stops.{n}.at"))
        if after.borough == before.borough:
            reasons.append(Reason("trip.same_borough", {}, f"stops.{n}.borough"))
    for n, stop in enumerate(stops):
        if not span.start <= stop.at <= span.end:
            params = {"start": span.start, "end": span.end}
            reasons.append(Reason("trip.outside_booking", params, f"stops.{n}.at"))
    if stops[0].at <= now:
        reasons.append(Reason("trip.already_left", {}, "stops.0.at"))
    return (*reasons, *deadline_objections(join_by, stops[0].at, now=now))


def deadline_objections(
    join_by: datetime, departs_at: datetime, *, now: datetime
) -> tuple[Reason, ...]:
    """What is wrong with the last moment to ask for a place."""
    if now < join_by <= departs_at:
        return ()
    return (Reason("trip.join_by", {"end": departs_at}, "join_by"),)


def offer_objections(offered: Load, note: str) -> tuple[Reason, ...]:
    """What is wrong with what an offer says; everybody of the network reads its note."""
    reasons = []
    if not offered.pallets and not offered.kg:
        reasons.append(Reason("trip.nothing_offered", {}, "pallets"))
    if contacts(note):
        reasons.append(Reason("trip.contact_in_note", {}, "note"))
    return tuple(reasons)


def ask_objections(offered: Load, ride: Ride, stops: int) -> tuple[Reason, ...]:
    """What is wrong with asking for ``ride`` on a trip of so many stops, however empty it is.

    What the offer counts in kilograms is asked in kilograms, and may be less than a pallet.
    """
    reasons = []
    if not 0 <= ride.start < ride.end < stops:
        reasons.append(Reason("trip.wrong_way", {}, "to_stop"))
    if ride.load.kg and not offered.kg:
        reasons.append(Reason("trip.no_kg", {}, "kg"))
    if ride.load.pallets and not offered.pallets:
        reasons.append(Reason("trip.no_pallets", {}, "pallets"))
    if offered.kg and not ride.load.kg:
        reasons.append(Reason("field.missing", {}, "kg"))
    if not offered.kg and not ride.load.pallets:
        reasons.append(Reason("field.missing", {}, "pallets"))
    return tuple(reasons)


def room_objections(ride: Ride, rooms: Sequence[Load], stops: Sequence[Stop]) -> tuple[Reason, ...]:
    """Which legs lack the room for ``ride``, and what would go all the way instead."""
    reasons = [
        Reason(
            "trip.leg_full",
            {
                "start": borough_name(stops[leg].borough),
                "end": borough_name(stops[leg + 1].borough),
                "pallets": rooms[leg].pallets,
                "kg": rooms[leg].kg,
            },
        )
        for leg in range(ride.start, ride.end)
        if not ride.load.fits(rooms[leg])
    ]
    if reasons:
        room = least(rooms[ride.start : ride.end])
        if room.pallets or room.kg:
            params = {"pallets": room.pallets, "kg": room.kg}
            reasons.append(Reason("trip.fits_instead", params))
        else:
            reasons.append(Reason("trip.no_room"))
    return tuple(reasons)


def answer_by(asked_at: datetime, departs_at: datetime) -> datetime:
    """Until when a place can be accepted; the vehicle waits for no answer."""
    return min(asked_at + ANSWER_WITHIN, departs_at)


def carries(state: State, span: Period, first: datetime, last: datetime, *, now: datetime) -> bool:
    """Whether a booking still carries a trip from ``first`` to ``last``: its vehicle is out, or
    promised, for all of it. A trip that has arrived needs no booking."""
    return last <= now or (state in RUNS and span.start <= first and last <= span.end)
