"""Room on each leg, held against a plain count; what is wrong with an offer or an ask."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuali.bookings.rules import State
from mutuali.core.period import Period
from mutuali.trips.rules import (
    Load,
    Ride,
    Stop,
    answer_by,
    ask_objections,
    carries,
    left,
    offer_objections,
    room_objections,
    route_objections,
)

NOW = datetime(2026, 3, 3, 13, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SPAN = Period(NOW + 5 * HOUR, NOW + 12 * HOUR)
RIDES = st.lists(
    st.builds(
        lambda a, length, p, kg: Ride(a, min(a + length, 4), Load(p, kg)),
        *(st.integers(0, 3), st.integers(1, 4), st.integers(0, 3), st.integers(0, 300)),
    )
)


def stops(*boroughs: str) -> list[Stop]:
    return [Stop(each, SPAN.start + n * HOUR) for n, each in enumerate(boroughs)]


def codes(reasons: object) -> list[str]:
    return [each.code for each in reasons]  # type: ignore[attr-defined]


@given(RIDES)
def test_the_room_of_each_leg_is_what_nobody_rides_on_it(rides: list[Ride]) -> None:
    rooms = left(Load(6, 600), rides, 4)
    for leg in range(4):
        pallets = sum(r.load.pallets for r in rides if r.start <= leg < r.end)
        kg = sum(r.load.kg for r in rides if r.start <= leg < r.end)
        assert rooms[leg] == Load(max(6 - pallets, 0), max(600 - kg, 0))


def test_a_route_says_all_that_is_wrong_with_it_at_once() -> None:
    wrong = [
        Stop("verdun", NOW - HOUR),
        Stop("verdun", NOW - 2 * HOUR),
        Stop("anjou", SPAN.end + HOUR),
    ]
    reasons = route_objections(wrong, NOW, SPAN, now=NOW)
    assert [(each.code, each.field) for each in reasons] == [
        ("trip.stop_not_after", "stops.1.at"),
        ("trip.same_borough", "stops.1.borough"),
        ("trip.outside_booking", "stops.0.at"),
        ("trip.outside_booking", "stops.1.at"),
        ("trip.outside_booking", "stops.2.at"),
        ("trip.already_left", "stops.0.at"),
        ("trip.join_by", "join_by"),
    ]
    assert route_objections(stops("verdun", "anjou"), NOW + HOUR, SPAN, now=NOW) == ()
    assert codes(route_objections(stops("verdun"), NOW + HOUR, SPAN, now=NOW)) == ["trip.stops"]


def test_an_offer_holds_something_and_gives_no_telephone_number_away() -> None:
    assert codes(offer_objections(Load(0, 0), "Appelez le 514 555-0199")) == [
        "trip.nothing_offered",
        "trip.contact_in_note",
    ]
    assert offer_objections(Load(0, 5), "Quai au niveau du sol") == ()


@pytest.mark.parametrize(
    ("offered", "ride", "found"),
    [
        (Load(4, 800), Ride(0, 2, Load(1, 200)), []),
        (Load(4, 800), Ride(0, 2, Load(0, 50)), []),
        (Load(4, 800), Ride(0, 2, Load(2, 0)), ["field.missing"]),
        (Load(4, 0), Ride(0, 2, Load(2, 0)), []),
        (Load(4, 0), Ride(0, 2, Load(1, 200)), ["trip.no_kg"]),
        (Load(4, 0), Ride(0, 2, Load(0, 0)), ["field.missing"]),
        (Load(0, 500), Ride(0, 2, Load(1, 200)), ["trip.no_pallets"]),
        (Load(4, 0), Ride(1, 3, Load(1, 0)), ["trip.wrong_way"]),
    ],
)
def test_what_an_offer_does_not_count_cannot_be_asked_for(
    offered: Load, ride: Ride, found: list[str]
) -> None:
    assert codes(ask_objections(offered, ride, 3)) == found


def test_a_refusal_says_which_leg_is_full_and_what_would_go_all_the_way() -> None:
    route = stops("verdun", "lasalle", "lachine", "dorval")
    rooms = [Load(4, 400), Load(1, 90), Load(4, 400)]
    reasons = room_objections(Ride(0, 3, Load(2, 200)), rooms, route)
    assert [(each.code, dict(each.params)) for each in reasons] == [
        ("trip.leg_full", {"start": "LaSalle", "end": "Lachine", "pallets": 1, "kg": 90}),
        ("trip.fits_instead", {"pallets": 1, "kg": 90}),
    ]
    assert room_objections(Ride(2, 3, Load(2, 200)), rooms, route) == ()
    full = [Load(0, 0)] * 3
    assert codes(room_objections(Ride(0, 1, Load(1, 1)), full, route))[-1] == "trip.no_room"


def test_an_answer_comes_within_a_day_and_before_the_vehicle() -> None:
    assert answer_by(NOW, NOW + 48 * HOUR) == NOW + 24 * HOUR
    assert answer_by(NOW, NOW + 3 * HOUR) == NOW + 3 * HOUR


def test_a_booking_carries_its_trip_while_the_vehicle_is_promised_for_all_of_it() -> None:
    first, last = SPAN.start, SPAN.start + 2 * HOUR
    assert carries(State.APPROVED, SPAN, first, last, now=NOW)
    assert carries(State.ON_LOAN, SPAN, first, last, now=NOW)
    assert not carries(State.CANCELLED, SPAN, first, last, now=NOW)
    assert not carries(State.RETURNED, SPAN, first, last, now=first)
    assert not carries(State.APPROVED, Period(SPAN.start, SPAN.start + HOUR), first, last, now=NOW)
    assert carries(State.CLOSED, SPAN, first, last, now=last)
