"""Notices and answers: both are only ever added to."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.consent.rules import MOST_MONTHS, Answer, Purpose
from mutuali.storage import Base, PublicId, UtcDateTime, one_of


class Notice(Base):
    """The text that is shown when a yes is asked for one purpose and one recipient."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint(one_of("purpose", Purpose), name="purpose"),
        CheckConstraint(f"lasts_months BETWEEN 1 AND {MOST_MONTHS}", name="lasts_months"),
        CheckConstraint("version >= 1", name="version"),
        UniqueConstraint("purpose", "recipient_id", "version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    purpose: Mapped[str] = mapped_column(String(30))
    recipient_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    version: Mapped[int]
    text_fr: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))
    lasts_months: Mapped[int]
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: None for the software itself.
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ConsentEvent(Base):
    """One answer of one organization under one notice."""

    __tablename__ = "consent_event"
    __table_args__ = (
        CheckConstraint(one_of("answer", Answer), name="answer"),
        # A yes without an end would last for ever.
        CheckConstraint("(answer = 'given') = (until IS NOT NULL)", name="until"),
        Index("ix_consent_event_notice_organization", "notice_id", "organization_id"),
        Index("ix_consent_event_organization", "organization_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    answer: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: None for the software itself.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
