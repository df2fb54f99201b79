"""Use cases of jobs: hand in, claim, finish, give back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from mutuali.jobs.models import Job
from mutuali.jobs.rules import (
    KEPT_FOR,
    LEASE,
    PERIODIC_KEPT_FOR,
    JobState,
    due_times,
    next_attempt,
)
from mutuali.storage import NewRow, table_of, write_together


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A job that one consumer holds until its lease ends."""

    id: int
    kind: str
    arguments: Mapping[str, Any]
    attempts: int
    lease_token: str


def enqueue(
    session: Session,
    kind: str,
    arguments: Mapping[str, Any],
    *,
    now: datetime,
    due_at: datetime | None = None,
) -> None:
    """Hand in work in the caller's transaction: no deed without it, none of it without the deed."""
    write_together(session, [job(kind, arguments, now=now, due_at=due_at)])


def job(
    kind: str, arguments: Mapping[str, Any], *, now: datetime, due_at: datetime | None = None
) -> NewRow:
    """What :func:`enqueue` writes, for a deed that writes several things at once."""
    values = {
        "kind": kind,
        "arguments": dict(arguments),
        "state": JobState.WAITING.value,
        "due_at": due_at or now,
        "attempts": 0,
        "created_at": now,
    }
    return NewRow(table_of(Job), values)


def ensure_periodic(session: Session, kind: str, every: timedelta, *, now: datetime) -> None:
    """Make sure the row of the current period exists; the next consumer finds it there."""
    due_at = due_times(every, now)
    key = f"{kind}@{due_at:%Y-%m-%dT%H:%M:%S}"
    if session.scalar(select(Job.id).where(Job.unique_key == key)) is None:
        session.add(Job(kind=kind, arguments={}, due_at=due_at, unique_key=key, created_at=now))


def claim(session: Session, *, token: str, now: datetime) -> ClaimedJob | None:
    """Take the oldest due job under a lease; None when nothing is due.

    A running job whose lease ran out counts as due: its consumer died.
    """
    due = (
        select(Job.id)
        .where(
            or_(
                (Job.state == JobState.WAITING) & (Job.due_at <= now),
                (Job.state == JobState.RUNNING) & (Job.lease_until < now),
            )
        )
        .order_by(Job.due_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    row = session.execute(
        update(Job)
        .where(Job.id == due)
        .values(
            state=JobState.RUNNING,
            attempts=Job.attempts + 1,
            lease_until=now + LEASE,
            lease_token=token,
        )
        .returning(Job.id, Job.kind, Job.arguments, Job.attempts)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return None
    id_, kind, arguments, attempts = row
    return ClaimedJob(id_, kind, arguments, attempts, token)


def finish(session: Session, job: ClaimedJob, *, now: datetime) -> None:
    """The work is done, unless another consumer took the job over meanwhile."""
    _end(session, job, state=JobState.DONE, ended_at=now, last_error=None)


def give_back(session: Session, job: ClaimedJob, error: str, *, now: datetime) -> None:
    """The work failed: again later, or never after too many attempts."""
    again_at = next_attempt(job.attempts, now)
    if again_at is None:
        _end(session, job, state=JobState.FAILED, ended_at=now, last_error=error[:2000])
    else:
        _end(session, job, state=JobState.WAITING, due_at=again_at, last_error=error[:2000])


def forget_done(session: Session, *, now: datetime) -> None:
    """Delete the rows of jobs that ended long ago, well or badly: who keeps the service has had
    thirty days to look at those that failed."""
    old = Job.ended_at < now - KEPT_FOR
    old_periodic = Job.unique_key.is_not(None) & (Job.ended_at < now - PERIODIC_KEPT_FOR)
    session.execute(
        delete(Job)
        .where(or_(old, (Job.state == JobState.DONE) & old_periodic))
        .execution_options(synchronize_session=False)
    )


def take_back(session: Session, *, due_before: datetime) -> None:
    """Never carry out what was due before a moment; for a past that is written all at once."""
    session.execute(
        delete(Job)
        .where(Job.state == JobState.WAITING, Job.due_at < due_before)
        .execution_options(synchronize_session=False)
    )


def _end(session: Session, job: ClaimedJob, **values: object) -> None:
    session.execute(
        update(Job)
        .where(Job.id == job.id, Job.lease_token == job.lease_token)
        .values(lease_until=None, **values)
        .execution_options(synchronize_session=False)
    )
