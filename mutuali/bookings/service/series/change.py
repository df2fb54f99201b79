"""Changing or cancelling dates of a series together: one, this and the following, or all."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking, BookingApproval, BookingSeries
from mutuali.bookings.rules import (
    UNDECIDED,
    Ask,
    Hold,
    State,
    Step,
    Use,
    WholeAs,
    advance_to,
    decide_by,
    occupied,
    price_of,
)
from mutuali.bookings.rules.series import (
    Change,
    DateResult,
    Deed,
    Occurrence,
    Take,
    changed_state,
    decide_date,
    moved,
    span_around,
)
from mutuali.bookings.service.ask import lender_trusts, objections
from mutuali.bookings.service.carry_out import cancel
from mutuali.bookings.service.look import BookingFacts, read_facts
from mutuali.bookings.service.records import decides, expire_lapsed_holds, move
from mutuali.bookings.service.rivals import knock_out
from mutuali.bookings.service.series.ask import changed_dates, refuse_unless_taken
from mutuali.bookings.service.series.records import leave_series_trace, read_series
from mutuali.bookings.service.taken import read_offer_holds, read_situation
from mutuali.bookings.service.traces import leave_trace
from mutuali.core.errors import Forbidden, Reason, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, may, require
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Offer

#: States in which a date that is to come can still be changed.
_OPEN = (*UNDECIDED, State.APPROVED)
_STEPS = {Deed.CANCEL: Step.CANCEL, Deed.MOVE: Step.MOVE, Deed.UNITS: Step.UNITS}

#: The dates that a change reaches, in order, by what they are called in their series.
Reached = Mapping[datetime, Booking]


@dataclass(frozen=True, slots=True)
class DateChange:
    """What a change does to one date: as it is, as it would be, and what stands against it.

    ``asks_again``: somebody has said yes and would have to say so again.
    """

    before: BookingFacts
    result: DateResult
    units: int
    asks_again: bool = False


@dataclass(frozen=True, slots=True)
class ChangedSeries:
    """What was done: the dates that changed, those that stay as they were, and those that were
    shown as possible and no longer are."""

    changed: tuple[DateChange, ...]
    kept: tuple[DateChange, ...]
    lost: tuple[datetime, ...]


def preview_change(
    session: Session, actor: Actor, public_id: str, change: Change, *, now: datetime
) -> list[DateChange]:
    """What a change would do to each date it reaches, if it were made now; nothing is written.

    What is past or was handed over is not reached.

    Raises:
        NotFound, Forbidden: the actor may not see the series, or not change it so.
        Refused: it reaches no date.
    """
    series = read_series(session, actor, public_id)
    _may_change(actor, series, change)
    rows = _reached(session, series, change, now)
    offer = equipment.offer(session, series.listing_id, _whole(rows, change, now))
    return _decided(session, actor, series, rows, change, offer, now=now)


def change_series(
    session: Session,
    actor: Actor,
    public_id: str,
    change: Change,
    *,
    take: Take,
    shown: Collection[datetime] | None = None,
    reason: str = "",
    now: datetime,
) -> ChangedSeries:
    """Make a change to all the dates it reaches or, with :attr:`Take.FREE`, to those it can.

    Each is decided again in the listing's turn, against what others have by now.

    Raises:
        NotFound, Forbidden: the actor may not see the series, or not change it so.
        Refused: a rule says no, or it reaches no date.
        Conflict: units are missing.
    """
    series = read_series(session, actor, public_id)
    _may_change(actor, series, change)
    span = _whole(_reached(session, series, change, now), change, now)
    offer = equipment.take_turn(session, series.listing_id, span)
    if any(quota.of_all for quota in offer.quotas):
        equipment.queue_for_quotas(session, [offer.lender_id])
    expire_lapsed_holds(session, offer, now=now)
    rows = _reached(session, series, change, now)
    dates = _decided(session, actor, series, rows, change, offer, now=now)
    results = [each.result for each in dates]
    lost, _ = changed_dates(results, shown)
    refuse_unless_taken(results, take, lost)
    done = tuple(each for each in dates if each.result.is_possible)
    if change.deed is Deed.CANCEL:
        for each in done:
            cancel(session, actor, each.before.public_id, reason=reason, now=now)
    else:
        _write(session, actor, series, rows, done, _STEPS[change.deed], offer, now)
    leave_series_trace(session, actor, series, _STEPS[change.deed], len(done), now=now)
    kept = tuple(each for each in dates if not each.result.is_possible)
    return ChangedSeries(done, kept, lost)


def _may_change(actor: Actor, series: BookingSeries, change: Change) -> None:
    """Either party cancels; only who borrows asks for another time or other units."""
    if change.deed is not Deed.CANCEL:
        require(actor, Permission.BOOKING_REQUEST, over=series.borrower_id)
    elif not any(
        may(actor, Permission.BOOKING_CARRY_OUT, over=party)
        for party in (series.lender_id, series.borrower_id)
    ):
        raise Forbidden


def _reached(session: Session, series: BookingSeries, change: Change, now: datetime) -> Reached:
    """The dates that a change reaches, as they are now. Raises Refused: there are none."""
    rows = session.scalars(
        select(Booking)
        .where(Booking.series_id == series.id, Booking.state.in_(_OPEN), Booking.starts_at > now)
        .order_by(Booking.series_date)
        .execution_options(populate_existing=True)
    ).all()
    found = {
        row.series_date: row
        for row in rows
        if row.series_date is not None and change.reaches(row.series_date)
    }
    if not found:
        raise Refused(Reason("series.none_reached", {}, "date"))
    return found


def _wanted(rows: Reached, change: Change) -> dict[datetime, Occurrence]:
    return {date: moved(date, _period(row), change) for date, row in rows.items()}


def _whole(rows: Reached, change: Change, now: datetime) -> Period:
    """A span that holds every date as it is and as it would be."""
    spans = [Period(row.starts_at, row.occupied_until) for row in rows.values()]
    for each in _wanted(rows, change).values():
        spans += [each.period] if each.period else [span for _answer, span in each.choices]
    return span_around(spans, now=now)


def _decided(
    session: Session,
    actor: Actor,
    series: BookingSeries,
    rows: Reached,
    change: Change,
    offer: Offer,
    *,
    now: datetime,
) -> list[DateChange]:
    """What stands against each date, one after the other: a date that can move has moved for the
    next ones, a date that cannot stands where it stood."""
    facts = read_facts(session, actor, list(rows.values()), now=now)
    before = dict(zip(rows, facts, strict=True))
    wanted = _wanted(rows, change)
    if change.deed is Deed.CANCEL:
        return [DateChange(before[d], DateResult(wanted[d]), rows[d].units) for d in rows]
    span = occupied(_whole(rows, change, now), offer.turnaround)
    met = read_situation(session, offer, series.borrower_id, span, now=now)
    met = replace(met, uses=_besides(met.uses, [_use(offer, row) for row in rows.values()]))
    ids = [row.id for row in rows.values()]
    holds = read_offer_holds(session, offer, span, now=now, besides=ids)
    trusted = lender_trusts(session, offer, series.borrower_id)
    standing = {
        date: Hold(row.units, Period(row.starts_at, row.occupied_until))
        for date, row in rows.items()
    }
    uses = {date: _use(offer, row) for date, row in rows.items()}
    found: dict[datetime, DateChange] = {}

    def against(asked: Ask, near: Sequence[Hold], own: Sequence[Use]) -> tuple[Reason, ...]:
        return objections(asked, offer, near, met, own=own, now=now)

    for date in _in_turn(rows, wanted):
        row, after = rows[date], wanted[date]
        units = change.units or row.units
        if after.period is None:
            reasons = (after.asks,) if after.asks else ()
            found[date] = DateChange(before[date], DateResult(after, reasons), units)
            continue
        result = DateResult(after)
        if not _gives_back(row, after.period, units):
            own = [hold for other, hold in standing.items() if other != date]
            used = [use for other, use in uses.items() if other != date]
            asked = Ask(series.borrower_id, units, after.period)
            result = decide_date(after, asked, offer, holds, own, used, against, now=now)
        if result.is_possible:
            standing[date] = Hold(units, occupied(after.period, offer.turnaround))
            uses[date] = Use(offer.listing_id, units, after.period)
        state = _state_after(actor, row, after.period, units, offer, trusted=trusted)
        asks_again = State(row.state) is State.APPROVED and state is not State.APPROVED
        found[date] = DateChange(before[date], result, units, asks_again)
    return [found[date] for date in rows]


def _write(
    session: Session,
    actor: Actor,
    series: BookingSeries,
    rows: Reached,
    done: Iterable[DateChange],
    step: Step,
    offer: Offer,
    now: datetime,
) -> None:
    trusted = lender_trusts(session, offer, series.borrower_id)
    changes = {each.result.date: each for each in done}
    wanted = {date: each.result.occurrence for date, each in changes.items()}
    approved: dict[int, Period] = {}
    for date in _in_turn({date: rows[date] for date in changes}, wanted):
        row, period, units = rows[date], wanted[date].period, changes[date].units
        if period is None or (period, units) == (_period(row), row.units):
            continue
        state = _state_after(actor, row, period, units, offer, trusted=trusted)
        reached = advance_to(State(row.state), step, state)
        _change_row(session, row, reached, period, units, offer, now)
        leave_trace(session, actor, row, step, now=now)
        if reached is State.APPROVED:
            approved[row.id] = occupied(period, offer.turnaround)
    if approved:
        knock_out(session, offer, approved, now=now)


def _change_row(
    session: Session,
    row: Booking,
    state: State,
    period: Period,
    units: int,
    offer: Offer,
    now: datetime,
) -> None:
    """Write a date as it is from now on, and the parts of a kit along with it."""
    waits, waited = state in UNDECIDED, State(row.state) in UNDECIDED
    patience = decide_by(offer, period, now) if waits else None
    if waits and waited and row.decide_by is not None:
        patience = min(row.decide_by, period.start)
    if waits and not waited:
        session.execute(delete(BookingApproval).where(BookingApproval.booking_id == row.id))
    for part in offer.parts if units != row.units else ():
        session.execute(
            update(Booking)
            .where(
                Booking.whole_id == row.id,
                Booking.whole_as == WholeAs.KIT,
                Booking.listing_id == part.listing_id,
            )
            .values(units=part.needed * units)
            .execution_options(synchronize_session=False)
        )
    row.units, row.price_cents = units, price_of(offer, period, units)
    move(
        session,
        row,
        state,
        starts_at=period.start,
        ends_at=period.end,
        occupied_until=occupied(period, offer.turnaround).end,
        turnaround_minutes=int(offer.turnaround / timedelta(minutes=1)),
        no_show_hours=offer.no_show_hours,
        decide_by=patience,
        decided_at=None if waits else row.decided_at or now,
    )


def _in_turn(rows: Reached, wanted: Mapping[datetime, Occurrence]) -> list[datetime]:
    """The order in which dates can move without passing through one another: the last one first
    when they move on, the first one first when they come earlier."""
    later = any(
        (span := wanted[date].period) is not None and span.start > row.starts_at
        for date, row in rows.items()
    )
    return sorted(rows, key=lambda date: rows[date].starts_at, reverse=later)


def _gives_back(row: Booking, period: Period, units: int) -> bool:
    """Whether a date only gives units back: nothing can stand against that."""
    return units <= row.units and period == _period(row)


def _state_after(
    actor: Actor, row: Booking, period: Period, units: int, offer: Offer, *, trusted: bool
) -> State:
    says_yes = not offer.two_decide and may(actor, decides(offer.approver), over=row.lender_id)
    needs_no_yes = says_yes or _gives_back(row, period, units)
    return changed_state(offer, State(row.state), trusted=trusted, needs_no_yes=needs_no_yes)


def _use(offer: Offer, row: Booking) -> Use:
    return Use(offer.listing_id, row.units, _period(row))


def _besides(uses: Iterable[Use], mine: Iterable[Use]) -> list[Use]:
    """What quotas count of a borrower without the dates that are to change."""
    left = Counter(mine)
    others = []
    for use in uses:
        if left[use]:
            left[use] -= 1
        else:
            others.append(use)
    return others


def _period(row: Booking) -> Period:
    return Period(row.starts_at, row.ends_at)
