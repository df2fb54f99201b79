"""The requests that wait for a person, each with what decides it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking
from mutuali.bookings.rules import UNDECIDED, State
from mutuali.bookings.service.look import BookingFacts, read_facts
from mutuali.bookings.service.records import read_all_holds
from mutuali.core.permissions import Actor, Permission, reach_of
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver


@dataclass(frozen=True, slots=True)
class InboxCard:
    """A request that waits for this person, with what decides it."""

    booking: BookingFacts
    rivals: int
    units_free_otherwise: int
    last_loan_of_borrower: datetime | None
    loans_of_borrower: int
    late_returns_of_borrower: int


def inbox(session: Session, actor: Actor, *, now: datetime, limit: int = 50) -> list[InboxCard]:
    """The requests this person can decide, oldest deadline first, each with its rivals."""
    rows = session.scalars(
        _waiting(actor, now).order_by(Booking.decide_by, Booking.id).limit(limit)
    ).all()
    facts = read_facts(session, actor, rows, now=now)
    return [_card(session, each, now) for each in facts if each.may_decide]


def count_inbox(session: Session, actor: Actor, now: datetime) -> int:
    """How many requests wait for this person."""
    query = _waiting(actor, now).with_only_columns(func.count(Booking.id))
    return session.scalar(query) or 0


def _waiting(actor: Actor, now: datetime) -> Select[Booking]:
    """Undecided requests whose listing this actor decides."""
    as_lender = reach_of(actor, Permission.BOOKING_DECIDE_AS_LENDER)
    for_network = reach_of(actor, Permission.BOOKING_DECIDE_FOR_NETWORK)
    listing = Booking.metadata.tables["listing"]
    by_coordinator = listing.c.approver == Approver.COORDINATOR.value
    reached: list[ColumnElement[bool]] = []
    if for_network is None:
        reached.append(by_coordinator)
    elif for_network:
        reached.append(and_(by_coordinator, Booking.lender_id.in_(for_network)))
    # A coordinator may decide for lenders too, but only what waits for the network is theirs to do.
    own = as_lender if as_lender is not None else frozenset(actor.memberships)
    if own:
        reached.append(and_(~by_coordinator, Booking.lender_id.in_(own)))
    nobody = Booking.id.is_(None)
    return (
        select(Booking)
        .join(listing, listing.c.id == Booking.listing_id)
        .where(
            Booking.state.in_(UNDECIDED),
            Booking.decide_by > now,
            Booking.whole_id.is_(None),
            or_(nobody, *reached),
        )
    )


def _card(session: Session, facts: BookingFacts, now: datetime) -> InboxCard:
    overlapping = and_(
        Booking.listing_id == facts.listing.id,
        Booking.id != facts.id,
        Booking.starts_at < facts.period.end,
        Booking.ends_at > facts.period.start,
    )
    rivals = session.scalar(
        select(func.count(Booking.id)).where(
            overlapping, Booking.state.in_(UNDECIDED), Booking.decide_by > now
        )
    )
    taken = read_all_holds(session, [facts.listing.id], facts.period, now=now)
    from_others = [
        hold for hold in taken.get(facts.listing.id, []) if hold.period.start != facts.period.start
    ]
    offer = equipment.offer(session, facts.listing.id, facts.period)
    free = offer.units - max((hold.units for hold in from_others), default=0)
    loans, last, late = session.execute(
        select(
            func.count(Booking.id),
            func.max(Booking.starts_at),
            func.count(Booking.id).filter(Booking.returned_at > Booking.ends_at),
        ).where(
            Booking.borrower_id == facts.borrower.id,
            Booking.state.in_((State.ON_LOAN, State.RETURNED, State.CLOSED)),
        )
    ).one()
    return InboxCard(facts, rivals or 0, free, last, loans, late)
