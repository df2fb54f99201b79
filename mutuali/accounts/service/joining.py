"""Making an account: signing up, confirming the address, adding somebody by command."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.accounts.models import Person
from mutuali.accounts.rules import LinkPurpose, normalized_email
from mutuali.accounts.service.records import as_actor, by_email, send_link, spend
from mutuali.audit import service as audit
from mutuali.core.errors import Reason, Refused
from mutuali.core.permissions import SYSTEM


@dataclass(frozen=True, slots=True)
class SignUpDraft:
    """What a person fills in to get an account."""

    email: str
    name: str
    language: str
    password_hash: str
    notice_version: str


def sign_up(session: Session, draft: SignUpDraft, *, public_id: str, now: datetime) -> None:
    """Make an account that waits for its address to be confirmed.

    An address that has an account already gets a link to choose a new password instead: nobody
    can find out who has an account, and whoever signed up with somebody else's address before
    loses the password they chose. The visitor sees the same page.
    """
    email = normalized_email(draft.email)
    person = by_email(session, email)
    if person is not None:
        send_link(session, person.id, LinkPurpose.RESET, now=now)
        return
    person = Person(
        public_id=public_id,
        email=email,
        name=draft.name,
        password_hash=draft.password_hash,
        language=draft.language,
        notice_version=draft.notice_version,
        created_at=now,
    )
    session.add(person)
    session.flush()
    audit.record(session, as_actor(person), "account.signed_up", "person", person.id, now=now)
    send_link(session, person.id, LinkPurpose.CONFIRM, now=now)


def confirm_email(session: Session, link_id: int, *, now: datetime) -> None:
    """Confirm the address behind a link.

    Raises:
        Conflict: the link is spent (``account.link_spent``).
    """
    person = spend(session, link_id, LinkPurpose.CONFIRM, now=now)
    person.confirmed_at = person.confirmed_at or now
    audit.record(session, as_actor(person), "account.confirmed", "person", person.id, now=now)


def add_person(
    session: Session,
    *,
    public_id: str,
    email: str,
    name: str,
    password_hash: str,
    language: str,
    is_demo: bool,
    now: datetime,
) -> int:
    """A confirmed person without e-mail, for commands and the demo network; returns the id.

    Raises:
        Refused: the address has an account.
    """
    email = normalized_email(email)
    if by_email(session, email) is not None:
        raise Refused(Reason("account.email_taken", {}, "email"))
    person = Person(
        public_id=public_id,
        email=email,
        name=name,
        password_hash=password_hash,
        language=language,
        notice_version="command",
        confirmed_at=now,
        is_demo=is_demo,
        created_at=now,
    )
    session.add(person)
    session.flush()
    audit.record(session, SYSTEM, "account.added", "person", person.id, now=now)
    return person.id


def has_demo_people(session: Session) -> bool:
    """Whether an account flagged as demo exists; production refuses to serve then."""
    return session.scalar(select(Person.id).where(Person.is_demo).limit(1)) is not None
