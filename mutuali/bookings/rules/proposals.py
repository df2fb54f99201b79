"""Changes that one side proposes to a booking and the other answers: another time or thing, a
longer loan.

Pure: no database, no request, no clock.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from mutuali.bookings.rules.booking import DECIDE_WITHIN, Ask, Hold, rule_refusals, shortage
from mutuali.core.errors import Reason
from mutuali.core.period import Period, local
from mutuali.equipment.rules import Offer, Outage, open_spans, raster_before


class ProposalKind(StrEnum):
    """What is proposed."""

    #: Whoever decides offers another time, other units or another listing instead.
    OTHER = "other"
    #: The borrower asks a coming or running booking to last longer.
    LONGER = "longer"


class ProposalState(StrEnum):
    """Where a proposal stands; only an open one can be answered."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    #: Another one came in its place.
    REPLACED = "replaced"


#: The borrower of a request has at most this long to answer a proposal.
ANSWER_WITHIN = timedelta(days=1)


def answer_by(decide_by: datetime, start: datetime, lead: timedelta, now: datetime) -> datetime:
    """Until when the borrower has to answer: half of what is left, a day, or while the lender’s
    notice still holds. Whoever decides has as much time again after silence."""
    return min(now + (decide_by - now) / 2, now + ANSWER_WITHIN, start - lead)


def longer_by(current_end: datetime, wanted_end: datetime, now: datetime) -> datetime:
    """Until when somebody has to answer whether a booking may last longer: three days, or when it
    would end without; of a late one, when it would end with."""
    return min(now + DECIDE_WITHIN, current_end if current_end > now else wanted_end)


def end_refusals(
    ask: Ask, current_end: datetime, offer: Offer, holds: Sequence[Hold], *, now: datetime
) -> tuple[Reason, ...]:
    """Every reason why a booking cannot end when ``ask`` says, in place of ``current_end``.

    How it began is settled; only what is added has to be open and free. ``holds`` are without the
    booking itself.
    """
    longer = ask.period.end > current_end
    added = Period(current_end, ask.period.end) if longer else None
    closures = tuple(each for each in offer.closures if added and each.overlaps(added))
    reasons = [
        reason
        for reason in rule_refusals(ask, replace(offer, closures=closures), now=now)
        if reason.field == "ends_at" or (longer and reason.code in _OF_THE_WHOLE)
    ]
    if ask.period.end <= now:
        reasons.append(Reason("booking.in_the_past", {}, "ends_at"))
    short = shortage(ask, offer, holds) if longer else None
    return (*reasons, short) if short else tuple(reasons)


#: Reasons against a longer booking that are not about its end alone.
_OF_THE_WHOLE = frozenset({"booking.closed", "listing.not_published"})


def latest_end(
    ask: Ask, current_end: datetime, offer: Offer, holds: Sequence[Hold], *, now: datetime
) -> datetime | None:
    """The latest end, no later than the one of ``ask``, at which a booking that ends at
    ``current_end`` could end instead; None when it cannot last longer at all."""
    ends = set(_ends(ask, current_end, offer, holds))
    if offer.granularity is not None:
        ends = {raster_before(end, offer.granularity) for end in ends}
    for end in sorted(ends, reverse=True):
        if current_end < end <= ask.period.end and not end_refusals(
            replace(ask, period=Period(ask.period.start, end)), current_end, offer, holds, now=now
        ):
            return end
    return None


def _ends(
    ask: Ask, current_end: datetime, offer: Offer, holds: Sequence[Hold]
) -> Iterator[datetime]:
    """The ends worth trying: where one that is a little later ceases to be possible."""
    yield from (ask.period.end, ask.period.start + offer.longest)
    taken: tuple[Hold | Outage, ...] = (*holds, *offer.outages)
    yield from (each.period.start - offer.turnaround for each in taken)
    yield from (closure.start for closure in offer.closures)
    for day in _days(current_end, ask.period.end):
        yield from (closes for _, closes in open_spans(offer.timetable, day))


def _days(first: datetime, last: datetime) -> Iterator[date]:
    day, end = local(first).date(), local(last).date()
    while day <= end:
        yield day
        day += timedelta(days=1)
