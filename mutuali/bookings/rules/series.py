"""From the dates of a series to spans of time, and what becomes of each.

A date keeps its start and its end on the clock of the wall, whatever the clocks do meanwhile. What
it is called in its series is its local start by the rule, naive; that name stays when it moves.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from mutuali.bookings.rules.booking import Ask, Hold, first_state, occupied
from mutuali.bookings.rules.nearest import nearest_spans
from mutuali.bookings.rules.quota import Use
from mutuali.bookings.rules.states import State
from mutuali.core.errors import Reason
from mutuali.core.period import NoSuchLocalTime, Period, TwoSuchLocalTimes, instant_at, local
from mutuali.equipment.rules import Offer


class Answer(StrEnum):
    """What somebody says of a date, mostly because the clocks change on it."""

    #: The first or the second of two equal times.
    FIRST = "first"
    SECOND = "second"
    #: The first time there is after one that the clocks jump over.
    LATER = "later"
    #: Not on that date.
    SKIP = "skip"


class Take(StrEnum):
    """Which dates somebody wants: all of them or none, or those that are possible."""

    ALL = "all"
    FREE = "free"


class Scope(StrEnum):
    """How far a change reaches from a date of a series."""

    ONE = "one"
    FOLLOWING = "following"
    ALL = "all"


class Deed(StrEnum):
    """What is done to several dates at once."""

    CANCEL = "cancel"
    #: Another time of day.
    MOVE = "move"
    UNITS = "units"


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants of the dates that ``scope`` reaches from ``date`` on.

    ``clock`` is when they begin and end from now on, where they move; ``units`` how many they are,
    where that changes. ``answers`` are for nights on which the clocks change, by date; a date that
    is skipped stays as it is.
    """

    deed: Deed
    scope: Scope
    date: datetime | None = None
    clock: tuple[time, time] | None = None
    units: int | None = None
    answers: Mapping[datetime, Answer] = field(default_factory=dict)

    def reaches(self, date: datetime) -> bool:
        """Whether the date of that name is meant."""
        if self.answers.get(date) is Answer.SKIP:
            return False
        if self.scope is Scope.ALL or self.date is None:
            return self.scope is Scope.ALL
        return date == self.date if self.scope is Scope.ONE else date >= self.date


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A date of a series and the span it means; no ``period`` while ``asks`` is unanswered.

    ``choices`` are the answers that the clock leaves, each with its span; none when it asks
    nothing.
    """

    date: datetime
    period: Period | None
    asks: Reason | None = None
    choices: tuple[tuple[Answer, Period], ...] = ()


@dataclass(frozen=True, slots=True)
class DateResult:
    """A date and what stands against it; ``nearest`` is a span of that day that would do."""

    occurrence: Occurrence
    reasons: tuple[Reason, ...] = ()
    nearest: Period | None = None

    @property
    def date(self) -> datetime:
        """What the date is called in its series."""
        return self.occurrence.date

    @property
    def is_possible(self) -> bool:
        """Whether nothing stands against it."""
        return not self.reasons


#: Every reason against an ask, given the holds that it meets and the dates of the series that count
#: for quotas; empty means yes.
Objections = Callable[[Ask, Sequence[Hold], Sequence[Use]], tuple[Reason, ...]]


def occurrence(starts: datetime, ends: datetime, answer: Answer | None) -> Occurrence:
    """The date that begins at ``starts`` and ends at ``ends``, both local."""
    return read_clock(starts, starts, ends, answer)


def read_clock(
    date: datetime, starts: datetime, ends: datetime, answer: Answer | None
) -> Occurrence:
    """:func:`occurrence` for a date that was moved away from the start it is called by."""
    asks: Reason | None = None
    answers: tuple[Answer, ...] = (Answer.FIRST,)
    for wall, name in ((starts, "starts"), (ends, "ends")):
        try:
            instant_at(wall.date(), wall.time())
        except NoSuchLocalTime as error:
            asks = Reason("time.does_not_exist", {"next": error.next_one}, name)
            answers = answers if len(answers) > 1 else (Answer.LATER,)
        except TwoSuchLocalTimes:
            asks = asks or Reason("time.exists_twice", {}, name)
            answers = (Answer.FIRST, Answer.SECOND)
    spans = [
        (each, Period(start, end))
        for each in answers
        if (start := _instant(starts, each)) < (end := _instant(ends, each))
    ]
    if asks is None:
        return Occurrence(date, spans[0][1])
    return Occurrence(date, dict(spans).get(answer) if answer else None, asks, tuple(spans))


def occurrences(
    dates: Iterable[datetime], length: timedelta, answers: Mapping[datetime, Answer]
) -> list[Occurrence]:
    """Each of ``dates`` that is not skipped, as long as ``length`` on the clock of the wall."""
    return [
        occurrence(date, date + length, answers.get(date))
        for date in dates
        if answers.get(date) is not Answer.SKIP
    ]


def whole_span(found: Sequence[Occurrence], *, now: datetime) -> Period:
    """A span that holds every date to come and the days around it."""
    periods = [
        period
        for each in found
        for period in (each.period, *(span for _answer, span in each.choices))
        if period is not None and period.end > now
    ]
    return span_around([Period(max(each.start, now), each.end) for each in periods], now=now)


def span_around(periods: Iterable[Period], *, now: datetime) -> Period:
    """A span that holds all of ``periods`` and the days around them; of none, today's."""
    day = timedelta(days=1)
    known = list(periods) or [Period(now, now + day)]
    return Period(min(each.start for each in known) - day, max(each.end for each in known) + day)


def moved(date: datetime, period: Period, change: Change) -> Occurrence:
    """A date that lasted over ``period``, as ``change`` wants it: on the same day, as many nights
    long, unless it then would end before it begins."""
    if change.clock is None:
        return Occurrence(date, period)
    first, last = local(period.start).date(), local(period.end).date()
    starts, ends = (
        datetime.combine(day, clock) for day, clock in zip((first, last), change.clock, strict=True)
    )
    if ends <= starts:
        ends += timedelta(days=1)
    return read_clock(date, starts, ends, change.answers.get(date))


def changed_state(offer: Offer, state: State, *, trusted: bool, needs_no_yes: bool) -> State:
    """Where a date stands after a change: it is a new request, unless whoever decides made the
    change, or it only gives units back."""
    return state if needs_no_yes else first_state(offer, trusted=trusted)


def decide_dates(
    found: Iterable[Occurrence],
    borrower_id: int,
    units: int,
    offer: Offer,
    holds: Sequence[Hold],
    objections: Objections,
    *,
    now: datetime,
) -> list[DateResult]:
    """What stands against each date; one that is possible occupies for those that come after.

    Each meets exactly what a single request for it would meet, given ``holds`` and the dates
    before it.
    """
    own: list[Hold] = []
    uses: list[Use] = []
    results: list[DateResult] = []
    for each in found:
        if each.period is None:
            results.append(DateResult(each, (each.asks,) if each.asks else ()))
            continue
        asked = Ask(borrower_id, units, each.period)
        result = decide_date(each, asked, offer, holds, own, uses, objections, now=now)
        if result.is_possible:
            own.append(Hold(units, occupied(each.period, offer.turnaround)))
            uses.append(Use(offer.listing_id, units, each.period))
        results.append(result)
    return results


def decide_date(
    found: Occurrence,
    asked: Ask,
    offer: Offer,
    holds: Sequence[Hold],
    own: Sequence[Hold],
    uses: Sequence[Use],
    objections: Objections,
    *,
    now: datetime,
) -> DateResult:
    """What stands against one date: as for a single request, and then the series' ``own`` dates."""
    around = _around(asked.period, offer)
    near = [hold for hold in holds if hold.period.overlaps(around)]
    near_own = [hold for hold in own if hold.period.overlaps(around)]
    reasons = objections(asked, near, uses)
    if not reasons and near_own and objections(asked, [*near, *near_own], uses):
        span = occupied(asked.period, offer.turnaround)
        met = max(hold.period.start for hold in near_own if hold.period.overlaps(span))
        reasons = (Reason("series.meets_itself", {"other": met}, "ends"),)
    if not reasons:
        return DateResult(found)
    meets = [*near, *near_own]
    that_day = _nearest_that_day(asked, offer, meets, now=now)
    fits = (s for s in that_day if not objections(replace(asked, period=s), meets, uses))
    return DateResult(found, reasons, next(fits, None))


def _nearest_that_day(
    ask: Ask, offer: Offer, holds: Sequence[Hold], *, now: datetime
) -> list[Period]:
    day = local(ask.period.start).date()
    found = nearest_spans(ask, offer, holds, now=now, within=timedelta(days=1), most=12)
    return [span for span in found if local(span.start).date() == day]


def _around(period: Period, offer: Offer) -> Period:
    """As far as a span of the same day could reach."""
    day = timedelta(days=1)
    return Period(period.start - day, period.end + offer.turnaround + day)


def _instant(wall: datetime, answer: Answer) -> datetime:
    """The instant that ``answer`` makes of a local time; one that does not exist is the next."""
    try:
        return instant_at(wall.date(), wall.time(), fold=int(answer is Answer.SECOND))
    except NoSuchLocalTime as error:
        return error.next_one
