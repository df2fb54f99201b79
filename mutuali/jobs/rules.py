"""When a job runs, and when it is tried again."""

from datetime import datetime, timedelta
from enum import StrEnum


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


#: A consumer that says nothing for this long has died; its job is somebody else's.
LEASE = timedelta(minutes=10)
#: After so many attempts a person has to look.
MOST_ATTEMPTS = 6
#: How long the row of a job that is done stays.
KEPT_FOR = timedelta(days=30)
#: Periodic ones come every few seconds and tell nothing: a day.
PERIODIC_KEPT_FOR = timedelta(days=1)


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When to try again after ``attempts`` failures (5 s, 25 s, 2 min, ...); None: give up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return now + timedelta(seconds=5**attempts)


def due_times(every: timedelta, now: datetime) -> datetime:
    """The latest due time, at or before ``now``, of a job that repeats ``every`` so often."""
    seconds = int(every.total_seconds())
    since_epoch = int(now.timestamp())
    return now - timedelta(seconds=since_epoch % seconds, microseconds=now.microsecond)
