"""Taking a decision back: by whoever took it, within minutes, as long as nothing followed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session, aliased

from mutuali.bookings.models import Booking, BookingApproval, BookingStep
from mutuali.bookings.rules import (
    UNDO_WITHIN,
    Ask,
    State,
    Step,
    advance_to,
    occupied,
    shortage,
)
from mutuali.bookings.service.decide import deputy_for, require_decider
from mutuali.bookings.service.look import BookingFacts, read_facts
from mutuali.bookings.service.records import expire_lapsed_holds, move, read_booking, take_turn_for
from mutuali.bookings.service.taken import read_offer_holds
from mutuali.bookings.service.traces import Because, leave_trace
from mutuali.core.errors import Conflict, Forbidden
from mutuali.core.period import Period
from mutuali.core.permissions import SYSTEM, Actor
from mutuali.equipment.rules import Offer

#: What is told to a rival that waits again.
RIVAL_BACK = "booking.rival_back"
_DECISIONS = (Step.APPROVE, Step.DECLINE)


@dataclass(frozen=True, slots=True)
class RecentDecision:
    """What a person decided minutes ago, and until when they can take it back."""

    booking: BookingFacts
    step: Step
    until: datetime


def undo(session: Session, actor: Actor, public_id: str, *, now: datetime) -> Booking:
    """Take one's decision back: the request waits again, and so do the rivals it knocked out whose
    deadlines allow it. Where two persons decide, one's own yes is gone and the other's stays.

    Raises:
        NotFound, Forbidden: somebody else decided, or the actor decides it no more.
        Conflict: nothing to take back, too late, or the units are gone meanwhile.
    """
    booking = read_booking(session, public_id)
    offer = take_turn_for(session, booking)
    require_decider(actor, booking, offer)
    expire_lapsed_holds(session, offer, now=now)
    steps = session.scalars(
        select(BookingStep)
        .where(BookingStep.booking_id == booking.id)
        .order_by(BookingStep.id.desc())
        .limit(2)
    ).all()
    if len(steps) < 2 or steps[0].step not in _DECISIONS or steps[1].state is None:
        raise Conflict("booking.nothing_to_undo")
    decision, before = steps[0], State(steps[1].state)
    if actor.person_id is None or decision.person_id != actor.person_id:
        raise Forbidden("booking.undo_by_decider")
    if now > decision.at + UNDO_WITHIN:
        raise Conflict("booking.undo_too_late")
    if booking.decide_by is None or booking.decide_by <= now:
        raise Conflict("booking.undo_lapsed")
    reached = advance_to(State(booking.state), Step.UNDO, before)
    if reached is State.HELD:
        still_free(session, booking, offer, now)
    move(session, booking, reached, decided_at=None)
    session.execute(
        delete(BookingApproval).where(
            BookingApproval.booking_id == booking.id, BookingApproval.person_id == actor.person_id
        )
    )
    because = Because(for_id=deputy_for(actor, booking.lender_id))
    leave_trace(session, actor, booking, Step.UNDO, now=now, because=because)
    _bring_back_rivals(session, booking.id, decision.id, now)
    return booking


def recent_decisions(session: Session, actor: Actor, *, now: datetime) -> list[RecentDecision]:
    """What this person decided and can still take back, latest first."""
    steps = _own_decisions(session, actor, now)
    rows = {row.id: row for row in session.scalars(select(Booking).where(Booking.id.in_(steps)))}
    return [
        RecentDecision(each, Step(steps[each.id].step), steps[each.id].at + UNDO_WITHIN)
        for each in read_facts(session, actor, [rows[id_] for id_ in steps], now=now)
        if each.decide_by is not None and each.decide_by > now
    ]


def undo_until(
    session: Session, actor: Actor, facts: BookingFacts, *, now: datetime
) -> datetime | None:
    """Until when this person can take their decision on a booking back; None when they cannot."""
    if facts.decide_by is None or facts.decide_by <= now:
        return None
    step = _own_decisions(session, actor, now, BookingStep.booking_id == facts.id).get(facts.id)
    return None if step is None else step.at + UNDO_WITHIN


def _own_decisions(
    session: Session, actor: Actor, now: datetime, *which: ColumnElement[bool]
) -> dict[int, BookingStep]:
    """The decisions of the last minutes that nothing followed, by booking, latest first."""
    if actor.person_id is None:
        return {}
    later = aliased(BookingStep)
    steps = session.scalars(
        select(BookingStep)
        .where(
            BookingStep.person_id == actor.person_id,
            BookingStep.at >= now - UNDO_WITHIN,
            BookingStep.step.in_(_DECISIONS),
            *which,
            ~exists().where(later.booking_id == BookingStep.booking_id, later.id > BookingStep.id),
        )
        .order_by(BookingStep.id.desc())
    )
    return {step.booking_id: step for step in steps}


def still_free(session: Session, booking: Booking, offer: Offer, now: datetime) -> None:
    """Units that were given back are had again only if nobody took them meanwhile.

    Raises:
        Conflict: somebody did.
    """
    period = Period(booking.starts_at, booking.ends_at)
    span = occupied(period, offer.turnaround)
    holds = read_offer_holds(session, offer, span, now=now, besides=[booking.id])
    if short := shortage(Ask(booking.borrower_id, booking.units, period), offer, holds):
        raise Conflict(short)


def _bring_back_rivals(session: Session, winner_id: int, decision_id: int, now: datetime) -> None:
    lost: Sequence[int] = session.scalars(
        select(BookingStep.booking_id).where(
            BookingStep.cause_id == winner_id,
            BookingStep.id > decision_id,
            BookingStep.step == Step.DECLINE,
        )
    ).all()
    rows = session.scalars(
        select(Booking)
        .where(Booking.id.in_(lost), Booking.state == State.DECLINED, Booking.decide_by > now)
        .order_by(Booking.id)
    ).all()
    for row in rows:
        reached = advance_to(State(row.state), Step.UNDO, State.REQUESTED)
        move(session, row, reached, decided_at=None)
        because = Because(reason=RIVAL_BACK, cause_id=winner_id)
        leave_trace(session, SYSTEM, row, Step.UNDO, now=now, because=because)
