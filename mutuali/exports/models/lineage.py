"""Who is in what left, keyed; what is kept beside it; and the calls for copies to be destroyed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.exports.rules.recalls import Answer
from mutuali.storage import Base, PublicId, UtcDateTime, one_of


class ExportContributor(Base):
    """Somebody is behind an export on one side; who, only the holder of the key can tell."""

    __tablename__ = "export_contributor"
    __table_args__ = (Index("ix_export_contributor_fingerprint", "fingerprint"),)

    export_id: Mapped[int] = mapped_column(ForeignKey("export.id"), primary_key=True)
    #: lender, borrower, or person.
    side: Mapped[str] = mapped_column(String(10), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)


class ExportPart(Base):
    """The lines of one closed period of one table, as an export told them for the first time."""

    __tablename__ = "export_part"
    __table_args__ = (
        UniqueConstraint("export_id", "table_name", "period"),
        Index("ix_export_part_table_period", "table_name", "period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    export_id: Mapped[int] = mapped_column(ForeignKey("export.id"))
    table_name: Mapped[str] = mapped_column(String(60))
    period: Mapped[str] = mapped_column(String(10))
    #: The settings of the agreement that it was made under.
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: The cells of each line, as text, in the order of the table's columns.
    lines: Mapped[list[list[str]]] = mapped_column(JSON)
    #: Side -> the fingerprints of those behind it.
    behind: Mapped[dict[str, list[str]]] = mapped_column(JSON)


class ExportRecord(Base):
    """Where the record lies, keyed and without names, that later releases are held against."""

    __tablename__ = "export_record"

    export_id: Mapped[int] = mapped_column(ForeignKey("export.id"), primary_key=True)
    file_key: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))


class ExportRecall(Base):
    """An export was called back: since when, and by when its copies are to be destroyed."""

    __tablename__ = "export_recall"

    export_id: Mapped[int] = mapped_column(ForeignKey("export.id"), primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecallNotice(Base):
    """One person of a recipient was told to destroy their copies, and what they answered."""

    __tablename__ = "recall_notice"
    __table_args__ = (
        CheckConstraint(f"answer IS NULL OR {one_of('answer', Answer)}", name="answer"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        UniqueConstraint("export_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    export_id: Mapped[int] = mapped_column(ForeignKey("export_recall.export_id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    notified_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(String(20))
    #: As typed under the attestation.
    name: Mapped[str | None] = mapped_column(String(100))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
