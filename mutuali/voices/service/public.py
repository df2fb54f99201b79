"""What everybody reads: answers, their questions as published, and how many there were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.consent.rules import band
from mutuali.core.period import local
from mutuali.voices.models import PublicAnswer, Voice
from mutuali.voices.rules import HEARD, State, Topic, median_days
from mutuali.voices.service.records import AnswerFacts, answer_facts

#: How many answers a page holds; how many of each subject stand on the page of all.
PER_PAGE, OF_EACH = 50, 10


@dataclass(frozen=True, slots=True)
class Tally:
    """How many were received and answered, how fast, and how long the oldest waits.

    What was answered in public can be counted by anybody; what was answered to one person alone,
    and what waits, are bands, so that neither follows from the other numbers.
    """

    received: int
    published: int
    in_private: tuple[int, int | None]
    waiting: tuple[int, int | None]
    median_days: int | None
    oldest_days: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of answers, the latest first, and how many there are in all."""

    count: int
    page: int
    pages: int
    answers: Sequence[AnswerFacts]


def answers(session: Session, topic: Topic | None = None, *, page: int = 1) -> Found:
    """Public answers on a subject, or on all of them."""
    on = [] if topic is None else [PublicAnswer.topic == topic]
    count = session.scalar(select(func.count(PublicAnswer.id)).where(*on)) or 0
    pages = max(1, -(-count // PER_PAGE))
    page = min(page, pages)
    rows = session.scalars(
        select(PublicAnswer)
        .where(*on)
        .order_by(PublicAnswer.published_at.desc(), PublicAnswer.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return Found(count, page, pages, answer_facts(session, rows))


@dataclass(frozen=True, slots=True)
class OnTopic:
    """The latest answers on one subject, and how many there are."""

    topic: Topic
    count: int
    answers: Sequence[AnswerFacts]


def by_topic(session: Session) -> list[OnTopic]:
    """The latest answers on each subject that has any, in the order of the closed list."""
    place = func.row_number().over(
        partition_by=PublicAnswer.topic,
        order_by=(PublicAnswer.published_at.desc(), PublicAnswer.id.desc()),
    )
    ranked = select(PublicAnswer.id, place.label("place")).subquery()
    rows = session.scalars(
        select(PublicAnswer)
        .join(ranked, ranked.c.id == PublicAnswer.id)
        .where(ranked.c.place <= OF_EACH)
        .order_by(PublicAnswer.published_at.desc(), PublicAnswer.id.desc())
    ).all()
    counts = dict(
        session.execute(
            select(PublicAnswer.topic, func.count(PublicAnswer.id)).group_by(PublicAnswer.topic)
        ).all()
    )
    found = answer_facts(session, rows)
    return [
        OnTopic(topic, counts[topic.value], [each for each in found if each.topic is topic])
        for topic in Topic
        if topic.value in counts
    ]


def latest(session: Session, most: int) -> Sequence[AnswerFacts]:
    """The latest answers of all."""
    rows = session.scalars(
        select(PublicAnswer)
        .order_by(PublicAnswer.published_at.desc(), PublicAnswer.id.desc())
        .limit(most)
    ).all()
    return answer_facts(session, rows)


def tally(session: Session, *, now: datetime) -> Tally:
    """The numbers of both sides; what was set aside counts nowhere."""
    counts = {
        State(state): count
        for state, count in session.execute(
            select(Voice.state, func.count(Voice.id)).group_by(Voice.state)
        )
    }
    heard = Voice.state.in_([each.value for each in HEARD])
    took = session.execute(select(Voice.said_at, Voice.closed_at).where(heard))
    oldest = session.scalar(select(func.min(Voice.said_at)).where(Voice.state == State.WAITING))
    return Tally(
        sum(counts.values()) - counts.get(State.SET_ASIDE, 0),
        counts.get(State.PUBLISHED, 0),
        band(counts.get(State.ANSWERED, 0) + counts.get(State.READ, 0)),
        band(counts.get(State.WAITING, 0)),
        median_days([closed - said for said, closed in took if closed is not None]),
        None if oldest is None else (local(now).date() - local(oldest).date()).days,
    )
