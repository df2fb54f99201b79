"""What is known of something that was said, and of the answers that everybody reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor, Permission, require
from mutuali.messages.rules import Contact
from mutuali.voices.models import PublicAnswer, PublicQuestion, Voice
from mutuali.voices.rules import Draft, Junk, Leave, State, Topic, details, ways


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says: ``page`` is the path it is about, ``email`` empty when they left none."""

    topic: Topic
    words: str
    page: str
    language: str
    email: str
    leave: Leave


@dataclass(frozen=True, slots=True)
class VoiceFacts:
    """What whoever answers reads of it; of an address, only that there is one.

    ``answer`` went to its author alone; ``heading`` is that of the public answer it was given.
    """

    id: int
    public_id: str
    topic: Topic
    words: str
    page: str
    language: str
    has_email: bool
    leave: Leave
    said_at: datetime
    due_on: date
    state: State
    junk: Junk | None
    answer: str
    heading: str
    answer_id: str | None
    closed_at: datetime | None
    told_at: datetime | None

    @property
    def ways(self) -> frozenset[State]:
        """The ends that are open to it."""
        if self.state is not State.WAITING:
            return frozenset()
        return ways(self.leave, has_email=self.has_email)

    @property
    def details(self) -> frozenset[Contact]:
        """What in its words leads to somebody."""
        return details(self.words)

    def days_left(self, today: date) -> int:
        """How many days are left for an answer; negative when it is late."""
        return (self.due_on - today).days


@dataclass(frozen=True, slots=True)
class Question:
    """Words as everybody reads them; ``asked`` is the first day of their month."""

    id: int
    words: str
    language: str
    is_edited: bool
    asked: date


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """An answer that everybody reads, with its questions, the first one first."""

    public_id: str
    topic: Topic
    draft: Draft
    questions: Sequence[Question]
    published_at: datetime

    def heading(self, language: str) -> tuple[str, str]:
        """(its heading, in which language) for a reader of ``language``."""
        return in_language(language, self.draft.heading_fr, self.draft.heading_en)

    def words(self, language: str) -> tuple[str, str]:
        """(the answer, in which language)."""
        return in_language(language, self.draft.words_fr, self.draft.words_en)

    def changed(self, language: str) -> tuple[str, str]:
        """(what changed because of it, in which language); empty when nothing is said to have."""
        return in_language(language, self.draft.changed_fr, self.draft.changed_en)


def in_language(language: str, french: str, english: str) -> tuple[str, str]:
    """The words for a reader of ``language`` and the language they are in: the other when need
    be."""
    if language == "fr":
        return (french, "fr") if french else (english, "en")
    return (english, "en") if english else (french, "fr")


def row_of(session: Session, actor: Actor, public_id: str, *, lock: bool = False) -> Voice:
    """The row of something that was said, for whoever answers. Raises Forbidden, NotFound."""
    require(actor, Permission.VOICE_ANSWER)
    query = select(Voice).where(Voice.public_id == public_id)
    row = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound
    return row


def answer_row(session: Session, public_id: str, *, lock: bool = False) -> PublicAnswer:
    """The row of a public answer. Raises NotFound."""
    query = select(PublicAnswer).where(PublicAnswer.public_id == public_id)
    row = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound
    return row


def voice_facts(session: Session, rows: Sequence[Voice]) -> list[VoiceFacts]:
    """Rows as whoever answers reads them."""
    ids = {row.public_answer_id for row in rows if row.public_answer_id is not None}
    given = {
        each.id: each
        for each in session.scalars(select(PublicAnswer).where(PublicAnswer.id.in_(ids)))
    }
    return [_voice(row, given.get(row.public_answer_id or 0)) for row in rows]


def _voice(row: Voice, given: PublicAnswer | None) -> VoiceFacts:
    return VoiceFacts(
        row.id,
        row.public_id,
        Topic(row.topic),
        row.words,
        row.page,
        row.language,
        row.email is not None,
        Leave.YES if row.may_publish else Leave.NO,
        row.said_at,
        row.due_on,
        State(row.state),
        Junk(row.junk) if row.junk else None,
        row.answer,
        in_language(row.language, given.heading_fr, given.heading_en)[0] if given else "",
        given.public_id if given else None,
        row.closed_at,
        row.told_at,
    )


def answer_facts(session: Session, rows: Sequence[PublicAnswer]) -> list[AnswerFacts]:
    """Public answers with their questions, read in one go."""
    questions: dict[int, list[Question]] = {row.id: [] for row in rows}
    for each in session.scalars(
        select(PublicQuestion)
        .where(PublicQuestion.public_answer_id.in_(questions))
        .order_by(PublicQuestion.id)
    ):
        questions[each.public_answer_id].append(
            Question(each.id, each.words, each.language, each.is_edited, each.asked_on)
        )
    return [
        AnswerFacts(
            row.public_id, Topic(row.topic), draft_of(row), questions[row.id], row.published_at
        )
        for row in rows
    ]


def draft_of(row: PublicAnswer) -> Draft:
    """The words of a public answer."""
    return Draft(
        row.heading_fr,
        row.words_fr,
        row.heading_en,
        row.words_en,
        row.changed_fr,
        row.changed_en,
        row.changed_link,
    )


def write_draft(row: PublicAnswer, draft: Draft) -> None:
    """Put the words of a draft into the row of a public answer."""
    row.heading_fr, row.heading_en = draft.heading_fr, draft.heading_en
    row.words_fr, row.words_en = draft.words_fr, draft.words_en
    row.changed_fr, row.changed_en = draft.changed_fr, draft.changed_en
    row.changed_link = draft.changed_link
