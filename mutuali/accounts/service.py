"""Use cases of accounts: sign up, confirm, sign in and out, reset, roles, API tokens.

Passwords and tokens are hashed by the door (``web.secrets``) and arrive here as hashes or as a
function that checks; nothing here sees the clock or makes a secret.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.accounts.models import ApiToken, Lockout, Login, NetworkRole, OneTimeLink, Person
from mutuali.accounts.rules import (
    API_TOKEN_LASTS,
    CONFIRM_WITHIN,
    LOGIN_LASTS,
    RESET_WITHIN,
    LinkPurpose,
    locked_until,
    normalized_email,
)
from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, Forbidden, NotFound, Reason, Refused
from mutuali.core.permissions import NETWORK_ROLES, SYSTEM, Actor, Permission, Role, may, require
from mutuali.jobs import service as jobs
from mutuali.storage import UtcDateTime, ask, table_of


@dataclass(frozen=True, slots=True)
class SignUpDraft:
    """What a person fills in to get an account."""

    email: str
    name: str
    language: str
    password_hash: str
    notice_version: str


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


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """An API token as its owner sees it; the token itself is shown once, by the door."""

    id: int
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime


def sign_up(session: Session, draft: SignUpDraft, *, public_id: str, now: datetime) -> None:
    """Make an account that waits for its address to be confirmed.

    An address that has an account already gets a link to choose a new password instead: nobody
    can find out who has an account, and whoever signed up with somebody else's address before
    loses the password they chose. The visitor sees the same page.
    """
    email = normalized_email(draft.email)
    person = _by_email(session, email)
    if person is not None:
        _send_link(session, person.id, LinkPurpose.RESET, now=now)
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
    audit.record(session, _as(person), "account.signed_up", "person", person.id, now=now)
    _send_link(session, person.id, LinkPurpose.CONFIRM, now=now)


def confirm_email(session: Session, link_id: int, *, now: datetime) -> None:
    """Confirm the address behind a link.

    Raises:
        Conflict: the link is spent (``account.link_spent``).
    """
    person = _spend(session, link_id, LinkPurpose.CONFIRM, now=now)
    person.confirmed_at = person.confirmed_at or now
    audit.record(session, _as(person), "account.confirmed", "person", person.id, now=now)


def sign_in(
    session: Session,
    email: str,
    matches: Callable[[str | None], bool],
    *,
    email_hash: str,
    token_hash: str,
    now: datetime,
) -> tuple[PersonFacts | None, Refused | None]:
    """Open a login under ``token_hash``, or say why not.

    Answers with a value, not an exception, because the count of failures has to be stored.
    ``matches`` says whether the password fits a stored hash and takes as long when there is none.
    """
    lockout = session.get(Lockout, email_hash, with_for_update=True)
    if lockout is not None:
        until = locked_until(lockout.failures, lockout.last_failure_at)
        if until is not None and until > now:
            minutes = int((until - now).total_seconds() // 60) + 1
            return None, Refused("account.locked", wait=timedelta(minutes=minutes))
    person = _by_email(session, normalized_email(email))
    if not matches(person.password_hash if person else None) or person is None:
        _count_failure(session, lockout, email_hash, now=now)
        return None, Refused("account.wrong_credentials")
    if lockout is not None:
        session.delete(lockout)
    if person.confirmed_at is None:
        _send_link(session, person.id, LinkPurpose.CONFIRM, now=now)
        return None, Refused("account.not_confirmed")
    session.add(
        Login(
            token_hash=token_hash,
            person_id=person.id,
            created_at=now,
            expires_at=now + LOGIN_LASTS,
        )
    )
    audit.record(session, _as(person), "account.signed_in", "person", person.id, now=now)
    return _facts(session, person), None


def find_by_login(
    session: Session, token_hash: str, *, now: datetime
) -> tuple[PersonFacts, int | None] | None:
    """Who holds the login and which organization it acts for; None when it is over."""
    rows = ask(session, _BY_LOGIN, token_hash=token_hash, now=now).all()
    return (_facts_of(rows), rows[0].organization_id) if rows else None


def find_by_api_token(
    session: Session, token_hash: str, *, now: datetime
) -> tuple[PersonFacts, int | None, frozenset[str]] | None:
    """Who holds the API token, the organization it acts for, and its scopes; None when over."""
    rows = ask(session, _BY_API_TOKEN, token_hash=token_hash, now=now).all()
    if not rows:
        return None
    return _facts_of(rows), rows[0].organization_id, frozenset(rows[0].scopes)


def act_for(session: Session, token_hash: str, organization_id: int) -> None:
    """Remember which organization this login acts for; who may is checked at each request."""
    session.execute(
        update(Login).where(Login.token_hash == token_hash).values(organization_id=organization_id)
    )


def sign_out(session: Session, actor: Actor, token_hash: str, *, now: datetime) -> None:
    """End one login."""
    session.execute(update(Login).where(Login.token_hash == token_hash).values(revoked_at=now))
    audit.record(session, actor, "account.signed_out", "person", actor.person_id or 0, now=now)


def sign_out_everywhere(session: Session, actor: Actor, *, now: datetime) -> None:
    """End every login of the actor, this one included; API tokens stay until revoked."""
    _end_logins(session, actor.person_id or 0, now=now)
    audit.record(
        session, actor, "account.signed_out_everywhere", "person", actor.person_id or 0, now=now
    )


def ask_reset(session: Session, email: str, *, now: datetime) -> None:
    """Send a link to choose a new password, if the address has an account; silent otherwise."""
    person = _by_email(session, normalized_email(email))
    if person is not None:
        _send_link(session, person.id, LinkPurpose.RESET, now=now)


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
    person = _spend(session, link_id, LinkPurpose.RESET, now=now)
    person.password_hash = password_hash
    person.confirmed_at = person.confirmed_at or now
    _end_logins(session, person.id, now=now)
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.person_id == person.id, OneTimeLink.used_at.is_(None))
        .values(used_at=now)
    )
    session.execute(delete(Lockout).where(Lockout.email_hash == email_hash(person.email)))
    audit.record(session, _as(person), "account.password_reset", "person", person.id, now=now)


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


def choose_language(session: Session, actor: Actor, language: str) -> None:
    """The language of the actor's e-mails."""
    session.execute(update(Person).where(Person.id == actor.person_id).values(language=language))


def grant_role(
    session: Session, actor: Actor, person_id: int, role: Role, *, now: datetime
) -> None:
    """Give a person a role over the network; giving it twice changes nothing.

    Raises:
        Forbidden: the actor may not.
        Refused: the role is not one of the network.
        NotFound: no such person.
    """
    require(actor, Permission.ROLE_GRANT)
    if role not in NETWORK_ROLES:
        raise Refused(Reason("role.unknown", {}, "role"))
    if session.get(Person, person_id) is None:
        raise NotFound
    if session.get(NetworkRole, (person_id, role.value)) is None:
        session.add(NetworkRole(person_id=person_id, role=role.value))
        audit.record(
            session, actor, "role.granted", "person", person_id, now=now, facts={"role": role.value}
        )


def create_api_token(
    session: Session,
    actor: Actor,
    *,
    name: str,
    scopes: frozenset[str],
    token_hash: str,
    now: datetime,
) -> None:
    """Keep the hash of a new API token of the actor, for a year, limited to ``scopes``.

    Raises:
        Forbidden: tokens cannot make tokens.
        Refused: no scope, or one the actor does not hold.
    """
    if actor.scopes is not None or actor.person_id is None:
        raise Forbidden
    held = {permission.value for permission in Permission if may(actor, permission)}
    if not scopes or not scopes <= held:
        raise Refused(Reason("token.scope_unknown", {}, "scopes"))
    token = ApiToken(
        token_hash=token_hash,
        person_id=actor.person_id,
        organization_id=actor.organization_id,
        name=name,
        scopes=sorted(scopes),
        created_at=now,
        expires_at=now + API_TOKEN_LASTS,
    )
    session.add(token)
    session.flush()
    audit.record(session, actor, "token.created", "api_token", token.id, now=now)


def api_tokens(session: Session, actor: Actor, *, now: datetime) -> list[TokenFacts]:
    """The actor's tokens in force, newest first."""
    rows = session.scalars(
        select(ApiToken)
        .where(
            ApiToken.person_id == actor.person_id,
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
        )
        .order_by(ApiToken.id.desc())
    )
    return [
        TokenFacts(row.id, row.name, tuple(row.scopes), row.created_at, row.expires_at)
        for row in rows
    ]


def revoke_api_token(session: Session, actor: Actor, token_id: int, *, now: datetime) -> None:
    """End one of the actor's own tokens.

    Raises:
        NotFound: no such token of theirs.
    """
    row = session.get(ApiToken, token_id)
    if row is None or row.person_id != actor.person_id:
        raise NotFound
    row.revoked_at = now
    audit.record(session, actor, "token.revoked", "api_token", row.id, now=now)


def people(session: Session, ids: frozenset[int]) -> dict[int, PersonFacts]:
    """The facts of each person in ``ids`` who exists."""
    rows = session.scalars(select(Person).where(Person.id.in_(ids)))
    return {row.id: _facts(session, row) for row in rows}


def find_person(session: Session, email: str) -> PersonFacts | None:
    """The confirmed person with this address."""
    person = _by_email(session, normalized_email(email))
    return _facts(session, person) if person and person.confirmed_at else None


def people_with_role(session: Session, role: Role) -> list[PersonFacts]:
    """Everybody who holds ``role`` over the network."""
    rows = session.scalars(
        select(Person)
        .join(NetworkRole, NetworkRole.person_id == Person.id)
        .where(NetworkRole.role == role.value)
        .order_by(Person.id)
    )
    return [_facts(session, row) for row in rows]


def link_recipient(session: Session, link_id: int) -> tuple[PersonFacts, LinkPurpose] | None:
    """To whom a link goes and what for, for the job that sends it."""
    link = session.get(OneTimeLink, link_id)
    if link is None:
        return None
    person = session.get_one(Person, link.person_id)
    return _facts(session, person), LinkPurpose(link.purpose)


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
    if _by_email(session, email) is not None:
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


def _count_failure(
    session: Session, lockout: Lockout | None, email_hash: str, *, now: datetime
) -> None:
    if lockout is None:
        try:
            with session.begin_nested():
                session.add(Lockout(email_hash=email_hash, failures=1, last_failure_at=now))
            return
        except IntegrityError:  # another failure wrote the first row at this very moment
            lockout = session.get_one(Lockout, email_hash, with_for_update=True)
    lockout.failures += 1
    lockout.last_failure_at = now


def _who_holds(held: Table, *columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """Whoever holds the login or token ``:token_hash`` at ``:now``: a row per role, or one."""
    person, role = table_of(Person), table_of(NetworkRole)
    return (
        select(
            *(person.c.id, person.c.public_id, person.c.name, person.c.email, person.c.language),
            *(person.c.confirmed_at, role.c.role, *columns),
        )
        .select_from(held)
        .join(person, person.c.id == held.c.person_id)
        .outerjoin(role, role.c.person_id == person.c.id)
        .where(
            held.c.token_hash == bindparam("token_hash"),
            held.c.revoked_at.is_(None),
            held.c.expires_at > bindparam("now", type_=UtcDateTime()),
        )
    )


_LOGIN, _TOKEN = table_of(Login), table_of(ApiToken)
_BY_LOGIN = _who_holds(_LOGIN, _LOGIN.c.organization_id)
_BY_API_TOKEN = _who_holds(_TOKEN, _TOKEN.c.organization_id, _TOKEN.c.scopes)


def _facts_of(rows: Sequence[Row[Any]]) -> PersonFacts:
    """The person of ``rows``, which differ in their role only."""
    row = rows[0]
    roles = frozenset(Role(each.role) for each in rows if each.role is not None)
    confirmed = row.confirmed_at is not None
    return PersonFacts(row.id, row.public_id, row.name, row.email, row.language, confirmed, roles)


def _by_email(session: Session, email: str) -> Person | None:
    return session.scalars(select(Person).where(Person.email == email)).one_or_none()


def _facts(session: Session, person: Person) -> PersonFacts:
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


def _as(person: Person) -> Actor:
    return Actor(person_id=person.id)


def _send_link(session: Session, person_id: int, purpose: LinkPurpose, *, now: datetime) -> None:
    lasts = CONFIRM_WITHIN if purpose is LinkPurpose.CONFIRM else RESET_WITHIN
    link = OneTimeLink(purpose=purpose, person_id=person_id, expires_at=now + lasts)
    session.add(link)
    session.flush()
    jobs.enqueue(session, "accounts.send_link", {"link": link.id}, now=now)


def _spend(session: Session, link_id: int, purpose: LinkPurpose, *, now: datetime) -> Person:
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


def _end_logins(session: Session, person_id: int, *, now: datetime) -> None:
    session.execute(
        update(Login)
        .where(Login.person_id == person_id, Login.revoked_at.is_(None))
        .values(revoked_at=now)
    )
