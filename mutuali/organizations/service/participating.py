"""The agreement of participation: accepting it, leaving, and who may say yes for whom."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, Forbidden, Refused
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, Role, reach_of, require
from mutuali.counts import Count
from mutuali.organizations.models import Membership, Organization, Participation, Signatory
from mutuali.organizations.rules import (
    EXIT_NOTICE,
    TEXT_VERSION,
    Capacity,
    Mandate,
    OrganizationKind,
    OrganizationState,
    exact_text,
    hash_of,
    mandate_objections,
    takes_part,
    texts,
)
from mutuali.organizations.service.look import organization
from mutuali.organizations.service.records import get_row
from mutuali.storage import is_one_of


@dataclass(frozen=True, slots=True)
class ParticipationText:
    """The text as it would be accepted today, for one organization."""

    version: str
    text_fr: str
    text_en: str
    hash: str


@dataclass(frozen=True, slots=True)
class ParticipationFacts:
    """What was accepted, by whom and by what right; ``ends_at`` once notice was given."""

    public_id: str
    organization_id: int
    version: str
    text_fr: str
    text_en: str
    hash: str
    person_name: str
    mandate: Mandate
    accepted_at: datetime
    notice_at: datetime | None
    ends_at: datetime | None

    @property
    def exact_text(self) -> str:
        """Both languages as one text: the bytes that the hash covers."""
        return exact_text(self.text_fr, self.text_en)


@dataclass(frozen=True, slots=True)
class SignatoryFacts:
    """A manager who said by what right they speak for the organization."""

    person_id: int
    person_name: str
    mandate: Mandate
    since: datetime


def participation_text(
    session: Session, organization_id: int, operator_name: str
) -> ParticipationText:
    """The text that this organization is asked to accept. Raises NotFound."""
    found = organization(session, organization_id)
    french, english = texts(operator_name, found.name)
    return ParticipationText(TEXT_VERSION, french, english, hash_of(french, english))


def participation(
    session: Session, actor: Actor, organization_id: int
) -> ParticipationFacts | None:
    """What the organization accepted last, left or not; None when it never did.

    Raises:
        Forbidden: the actor may not read its affairs.
    """
    require(actor, Permission.ORGANIZATION_READ, over=organization_id)
    row = _latest(session, organization_id)
    if row is None:
        return None
    person = accounts.people(session, frozenset({row.person_id}))[row.person_id]
    return ParticipationFacts(
        row.public_id,
        row.organization_id,
        row.text_version,
        row.text_fr,
        row.text_en,
        row.hash,
        person.name,
        Mandate(Capacity(row.capacity), row.resolution, row.resolved_on),
        row.accepted_at,
        row.notice_at,
        row.ends_at,
    )


def participates(session: Session, organization_id: int, *, now: datetime) -> bool:
    """Whether the organization accepted the agreement and gave no notice since."""
    return organization_id in participating(session, frozenset({organization_id}), now=now)


def participating(
    session: Session, organization_ids: frozenset[int], *, now: datetime
) -> frozenset[int]:
    """Those of ``organization_ids`` that accepted the agreement and gave no notice by ``now``."""
    rows = session.execute(
        select(Participation.organization_id).where(
            Participation.organization_id.in_(organization_ids),
            Participation.accepted_at <= now,
            Participation.notice_at.is_(None) | (Participation.notice_at > now),
        )
    )
    return frozenset(id_ for (id_,) in rows)


def accept_participation(
    session: Session,
    actor: Actor,
    organization_id: int,
    hash_: str,
    mandate: Mandate,
    *,
    operator_name: str,
    public_id: str,
    now: datetime,
) -> None:
    """Say yes to the exact text that was shown, and by what right; a newer text replaces an older.

    Raises:
        Forbidden: the actor does not manage the organization.
        Refused: it is not one that takes part, or the right to speak is not said in full.
        Conflict: the text changed since it was shown, or was accepted before.
    """
    require(actor, Permission.PARTICIPATION_ACCEPT, over=organization_id)
    if actor.person_id is None:
        raise Forbidden
    own = get_row(session, organization_id, lock=True)
    found = organization(session, organization_id)
    if not takes_part(found.kind, found.state):
        raise Refused("participation.not_asked")
    objections = mandate_objections(mandate, local(now).date())
    if objections:
        raise Refused.because(objections)
    offered = participation_text(session, organization_id, operator_name)
    if offered.hash != hash_:
        raise Conflict("participation.text_changed")
    before = _latest(session, own.id)
    if before is not None and before.notice_at is None:
        if before.hash == hash_:
            raise Conflict("participation.accepted_before")
        before.notice_at = before.ends_at = now
    row = Participation(
        public_id=public_id,
        organization_id=organization_id,
        text_version=offered.version,
        text_fr=offered.text_fr,
        text_en=offered.text_en,
        hash=offered.hash,
        person_id=actor.person_id,
        **_columns(mandate),
        accepted_at=now,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor,
        "participation.accepted",
        "organization",
        organization_id,
        now=now,
        facts={
            "participation": row.id,
            "version": row.text_version,
            "hash": row.hash,
            "capacity": row.capacity,
        },
    )
    state_mandate(session, actor, organization_id, mandate, now=now)


def give_notice(session: Session, actor: Actor, organization_id: int, *, now: datetime) -> datetime:
    """Say that the organization leaves; returns when it has left.

    Raises:
        Forbidden: the actor does not manage the organization.
        Conflict: it takes no part, or gave notice before.
    """
    require(actor, Permission.PARTICIPATION_ACCEPT, over=organization_id)
    get_row(session, organization_id, lock=True)
    row = _latest(session, organization_id)
    if row is None or row.notice_at is not None:
        raise Conflict("participation.none")
    row.notice_at, row.ends_at = now, now + EXIT_NOTICE
    facts = {"participation": row.id, "ends_at": row.ends_at.isoformat()}
    audit.record(
        session,
        actor,
        "participation.notice",
        "organization",
        organization_id,
        now=now,
        facts=facts,
    )
    return row.ends_at


def leave_when_over(session: Session, actor: Actor, *, now: datetime) -> list[int]:
    """Organizations whose notice has run out leave the network; returns which."""
    over = session.scalars(
        select(Participation.organization_id).where(
            Participation.ends_at <= now, Participation.ends_at > Participation.notice_at
        )
    ).all()
    left = []
    for id_ in sorted(set(over)):
        own = get_row(session, id_, lock=True)
        last = _latest(session, id_)
        still = own.state == OrganizationState.ACCEPTED and last is not None
        if still and last is not None and last.ends_at is not None and last.ends_at <= now:
            own.state = OrganizationState.LEFT
            audit.record(session, actor, "organization.left", "organization", id_, now=now)
            left.append(id_)
    return left


def state_mandate(
    session: Session, actor: Actor, organization_id: int, mandate: Mandate, *, now: datetime
) -> None:
    """Say by what right the actor says yes for the organization; what was said before is kept.

    Raises:
        Forbidden: the actor does not manage the organization.
        Refused: the right is not said in full.
    """
    require(actor, Permission.PARTICIPATION_ACCEPT, over=organization_id)
    objections = mandate_objections(mandate, local(now).date())
    if objections:
        raise Refused.because(objections)
    if actor.person_id is None:
        raise Forbidden
    for before in session.scalars(_stated(organization_id, actor.person_id).with_for_update()):
        before.ended_at = now
    row = Signatory(
        organization_id=organization_id,
        person_id=actor.person_id,
        **_columns(mandate),
        since=now,
    )
    session.add(row)
    session.flush()
    facts = {"organization": organization_id, "capacity": row.capacity}
    audit.record(session, actor, "signatory.stated", "signatory", row.id, now=now, facts=facts)


def signatory(session: Session, organization_id: int, person_id: int) -> Capacity | None:
    """By what right a person may say yes for the organization; None for who may not.

    Only who manages it now, whatever was said before.
    """
    member = session.get(Membership, (organization_id, person_id))
    if member is None or member.role != Role.MANAGER:
        return None
    row = session.scalars(_stated(organization_id, person_id)).first()
    return Capacity(row.capacity) if row is not None else None


def is_spoken_for(session: Session, organization_id: int) -> bool:
    """Whether somebody said by what right they say yes for the organization."""
    found = exists().where(
        Signatory.organization_id == organization_id, Signatory.ended_at.is_(None)
    )
    return bool(session.scalar(select(found)))


def signatories(session: Session, actor: Actor, organization_id: int) -> list[SignatoryFacts]:
    """Who may say yes for the organization, first come first.

    Raises:
        Forbidden: the actor may not read its affairs.
    """
    require(actor, Permission.ORGANIZATION_READ, over=organization_id)
    rows = session.scalars(
        select(Signatory)
        .join(
            Membership,
            (Membership.organization_id == Signatory.organization_id)
            & (Membership.person_id == Signatory.person_id)
            & (Membership.role == Role.MANAGER),
        )
        .where(Signatory.organization_id == organization_id, Signatory.ended_at.is_(None))
        .order_by(Signatory.id)
    ).all()
    people = accounts.people(session, frozenset(row.person_id for row in rows))
    return [
        SignatoryFacts(
            row.person_id,
            people[row.person_id].name,
            Mandate(Capacity(row.capacity), row.resolution, row.resolved_on),
            row.since,
        )
        for row in rows
    ]


def count_without_participation(actor: Actor) -> Count:
    """How many organizations that the actor manages have not accepted the agreement yet."""
    reach = reach_of(actor, Permission.PARTICIPATION_ACCEPT) or frozenset()
    if not reach:
        return None
    ever = exists().where(Participation.organization_id == Organization.id)
    return select(func.count(Organization.id)).where(
        is_one_of(Organization.id, reach),
        Organization.state == OrganizationState.ACCEPTED,
        Organization.kind.in_(
            [kind for kind in OrganizationKind if takes_part(kind, OrganizationState.ACCEPTED)]
        ),
        ~ever,
    )


def _latest(session: Session, organization_id: int) -> Participation | None:
    return session.scalars(
        select(Participation)
        .where(Participation.organization_id == organization_id)
        .order_by(Participation.id.desc())
        .limit(1)
    ).first()


def _stated(organization_id: int, person_id: int) -> Select[Signatory]:
    return select(Signatory).where(
        Signatory.organization_id == organization_id,
        Signatory.person_id == person_id,
        Signatory.ended_at.is_(None),
    )


def _columns(mandate: Mandate) -> dict[str, object]:
    return {
        "capacity": mandate.capacity,
        "resolution": mandate.resolution,
        "resolved_on": mandate.resolved_on,
    }
