"""For whom a person acts: memberships and delegations, in one question per request."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, bindparam, literal, select, union_all
from sqlalchemy.orm import Session

from mutuali.core.permissions import Role
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


def _standing() -> CompoundSelect[*tuple[Any, ...]]:
    organization = table_of(Organization)
    member, delegation = table_of(Membership), table_of(Delegation)
    person: BindParameter[int] = bindparam("person_id")
    now = bindparam("now", type_=UtcDateTime())
    as_member = (
        select(
            *(organization.c.id, organization.c.public_id, organization.c.name),
            *(member.c.role, member.c.since),
        )
        .join(member, member.c.organization_id == organization.c.id)
        .where(member.c.person_id == person)
    )
    as_delegate = select(
        delegation.c.organization_id, literal(""), literal(""), literal(""), delegation.c.starts_at
    ).where(
        delegation.c.person_id == person,
        delegation.c.starts_at <= now,
        delegation.c.ends_at > now,
        delegation.c.revoked_at.is_(None),
    )
    return union_all(as_member, as_delegate)


_STANDING = _standing()


def standing(session: Session, person_id: int, *, now: datetime) -> Standing:
    """What every request of a person asks, in one question."""
    rows = ask(session, _STANDING, person_id=person_id, now=now).all()
    member = sorted((row for row in rows if row.role), key=lambda row: (row.since, row.id))
    return Standing(
        {row.id: Role(row.role) for row in member},
        frozenset(row.id for row in rows if not row.role),
        tuple((row.id, row.public_id, row.name) for row in member),
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
