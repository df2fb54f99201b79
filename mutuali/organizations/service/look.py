"""Looking at organizations: one, many, who counts as one, who answers for all."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import BindParameter, Select, func, literal_column, or_, select
from sqlalchemy.orm import Session

from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor, Permission, may, reach_of
from mutuali.organizations.models import Organization
from mutuali.organizations.rules import OrganizationKind, OrganizationState
from mutuali.organizations.rules import contributors as merged
from mutuali.organizations.service.records import OrganizationFacts, facts_of, get_row
from mutuali.storage import is_one_of, table_of


def organization(session: Session, organization_id: int) -> OrganizationFacts:
    """One organization. Raises NotFound."""
    return facts_of(get_row(session, organization_id))


def organizations(session: Session, ids: frozenset[int]) -> dict[int, OrganizationFacts]:
    """Those of ``ids`` that exist."""
    if not ids:
        return {}
    rows = session.scalars(select(Organization).where(Organization.id.in_(ids)))
    return {row.id: facts_of(row) for row in rows}


def names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """The name of each of ``ids`` that exists."""
    rows = session.execute(
        select(Organization.id, Organization.name).where(is_one_of(Organization.id, ids))
    )
    return dict(rows.all())


def every_name(session: Session) -> dict[int, str]:
    """The name of every organization, whatever its state."""
    return dict(session.execute(select(Organization.id, Organization.name)).all())


def by_public_id(session: Session, public_id: str) -> OrganizationFacts:
    """One organization by the id of its address. Raises NotFound."""
    row = session.scalars(select(Organization).where(Organization.public_id == public_id)).first()
    if row is None:
        raise NotFound
    return facts_of(row)


def applications(session: Session, actor: Actor) -> list[OrganizationFacts]:
    """Applications without an answer, oldest first; empty for who may not answer them."""
    if not may(actor, Permission.ORGANIZATION_ACCEPT):
        return []
    rows = session.scalars(
        select(Organization)
        .where(Organization.state == OrganizationState.APPLIED)
        .order_by(Organization.created_at)
    )
    return [facts_of(row) for row in rows]


def accepted_organizations(session: Session) -> list[OrganizationFacts]:
    """Everybody who takes part, by name."""
    rows = session.scalars(
        select(Organization)
        .where(Organization.state == OrganizationState.ACCEPTED)
        .order_by(Organization.name)
    )
    return [facts_of(row) for row in rows]


def contributors(session: Session) -> dict[int, int]:
    """Organization id -> the id that stands for all that count as one contributor with it."""
    rows = session.execute(
        select(Organization.id, Organization.parent_id, Organization.enterprise_number)
    )
    return merged(rows.all())


def operator_id(session: Session) -> int | None:
    """The organization that answers for this instance; None until there is one."""
    return session.scalar(
        select(Organization.id)
        .where(Organization.kind == OrganizationKind.OPERATOR)
        .order_by(Organization.id)
        .limit(1)
    )


def count_members(session: Session) -> int:
    """How many organizations take part; partners and the operator only receive."""
    receiving = (OrganizationKind.PARTNER, OrganizationKind.OPERATOR)
    return session.scalars(
        select(func.count(Organization.id)).where(
            Organization.state == OrganizationState.ACCEPTED,
            Organization.kind.not_in(receiving),
        )
    ).one()


def readable_organizations(
    session: Session, actor: Actor, *, public_id: str | None = None
) -> list[OrganizationFacts]:
    """The organizations whose affairs the actor may read, by name; all of them for some roles.

    ``public_id`` leaves at most the one with that id.
    """
    reach = reach_of(actor, Permission.ORGANIZATION_READ)
    query = select(Organization).order_by(Organization.name, Organization.id)
    if reach is not None:
        query = query.where(Organization.id.in_(reach))
    if public_id is not None:
        query = query.where(Organization.public_id == public_id)
    return [facts_of(row) for row in session.scalars(query)]


@dataclass(frozen=True, slots=True)
class Party:
    """An organization as one side of a booking."""

    public_id: str
    accepted: bool


def parties(*ids: BindParameter[int]) -> Select[int, str, bool]:
    """The question for id, public id and whether accepted, of organizations by parameter.

    For a feature that asks more in the same question; :class:`Party` is what it learns.
    """
    organization = table_of(Organization).c
    accepted = organization.state == literal_column(f"'{OrganizationState.ACCEPTED.value}'")
    return select(organization.id, organization.public_id, accepted).where(
        or_(*(organization.id == id_ for id_ in ids))
    )
