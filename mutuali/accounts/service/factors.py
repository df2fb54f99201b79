"""Changing a person's second factors: adding, removing, forgetting, making recovery codes.

What fits is said by functions of the door (``web.second_factor``); nothing here sees a secret.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from mutuali.accounts.models import ApiToken, Login, Person, RecoveryCode, SecondFactor
from mutuali.accounts.rules import MOST_FACTORS, FactorKind
from mutuali.accounts.service.factor_trace import leave_trace
from mutuali.accounts.service.factors_held import factors_of, needs_second_factor
from mutuali.accounts.service.proving import ByRecoveryCode, Proof, prove, tried, wrong_proof
from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, Forbidden, NotFound, Reason, Refused
from mutuali.core.permissions import Actor


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


#: Whether the password that was typed fits a stored hash.
Fits: TypeAlias = Callable[[str | None], bool]


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
    leave_trace(session, actor, "account.factor_added", person_id, told, now=now)


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
    leave_trace(session, actor, "account.factor_removed", person_id, told, now=now)
    return None


def forget_factors(session: Session, actor: Actor, person_id: int, *, now: datetime) -> None:
    """Forget every factor of somebody who lost them all; by command, once they were identified."""
    session.execute(delete(SecondFactor).where(SecondFactor.person_id == person_id))
    _forget_passing(session, person_id)
    leave_trace(session, actor, "account.factors_forgotten", person_id, {}, now=now)


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
