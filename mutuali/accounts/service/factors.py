"""A person's second factors: adding, removing, recovery codes, and proving that one is theirs.

What fits is said by functions of the door (``web.second_factor``); nothing here sees a secret.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, cast

from sqlalchemy import CursorResult, Update, delete, func, or_, select, update
from sqlalchemy.orm import Session

from mutuali.accounts.models import (
    ApiToken,
    FactorLockout,
    Login,
    NetworkRole,
    Person,
    RecoveryCode,
    SecondFactor,
)
from mutuali.accounts.rules import CHALLENGE_LASTS, MOST_FACTORS, FactorKind
from mutuali.accounts.service.lockouts import count_failure, wait_left
from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, Forbidden, NotFound, Reason, Refused
from mutuali.core.permissions import Actor
from mutuali.jobs import service as jobs


@dataclass(frozen=True, slots=True)
class FactorFacts:
    """A second factor as its owner sees it."""

    id: int
    kind: FactorKind
    name: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewFactor:
    """A second factor to keep: the sealed secret of an application, or a passkey."""

    name: str
    counter: int
    sealed_secret: str | None = None
    credential_id: str | None = None
    public_key: bytes | None = None

    @property
    def kind(self) -> FactorKind:
        """What it is."""
        return FactorKind.TOTP if self.sealed_secret is not None else FactorKind.PASSKEY


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
#: Whether the password that was typed fits a stored hash.
Fits: TypeAlias = Callable[[str | None], bool]


def factors_of(session: Session, person_id: int) -> tuple[FactorFacts, ...]:
    """A person's second factors, oldest first."""
    rows = session.scalars(
        select(SecondFactor).where(SecondFactor.person_id == person_id).order_by(SecondFactor.id)
    )
    return tuple(
        FactorFacts(row.id, FactorKind(row.kind), row.name, row.created_at, row.used_at)
        for row in rows
    )


def passkey_ids(session: Session, person_id: int, *, besides: int | None = None) -> tuple[str, ...]:
    """The credential ids of a person's passkeys, but for the factor ``besides``."""
    rows = session.scalars(
        select(SecondFactor.credential_id)
        .where(SecondFactor.person_id == person_id, SecondFactor.kind == FactorKind.PASSKEY.value)
        .where(SecondFactor.id != (besides or 0))
        .order_by(SecondFactor.id)
    )
    return tuple(row for row in rows if row is not None)


def recovery_codes_left(session: Session, person_id: int) -> int:
    """How many recovery codes of a person still count."""
    unused = select(func.count()).where(
        RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(unused) or 0


def needs_second_factor(session: Session, person_id: int) -> bool:
    """Whether a role of this person asks for a second factor."""
    role = select(NetworkRole.role).where(NetworkRole.person_id == person_id)
    return session.scalar(role.limit(1)) is not None


def demo_application(session: Session, person_id: int) -> tuple[str, int] | None:
    """(sealed secret, last step) of the application of an account flagged as demo."""
    row = session.execute(
        select(SecondFactor.sealed_secret, SecondFactor.counter)
        .join(Person, Person.id == SecondFactor.person_id)
        .where(Person.is_demo, SecondFactor.person_id == person_id)
        .where(SecondFactor.kind == FactorKind.TOTP.value)
        .order_by(SecondFactor.id)
    ).first()
    return (str(row.sealed_secret), row.counter) if row else None


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


def add_factor(
    session: Session, actor: Actor, login: str, new: NewFactor, fits: Fits, *, now: datetime
) -> Refused | None:
    """Keep a second factor of the actor, or say why not; their login ``login`` has passed it.

    Answers with a value, because failures at the password, which the first factor asks for, have
    to be stored. From the first factor on, every other login waits until it was passed there too.

    Raises:
        Forbidden: a program asks.
        Refused: there are too many, or the passkey is kept already.
    """
    person_id = _oneself(actor)
    # Two at once take turns: only one of them is the first.
    person = session.get_one(Person, person_id, with_for_update=True)
    before = factors_of(session, person_id)
    if len(before) >= MOST_FACTORS:
        raise Refused("account.too_many_factors", most=MOST_FACTORS)
    if new.credential_id is not None and session.scalar(
        select(SecondFactor.id).where(SecondFactor.credential_id == new.credential_id)
    ):
        raise Refused("account.passkey_known")
    if not before:
        wrong = Reason("account.wrong_password", {}, "password")
        refusal = tried(session, person_id, lambda: fits(person.password_hash), wrong, now=now)
        if refusal is not None:
            return refusal
    write_factor(session, actor, person_id, new, now=now)
    session.execute(
        update(Login)
        .where(Login.token_hash == login, Login.person_id == person_id)
        .values(second_factor_at=now)
    )
    return None


def write_factor(
    session: Session, actor: Actor, person_id: int, new: NewFactor, *, now: datetime
) -> None:
    """Keep a second factor of somebody, for the demo network; the person is written to."""
    factor = SecondFactor(
        person_id=person_id,
        kind=new.kind.value,
        name=new.name,
        sealed_secret=new.sealed_secret,
        credential_id=new.credential_id,
        public_key=new.public_key,
        counter=new.counter,
        created_at=now,
    )
    session.add(factor)
    session.flush()
    told = {"factor": factor.id, "kind": factor.kind}
    _leave_trace(session, actor, "account.factor_added", person_id, told, now=now)


def remove_factor(
    session: Session,
    actor: Actor,
    login: str,
    factor_id: int,
    proof: Proof,
    fits: Fits,
    *,
    now: datetime,
) -> Refused | None:
    """Forget one of the actor's factors, proved by another, or by password and recovery code.

    Answers with a value, because failures have to be stored.

    Raises:
        Forbidden: a program asks.
        NotFound: no such factor of theirs.
        Refused: it is the last one, and a role asks for one (``account.last_factor``).
    """
    person_id = _oneself(actor)
    person = session.get_one(Person, person_id, with_for_update=True)
    factor = session.get(SecondFactor, factor_id)
    if factor is None or factor.person_id != person_id:
        raise NotFound
    is_last = len(factors_of(session, person_id)) == 1
    if is_last and needs_second_factor(session, person_id):
        raise Refused("account.last_factor")

    def proved() -> bool:
        if isinstance(proof, ByRecoveryCode) and not fits(person.password_hash):
            return False
        return prove(session, person_id, login, proof, besides=factor_id, now=now) is not None

    refusal = tried(session, person_id, proved, wrong_proof(proof), now=now)
    if refusal is not None:
        return refusal
    told = {"factor": factor.id, "kind": factor.kind}
    session.delete(factor)
    session.flush()
    if is_last:
        _forget_passing(session, person_id)
    _leave_trace(session, actor, "account.factor_removed", person_id, told, now=now)
    return None


def forget_factors(session: Session, actor: Actor, person_id: int, *, now: datetime) -> None:
    """Forget every factor of somebody who lost them all; by command, once they were identified."""
    session.execute(delete(SecondFactor).where(SecondFactor.person_id == person_id))
    _forget_passing(session, person_id)
    _leave_trace(session, actor, "account.factors_forgotten", person_id, {}, now=now)


def make_recovery_codes(
    session: Session, actor: Actor, hashes: Iterable[str], *, now: datetime
) -> None:
    """Keep a new set of the actor's recovery codes; those of before count no more.

    Raises:
        Forbidden: a program asks.
        Conflict: there is no factor yet that they would stand in for.
    """
    person_id = _oneself(actor)
    if not factors_of(session, person_id):
        raise Conflict("account.no_factor_yet")
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session.add_all(
        RecoveryCode(code_hash=each, person_id=person_id, created_at=now) for each in hashes
    )
    audit.record(session, actor, "account.recovery_codes_made", "person", person_id, now=now)


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
    _leave_trace(session, actor, "account.recovery_code_used", person_id, told, now=now)
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


def _forget_passing(session: Session, person_id: int) -> None:
    """Without a factor no login and no token has passed one."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    for held in (Login, ApiToken):
        session.execute(
            update(held).where(held.person_id == person_id).values(second_factor_at=None)
        )


def _oneself(actor: Actor) -> int:
    if actor.person_id is None or actor.scopes is not None:
        raise Forbidden
    return actor.person_id


def _leave_trace(
    session: Session,
    actor: Actor,
    name: str,
    person_id: int,
    facts: dict[str, Any],
    *,
    now: datetime,
) -> None:
    """The event, and a letter to the person: if it was not them, they learn it."""
    audit.record(session, actor, name, "person", person_id, now=now, facts=facts)
    told = {"person": person_id, "what": name.rpartition(".")[2], **facts}
    jobs.enqueue(session, "accounts.tell_factor", told, now=now)
