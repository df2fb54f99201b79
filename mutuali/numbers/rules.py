"""The arithmetic of use: pure, over what was offered and what was out.

A *unit-hour offered* is an hour in which one unit could change hands: the opening hours, minus
closures, minus what was out of service, from publication to withdrawal, until now. A *unit-hour
lent* is an hour that one unit was out, by day and by night. *Use* is how much of what was offered
was out at that moment: nights neither help nor harm it, and it never exceeds 100 %.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from mutuali.bookings.rules import Hold, RefusedAs, RequestStory
from mutuali.core.period import Period, local, local_midnight
from mutuali.equipment.rules import Offer, open_spans

#: How many months a page shows, the running one included.
MONTHS_SHOWN = 12
#: How far back the coordination looks at answers.
LOOKING_BACK = timedelta(days=90)
#: A median of fewer answers says nothing.
FEWEST_ANSWERS = 3


@dataclass(frozen=True, slots=True)
class Hours:
    """Unit-seconds of one listing over one window."""

    offered: int = 0
    lent: int = 0
    #: Of what was offered, how much was out.
    used: int = 0

    def __add__(self, other: "Hours") -> "Hours":
        return Hours(self.offered + other.offered, self.lent + other.lent, self.used + other.used)

    @property
    def use(self) -> float | None:
        """From 0 to 1; None where nothing was offered."""
        return self.used / self.offered if self.offered else None


@dataclass(frozen=True, slots=True)
class Numbers:
    """What happened to a listing, or to several, in one month."""

    hours: Hours = Hours()
    requests: int = 0
    refused: Mapping[RefusedAs, int] = field(default_factory=dict)
    no_shows: int = 0
    overdue: int = 0
    #: How long its deciders took, in the middle; None of none.
    response: timedelta | None = None


def month_of(instant: datetime) -> date:
    """The first day of its month, on Montréal's calendar."""
    return local(instant).date().replace(day=1)


def next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def months_until(now: datetime, count: int = MONTHS_SHOWN) -> list[date]:
    """The last ``count`` months, the running one last."""
    found = [month_of(now)]
    while len(found) < count:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[::-1]


def span_of(first: date) -> Period:
    """A month, from its first midnight to the next one's."""
    return Period(local_midnight(first), local_midnight(next_month(first)))


def window(month: date, since: datetime, until: datetime | None, now: datetime) -> Period | None:
    """The part of a month in which a listing was published and that is over; None of none."""
    span = span_of(month)
    start = max(span.start, since)
    end = min(span.end, now, *(() if until is None else (until,)))
    return Period(start, end) if start < end else None


def hours_of(offer: Offer, lent: Iterable[Hold], within: Period) -> Hours:
    """Unit-seconds offered, lent and used ``within`` a window.

    One sweep over the instants at which anything changes: opening, closing, a closure, an outage,
    a unit that goes out or comes back.
    """
    steps: list[tuple[datetime, int, int]] = []

    def during(period: Period, which: int, amount: int) -> None:
        start, end = max(period.start, within.start), min(period.end, within.end)
        if start < end:
            steps.append((start, which, amount))
            steps.append((end, which, -amount))

    day, last = local(within.start).date() - timedelta(days=1), local(within.end).date()
    while day <= last:
        for opens, closes in open_spans(offer.timetable, day):
            during(Period(opens, closes), _OPEN, 1)
        day += timedelta(days=1)
    for closure in offer.closures:
        during(closure, _CLOSED, 1)
    for outage in offer.outages:
        during(outage.period, _BROKEN, outage.units)
    for hold in lent:
        during(hold.period, _LENT, hold.units)
    level = [0, 0, 0, 0]
    total = Hours()
    before = within.start
    for at, which, amount in sorted(steps):
        total += _during(level, offer.units, int((at - before).total_seconds()))
        level[which] += amount
        before = at
    return total


_OPEN, _CLOSED, _BROKEN, _LENT = range(4)


def _during(level: Sequence[int], units: int, seconds: int) -> Hours:
    is_open = level[_OPEN] > 0 and level[_CLOSED] == 0
    offered = max(0, units - level[_BROKEN]) if is_open else 0
    lent = level[_LENT]
    return Hours(offered * seconds, lent * seconds, min(lent, offered) * seconds)


def numbers_of(month: date, hours: Hours, stories: Iterable[RequestStory]) -> Numbers:
    """What a month says: requests and answers by when it was asked, no-shows by when it should have
    begun, delays by when it should have been back."""
    asked = [each for each in stories if month_of(each.asked_at) == month]
    took = [each.answered_after for each in asked if each.answered_after is not None]
    return Numbers(
        hours,
        len(asked),
        Counter(each.refused_as for each in asked if each.refused_as is not None),
        sum(each.no_show for each in stories if month_of(each.period.start) == month),
        sum(each.late for each in stories if month_of(each.period.end) == month),
        middle(took),
    )


def middle(lengths: Sequence[timedelta]) -> timedelta | None:
    """The median: half took longer; of an even number, between the two in the middle."""
    if not lengths:
        return None
    ordered = sorted(lengths)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


#: Up to how old a request is, for each band of those that wait; the last has no end.
AGES = (timedelta(hours=4), timedelta(days=1), timedelta(days=2), None)


def ages(since: Iterable[datetime], now: datetime) -> list[int]:
    """How many requests wait, by age, in the bands of ``AGES``."""
    found = [0] * len(AGES)
    for each in since:
        found[next(n for n, top in enumerate(AGES) if top is None or now - each < top)] += 1
    return found
