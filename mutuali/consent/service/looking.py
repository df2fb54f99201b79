"""Looking: what a subject is asked, where its answers stand, and all that happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.consent.models import ConsentEvent, Notice
from mutuali.consent.rules import (
    ASKED,
    WAITING,
    Event,
    Said,
    Standing,
    Subject,
    band,
    is_asked,
    standing,
)
from mutuali.consent.service.answers import own_id
from mutuali.consent.service.notices import acts_for_asked, current_notices, is_person_asked
from mutuali.consent.service.records import (
    NoticeFacts,
    facts_of,
    id_column,
    last_said,
    last_said_by,
    newest,
    receives,
    unsettled,
)
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, reach_of, require
from mutuali.counts import NOW, AtMost, Count
from mutuali.organizations import service as organizations


@dataclass(frozen=True, slots=True)
class Question:
    """What one subject is asked and where its answer stands.

    ``at`` and ``until`` are of the latest answer under this very notice; ``voided`` says that an
    earlier version had a yes, which no longer counts; ``changed`` that one was answered at all, and
    this one not yet.
    """

    notice: NoticeFacts
    standing: Standing
    at: datetime | None
    until: datetime | None
    voided: bool
    changed: bool = False


@dataclass(frozen=True, slots=True)
class EventFacts:
    """One event in the history of a subject, for its own eyes only.

    ``number`` counts the events between that subject and that notice, from 1.
    """

    notice: NoticeFacts
    number: int
    event: Event
    at: datetime
    until: datetime | None
    person_name: str | None
    capacity: str | None


def questions(
    session: Session, actor: Actor, organization_id: int, *, now: datetime
) -> list[Question]:
    """What the organization is asked; empty when it is not one that is asked.

    Raises:
        Forbidden: the actor is none of its people.
    """
    require(actor, Permission.CONSENT_READ, over=organization_id)
    found = organizations.organization(session, organization_id)
    if not is_asked(found.kind, found.state):
        return []
    return _questions(session, Subject.ORGANIZATION, organization_id, now)


def own_questions(session: Session, actor: Actor, *, now: datetime) -> list[Question]:
    """What the actor is asked about themselves; empty when no row can be about them.

    Raises:
        Forbidden: nobody is signed in, or a program may not read this.
    """
    person_id = own_id(actor)
    if not is_person_asked(session, person_id):
        return []
    return _questions(session, Subject.PERSON, person_id, now)


def history(session: Session, actor: Actor, organization_id: int) -> list[EventFacts]:
    """All that happened with the organization, latest first.

    Raises:
        Forbidden: the actor is none of its people.
    """
    require(actor, Permission.CONSENT_READ, over=organization_id)
    return _history(session, Subject.ORGANIZATION, organization_id)


def own_history(session: Session, actor: Actor) -> list[EventFacts]:
    """All that happened with the actor themselves, latest first.

    Raises:
        Forbidden: nobody is signed in, or a program may not read this.
    """
    return _history(session, Subject.PERSON, own_id(actor))


def count_unanswered(actor: Actor) -> Count:
    """:func:`unanswered`, for the count on every page."""
    reach = reach_of(actor, Permission.CONSENT_ANSWER) or frozenset()
    if not reach:
        return None
    most = unsettled(Subject.ORGANIZATION, reach, NOW)
    return AtMost(most, unanswered)


def unanswered(session: Session, actor: Actor, now: datetime) -> int:
    """How many questions wait for an answer of the organizations that the actor manages."""
    reach = reach_of(actor, Permission.CONSENT_ANSWER) or frozenset()
    rows = [each for each in newest(session) if each.subject == Subject.ORGANIZATION]
    known = organizations.organizations(session, reach | {row.recipient_id for row in rows})
    ids = [row.id for row in rows if receives(known.get(row.recipient_id))]
    said = last_said_by(session, Subject.ORGANIZATION, reach)
    return sum(
        standing(id_, said[organization_id].get(id_), now) in WAITING
        for organization_id in reach
        if is_asked(known[organization_id].kind, known[organization_id].state)
        for id_ in ids
    )


def count_own_unanswered(actor: Actor) -> Count:
    """How many questions wait for the actor's own answer.

    For the count on every page: who only once asked for a loan counts from when they were asked.
    """
    id_ = actor.person_id
    if id_ is None or actor.scopes is not None:
        return None
    most = unsettled(Subject.PERSON, {id_}, NOW)
    return AtMost(most, _count_own_unanswered)


def _count_own_unanswered(session: Session, actor: Actor, now: datetime) -> int:
    id_ = own_id(actor)
    rows = [each for each in newest(session) if each.subject == Subject.PERSON]
    said = last_said(session, Subject.PERSON, id_)
    if not said and not acts_for_asked(session, id_):
        return 0
    known = organizations.organizations(session, frozenset(row.recipient_id for row in rows))
    return sum(
        receives(known.get(row.recipient_id)) and standing(row.id, said.get(row.id), now) in WAITING
        for row in rows
    )


def withdrawals(session: Session, periods: Sequence[Period]) -> list[tuple[int, int | None]]:
    """For each period, in how many organizations a yes was taken back: a band, for everybody."""
    counts = (
        session.scalar(
            select(func.count(ConsentEvent.organization_id.distinct())).where(
                ConsentEvent.event == Event.WITHDRAWN,
                ConsentEvent.at >= period.start,
                ConsentEvent.at < period.end,
            )
        )
        for period in periods
    )
    return [band(count or 0) for count in counts]


def _questions(session: Session, subject: Subject, id_: int, now: datetime) -> list[Question]:
    said = last_said(session, subject, id_)
    older = session.execute(
        select(Notice.id, Notice.purpose, Notice.recipient_id)
        .where(Notice.id.in_(said))
        .order_by(Notice.version)
    )
    before: dict[tuple[str, int], list[Said]] = {}
    for notice_id, purpose, recipient_id in older:
        before.setdefault((purpose, recipient_id), []).append(said[notice_id])
    asked = []
    for facts in current_notices(session):
        if facts.subject is not subject:
            continue
        last = said.get(facts.id)
        where = standing(facts.id, last, now)
        has_answer = last is not None and where is not Standing.UNANSWERED
        earlier = [
            each
            for each in before.get((facts.purpose, facts.recipient_id), [])
            if each.notice_id != facts.id
        ]
        unanswered = where is Standing.UNANSWERED
        asked.append(
            Question(
                facts,
                where,
                last.at if last and has_answer else None,
                last.until if last and has_answer else None,
                unanswered and bool(earlier) and earlier[-1].event is Event.GIVEN,
                unanswered and any(each.event not in ASKED for each in earlier),
            )
        )
    return asked


def _history(session: Session, subject: Subject, id_: int) -> list[EventFacts]:
    rows = session.scalars(
        select(ConsentEvent).where(id_column(subject) == id_).order_by(ConsentEvent.id)
    ).all()
    ids = frozenset(row.notice_id for row in rows)
    notices = session.scalars(select(Notice).where(Notice.id.in_(ids))).all()
    facts = {each.id: each for each in facts_of(session, notices)}
    people = accounts.people(
        session, frozenset(row.said_by for row in rows if row.said_by is not None)
    )
    numbers = dict.fromkeys(ids, 0)
    found = []
    for row in rows:
        numbers[row.notice_id] += 1
        found.append(
            EventFacts(
                facts[row.notice_id],
                numbers[row.notice_id],
                Event(row.event),
                row.at,
                row.until,
                people[row.said_by].name if row.said_by is not None else None,
                row.capacity,
            )
        )
    return found[::-1]
