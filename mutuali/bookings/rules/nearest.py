"""The spans nearest to an asked one at which a listing can be had. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice

from mutuali.bookings.rules.booking import Ask, Hold, passes, short_spans
from mutuali.bookings.rules.quota import Use
from mutuali.core.period import NoSuchLocalTime, Period, instant_at, local
from mutuali.equipment.rules import Offer, Outage, open_spans, raster_after, raster_before

#: How far around the asked start others are looked for.
AROUND = timedelta(days=10)
_QUARTER = 15


def nearest_spans(
    ask: Ask,
    offer: Offer,
    holds: Sequence[Hold],
    *,
    now: datetime,
    uses: Sequence[Use] = (),
    within: timedelta = AROUND,
    most: int = 3,
) -> list[Period]:
    """The spans nearest in time that would pass every rule, nearest first.

    They are as long as the asked one, or as near to that as the listing's rules let them be.
    """
    if not offer.published or ask.borrower_id == offer.lender_id or ask.units > offer.units:
        return []  # no other moment helps
    asked, length = ask.period.start, min(max(ask.period.length, offer.shortest), offer.longest)
    earliest = now + offer.lead
    starts = set(_starts(asked, length, offer, holds, earliest, within))
    if offer.granularity is not None:
        raster = offer.granularity
        starts = {snap(s, raster) for s in starts for snap in (raster_before, raster_after)}
    found: list[Period] = []
    for start in sorted(starts, key=lambda start: (abs(start - asked), start)):
        if abs(start - asked) > within or len(found) == most:
            break
        if start >= earliest:
            spans = (Period(start, end) for end in _ends(start, ask, length, offer.granularity))
            asks = (replace(ask, period=span) for span in spans)
            fits = (a.period for a in asks if passes(a, offer, holds, now=now, uses=uses))
            found += islice(fits, 1)
    return found


def _starts(
    asked: datetime,
    length: timedelta,
    offer: Offer,
    holds: Sequence[Hold],
    earliest: datetime,
    within: timedelta,
) -> Iterator[datetime]:
    """The starts worth trying: where one begins or ceases to be possible, because only there can
    one pass that a nearer one does not; and the same time of the clock on each day."""
    step = offer.granularity or _QUARTER
    yield raster_after(earliest, step)
    taken: tuple[Hold | Outage, ...] = (*holds, *offer.outages)
    for each in taken:
        yield from (each.period.end, each.period.start - length - offer.turnaround)
    for closure in offer.closures:
        yield from (closure.end, closure.start - length)
    day = local(asked).date()
    for n in range(-within.days - 1, within.days + length.days + 2):
        yield _same_clock(asked, n)
        for opens, closes in open_spans(offer.timetable, day + timedelta(days=n)):
            # One may bring back when it closes, not pick up.
            yield from (opens, opens - length, closes - length)
            yield closes - timedelta(minutes=step)


def _ends(start: datetime, ask: Ask, length: timedelta, raster: int | None) -> Sequence[datetime]:
    """The ends worth trying, the one that comes nearest to the asked length first."""
    end = start + length
    if raster is None:
        return (end,)
    ends = {snap(end, raster) for snap in (raster_before, raster_after)}
    return sorted(
        (each for each in ends if start < each),
        key=lambda each: (abs(each - start - ask.period.length), each),
    )


@lru_cache(maxsize=1024)
def _same_clock(instant: datetime, days: int) -> datetime:
    """When the clock shows the same so many days later; the next time that exists."""
    there = local(instant)
    try:
        return instant_at(there.date() + timedelta(days=days), there.time(), fold=there.fold)
    except NoSuchLocalTime as error:
        return error.next_one


def free_around(ask: Ask, offer: Offer, holds: Sequence[Hold], span: Period) -> Period:
    """From when to when units are free on end around a ``span`` that would pass: no earlier than
    the listing opens that day, no later than it closes on the last."""
    low, high = span.start, span.end
    for opens, closes in open_spans(offer.timetable, local(span.start).date()):
        if opens <= span.start < closes:
            low = opens
    for opens, closes in open_spans(offer.timetable, local(span.end).date()):
        if opens <= span.end <= closes:
            high = closes
    around = Period(low, high + offer.turnaround)
    taken = short_spans(ask.units, offer, holds, around)
    before = [each.end for each in (*taken, *offer.closures) if each.end <= span.start]
    after = [each.start - offer.turnaround for each in taken if each.start >= span.end]
    after += [each.start for each in offer.closures if each.start >= span.end]
    return Period(max((low, *before)), min((high, *after)))
