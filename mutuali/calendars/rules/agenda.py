"""Which days an agenda shows, and what falls on each of them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from mutuali.core.period import Period, local_midnight


class View(StrEnum):
    """How much an agenda shows at a time."""

    WEEK = "semaine"
    MONTH = "mois"


_DAY = timedelta(days=1)


def days_of(view: View, day: date) -> list[date]:
    """The days shown around ``day``: its week from Monday on, or whole weeks with all its month."""
    first = day if view is View.WEEK else day.replace(day=1)
    start = first - _DAY * first.weekday()
    if view is View.WEEK:
        return [start + _DAY * n for n in range(7)]
    end = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    weeks = -(-(end - start).days // 7)
    return [start + _DAY * n for n in range(7 * weeks)]


def neighbours(view: View, day: date) -> tuple[date, date]:
    """A day of the week or month before, and one of that after."""
    if view is View.WEEK:
        return day - 7 * _DAY, day + 7 * _DAY
    first = day.replace(day=1)
    return (first - _DAY).replace(day=1), (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def span_of(days: Sequence[date]) -> Period:
    """From the first midnight of ``days`` to the last, on Montréal's clock."""
    return Period(local_midnight(days[0]), local_midnight(days[-1] + _DAY))


def within(period: Period, day: date) -> tuple[datetime | None, datetime | None] | None:
    """When a period begins and ends on ``day``: None for a bound on another day; no answer at all
    when it has nothing of that day."""
    whole = span_of([day])
    if not period.overlaps(whole):
        return None
    starts = period.start if period.start >= whole.start else None
    return starts, period.end if period.end <= whole.end else None
