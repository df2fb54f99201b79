"""Deciding requests: approve, decline, let lapse."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking
from mutuali.bookings.rules import (
    UNDECIDED,
    Ask,
    State,
    Step,
    advance,
    occupied,
    shortage,
)
from mutuali.bookings.service.records import (
    expire_lapsed_holds,
    leave_trace,
    move,
    read_booking,
    read_offer_holds,
    sees,
    take_turn_for,
)
from mutuali.core.errors import Conflict, NotFound, Reason, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import SYSTEM, Actor, Permission, require
from mutuali.equipment.rules import Approver, Offer


def approve(session: Session, actor: Actor, public_id: str, *, now: datetime) -> Booking:
    """Approve a request, if the units are still free; rivals that no longer fit stay asked.

    Raises:
        NotFound, Forbidden: the actor may not see it, or not decide it.
        Conflict: it is no longer waiting, or the units are gone.
    """
    booking = read_booking(session, public_id)
    offer = take_turn_for(session, booking)
    _may_decide(actor, booking, offer)
    expire_lapsed_holds(session, offer, now=now)
    session.refresh(booking)
    approved = advance(State(booking.state), Step.APPROVE)
    period = Period(booking.starts_at, booking.ends_at)
    if period.start < now:
        raise Conflict(Reason("booking.in_the_past"))
    span = occupied(period, offer.turnaround)
    holds = read_offer_holds(session, offer, span, now=now, besides=[booking.id])
    if short := shortage(Ask(booking.borrower_id, booking.units, period), offer, holds):
        raise Conflict(short)
    move(session, booking, approved, decided_at=now)
    leave_trace(session, actor, booking, Step.APPROVE, now=now)
    return booking


def decline(
    session: Session, actor: Actor, public_id: str, reason: str, *, now: datetime
) -> Booking:
    """Say no, with a reason that the borrower reads.

    Raises:
        NotFound, Forbidden, Conflict; Refused: no reason given.
    """
    booking = read_booking(session, public_id)
    offer = take_turn_for(session, booking)
    _may_decide(actor, booking, offer)
    declined = advance(State(booking.state), Step.DECLINE)
    if not reason.strip():
        raise Refused(Reason("booking.reason_missing", {}, "reason"))
    move(session, booking, declined, decided_at=now)
    leave_trace(session, actor, booking, Step.DECLINE, now=now, note=reason)
    return booking


def expire_lapsed(session: Session, *, now: datetime) -> int:
    """Let every request lapse whose answer is overdue: silence is no. Returns how many."""
    lapsed = session.scalars(
        select(Booking)
        .where(Booking.state.in_(UNDECIDED), Booking.decide_by <= now, Booking.whole_id.is_(None))
        .order_by(Booking.listing_id)
        .limit(500)
    ).all()
    count = 0
    for booking in lapsed:
        take_turn_for(session, booking)
        if State(booking.state) in UNDECIDED:
            move(session, booking, advance(State(booking.state), Step.EXPIRE))
            leave_trace(session, SYSTEM, booking, Step.EXPIRE, now=now)
            count += 1
    return count


def decides(approver: Approver) -> Permission:
    """The permission that deciding a listing's requests asks for."""
    if approver is Approver.COORDINATOR:
        return Permission.BOOKING_DECIDE_FOR_NETWORK
    return Permission.BOOKING_DECIDE_AS_LENDER


def _may_decide(actor: Actor, booking: Booking, offer: Offer) -> None:
    if not sees(actor, booking.lender_id, booking.borrower_id):
        raise NotFound
    require(actor, decides(offer.approver), over=booking.lender_id)
