"""What analysts asked for, what became of it, and who downloaded it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.agreements.rules import Dataset
from mutuali.consent.rules import Purpose
from mutuali.exports.rules.life import ExportState
from mutuali.storage import Base, PublicId, UtcDateTime, one_of


class Export(Base):
    """A data request and the bundle that may come of it."""

    __tablename__ = "export"
    __table_args__ = (
        CheckConstraint(one_of("dataset", Dataset), name="dataset"),
        CheckConstraint(one_of("purpose", Purpose), name="purpose"),
        CheckConstraint(one_of("state", ExportState), name="state"),
        CheckConstraint("state <> 'ready' OR file_key IS NOT NULL", name="ready"),
        CheckConstraint("decided_by IS NULL OR decided_by <> requested_by", name="two_people"),
        Index("ix_export_state", "state", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    dataset: Mapped[str] = mapped_column(String(30))
    purpose: Mapped[str] = mapped_column(String(30))
    question: Mapped[str] = mapped_column(String(1000))
    state: Mapped[str] = mapped_column(String(10))
    requested_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Until when it can be decided, then until when it can be downloaded.
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_note: Mapped[str] = mapped_column(String(1000), default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The organizations whose yes the build rested on; ids only, never shown.
    consenting: Mapped[list[int]] = mapped_column(JSON, default=list)
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    #: Why nothing leaves: the code of a refusal.
    withheld_because: Mapped[str | None] = mapped_column(String(60))
    file_key: Mapped[str | None] = mapped_column(String(80))
    file_sha256: Mapped[str | None] = mapped_column(String(64))
    file_bytes: Mapped[int | None]


class ExportDownload(Base):
    """Somebody took the bundle."""

    __tablename__ = "export_download"

    id: Mapped[int] = mapped_column(primary_key=True)
    export_id: Mapped[int] = mapped_column(ForeignKey("export.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
