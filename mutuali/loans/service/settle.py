"""Settling what the parties do not say alike: both with the same words, or the coordination."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.bookings import service as bookings
from mutuali.bookings.service import BookingFacts
from mutuali.core.errors import Conflict, Forbidden, NotFound, Reason, Refused
from mutuali.core.permissions import Actor
from mutuali.jobs import service as jobs
from mutuali.loans.models import ConditionDispute
from mutuali.loans.rules import Direction, Settled, Side, other
from mutuali.loans.service.records import dispute_of, is_between, parties_of


def settle(
    session: Session,
    actor: Actor,
    booking_public_id: str,
    direction: Direction,
    words: str,
    *,
    now: datetime,
) -> None:
    """Say how it is settled: a party proposes words to the other, the coordination decides.

    Raises:
        NotFound: no such booking, or nothing is disputed.
        Forbidden: the actor is of neither party and does not coordinate.
        Refused: no words. Conflict: it is settled already.
    """
    facts, row = _open(session, actor, booking_public_id, direction, now=now)
    own = parties_of(actor, facts)
    if not own and not is_between(actor, facts):
        raise Forbidden
    if not words.strip():
        raise Refused(Reason("condition.words_missing", {}, "words"))
    row.settlement, row.settlement_by = words, actor.person_id
    row.settlement_side = min(own) if own else None
    session.flush()
    if own:
        _trace(session, actor, facts, direction, "condition.settlement_proposed", row, now=now)
    else:
        _settled(session, actor, facts, direction, row, Settled.COORDINATION, now=now)


def agree(
    session: Session,
    actor: Actor,
    booking_public_id: str,
    direction: Direction,
    *,
    now: datetime,
) -> None:
    """Accept the words that the other side proposed: it is settled.

    Raises:
        NotFound: no such booking, nothing is disputed, or nothing was proposed.
        Forbidden: the actor is not of the side that has to answer. Conflict: it is settled already.
    """
    facts, row = _open(session, actor, booking_public_id, direction, now=now)
    if row.settlement_side is None:
        raise NotFound
    if other(Side(row.settlement_side)) not in parties_of(actor, facts):
        raise Forbidden
    _settled(session, actor, facts, direction, row, Settled.BOTH, now=now)


def _open(
    session: Session,
    actor: Actor,
    booking_public_id: str,
    direction: Direction,
    *,
    now: datetime,
) -> tuple[BookingFacts, ConditionDispute]:
    facts = bookings.in_turn(session, actor, booking_public_id, now=now)
    row = dispute_of(session, facts.id, direction)
    if row is None:
        raise NotFound
    if row.settled_at is not None:
        raise Conflict("condition.already_settled")
    return facts, row


def _settled(
    session: Session,
    actor: Actor,
    facts: BookingFacts,
    direction: Direction,
    row: ConditionDispute,
    how: Settled,
    *,
    now: datetime,
) -> None:
    row.settled_at, row.settled_as = now, how
    session.flush()
    still = select(func.count(ConditionDispute.id)).where(
        ConditionDispute.booking_id == facts.id, ConditionDispute.settled_at.is_(None)
    )
    if not session.scalar(still):
        bookings.settle(session, facts.id)
    _trace(session, actor, facts, direction, "condition.settled", row, now=now)


def _trace(
    session: Session,
    actor: Actor,
    facts: BookingFacts,
    direction: Direction,
    name: str,
    row: ConditionDispute,
    *,
    now: datetime,
) -> None:
    told = {"direction": direction.value, "dispute": row.id}
    audit.record(session, actor, name, "booking", facts.id, now=now, facts=told)
    jobs.enqueue(session, "loans.tell", {"dispute": row.id}, now=now)
