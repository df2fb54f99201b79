"""Asking whoever waits, in order, once units are free."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.bookings import service as bookings
from mutuali.bookings.rules import Ask
from mutuali.core.period import Period
from mutuali.core.permissions import SYSTEM
from mutuali.equipment import service as equipment
from mutuali.jobs import service as jobs
from mutuali.waiting.models import WaitingEntry
from mutuali.waiting.rules import WaitingState, asked_until

#: For so many listings one looks at a time, those that nobody looked at for longest first.
_LISTINGS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is, for what, until when."""

    borrower_id: int
    listing: equipment.ListingFacts
    units: int
    period: Period
    until: datetime


def ask_waiting(
    session: Session, listing_id: int, period: Period | None = None, *, now: datetime
) -> int:
    """Ask those who wait for a listing, around ``period`` if given, for whom units are free now, in
    the order in which they joined. Returns how many.

    Nothing is booked by it: they have until a day from now to ask like anybody. Whoever has their
    turn already keeps the units from those behind them, not from others.
    """
    equipment.lock_turn(session, listing_id)
    rows = _line(session, listing_id, period, now)
    waiting = [row for row in rows if row.state == WaitingState.WAITING]
    if not waiting:
        return 0
    before = [_ask(row) for row in rows if row.state == WaitingState.ASKED]
    free = bookings.possible(session, listing_id, [_ask(row) for row in waiting], before, now=now)
    listing = equipment.listings(session, [listing_id])[listing_id]
    lead = timedelta(minutes=listing.draft.lead_minutes)
    count = 0
    for row, fits in zip(waiting, free, strict=True):
        row.looked_at = now
        if fits:
            row.state, row.asked_until = WaitingState.ASKED, asked_until(row.starts_at, lead, now)
            note(session, row, "asked", now)
            jobs.enqueue(session, "waiting.tell", {"entry": row.id}, now=now)
            count += 1
    session.flush()
    return count


def ask_all(session: Session, *, now: datetime) -> int:
    """:func:`ask_waiting` for every listing that somebody waits for. Returns how many were asked.

    Units come free in ways that leave no step at a booking: an outage that ends, more units,
    another document.
    """
    oldest = func.min(func.coalesce(WaitingEntry.looked_at, WaitingEntry.joined_at))
    ids = session.scalars(
        select(WaitingEntry.listing_id)
        .where(WaitingEntry.state == WaitingState.WAITING, WaitingEntry.starts_at > now)
        .group_by(WaitingEntry.listing_id)
        .order_by(oldest, WaitingEntry.listing_id)
        .limit(_LISTINGS_AT_ONCE)
    ).all()
    return sum(ask_waiting(session, listing_id, now=now) for listing_id in sorted(ids))


def end_turns(session: Session, *, now: datetime) -> int:
    """Let pass whoever did not ask in time, so that the next one is asked; whoever waits for what
    has begun waits no more. Returns how many passed."""
    late = session.scalars(
        select(WaitingEntry)
        .where(WaitingEntry.asked_until <= now)
        .order_by(WaitingEntry.listing_id, WaitingEntry.id)
        .limit(500)
    ).all()
    for row in late:
        row.state, row.asked_until = WaitingState.PASSED, None
        note(session, row, "passed", now)
    session.execute(delete(WaitingEntry).where(WaitingEntry.starts_at <= now))
    session.flush()
    return len(late)


def end_asked_for(session: Session, booking_id: int, *, now: datetime) -> None:
    """A borrower asked for a listing: it waits no more for what that booking meets."""
    booked = bookings.booking_by_id(session, SYSTEM, booking_id, now=now)
    session.execute(
        delete(WaitingEntry).where(
            WaitingEntry.listing_id == booked.listing.id,
            WaitingEntry.borrower_id == booked.borrower.id,
            WaitingEntry.starts_at < booked.period.end,
            WaitingEntry.ends_at > booked.period.start,
        )
    )


def turn(session: Session, entry_id: int, *, now: datetime) -> Turn | None:
    """Whose turn it is, for the letter; None when it is over."""
    row = session.get(WaitingEntry, entry_id)
    if row is None or row.asked_until is None or row.asked_until <= now:
        return None
    listing = equipment.listings(session, [row.listing_id])[row.listing_id]
    period = Period(row.starts_at, row.ends_at)
    return Turn(row.borrower_id, listing, row.units, period, row.asked_until)


def note(session: Session, row: WaitingEntry, deed: str, now: datetime) -> None:
    """The event of a turn that came or went by itself."""
    facts = {"listing": row.listing_id, "organization": row.borrower_id}
    audit.record(session, SYSTEM, f"waiting.{deed}", "waiting", row.id, now=now, facts=facts)


def _line(
    session: Session, listing_id: int, period: Period | None, now: datetime
) -> Sequence[WaitingEntry]:
    """Who waits or has their turn, first come first."""
    query = select(WaitingEntry).where(
        WaitingEntry.listing_id == listing_id,
        WaitingEntry.state.in_((WaitingState.WAITING, WaitingState.ASKED)),
        WaitingEntry.starts_at > now,
    )
    if period is not None:
        query = query.where(
            WaitingEntry.starts_at < period.end, WaitingEntry.ends_at > period.start
        )
    return session.scalars(
        query.order_by(WaitingEntry.id).execution_options(populate_existing=True)
    ).all()


def _ask(row: WaitingEntry) -> Ask:
    return Ask(row.borrower_id, row.units, Period(row.starts_at, row.ends_at))
