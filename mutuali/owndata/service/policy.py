"""Who is in charge at an organization, and its policy: drafted, published, withdrawn, read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, NotFound, Refused
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, require
from mutuali.organizations import service as organizations
from mutuali.owndata.models import OwnOfficer, OwnPolicy
from mutuali.owndata.rules import (
    LANGUAGES,
    HoldingDraft,
    OfficerDraft,
    officer_objections,
    policy_objections,
    policy_text,
)
from mutuali.owndata.service.records import facts_of, rows_of


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a policy; without an end it is the one that is out."""

    number: int
    published_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class PublishedPolicy:
    """A policy as it is out, by language."""

    organization_id: int
    organization: str
    version: Version
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PolicyState:
    """What would be published now, by language (empty while something is missing), and what is."""

    organization: str
    officer: OfficerDraft | None
    holdings: Sequence[HoldingDraft]
    drafted: Mapping[str, str]
    out: PublishedPolicy | None
    versions: Sequence[Version]

    @property
    def has_news(self) -> bool:
        """Whether what is out says something else than what would be published now."""
        return self.out is not None and bool(self.drafted) and self.out.texts != self.drafted


def officer(session: Session, actor: Actor, organization_id: int) -> OfficerDraft | None:
    """Who is in charge; None while nobody is named. Raises Forbidden."""
    require(actor, Permission.ORGANIZATION_READ, over=organization_id)
    return _officer(session, organization_id)


def name_officer(
    session: Session, actor: Actor, organization_id: int, draft: OfficerDraft, *, now: datetime
) -> None:
    """Name who is in charge; they take the place of whoever was before.

    Raises:
        Forbidden: the actor does not manage it. Refused: the writing is of a day to come.
    """
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    objections = officer_objections(draft, local(now).date())
    if objections:
        raise Refused.because(objections)
    row = OwnOfficer(
        organization_id=organization_id,
        name=draft.name,
        title=draft.title,
        how_to_reach=draft.how_to_reach,
        delegated_on=draft.delegated_on,
        since=now,
        person_id=actor.person_id,
    )
    session.merge(row)
    session.flush()
    facts = {"delegated": draft.delegated_on is not None}
    audit.record(
        session, actor, "own_officer.named", "organization", organization_id, now=now, facts=facts
    )


def policy(session: Session, actor: Actor, organization_id: int) -> PolicyState:
    """The policy of an organization, as its people see it. Raises Forbidden, NotFound."""
    require(actor, Permission.ORGANIZATION_READ, over=organization_id)
    name = organizations.organization(session, organization_id).name
    in_charge = _officer(session, organization_id)
    held = [facts_of(row).draft for row in rows_of(session, organization_id)]
    rows = session.scalars(
        select(OwnPolicy)
        .where(OwnPolicy.organization_id == organization_id)
        .order_by(OwnPolicy.version.desc())
    ).all()
    out = next((row for row in rows if row.withdrawn_at is None), None)
    return PolicyState(
        name,
        in_charge,
        held,
        _drafted(name, in_charge, held),
        _published(name, out) if out else None,
        [_version(row) for row in rows],
    )


def publish(session: Session, actor: Actor, organization_id: int, *, now: datetime) -> int:
    """Let everybody read the policy as it stands now; returns the number of this version.

    Raises:
        Forbidden: the actor does not manage it.
        Refused: nothing is held, or nobody is in charge.
        Conflict: the organization takes no part, the same is out already, or somebody published
            at this very moment.
    """
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    organization = organizations.organization(session, organization_id)
    if not organization.accepted:
        raise Conflict("policy.not_accepted")
    state = policy(session, actor, organization_id)
    objections = policy_objections(state.officer, state.holdings)
    if objections:
        raise Refused.because(objections)
    if state.out is not None and not state.has_news:
        raise Conflict("policy.nothing_new")
    number = 1 + max((each.number for each in state.versions), default=0)
    row = OwnPolicy(
        organization_id=organization_id,
        version=number,
        text_fr=state.drafted["fr"],
        text_en=state.drafted["en"],
        published_at=now,
        published_by=actor.person_id,
    )
    try:
        with session.begin_nested():
            _end(session, organization_id, now)
            session.add(row)
    except IntegrityError:
        raise Conflict("policy.just_published") from None
    facts = {"organization": organization_id, "version": number}
    audit.record(session, actor, "own_policy.published", "own_policy", row.id, now=now, facts=facts)
    return number


def withdraw(session: Session, actor: Actor, organization_id: int, *, now: datetime) -> None:
    """Let nobody read the policy any more.

    Raises:
        Forbidden: the actor does not manage it. Conflict: none is out.
    """
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    id_ = _end(session, organization_id, now)
    if id_ is None:
        raise Conflict("policy.not_out")
    facts = {"organization": organization_id}
    audit.record(session, actor, "own_policy.withdrawn", "own_policy", id_, now=now, facts=facts)


def published(session: Session, organization_public_id: str) -> PublishedPolicy:
    """The policy that an organization of the network lets everybody read.

    Raises:
        NotFound: no such organization, it takes no part, or nothing is out.
    """
    organization = organizations.by_public_id(session, organization_public_id)
    row = _out(session, organization.id)
    if row is None or not organization.accepted:
        raise NotFound
    return _published(organization.name, row)


def published_by(session: Session, organization_id: int) -> str | None:
    """The public id under which an organization's policy is read; None while nothing is out."""
    if _out(session, organization_id) is None:
        return None
    organization = organizations.organization(session, organization_id)
    return organization.public_id if organization.accepted else None


def _officer(session: Session, organization_id: int) -> OfficerDraft | None:
    row = session.get(OwnOfficer, organization_id)
    if row is None:
        return None
    return OfficerDraft(row.name, row.title, row.how_to_reach, row.delegated_on)


def _drafted(
    name: str, in_charge: OfficerDraft | None, held: Sequence[HoldingDraft]
) -> dict[str, str]:
    if in_charge is None or policy_objections(in_charge, held):
        return {}
    return {each: policy_text(name, in_charge, held, each) for each in LANGUAGES}


def _out(session: Session, organization_id: int, *, lock: bool = False) -> OwnPolicy | None:
    query = select(OwnPolicy).where(
        OwnPolicy.organization_id == organization_id, OwnPolicy.withdrawn_at.is_(None)
    )
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def _end(session: Session, organization_id: int, now: datetime) -> int | None:
    row = _out(session, organization_id, lock=True)
    if row is None:
        return None
    row.withdrawn_at = now
    session.flush()
    return row.id


def _version(row: OwnPolicy) -> Version:
    return Version(row.version, row.published_at, row.withdrawn_at)


def _published(name: str, row: OwnPolicy) -> PublishedPolicy:
    texts = {"fr": row.text_fr, "en": row.text_en}
    return PublishedPolicy(row.organization_id, name, _version(row), texts)
