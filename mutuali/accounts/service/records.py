"""What every use case of accounts reads and writes the same way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from mutuali.accounts.models import Login, NetworkRole, OneTimeLink, Person
from mutuali.accounts.rules import CONFIRM_WITHIN, RESET_WITHIN, LinkPurpose
from mutuali.core.errors import Conflict
from mutuali.core.permissions import Actor, Role
from mutuali.jobs import service as jobs


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person as other features and doors see them."""

    id: int
    public_id: str
    name: str
    email: str
    language: str
    confirmed: bool
    roles: frozenset[Role]


def read_facts(rows: Sequence[Row[Any]]) -> PersonFacts:
    """The person of ``rows``, which differ in their role only."""
    row = rows[0]
    roles = frozenset(Role(each.role) for each in rows if each.role is not None)
    confirmed = row.confirmed_at is not None
    return PersonFacts(row.id, row.public_id, row.name, row.email, row.language, confirmed, roles)


def by_email(session: Session, email: str) -> Person | None:
    """The person with that address, however it is typed."""
    return session.scalars(select(Person).where(Person.email == email)).one_or_none()


def facts_of(session: Session, person: Person) -> PersonFacts:
    """A person as other features see them."""
    roles = session.scalars(select(NetworkRole.role).where(NetworkRole.person_id == person.id))
    return PersonFacts(
        person.id,
        person.public_id,
        person.name,
        person.email,
        person.language,
        person.confirmed_at is not None,
        frozenset(Role(role) for role in roles),
    )


def as_actor(person: Person) -> Actor:
    """The person acting for themselves, for the log."""
    return Actor(person_id=person.id)


def send_link(session: Session, person_id: int, purpose: LinkPurpose, *, now: datetime) -> None:
    """Make a one-time link and queue the e-mail that carries it."""
    lasts = CONFIRM_WITHIN if purpose is LinkPurpose.CONFIRM else RESET_WITHIN
    link = OneTimeLink(purpose=purpose, person_id=person_id, expires_at=now + lasts)
    session.add(link)
    session.flush()
    told = {"link": link.id, "purpose": purpose.value}
    jobs.enqueue(session, "accounts.send_link", told, now=now)


def spend(session: Session, link_id: int, purpose: LinkPurpose, *, now: datetime) -> Person:
    """Use up a link and return whose it is. Raises Conflict: spent, too old, for something else."""
    person_id = session.scalar(
        update(OneTimeLink)
        .where(
            OneTimeLink.id == link_id,
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now,
        )
        .values(used_at=now)
        .returning(OneTimeLink.person_id)
    )
    if person_id is None:
        raise Conflict("account.link_spent")
    return session.get_one(Person, person_id)


def end_logins(session: Session, person_id: int, *, now: datetime) -> None:
    """End every login of a person."""
    session.execute(
        update(Login)
        .where(Login.person_id == person_id, Login.revoked_at.is_(None))
        .values(revoked_at=now)
    )
