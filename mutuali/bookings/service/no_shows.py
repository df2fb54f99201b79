"""Bookings that nobody came for: released by time or by hand, and taken back within minutes."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session

from mutuali.bookings.models import IS_AWAITED, Booking, BookingStep
from mutuali.bookings.rules import (
    NO_SHOW_UNDO_WITHIN,
    State,
    Step,
    advance,
    advance_to,
    no_show_at,
)
from mutuali.bookings.service.carry_out import carried_by
from mutuali.bookings.service.look import BookingFacts
from mutuali.bookings.service.records import expire_lapsed_holds, move, take_turn_for
from mutuali.bookings.service.rivals import knock_out
from mutuali.bookings.service.traces import leave_trace
from mutuali.bookings.service.undo import still_free
from mutuali.core.errors import Conflict, Forbidden, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import SYSTEM, Actor, Permission, may

#: The shortest time after which anything is released.
_SOONEST = timedelta(hours=1)


def release_no_shows(session: Session, *, now: datetime) -> int:
    """Release what nobody came for in the time that its listing gave; each booking once at most,
    so that one which the lender took back stays. Returns how many."""
    before = exists().where(
        BookingStep.booking_id == Booking.id, BookingStep.step == Step.NO_SHOW.value
    )
    awaited = session.scalars(
        select(Booking)
        .where(
            text(IS_AWAITED),
            Booking.starts_at <= now - _SOONEST,
            Booking.whole_id.is_(None),
            ~before,
        )
        .order_by(Booking.listing_id, Booking.id)
        .limit(500)
    ).all()
    count = 0
    for booking in awaited:
        if not _is_due(booking, now):
            continue
        take_turn_for(session, booking)
        if State(booking.state) is State.APPROVED and _is_due(booking, now):
            _release(session, SYSTEM, booking, now)
            count += 1
    return count


def note_no_show(session: Session, actor: Actor, public_id: str, *, now: datetime) -> Booking:
    """The lender says that nobody came: the units are free at once.

    Raises:
        NotFound; Forbidden: the actor is not on the lender's side.
        Refused: it has not begun. Conflict: it was handed over, or is over.
    """
    booking = _of_lender(session, actor, public_id)
    take_turn_for(session, booking)
    advance(State(booking.state), Step.NO_SHOW)
    if now < booking.starts_at:
        raise Refused("booking.not_begun")
    _release(session, actor, booking, now)
    return booking


def undo_no_show(session: Session, actor: Actor, public_id: str, *, now: datetime) -> Booking:
    """Somebody came after all: the booking stands again, if its units are still free.

    Raises:
        NotFound; Forbidden: the actor is not on the lender's side.
        Conflict: nothing to take back, too late, or others have the units meanwhile.
    """
    booking = _of_lender(session, actor, public_id)
    offer = take_turn_for(session, booking)
    expire_lapsed_holds(session, offer, now=now)
    released_at = _released_at(session, booking.id)
    if released_at is None:
        raise Conflict("booking.nothing_to_undo")
    if now > released_at + NO_SHOW_UNDO_WITHIN:
        raise Conflict("booking.no_show_undo_too_late")
    reached = advance_to(State(booking.state), Step.UNDO, State.APPROVED)
    still_free(session, booking, offer, now)
    move(session, booking, reached)
    leave_trace(session, actor, booking, Step.UNDO, now=now)
    span = Period(booking.starts_at, booking.occupied_until)
    knock_out(session, offer, {booking.id: span}, now=now)
    return booking


def no_show_undo_until(session: Session, facts: BookingFacts, *, now: datetime) -> datetime | None:
    """Until when the lender can say that somebody came after all; None when it cannot."""
    if facts.state is not State.CANCELLED or not facts.is_lender_side:
        return None
    released_at = _released_at(session, facts.id)
    if released_at is None or now > released_at + NO_SHOW_UNDO_WITHIN:
        return None
    return released_at + NO_SHOW_UNDO_WITHIN


def _is_due(booking: Booking, now: datetime) -> bool:
    due_at = no_show_at(booking.starts_at, booking.no_show_hours)
    return due_at is not None and due_at <= now


def _release(session: Session, actor: Actor, booking: Booking, now: datetime) -> None:
    move(session, booking, advance(State(booking.state), Step.NO_SHOW))
    leave_trace(session, actor, booking, Step.NO_SHOW, now=now)


def _of_lender(session: Session, actor: Actor, public_id: str) -> Booking:
    booking = carried_by(session, actor, public_id)
    if not may(actor, Permission.BOOKING_CARRY_OUT, over=booking.lender_id):
        raise Forbidden
    return booking


def _released_at(session: Session, booking_id: int) -> datetime | None:
    """When it was released, if nothing followed."""
    last = session.execute(
        select(BookingStep.step, BookingStep.at)
        .where(BookingStep.booking_id == booking_id)
        .order_by(BookingStep.id.desc())
        .limit(1)
    ).one_or_none()
    return last.at if last is not None and last.step == Step.NO_SHOW.value else None
