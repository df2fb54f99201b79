"""Something else instead: whoever decides proposes it, the borrower accepts or not."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking, BookingApproval, Proposal
from mutuali.bookings.rules import (
    UNDECIDED,
    Ask,
    ProposalKind,
    ProposalState,
    State,
    Step,
    WholeAs,
    advance,
    advance_to,
    answer_by,
    decide_by,
    first_state,
    occupied,
    price_of,
    refusals,
)
from mutuali.bookings.service.ask import lender_trusts, part_rows, refusal_for
from mutuali.bookings.service.decide import deputy_for, require_decider
from mutuali.bookings.service.documents import documents_against
from mutuali.bookings.service.look import BookingFacts
from mutuali.bookings.service.open_proposals import is_waiting, replace_open, waiting_proposal
from mutuali.bookings.service.records import (
    decides,
    expire_lapsed_holds,
    read_booking,
    sees,
    take_turn_for,
)
from mutuali.bookings.service.rivals import knock_out
from mutuali.bookings.service.search import offer_instead
from mutuali.bookings.service.taken import read_offer_holds
from mutuali.bookings.service.traces import Because, leave_trace, remind_later
from mutuali.core.errors import Conflict, NotFound, Reason, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import SYSTEM, Actor, Permission, may, reach_of, require
from mutuali.counts import NOW, Count
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver, Offer
from mutuali.equipment.service import ListingFacts
from mutuali.organizations import service as organizations
from mutuali.storage import is_one_of


@dataclass(frozen=True, slots=True)
class ProposalDraft:
    """What is offered instead: whole ``units`` (>= 1) of a listing over ``period``, with a word."""

    listing_public_id: str
    units: int
    period: Period
    word: str = ""


def propose(
    session: Session,
    actor: Actor,
    booking_public_id: str,
    draft: ProposalDraft,
    *,
    public_id: str,
    now: datetime,
) -> None:
    """Offer the borrower of a request something else; it takes the place of an earlier proposal.

    Raises:
        NotFound, Forbidden: the actor may not see the request or the listing, or not decide it.
        Refused: it is what was asked for, another lender's, or a rule says no.
        Conflict: the request no longer waits, or the units are not free.
    """
    booking = read_booking(session, booking_public_id)
    offer = take_turn_for(session, booking)
    require_decider(actor, booking, offer)
    advance(State(booking.state), Step.PROPOSE)
    if booking.decide_by is None or booking.decide_by <= now:
        raise Conflict("booking.lapsed")
    target = _target(session, actor, booking, draft)
    asked = Ask(booking.borrower_id, draft.units, draft.period)
    _check(session, target, booking, asked, now)
    until = answer_by(booking.decide_by, draft.period.start, target.lead, now)
    if until <= now:
        params = {"lead": target.lead, "first": now + target.lead}
        raise Refused(Reason("booking.too_soon", params, "starts_at"))
    replace_open(session, booking.id, now)
    session.add(
        Proposal(
            public_id=public_id,
            booking_id=booking.id,
            kind=ProposalKind.OTHER,
            from_listing_id=booking.listing_id,
            listing_id=target.listing_id,
            units=draft.units,
            starts_at=draft.period.start,
            ends_at=draft.period.end,
            price_cents=price_of(target, draft.period, draft.units),
            word=draft.word,
            made_by=actor.person_id,
            made_at=now,
            answer_by=until,
        )
    )
    booking.version += 1
    because = Because(for_id=deputy_for(actor, booking.lender_id))
    leave_trace(session, actor, booking, Step.PROPOSE, now=now, note=draft.word, because=because)


def accept_proposal(
    session: Session, actor: Actor, booking_public_id: str, *, now: datetime
) -> Booking:
    """Take what is proposed: the booking moves there, checked again against every rule.

    It is approved when the proposal is the yes of whoever decides there, or when nobody has to say
    it; else it waits there for an answer.

    Raises:
        NotFound, Forbidden: the actor does not act for the borrower.
        Refused: a rule says no by now.
        Conflict: nothing is proposed any more, or the units are gone.
    """
    booking = of_borrower(session, actor, booking_public_id)
    proposal = waiting_proposal(session, booking, ProposalKind.OTHER, now)
    offers = _turns(session, booking, proposal)
    before = booking.listing_id, proposal.id
    session.refresh(booking)
    proposal = waiting_proposal(session, booking, ProposalKind.OTHER, now)
    if (booking.listing_id, proposal.id) != before:
        raise Conflict("proposal.over")
    if booking.decide_by is None or booking.decide_by <= now:
        raise Conflict("booking.lapsed")
    for offer in offers.values():
        expire_lapsed_holds(session, offer, now=now)
    target = offers[proposal.listing_id]
    period = Period(proposal.starts_at, proposal.ends_at)
    _check(session, target, booking, Ask(booking.borrower_id, proposal.units, period), now)
    state = _state_there(session, booking, proposal, target, now)
    advance_to(State(booking.state), Step.MOVE, state)
    _place(session, booking, proposal, target, state, now)
    proposal.state, proposal.ended_at = ProposalState.ACCEPTED, now
    proposal.answered_by = actor.person_id
    leave_trace(session, actor, booking, Step.MOVE, now=now)
    if state is not State.APPROVED:
        remind_later(session, booking.id, now, decide_by(target, period, now))
    else:
        span = Period(booking.starts_at, booking.occupied_until)
        knock_out(session, target, {booking.id: span}, now=now)
    return booking


def turn_down(
    session: Session, actor: Actor, booking_public_id: str, *, word: str = "", now: datetime
) -> None:
    """Not want what is proposed: the request waits again, until its own deadline.

    Raises:
        NotFound, Forbidden, Conflict: as :func:`accept_proposal`.
    """
    booking = of_borrower(session, actor, booking_public_id)
    take_turn_for(session, booking)
    proposal = waiting_proposal(session, booking, ProposalKind.OTHER, now)
    proposal.state, proposal.ended_at = ProposalState.DECLINED, now
    proposal.answered_by = actor.person_id
    advance(State(booking.state), Step.TURN_DOWN)
    leave_trace(session, actor, booking, Step.TURN_DOWN, now=now, note=word)


def lapse_proposals(session: Session, *, now: datetime) -> int:
    """End the proposals that nobody answered in time; the bookings stay as they are. How many."""
    rows = session.execute(
        select(Proposal, Booking)
        .join(Booking, Booking.id == Proposal.booking_id)
        .where(Proposal.state == ProposalState.OPEN, Proposal.answer_by <= now)
        .order_by(Booking.listing_id, Booking.id)
        .limit(500)
    ).all()
    count = 0
    for proposal, booking in rows:
        take_turn_for(session, booking)
        session.refresh(proposal)
        if proposal.state != ProposalState.OPEN:
            continue
        proposal.state, proposal.ended_at = ProposalState.EXPIRED, now
        count += 1
        undecided = State(booking.state) in UNDECIDED
        running = State(booking.state) in {State.APPROVED, State.ON_LOAN}
        if undecided if proposal.kind == ProposalKind.OTHER else running:
            leave_trace(session, SYSTEM, booking, Step.LAPSE, now=now)
    return count


def count_proposals(actor: Actor) -> Count:
    """How many proposals wait for an answer of the organizations that the actor belongs to."""
    reach = reach_of(actor, Permission.BOOKING_REQUEST)
    own = frozenset(actor.memberships) if reach is None else reach
    if not own:
        return None
    return (
        select(func.count(Proposal.id))
        .join(Booking, Booking.id == Proposal.booking_id)
        .where(
            Proposal.kind == ProposalKind.OTHER,
            is_waiting(NOW),
            is_one_of(Booking.borrower_id, own),
        )
    )


def proposable(session: Session, actor: Actor, facts: BookingFacts) -> list[ListingFacts]:
    """The listings that whoever decides a request could propose: the lender's own, and for a
    coordination also others of the kind."""
    own = equipment.published(session, lender_id=facts.lender.id)
    if not may(actor, Permission.BOOKING_DECIDE_FOR_NETWORK):
        return own
    kind = facts.listing.draft.kind
    return own + [
        each
        for each in equipment.published(session, kind=kind)
        if each.lender_id not in {facts.lender.id, facts.borrower.id}
    ]


def moved_from(session: Session, booking_id: int) -> ListingFacts | None:
    """The listing that a booking was on before it moved last; None when it never did."""
    listing_id = session.scalar(
        select(Proposal.from_listing_id)
        .where(
            Proposal.booking_id == booking_id,
            Proposal.kind == ProposalKind.OTHER,
            Proposal.state == ProposalState.ACCEPTED,
        )
        .order_by(Proposal.id.desc())
        .limit(1)
    )
    return None if listing_id is None else equipment.listings(session, [listing_id])[listing_id]


def _target(session: Session, actor: Actor, booking: Booking, draft: ProposalDraft) -> Offer:
    """The offer of the proposed listing around the proposed span.

    Raises:
        NotFound: there is no such listing that the actor sees.
        Refused: it is another lender's and the actor does not coordinate, or nothing is new.
    """
    listing = equipment.listing(session, actor, draft.listing_public_id)
    elsewhere = listing.lender_id != booking.lender_id
    if elsewhere and not may(actor, Permission.BOOKING_DECIDE_FOR_NETWORK):
        raise Refused(Reason("proposal.other_lender", {}, "listing"))
    asked = (booking.listing_id, booking.units, booking.starts_at, booking.ends_at)
    if (listing.id, draft.units, draft.period.start, draft.period.end) == asked:
        raise Refused(Reason("proposal.same", {}, "listing"))
    return equipment.offer(session, listing.id, draft.period)


def _check(session: Session, target: Offer, booking: Booking, asked: Ask, now: datetime) -> None:
    """Let through what every rule lets, as if it were asked for now; the booking itself, wherever
    it stands, is no obstacle."""
    span = occupied(asked.period, target.turnaround)
    holds = read_offer_holds(session, target, span, now=now, besides=[booking.id])
    reasons = refusals(asked, target, holds, now=now)
    reasons += documents_against(session, target, asked.borrower_id, asked.period.end)
    if reasons:
        refusal = refusal_for(reasons)
        offer_instead(session, refusal, target.listing_id, asked, now=now)
        raise refusal


def of_borrower(session: Session, actor: Actor, public_id: str) -> Booking:
    """A booking, for who acts for its borrower. Raises NotFound, Forbidden."""
    booking = read_booking(session, public_id)
    if not sees(actor, booking.lender_id, booking.borrower_id):
        raise NotFound
    require(actor, Permission.BOOKING_REQUEST, over=booking.borrower_id)
    return booking


def _turns(session: Session, booking: Booking, proposal: Proposal) -> dict[int, Offer]:
    """The turns of where it is and where it would be, in the one order; offers by listing."""
    ids = {booking.listing_id, proposal.listing_id}
    listings = equipment.listings(session, sorted(ids))
    span = Period(proposal.starts_at, proposal.ends_at)
    taken = equipment.take_turns(session, [each.public_id for each in listings.values()], span)
    return {offer.listing_id: offer for offer in taken.values()}


def _state_there(
    session: Session, booking: Booking, proposal: Proposal, target: Offer, now: datetime
) -> State:
    """Where the booking stands once it moved; keeps the yes that the proposal is.

    Whoever proposed says yes by that, if they decide there: a coordination for whatever waits for
    it, a lender's people for their own listings only.
    """
    session.execute(delete(BookingApproval).where(BookingApproval.booking_id == booking.id))
    trusted = lender_trusts(session, target, booking.borrower_id)
    state = first_state(target, trusted=trusted)
    if state is State.APPROVED or proposal.made_by is None:
        return state
    maker = organizations.actor_of(session, proposal.made_by, now=now)
    own = target.approver is Approver.COORDINATOR or target.lender_id == booking.lender_id
    if not own or not may(maker, decides(target.approver), over=target.lender_id):
        return state
    if not target.two_decide:
        return State.APPROVED
    session.add(BookingApproval(booking_id=booking.id, person_id=proposal.made_by, at=now))
    session.flush()
    return state


def _place(
    session: Session,
    booking: Booking,
    proposal: Proposal,
    target: Offer,
    state: State,
    now: datetime,
) -> None:
    """Write the booking where it moved to, with the parts of a kit; the guard speaks at once."""
    session.execute(
        delete(Booking)
        .where(Booking.whole_id == booking.id, Booking.whole_as == WholeAs.KIT)
        .execution_options(synchronize_session=False)
    )
    period = Period(proposal.starts_at, proposal.ends_at)
    approved = state is State.APPROVED
    booking.listing_id, booking.lender_id = target.listing_id, target.lender_id
    booking.units, booking.price_cents = proposal.units, proposal.price_cents
    booking.starts_at, booking.ends_at = period.start, period.end
    booking.occupied_until = occupied(period, target.turnaround).end
    booking.turnaround_minutes = int(target.turnaround / timedelta(minutes=1))
    booking.no_show_hours = target.no_show_hours
    booking.state = state
    booking.decide_by = booking.decide_by if approved else decide_by(target, period, now)
    booking.decided_at = now if approved else None
    booking.version += 1
    session.flush()
    if target.parts:
        kept = (
            *("public_id", "lender_id", "borrower_id", "units", "starts_at", "ends_at"),
            *("occupied_until", "turnaround_minutes", "state", "decide_by", "decided_at"),
            *("purpose", "requested_by", "created_at", "version", "is_history"),
            "no_show_hours",
        )
        whole = {name: getattr(booking, name) for name in kept}
        session.execute(insert(Booking), part_rows(target, booking.id, whole))
