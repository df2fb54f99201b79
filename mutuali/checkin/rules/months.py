"""Months of check-ins, and the time that was given to one. Pure."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from statistics import median

from mutuali.core.period import local

#: Between two requests nobody is taken to have read for longer.
LONGEST_GAP = timedelta(seconds=120)
#: A quarter of an hour; what is left then may wait.
ENOUGH_SECONDS = 15 * 60
#: Fewer organizations could be recognized in what is said of all.
LEAST_TO_PUBLISH = 10
#: In so many days at the start of a month people are told that a check-in is ready.
_EARLY_DAYS = 7


def month_of(now: datetime) -> date:
    """The first day of the month, on Montréal's calendar."""
    return local(now).date().replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month + timedelta(days=31)).replace(day=1)


def is_early(now: datetime) -> bool:
    """Whether it is one of the first days of a month."""
    return local(now).day <= _EARLY_DAYS


def counted(before: datetime | None, now: datetime) -> int:
    """Whole seconds that the gap between two requests counts for; none before the first.

    Two requests may be noted in another order than they came in: time never runs back.
    """
    if before is None:
        return 0
    return max(0, int(min(now - before, LONGEST_GAP).total_seconds()))


def minutes(seconds: int) -> int:
    """Whole minutes, to the nearest."""
    return (seconds + 30) // 60


def median_seconds(finished: Sequence[int]) -> int | None:
    """What the organization in the middle took; None with fewer than ten."""
    return int(median(finished)) if len(finished) >= LEAST_TO_PUBLISH else None
