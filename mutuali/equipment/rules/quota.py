"""How much one organization may borrow of a lender within a week or a month."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from mutuali.core.period import Period, local, local_midnight

MOST_QUOTA = 10_000


class Per(StrEnum):
    """The stretch of Montréal's calendar within which a quota counts; weeks begin on Monday."""

    WEEK = "week"
    MONTH = "month"


class Counts(StrEnum):
    """What a quota counts: bookings, or their hours times their units."""

    BOOKINGS = "bookings"
    UNIT_HOURS = "unit_hours"


@dataclass(frozen=True, slots=True, order=True)
class Quota:
    """At most so many, for each borrower; ``of_all``: over all that the lender shares.

    A booking counts whole, in the week or month in which it starts.
    """

    per: Per
    counts: Counts
    most: int
    of_all: bool = False


def calendar_span(instant: datetime, per: Per) -> Period:
    """The week or month of Montréal's calendar that ``instant`` lies in."""
    day = local(instant).date()
    if per is Per.WEEK:
        first = day - timedelta(days=day.weekday())
        following = first + timedelta(days=7)
    else:
        first = day.replace(day=1)
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return Period(local_midnight(first), local_midnight(following))
