"""Spans that touch share nothing; nights when the clock jumps or turns back."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from mutuali.core.period import (
    NoSuchLocalTime,
    Period,
    TwoSuchLocalTimes,
    instant_at,
    local,
    local_midnight,
)

#: The nights of 2026 in America/Toronto.
MARCH = date(2026, 3, 8)
NOVEMBER = date(2026, 11, 1)


def utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_a_period_holds_its_start_and_not_its_end() -> None:
    morning = Period(utc(3, 3, 13), utc(3, 3, 17))
    assert morning.contains(utc(3, 3, 13))
    assert morning.contains(utc(3, 3, 16, 59))
    assert not morning.contains(utc(3, 3, 17))


def test_periods_that_only_touch_do_not_overlap() -> None:
    morning = Period(utc(3, 3, 13), utc(3, 3, 17))
    after = Period(utc(3, 3, 17), utc(3, 3, 20))
    assert not morning.overlaps(after)
    assert not after.overlaps(morning)
    assert morning.overlaps(after.shifted(-timedelta(minutes=1)))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (utc(3, 3, 13), utc(3, 3, 13)),
        (utc(3, 3, 13), utc(3, 3, 12)),
        (datetime(2026, 3, 3, 13), utc(3, 3, 14)),  # noqa: DTZ001 - refused for that very reason
    ],
)
def test_a_period_without_length_or_zone_is_refused(start: datetime, end: datetime) -> None:
    with pytest.raises(ValueError, match="a period"):
        Period(start, end)


def test_a_period_is_kept_in_utc() -> None:
    eastern = timezone(timedelta(hours=-5))
    period = Period(
        datetime(2026, 3, 3, 8, tzinfo=eastern), datetime(2026, 3, 3, 9, tzinfo=eastern)
    )
    assert period == Period(utc(3, 3, 13), utc(3, 3, 14))
    assert period.start.tzinfo is UTC


@pytest.mark.parametrize("clock", [time(2, 0), time(2, 30), time(2, 59)])
def test_a_time_that_the_clock_jumps_over_names_the_first_that_exists(clock: time) -> None:
    with pytest.raises(NoSuchLocalTime) as caught:
        instant_at(MARCH, clock)
    assert caught.value.next_one == utc(3, 8, 7)
    assert local(caught.value.next_one).time() == time(3)


def test_around_the_jump_every_other_time_exists_once() -> None:
    assert instant_at(MARCH, time(1, 59)) == utc(3, 8, 6, 59)
    assert instant_at(MARCH, time(3)) == utc(3, 8, 7)


def test_a_time_shown_twice_is_refused_until_somebody_says_which() -> None:
    with pytest.raises(TwoSuchLocalTimes) as caught:
        instant_at(NOVEMBER, time(1, 30))
    first, second = caught.value.choices
    assert (first, second) == (utc(11, 1, 5, 30), utc(11, 1, 6, 30))
    assert instant_at(NOVEMBER, time(1, 30), fold=0) == first
    assert instant_at(NOVEMBER, time(1, 30), fold=1) == second


def test_around_the_repeated_hour_every_other_time_exists_once() -> None:
    assert instant_at(NOVEMBER, time(0, 59)) == utc(11, 1, 4, 59)
    assert instant_at(NOVEMBER, time(2)) == utc(11, 1, 7)


@pytest.mark.parametrize(("day", "hours"), [(MARCH, 23), (NOVEMBER, 25), (date(2026, 6, 1), 24)])
def test_a_day_is_as_long_as_the_clock_makes_it(day: date, hours: int) -> None:
    length = local_midnight(day + timedelta(days=1)) - local_midnight(day)
    assert length == timedelta(hours=hours)
