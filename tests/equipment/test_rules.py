"""When a listing is open, and which weekly hours make sense."""

from datetime import datetime

import pytest

from mutuali.core.period import LOCAL_ZONE, Period
from mutuali.equipment.rules import (
    ANY_TIME,
    FAMILY,
    Kind,
    OpenHours,
    Timetable,
    hours_objections,
    is_open_at,
    next_open_start,
)

TUESDAY = 1
NINE_TO_FIVE = Timetable((OpenHours(TUESDAY, 9 * 60, 17 * 60),))


def there(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    """An instant by Montréal's clock, in 2026; March 3 is a Tuesday."""
    return datetime(2026, month, day, hour, minute, tzinfo=LOCAL_ZONE)


def codes(*hours: OpenHours) -> list[str]:
    return [reason.code for reason in hours_objections(hours)]


def test_every_kind_belongs_to_a_family() -> None:
    assert set(FAMILY) == set(Kind)


def test_hours_that_close_before_they_open_are_refused() -> None:
    assert codes(OpenHours(0, 600, 600)) == ["hours.reversed"]
    assert codes(OpenHours(0, 600, 540)) == ["hours.reversed"]


def test_two_spans_of_one_day_may_touch_but_not_overlap() -> None:
    morning = OpenHours(0, 480, 720)
    assert codes(OpenHours(0, 720, 1020), morning) == []
    assert codes(OpenHours(0, 719, 1020), morning) == ["hours.overlap"]
    assert codes(OpenHours(1, 700, 1020), morning) == []


def test_without_hours_it_is_open_at_any_time() -> None:
    assert is_open_at(ANY_TIME, there(3, 3))


def test_opening_time_is_open_and_closing_time_is_only_for_bringing_back() -> None:
    assert is_open_at(NINE_TO_FIVE, there(3, 9))
    assert not is_open_at(NINE_TO_FIVE, there(3, 8, 59))
    assert not is_open_at(NINE_TO_FIVE, there(3, 17))
    assert is_open_at(NINE_TO_FIVE, there(3, 17), ending=True)
    assert not is_open_at(NINE_TO_FIVE, there(3, 17, 1), ending=True)


def test_hours_of_one_weekday_say_nothing_of_another() -> None:
    assert not is_open_at(NINE_TO_FIVE, there(4, 12))


def test_hours_follow_the_clock_on_the_wall_in_winter_and_in_summer() -> None:
    assert is_open_at(NINE_TO_FIVE, there(3, 9))
    assert is_open_at(NINE_TO_FIVE, there(7, 9, month=7))
    assert not is_open_at(NINE_TO_FIVE, there(7, 8, 59, month=7))


def test_bringing_back_at_midnight_belongs_to_the_evening_before() -> None:
    evening = Timetable((OpenHours(TUESDAY, 18 * 60, 1440),))
    assert is_open_at(evening, there(4, 0), ending=True)
    assert not is_open_at(evening, there(4, 0))
    assert not is_open_at(evening, there(3, 0), ending=True)


def test_the_next_openings_come_in_order_and_skip_what_is_closed() -> None:
    hours = Timetable((OpenHours(TUESDAY, 780, 1020), OpenHours(TUESDAY, 540, 720)))
    closed = Period(there(10, 0), there(10, 12))
    assert next_open_start(hours, (closed,), there(3, 10), days=14) == [
        there(3, 13),
        there(10, 13),
    ]


@pytest.mark.parametrize(("month", "sunday"), [(3, 8), (11, 1)])
def test_the_day_the_clock_changes_opens_at_the_hour_on_the_wall(month: int, sunday: int) -> None:
    hours = Timetable((OpenHours(6, 9 * 60, 17 * 60),))
    first = there(sunday, 0, month=month)
    assert next_open_start(hours, (), first, days=1) == [there(sunday, 9, month=month)]


def test_an_opening_that_the_clock_jumps_over_moves_to_the_next_time_that_exists() -> None:
    hours = Timetable((OpenHours(6, 150, 600),))
    assert next_open_start(hours, (), there(8, 0), days=1) == [there(8, 3)]
