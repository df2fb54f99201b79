"""What a month says of each day of a listing; a page asks for thousands of days. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from operator import itemgetter

from mutuali.core.period import Period, local_midnight
from mutuali.equipment.rules import Timetable, open_spans


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
    """What listings with the same timetable share in a month: when each day is open from now on.

    ``spans`` are in order and do not overlap, each with the number of its day; ``lengths`` are the
    seconds that each day is open; ``words`` hold while nothing is taken.
    """

    spans: tuple[tuple[int, int, int], ...]
    lengths: tuple[int, ...]
    words: tuple[DayWord, ...]


def seconds(instant: datetime) -> int:
    """An instant as a month reckons with it."""
    return int(instant.timestamp())


def open_days(timetable: Timetable, days: Sequence[date], *, now: datetime) -> OpenDays:
    """The open time of each of ``days`` (in a row, at least one) that is not over at ``now``."""
    present = seconds(now)
    spans: list[tuple[int, int, int]] = []
    words: list[DayWord] = []
    for n, day in enumerate(days):
        opened = [(seconds(start), seconds(end)) for start, end in open_spans(timetable, day)]
        left = [(max(start, present), end, n) for start, end in opened if end > present]
        midnight = seconds(local_midnight(day + timedelta(days=1)))
        over = midnight <= present or (opened and not left)
        spans += left
        words.append(DayWord.FREE if left else DayWord.OVER if over else DayWord.CLOSED)
    return OpenDays(tuple(spans), _lengths(spans, len(days)), tuple(words))


def month_words(
    opened: OpenDays, units: int, taken: Sequence[Taken], closures: Sequence[Period] = ()
) -> list[DayWord]:
    """The word of each day for a listing of ``units``, in one pass over what is taken of it."""
    words, spans, lengths = list(opened.words), opened.spans, opened.lengths
    if closures:
        spans = _minus(spans, closures)
        lengths = _lengths(spans, len(words))
        for n, length in enumerate(lengths):
            if opened.lengths[n] and not length:
                words[n] = DayWord.CLOSED
    full = [0] * len(words)
    at, last = 0, len(spans)
    opens, closes, n = spans[0] if spans else _NEVER
    for start, end in _full_spans(units, taken):
        while closes <= start:
            at += 1
            opens, closes, n = spans[at] if at < last else _NEVER
        if end <= closes:  # most are over before the day is
            if end > opens:
                full[n] += end - (start if start > opens else opens)
            continue
        for begins, ends, day in spans[at:]:
            if begins >= end:
                break
            full[day] += (end if end < ends else ends) - (start if start > begins else begins)
    for n, length in enumerate(full):
        if length:
            words[n] = DayWord.TAKEN if length == lengths[n] else DayWord.PARTLY
    return words


def _lengths(spans: Iterable[tuple[int, int, int]], days: int) -> tuple[int, ...]:
    """How many seconds each of so many days is open."""
    lengths = [0] * days
    for opens, closes, n in spans:
        lengths[n] += closes - opens
    return tuple(lengths)


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
#: Where the month has no more open time.
_NEVER = (1 << 62, 1 << 62, 0)


def _minus(
    spans: Iterable[tuple[int, int, int]], closures: Sequence[Period]
) -> tuple[tuple[int, int, int], ...]:
    """What of ``spans`` lies outside every closure."""
    left = list(spans)
    for closure in closures:
        shut, opens = seconds(closure.start), seconds(closure.end)
        left = [
            piece
            for start, end, n in left
            for piece in ((start, min(end, shut), n), (max(start, opens), end, n))
            if piece[0] < piece[1]
        ]
    return tuple(left)
