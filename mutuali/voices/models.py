"""What was said to the network; and what of it stands in public, in tables of its own: the public
page reads nothing else."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.storage import Base, PublicId, UtcDateTime, one_of
from mutuali.voices.rules import (
    LONGEST_CHANGE,
    LONGEST_HEADING,
    LONGEST_PATH,
    Junk,
    State,
    Topic,
)


class Voice(Base):
    """What somebody said, as it came; nothing says who, but the address they may have left."""

    __tablename__ = "voice"
    __table_args__ = (
        CheckConstraint(one_of("topic", Topic), name="topic"),
        CheckConstraint("language IN ('fr', 'en')", name="language"),
        CheckConstraint(one_of("state", State), name="state"),
        CheckConstraint(one_of("junk", Junk), name="junk"),
        CheckConstraint("(junk IS NOT NULL) = (state = 'set_aside')", name="set_aside"),
        CheckConstraint("(closed_at IS NULL) = (state = 'waiting')", name="closed"),
        # Whatever the code does: no words stand in public without a yes.
        CheckConstraint("state <> 'published' OR may_publish", name="with_a_yes"),
        Index("ix_voice_state", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    topic: Mapped[str] = mapped_column(String(8))
    words: Mapped[str] = mapped_column(Text)
    #: The page it is about; never one that leads to somebody.
    page: Mapped[str] = mapped_column(String(LONGEST_PATH), default="")
    language: Mapped[str] = mapped_column(String(2))
    #: Until its author was told of the answer.
    email: Mapped[str | None] = mapped_column(String(254))
    may_publish: Mapped[bool]
    #: Tells the same words when they come again; goes with them.
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    said_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    due_on: Mapped[date]
    reminders: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(9), default=State.WAITING)
    junk: Mapped[str | None] = mapped_column(String(11))
    #: For its author alone.
    answer: Mapped[str] = mapped_column(Text, default="")
    public_answer_id: Mapped[int | None] = mapped_column(ForeignKey("public_answer.id"), index=True)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PublicAnswer(Base):
    """An answer that everybody reads, to one question or several, in one language or in both."""

    __tablename__ = "public_answer"
    __table_args__ = (
        CheckConstraint(one_of("topic", Topic), name="topic"),
        Index("ix_public_answer_topic", "topic", "published_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    topic: Mapped[str] = mapped_column(String(8))
    heading_fr: Mapped[str] = mapped_column(String(LONGEST_HEADING))
    heading_en: Mapped[str] = mapped_column(String(LONGEST_HEADING))
    words_fr: Mapped[str] = mapped_column(Text)
    words_en: Mapped[str] = mapped_column(Text)
    changed_fr: Mapped[str] = mapped_column(String(LONGEST_CHANGE))
    changed_en: Mapped[str] = mapped_column(String(LONGEST_CHANGE))
    changed_link: Mapped[str] = mapped_column(String(LONGEST_PATH))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PublicQuestion(Base):
    """Words of a question as they stand in public, with their author's yes."""

    __tablename__ = "public_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_answer_id: Mapped[int] = mapped_column(ForeignKey("public_answer.id"), index=True)
    voice_id: Mapped[int] = mapped_column(ForeignKey("voice.id"), unique=True)
    words: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    #: Whether the coordination took something out before it published them.
    is_edited: Mapped[bool]
    asked_on: Mapped[date]
