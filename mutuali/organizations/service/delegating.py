"""Letting somebody else decide for a time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.audit import service as audit
from mutuali.core.errors import NotFound, Reason, Refused
from mutuali.core.permissions import Actor, Permission, require
from mutuali.organizations.models import Delegation
from mutuali.organizations.rules import delegation_objections
from mutuali.organizations.service.look import organization


@dataclass(frozen=True, slots=True)
class DelegationFacts:
    """A delegation in force or to come."""

    id: int
    person_name: str
    starts_at: datetime
    ends_at: datetime


def delegate(
    session: Session,
    actor: Actor,
    organization_id: int,
    email: str,
    ends_at: datetime,
    *,
    starts_at: datetime | None = None,
    now: datetime,
) -> None:
    """Let a person decide for the organization from ``starts_at`` (None: now) until ``ends_at``.

    Raises:
        Forbidden, Refused (not accepted yet, unknown person, end in the past, too far, or before
        the start).
    """
    require(actor, Permission.DELEGATION_GIVE, over=organization_id)
    if not organization(session, organization_id).accepted:
        raise Refused("organization.not_accepted")
    since = max(starts_at or now, now)
    objections = delegation_objections(since, ends_at, now)
    person = accounts.find_person(session, email)
    if person is None:
        objections += (Reason("delegation.person_unknown", {}, "delegate"),)
    if objections or person is None:
        raise Refused.because(objections)
    row = Delegation(
        organization_id=organization_id, person_id=person.id, starts_at=since, ends_at=ends_at
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor,
        "delegation.given",
        "delegation",
        row.id,
        now=now,
        facts={
            "organization": organization_id,
            "person": person.id,
            "from": since.isoformat(),
            "until": ends_at.isoformat(),
        },
    )


def delegations(
    session: Session, actor: Actor, organization_id: int, *, now: datetime
) -> list[DelegationFacts]:
    """Delegations in force or to come, the first to start first. Raises Forbidden."""
    require(actor, Permission.ORGANIZATION_READ, over=organization_id)
    rows = session.scalars(
        select(Delegation)
        .where(
            Delegation.organization_id == organization_id,
            Delegation.revoked_at.is_(None),
            Delegation.ends_at > now,
        )
        .order_by(Delegation.starts_at, Delegation.id)
    ).all()
    people = accounts.people(session, frozenset(row.person_id for row in rows))
    return [
        DelegationFacts(row.id, people[row.person_id].name, row.starts_at, row.ends_at)
        for row in rows
    ]


def delegate_ids(session: Session, organization_id: int, *, now: datetime) -> list[int]:
    """Who decides for the organization at ``now`` because it delegated to them."""
    return list(
        session.scalars(
            select(Delegation.person_id)
            .where(
                Delegation.organization_id == organization_id,
                Delegation.starts_at <= now,
                Delegation.ends_at > now,
                Delegation.revoked_at.is_(None),
            )
            .distinct()
        )
    )


def end_delegation(session: Session, actor: Actor, delegation_id: int, *, now: datetime) -> None:
    """Take a delegation back at once. Raises Forbidden, NotFound."""
    row = session.get(Delegation, delegation_id)
    if row is None:
        raise NotFound
    require(actor, Permission.DELEGATION_GIVE, over=row.organization_id)
    row.revoked_at = now
    audit.record(session, actor, "delegation.ended", "delegation", row.id, now=now)
