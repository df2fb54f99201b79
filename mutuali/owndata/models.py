"""What organizations hold, who answers for it, what they published; meetings with a helper."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column

from mutuali.owndata.rules import (
    LONGEST_NAME,
    LONGEST_PHONE,
    LONGEST_TOPIC,
    LONGEST_WORDS,
    CountedFrom,
    Ending,
    Everyday,
    Sensitivity,
    Term,
)
from mutuali.storage import Base, PublicId, UtcDateTime, one_of

_IS_OUT = "withdrawn_at IS NULL"
_IS_ON = "cancelled_at IS NULL"


class OwnHolding(Base):
    """One thing that an organization holds of people, outside MutuAli."""

    __tablename__ = "own_holding"
    __table_args__ = (
        CheckConstraint(one_of("template", Everyday), name="template"),
        CheckConstraint(one_of("term", Term), name="term"),
        CheckConstraint(one_of("counted_from", CountedFrom), name="counted_from"),
        CheckConstraint(one_of("sensitivity", Sensitivity), name="sensitivity"),
        CheckConstraint(one_of("ending", Ending), name="ending"),
        # A template is taken once, however often it is tapped.
        UniqueConstraint("organization_id", "template"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    #: None: the organization wrote it itself.
    template: Mapped[str | None] = mapped_column(String(20))
    #: Words are empty where those of the template serve.
    name_fr: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    name_en: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    what_fr: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    what_en: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    why_fr: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    why_en: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    about_whom: Mapped[list[Any]] = mapped_column(JSON)
    came_by: Mapped[list[Any]] = mapped_column(JSON)
    kept_in: Mapped[list[Any]] = mapped_column(JSON)
    seen_by: Mapped[list[Any]] = mapped_column(JSON)
    term: Mapped[str] = mapped_column(String(10))
    counted_from: Mapped[str] = mapped_column(String(20))
    sensitivity: Mapped[str] = mapped_column(String(10))
    ending: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When somebody last said that it is so.
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Counts edits, for ETags.
    version: Mapped[int] = mapped_column(default=1)


class OwnOfficer(Base):
    """Who answers for personal information at an organization; the next one replaces them."""

    __tablename__ = "own_officer"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    title: Mapped[str] = mapped_column(String(120))
    how_to_reach: Mapped[str] = mapped_column(String(200))
    #: The day of the writing that delegates; None: the highest authority itself.
    delegated_on: Mapped[date | None]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Who noted it.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


class OwnPolicy(Base):
    """One version of an organization's policy, as it was published; at most one is out."""

    __tablename__ = "own_policy"
    __table_args__ = (
        UniqueConstraint("organization_id", "version"),
        Index(
            "uq_own_policy_out",
            "organization_id",
            unique=True,
            postgresql_where=text(_IS_OUT),
            sqlite_where=text(_IS_OUT),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    version: Mapped[int]
    text_fr: Mapped[str] = deferred(mapped_column(Text, nullable=False))
    text_en: Mapped[str] = deferred(mapped_column(Text, nullable=False))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class HelpSlot(Base):
    """Twenty minutes that somebody who helps the network offers."""

    __tablename__ = "help_slot"
    __table_args__ = (UniqueConstraint("helper_id", "starts_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    helper_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    #: Where the helper can be called; empty: they call.
    call_at: Mapped[str] = mapped_column(String(LONGEST_PHONE), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class HelpMeeting(Base):
    """A slot that an organization took; the index lets nobody else take it while it is on."""

    __tablename__ = "help_meeting"
    __table_args__ = (
        Index(
            "uq_help_meeting_slot",
            "slot_id",
            unique=True,
            postgresql_where=text(_IS_ON),
            sqlite_where=text(_IS_ON),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("help_slot.id"), index=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    topic: Mapped[str] = mapped_column(String(LONGEST_TOPIC))
    #: Where to call them; empty: they call.
    phone: Mapped[str] = mapped_column(String(LONGEST_PHONE), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
