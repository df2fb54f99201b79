"""Links sent by e-mail: choosing a new password, and what is behind a link."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from mutuali.accounts.models import Lockout, OneTimeLink, Person
from mutuali.accounts.rules import LinkPurpose, normalized_email
from mutuali.accounts.service.records import (
    PersonFacts,
    as_actor,
    by_email,
    end_logins,
    facts_of,
    send_link,
    spend,
)
from mutuali.audit import service as audit
from mutuali.core.errors import Conflict


def ask_reset(session: Session, email: str, *, now: datetime) -> None:
    """Send a link to choose a new password, if the address has an account; silent otherwise."""
    person = by_email(session, normalized_email(email))
    if person is not None:
        send_link(session, person.id, LinkPurpose.RESET, now=now)


def reset_password(
    session: Session,
    link_id: int,
    password_hash: str,
    *,
    email_hash: Callable[[str], str],
    now: datetime,
) -> None:
    """Set a new password: logins, other links and the lockout end; the address is confirmed.

    Raises:
        Conflict: the link is spent.
    """
    person = spend(session, link_id, LinkPurpose.RESET, now=now)
    person.password_hash = password_hash
    person.confirmed_at = person.confirmed_at or now
    end_logins(session, person.id, now=now)
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.person_id == person.id, OneTimeLink.used_at.is_(None))
        .values(used_at=now)
    )
    session.execute(delete(Lockout).where(Lockout.email_hash == email_hash(person.email)))
    audit.record(session, as_actor(person), "account.password_reset", "person", person.id, now=now)


def email_behind_link(session: Session, link_id: int) -> str:
    """The address a link was sent to, to check a new password against it.

    Raises:
        Conflict: no such link.
    """
    email = session.scalar(
        select(Person.email)
        .join(OneTimeLink, OneTimeLink.person_id == Person.id)
        .where(OneTimeLink.id == link_id)
    )
    if email is None:
        raise Conflict("account.link_spent")
    return email


def link_recipient(session: Session, link_id: int) -> PersonFacts | None:
    """To whom a link goes, for the job that sends it."""
    link = session.get(OneTimeLink, link_id)
    return facts_of(session, session.get_one(Person, link.person_id)) if link else None
