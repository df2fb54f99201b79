"""The arithmetic of use against a slow count, quarter of an hour by quarter of an hour."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuali.bookings.rules import Hold, RefusedAs, RequestStory, State
from mutuali.core.period import Period
from mutuali.equipment.rules import (
    ANY_TIME,
    Approver,
    Offer,
    OpenHours,
    Outage,
    PricePer,
    Timetable,
    is_open_at,
)
from mutuali.numbers.rules import (
    Hours,
    ages,
    hours_of,
    month_of,
    months_until,
    numbers_of,
    span_of,
    window,
)
from tests.factories import NOW, at

QUARTER = timedelta(minutes=15)
WEEK = tuple(OpenHours(day, 8 * 60, 17 * 60) for day in range(5))
#: Two days of a window, around a weekend too.
SPANS = st.tuples(st.integers(0, 300), st.integers(1, 80))


def offer(**terms: Any) -> Offer:
    usual = Offer(
        listing_id=1,
        lender_id=1,
        units=3,
        published=True,
        approver=Approver.LENDER,
        hold_for=timedelta(),
        shortest=timedelta(hours=1),
        longest=timedelta(days=9),
        lead=timedelta(),
        turnaround=timedelta(),
        price_cents=0,
        price_per=PricePer.LOAN,
    )
    return replace(usual, **terms)


def _span(quarters: tuple[int, int]) -> Period:
    start = NOW + quarters[0] * QUARTER
    return Period(start, start + quarters[1] * QUARTER)


@given(
    st.booleans(),
    st.lists(SPANS, max_size=3),
    st.lists(st.tuples(st.integers(1, 3), SPANS), max_size=3),
    st.lists(st.tuples(st.integers(1, 3), SPANS), max_size=5),
    SPANS,
)
def test_hours_are_what_a_count_of_quarters_gives(
    weekly: bool,
    closed: list[Any],
    broken: list[tuple[int, Any]],
    lent: list[tuple[int, Any]],
    within: Any,
) -> None:
    terms = offer(
        timetable=Timetable(WEEK, ()) if weekly else ANY_TIME,
        closures=tuple(_span(each) for each in closed),
        outages=tuple(Outage(units, _span(each)) for units, each in broken),
    )
    holds = [Hold(units, _span(each)) for units, each in lent]
    span = _span(within)
    total, instant = [0, 0, 0], span.start
    while instant < span.end:
        out = sum(h.units for h in holds if h.period.contains(instant))
        offered = 0
        if is_open_at(terms.timetable, instant) and not any(
            c.contains(instant) for c in terms.closures
        ):
            gone = sum(o.units for o in terms.outages if o.period.contains(instant))
            offered = max(0, terms.units - gone)
        for n, amount in enumerate((offered, out, min(out, offered))):
            total[n] += amount * 900
        instant += QUARTER
    assert hours_of(terms, holds, span) == Hours(*total)


def test_a_loan_over_night_counts_its_night_as_lent_and_not_as_use() -> None:
    night = Hold(1, Period(at(0), at(1)))
    found = hours_of(offer(units=1, timetable=Timetable(WEEK, ())), [night], night.period)
    assert found == Hours(9 * 3600, 24 * 3600, 9 * 3600)
    assert found.use == 1.0
    assert Hours().use is None


@pytest.mark.parametrize("month", [date(2026, 3, 1), date(2026, 11, 1)])
def test_a_month_in_which_clocks_change_has_its_own_length(month: date) -> None:
    hours = hours_of(offer(units=1), [], span_of(month)).offered / 3600
    assert hours == {3: 31 * 24 - 1, 11: 30 * 24 + 1}[month.month]


def test_months_end_with_the_running_one_and_a_window_ends_now() -> None:
    assert months_until(NOW, 3) == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]
    march = span_of(date(2026, 3, 1))
    assert window(date(2026, 3, 1), at(-400), None, NOW) == Period(march.start, NOW)
    assert window(date(2026, 3, 1), at(1), None, NOW) is None
    assert window(date(2026, 2, 1), at(-5), at(-4), NOW) == Period(at(-5), at(-4))
    assert month_of(datetime(2026, 3, 1, 4, 59, tzinfo=UTC)) == date(2026, 2, 1)


def story(**said: Any) -> RequestStory:
    usual = RequestStory(1, 1, 1, NOW, Period(at(1), at(2)), State.CLOSED, None, None, False, False)
    return replace(usual, **said)


def test_each_thing_counts_in_the_month_it_belongs_to() -> None:
    april = Period(at(40), at(41))
    stories = [
        story(answered_after=timedelta(hours=2)),
        story(answered_after=timedelta(hours=4), refused_as=RefusedAs.PERSON),
        story(refused_as=RefusedAs.RIVAL, period=april),
        story(refused_as=RefusedAs.SILENCE, asked_at=at(-10)),
        story(no_show=True, asked_at=at(-10)),
        story(late=True, period=april),
    ]
    march = numbers_of(date(2026, 3, 1), Hours(), stories)
    assert (march.requests, march.no_shows, march.overdue) == (4, 1, 0)
    assert march.refused == {RefusedAs.PERSON: 1, RefusedAs.RIVAL: 1}
    assert march.response == timedelta(hours=3)
    february = numbers_of(date(2026, 2, 1), Hours(), stories)
    assert (february.requests, february.refused) == (2, {RefusedAs.SILENCE: 1})
    assert february.response is None
    assert numbers_of(date(2026, 4, 1), Hours(), stories).overdue == 1


def test_requests_that_wait_are_counted_by_age() -> None:
    since = [at(0, -1), at(0, -4), at(0, -23), at(-1), at(-2), at(-30)]
    assert ages(since, NOW) == [1, 2, 1, 2]
