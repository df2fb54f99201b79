"""Notices: what is current, how far each reaches, publishing one."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.bookings import service as bookings
from mutuali.consent.models import Notice
from mutuali.consent.rules import (
    MONTHS,
    PURPOSES_OF,
    NoticeText,
    Purpose,
    Subject,
    band,
    default_texts,
    hash_of,
    is_asked,
    notice_objections,
    written_for,
)
from mutuali.consent.service.records import (
    NoticeFacts,
    facts_of,
    newest,
    newest_of,
    organization_or_none,
    receives,
    yes_in_force,
)
from mutuali.core.errors import Conflict, NotFound, Reason, Refused
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, require
from mutuali.jobs import service as jobs
from mutuali.network import service as network
from mutuali.organizations import service as organizations
from mutuali.organizations.service import OrganizationFacts


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """A notice before it is published."""

    purpose: Purpose
    recipient_id: int
    text_fr: str
    text_en: str
    lasts_months: int = MONTHS
    subject: Subject = Subject.ORGANIZATION


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a notice reaches, in bands: so many yes among so many who are asked."""

    notice: NoticeFacts
    yes: tuple[int, int | None]
    asked: tuple[int, int | None]


def current_notices(session: Session) -> list[NoticeFacts]:
    """The newest version for each purpose and each recipient that may still receive."""
    return [facts for facts in facts_of(session, newest(session)) if facts.is_current]


def notice(session: Session, public_id: str) -> NoticeFacts:
    """One notice, also an older version. Raises NotFound."""
    row = session.scalars(select(Notice).where(Notice.public_id == public_id)).one_or_none()
    if row is None:
        raise NotFound
    return facts_of(session, [row])[0]


def notice_by_id(session: Session, notice_id: int) -> NoticeFacts:
    """One notice, for jobs. Raises NotFound."""
    row = session.get(Notice, notice_id)
    if row is None:
        raise NotFound
    return facts_of(session, [row])[0]


def recipients(session: Session) -> list[OrganizationFacts]:
    """Who a notice may name: the operator and accepted partners, by name."""
    return [found for found in organizations.accepted_organizations(session) if receives(found)]


def asked_organizations(session: Session) -> list[OrganizationFacts]:
    """Everybody whom a notice asks, by name."""
    return [
        found
        for found in organizations.accepted_organizations(session)
        if is_asked(found.kind, found.state)
    ]


def asked_people(session: Session) -> frozenset[int]:
    """The people about whom a row may be: who acts for an organization that is asked, and whoever
    asked for a loan."""
    asked = frozenset(found.id for found in asked_organizations(session))
    return organizations.people_acting_for(session, asked) | bookings.requesters(session)


def is_person_asked(session: Session, person_id: int) -> bool:
    """Whether :func:`asked_people` holds this person."""
    return acts_for_asked(session, person_id) or bookings.has_requested(session, person_id)


def acts_for_asked(session: Session, person_id: int) -> bool:
    """Whether this person acts for an organization that is asked."""
    acts_for = frozenset(organizations.memberships(session, person_id))
    found = organizations.organizations(session, acts_for).values()
    return any(is_asked(each.kind, each.state) for each in found)


def asked_purposes(session: Session) -> list[Purpose]:
    """The purposes for which this network asks."""
    known = network.network(session)
    return [purpose for purpose in Purpose if known.asks_for(purpose)]


def default_draft(
    session: Session,
    purpose: Purpose,
    recipient_id: int,
    months: int = MONTHS,
    subject: Subject = Subject.ORGANIZATION,
) -> NoticeDraft:
    """The words that are proposed for a first notice.

    Raises:
        NotFound: there is no such recipient.
        Refused: that kind of subject is not asked for this purpose.
    """
    _check_asked_for(subject, purpose)
    name = organizations.organization(session, recipient_id).name
    words = network.notice_words(session, subject, purpose)
    texts = (
        written_for(words, name, months)
        if words is not None
        else default_texts(purpose, name, months, subject)
    )
    return NoticeDraft(purpose, recipient_id, *texts, months, subject)


def publish_notice(
    session: Session, actor: Actor, draft: NoticeDraft, *, public_id: str, now: datetime
) -> int:
    """Publish a first or a new version: all are asked again, earlier yes stop counting.

    Returns the id of the notice. Those who answer are told by a job.

    Raises:
        Forbidden: the actor may not.
        Refused: nobody of that kind is asked for this purpose, the network does not ask for it,
            the recipient may receive nothing, a text says too little, or nothing is new.
        Conflict: somebody published the same version first.
    """
    require(actor, Permission.NOTICE_PUBLISH)
    _check_asked_for(draft.subject, draft.purpose)
    if not network.network(session).asks_for(draft.purpose):
        raise Refused(Reason("notice.not_asked_here", {}, "purpose"))
    recipient = organization_or_none(session, draft.recipient_id)
    if recipient is None or not receives(recipient):
        raise Refused(Reason("notice.not_a_recipient", {}, "recipient"))
    objections = notice_objections(text_of(draft, recipient.name))
    if objections:
        raise Refused.because(objections)
    earlier = newest_of(session, draft.subject, draft.purpose, draft.recipient_id)
    hash_ = hash_of(draft.text_fr, draft.text_en)
    if earlier and (earlier.hash, earlier.lasts_months) == (hash_, draft.lasts_months):
        raise Refused("notice.nothing_new")
    row = Notice(
        public_id=public_id,
        subject=draft.subject,
        purpose=draft.purpose,
        recipient_id=draft.recipient_id,
        version=earlier.version + 1 if earlier else 1,
        text_fr=draft.text_fr,
        text_en=draft.text_en,
        hash=hash_,
        lasts_months=draft.lasts_months,
        published_at=now,
        published_by=actor.person_id,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise Conflict("notice.just_published") from None
    facts = {
        "subject": draft.subject.value,
        "purpose": draft.purpose.value,
        "recipient": draft.recipient_id,
        "version": row.version,
        "hash": hash_,
    }
    audit.record(session, actor, "notice.published", "notice", row.id, now=now, facts=facts)
    jobs.enqueue(session, "consent.tell_question", {"notice": row.id}, now=now)
    return row.id


def text_of(draft: NoticeDraft, recipient_name: str) -> NoticeText:
    """A draft as the checks read it."""
    return NoticeText(
        draft.purpose, recipient_name, draft.lasts_months, draft.text_fr, draft.text_en
    )


def reached(session: Session, actor: Actor, *, now: datetime) -> list[Reached]:
    """Every current notice and how far it reaches, in bands.

    What people said is counted as of the start of the month: nobody watches one answer arrive.

    Raises:
        Forbidden: the actor may not publish notices.
    """
    require(actor, Permission.NOTICE_PUBLISH)
    current = current_notices(session)
    month = local(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    instants = {Subject.ORGANIZATION: now, Subject.PERSON: month.astimezone(UTC)}
    counted = {
        subject: yes_in_force(
            session, subject, [facts.id for facts in current if facts.subject is subject], instant
        )
        for subject, instant in instants.items()
    }
    asked = {
        Subject.ORGANIZATION: band(len(asked_organizations(session))),
        Subject.PERSON: band(len(asked_people(session))),
    }
    return [
        Reached(facts, band(len(counted[facts.subject][facts.id])), asked[facts.subject])
        for facts in current
    ]


def reached_at(session: Session, instant: datetime) -> list[Reached]:
    """How far the notices to organizations reach, for everybody, by what was said until
    ``instant``; of people nothing is said in public."""
    current = [each for each in current_notices(session) if each.subject is Subject.ORGANIZATION]
    ids = [facts.id for facts in current]
    yes = yes_in_force(session, Subject.ORGANIZATION, ids, instant)
    asked = band(len(asked_organizations(session)))
    return [Reached(facts, band(len(yes[facts.id])), asked) for facts in current]


def _check_asked_for(subject: Subject, purpose: Purpose) -> None:
    if purpose not in PURPOSES_OF[subject]:
        raise Refused(Reason("notice.not_for_people", {}, "subject"))
