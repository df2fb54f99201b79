"""Signing in and out; who holds a login or a token."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.accounts.models import ApiToken, Lockout, Login, NetworkRole, Person
from mutuali.accounts.rules import LOGIN_LASTS, LinkPurpose, locked_until, normalized_email
from mutuali.accounts.service.records import (
    PersonFacts,
    as_actor,
    by_email,
    end_logins,
    facts_of,
    read_facts,
    send_link,
)
from mutuali.audit import service as audit
from mutuali.core.errors import Refused
from mutuali.core.permissions import Actor
from mutuali.storage import UtcDateTime, ask, table_of


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
    person = by_email(session, normalized_email(email))
    if not matches(person.password_hash if person else None) or person is None:
        _count_failure(session, lockout, email_hash, now=now)
        return None, Refused("account.wrong_credentials")
    if lockout is not None:
        session.delete(lockout)
    if person.confirmed_at is None:
        send_link(session, person.id, LinkPurpose.CONFIRM, now=now)
        return None, Refused("account.not_confirmed")
    session.add(
        Login(
            token_hash=token_hash,
            person_id=person.id,
            created_at=now,
            expires_at=now + LOGIN_LASTS,
        )
    )
    audit.record(session, as_actor(person), "account.signed_in", "person", person.id, now=now)
    return facts_of(session, person), None


def find_by_login(
    session: Session, token_hash: str, *, now: datetime
) -> tuple[PersonFacts, int | None] | None:
    """Who holds the login and which organization it acts for; None when it is over."""
    rows = ask(session, _BY_LOGIN, token_hash=token_hash, now=now).all()
    return (read_facts(rows), rows[0].organization_id) if rows else None


def find_by_api_token(
    session: Session, token_hash: str, *, now: datetime
) -> tuple[PersonFacts, int | None, frozenset[str]] | None:
    """Who holds the API token, the organization it acts for, and its scopes; None when over."""
    rows = ask(session, _BY_API_TOKEN, token_hash=token_hash, now=now).all()
    if not rows:
        return None
    return read_facts(rows), rows[0].organization_id, frozenset(rows[0].scopes)


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
    end_logins(session, actor.person_id or 0, now=now)
    audit.record(
        session, actor, "account.signed_out_everywhere", "person", actor.person_id or 0, now=now
    )


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
