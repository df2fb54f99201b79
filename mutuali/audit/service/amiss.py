"""What can be amiss with the log."""

from datetime import timedelta

from sqlalchemy import func, select

from mutuali.audit.models import AuditEvent, AuditSeal
from mutuali.counts import Amiss, ago

_SEALED_WITHIN = timedelta(hours=1)


def unsealed_for_long() -> Amiss:
    """How many traces have waited for their seal for more than an hour."""
    return (
        select(func.count(AuditEvent.id))
        .outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
        .where(AuditSeal.sequence.is_(None), AuditEvent.occurred_at < ago(_SEALED_WITHIN))
    )
