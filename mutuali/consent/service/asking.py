"""Asking: who was put which question, and which yes came to its end."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.consent.models import ConsentEvent, Notice
from mutuali.consent.rules import Event, Standing, Subject, standing
from mutuali.consent.service.notices import asked_organizations, asked_people, current_notices
from mutuali.consent.service.records import id_column, said_in
from mutuali.core.permissions import SYSTEM
from mutuali.jobs import service as jobs

#: When silence is reminded of, once.
REMIND_AFTER = timedelta(days=14)


def tick(session: Session, *, now: datetime) -> None:
    """Ask whoever came since, and write down which yes ended. What counts never waits for this."""
    for facts in current_notices(session):
        ask_all(session, facts.id, now=now)
        _expire(session, facts.id, now=now)


def ask_all(session: Session, notice_id: int, *, now: datetime) -> None:
    """Put a current notice to everybody to whom it was not put yet, with a letter and, after two
    weeks of silence, one reminder."""
    notice = session.get_one(Notice, notice_id, with_for_update={"key_share": True})
    subject = Subject(notice.subject)
    known = set(
        session.scalars(
            select(id_column(subject)).where(ConsentEvent.notice_id == notice_id).distinct()
        )
    )
    new = sorted(_everybody(session, subject) - known)
    if not new:
        return
    again = _asked_before(session, notice)
    for id_ in new:
        session.add(_asked(notice, id_, again=id_ in again, now=now))
        told = {"notice": notice_id, subject.value: id_}
        jobs.enqueue(session, f"consent.tell_{subject.value}", {**told, "why": "asked"}, now=now)
        jobs.enqueue(
            session,
            f"consent.tell_{subject.value}",
            {**told, "why": "reminder"},
            now=now,
            due_at=now + REMIND_AFTER,
        )
    session.flush()
    facts = {"subject": subject.value, "count": len(new)}
    audit.record(session, SYSTEM, "consent.asked", "notice", notice_id, now=now, facts=facts)


def asked_event(session: Session, notice: Notice, id_: int, *, now: datetime) -> ConsentEvent:
    """That this notice was put to one subject, for the first time or again."""
    return _asked(notice, id_, again=id_ in _asked_before(session, notice), now=now)


def record_ended(session: Session, ended: ConsentEvent, *, now: datetime) -> None:
    """Hand in what follows from a yes that was taken back or came to its end."""
    jobs.enqueue(session, "consent.ended", {"event": ended.id}, now=now)


def _everybody(session: Session, subject: Subject) -> frozenset[int]:
    if subject is Subject.PERSON:
        return asked_people(session)
    return frozenset(found.id for found in asked_organizations(session))


def _asked_before(session: Session, notice: Notice) -> frozenset[int]:
    """Those to whom an earlier version of a notice was put."""
    column = id_column(Subject(notice.subject))
    found = session.scalars(
        select(column)
        .join(Notice, Notice.id == ConsentEvent.notice_id)
        .where(
            Notice.subject == notice.subject,
            Notice.purpose == notice.purpose,
            Notice.recipient_id == notice.recipient_id,
            Notice.version < notice.version,
        )
        .distinct()
    )
    return frozenset(id_ for id_ in found if id_ is not None)


def _asked(notice: Notice, id_: int, *, again: bool, now: datetime) -> ConsentEvent:
    subject = Subject(notice.subject)
    return ConsentEvent(
        organization_id=id_ if subject is Subject.ORGANIZATION else None,
        person_id=id_ if subject is Subject.PERSON else None,
        notice_id=notice.id,
        event=Event.RE_ASKED if again else Event.ASKED,
        at=now,
    )


def _expire(session: Session, notice_id: int, *, now: datetime) -> None:
    """Write ``expired`` after each yes whose end has come, and tell those who gave it."""
    notice = session.get_one(Notice, notice_id, with_for_update={"key_share": True})
    subject = Subject(notice.subject)
    for row in _over(session, subject, notice_id, now):
        ended = ConsentEvent(
            organization_id=row.organization_id,
            person_id=row.person_id,
            notice_id=notice_id,
            event=Event.EXPIRED,
            at=now,
        )
        session.add(ended)
        session.flush()
        record_ended(session, ended, now=now)
        id_ = row.organization_id or row.person_id or 0
        told = {"notice": notice_id, subject.value: id_, "why": "expired"}
        jobs.enqueue(session, f"consent.tell_{subject.value}", told, now=now)
        if subject is Subject.ORGANIZATION:
            facts = {"notice": notice_id, "hash": notice.hash}
            audit.record(
                session, SYSTEM, "consent.expired", subject.value, id_, now=now, facts=facts
            )


def _over(
    session: Session, subject: Subject, notice_id: int, now: datetime
) -> Sequence[ConsentEvent]:
    column = id_column(subject)
    latest = (
        select(func.max(ConsentEvent.id))
        .where(ConsentEvent.notice_id == notice_id, column.is_not(None))
        .group_by(column)
    )
    rows = session.scalars(
        select(ConsentEvent)
        .where(ConsentEvent.id.in_(latest), ConsentEvent.event == Event.GIVEN)
        .order_by(ConsentEvent.id)
    )
    return [row for row in rows if standing(notice_id, said_in(row), now) is Standing.EXPIRED]
