"""Becoming part of the network: apply, accept, refuse; saying something else of oneself."""

from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused, StaleVersion
from mutuali.core.permissions import Actor, Permission, Role, may, require
from mutuali.jobs import service as jobs
from mutuali.organizations.models import Membership, Organization
from mutuali.organizations.rules import (
    OrganizationKind,
    OrganizationState,
    Sector,
    enterprise_number_objections,
    kind_objections,
)
from mutuali.organizations.service.look import operator_id
from mutuali.organizations.service.records import (
    OrganizationDraft,
    SiteDraft,
    add_row,
    add_site_row,
    draft_columns,
    get_row,
)


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
    organization = add_row(session, draft, public_id=public_id, now=now)
    session.add(
        Membership(
            organization_id=organization.id,
            person_id=actor.person_id,
            role=Role.MANAGER,
            since=now,
        )
    )
    add_site_row(session, organization.id, site, public_id=site_public_id)
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
    organization = add_row(session, draft, public_id=public_id, now=now)
    organization.state = OrganizationState.ACCEPTED
    organization.decided_at = now
    if source is not None:
        organization.source, organization.source_ref = source
    audit.record(session, actor, "organization.accepted", "organization", organization.id, now=now)
    return organization.id


def name_operator(
    session: Session,
    actor: Actor,
    name: str,
    enterprise_number: str,
    *,
    public_id: str,
    now: datetime,
) -> int:
    """The organization that answers for the network, made where there is none; returns its id.

    Raises:
        Forbidden: the actor may not.
        Refused: the enterprise number is none.
    """
    require(actor, Permission.NETWORK_EDIT)
    objections = enterprise_number_objections(enterprise_number)
    if objections:
        raise Refused.because(objections)
    id_ = operator_id(session)
    if id_ is None:
        draft = OrganizationDraft(
            name, OrganizationKind.OPERATOR, Sector.COMMUNITY, ("fr",), enterprise_number
        )
        return add_accepted(session, actor, draft, public_id=public_id, now=now)
    organization = get_row(session, id_, lock=True)
    organization.name = name
    organization.enterprise_number = enterprise_number or None
    organization.version += 1
    audit.record(session, actor, "organization.edited", "organization", id_, now=now)
    return id_


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
    organization = get_row(session, organization_id, lock=True)
    if version is not None and version != organization.version:
        raise StaleVersion
    objections = kind_objections(draft.kind, OrganizationKind(organization.kind))
    objections += enterprise_number_objections(draft.enterprise_number)
    if objections:
        raise Refused.because(objections)
    for name, value in draft_columns(draft).items():
        setattr(organization, name, value)
    organization.version += 1
    audit.record(session, actor, "organization.edited", "organization", organization_id, now=now)


def flag_sole_operator(
    session: Session, actor: Actor, organization_id: int, *, sole: bool, now: datetime
) -> None:
    """Say whether one person is the organization: what is about it is then about that person.

    Raises:
        Forbidden: the actor neither manages it nor coordinates the network.
        NotFound: no such organization.
    """
    if not may(actor, Permission.ORGANIZATION_ACCEPT):
        require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    organization = get_row(session, organization_id, lock=True)
    if organization.is_sole_operator == sole:
        return
    organization.is_sole_operator = sole
    organization.version += 1
    audit.record(
        session,
        actor,
        "organization.sole_operator_flagged",
        "organization",
        organization_id,
        now=now,
        facts={"sole": sole},
    )
