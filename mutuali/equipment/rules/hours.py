"""When things can change hands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from mutuali.core.errors import Reason
from mutuali.core.period import NoSuchLocalTime, Period, instant_at, local, local_midnight

MINUTES_PER_DAY = 1440


@dataclass(frozen=True, slots=True, order=True)
class OpenHours:
    """Open on ``weekday`` (Monday 0) from ``opens`` to ``closes``, minutes since local midnight."""

    weekday: int
    opens: int
    closes: int


def hours_objections(hours: Sequence[OpenHours]) -> tuple[Reason, ...]:
    """Why these weekly hours make no sense."""
    if any(each.opens >= each.closes for each in hours):
        return (Reason("hours.reversed", {}, "hours"),)
    ordered = sorted(hours)
    touching = pairwise(ordered)
    if any(a.weekday == b.weekday and b.opens < a.closes for a, b in touching):
        return (Reason("hours.overlap", {}, "hours"),)
    return ()


def is_open_at(hours: Sequence[OpenHours], instant: datetime, *, ending: bool = False) -> bool:
    """Whether things can change hands at ``instant``; closing time counts for an ``ending``."""
    if not hours:
        return True
    there = local(instant)
    minute = there.hour * 60 + there.minute
    for each in hours:
        if (
            each.weekday == there.weekday()
            and each.opens <= minute <= each.closes
            and (ending or minute < each.closes)
        ):
            return True
        # An end at midnight belongs to the day before.
        midnight_ends_yesterday = (
            ending
            and minute == 0
            and each.closes == MINUTES_PER_DAY
            and each.weekday == (there.weekday() - 1) % 7
        )
        if midnight_ends_yesterday:
            return True
    return False


def open_spans(hours: Sequence[OpenHours], day: date) -> list[tuple[datetime, datetime]]:
    """From when to when things can change hands on ``day``, in order; all day without hours."""
    midnight, next_midnight = local_midnight(day), local_midnight(day + timedelta(days=1))
    if not hours:
        return [(midnight, next_midnight)]
    return [
        (
            _opening(day, each.opens),
            next_midnight if each.closes == MINUTES_PER_DAY else _opening(day, each.closes),
        )
        for each in sorted(hours)
        if each.weekday == day.weekday()
    ]


def next_open_start(
    hours: Sequence[OpenHours], closures: Sequence[Period], after: datetime, *, days: int = 21
) -> list[datetime]:
    """The instants, within ``days``, at which the listing opens at or after ``after``."""
    starts: list[datetime] = []
    day = local(after).date()
    for offset in range(days):
        there = day + timedelta(days=offset)
        openings = [h.opens for h in hours if h.weekday == there.weekday()] if hours else [480]
        for minute in sorted(openings):
            instant = _opening(there, minute)
            if instant >= after and not any(c.contains(instant) for c in closures):
                starts.append(instant)
    return starts


def _opening(day: date, minute: int) -> datetime:
    """When the clock shows ``minute`` on ``day``; on the nights it jumps, the nearest later one."""
    try:
        return instant_at(day, time(minute // 60, minute % 60), fold=0)
    except NoSuchLocalTime as error:
        return error.next_one
