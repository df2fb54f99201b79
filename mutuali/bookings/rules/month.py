"""What a month says of each day of a listing; a page asks for thousands of days. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from operator import itemgetter

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


#: From, until; in whole seconds since 1970, because thousands of days are compared for one page.
Span = tuple[int, int]
#: So many units, from, until.
Taken = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class OpenDays:
    """What all listings with the same hours share in a month: when each day is open from now on.

    ``bounds`` are the local midnights, one more than days; ``lengths`` are the seconds that each
    day is open; ``words`` hold while nothing is taken.
    """

    bounds: tuple[int, ...]
    spans: tuple[tuple[Span, ...], ...]
    lengths: tuple[int, ...]
    words: tuple[DayWord, ...]


def seconds(instant: datetime) -> int:
    """An instant as a month reckons with it."""
    return int(instant.timestamp())


def open_days(hours: Sequence[OpenHours], days: Sequence[date], *, now: datetime) -> OpenDays:
    """The open time of each of ``days`` (in a row, at least one) that is not over at ``now``."""
    present = seconds(now)
    bounds = tuple(seconds(local_midnight(day)) for day in (*days, days[-1] + timedelta(days=1)))
    spans: list[tuple[Span, ...]] = []
    words: list[DayWord] = []
    for n, day in enumerate(days):
        opened = [(seconds(start), seconds(end)) for start, end in open_spans(hours, day)]
        left = tuple((max(start, present), end) for start, end in opened if end > present)
        over = bounds[n + 1] <= present or (opened and not left)
        spans.append(left)
        words.append(DayWord.FREE if left else DayWord.OVER if over else DayWord.CLOSED)
    return OpenDays(bounds, tuple(spans), tuple(map(_length, spans)), tuple(words))


def month_words(
    opened: OpenDays, units: int, taken: Sequence[Taken], closures: Sequence[Period] = ()
) -> list[DayWord]:
    """The word of each day for a listing of ``units``, in one pass over what is taken of it."""
    words, spans = list(opened.words), opened.spans
    bounds, lengths = opened.bounds, opened.lengths
    if closures:
        shut = [_minus(each, closures) for each in spans]
        for n, left in enumerate(shut):
            if spans[n] and not left:
                words[n] = DayWord.CLOSED
        spans, lengths = tuple(shut), tuple(map(_length, shut))
    full = [0] * len(spans)
    for start, end in _full_spans(units, taken):
        n = bisect_right(bounds, start) - 1 if start > bounds[0] else 0
        while n < len(full) and bounds[n] < end:
            for opens, closes in spans[n]:
                low = start if start > opens else opens
                high = end if end < closes else closes
                if low < high:
                    full[n] += high - low
            n += 1
    for n, length in enumerate(full):
        if length:
            words[n] = DayWord.TAKEN if length == lengths[n] else DayWord.PARTLY
    return words


def _length(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)


def _full_spans(units: int, taken: Sequence[Taken]) -> list[Span]:
    """When no unit is left, in order; spans may touch but do not overlap."""
    found: list[Span] = []
    if units == 1:  # whatever is taken is all there is: no need to count
        last = 0
        for _, start, end in sorted(taken, key=_START):
            if end > last:
                found.append((start if start > last else last, end))
                last = end
        return found
    steps = [step for count, start, end in taken for step in ((start, count), (end, -count))]
    level, since = 0, None
    for at, change in sorted(steps):
        level += change
        if since is None and level >= units:
            since = at
        elif since is not None and level < units:
            found.append((since, at))
            since = None
    return found


_START = itemgetter(1)


def _minus(spans: Iterable[Span], closures: Sequence[Period]) -> tuple[Span, ...]:
    """What of ``spans`` lies outside every closure."""
    left = list(spans)
    for closure in closures:
        shut, opens = seconds(closure.start), seconds(closure.end)
        left = [
            piece
            for start, end in left
            for piece in ((start, min(end, shut)), (max(start, opens), end))
            if piece[0] < piece[1]
        ]
    return tuple(left)
