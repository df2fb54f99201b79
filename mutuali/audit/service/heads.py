"""The head of a day: signed, published, never changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditHead, AuditSeal
from mutuali.audit.rules import Head, Signed, ended_day, missing_days
from mutuali.core.period import local_midnight


@dataclass(frozen=True, slots=True)
class Heads:
    """All heads that were signed, the newest last, and the days that have none."""

    signed: Sequence[Head]
    missing: Sequence[date]

    @property
    def last(self) -> Head | None:
        """The newest; none while no day has ended since the first seal."""
        return self.signed[-1] if self.signed else None


def sign_head(session: Session, *, sign: Callable[[bytes], Signed], now: datetime) -> None:
    """Sign the head of the day that ended last, unless it is there or nothing was sealed by then.

    Days before it that have none keep none: a head signed later would pretend that somebody could
    have kept it.
    """
    day = ended_day(now)
    if session.get(AuditHead, day) is not None:
        return
    last = session.execute(
        select(AuditSeal.sequence, AuditSeal.hash)
        .where(AuditSeal.sealed_at < local_midnight(day + timedelta(days=1)))
        .order_by(AuditSeal.sequence.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return
    head = Head(day, last.sequence, last.hash, now)
    signed = sign(head.signed_bytes)
    session.add(
        AuditHead(
            day=day,
            count=head.count,
            seal=head.seal,
            signed_at=now,
            key_id=signed.key_id,
            signature=signed.value,
        )
    )
    session.flush()


def head_of_day(session: Session, day: date) -> Head | None:
    """The head that was signed for a day; none when the day is missing."""
    found = session.get(AuditHead, day)
    return _head(found) if found else None


def heads(session: Session, *, now: datetime) -> Heads:
    """What is published."""
    signed = [_head(each) for each in session.scalars(select(AuditHead).order_by(AuditHead.day))]
    first = session.scalar(select(func.min(AuditSeal.sealed_at)))
    return Heads(signed, missing_days([head.day for head in signed], first, now))


def badly_signed(
    session: Session, *, verifies: Callable[[Head], bool], now: datetime
) -> Sequence[date]:
    """The days whose head carries a signature that does not hold."""
    return [head.day for head in heads(session, now=now).signed if not verifies(head)]


def _head(row: AuditHead) -> Head:
    return Head(row.day, row.count, row.seal, row.signed_at, row.key_id, row.signature)
