"""Reporting a published sentence; what the coordination reads and decides."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, NotFound, Reason, Refused
from mutuali.core.permissions import Actor, Permission, may, require
from mutuali.counts import NOW, Count, When
from mutuali.jobs import service as jobs
from mutuali.organizations import service as organizations
from mutuali.reviews.models import LoanReview, LoanReviewReport
from mutuali.reviews.rules import Verdict
from mutuali.reviews.service.records import is_published


@dataclass(frozen=True, slots=True)
class ToJudge:
    """What waits for the coordination: a sentence that was reported, or a private word."""

    public_id: str
    author: str
    about: str
    sentence: str
    private_word: str
    #: Why it was reported; empty where it was not.
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision about a sentence, for letters."""

    author_id: int
    reporter_id: int
    sentence: str
    verdict: Verdict


def report(session: Session, actor: Actor, public_id: str, words: str, *, now: datetime) -> None:
    """Say what is wrong with a published sentence, once for all who would.

    Raises:
        Forbidden: the actor is nobody of the network. NotFound: there is none to be read.
        Refused: no words, or one's own organization wrote it. Conflict: it was reported before.
    """
    require(actor, Permission.AVAILABILITY_READ)
    row = _published(session, public_id, now)
    if row.hidden_at is not None or not row.sentence:
        raise NotFound
    if row.author_id in actor.memberships:
        raise Refused(Reason("review.own_sentence", {}, "words"))
    if not words:
        raise Refused(Reason("review.report_unsaid", {}, "words"))
    # The review's row is the place in the queue: it is reported once.
    session.get_one(LoanReview, row.id, with_for_update={"key_share": True})
    if _report_of(session, row.id) is not None:
        raise Conflict("review.already_reported")
    session.add(
        LoanReviewReport(
            review_id=row.id, person_id=actor.person_id or 0, words=words, reported_at=now
        )
    )
    session.flush()
    audit.record(session, actor, "review.reported", "loan_review", row.id, now=now)


def sentence(session: Session, actor: Actor, public_id: str, *, now: datetime) -> str:
    """A published sentence, for who is about to report it. Raises Forbidden, NotFound."""
    require(actor, Permission.AVAILABILITY_READ)
    row = _published(session, public_id, now)
    if row.hidden_at is not None or not row.sentence:
        raise NotFound
    return row.sentence


def to_judge(session: Session, actor: Actor, *, now: datetime) -> list[ToJudge]:
    """What waits for the coordination, oldest first: reported sentences, then private words.

    Raises:
        Forbidden: the actor does not coordinate.
    """
    require(actor, Permission.MESSAGE_MODERATE)
    reported = session.execute(
        _reported(actor).order_by(LoanReviewReport.reported_at, LoanReviewReport.id)
    ).all()
    words = session.scalars(_words(actor, now).order_by(LoanReview.written_at, LoanReview.id)).all()
    rows = [row for row, _ in reported] + [*words]
    names = organizations.names(session, {id_ for r in rows for id_ in (r.author_id, r.about_id)})

    def shown(row: LoanReview, why: str, word: str, at: datetime) -> ToJudge:
        author, about = names[row.author_id], names[row.about_id]
        return ToJudge(row.public_id, author, about, row.sentence, word, why, at)

    return [shown(row, told.words, "", told.reported_at) for row, told in reported] + [
        shown(row, "", row.private_word, row.written_at) for row in words
    ]


def count_to_judge(actor: Actor) -> Count:
    """How many sentences and words wait for this person."""
    if not may(actor, Permission.MESSAGE_MODERATE):
        return None
    reported = _reported(actor).with_only_columns(func.count(LoanReviewReport.id))
    words = _words(actor, NOW).with_only_columns(func.count(LoanReview.id))
    return select(reported.scalar_subquery() + words.scalar_subquery())


def judge(
    session: Session, actor: Actor, public_id: str, verdict: Verdict, *, now: datetime
) -> None:
    """Keep a reported sentence, or hide it from everybody; its scores count on.

    Raises:
        Forbidden: the actor does not coordinate. NotFound: it is not reported, or of their own
            organization. Conflict: it is decided.
    """
    require(actor, Permission.MESSAGE_MODERATE)
    row = _published(session, public_id, now)
    if row.author_id in actor.memberships:
        raise NotFound
    row = session.get_one(LoanReview, row.id, with_for_update={"key_share": True})
    told = _report_of(session, row.id)
    if told is None:
        raise NotFound
    if told.verdict is not None:
        raise Conflict("review.already_judged")
    told.verdict, told.decided_by, told.decided_at = verdict, actor.person_id, now
    if verdict is Verdict.HIDE:
        row.hidden_at = now
    session.flush()
    facts = {"verdict": verdict.value}
    audit.record(session, actor, "review.judged", "loan_review", row.id, now=now, facts=facts)
    jobs.enqueue(session, "reviews.tell_verdict", {"review": row.id}, now=now)


def see_word(session: Session, actor: Actor, public_id: str, *, now: datetime) -> None:
    """Note that the coordination read a private word; again changes nothing.

    Raises:
        Forbidden: the actor does not coordinate. NotFound: there is none.
    """
    require(actor, Permission.MESSAGE_MODERATE)
    row = _published(session, public_id, now)
    if not row.private_word or row.author_id in actor.memberships:
        raise NotFound
    if row.word_seen_at is None:
        row.word_seen_at = now
        session.flush()
        audit.record(session, actor, "review.word_seen", "loan_review", row.id, now=now)


def judged(session: Session, review_id: int) -> Judged:
    """What was decided about a sentence, for letters. Raises NotFound."""
    row, told = session.get(LoanReview, review_id), _report_of(session, review_id)
    if row is None or told is None or told.verdict is None:
        raise NotFound
    return Judged(row.author_id, told.person_id, row.sentence, Verdict(told.verdict))


def _report_of(session: Session, review_id: int) -> LoanReviewReport | None:
    return session.scalars(
        select(LoanReviewReport).where(LoanReviewReport.review_id == review_id)
    ).one_or_none()


def _published(session: Session, public_id: str, now: datetime) -> LoanReview:
    row = session.scalars(
        select(LoanReview).where(LoanReview.public_id == public_id, is_published(now))
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def _reported(actor: Actor) -> Select[LoanReview, LoanReviewReport]:
    """Reported sentences without a verdict; nobody judges what their own organization said."""
    return (
        select(LoanReview, LoanReviewReport)
        .join(LoanReviewReport, LoanReviewReport.review_id == LoanReview.id)
        .where(
            LoanReviewReport.verdict.is_(None),
            LoanReview.author_id.not_in(frozenset(actor.memberships)),
        )
    )


def _words(actor: Actor, now: When) -> Select[LoanReview]:
    """Private words that nobody of the coordination has read."""
    return select(LoanReview).where(
        LoanReview.private_word != "",
        LoanReview.word_seen_at.is_(None),
        LoanReview.author_id.not_in(frozenset(actor.memberships)),
        is_published(now),
    )
