"""Events, which nobody may change, the seals that chain them, and the head of each day."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.storage import Base, UtcDateTime


class AuditEvent(Base):
    """One deed: ids and plain values only, so that erasing a person breaks nothing."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: None for a visitor and for the software itself; no foreign key: erasure leaves the number.
    person_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)


class AuditSeal(Base):
    """Link ``sequence`` of the chain: covers one event and the link before."""

    __tablename__ = "audit_seal"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id"), unique=True)
    hash: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: What the hash covers; links of the first layout stay as they were sealed.
    layout: Mapped[int] = mapped_column(server_default="1")
    #: 128 random bits in the hash of the event, so that nobody can guess at it; none in layout 1.
    blind: Mapped[str | None] = mapped_column(String(22))


class AuditHead(Base):
    """Where the chain stood at the end of a day in Montréal, signed; nobody may change it."""

    __tablename__ = "audit_head"

    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]
    seal: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    key_id: Mapped[str] = mapped_column(String(16))
    signature: Mapped[str] = mapped_column(String(88))
