"""For whom a person acts: memberships and delegations, in one question per request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.core.permissions import VISITOR, Actor, Role
from mutuali.organizations.models import Delegation, Membership, Organization
from mutuali.storage import UtcDateTime, ask, table_of


@dataclass(frozen=True, slots=True)
class Standing:
    """For whom a person acts and decides: roles by organization, delegations, and public names.

    ``names`` are (id, public id, name) in the order in which the person joined.
    """

    memberships: dict[int, Role]
    delegated: frozenset[int]
    names: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever holds a login or a token: the person, what they chose, for whom they act.

    ``scopes`` are None for a login; ``second_factor`` tells whether it passed one, or was made in
    a login that did.
    """

    person: accounts.PersonFacts
    second_factor: bool
    organization_id: int | None
    scopes: frozenset[str] | None
    standing: Standing


def holder_of_login(session: Session, token_hash: str, *, now: datetime) -> Holder | None:
    """What every request of a person asks, in one question; None when the login is over."""
    return _holder(ask(session, _BY_LOGIN, token_hash=token_hash, now=now).all())


def holder_of_token(session: Session, token_hash: str, *, now: datetime) -> Holder | None:
    """What every request of a program asks; None when the token is over."""
    return _holder(ask(session, _BY_TOKEN, token_hash=token_hash, now=now).all())


def _holder(rows: Sequence[Row[Any]]) -> Holder | None:
    if not rows:
        return None
    first = rows[0]._mapping
    scopes = frozenset(first["scopes"]) if "scopes" in first else None
    return Holder(
        accounts.read_facts(rows),
        first["second_factor_at"] is not None,
        first["organization_id"],
        scopes,
        _read_standing(rows),
    )


def _read_standing(rows: Sequence[Row[Any]]) -> Standing:
    members = {row.member_of: row for row in rows if row.member_of is not None}
    ordered = sorted(members.values(), key=lambda row: (row.since, row.member_of))
    return Standing(
        {row.member_of: Role(row.member_as) for row in ordered},
        frozenset(row.decides_for for row in rows if row.decides_for is not None),
        tuple((row.member_of, row.member_public_id, row.member_name) for row in ordered),
    )


def _with_standing(holder: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The rows of ``holder`` times memberships times delegations in force: a handful."""
    member, delegation = table_of(Membership), table_of(Delegation)
    organization = table_of(Organization)
    person_id = holder.selected_columns.id
    now = bindparam("now", type_=UtcDateTime())
    in_force = and_(
        delegation.c.person_id == person_id,
        delegation.c.starts_at <= now,
        delegation.c.ends_at > now,
        delegation.c.revoked_at.is_(None),
    )
    return (
        holder.add_columns(
            organization.c.id.label("member_of"),
            organization.c.public_id.label("member_public_id"),
            organization.c.name.label("member_name"),
            member.c.role.label("member_as"),
            member.c.since,
            delegation.c.organization_id.label("decides_for"),
        )
        .outerjoin(member, member.c.person_id == person_id)
        .outerjoin(organization, organization.c.id == member.c.organization_id)
        .outerjoin(delegation, in_force)
    )


_BY_LOGIN = _with_standing(accounts.HOLDER_OF_LOGIN)
_BY_TOKEN = _with_standing(accounts.HOLDER_OF_TOKEN)


def actor_of(session: Session, person_id: int, *, now: datetime) -> Actor:
    """What a person may do now, for deeds that wait for somebody else: their roles count as proved,
    as they were when the person did their part. Nobody, when the person is gone."""
    person = accounts.people(session, frozenset({person_id})).get(person_id)
    if person is None:
        return VISITOR
    return Actor(
        person_id=person_id,
        memberships=memberships(session, person_id),
        delegated=delegated_to(session, person_id, now=now),
        roles=person.roles,
        second_factor=True,
    )


def memberships(session: Session, person_id: int) -> dict[int, Role]:
    """The organizations a person acts for, with the role, whatever the state of the application."""
    rows = session.execute(
        select(Membership.organization_id, Membership.role)
        .where(Membership.person_id == person_id)
        .order_by(Membership.since, Membership.organization_id)
    )
    return {organization_id: Role(role) for organization_id, role in rows}


def delegated_to(session: Session, person_id: int, *, now: datetime) -> frozenset[int]:
    """The organizations that let a person decide for them at ``now``."""
    rows = session.scalars(
        select(Delegation.organization_id).where(
            Delegation.person_id == person_id,
            Delegation.starts_at <= now,
            Delegation.ends_at > now,
            Delegation.revoked_at.is_(None),
        )
    )
    return frozenset(rows)
