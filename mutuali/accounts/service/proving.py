"""Proving that a second factor is one's own: by code, passkey or recovery code, each counting once.

What fits is said by functions of the door (``web.second_factor``); nothing here sees a secret.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, cast

from sqlalchemy import CursorResult, Update, or_, select, update
from sqlalchemy.orm import Session

from mutuali.accounts.models import FactorLockout, Login, RecoveryCode, SecondFactor
from mutuali.accounts.rules import CHALLENGE_LASTS, FactorKind
from mutuali.accounts.service.factor_trace import leave_trace
from mutuali.accounts.service.factors_held import recovery_codes_left
from mutuali.accounts.service.lockouts import count_failure, wait_left
from mutuali.core.errors import Reason, Refused
from mutuali.core.permissions import Actor


@dataclass(frozen=True, slots=True)
class ByCode:
    """A code was typed; ``step_of(sealed secret, person id)`` is the step of time it stands for."""

    step_of: Callable[[str, int], int | None]


@dataclass(frozen=True, slots=True)
class ByPasskey:
    """A passkey answered; ``counter_of(challenge, public key, counter)`` is its new counter."""

    credential_id: str
    counter_of: Callable[[str, bytes, int], int | None]


@dataclass(frozen=True, slots=True)
class ByRecoveryCode:
    """A recovery code was typed; ``hash_of(person id)`` is how it would be stored."""

    hash_of: Callable[[int], str]


Proof: TypeAlias = ByCode | ByPasskey | ByRecoveryCode


def set_challenge(session: Session, login: str, challenge: str, *, now: datetime) -> None:
    """What a passkey has to sign in the login ``login``, a hash, within five minutes."""
    session.execute(
        update(Login)
        .where(Login.token_hash == login)
        .values(challenge=challenge, challenge_until=now + CHALLENGE_LASTS)
    )


def take_challenge(session: Session, login: str, *, now: datetime) -> str | None:
    """The challenge of a login, which counts once; None when there is none or it is too old."""
    row = session.get(Login, login, with_for_update=True)
    if row is None or row.challenge is None:
        return None
    challenge, until = row.challenge, row.challenge_until
    row.challenge = row.challenge_until = None
    return challenge if until is not None and until > now else None


def prove(
    session: Session,
    person_id: int,
    login: str,
    proof: Proof,
    *,
    now: datetime,
    besides: int | None = None,
) -> str | None:
    """By which kind a person proved to be themselves, with any factor but ``besides``.

    Whatever is shown counts once, also when it is shown twice at the same moment.
    """
    if isinstance(proof, ByRecoveryCode):
        return "recovery_code" if _spend_code(session, person_id, proof, now=now) else None
    wanted = FactorKind.TOTP if isinstance(proof, ByCode) else FactorKind.PASSKEY
    mine = (
        select(SecondFactor)
        .where(SecondFactor.person_id == person_id, SecondFactor.kind == wanted.value)
        .where(SecondFactor.id != (besides or 0))
        .order_by(SecondFactor.id)
    )
    if isinstance(proof, ByCode):
        for factor in session.scalars(mine).all():
            step = proof.step_of(str(factor.sealed_secret), person_id)
            if step is not None and _advance(session, factor.id, step, now=now):
                return wanted.value
        return None
    challenge = take_challenge(session, login, now=now)
    chosen = session.scalars(mine.where(SecondFactor.credential_id == proof.credential_id)).first()
    if chosen is None or challenge is None:
        return None
    count = proof.counter_of(challenge, chosen.public_key or b"", chosen.counter)
    if count is None or not _advance(session, chosen.id, count, now=now):
        return None
    return wanted.value


def tried(
    session: Session,
    person_id: int,
    attempt: Callable[[], bool],
    wrong: Reason,
    *,
    now: datetime,
) -> Refused | None:
    """Let ``attempt`` be made unless too many failed, and count it when it fails."""
    lockout = session.get(FactorLockout, person_id, with_for_update=True)
    wait = wait_left(lockout, now=now)
    if wait is not None:
        return Refused("account.factor_locked", wait=wait)
    if not attempt():
        first = FactorLockout(person_id=person_id, failures=1, last_failure_at=now)
        count_failure(session, lockout, first, person_id, now=now)
        return Refused(wrong)
    if lockout is not None:
        session.delete(lockout)
    return None


def wrong_proof(proof: Proof) -> Reason:
    """Why a proof did not hold."""
    if isinstance(proof, ByCode):
        return Reason("account.wrong_code", {}, "code")
    if isinstance(proof, ByPasskey):
        return Reason("account.wrong_passkey")
    return Reason("account.wrong_recovery_code", {}, "recovery_code")


def _spend_code(session: Session, person_id: int, proof: ByRecoveryCode, *, now: datetime) -> bool:
    spent = (
        update(RecoveryCode)
        .where(RecoveryCode.code_hash == proof.hash_of(person_id))
        .where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
        .values(used_at=now)
    )
    if not _changes_one(session, spent):
        return False
    told = {"left": recovery_codes_left(session, person_id)}
    actor = Actor(person_id=person_id)
    leave_trace(session, actor, "account.recovery_code_used", person_id, told, now=now)
    return True


def _advance(session: Session, factor_id: int, counter: int, *, now: datetime) -> bool:
    """Whether nobody used this step, or signed this often, before; zero is not counted at all."""
    fresh = or_(
        SecondFactor.counter < counter,
        (SecondFactor.kind == FactorKind.PASSKEY.value) & (SecondFactor.counter == 0),
    )
    return _changes_one(
        session,
        update(SecondFactor)
        .where(SecondFactor.id == factor_id, fresh)
        .values(counter=counter, used_at=now),
    )


def _changes_one(session: Session, statement: Update) -> bool:
    return cast(CursorResult[Any], session.execute(statement)).rowcount == 1
