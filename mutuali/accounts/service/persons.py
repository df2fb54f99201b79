"""People: finding them, their roles over the network, their language."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mutuali.accounts.models import Login, NetworkRole, Person
from mutuali.accounts.rules import normalized_email
from mutuali.accounts.service.records import PersonFacts, by_email, facts_of
from mutuali.audit import service as audit
from mutuali.core.errors import Forbidden, NotFound, Reason, Refused
from mutuali.core.permissions import NETWORK_ROLES, Actor, Permission, Role, require
from mutuali.storage import is_one_of


def choose_language(session: Session, actor: Actor, language: str) -> None:
    """The language of the actor's e-mails."""
    session.execute(update(Person).where(Person.id == actor.person_id).values(language=language))


def rename(session: Session, actor: Actor, name: str, *, now: datetime) -> None:
    """Correct the actor's own name. Raises Forbidden for a visitor."""
    if actor.person_id is None:
        raise Forbidden
    session.get_one(Person, actor.person_id).name = name
    _corrected(session, actor, actor.person_id, "person.name", now=now)


def correct_email(
    session: Session, actor: Actor, person_id: int, email: str, *, request_id: int, now: datetime
) -> None:
    """Correct the address of somebody who asked; the caller says whether the actor may.

    Raises:
        Refused: another account has that address.
    """
    email = normalized_email(email)
    found = by_email(session, email)
    if found is not None and found.id != person_id:
        raise Refused(Reason("account.email_taken", {}, "answer"))
    session.get_one(Person, person_id).email = email
    _corrected(session, actor, person_id, "person.email", now=now, request=request_id)


def _corrected(
    session: Session, actor: Actor, person_id: int, column: str, *, now: datetime, **about: int
) -> None:
    """The trace of a correction: what, never the values."""
    session.flush()
    facts = {"column": column, **about}
    audit.record(session, actor, "person.corrected", "person", person_id, now=now, facts=facts)


def last_signed_in(session: Session, ids: Iterable[int]) -> dict[int, datetime]:
    """When each of ``ids`` signed in last; who never did, since when they have an account.

    Logins themselves are destroyed weeks after they end; the log remembers.
    """
    known = frozenset(ids)
    rows = session.execute(
        select(Person.id, Person.created_at, func.max(Login.created_at))
        .outerjoin(Login, Login.person_id == Person.id)
        .where(is_one_of(Person.id, known))
        .group_by(Person.id, Person.created_at)
    )
    told = audit.last_of(session, "account.signed_in", "person", known)
    return {
        id_: max(each for each in (created, login, told.get(id_)) if each is not None)
        for id_, created, login in rows
    }


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


def people(session: Session, ids: frozenset[int]) -> dict[int, PersonFacts]:
    """The facts of each person in ``ids`` who exists."""
    rows = session.scalars(select(Person).where(Person.id.in_(ids)))
    return {row.id: facts_of(session, row) for row in rows}


def names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """The name of each of ``ids`` who exists."""
    rows = session.execute(select(Person.id, Person.name).where(is_one_of(Person.id, ids)))
    return dict(rows.all())


def every_name(session: Session) -> list[str]:
    """The name of everybody with an account."""
    return list(session.scalars(select(Person.name)))


def id_of(session: Session, public_id: str) -> int | None:
    """The person behind a public id; None when there is none."""
    return session.scalar(select(Person.id).where(Person.public_id == public_id))


def find_person(session: Session, email: str) -> PersonFacts | None:
    """The confirmed person with this address."""
    person = by_email(session, normalized_email(email))
    return facts_of(session, person) if person and person.confirmed_at else None


def people_with_role(session: Session, role: Role) -> list[PersonFacts]:
    """Everybody who holds ``role`` over the network."""
    rows = session.scalars(
        select(Person)
        .join(NetworkRole, NetworkRole.person_id == Person.id)
        .where(NetworkRole.role == role.value)
        .order_by(Person.id)
    )
    return [facts_of(session, row) for row in rows]


def holders_of(role: Role) -> Callable[..., list[PersonFacts]]:
    """Who reads the letters that a role has to know of, as the jobs ask: see ``web/mail.py``."""

    def readers(session: Session, *_asked: object) -> list[PersonFacts]:
        return people_with_role(session, role)

    return readers
