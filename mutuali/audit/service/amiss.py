"""What can be amiss with the log."""

from datetime import timedelta

from sqlalchemy import ColumnElement, exists, func, select

from mutuali.audit.models import AuditEvent, AuditSeal
from mutuali.counts import Amiss, When, ago

_SEALED_WITHIN = timedelta(hours=1)


def unsealed_for_long() -> Amiss:
    """How many traces have waited for their seal for more than an hour."""
    return (
        select(func.count(AuditEvent.id))
        .outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
        .where(AuditSeal.sequence.is_(None), AuditEvent.occurred_at < ago(_SEALED_WITHIN))
    )


def happened_since(
    name: str, subject_kind: str, subject_id: ColumnElement[int], since: When
) -> ColumnElement[bool]:
    """Whether the log knows of such an event, for questions about what is no longer stored."""
    return exists().where(
        AuditEvent.name == name,
        AuditEvent.subject_kind == subject_kind,
        AuditEvent.subject_id == subject_id,
        AuditEvent.occurred_at >= since,
    )
