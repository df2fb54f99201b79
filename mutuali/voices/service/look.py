"""What waits for an answer, for those who give it."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission, may, require
from mutuali.counts import Count
from mutuali.voices.models import PublicAnswer, Voice
from mutuali.voices.rules import State
from mutuali.voices.service.records import (
    AnswerFacts,
    VoiceFacts,
    answer_facts,
    answer_row,
    in_language,
    row_of,
    voice_facts,
)

#: How many of those that have their end are shown.
_LATEST = 30


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits, the nearest day first, and what was done lately, the latest first."""

    waiting: list[VoiceFacts]
    done: list[VoiceFacts]


def desk(session: Session, actor: Actor) -> Desk:
    """Everything that whoever answers sees at once. Raises Forbidden."""
    require(actor, Permission.VOICE_ANSWER)
    rows = session.scalars(
        select(Voice).where(Voice.state == State.WAITING).order_by(Voice.due_on, Voice.id)
    ).all()
    done = session.scalars(
        select(Voice)
        .where(Voice.state != State.WAITING)
        .order_by(Voice.closed_at.desc(), Voice.id.desc())
        .limit(_LATEST)
    ).all()
    return Desk(voice_facts(session, rows), voice_facts(session, done))


def voice(session: Session, actor: Actor, public_id: str) -> VoiceFacts:
    """One of them. Raises Forbidden, NotFound."""
    (found,) = voice_facts(session, [row_of(session, actor, public_id)])
    return found


def headings(session: Session, actor: Actor, language: str) -> list[tuple[str, str]]:
    """(public id, heading) of every public answer that can be given in ``language``, the latest
    first. Raises Forbidden."""
    require(actor, Permission.VOICE_ANSWER)
    words = PublicAnswer.words_fr if language == "fr" else PublicAnswer.words_en
    rows = session.execute(
        select(PublicAnswer.public_id, PublicAnswer.heading_fr, PublicAnswer.heading_en)
        .where(words != "")
        .order_by(PublicAnswer.published_at.desc(), PublicAnswer.id.desc())
    )
    return [(id_, in_language(language, fr, en)[0]) for id_, fr, en in rows]


def answer_to_rewrite(session: Session, actor: Actor, public_id: str) -> AnswerFacts:
    """A public answer, for whoever may change it. Raises Forbidden, NotFound."""
    require(actor, Permission.VOICE_ANSWER)
    (found,) = answer_facts(session, [answer_row(session, public_id)])
    return found


def count_waiting(actor: Actor) -> Count:
    """How many wait for an answer of this actor."""
    if not may(actor, Permission.VOICE_ANSWER):
        return None
    return select(func.count(Voice.id)).where(Voice.state == State.WAITING)


def still_waiting(session: Session, ids: list[int]) -> list[VoiceFacts]:
    """Those of ``ids`` that still wait, the nearest day first; for letters."""
    rows = session.scalars(
        select(Voice)
        .where(Voice.id.in_(ids), Voice.state == State.WAITING)
        .order_by(Voice.due_on, Voice.id)
    ).all()
    return voice_facts(session, rows)
