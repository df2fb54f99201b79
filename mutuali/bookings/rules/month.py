"""What a month says of each day of a listing; a page asks for thousands of days. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from mutuali.core.period import Period, local_midnight
from mutuali.equipment.rules import OpenHours, open_spans


class DayWord(StrEnum):
    """What a month says of a listing on one day, as far as it is open and not over."""

    #: A unit is free all of that time.
    FREE = "free"
    #: A unit is free for some of it.
    PARTLY = "partly"
    #: No unit is free at any moment of it.
    TAKEN = "taken"
    CLOSED = "closed"
    OVER = "over"


Span = tuple[datetime, datetime]
#: So many units, from, until: what a booking keeps, as plain as a month needs it.
Taken = tuple[int, datetime, datetime]


@dataclass(frozen=True, slots=True)
class OpenDays:
    """What all listings with the same hours share in a month: when each day is open from now on.

    ``bounds`` are the local midnights, one more than days; ``words`` hold while nothing is taken.
    """

    bounds: tuple[datetime, ...]
    spans: tuple[tuple[Span, ...], ...]
    words: tuple[DayWord, ...]


def open_days(hours: Sequence[OpenHours], days: Sequence[date], *, now: datetime) -> OpenDays:
    """The open time of each of ``days`` (in a row, at least one) that is not over at ``now``."""
    bounds = [local_midnight(day) for day in (*days, days[-1] + timedelta(days=1))]
    spans: list[tuple[Span, ...]] = []
    words: list[DayWord] = []
    for n, day in enumerate(days):
        opened = open_spans(hours, day)
        left = tuple((max(start, now), end) for start, end in opened if end > now)
        over = bounds[n + 1] <= now or (opened and not left)
        spans.append(left)
        words.append(DayWord.FREE if left else DayWord.OVER if over else DayWord.CLOSED)
    return OpenDays(tuple(bounds), tuple(spans), tuple(words))


def month_words(
    opened: OpenDays, units: int, taken: Sequence[Taken], closures: Sequence[Period] = ()
) -> list[DayWord]:
    """The word of each day for a listing of ``units``, in one pass over what is taken of it."""
    words, spans, bounds = list(opened.words), opened.spans, opened.bounds
    if closures:
        shut = [_minus(each, closures) for each in spans]
        for n, left in enumerate(shut):
            if spans[n] and not left:
                words[n] = DayWord.CLOSED
        spans = tuple(shut)
    full: dict[int, timedelta] = {}
    for start, end in _full_spans(units, taken):
        n = max(0, bisect_right(bounds, start) - 1)
        while n < len(spans) and bounds[n] < end:
            for opens, closes in spans[n]:
                length = min(end, closes) - max(start, opens)
                if length > timedelta():
                    full[n] = full.get(n, timedelta()) + length
            n += 1
    for n, length in full.items():
        whole = sum((closes - opens for opens, closes in spans[n]), timedelta())
        words[n] = DayWord.TAKEN if length == whole else DayWord.PARTLY
    return words


def _full_spans(units: int, taken: Sequence[Taken]) -> list[Span]:
    """When no unit is left, in order; spans may touch but do not overlap."""
    steps = [step for count, start, end in taken for step in ((start, count), (end, -count))]
    found: list[Span] = []
    level, since = 0, None
    for at, change in sorted(steps):
        level += change
        if since is None and level >= units:
            since = at
        elif since is not None and level < units:
            found.append((since, at))
            since = None
    return found


def _minus(spans: Iterable[Span], closures: Sequence[Period]) -> tuple[Span, ...]:
    """What of ``spans`` lies outside every closure."""
    left = list(spans)
    for closure in closures:
        left = [
            piece
            for start, end in left
            for piece in ((start, min(end, closure.start)), (max(start, closure.end), end))
            if piece[0] < piece[1]
        ]
    return tuple(left)
