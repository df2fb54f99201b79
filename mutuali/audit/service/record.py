"""Leaving the trace of a deed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.core.permissions import Actor
from mutuali.storage import NewRow, is_one_of, table_of, write_together


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


def last_of(
    session: Session, name: str, subject_kind: str, subject_ids: Iterable[int]
) -> dict[int, datetime]:
    """When a deed of this name was last done to each of ``subject_ids``, where it ever was."""
    rows = session.execute(
        select(AuditEvent.subject_id, func.max(AuditEvent.occurred_at))
        .where(
            AuditEvent.subject_kind == subject_kind,
            is_one_of(AuditEvent.subject_id, subject_ids),
            AuditEvent.name == name,
        )
        .group_by(AuditEvent.subject_id)
    )
    return dict(rows.all())


def active_since(session: Session, instant: datetime) -> frozenset[int]:
    """The ids of everybody who left a trace at that instant or later."""
    rows = session.scalars(
        select(AuditEvent.person_id)
        .where(AuditEvent.occurred_at >= instant, AuditEvent.person_id.is_not(None))
        .distinct()
    )
    return frozenset(id_ for id_ in rows if id_ is not None)


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
