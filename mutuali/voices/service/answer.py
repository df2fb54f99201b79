"""Answering what was said: in public, to its author alone, or not at all."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, NotFound, Reason, Refused
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, require
from mutuali.jobs import service as jobs
from mutuali.voices.models import PublicAnswer, PublicQuestion, Voice
from mutuali.voices.rules import (
    Draft,
    Junk,
    Leave,
    State,
    draft_objections,
    shown_objections,
    ways,
)
from mutuali.voices.service.records import answer_row, in_language, row_of, write_draft


def publish(
    session: Session,
    actor: Actor,
    public_id: str,
    shown: str,
    draft: Draft,
    *,
    answer_id: str,
    now: datetime,
) -> None:
    """Answer in public; ``shown`` are the words of the question as everybody will read them, and
    ``answer_id`` the public id of the answer.

    Raises:
        Forbidden, NotFound.
        Conflict: it has its end, or its author did not say yes.
        Refused: the answer lacks something, or ``shown`` leads to somebody.
    """
    row = _ending(session, actor, public_id, State.PUBLISHED)
    reasons = (*shown_objections(shown), *draft_objections(draft, {row.language}))
    if reasons:
        raise Refused.because(reasons)
    given = PublicAnswer(public_id=answer_id, topic=row.topic, published_at=now)
    write_draft(given, draft)
    session.add(given)
    session.flush()
    _show(session, actor, row, given, shown, now=now)


def publish_under(
    session: Session, actor: Actor, public_id: str, shown: str, under: str, *, now: datetime
) -> None:
    """Publish a question under the heading of an answer that stands already.

    Raises:
        As :func:`publish`; Refused also when that answer is not in the language of the question.
    """
    row = _ending(session, actor, public_id, State.PUBLISHED)
    given = _given(session, row, under)
    reasons = shown_objections(shown)
    if reasons:
        raise Refused.because(reasons)
    _show(session, actor, row, given, shown, now=now)


def answer_in_private(
    session: Session,
    actor: Actor,
    public_id: str,
    words: str,
    *,
    under: str | None = None,
    now: datetime,
) -> None:
    """Answer its author alone, by e-mail: with ``words``, or the public answer ``under``.

    Raises:
        Forbidden, NotFound.
        Conflict: it has its end, or its author left no address.
        Refused: no words and no answer; that answer is not in the language of the question.
    """
    row = _ending(session, actor, public_id, State.ANSWERED)
    if under is not None:
        row.public_answer_id = _given(session, row, under).id
    elif not words:
        raise Refused(Reason("field.missing", {}, "words"))
    row.answer = words
    _end(session, actor, row, State.ANSWERED, "voice.answered", now=now)


def mark_read(session: Session, actor: Actor, public_id: str, *, now: datetime) -> None:
    """Somebody read what could not be answered.

    Raises:
        Forbidden, NotFound.
        Conflict: it has its end, or could be answered.
    """
    row = _ending(session, actor, public_id, State.READ)
    _end(session, actor, row, State.READ, "voice.read", now=now)


def set_aside(session: Session, actor: Actor, public_id: str, junk: Junk, *, now: datetime) -> None:
    """It is no question to anybody; it is destroyed in thirty days.

    Raises:
        Forbidden, NotFound.
        Conflict: it has its end.
    """
    row = _ending(session, actor, public_id, State.SET_ASIDE)
    row.junk = junk
    _end(session, actor, row, State.SET_ASIDE, "voice.set_aside", now=now, junk=junk.value)


def bring_back(session: Session, actor: Actor, public_id: str, *, now: datetime) -> None:
    """What was set aside waits again, under its first day.

    Raises:
        Forbidden, NotFound.
        Conflict: it was not set aside.
    """
    row = row_of(session, actor, public_id, lock=True)
    if row.state != State.SET_ASIDE:
        raise Conflict("voice.not_set_aside")
    row.state, row.junk, row.closed_at, row.closed_by = State.WAITING, None, None, None
    session.flush()
    audit.record(session, actor, "voice.brought_back", "voice", row.id, now=now)


def rewrite(session: Session, actor: Actor, answer_id: str, draft: Draft, *, now: datetime) -> None:
    """Say a public answer better, or what changed because of it.

    Raises:
        Forbidden, NotFound.
        Refused: the answer lacks something.
    """
    require(actor, Permission.VOICE_ANSWER)
    row = answer_row(session, answer_id, lock=True)
    languages = select(PublicQuestion.language).where(PublicQuestion.public_answer_id == row.id)
    reasons = draft_objections(draft, set(session.scalars(languages)))
    if reasons:
        raise Refused.because(reasons)
    write_draft(row, draft)
    session.flush()
    name = "public_answer.rewritten"
    audit.record(session, actor, name, "public_answer", row.id, now=now)


def take_off(
    session: Session, actor: Actor, answer_id: str, question_id: int, *, now: datetime
) -> bool:
    """Take a question off the public page: its words there are destroyed, and with the last one
    the answer too; returns whether the answer still stands.

    Raises:
        Forbidden, NotFound.
    """
    require(actor, Permission.VOICE_ANSWER)
    row = answer_row(session, answer_id, lock=True)
    question = session.get(PublicQuestion, question_id)
    if question is None or question.public_answer_id != row.id:
        raise NotFound
    voice = session.get_one(Voice, question.voice_id)
    heard = voice.email is not None or voice.told_at is not None
    voice.state = State.ANSWERED if heard else State.READ
    _let_go(voice, row)
    session.delete(question)
    session.flush()
    audit.record(session, actor, "voice.taken_off", "voice", voice.id, now=now)
    left = select(PublicQuestion.id).where(PublicQuestion.public_answer_id == row.id).limit(1)
    if session.scalar(left) is not None:
        return True
    for each in session.scalars(select(Voice).where(Voice.public_answer_id == row.id)):
        _let_go(each, row)
    session.flush()
    session.execute(delete(PublicAnswer).where(PublicAnswer.id == row.id))
    return False


def _let_go(voice: Voice, given: PublicAnswer) -> None:
    """It stands no more under an answer; whoever is still to be told of it gets its words."""
    voice.public_answer_id = None
    if voice.email is not None and not voice.answer:
        voice.answer = in_language(voice.language, given.words_fr, given.words_en)[0]


def _ending(session: Session, actor: Actor, public_id: str, state: State) -> Voice:
    """The row, locked, if this end is open to it."""
    row = row_of(session, actor, public_id, lock=True)
    if row.state != State.WAITING:
        raise Conflict("voice.answered_before")
    leave = Leave.YES if row.may_publish else Leave.NO
    if state not in ways(leave, has_email=row.email is not None):
        raise Conflict("voice.no_such_way")
    return row


def _given(session: Session, row: Voice, under: str) -> PublicAnswer:
    try:
        given = answer_row(session, under)
    except NotFound:
        raise Refused(Reason("voice.answer_gone", {}, "under")) from None
    if not (given.words_fr if row.language == "fr" else given.words_en):
        raise Refused(Reason("voice.answer_in_other_language", {}, "under"))
    return given


def _show(
    session: Session, actor: Actor, row: Voice, given: PublicAnswer, shown: str, *, now: datetime
) -> None:
    session.add(
        PublicQuestion(
            public_answer_id=given.id,
            voice_id=row.id,
            words=shown,
            language=row.language,
            is_edited=shown != row.words,
            asked_on=local(row.said_at).date().replace(day=1),
        )
    )
    row.public_answer_id = given.id
    _end(session, actor, row, State.PUBLISHED, "voice.published", now=now, answer=given.id)


def _end(
    session: Session,
    actor: Actor,
    row: Voice,
    state: State,
    name: str,
    *,
    now: datetime,
    **facts: object,
) -> None:
    row.state, row.closed_at, row.closed_by = state, now, actor.person_id
    session.flush()
    audit.record(session, actor, name, "voice", row.id, now=now, facts=facts)
    if row.email is not None and state in {State.PUBLISHED, State.ANSWERED}:
        jobs.enqueue(session, "voices.tell", {"voice": row.id}, now=now)
