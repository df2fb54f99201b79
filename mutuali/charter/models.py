"""Lists of actions, what organizations say of them, and how far they had come each month."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.charter.rules import LONGEST_SENTENCE, Answer, Size
from mutuali.core.charter import Principle
from mutuali.storage import Base, PublicId, UtcDateTime, one_of

_IS_CURRENT = "replaced_at IS NULL"


class ActionList(Base):
    """A version of the actions that organizations work through, as it was brought in.

    Without a current one, those that come with the software are.
    """

    __tablename__ = "action_list"
    __table_args__ = (
        Index(
            "uq_action_list_current",
            text("(replaced_at IS NULL)"),
            unique=True,
            postgresql_where=text(_IS_CURRENT),
            sqlite_where=text(_IS_CURRENT),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    name: Mapped[str] = mapped_column(String(120))
    #: Whose list it is, as the pages say it.
    source: Mapped[str] = mapped_column(String(200))
    content: Mapped[str] = mapped_column(Text, deferred=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ActionAnswer(Base):
    """What an organization says of an action, by the action's code: it outlives its list."""

    __tablename__ = "action_answer"
    __table_args__ = (CheckConstraint(one_of("answer", Answer), name="answer"),)

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    answer: Mapped[str] = mapped_column(String(10))
    sentence: Mapped[str] = mapped_column(String(LONGEST_SENTENCE), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CharterSize(Base):
    """How large an organization says it is; it says how deep its actions go."""

    __tablename__ = "charter_size"
    __table_args__ = (CheckConstraint(one_of("size", Size), name="size"),)

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    size: Mapped[str] = mapped_column(String(4))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CharterMark(Base):
    """How many actions of a principle an organization had done, of those that concerned it."""

    __tablename__ = "charter_mark"
    __table_args__ = (
        CheckConstraint(one_of("principle", Principle), name="principle"),
        CheckConstraint("0 <= done AND done <= concerned", name="done"),
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    #: The first day of its month.
    month: Mapped[date] = mapped_column(primary_key=True)
    principle: Mapped[str] = mapped_column(String(20), primary_key=True)
    done: Mapped[int]
    concerned: Mapped[int]
