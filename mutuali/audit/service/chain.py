"""The chain: seal what was recorded, read it, verify it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent, AuditHead, AuditSeal
from mutuali.audit.rules import (
    GENESIS,
    HASHED,
    Deed,
    Fault,
    Link,
    event_hash,
    json_lines,
    read_chain,
    seal_of_hash,
)
from mutuali.audit.service.heads import heads
from mutuali.audit.service.record import record
from mutuali.core.permissions import Actor, Permission, require

_BATCH = 1000


def seal_events(session: Session, *, new_blind: Callable[[], str], now: datetime) -> int:
    """Chain every event that has no seal, oldest id first; returns how many.

    ``new_blind`` makes 128 random bits for each. The caller holds the one sealing job's lease: ids
    commit out of order, so "without a seal" is asked of each event, never "after the last sealed
    id".
    """
    last = session.execute(
        select(AuditSeal.sequence, AuditSeal.hash).order_by(AuditSeal.sequence.desc()).limit(1)
    ).one_or_none()
    sequence, previous = last or (0, GENESIS)
    events = session.scalars(
        select(AuditEvent)
        .outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
        .where(AuditSeal.sequence.is_(None))
        .order_by(AuditEvent.id)
        .limit(_BATCH)
    ).all()
    for event in events:
        sequence += 1
        blind = new_blind()
        previous = seal_of_hash(previous, sequence, event_hash(_deed(event).content, blind))
        session.add(
            AuditSeal(
                sequence=sequence,
                event_id=event.id,
                hash=previous,
                sealed_at=now,
                layout=HASHED,
                blind=blind,
            )
        )
    session.flush()
    return len(events)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What :func:`verify` found: links that hold, the first broken one and what is wrong with it,
    the last seal that holds, and events not sealed yet."""

    sealed: int
    broken_at: int | None
    fault: Fault | None
    head: str
    unsealed: int
    oldest_unsealed: timedelta | None


def verify(session: Session, *, now: datetime) -> Verdict:
    """Read the whole chain again, hold it against the published heads, name the first bad link."""
    read = read_chain(_links(session), heads(session, now=now).signed)
    unsealed, oldest = session.execute(
        select(func.count(AuditEvent.id), func.min(AuditEvent.occurred_at))
        .outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
        .where(AuditSeal.sequence.is_(None))
    ).one()
    age = now - oldest if oldest is not None else None
    return Verdict(read.held, read.at, read.fault, read.last, unsealed, age)


def read_log(session: Session, actor: Actor, *, now: datetime) -> int:
    """Let somebody read the log, which leaves its own trace; how many links there are to read.

    Raises:
        Forbidden: no role of theirs reads the log.
    """
    require(actor, Permission.AUDIT_READ)
    count = session.scalar(select(func.max(AuditSeal.sequence))) or 0
    record(session, actor, "audit.read", "audit_seal", count, now=now)
    return count


def whole_lines(session: Session, actor: Actor, *, after: int, up_to: int) -> Sequence[str]:
    """Some lines of the log for who may read it, from link ``after`` + 1 on; none at the end.

    ``up_to`` is what :func:`read_log` said.

    Raises:
        Forbidden: no role of theirs reads the log.
    """
    require(actor, Permission.AUDIT_READ)
    return list(json_lines(link.full for link in _some(session, after, up_to)))


def public_lines(session: Session, *, after: int) -> Sequence[str]:
    """Some lines of the log for everybody, from link ``after`` + 1 on; none at the end.

    They end with the last published head: what happened today is not counted in public.
    """
    up_to = session.scalar(select(func.max(AuditHead.count))) or 0
    return list(json_lines(link.public for link in _some(session, after, up_to)))


def _some(session: Session, after: int, up_to: int) -> Iterator[Link]:
    found = session.execute(
        select(AuditSeal, AuditEvent)
        .outerjoin(AuditEvent, AuditEvent.id == AuditSeal.event_id)
        .where(AuditSeal.sequence > after, AuditSeal.sequence <= up_to)
        .order_by(AuditSeal.sequence)
        .limit(_BATCH)
    )
    return (_link(seal, event) for seal, event in found)


def _links(session: Session) -> Iterator[Link]:
    chain = (
        select(AuditSeal, AuditEvent)
        .outerjoin(AuditEvent, AuditEvent.id == AuditSeal.event_id)
        .order_by(AuditSeal.sequence)
        .execution_options(yield_per=_BATCH)
    )
    with session.execute(chain) as rows:
        for seal, event in rows:
            yield _link(seal, event)


def _link(seal: AuditSeal, event: AuditEvent | None) -> Link:
    return Link(seal.sequence, seal.layout, seal.hash, seal.blind, _deed(event) if event else None)


def _deed(event: AuditEvent) -> Deed:
    return Deed(
        event.id,
        event.occurred_at,
        event.person_id,
        event.name,
        event.subject_kind,
        event.subject_id,
        event.facts,
    )
