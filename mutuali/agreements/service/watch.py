"""What the calendar does to agreements: reminders, reviews, suspensions that nobody lifts."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.agreements.models import Agreement, AgreementSuspension
from mutuali.agreements.rules import AgreementState, Step, next_state, review_days_of
from mutuali.agreements.service.records import leave_trace, tell, terms_of
from mutuali.core.period import local
from mutuali.core.permissions import SYSTEM

#: How long before its end people are reminded of it, the farthest first.
REMINDED = (60, 14)


def watch(session: Session, *, now: datetime) -> None:
    """Tell what is due of each agreement, once; end those that were suspended for too long."""
    rows = session.scalars(
        select(Agreement)
        .where(Agreement.state.in_((AgreementState.IN_FORCE, AgreementState.SUSPENDED)))
        .order_by(Agreement.id)
        .with_for_update()
    ).all()
    for row in rows:
        if row.ends_at <= now or _ends_by_suspension(session, row, now):
            continue
        left = row.ends_at - now
        due = [days for days in REMINDED if left <= timedelta(days=days)]
        if due and (row.reminded_days is None or due[-1] < row.reminded_days):
            row.reminded_days = due[-1]
            tell(session, row, "ending", now=now)
        today = local(now).date()
        reviews = [day for day in review_days_of(terms_of(session, row)) if day <= today]
        told_on = row.review_told_on or local(row.in_force_at or row.starts_at).date()
        if reviews and reviews[-1] > told_on:
            row.review_told_on = reviews[-1]
            tell(session, row, "review", now=now)
    session.flush()


def _ends_by_suspension(session: Session, row: Agreement, now: datetime) -> bool:
    """Whether a suspension lasted longer than was agreed, and so ends the agreement here."""
    since = session.scalar(
        select(AgreementSuspension.at)
        .where(AgreementSuspension.agreement_id == row.id, AgreementSuspension.lifted_at.is_(None))
        .order_by(AgreementSuspension.at)
        .limit(1)
    )
    if since is None or now - since <= timedelta(days=row.cure_days):
        return False
    row.state = next_state(AgreementState(row.state), Step.END)
    row.ended_at = now
    row.version += 1
    session.flush()
    leave_trace(session, SYSTEM, row, "lapsed", now=now)
    tell(session, row, "ended", now=now)
    return True
