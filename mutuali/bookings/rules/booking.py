"""When a booking may be asked for, and what is free.

Pure: no database, no request, no clock. Instants are aware UTC, spans are half-open, and
quantities are whole units of one listing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter

from mutuali.bookings.rules.quota import Use, quota_refusals
from mutuali.bookings.rules.states import State
from mutuali.core.errors import Reason
from mutuali.core.period import Period, instant_at, local, local_midnight
from mutuali.equipment.rules import (
    Approver,
    Offer,
    Outage,
    PricePer,
    is_open_at,
    open_spans,
    raster_after,
    raster_before,
    stands_on,
)

#: A request nobody answers lapses after this, or when it would start, whichever comes first.
DECIDE_WITHIN = timedelta(days=3)
#: A return the lender does not look at closes by itself.
CLOSE_AFTER = timedelta(days=7)
#: How long before its start a booking can be handed over.
EARLY_HAND_OVER = timedelta(hours=12)
#: How many things can be asked for at once.
MOST_IN_CART = 20
#: How far ahead one can book.
FARTHEST = timedelta(days=730)
#: An overdue unit is expected back no sooner than this from now.
OVERDUE_ALLOWANCE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Ask:
    """What one organization would like to borrow: ``units`` >= 1 over ``period``."""

    borrower_id: int
    units: int
    period: Period


@dataclass(frozen=True, slots=True)
class Hold:
    """Units that a booking keeps away from everyone else, its turnaround included; fewer than no
    units take back what another hold or an outage counts a second time."""

    units: int
    period: Period


def first_state(offer: Offer, *, trusted: bool = False) -> State:
    """Where a new request starts: approved if nobody decides, held if it keeps the units.

    Nobody decides either where the lender trusts the borrower so far.
    """
    if trusted or offer.approver is Approver.NOBODY:
        return State.APPROVED
    return State.HELD if offer.hold_for > timedelta() else State.REQUESTED


def decide_by(offer: Offer, period: Period, now: datetime) -> datetime:
    """Until when somebody has to answer: the end of the hold, three days, or the start."""
    patience = offer.hold_for if offer.hold_for > timedelta() else DECIDE_WITHIN
    return min(now + patience, max(period.start, now + timedelta(minutes=1)))


def occupied(period: Period, turnaround: timedelta) -> Period:
    """The span that a booking over ``period`` takes: the time to make things ready comes after."""
    return Period(period.start, period.end + turnaround)


def is_overdue(state: State, ends_at: datetime, now: datetime) -> bool:
    """Still out after its end."""
    return state is State.ON_LOAN and now > ends_at


def expected_back(hold: Period, now: datetime) -> Period:
    """What an overdue booking occupies as far as anybody can tell: until a day from now."""
    return Period(hold.start, max(hold.end, now + OVERDUE_ALLOWANCE))


def counted_twice(outage: Outage, loan: Hold) -> Hold | None:
    """What takes back the units of an outage that a loan has, for as long as both last."""
    start = max(outage.period.start, loan.period.start)
    end = min(outage.period.end, loan.period.end)
    return Hold(-outage.units, Period(start, end)) if start < end else None


def peak_units(holds: Iterable[Hold | Outage], period: Period) -> int:
    """The most units held at any one instant of ``period``; 0 when nothing is held.

    Sweeps the starts and ends in time order, O(n log n) for n holds. At equal instants the ends
    come first, because a half-open span gives its units back at its end. Holds are not clipped to
    ``period``: on a line, spans that meet one another and all meet ``period`` also meet somewhere
    inside it (Helly), so a peak outside is never higher than the peak inside. An outage and its
    loan less what they count twice are one span too: the two meet.
    """
    steps = sorted(
        step
        for hold in holds
        if hold.period.overlaps(period)
        for step in ((hold.period.start, hold.units), (hold.period.end, -hold.units))
    )
    # Tuples sort by instant, then by change: a negative change (an end) comes first.
    peak = level = 0
    for _, change in steps:
        level += change
        peak = max(peak, level)
    return peak


def free_units(offer: Offer, holds: Iterable[Hold], period: Period) -> int:
    """How many units are free for all of ``period`` and its turnaround; never negative."""
    taken: tuple[Hold | Outage, ...] = (*holds, *offer.outages)
    return max(0, offer.units - peak_units(taken, occupied(period, offer.turnaround)))


def rule_refusals(ask: Ask, offer: Offer, *, now: datetime) -> tuple[Reason, ...]:
    """Every reason to turn ``ask`` down that does not depend on other bookings."""
    period = ask.period
    reasons: list[Reason] = []
    if not offer.published:
        reasons.append(Reason("listing.not_published"))
    if ask.borrower_id == offer.lender_id:
        reasons.append(Reason("booking.own_listing"))
    if ask.units > offer.units:
        reasons.append(Reason("field.out_of_range", {"min": 1, "max": offer.units}, "units"))
    if period.start < now:
        reasons.append(Reason("booking.in_the_past", {}, "starts_at"))
    elif period.start < now + offer.lead:
        params = {"lead": offer.lead, "first": now + offer.lead}
        reasons.append(Reason("booking.too_soon", params, "starts_at"))
    if period.end > now + FARTHEST:
        reasons.append(Reason("time.too_far", {}, "ends_at"))
    if period.length < offer.shortest:
        reasons.append(Reason("booking.too_short", {"shortest": offer.shortest}, "ends_at"))
    if period.length > offer.longest:
        reasons.append(Reason("booking.too_long", {"longest": offer.longest}, "ends_at"))
    if not is_open_at(offer.timetable, period.start):
        reasons.append(_outside_hours(offer, period.start, "starts_at"))
    if not is_open_at(offer.timetable, period.end, ending=True):
        reasons.append(_outside_hours(offer, period.end, "ends_at"))
    for instant, field in ((period.start, "starts_at"), (period.end, "ends_at")):
        if offer.granularity is not None and not stands_on(instant, offer.granularity):
            reasons.append(_off_raster(instant, offer.granularity, field))
    for closure in offer.closures:
        if closure.overlaps(period):
            reasons.append(Reason("booking.closed", {"span": closure}, "starts_at"))
            break
    return tuple(reasons)


def shortage(ask: Ask, offer: Offer, holds: Sequence[Hold]) -> Reason | None:
    """Why ``ask`` gets no units, and when others have them; None when enough are free."""
    free = free_units(offer, holds, ask.period)
    if ask.units <= free:
        return None
    wanted, span = min(ask.units, offer.units), occupied(ask.period, offer.turnaround)
    taken = short_spans(wanted, offer, holds, span) or [span]
    params = {"free": free, "units": offer.units, "taken": tuple(taken)}
    return Reason("booking.not_enough_units", params, "units")


def short_spans(wanted: int, offer: Offer, holds: Iterable[Hold], within: Period) -> list[Period]:
    """When, ``within`` a span, fewer than ``wanted`` units are left; in order, without overlap."""
    steps: list[tuple[datetime, int]] = [(within.start, 0), (within.end, 0)]
    taken: tuple[Hold | Outage, ...] = (*holds, *offer.outages)
    for each in taken:
        if each.period.overlaps(within):
            steps.append((max(each.period.start, within.start), each.units))
            steps.append((min(each.period.end, within.end), -each.units))
    found: list[Period] = []
    level, since = 0, None
    for at, changes in groupby(sorted(steps), key=itemgetter(0)):
        level += sum(change for _, change in changes)
        short = offer.units - level < wanted and at < within.end
        if short and since is None:
            since = at
        elif since is not None and not short:
            found.append(Period(since, at))
            since = None
    return found


def refusals(
    ask: Ask, offer: Offer, holds: Sequence[Hold], *, now: datetime, uses: Sequence[Use] = ()
) -> tuple[Reason, ...]:
    """Every reason to turn ``ask`` down; empty means yes.

    ``uses`` are what the borrower has of the lender already, as far as quotas may count it.
    """
    reasons = rule_refusals(ask, offer, now=now)
    reasons += tuple(quota_refusals(ask.units, ask.period, offer, uses))
    short = shortage(ask, offer, holds)
    return reasons if short is None else (*reasons, short)


def passes(
    ask: Ask, offer: Offer, holds: Sequence[Hold], *, now: datetime, uses: Sequence[Use] = ()
) -> bool:
    """Whether :func:`refusals` are none, without finding out what they would say."""
    if rule_refusals(ask, offer, now=now):
        return False
    if any(quota_refusals(ask.units, ask.period, offer, uses)):
        return False
    return ask.units <= free_units(offer, holds, ask.period)


def price_of(offer: Offer, period: Period, units: int) -> int:
    """What a booking costs, in cents; see :func:`price_for`."""
    return price_for(offer.price_cents, offer.price_per, period, units)


def price_for(price_cents: int, price_per: PricePer, period: Period, units: int) -> int:
    """A price in all, in cents: per started hour, per started day, or per loan; per unit."""
    if price_per is PricePer.LOAN:
        count = 1
    else:
        step = timedelta(hours=1) if price_per is PricePer.HOUR else timedelta(days=1)
        count = -(-period.length // step)
    return price_cents * count * units


def day_parts(day: date) -> tuple[Period, ...]:
    """The morning (6 to 12), the afternoon (12 to 17) and the evening (17 to 22) of a day."""
    # The clock of that day, not hours since midnight: clocks change at two.
    return tuple(
        Period(instant_at(day, time(low)), instant_at(day, time(high)))
        for low, high in ((6, 12), (12, 17), (17, 22))
    )


def half_day_words(
    offer: Offer, holds: Sequence[Hold], days: Sequence[Period], *, now: datetime
) -> list[str]:
    """``free``, ``taken``, ``closed`` or ``past`` for each of ``days``: what a week table says.

    A span counts as taken when no unit is free for all of it, as closed when it never opens in it.
    """
    words: list[str] = []
    for span in days:
        if span.end <= now:
            words.append("past")
        elif not _ever_opens(offer, span):
            words.append("closed")
        elif peak_units((*holds, *offer.outages), span) >= offer.units:
            words.append("taken")
        else:
            words.append("free")
    return words


def _ever_opens(offer: Offer, span: Period) -> bool:
    """Whether anything can change hands at some instant of ``span``."""
    day = local(span.start).date()
    while local_midnight(day) < span.end:
        for opens, closes in open_spans(offer.timetable, day):
            start, end = max(opens, span.start), min(closes, span.end)
            for closure in sorted(offer.closures):
                if closure.start <= start:
                    start = max(start, closure.end)
            if start < end:
                return True
        day += timedelta(days=1)
    return False


def _outside_hours(offer: Offer, instant: datetime, field: str) -> Reason:
    """Says the hours of that day."""
    day = local(instant).date()
    spans = offer.timetable.on(day)
    if not spans:
        return Reason("booking.no_hours_that_day", {"day": day}, field)
    return Reason("booking.outside_hours", {"day": day, "hours": spans}, field)


def _off_raster(instant: datetime, minutes: int, field: str) -> Reason:
    """Says how far apart starts and ends stand, and the two that are nearest."""
    params = {
        "step": timedelta(minutes=minutes),
        "before": raster_before(instant, minutes),
        "after": raster_after(instant, minutes),
    }
    return Reason("booking.off_raster", params, field)
