"""Notices and what happened under each: both are only ever added to."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.consent.rules import MOST_MONTHS, Event, Purpose, Subject
from mutuali.storage import Base, PublicId, UtcDateTime, one_of


class Notice(Base):
    """The text that is shown when one kind of subject is asked, for one purpose and recipient."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint(one_of("subject", Subject), name="subject"),
        CheckConstraint(one_of("purpose", Purpose), name="purpose"),
        CheckConstraint(f"lasts_months BETWEEN 1 AND {MOST_MONTHS}", name="lasts_months"),
        CheckConstraint("version >= 1", name="version"),
        UniqueConstraint("subject", "purpose", "recipient_id", "version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    subject: Mapped[str] = mapped_column(String(12))
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


class CallRequest(Base):
    """Somebody wants a person of the network to call and explain a question."""

    __tablename__ = "call_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: Emptied once the call took place.
    phone: Mapped[str] = mapped_column(String(30))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ConsentEvent(Base):
    """What happened between one notice and one subject: an organization or a person."""

    __tablename__ = "consent_event"
    __table_args__ = (
        CheckConstraint(one_of("event", Event), name="event"),
        CheckConstraint("(organization_id IS NULL) <> (person_id IS NULL)", name="subject"),
        # A yes without an end would last for ever.
        CheckConstraint("(event = 'given') = (until IS NOT NULL)", name="until"),
        Index("ix_consent_event_notice_organization", "notice_id", "organization_id"),
        Index("ix_consent_event_notice_person", "notice_id", "person_id"),
        Index("ix_consent_event_organization", "organization_id"),
        Index("ix_consent_event_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    #: The person who is asked for themselves; nobody's employer reads these rows.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    event: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Who spoke for the organization, or the person themselves; None for the software.
    said_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: By what right they gave the organization's yes; None before that was asked.
    capacity: Mapped[str | None] = mapped_column(String(20))
