"""Days and times of day, ever coarser: 2026-03-04 -> 2026-03 -> 2026-Q1 -> 2026 -> '*'.

Only units that hold each other are put above each other. A week crosses the ends of months and of
years (ISO 8601 counts it to the year of its Thursday), so nothing but '*' stands above a week.
Labels need no language: ``2026-W10``, ``2026-Q1``, ``2026-H1``, ``06:00-11:59``.
"""

import datetime
from collections.abc import Callable, Sequence
from itertools import pairwise

from mutuali.privacy.hierarchy import ANY, Hierarchy
from mutuali.privacy.plans.problems import Misfit


def _week(day: datetime.date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


#: Units of the calendar, finest first, and the label of a day in each.
DATE_UNITS: dict[str, Callable[[datetime.date], str]] = {
    "day": lambda day: f"{day:%Y-%m-%d}",
    "week": _week,
    "month": lambda day: f"{day.year:04}-{day.month:02}",
    "quarter": lambda day: f"{day.year:04}-Q{(day.month + 2) // 3}",
    "half-year": lambda day: f"{day.year:04}-H{(day.month + 5) // 6}",
    "year": lambda day: f"{day.year:04}",
}

#: Units of the day, finest first, and how many hours each has.
TIME_UNITS = {"hour": 1, "part of day": 6, "half-day": 12}


def date_hierarchy(values: Sequence[str], units: Sequence[str]) -> Hierarchy:
    """Days, or days with times, in ISO 8601, by units of the calendar.

    Raises:
        Misfit: a value that is no date, an unknown unit, units that do not hold each other, or
            "day" where the values are days already.
    """
    _check(units, tuple(DATE_UNITS))
    if "week" in units and units[-1] != "week":
        raise Misfit("week_crosses", coarser=units[list(units).index("week") + 1])
    days = {text: _day(text) for text in values}
    if "day" in units and all(len(text) == len("2026-03-04") for text in values):
        raise Misfit("day_is_the_value")
    return _table(sorted(values), units, lambda text, unit: DATE_UNITS[unit](days[text]))


def time_hierarchy(values: Sequence[str], units: Sequence[str]) -> Hierarchy:
    """Times of day in ISO 8601 (``08:30``, or of a day with a time) by units of the day.

    Raises:
        Misfit: a value that has no time, or an unknown unit or one in the wrong place.
    """
    _check(units, tuple(TIME_UNITS))
    hours = {text: _hour(text) for text in values}

    def label(text: str, unit: str) -> str:
        length = TIME_UNITS[unit]
        first = hours[text] // length * length
        return f"{first:02}:00-{first + length - 1:02}:59"

    return _table(sorted(values), units, label)


def all_days(first: datetime.date, last: datetime.date) -> list[str]:
    """Every day from the first to the last, both included."""
    count = (last - first).days + 1
    return [(first + datetime.timedelta(days=day)).isoformat() for day in range(count)]


def all_minutes(first: datetime.time, last: datetime.time) -> list[str]:
    """Every minute of a day from the first to the last, both included, as ``08:30``."""
    start, end = first.hour * 60 + first.minute, last.hour * 60 + last.minute
    return [f"{minute // 60:02}:{minute % 60:02}" for minute in range(start, end + 1)]


def _check(units: Sequence[str], known: Sequence[str]) -> None:
    if not units:
        raise Misfit("no_levels")
    if unknown := [unit for unit in units if unit not in known]:
        raise Misfit("unknown_unit", unit=unknown[0], known=", ".join(known))
    for finer, coarser in pairwise(units):
        if known.index(finer) >= known.index(coarser):
            raise Misfit("units_out_of_order", finer=finer, coarser=coarser)


def _table(
    values: Sequence[str], units: Sequence[str], label: Callable[[str, str], str]
) -> Hierarchy:
    if not values:
        raise Misfit("empty_domain")
    rows = [(text, *(label(text, unit) for unit in units), ANY) for text in values]
    return Hierarchy.table(rows, ("value", *units, ANY))


def _day(text: str) -> datetime.date:
    try:
        return datetime.datetime.fromisoformat(text).date()
    except ValueError:
        raise Misfit("not_a_date", value=text) from None


def _hour(text: str) -> int:
    try:
        if "T" in text or " " in text:
            return datetime.datetime.fromisoformat(text).hour
        return datetime.time.fromisoformat(text).hour
    except ValueError:
        raise Misfit("not_a_time", value=text) from None
