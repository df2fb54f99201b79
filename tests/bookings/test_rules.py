"""When a booking may be asked for, held against slower and more obvious computations."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuali.bookings.rules import (
    Ask,
    Hold,
    State,
    Step,
    advance,
    free_units,
    nearest_spans,
    peak_units,
    price_of,
    refusals,
)
from mutuali.bookings.schemas import week_days
from mutuali.core.errors import Conflict
from mutuali.core.period import Period, local
from mutuali.equipment.rules import Approver, Offer, OpenHours, PricePer, Timetable
from tests.factories import NOW, at, span

OFFER = Offer(
    listing_id=1,
    lender_id=1,
    units=3,
    published=True,
    approver=Approver.LENDER,
    hold_for=timedelta(),
    shortest=timedelta(hours=1),
    longest=timedelta(days=3),
    lead=timedelta(),
    turnaround=timedelta(),
    price_cents=0,
    price_per=PricePer.LOAN,
)

hours = st.integers(0, 40)
holds = st.lists(
    st.tuples(st.integers(1, 4), hours, st.integers(1, 12)).map(
        lambda drawn: Hold(drawn[0], Period(at(0, drawn[1]), at(0, drawn[1] + drawn[2])))
    ),
    max_size=12,
)


def codes(ask: Ask, offer: Offer, taken: list[Hold]) -> set[str]:
    return {reason.code for reason in refusals(ask, offer, taken, now=NOW)}


@given(holds, hours, st.integers(1, 12))
def test_the_peak_is_the_most_that_any_hour_of_the_period_holds(
    taken: list[Hold], start: int, length: int
) -> None:
    period = Period(at(0, start), at(0, start + length))
    by_hour = [
        sum(hold.units for hold in taken if hold.period.contains(at(0, hour)))
        for hour in range(start, start + length)
    ]
    assert peak_units(taken, period) == max(by_hour)


def test_loans_that_only_touch_do_not_compete() -> None:
    taken = [Hold(3, Period(at(1), at(2))), Hold(3, Period(at(3), at(4)))]
    assert refusals(Ask(2, 3, Period(at(2), at(3))), OFFER, taken, now=NOW) == ()


def test_the_turnaround_after_a_loan_counts_against_the_next_one() -> None:
    taken = [Hold(3, Period(at(1, 4), at(1, 8)))]
    slow = replace(OFFER, turnaround=timedelta(hours=1))
    assert free_units(OFFER, taken, Period(at(1, 2), at(1, 4))) == 3
    assert free_units(slow, taken, Period(at(1, 2), at(1, 4))) == 0


def test_every_reason_is_given_at_once() -> None:
    offer = replace(OFFER, published=False, lead=timedelta(days=5), shortest=timedelta(hours=4))
    assert codes(Ask(1, 9, span(1)), offer, []) == {
        "listing.not_published",
        "booking.own_listing",
        "field.out_of_range",
        "booking.too_soon",
        "booking.too_short",
        "booking.not_enough_units",
    }


@pytest.mark.parametrize(
    ("hour", "refused"), [(8, False), (7, True), (16, False), (17, True)], ids=str
)
def test_a_loan_starts_while_the_lender_is_open(hour: int, refused: bool) -> None:
    # NOW is a Tuesday at eight in Montréal; the next day is a Wednesday.
    offer = replace(OFFER, timetable=Timetable((OpenHours(2, 8 * 60, 17 * 60),)))
    start = at(1, hour - 8)
    found = codes(Ask(2, 1, Period(start, start + timedelta(hours=1))), offer, [])
    assert ("booking.outside_hours" in found) is refused


def test_a_closure_refuses_and_says_which() -> None:
    offer = replace(OFFER, closures=(Period(at(1), at(2)),))
    assert codes(Ask(2, 1, span(1.5)), offer, []) == {"booking.closed"}
    assert codes(Ask(2, 1, span(2)), offer, []) == set()


@given(holds, st.integers(24, 60))
def test_what_is_suggested_would_be_accepted(taken: list[Hold], start: int) -> None:
    ask = Ask(2, 2, Period(at(0, start), at(0, start + 2)))
    found = nearest_spans(ask, OFFER, taken, now=NOW)
    for period in found:
        assert period.length == ask.period.length
        assert refusals(replace(ask, period=period), OFFER, taken, now=NOW) == ()
    distances = [abs(period.start - ask.period.start) for period in found]
    assert distances == sorted(distances)


@pytest.mark.parametrize(
    ("per", "expected"), [(PricePer.LOAN, 2000), (PricePer.HOUR, 50_000), (PricePer.DAY, 4000)]
)
def test_a_started_hour_or_day_counts_whole(per: PricePer, expected: int) -> None:
    offer = replace(OFFER, price_cents=1000, price_per=per)
    assert price_of(offer, Period(at(1), at(1, 24.5)), 2) == expected


def test_a_step_that_the_table_lacks_is_a_conflict() -> None:
    assert advance(State.REQUESTED, Step.APPROVE) is State.APPROVED
    with pytest.raises(Conflict):
        advance(State.DECLINED, Step.APPROVE)


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1), date(2026, 6, 1)], ids=str)
def test_the_morning_of_a_week_begins_at_six_on_the_clock_even_when_clocks_change(
    day: date,
) -> None:
    [(_day, spans)] = week_days(day, 1)
    assert [local(each.start).hour for each in spans] == [6, 12, 17]
    assert local(spans[-1].end).hour == 22
