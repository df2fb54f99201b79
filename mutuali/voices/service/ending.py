"""Telling authors, reminding those who answer, and ending what is over."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.period import local
from mutuali.core.permissions import SYSTEM
from mutuali.jobs import service as jobs
from mutuali.voices.models import PublicAnswer, Voice
from mutuali.voices.rules import (
    HEARD,
    JUNK_KEPT,
    OVERDUE,
    REMINDERS,
    WORDS_KEPT,
    State,
    reminders_owed,
)
from mutuali.voices.service.records import in_language


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody who left an address is told: the answer, and where it stands in public."""

    email: str
    language: str
    heading: str
    words: str
    answer_id: str | None


def reply(session: Session, voice_id: int) -> Reply | None:
    """What is still to be told, and where to; None when it was, or there is nowhere to."""
    row = session.get(Voice, voice_id)
    if row is None or row.email is None or row.state not in {State.PUBLISHED, State.ANSWERED}:
        return None
    given = session.get(PublicAnswer, row.public_answer_id) if row.public_answer_id else None
    heading, words = "", row.answer
    if given is not None:
        heading = in_language(row.language, given.heading_fr, given.heading_en)[0]
        words = row.answer or in_language(row.language, given.words_fr, given.words_en)[0]
    if not words:
        return None
    return Reply(row.email, row.language, heading, words, given.public_id if given else None)


def told(session: Session, voice_id: int, *, now: datetime) -> None:
    """The letter left: the address goes.

    Not before: it would have to wait in a job, which is kept for thirty days, and a mail server
    that is away would lose the answer.
    """
    row = session.get(Voice, voice_id)
    if row is None or row.email is None:
        return
    row.email, row.told_at = None, now
    session.flush()
    audit.record(session, SYSTEM, "voice.told", "voice", row.id, now=now)


def remind(session: Session, *, now: datetime) -> int:
    """Hand in the letters about what has waited for long, one for all that come due together;
    returns how many are told of."""
    today = local(now).date()
    near: list[int] = []
    late: list[int] = []
    soonest = max(REMINDERS)
    for row in session.scalars(
        select(Voice).where(Voice.state == State.WAITING).order_by(Voice.due_on, Voice.id)
    ):
        if (row.due_on - today).days > soonest:
            break
        owed = reminders_owed(row.due_on, today)
        if row.reminders < owed:
            row.reminders = owed
            (late if (row.due_on - today).days <= OVERDUE else near).append(row.id)
    for kind, ids in (("voices.remind", near), ("voices.overdue", late)):
        if ids:
            jobs.enqueue(session, kind, {"voices": ids}, now=now)
    return len(near) + len(late)


def end_old(session: Session, *, now: datetime) -> None:
    """Destroy what was set aside a month ago; a year after the answer, blank the words and the
    answer that only one person got, so that the dates alone are left to count; and blank every
    address that is a year old, answered or not."""
    session.execute(
        delete(Voice)
        .where(Voice.state == State.SET_ASIDE, Voice.closed_at < now - JUNK_KEPT)
        .execution_options(synchronize_session=False)
    )
    ended = Voice.state.in_([each.value for each in HEARD])
    # What is blank already is not written again.
    holds = or_(Voice.words != "", Voice.answer != "", Voice.page != "", Voice.fingerprint != "")
    session.execute(
        update(Voice)
        .where(ended, Voice.closed_at < now - WORDS_KEPT, holds)
        .values(words="", answer="", page="", fingerprint="")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Voice)
        .where(Voice.email.is_not(None), Voice.said_at < now - WORDS_KEPT)
        .values(email=None)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
