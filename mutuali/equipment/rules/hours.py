"""When things can change hands: each week, and on the days that differ."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise

from mutuali.core.errors import Reason
from mutuali.core.period import (
    ClockSpan,
    NoSuchLocalTime,
    Period,
    instant_at,
    local,
    local_midnight,
)

MINUTES_PER_DAY = 1440
#: How many spans one day may have.
MOST_SPANS = 6


@dataclass(frozen=True, slots=True, order=True)
class OpenHours:
    """Open on ``weekday`` (Monday 0) from ``opens`` to ``closes``, minutes since local midnight."""

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True, order=True)
class OtherHours:
    """On ``day`` these spans hold in place of the weekly ones; none: nothing changes hands."""

    day: date
    spans: tuple[ClockSpan, ...] = ()


_ALL_DAY = (ClockSpan(0, MINUTES_PER_DAY),)


@dataclass(frozen=True, slots=True)
class Timetable:
    """Weekly hours (none: at any time) and the days that differ from them, one per day."""

    weekly: tuple[OpenHours, ...] = ()
    others: tuple[OtherHours, ...] = ()

    def on(self, day: date) -> tuple[ClockSpan, ...]:
        """The hours of a day, in order."""
        for other in self.others:
            if other.day == day:
                return other.spans
        if not self.weekly:
            return _ALL_DAY
        weekday = day.weekday()
        spans = [ClockSpan(h.opens, h.closes) for h in self.weekly if h.weekday == weekday]
        return tuple(sorted(spans))


#: Things can change hands at any time.
ANY_TIME = Timetable()


def with_days_of_parts(own: Timetable, parts: Sequence[Timetable]) -> Timetable:
    """The timetable of a kit: its own weekly hours, which those of its ``parts`` do not change; on
    a day that differs for any of them, open only while the kit and each such part are."""
    if not any(part.others for part in parts):
        return own
    theirs = [({other.day for other in part.others}, part) for part in parts]
    days = sorted({other.day for other in own.others}.union(*(some for some, _ in theirs)))
    others = []
    for day in days:
        spans = own.on(day)
        for some, part in theirs:
            if day in some:
                spans = _common(spans, part.on(day))
        others.append(OtherHours(day, spans))
    return Timetable(own.weekly, tuple(others))


def _common(one: Sequence[ClockSpan], other: Sequence[ClockSpan]) -> tuple[ClockSpan, ...]:
    """What lies in a span of both, in order."""
    both = (ClockSpan(max(a.opens, b.opens), min(a.closes, b.closes)) for a in one for b in other)
    return tuple(sorted(span for span in both if span.opens < span.closes))


def week_key(hours: Collection[OpenHours]) -> str | None:
    """The same 32 characters for the same weekly hours, whoever has them; None for none.

    Made of what it stands for, so that two who write the same hours at once agree on it.
    """
    if not hours:
        return None
    said = "\n".join(f"{each.weekday} {each.opens} {each.closes}" for each in sorted(hours))
    return sha256(said.encode()).hexdigest()[:32]


def hours_objections(hours: Sequence[OpenHours]) -> tuple[Reason, ...]:
    """Why these weekly hours make no sense."""
    if any(each.opens >= each.closes for each in hours):
        return (Reason("hours.reversed", {}, "hours"),)
    ordered = sorted(hours)
    touching = pairwise(ordered)
    if any(a.weekday == b.weekday and b.opens < a.closes for a, b in touching):
        return (Reason("hours.overlap", {}, "hours"),)
    return ()


def other_hours_objections(other: OtherHours, today: date) -> tuple[Reason, ...]:
    """Why a day cannot have these hours."""
    if other.day < today:
        return (Reason("hours.day_is_past", {}, "day"),)
    weekday = other.day.weekday()
    found = hours_objections([OpenHours(weekday, s.opens, s.closes) for s in other.spans])
    return tuple(Reason(each.code, each.params, "spans") for each in found)


def is_open_at(timetable: Timetable, instant: datetime, *, ending: bool = False) -> bool:
    """Whether things can change hands at ``instant``; closing time counts for an ``ending``."""
    if timetable == ANY_TIME:
        return True
    there = local(instant)
    spans = open_spans(timetable, there.date())
    if ending and there.hour == there.minute == 0:
        # An end at midnight belongs to the day before.
        spans = [*spans, *open_spans(timetable, there.date() - timedelta(days=1))]
    return any(start <= instant < end or (ending and instant == end) for start, end in spans)


def open_spans(timetable: Timetable, day: date) -> list[tuple[datetime, datetime]]:
    """From when to when things can change hands on ``day``, in order, without overlap.

    Of a time that the clock shows twice, the first counts; one that it jumps over stands for the
    next that exists.
    """
    spans = [(_instant(day, span.opens), _instant(day, span.closes)) for span in timetable.on(day)]
    return [(start, end) for start, end in spans if start < end]


def next_open_start(
    timetable: Timetable, closures: Sequence[Period], after: datetime, *, days: int = 21
) -> list[datetime]:
    """The instants, within ``days``, at which the listing opens at or after ``after``.

    A day on which things can change hands at any time begins at eight, for who gets up.
    """
    starts: list[datetime] = []
    day = local(after).date()
    for offset in range(days):
        there = day + timedelta(days=offset)
        openings = [start for start, _ in open_spans(timetable, there)]
        if timetable.on(there) == _ALL_DAY:
            openings = [_instant(there, 480)]
        starts += [
            instant
            for instant in openings
            if instant >= after and not any(c.contains(instant) for c in closures)
        ]
    return starts


@lru_cache(maxsize=8192)
def _instant(day: date, minute: int) -> datetime:
    """When the clock shows ``minute`` on ``day``; on the nights it jumps, the nearest later one."""
    if minute == MINUTES_PER_DAY:
        return local_midnight(day + timedelta(days=1))
    try:
        return instant_at(day, time(minute // 60, minute % 60), fold=0)
    except NoSuchLocalTime as error:
        return error.next_one
