"""The people of an organization: who they are, inviting, joining, leaving."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, Forbidden, NotFound, Reason, Refused
from mutuali.core.permissions import Actor, Permission, Role, require
from mutuali.jobs import service as jobs
from mutuali.organizations.models import Invitation, Membership, Organization
from mutuali.organizations.rules import INVITATION_LASTS
from mutuali.organizations.service.records import get_row
from mutuali.storage import is_one_of


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """A person of an organization."""

    person_id: int
    public_id: str
    name: str
    email: str
    role: Role
    since: datetime


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """An invitation that waits for an answer."""

    id: int
    organization_id: int
    organization_name: str
    email: str
    role: Role
    expires_at: datetime


def members(session: Session, actor: Actor, organization_id: int) -> list[MemberFacts]:
    """Who acts for the organization, managers first.

    Raises:
        Forbidden: the actor is no member and may not read all.
    """
    require(actor, Permission.ORGANIZATION_READ, over=organization_id)
    rows = session.scalars(
        select(Membership).where(Membership.organization_id == organization_id)
    ).all()
    people = accounts.people(session, frozenset(row.person_id for row in rows))
    found = [
        MemberFacts(
            row.person_id,
            people[row.person_id].public_id,
            people[row.person_id].name,
            people[row.person_id].email,
            Role(row.role),
            row.since,
        )
        for row in rows
    ]
    return sorted(found, key=lambda member: (member.role is not Role.MANAGER, member.name))


def member_by_public_id(
    session: Session, actor: Actor, organization_id: int, public_id: str
) -> MemberFacts:
    """One of the people who act for the organization. Raises Forbidden, NotFound."""
    for found in members(session, actor, organization_id):
        if found.public_id == public_id:
            return found
    raise NotFound


def member_ids(session: Session, organization_id: int) -> list[int]:
    """The ids of the people who act for the organization; for telling them something."""
    return list(session.scalars(_person_ids(organization_id)))


def manager_ids(session: Session, organization_id: int) -> list[int]:
    """The ids of those who answer for the organization; for telling them something."""
    return list(
        session.scalars(_person_ids(organization_id).where(Membership.role == Role.MANAGER))
    )


def sole_operators(session: Session) -> dict[int, frozenset[int]]:
    """Organization id -> who manages it, where one person is the organization.

    What is about such an organization is personal: it needs these people's own yes too.
    """
    rows = session.execute(
        select(Organization.id, Membership.person_id)
        .outerjoin(
            Membership,
            (Membership.organization_id == Organization.id) & (Membership.role == Role.MANAGER),
        )
        .where(Organization.is_sole_operator)
    )
    found: dict[int, set[int]] = {}
    for organization_id, person_id in rows:
        found.setdefault(organization_id, set())
        if person_id is not None:
            found[organization_id].add(person_id)
    return {id_: frozenset(people) for id_, people in found.items()}


def people_acting_for(session: Session, organization_ids: Iterable[int]) -> frozenset[int]:
    """The ids of those who act for any of the organizations, whatever their role."""
    return frozenset(
        session.scalars(
            select(Membership.person_id).where(
                is_one_of(Membership.organization_id, organization_ids)
            )
        )
    )


def _person_ids(organization_id: int) -> Select[int]:
    return select(Membership.person_id).where(Membership.organization_id == organization_id)


def add_member(
    session: Session, organization_id: int, person_id: int, role: Role, *, now: datetime
) -> None:
    """Make a person act for an organization; for commands, the demo network and invitations."""
    session.add(
        Membership(organization_id=organization_id, person_id=person_id, role=role, since=now)
    )


def invite(
    session: Session, actor: Actor, organization_id: int, email: str, role: Role, *, now: datetime
) -> None:
    """Invite an address to act for the organization; the link lasts fourteen days.

    Raises:
        Forbidden: the actor does not manage it.
        Refused: the person is a member already.
    """
    require(actor, Permission.MEMBER_INVITE, over=organization_id)
    person = accounts.find_person(session, email)
    if person and session.get(Membership, (organization_id, person.id)):
        raise Refused(Reason("member.already", {}, "email"))
    _invite(session, actor, organization_id, email, role, now)


def invite_first_manager(
    session: Session, actor: Actor, organization_id: int, email: str, *, now: datetime
) -> None:
    """Invite an address to manage an organization that came in without anybody.

    Raises:
        Forbidden: the actor may not let organizations in.
        Conflict: somebody manages it already, and invites whom they like.
    """
    require(actor, Permission.ORGANIZATION_ACCEPT)
    if manager_ids(session, organization_id):
        raise Conflict("organization.managed")
    _invite(session, actor, organization_id, email, Role.MANAGER, now)


def _invite(
    session: Session, actor: Actor, organization_id: int, email: str, role: Role, now: datetime
) -> None:
    invitation = Invitation(
        organization_id=organization_id,
        email=email.strip().lower(),
        role=role,
        expires_at=now + INVITATION_LASTS,
    )
    session.add(invitation)
    session.flush()
    audit.record(session, actor, "member.invited", "organization", organization_id, now=now)
    jobs.enqueue(session, "organizations.send_invitation", {"invitation": invitation.id}, now=now)


def invitation(session: Session, invitation_id: int, *, now: datetime) -> InvitationFacts:
    """An invitation that still waits.

    Raises:
        Conflict: it was accepted or is too old.
    """
    row = session.get(Invitation, invitation_id)
    if row is None or row.accepted_at is not None or row.expires_at <= now:
        raise Conflict("invitation.spent")
    name = get_row(session, row.organization_id).name
    return InvitationFacts(
        row.id, row.organization_id, name, row.email, Role(row.role), row.expires_at
    )


def invitations(
    session: Session, actor: Actor, organization_id: int, *, now: datetime
) -> list[InvitationFacts]:
    """Invitations of the organization that wait for an answer."""
    require(actor, Permission.ORGANIZATION_READ, over=organization_id)
    name = get_row(session, organization_id).name
    rows = session.scalars(
        select(Invitation).where(
            Invitation.organization_id == organization_id,
            Invitation.accepted_at.is_(None),
            Invitation.expires_at > now,
        )
    )
    return [
        InvitationFacts(row.id, organization_id, name, row.email, Role(row.role), row.expires_at)
        for row in rows
    ]


def accept_invitation(session: Session, actor: Actor, invitation_id: int, *, now: datetime) -> int:
    """Become a member by an invitation sent to the actor's own address; returns the organization.

    Raises:
        Forbidden: a visitor.
        Conflict: the invitation is spent, or went to another address.
    """
    if actor.person_id is None:
        raise Forbidden
    row = session.get(Invitation, invitation_id, with_for_update=True)
    if row is None or row.accepted_at is not None or row.expires_at <= now:
        raise Conflict("invitation.spent")
    person = accounts.people(session, frozenset({actor.person_id}))[actor.person_id]
    if person.email != row.email:
        raise Conflict("invitation.other_email")
    row.accepted_at = now
    if session.get(Membership, (row.organization_id, actor.person_id)) is None:
        add_member(session, row.organization_id, actor.person_id, Role(row.role), now=now)
    audit.record(session, actor, "member.joined", "organization", row.organization_id, now=now)
    return row.organization_id


def remove_member(
    session: Session, actor: Actor, organization_id: int, person_id: int, *, now: datetime
) -> None:
    """Take a person out; anybody may leave, managers may take out others.

    Raises:
        Forbidden, NotFound.
        Refused: it would leave the organization without a manager.
    """
    if person_id != actor.person_id:
        require(actor, Permission.MEMBER_INVITE, over=organization_id)
    get_row(session, organization_id, lock=True)
    row = session.get(Membership, (organization_id, person_id))
    if row is None:
        raise NotFound
    managers = session.scalar(
        select(func.count()).where(
            Membership.organization_id == organization_id, Membership.role == Role.MANAGER
        )
    )
    if row.role == Role.MANAGER and managers == 1:
        raise Refused("member.last_manager")
    session.execute(
        delete(Membership).where(
            Membership.organization_id == organization_id, Membership.person_id == person_id
        )
    )
    audit.record(
        session,
        actor,
        "member.left",
        "organization",
        organization_id,
        now=now,
        facts={"person": person_id},
    )
