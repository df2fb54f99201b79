"""Use cases of the log: record a deed, seal, verify."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent, AuditSeal
from mutuali.audit.rules import GENESIS, seal
from mutuali.core.permissions import Actor
from mutuali.storage import NewRow, table_of, write_together

_BATCH = 1000


def record(
    session: Session,
    actor: Actor,
    name: str,
    subject_kind: str,
    subject_id: int,
    *,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Leave the trace of a deed in its own transaction.

    ``name`` is ``feature.past_tense`` and never changes its meaning; ``facts`` hold ids and plain
    values, never a name, an address or a secret.
    """
    write_together(session, [event(actor, name, subject_kind, subject_id, now=now, facts=facts)])


def event(
    actor: Actor,
    name: str,
    subject_kind: str,
    subject_id: int,
    *,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
) -> NewRow:
    """What :func:`record` writes, for a deed that writes several things at once."""
    values = {
        "occurred_at": now,
        "person_id": actor.person_id,
        "name": name,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "facts": dict(facts or {}),
    }
    return NewRow(table_of(AuditEvent), values)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What :func:`verify` found: links read, the first broken one, and events not sealed yet."""

    sealed: int
    broken_at: int | None
    head: str
    unsealed: int
    oldest_unsealed: timedelta | None


def seal_events(session: Session, *, now: datetime) -> int:
    """Chain every event that has no seal, oldest id first; returns how many.

    The caller holds the one sealing job's lease: ids commit out of order, so "without a seal" is
    asked of each event, never "after the last sealed id".
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
        previous = _seal_of(previous, event)
        session.add(AuditSeal(sequence=sequence, event_id=event.id, hash=previous, sealed_at=now))
    session.flush()
    return len(events)


def verify(session: Session, *, now: datetime) -> Verdict:
    """Read the whole chain again and name the first link that does not hold."""
    previous, expected, broken = GENESIS, 0, None
    chain = (
        select(AuditSeal, AuditEvent)
        .outerjoin(AuditEvent, AuditEvent.id == AuditSeal.event_id)
        .order_by(AuditSeal.sequence)
        .execution_options(yield_per=_BATCH)
    )
    with session.execute(chain) as rows:
        for link, event in rows:
            expected += 1
            if link.sequence != expected or event is None or _seal_of(previous, event) != link.hash:
                broken = expected
                break
            previous = link.hash
    unsealed, oldest = session.execute(
        select(func.count(AuditEvent.id), func.min(AuditEvent.occurred_at))
        .outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
        .where(AuditSeal.sequence.is_(None))
    ).one()
    age = now - oldest if oldest is not None else None
    return Verdict(expected - (broken is not None), broken, previous, unsealed, age)


@dataclass(frozen=True, slots=True)
class Head:
    """The last seal, and how many events wait for theirs; no hash while nothing is sealed."""

    sealed: int
    hash: str | None
    sealed_at: datetime | None
    unsealed: int


def head(session: Session) -> Head:
    """Where the chain stands, without reading it again: see :func:`verify` for that."""
    last = session.scalars(
        select(AuditSeal).order_by(AuditSeal.sequence.desc()).limit(1)
    ).one_or_none()
    events = session.scalar(select(func.count(AuditEvent.id))) or 0
    sealed = last.sequence if last else 0
    return Head(
        sealed, last.hash if last else None, last.sealed_at if last else None, events - sealed
    )


def _seal_of(previous: str, event: AuditEvent) -> str:
    return seal(
        previous,
        event_id=event.id,
        occurred_at=event.occurred_at,
        person_id=event.person_id,
        name=event.name,
        subject_kind=event.subject_kind,
        subject_id=event.subject_id,
        facts=event.facts,
    )
