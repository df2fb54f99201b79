"""Looking at a person's second factors and recovery codes; nothing here changes one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.accounts.models import NetworkRole, Person, RecoveryCode, SecondFactor
from mutuali.accounts.rules import FactorKind


@dataclass(frozen=True, slots=True)
class FactorFacts:
    """A second factor as its owner sees it."""

    id: int
    kind: FactorKind
    name: str
    created_at: datetime
    used_at: datetime | None


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
