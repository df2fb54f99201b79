"""Deciding requests: approve, decline, let lapse."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.bookings.models import IS_UNDECIDED, Booking, BookingApproval
from mutuali.bookings.rules import (
    UNDECIDED,
    Ask,
    State,
    Step,
    advance,
    occupied,
    shortage,
)
from mutuali.bookings.service.documents import require_documents
from mutuali.bookings.service.records import (
    decides,
    expire_lapsed_holds,
    move,
    read_booking,
    sees,
    take_turn_for,
)
from mutuali.bookings.service.rivals import knock_out
from mutuali.bookings.service.taken import read_offer_holds
from mutuali.bookings.service.traces import Because, leave_trace
from mutuali.core.errors import Conflict, Forbidden, NotFound, Reason, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import SYSTEM, Actor, Role, require
from mutuali.equipment.rules import Offer


def approve(session: Session, actor: Actor, public_id: str, *, now: datetime) -> Booking:
    """Say yes to a request, if the units are still free; rivals that no longer fit are declined.

    Where two persons have to say yes, the first yes is kept and the request waits for the second.

    Raises:
        NotFound, Forbidden: the actor may not see it, or not decide it.
        Conflict: it is no longer waiting, the units are gone, or this person said yes before.
        Refused: the borrower no longer holds a document that the listing demands.
    """
    booking = read_booking(session, public_id)
    offer = take_turn_for(session, booking)
    require_decider(actor, booking, offer)
    expire_lapsed_holds(session, offer, now=now)
    session.refresh(booking)
    approved = advance(State(booking.state), Step.APPROVE)
    period = Period(booking.starts_at, booking.ends_at)
    if period.start < now:
        raise Conflict(Reason("booking.in_the_past"))
    if booking.decide_by is not None and booking.decide_by <= now:
        raise Conflict(Reason("booking.lapsed"))
    span = occupied(period, offer.turnaround)
    holds = read_offer_holds(session, offer, span, now=now, besides=[booking.id])
    if short := shortage(Ask(booking.borrower_id, booking.units, period), offer, holds):
        raise Conflict(short)
    require_documents(session, offer, booking.borrower_id, period.end)
    because = Because(for_id=deputy_for(actor, booking.lender_id))
    if offer.two_decide and _first_of_two(session, actor, booking, now=now):
        booking.version += 1
        leave_trace(session, actor, booking, Step.FIRST_YES, now=now, because=because)
        return booking
    move(session, booking, approved, decided_at=now)
    leave_trace(session, actor, booking, Step.APPROVE, now=now, because=because)
    knock_out(session, offer, {booking.id: span}, now=now)
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
    require_decider(actor, booking, offer)
    declined = advance(State(booking.state), Step.DECLINE)
    if not reason.strip():
        raise Refused(Reason("booking.reason_missing", {}, "reason"))
    move(session, booking, declined, decided_at=now)
    because = Because(for_id=deputy_for(actor, booking.lender_id))
    leave_trace(session, actor, booking, Step.DECLINE, now=now, note=reason, because=because)
    return booking


def expire_lapsed(session: Session, *, now: datetime) -> int:
    """Let every request lapse whose answer is overdue: silence is no. Returns how many."""
    lapsed = session.scalars(
        select(Booking)
        .where(IS_UNDECIDED, Booking.decide_by <= now, Booking.whole_id.is_(None))
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


def require_decider(actor: Actor, booking: Booking, offer: Offer) -> None:
    """Let through who decides this booking's requests.

    Raises:
        NotFound, Forbidden.
    """
    if not sees(actor, booking.lender_id, booking.borrower_id):
        raise NotFound
    require(actor, decides(offer.approver), over=booking.lender_id)


def deputy_for(actor: Actor, lender_id: int) -> int | None:
    """The lender, when this person decides for it only because it delegated to them."""
    own = lender_id in actor.memberships or Role.COORDINATOR in actor.roles
    return lender_id if lender_id in actor.delegated and not own else None


def _first_of_two(session: Session, actor: Actor, booking: Booking, *, now: datetime) -> bool:
    """Keep this person's yes; whether it is the first.

    Raises:
        Forbidden: nobody in particular.
        Conflict: they said yes before.
    """
    if actor.person_id is None:
        raise Forbidden
    before = session.scalars(
        select(BookingApproval.person_id).where(BookingApproval.booking_id == booking.id)
    ).all()
    if actor.person_id in before:
        raise Conflict("booking.yes_before")
    session.add(BookingApproval(booking_id=booking.id, person_id=actor.person_id, at=now))
    session.flush()
    return not before
