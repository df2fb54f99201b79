"""The second step of signing in: a login that waits for it, and passing it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.accounts.models import Login, Person
from mutuali.accounts.rules import FactorKind
from mutuali.accounts.service.factors_held import FactorFacts, factors_of, recovery_codes_left
from mutuali.accounts.service.proving import Proof, prove, tried, wrong_proof
from mutuali.accounts.service.records import PersonFacts, as_actor, facts_of
from mutuali.audit import service as audit
from mutuali.core.errors import Refused, SignInNeeded


@dataclass(frozen=True, slots=True)
class PendingLogin:
    """A login past its password that is nobody's until a second factor was passed."""

    person: PersonFacts
    is_demo: bool
    factors: tuple[FactorFacts, ...]
    recovery_codes: int

    def has(self, kind: FactorKind) -> bool:
        """Whether the person has a factor of that kind."""
        return any(factor.kind is kind for factor in self.factors)


def pending_login(session: Session, login: str, *, now: datetime) -> PendingLogin | None:
    """Who is half signed in under ``login``, the hash of a token; None when nobody is."""
    person = session.scalars(
        select(Person)
        .join(Login, Login.person_id == Person.id)
        .where(
            Login.token_hash == login,
            Login.revoked_at.is_(None),
            Login.expires_at > now,
            Login.second_factor_at.is_(None),
        )
    ).one_or_none()
    if person is None:
        return None
    factors = factors_of(session, person.id)
    if not factors:
        return None
    return PendingLogin(
        facts_of(session, person), person.is_demo, factors, recovery_codes_left(session, person.id)
    )


def pass_second_factor(
    session: Session, login: str, proof: Proof, *, now: datetime
) -> Refused | None:
    """Complete a login that waits, or say why not, with a value: failures have to be stored.

    Raises:
        SignInNeeded: no login waits here.
    """
    pending = pending_login(session, login, now=now)
    if pending is None:
        raise SignInNeeded
    person_id = pending.person.id
    by: list[str] = []

    def attempt() -> bool:
        found = prove(session, person_id, login, proof, now=now)
        by.extend([found] if found else [])
        return found is not None

    refusal = tried(session, person_id, attempt, wrong_proof(proof), now=now)
    if refusal is not None:
        return refusal
    session.get_one(Login, login).second_factor_at = now
    actor = as_actor(session.get_one(Person, person_id))
    facts = {"by": by[0]}
    audit.record(
        session, actor, "account.second_factor_passed", "person", person_id, now=now, facts=facts
    )
    return None


def give_up(session: Session, login: str, *, now: datetime) -> None:
    """End a login that waits; nothing happens where none does."""
    if pending_login(session, login, now=now) is not None:
        session.get_one(Login, login).revoked_at = now
