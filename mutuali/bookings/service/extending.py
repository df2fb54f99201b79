"""A coming or running booking that lasts longer, or ends earlier."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking, Proposal
from mutuali.bookings.rules import (
    Ask,
    ProposalKind,
    ProposalState,
    State,
    Step,
    advance,
    end_refusals,
    latest_end,
    longer_by,
    occupied,
    price_of,
)
from mutuali.bookings.service.ask import lender_trusts
from mutuali.bookings.service.decide import deputy_for, require_decider
from mutuali.bookings.service.documents import documents_against, offer_to
from mutuali.bookings.service.look import BookingFacts
from mutuali.bookings.service.open_proposals import replace_open, waiting_proposal
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
from mutuali.core.errors import Conflict, DomainError, Forbidden, NotFound, Reason, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, may
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver, Offer

#: How far ahead a page looks for the latest possible end.
_LOOKING_AHEAD = timedelta(days=30)


def change_end(
    session: Session,
    actor: Actor,
    booking_public_id: str,
    ends_at: datetime,
    *,
    word: str = "",
    public_id: str,
    now: datetime,
) -> Booking:
    """Let a booking end at another time. Earlier needs nobody; longer needs whoever decides the
    listing's requests, unless the actor does: then it waits for their answer.

    Raises:
        NotFound, Forbidden: the actor is neither party.
        Refused: a rule of the listing says no; until when it could last.
        Conflict: the booking is not coming or running, or others have the units.
    """
    booking = _of_party(session, actor, booking_public_id)
    offer = _turn(session, booking, ends_at, now)
    step = Step.SHORTEN if ends_at <= booking.ends_at else Step.EXTEND
    advance(State(booking.state), step)
    if ends_at == booking.ends_at:
        raise Refused(Reason("extension.same_end", {}, "ends_at"))
    _check(session, booking, offer, ends_at, now)
    if step is Step.SHORTEN or _needs_nobody(session, actor, booking, offer):
        replace_open(session, booking.id, now)
        _apply(session, actor, booking, offer, ends_at, step, word, now)
        return booking
    replace_open(session, booking.id, now)
    session.add(
        Proposal(
            public_id=public_id,
            booking_id=booking.id,
            kind=ProposalKind.LONGER,
            from_listing_id=booking.listing_id,
            listing_id=booking.listing_id,
            units=booking.units,
            starts_at=booking.starts_at,
            ends_at=ends_at,
            price_cents=_price(booking, offer, ends_at),
            word=word,
            made_by=actor.person_id,
            made_at=now,
            answer_by=longer_by(booking.ends_at, ends_at, now),
            first_yes_by=actor.person_id if _decides(actor, booking, offer) else None,
        )
    )
    booking.version += 1
    leave_trace(session, actor, booking, Step.ASK_LONGER, now=now, note=word)
    return booking


def approve_longer(
    session: Session, actor: Actor, booking_public_id: str, *, now: datetime
) -> Booking:
    """Say yes to a longer booking, checked again against everything; where two persons have to say
    yes, the first one is kept.

    Raises:
        NotFound, Forbidden: the actor does not decide the listing's requests.
        Refused: a rule says no by now.
        Conflict: nothing is asked any more, the units are gone, or this person said yes before.
    """
    booking, proposal, offer = _asked(session, actor, booking_public_id, now)
    _check(session, booking, offer, proposal.ends_at, now)
    if offer.two_decide:
        if actor.person_id is None:
            raise Forbidden
        if proposal.first_yes_by == actor.person_id:
            raise Conflict("booking.yes_before")
        if proposal.first_yes_by is None:
            proposal.first_yes_by = actor.person_id
            booking.version += 1
            because = Because(for_id=deputy_for(actor, booking.lender_id))
            leave_trace(session, actor, booking, Step.FIRST_YES, now=now, because=because)
            return booking
    proposal.state, proposal.ended_at = ProposalState.ACCEPTED, now
    proposal.answered_by = actor.person_id
    session.flush()
    _apply(session, actor, booking, offer, proposal.ends_at, Step.EXTEND, "", now)
    return booking


def decline_longer(
    session: Session, actor: Actor, booking_public_id: str, reason: str, *, now: datetime
) -> Booking:
    """Say no to a longer booking, with a reason that the borrower reads; it ends as promised.

    Raises:
        NotFound, Forbidden, Conflict: as :func:`approve_longer`; Refused: no reason given.
    """
    booking, proposal, _ = _asked(session, actor, booking_public_id, now)
    if not reason.strip():
        raise Refused(Reason("booking.reason_missing", {}, "reason"))
    proposal.state, proposal.ended_at = ProposalState.DECLINED, now
    proposal.answered_by = actor.person_id
    if proposal.first_yes_by == actor.person_id:
        proposal.first_yes_by = None  # by this no, the yes before it is taken back
    booking.version += 1
    because = Because(for_id=deputy_for(actor, booking.lender_id))
    leave_trace(session, actor, booking, Step.NOT_LONGER, now=now, note=reason, because=because)
    return booking


def could_last_until(session: Session, facts: BookingFacts, *, now: datetime) -> datetime | None:
    """Until when a coming or running booking could last under all rules; None when no longer."""
    end = max(facts.period.end, now) + _LOOKING_AHEAD
    period = Period(facts.period.start, end)
    offer = equipment.offer(session, facts.listing.id, period)
    offer = offer_to(session, offer, facts.borrower.id, now=now)
    holds = read_offer_holds(
        session, offer, occupied(period, offer.turnaround), now=now, besides=[facts.id]
    )
    ask = Ask(facts.borrower.id, facts.units, period)
    return latest_end(ask, facts.period.end, offer, holds, now=now)


def _of_party(session: Session, actor: Actor, public_id: str) -> Booking:
    booking = read_booking(session, public_id)
    if not sees(actor, booking.lender_id, booking.borrower_id):
        raise NotFound
    parties = (booking.lender_id, booking.borrower_id)
    if not any(may(actor, Permission.BOOKING_CARRY_OUT, over=party) for party in parties):
        raise Forbidden
    return booking


def _asked(
    session: Session, actor: Actor, public_id: str, now: datetime
) -> tuple[Booking, Proposal, Offer]:
    """A booking that was asked to last longer, in its turn, for who decides it."""
    booking = read_booking(session, public_id)
    wanted = waiting_proposal(session, booking, ProposalKind.LONGER, now)
    offer = _turn(session, booking, wanted.ends_at, now)
    require_decider(actor, booking, offer)
    proposal = waiting_proposal(session, booking, ProposalKind.LONGER, now)
    if proposal.id != wanted.id:
        raise Conflict("proposal.over")
    return booking, proposal, offer


def _turn(session: Session, booking: Booking, ends_at: datetime, now: datetime) -> Offer:
    """The booking's listing in its turn, with the turnaround that the booking was made under."""
    over = Period(booking.starts_at, max(booking.ends_at, ends_at))
    offer = take_turn_for(session, booking, over)
    expire_lapsed_holds(session, offer, now=now)
    return replace(offer, turnaround=timedelta(minutes=booking.turnaround_minutes))


def _check(
    session: Session, booking: Booking, offer: Offer, ends_at: datetime, now: datetime
) -> None:
    """Let through an end that every rule lets.

    Raises:
        Refused, Conflict: it is not; and until when it could last.
    """
    if ends_at <= booking.starts_at:
        raise Refused(Reason("time.end_before_start", {}, "ends_at"))
    ask = Ask(booking.borrower_id, booking.units, Period(booking.starts_at, ends_at))
    span = occupied(ask.period, offer.turnaround)
    holds = read_offer_holds(session, offer, span, now=now, besides=[booking.id])
    reasons = list(end_refusals(ask, booking.ends_at, offer, holds, now=now))
    if ends_at > booking.ends_at:
        reasons += documents_against(session, offer, booking.borrower_id, ends_at)
    if not reasons:
        return
    only_units = {reason.code for reason in reasons} == {"booking.not_enough_units"}
    if ends_at > booking.ends_at:
        lasting = offer_to(session, offer, booking.borrower_id, now=now)
        until = latest_end(ask, booking.ends_at, lasting, holds, now=now)
        reasons.append(
            Reason("extension.until", {"until": until}, "ends_at")
            if until
            else Reason("extension.not_at_all", {}, "ends_at")
        )
    refusal: DomainError = (Conflict if only_units else Refused)(*reasons)
    raise refusal


def _needs_nobody(session: Session, actor: Actor, booking: Booking, offer: Offer) -> bool:
    if offer.approver is Approver.NOBODY or lender_trusts(session, offer, booking.borrower_id):
        return True
    return _decides(actor, booking, offer) and not offer.two_decide


def _decides(actor: Actor, booking: Booking, offer: Offer) -> bool:
    return may(actor, decides(offer.approver), over=booking.lender_id)


def _price(booking: Booking, offer: Offer, ends_at: datetime) -> int:
    """What it costs with another end: what was agreed, and the difference by today’s price."""
    before = Period(booking.starts_at, booking.ends_at)
    after = Period(booking.starts_at, ends_at)
    change = price_of(offer, after, booking.units) - price_of(offer, before, booking.units)
    return max(0, booking.price_cents + change)


def _apply(
    session: Session,
    actor: Actor,
    booking: Booking,
    offer: Offer,
    ends_at: datetime,
    step: Step,
    word: str,
    now: datetime,
) -> None:
    """Write the new end, of a kit with its parts; longer ones knock out who no longer fits."""
    booking.price_cents = _price(booking, offer, ends_at)
    until = ends_at + offer.turnaround
    move(session, booking, State(booking.state), ends_at=ends_at, occupied_until=until)
    because = Because(for_id=deputy_for(actor, booking.lender_id))
    leave_trace(session, actor, booking, step, now=now, note=word, because=because)
    if step is Step.EXTEND:
        knock_out(session, offer, {booking.id: Period(booking.starts_at, until)}, now=now)
