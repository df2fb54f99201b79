"""Answers: who has said yes, what is asked, saying yes or no, taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.audit import service as audit
from mutuali.consent.models import ConsentEvent, Notice
from mutuali.consent.rules import Answer, Purpose, Standing, band, is_asked, standing, until_of
from mutuali.consent.service.notices import current_notices
from mutuali.consent.service.records import (
    NoticeFacts,
    facts_of,
    last_said,
    last_said_by,
    newest,
    newest_of,
    organization_or_none,
    receives,
    yes_in_force,
)
from mutuali.core.errors import Conflict, NotFound, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, reach_of, require
from mutuali.organizations import service as organizations


@dataclass(frozen=True, slots=True)
class Question:
    """What one organization is asked and where its answer stands.

    ``at`` and ``until`` are of the latest answer under this very notice; ``voided`` says that an
    earlier version had a yes, which no longer counts.
    """

    notice: NoticeFacts
    standing: Standing
    at: datetime | None
    until: datetime | None
    voided: bool


@dataclass(frozen=True, slots=True)
class EventFacts:
    """One answer in the history of an organization, for its own people only."""

    notice: NoticeFacts
    answer: Answer
    at: datetime
    until: datetime | None
    person_name: str | None


def consenting(
    session: Session, purpose: Purpose, recipient_id: int, *, now: datetime
) -> frozenset[int]:
    """The organizations whose yes to this purpose and recipient is in force.

    Empty when there is no notice, when the recipient may receive nothing, and without anybody who
    left the network meanwhile.
    """
    notice = newest_of(session, purpose, recipient_id)
    if notice is None or not receives(organization_or_none(session, recipient_id)):
        return frozenset()
    return yes_in_force(session, [notice.id], now)[notice.id]


def answer(
    session: Session,
    actor: Actor,
    organization_id: int,
    notice_public_id: str,
    answer: Answer,
    *,
    now: datetime,
) -> None:
    """Say yes, say no, or take a yes back; a no after a yes in force is kept as a withdrawal.

    Raises:
        Forbidden: the actor does not manage the organization.
        NotFound: no such notice.
        Refused: the organization is not one that is asked.
        Conflict: a newer notice stands in its place, or there is no yes to take back.
    """
    require(actor, Permission.CONSENT_ANSWER, over=organization_id)
    found = organizations.organization(session, organization_id)
    # In turn: two managers who answer at once each see what the other said.
    row = session.scalars(
        select(Notice).where(Notice.public_id == notice_public_id).with_for_update(key_share=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    if not is_asked(found.kind, found.state):
        raise Refused("consent.not_asked")
    if not facts_of(session, [row])[0].is_current:
        raise Conflict("consent.notice_replaced")
    last = last_said(session, organization_id).get(row.id)
    given = standing(row.id, last, now) is Standing.GIVEN
    if answer is Answer.WITHDRAWN and not given:
        raise Conflict("consent.nothing_to_withdraw")
    if answer is Answer.REFUSED and given:
        answer = Answer.WITHDRAWN
    session.add(
        ConsentEvent(
            organization_id=organization_id,
            notice_id=row.id,
            answer=answer,
            at=now,
            until=until_of(now, row.lasts_months) if answer is Answer.GIVEN else None,
            person_id=actor.person_id,
        )
    )
    session.flush()
    audit.record(
        session,
        actor,
        f"consent.{answer.value}",
        "organization",
        organization_id,
        now=now,
        facts={"notice": row.id, "hash": row.hash},
    )


def withdraw(
    session: Session, actor: Actor, organization_id: int, notice_public_id: str, *, now: datetime
) -> None:
    """Take a yes back; as :func:`answer` otherwise."""
    answer(session, actor, organization_id, notice_public_id, Answer.WITHDRAWN, now=now)


def withdrawals(session: Session, periods: Sequence[Period]) -> list[tuple[int, int | None]]:
    """For each period, in how many organizations a yes was taken back: a band, for everybody."""
    counts = (
        session.scalar(
            select(func.count(ConsentEvent.organization_id.distinct())).where(
                ConsentEvent.answer == Answer.WITHDRAWN,
                ConsentEvent.at >= period.start,
                ConsentEvent.at < period.end,
            )
        )
        for period in periods
    )
    return [band(count or 0) for count in counts]


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
    said = last_said(session, organization_id)
    older = session.execute(
        select(Notice.id, Notice.purpose, Notice.recipient_id)
        .where(Notice.id.in_(said))
        .order_by(Notice.version)
    )
    before = {(purpose, recipient_id): said[id_] for id_, purpose, recipient_id in older}
    asked = []
    for facts in current_notices(session):
        last, earlier = said.get(facts.id), before.get((facts.purpose, facts.recipient_id))
        asked.append(
            Question(
                facts,
                standing(facts.id, last, now),
                last.at if last else None,
                last.until if last else None,
                last is None and earlier is not None and earlier.answer is Answer.GIVEN,
            )
        )
    return asked


def history(session: Session, actor: Actor, organization_id: int) -> list[EventFacts]:
    """Every answer of the organization, latest first.

    Raises:
        Forbidden: the actor is none of its people.
    """
    require(actor, Permission.CONSENT_READ, over=organization_id)
    rows = session.scalars(
        select(ConsentEvent)
        .where(ConsentEvent.organization_id == organization_id)
        .order_by(ConsentEvent.id.desc())
    ).all()
    ids = frozenset(row.notice_id for row in rows)
    notices = session.scalars(select(Notice).where(Notice.id.in_(ids))).all()
    facts = {each.id: each for each in facts_of(session, notices)}
    people = accounts.people(
        session, frozenset(row.person_id for row in rows if row.person_id is not None)
    )
    return [
        EventFacts(
            facts[row.notice_id],
            Answer(row.answer),
            row.at,
            row.until,
            people[row.person_id].name if row.person_id is not None else None,
        )
        for row in rows
    ]


def count_unanswered(session: Session, actor: Actor, now: datetime) -> int:
    """How many questions wait for an answer of the organizations that the actor manages."""
    reach = reach_of(actor, Permission.CONSENT_ANSWER) or frozenset()
    rows = newest(session) if reach else []
    if not rows:
        return 0
    known = organizations.organizations(session, reach | {row.recipient_id for row in rows})
    ids = [row.id for row in rows if receives(known.get(row.recipient_id))]
    said = last_said_by(session, reach)
    silent = (Standing.UNANSWERED, Standing.EXPIRED)
    return sum(
        standing(id_, said[organization_id].get(id_), now) in silent
        for organization_id in reach
        if is_asked(known[organization_id].kind, known[organization_id].state)
        for id_ in ids
    )
