"""From approval to the end: cancel, hand over, take back, close."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking
from mutuali.bookings.rules import CLOSE_AFTER, EARLY_HAND_OVER, State, Step, advance
from mutuali.bookings.service.documents import require_documents
from mutuali.bookings.service.named_units import bring_back_units, name_units
from mutuali.bookings.service.records import move, read_booking, sees, take_turn_for
from mutuali.bookings.service.traces import leave_trace
from mutuali.core.errors import Conflict, Forbidden, NotFound, Reason, Refused
from mutuali.core.permissions import SYSTEM, Actor, Permission, may


def cancel(
    session: Session, actor: Actor, public_id: str, *, reason: str = "", now: datetime
) -> Booking:
    """Take a request or a booking back, by either party; its units are free at once.

    Raises:
        NotFound, Forbidden, Conflict (already out, or over).
    """
    booking = carried_by(session, actor, public_id)
    take_turn_for(session, booking)
    move(session, booking, advance(State(booking.state), Step.CANCEL))
    leave_trace(session, actor, booking, Step.CANCEL, now=now, note=reason)
    return booking


def hand_over(
    session: Session,
    actor: Actor,
    public_id: str,
    *,
    note: str = "",
    temperature: int | None = None,
    units: Collection[str] = (),
    now: datetime,
) -> Booking:
    """The units change hands, those with names by their public ids. The guard refuses more units
    out than exist, overdue ones and broken ones included.

    Raises:
        NotFound, Forbidden, Conflict; Refused: too early, units that were not named rightly, or a
        document that the listing demands ended or was refused meanwhile.
    """
    booking = carried_by(session, actor, public_id)
    offer = take_turn_for(session, booking)
    on_loan = advance(State(booking.state), Step.HAND_OVER)
    if now < booking.starts_at - EARLY_HAND_OVER:
        raise Refused(Reason("booking.too_early_to_hand_over", {"early": EARLY_HAND_OVER}))
    require_documents(session, offer, booking.borrower_id, max(now, booking.ends_at))
    move(session, booking, on_loan, handed_over_at=now)
    name_units(session, booking.id, units, now=now)
    leave_trace(
        session, actor, booking, Step.HAND_OVER, now=now, note=note, temperature=temperature
    )
    return booking


def take_back(
    session: Session,
    actor: Actor,
    public_id: str,
    *,
    note: str = "",
    temperature: int | None = None,
    now: datetime,
) -> Booking:
    """The units come back; an early return frees the rest of the span, turnaround kept.

    Raises:
        NotFound, Forbidden, Conflict.
    """
    booking = carried_by(session, actor, public_id)
    take_turn_for(session, booking)
    returned = advance(State(booking.state), Step.TAKE_BACK)
    turnaround = timedelta(minutes=booking.turnaround_minutes)
    earliest = booking.starts_at + timedelta(minutes=1)
    until = min(booking.occupied_until, max(now + turnaround, earliest))
    move(session, booking, returned, returned_at=now, occupied_until=until)
    bring_back_units(session, booking.id, now=now)
    leave_trace(
        session, actor, booking, Step.TAKE_BACK, now=now, note=note, temperature=temperature
    )
    return booking


def close_return(session: Session, actor: Actor, public_id: str, *, now: datetime) -> Booking:
    """The lender has looked: all is well, the booking is over.

    Raises:
        NotFound, Conflict (also while the parties disagree about its state); Forbidden: the actor
        is not on the lender's side.
    """
    booking = carried_by(session, actor, public_id)
    if not may(actor, Permission.BOOKING_CARRY_OUT, over=booking.lender_id):
        raise Forbidden
    take_turn_for(session, booking)
    closed = advance(State(booking.state), Step.CLOSE)
    if booking.disputed_at is not None:
        raise Conflict("booking.disputed")
    move(session, booking, closed)
    leave_trace(session, actor, booking, Step.CLOSE, now=now)
    return booking


def close_seen_returns(session: Session, *, now: datetime) -> int:
    """Close returns that nobody spoke about for seven days. Returns how many."""
    ripe = session.scalars(
        select(Booking)
        .where(
            Booking.state == State.RETURNED,
            Booking.returned_at <= now - CLOSE_AFTER,
            Booking.disputed_at.is_(None),
            Booking.whole_id.is_(None),
        )
        .order_by(Booking.listing_id)
        .limit(500)
    ).all()
    for booking in ripe:
        take_turn_for(session, booking)
        if State(booking.state) is State.RETURNED and booking.disputed_at is None:
            move(session, booking, State.CLOSED)
            leave_trace(session, SYSTEM, booking, Step.CLOSE, now=now)
    return len(ripe)


def dispute(session: Session, actor: Actor, booking_id: int, words: str, *, now: datetime) -> None:
    """Note that the parties do not say the same of its state; the caller says whether they may."""
    booking = session.get_one(Booking, booking_id)
    booking.disputed_at = now
    booking.version += 1
    session.flush()
    leave_trace(session, actor, booking, Step.DISPUTE, now=now, note=words)


def settle(session: Session, booking_id: int) -> None:
    """Nothing about its state is disputed any more; the caller says why and leaves the trace."""
    booking = session.get_one(Booking, booking_id)
    booking.disputed_at = None
    booking.version += 1
    session.flush()


def bind(session: Session, booking_id: int, sha256: str) -> None:
    """Keep of which exact text a booking's latest agreement is."""
    session.get_one(Booking, booking_id).agreement_sha256 = sha256
    session.flush()


def carried_by(session: Session, actor: Actor, public_id: str) -> Booking:
    """The booking, for who carries it out for one of its parties. Raises NotFound, Forbidden."""
    booking = read_booking(session, public_id)
    if not sees(actor, booking.lender_id, booking.borrower_id):
        raise NotFound
    carries = (
        may(actor, Permission.BOOKING_CARRY_OUT, over=party)
        for party in (booking.lender_id, booking.borrower_id)
    )
    if not any(carries):
        raise Forbidden
    return booking
