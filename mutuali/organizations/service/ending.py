"""What is kept about a person or an organization, letting go of it, and what is forgotten."""

from datetime import datetime

from sqlalchemy import Select, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from mutuali.core.errors import Refused
from mutuali.core.period import local
from mutuali.core.permissions import Role
from mutuali.core.places import Point, coarse
from mutuali.organizations.models import (
    Delegation,
    Document,
    Invitation,
    Membership,
    OfficeHolder,
    Organization,
    Participation,
    Signatory,
    Site,
    TrustedBorrower,
)
from mutuali.organizations.rules import OrganizationState
from mutuali.storage import HeldRows, forget_rows, held_rows

#: What stands where the name of an organization stood.
GONE = "Organisme parti"


def held_about_person(session: Session, person_id: int) -> list[HeldRows]:
    """What this feature keeps about a person."""
    return [
        held_rows(session, Membership, Membership.person_id == person_id),
        held_rows(session, Delegation, Delegation.person_id == person_id),
        held_rows(session, Signatory, Signatory.person_id == person_id),
        _without_files(held_rows(session, Document, Document.person_id == person_id)),
    ]


def held_about_organization(session: Session, organization_id: int) -> list[HeldRows]:
    """What this feature keeps about an organization."""
    return [
        held_rows(session, Organization, Organization.id == organization_id),
        held_rows(session, Site, Site.organization_id == organization_id),
        held_rows(session, Participation, Participation.organization_id == organization_id),
        _without_files(held_rows(session, Document, Document.organization_id == organization_id)),
        held_rows(
            session,
            TrustedBorrower,
            or_(
                TrustedBorrower.organization_id == organization_id,
                TrustedBorrower.borrower_id == organization_id,
            ),
        ),
    ]


def forget_person(session: Session, person_id: int, *, now: datetime) -> None:
    """Take a person out of every organization, back what was delegated to them, and destroy what
    organizations showed of them.

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
    session.execute(delete(Document).where(Document.person_id == person_id))
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


def forget_documents(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy documents whose last day was before, and those without one of organizations that left
    before; returns how many there are."""
    over = or_(
        Document.expires_on < local(before).date(),
        and_(Document.expires_on.is_(None), Document.organization_id.in_(_left(before))),
    )
    return forget_rows(session, Document, over, dry=dry)


def forget_invitations(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy invitations that ended before; returns how many there are."""
    over = (Invitation.expires_at < before) | (Invitation.accepted_at < before)
    return forget_rows(session, Invitation, over, dry=dry)


def left(session: Session, before: datetime) -> frozenset[int]:
    """The organizations that left before, or were refused before."""
    return frozenset(session.scalars(_left(before)))


def forget_places(session: Session, before: datetime, *, dry: bool) -> int:
    """Blank the places of organizations that left before, and destroy who acted for them, what was
    delegated and whom they trusted; delegations that ended before go too. Returns how many rows.

    Of a place its borough stays, and the middle of its cell of the public grid: loans were counted
    by them.
    """
    gone = _left(before)
    over = (
        (Membership, Membership.organization_id.in_(gone)),
        (
            TrustedBorrower,
            or_(TrustedBorrower.organization_id.in_(gone), TrustedBorrower.borrower_id.in_(gone)),
        ),
        (
            Delegation,
            or_(
                Delegation.organization_id.in_(gone),
                Delegation.ends_at < before,
                Delegation.revoked_at < before,
            ),
        ),
    )
    count = sum(forget_rows(session, model, where, dry=dry) for model, where in over)
    for row in session.scalars(
        select(Site).where(Site.organization_id.in_(gone), Site.address != "")
    ).all():
        count += 1
        if not dry:
            point = coarse(Point(row.latitude, row.longitude))
            row.name = row.address = row.postal_code = row.access_notes = ""
            row.latitude, row.longitude = point.lat, point.lon
    session.flush()
    return count


def forget_parties(session: Session, before: datetime, *, dry: bool) -> int:
    """Take their name and numbers off organizations that left before; returns how many have them.

    The row stays: loans and releases count it.
    """
    rows = session.scalars(
        select(Organization).where(Organization.id.in_(_left(before)), Organization.name != GONE)
    ).all()
    for row in () if dry else rows:
        row.name, row.phone, row.is_sole_operator = GONE, "", False
        row.enterprise_number = row.source = row.source_ref = None
    session.flush()
    return len(rows)


def forget_writings(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy participations and mandates that ended before, and take their names off the offices
    that ended before; returns how many there are. The title stays: a register says who supervised.
    """
    over = (
        (Participation, Participation.ends_at < before),
        (Signatory, Signatory.ended_at < before),
    )
    count = sum(forget_rows(session, model, where, dry=dry) for model, where in over)
    rows = session.scalars(
        select(OfficeHolder).where(OfficeHolder.ended_at < before, OfficeHolder.name != "")
    ).all()
    for row in () if dry else rows:
        row.name = row.contact = row.delegation = row.competence = ""
    session.flush()
    return count + len(rows)


def _left(before: datetime) -> Select[int]:
    """Who left when their participation ended; whose papers are gone, before those were."""
    ended = (
        select(func.max(Participation.ends_at))
        .where(Participation.organization_id == Organization.id)
        .scalar_subquery()
    )
    return select(Organization.id).where(
        or_(
            and_(
                Organization.state == OrganizationState.LEFT,
                func.coalesce(ended, Organization.decided_at) < before,
            ),
            and_(
                Organization.state == OrganizationState.REFUSED,
                Organization.decided_at < before,
            ),
        )
    )


def _without_files(held: HeldRows) -> HeldRows:
    """The same without files, which stay at their addresses."""
    return HeldRows(held.table, [{**row, "file": None} for row in held.rows])
