"""Use cases of organizations: apply, accept, invite, sites, delegations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Select,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, Forbidden, NotFound, Reason, Refused, StaleVersion
from mutuali.core.permissions import Actor, Permission, Role, may, reach_of, require
from mutuali.core.places import Point
from mutuali.jobs import service as jobs
from mutuali.organizations.models import (
    Delegation,
    Invitation,
    Membership,
    Organization,
    Site,
)
from mutuali.organizations.rules import (
    INVITATION_LASTS,
    OrganizationKind,
    OrganizationState,
    Sector,
    delegation_objections,
    enterprise_number_objections,
    kind_objections,
)
from mutuali.organizations.rules import contributors as merged
from mutuali.storage import Ids, UtcDateTime, ask, is_one_of, table_of


@dataclass(frozen=True, slots=True)
class SiteDraft:
    """A place of an organization; ``borough`` is a slug, the point is exact."""

    name: str
    address: str
    postal_code: str
    borough: str
    point: Point
    access_notes: str = ""


@dataclass(frozen=True, slots=True)
class OrganizationDraft:
    """What an organization says of itself when it applies."""

    name: str
    kind: OrganizationKind
    sector: Sector
    languages: tuple[str, ...]
    enterprise_number: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class ImportedOrganization:
    """An organization of a file with its one place; ``ref`` is unique in its source."""

    ref: str
    public_id: str
    site_public_id: str
    draft: OrganizationDraft
    site: SiteDraft


@dataclass(frozen=True, slots=True)
class OrganizationFacts:
    """An organization as others see it."""

    id: int
    public_id: str
    name: str
    kind: OrganizationKind
    sector: Sector
    enterprise_number: str | None
    parent_id: int | None
    languages: tuple[str, ...]
    phone: str
    state: OrganizationState
    created_at: datetime
    version: int

    @property
    def accepted(self) -> bool:
        """Whether it takes part in the network."""
        return self.state is OrganizationState.ACCEPTED


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """A place with its exact address; doors show it only where a booking allows."""

    id: int
    public_id: str
    organization_id: int
    name: str
    address: str
    postal_code: str
    borough: str
    point: Point
    access_notes: str


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


@dataclass(frozen=True, slots=True)
class DelegationFacts:
    """A delegation in force."""

    id: int
    person_name: str
    ends_at: datetime


def apply(
    session: Session,
    actor: Actor,
    draft: OrganizationDraft,
    site: SiteDraft,
    *,
    public_id: str,
    site_public_id: str,
    now: datetime,
) -> int:
    """Hand in an organization; the actor becomes its manager; coordinators are told.

    Raises:
        Forbidden: a visitor.
        Refused: the enterprise number is none, the kind is not for applicants.
    """
    if actor.person_id is None:
        raise Forbidden
    objections = kind_objections(draft.kind) + enterprise_number_objections(draft.enterprise_number)
    if objections:
        raise Refused.because(objections)
    organization = _add(session, draft, public_id=public_id, now=now)
    session.add(
        Membership(
            organization_id=organization.id,
            person_id=actor.person_id,
            role=Role.MANAGER,
            since=now,
        )
    )
    _add_site(session, organization.id, site, public_id=site_public_id)
    audit.record(session, actor, "organization.applied", "organization", organization.id, now=now)
    jobs.enqueue(
        session, "organizations.tell_application", {"organization": organization.id}, now=now
    )
    return organization.id


def add_accepted(
    session: Session,
    actor: Actor,
    draft: OrganizationDraft,
    *,
    public_id: str,
    now: datetime,
    source: tuple[str, str] | None = None,
) -> int:
    """An organization that takes part at once: from a file, a command or the demo network.

    Raises:
        Forbidden: the actor may not accept organizations.
    """
    require(actor, Permission.ORGANIZATION_ACCEPT)
    organization = _add(session, draft, public_id=public_id, now=now)
    organization.state = OrganizationState.ACCEPTED
    organization.decided_at = now
    if source is not None:
        organization.source, organization.source_ref = source
    audit.record(session, actor, "organization.accepted", "organization", organization.id, now=now)
    return organization.id


def decide(
    session: Session, actor: Actor, organization_id: int, *, accept: bool, now: datetime
) -> None:
    """Accept or refuse an application.

    Raises:
        Forbidden: the actor may not.
        NotFound: no such organization.
        Conflict: it was decided before.
    """
    require(actor, Permission.ORGANIZATION_ACCEPT)
    organization = session.get(Organization, organization_id, with_for_update=True)
    if organization is None:
        raise NotFound
    if organization.state != OrganizationState.APPLIED:
        raise Conflict("organization.not_applying")
    organization.state = OrganizationState.ACCEPTED if accept else OrganizationState.REFUSED
    organization.decided_at = now
    name = "organization.accepted" if accept else "organization.refused"
    audit.record(session, actor, name, "organization", organization_id, now=now)
    jobs.enqueue(session, "organizations.tell_decision", {"organization": organization_id}, now=now)


def edit(
    session: Session,
    actor: Actor,
    organization_id: int,
    draft: OrganizationDraft,
    *,
    version: int | None = None,
    now: datetime,
) -> None:
    """Change what an organization says of itself; only a partner or the operator may stay one.

    ``version`` is the one the caller read; None skips the check.

    Raises:
        Forbidden, NotFound, Refused; StaleVersion: somebody edited it meanwhile.
    """
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    organization = _get(session, organization_id, lock=True)
    if version is not None and version != organization.version:
        raise StaleVersion
    objections = kind_objections(draft.kind, OrganizationKind(organization.kind))
    objections += enterprise_number_objections(draft.enterprise_number)
    if objections:
        raise Refused.because(objections)
    organization.name = draft.name
    organization.kind = draft.kind
    organization.sector = draft.sector
    organization.languages = ",".join(draft.languages)
    organization.enterprise_number = draft.enterprise_number or None
    organization.phone = draft.phone
    organization.version += 1
    audit.record(session, actor, "organization.edited", "organization", organization_id, now=now)


def organization(session: Session, organization_id: int) -> OrganizationFacts:
    """One organization. Raises NotFound."""
    return _facts(_get(session, organization_id))


def organizations(session: Session, ids: frozenset[int]) -> dict[int, OrganizationFacts]:
    """Those of ``ids`` that exist."""
    if not ids:
        return {}
    rows = session.scalars(select(Organization).where(Organization.id.in_(ids)))
    return {row.id: _facts(row) for row in rows}


def names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """The name of each of ``ids`` that exists."""
    rows = session.execute(
        select(Organization.id, Organization.name).where(is_one_of(Organization.id, ids))
    )
    return dict(rows.all())


def by_public_id(session: Session, public_id: str) -> OrganizationFacts:
    """One organization by the id of its address. Raises NotFound."""
    row = session.scalars(select(Organization).where(Organization.public_id == public_id)).first()
    if row is None:
        raise NotFound
    return _facts(row)


def applications(session: Session, actor: Actor) -> list[OrganizationFacts]:
    """Applications without an answer, oldest first; empty for who may not answer them."""
    if not may(actor, Permission.ORGANIZATION_ACCEPT):
        return []
    rows = session.scalars(
        select(Organization)
        .where(Organization.state == OrganizationState.APPLIED)
        .order_by(Organization.created_at)
    )
    return [_facts(row) for row in rows]


def accepted_organizations(session: Session) -> list[OrganizationFacts]:
    """Everybody who takes part, by name."""
    rows = session.scalars(
        select(Organization)
        .where(Organization.state == OrganizationState.ACCEPTED)
        .order_by(Organization.name)
    )
    return [_facts(row) for row in rows]


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
    return [_facts(row) for row in session.scalars(query)]


def imported_refs(session: Session, source: str) -> dict[str, int]:
    """``source_ref`` -> id of what was imported from ``source`` before."""
    rows = session.execute(
        select(Organization.source_ref, Organization.id).where(Organization.source == source)
    )
    return {str(ref): id_ for ref, id_ in rows}


def ids_by_public_id(session: Session) -> dict[str, int]:
    """Public id -> id of every organization."""
    return dict(session.execute(select(Organization.public_id, Organization.id)).all())


def first_sites(session: Session) -> dict[int, int]:
    """Organization id -> id of its oldest site; those without a site are missing."""
    rows = session.execute(
        select(Site.organization_id, func.min(Site.id)).group_by(Site.organization_id)
    )
    return dict(rows.all())


def names_and_places(session: Session) -> list[tuple[str, str, str, Point]]:
    """Public id, name, address and exact point of every organization, for finding duplicates."""
    rows = session.execute(
        select(
            Organization.public_id, Organization.name, Site.address, Site.latitude, Site.longitude
        )
        .join(Site, Site.organization_id == Organization.id)
        .order_by(Site.id)
    )
    return [(id_, name, address, Point(lat, lon)) for id_, name, address, lat, lon in rows]


def add_imported(
    session: Session,
    actor: Actor,
    source: str,
    rows: Sequence[ImportedOrganization],
    *,
    now: datetime,
) -> None:
    """Write organizations of a file at once; they take part from now on. The caller records it.

    Raises:
        Forbidden: the actor may not import.
        IntegrityError: one of the references is stored already.
    """
    require(actor, Permission.IMPORT)
    if not rows:
        return
    columns = [
        {
            **_draft_columns(row.draft),
            "public_id": row.public_id,
            "state": OrganizationState.ACCEPTED,
            "source": source,
            "source_ref": row.ref,
            "created_at": now,
            "decided_at": now,
        }
        for row in rows
    ]
    session.execute(insert(Organization), columns)
    ids = imported_refs(session, source)
    places = [
        {
            **_site_columns(row.site),
            "public_id": row.site_public_id,
            "organization_id": ids[row.ref],
        }
        for row in rows
    ]
    session.execute(insert(Site), places)


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


@dataclass(frozen=True, slots=True)
class Party:
    """An organization as one side of a booking."""

    public_id: str
    accepted: bool


_PARTIES = select(
    table_of(Organization).c.id,
    table_of(Organization).c.public_id,
    table_of(Organization).c.state,
).where(is_one_of(table_of(Organization).c.id, bindparam("ids", type_=Ids())))


def parties(session: Session, *ids: int) -> dict[int, Party]:
    """Each of ``ids`` that exists."""
    return {
        id_: Party(public_id, state == OrganizationState.ACCEPTED)
        for id_, public_id, state in ask(session, _PARTIES, ids=ids)
    }


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
    return list(
        session.scalars(
            select(Membership.person_id).where(Membership.organization_id == organization_id)
        )
    )


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
    name = _get(session, row.organization_id).name
    return InvitationFacts(
        row.id, row.organization_id, name, row.email, Role(row.role), row.expires_at
    )


def invitations(
    session: Session, actor: Actor, organization_id: int, *, now: datetime
) -> list[InvitationFacts]:
    """Invitations of the organization that wait for an answer."""
    require(actor, Permission.ORGANIZATION_READ, over=organization_id)
    name = _get(session, organization_id).name
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
    _get(session, organization_id, lock=True)
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


def add_site(
    session: Session,
    actor: Actor,
    organization_id: int,
    draft: SiteDraft,
    *,
    public_id: str,
    now: datetime,
) -> int:
    """Add a place. Raises Forbidden."""
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    site_id = _add_site(session, organization_id, draft, public_id=public_id)
    audit.record(session, actor, "site.added", "site", site_id, now=now)
    return site_id


def sites(session: Session, ids: frozenset[int]) -> dict[int, SiteFacts]:
    """Those of ``ids`` that exist, with exact addresses: the caller decides who sees them."""
    if not ids:
        return {}
    return {
        row.id: _site_facts(row) for row in session.scalars(select(Site).where(Site.id.in_(ids)))
    }


def sites_in(borough: str) -> Select[int]:
    """The ids of the places in a borough, for another feature's question."""
    return select(Site.id).where(Site.borough == borough)


def sites_of(session: Session, organization_id: int) -> list[SiteFacts]:
    """The places of an organization, by name."""
    rows = session.scalars(
        select(Site).where(Site.organization_id == organization_id).order_by(Site.name)
    )
    return [_site_facts(row) for row in rows]


def home_boroughs(session: Session) -> dict[int, str]:
    """Organization id -> borough of its first site."""
    rows = session.execute(select(Site.organization_id, Site.borough).order_by(Site.id.desc()))
    return dict(rows.all())


def delegate(
    session: Session,
    actor: Actor,
    organization_id: int,
    email: str,
    ends_at: datetime,
    *,
    now: datetime,
) -> None:
    """Let a person decide for the organization until ``ends_at``.

    Raises:
        Forbidden, Refused (not accepted yet, unknown person, end in the past or too far).
    """
    require(actor, Permission.DELEGATION_GIVE, over=organization_id)
    if not organization(session, organization_id).accepted:
        raise Refused("organization.not_accepted")
    objections = delegation_objections(ends_at, now)
    person = accounts.find_person(session, email)
    if person is None:
        objections += (Reason("delegation.person_unknown", {}, "delegate"),)
    if objections or person is None:
        raise Refused.because(objections)
    row = Delegation(
        organization_id=organization_id, person_id=person.id, starts_at=now, ends_at=ends_at
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
        facts={"organization": organization_id, "person": person.id},
    )


def delegations(
    session: Session, actor: Actor, organization_id: int, *, now: datetime
) -> list[DelegationFacts]:
    """Delegations in force. Raises Forbidden."""
    require(actor, Permission.ORGANIZATION_READ, over=organization_id)
    rows = session.scalars(
        select(Delegation).where(
            Delegation.organization_id == organization_id,
            Delegation.revoked_at.is_(None),
            Delegation.ends_at > now,
        )
    ).all()
    people = accounts.people(session, frozenset(row.person_id for row in rows))
    return [DelegationFacts(row.id, people[row.person_id].name, row.ends_at) for row in rows]


def end_delegation(session: Session, actor: Actor, delegation_id: int, *, now: datetime) -> None:
    """Take a delegation back at once. Raises Forbidden, NotFound."""
    row = session.get(Delegation, delegation_id)
    if row is None:
        raise NotFound
    require(actor, Permission.DELEGATION_GIVE, over=row.organization_id)
    row.revoked_at = now
    audit.record(session, actor, "delegation.ended", "delegation", row.id, now=now)


def _add(
    session: Session, draft: OrganizationDraft, *, public_id: str, now: datetime
) -> Organization:
    row = Organization(public_id=public_id, created_at=now, **_draft_columns(draft))
    session.add(row)
    session.flush()
    return row


def _draft_columns(draft: OrganizationDraft) -> dict[str, Any]:
    return {
        "name": draft.name,
        "kind": draft.kind,
        "sector": draft.sector,
        "enterprise_number": draft.enterprise_number or None,
        "languages": ",".join(draft.languages),
        "phone": draft.phone,
    }


def _add_site(session: Session, organization_id: int, draft: SiteDraft, *, public_id: str) -> int:
    row = Site(public_id=public_id, organization_id=organization_id, **_site_columns(draft))
    session.add(row)
    session.flush()
    return row.id


def _site_columns(draft: SiteDraft) -> dict[str, Any]:
    return {
        "name": draft.name,
        "address": draft.address,
        "postal_code": draft.postal_code,
        "borough": draft.borough,
        "latitude": draft.point.lat,
        "longitude": draft.point.lon,
        "access_notes": draft.access_notes,
    }


def _get(session: Session, organization_id: int, *, lock: bool = False) -> Organization:
    row = session.get(Organization, organization_id, with_for_update=lock)
    if row is None:
        raise NotFound
    return row


def _facts(row: Organization) -> OrganizationFacts:
    return OrganizationFacts(
        row.id,
        row.public_id,
        row.name,
        OrganizationKind(row.kind),
        Sector(row.sector),
        row.enterprise_number,
        row.parent_id,
        tuple(row.languages.split(",")),
        row.phone,
        OrganizationState(row.state),
        row.created_at,
        row.version,
    )


def _site_facts(row: Site) -> SiteFacts:
    return SiteFacts(
        row.id,
        row.public_id,
        row.organization_id,
        row.name,
        row.address,
        row.postal_code,
        row.borough,
        Point(row.latitude, row.longitude),
        row.access_notes,
    )
