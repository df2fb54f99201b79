"""What is kept of a person's account, erasing it, and what is forgotten by itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, or_, select
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
from mutuali.storage import HeldRows, forget_rows, held_rows

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
    return forget_rows(session, Login, over, dry=dry)


def forget_links(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy links of e-mails that ended before; returns how many there are."""
    return forget_rows(session, OneTimeLink, OneTimeLink.expires_at < before, dry=dry)


def forget_attempts(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy counts of wrong passwords and codes, the last before; returns how many there are."""
    return sum(
        forget_rows(session, model, model.last_failure_at < before, dry=dry)
        for model in (Lockout, FactorLockout)
    )


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


def unused(session: Session, before: datetime) -> list[int]:
    """Whose account serves nobody since before: no deed of theirs in the log, no login or token
    that could still be used then, no role over the network."""
    can_act = or_(
        *(
            exists().where(model.person_id == Person.id, model.expires_at >= before)
            for model in (Login, ApiToken)
        ),
        exists().where(NetworkRole.person_id == Person.id),
    )
    rows = session.scalars(
        select(Person.id).where(
            Person.confirmed_at < before,
            Person.created_at < before,
            ~Person.email.endswith(ERASED),
            ~can_act,
        )
    )
    active = audit.active_since(session, before)
    return [id_ for id_ in rows if id_ not in active]
