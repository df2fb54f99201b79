"""Signing in and out; who holds a login or a token."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session

from mutuali.accounts.models import (
    ApiToken,
    Lockout,
    Login,
    NetworkRole,
    Person,
    SecondFactor,
)
from mutuali.accounts.rules import LOGIN_LASTS, LinkPurpose, normalized_email
from mutuali.accounts.service.lockouts import count_failure, wait_left
from mutuali.accounts.service.records import (
    PersonFacts,
    as_actor,
    by_email,
    end_logins,
    facts_of,
    send_link,
)
from mutuali.audit import service as audit
from mutuali.core.errors import Refused
from mutuali.core.permissions import Actor
from mutuali.storage import UtcDateTime, table_of


def sign_in(
    session: Session,
    email: str,
    matches: Callable[[str | None], bool],
    *,
    email_hash: str,
    token_hash: str,
    now: datetime,
) -> tuple[PersonFacts | None, Refused | None]:
    """Open a login under ``token_hash``, or say why not; a second factor may have to follow.

    Answers with a value, not an exception, because the count of failures has to be stored.
    ``matches`` says whether the password fits a stored hash and takes as long when there is none.
    """
    lockout = session.get(Lockout, email_hash, with_for_update=True)
    wait = wait_left(lockout, now=now)
    if wait is not None:
        return None, Refused("account.locked", wait=wait)
    person = by_email(session, normalized_email(email))
    if not matches(person.password_hash if person else None) or person is None:
        first = Lockout(email_hash=email_hash, failures=1, last_failure_at=now)
        count_failure(session, lockout, first, email_hash, now=now)
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


def _who_holds(held: Table, *columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """Whoever holds the login or token ``:token_hash`` at ``:now``: a row per role, or one."""
    person, role = table_of(Person), table_of(NetworkRole)
    return (
        select(
            *(person.c.id, person.c.public_id, person.c.name, person.c.email, person.c.language),
            *(person.c.confirmed_at, role.c.role, held.c.organization_id),
            *(held.c.second_factor_at, *columns),
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


def _passed_or_none_needed() -> ColumnElement[bool]:
    """A login that waits for a second factor is nobody's."""
    login, factor = table_of(Login), table_of(SecondFactor)
    return or_(
        login.c.second_factor_at.is_not(None),
        ~exists().where(factor.c.person_id == login.c.person_id),
    )


#: Who holds ``:token_hash`` at ``:now``, and for which organization; nobody when it is over. Rows
#: for :func:`read_facts`; ``organizations`` asks the same and more in one question.
HOLDER_OF_LOGIN = _who_holds(table_of(Login)).where(_passed_or_none_needed())
HOLDER_OF_TOKEN = _who_holds(table_of(ApiToken), table_of(ApiToken).c.scopes)
