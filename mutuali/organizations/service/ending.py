"""What is kept about a person or an organization, letting go of it, and what is forgotten."""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from mutuali.core.errors import Refused
from mutuali.core.permissions import Role
from mutuali.organizations.models import (
    Delegation,
    Invitation,
    Membership,
    Organization,
    Participation,
    Signatory,
    Site,
)
from mutuali.storage import HeldRows, held_rows


def held_about_person(session: Session, person_id: int) -> list[HeldRows]:
    """What this feature keeps about a person."""
    return [
        held_rows(session, Membership, Membership.person_id == person_id),
        held_rows(session, Delegation, Delegation.person_id == person_id),
        held_rows(session, Signatory, Signatory.person_id == person_id),
    ]


def held_about_organization(session: Session, organization_id: int) -> list[HeldRows]:
    """What this feature keeps about an organization."""
    return [
        held_rows(session, Organization, Organization.id == organization_id),
        held_rows(session, Site, Site.organization_id == organization_id),
        held_rows(session, Participation, Participation.organization_id == organization_id),
    ]


def forget_person(session: Session, person_id: int, *, now: datetime) -> None:
    """Take a person out of every organization, and back what was delegated to them.

    Raises:
        Refused: an organization would be left without a manager.
    """
    managed = session.scalars(
        select(Membership.organization_id).where(
            Membership.person_id == person_id, Membership.role == Role.MANAGER
        )
    ).all()
    for organization_id in managed:
        managers = session.scalar(
            select(func.count()).where(
                Membership.organization_id == organization_id, Membership.role == Role.MANAGER
            )
        )
        if managers == 1:
            raise Refused("member.last_manager")
    session.execute(delete(Membership).where(Membership.person_id == person_id))
    session.execute(
        update(Delegation)
        .where(Delegation.person_id == person_id, Delegation.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    session.execute(
        update(Signatory)
        .where(Signatory.person_id == person_id, Signatory.ended_at.is_(None))
        .values(ended_at=now)
    )


def forget_invitations(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy invitations that ended before; returns how many there are."""
    over = (Invitation.expires_at < before) | (Invitation.accepted_at < before)
    count = session.scalar(select(func.count()).select_from(Invitation).where(over)) or 0
    if count and not dry:
        session.execute(delete(Invitation).where(over))
    return count
