"""What is kept of a person's account, erasing it, and what is forgotten by itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from mutuali.accounts.models import (
    ApiToken,
    FactorLockout,
    Lockout,
    Login,
    NetworkRole,
    OneTimeLink,
    Person,
    RecoveryCode,
    SecondFactor,
)
from mutuali.audit import service as audit
from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor
from mutuali.storage import Base, HeldRows, held_rows

#: The end of the address of somebody who was erased; nobody can have it (RFC 2606).
ERASED = "@efface.invalid"


def held_about_person(session: Session, person_id: int) -> list[HeldRows]:
    """What this feature keeps about a person."""
    return [
        held_rows(session, Person, Person.id == person_id),
        held_rows(session, NetworkRole, NetworkRole.person_id == person_id),
        held_rows(session, ApiToken, ApiToken.person_id == person_id),
        held_rows(session, Login, Login.person_id == person_id),
        held_rows(session, OneTimeLink, OneTimeLink.person_id == person_id),
        held_rows(session, SecondFactor, SecondFactor.person_id == person_id),
    ]


def erase_person(session: Session, actor: Actor, person_id: int, *, now: datetime) -> None:
    """Replace what names a person and end what they could do; erasing twice changes nothing.

    The row stays, so that the log, the loans and the agreements still hold together. The caller
    says whether the actor may.

    Raises:
        NotFound: no such person.
    """
    person = session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFound
    if person.email.endswith(ERASED):
        return
    person.email = f"{person_id}{ERASED}"
    person.name = "Personne effacée"
    person.password_hash = ""
    person.confirmed_at = None
    access: tuple[Any, ...] = (
        *(Login, NetworkRole, ApiToken, OneTimeLink),
        *(SecondFactor, RecoveryCode, FactorLockout),
    )
    for model in access:
        session.execute(delete(model).where(model.person_id == person_id))
    session.flush()
    audit.record(session, actor, "person.erased", "person", person_id, now=now)


def people_by_public_id(session: Session) -> dict[str, int]:
    """Public id -> id of everybody who has not been erased; for finding who was, elsewhere."""
    rows = session.execute(
        select(Person.public_id, Person.id).where(~Person.email.endswith(ERASED))
    )
    return dict(rows.all())


def public_id_of(session: Session, person_id: int) -> str:
    """The public id of a person. Raises NotFound."""
    found = session.scalar(select(Person.public_id).where(Person.id == person_id))
    if found is None:
        raise NotFound
    return found


def forget_logins(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy logins that ended before; returns how many there are."""
    over = (Login.expires_at < before) | (Login.revoked_at < before)
    return _forget(session, Login, over, dry=dry)


def forget_links(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy links of e-mails that ended before; returns how many there are."""
    return _forget(session, OneTimeLink, OneTimeLink.expires_at < before, dry=dry)


def forget_attempts(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy counts of wrong passwords, the last of them before; returns how many there are."""
    return _forget(session, Lockout, Lockout.last_failure_at < before, dry=dry)


def unconfirmed(session: Session, before: datetime) -> list[int]:
    """Who signed up before and never confirmed an address."""
    rows = session.scalars(
        select(Person.id).where(
            Person.confirmed_at.is_(None),
            Person.created_at < before,
            ~Person.email.endswith(ERASED),
        )
    )
    return list(rows)


def _forget(session: Session, model: type[Base], over: ColumnElement[bool], *, dry: bool) -> int:
    count = session.scalar(select(func.count()).select_from(model).where(over)) or 0
    if count and not dry:
        session.execute(delete(model).where(over))
    return count
