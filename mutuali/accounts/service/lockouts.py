"""Failures in a row, of an address at its password and of a person at their second factor."""

from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.accounts.models import FactorLockout, Lockout
from mutuali.accounts.rules import locked_until

Row = TypeVar("Row", Lockout, FactorLockout)


def wait_left(lockout: Lockout | FactorLockout | None, *, now: datetime) -> timedelta | None:
    """How long until the next try is allowed, in whole minutes; None when it is."""
    if lockout is None:
        return None
    until = locked_until(lockout.failures, lockout.last_failure_at)
    if until is None or until <= now:
        return None
    return timedelta(minutes=int((until - now).total_seconds() // 60) + 1)


def count_failure(
    session: Session, lockout: Row | None, first: Row, key: str | int, *, now: datetime
) -> None:
    """One more failure; ``first`` is the row to write under ``key`` when there is none."""
    if lockout is None:
        try:
            with session.begin_nested():
                session.add(first)
            return
        except IntegrityError:  # another failure wrote the first row at this very moment
            lockout = session.get_one(type(first), key, with_for_update=True)
    lockout.failures += 1
    lockout.last_failure_at = now
