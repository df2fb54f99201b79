"""A data request, the bundle that came of it, and who took that."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.agreements.rules import Dataset
from mutuali.consent.rules import Purpose
from mutuali.exports.rules.life import ExportState
from mutuali.exports.rules.regimes import Regime
from mutuali.storage import Base, PublicId, UtcDateTime, one_of


class Export(Base):
    """A data request and the bundle that may come of it."""

    __tablename__ = "export"
    __table_args__ = (
        CheckConstraint(one_of("dataset", Dataset), name="dataset"),
        CheckConstraint(one_of("purpose", Purpose), name="purpose"),
        CheckConstraint(one_of("state", ExportState), name="state"),
        CheckConstraint(one_of("regime", Regime), name="regime"),
        # A bundle has an address that the gate knows from the signature on, and not before.
        CheckConstraint("(state = 'ready') = (file_key IS NOT NULL)", name="ready"),
        CheckConstraint("(state = 'in_review') = (staged_key IS NOT NULL)", name="staged"),
        CheckConstraint("state <> 'ready' OR signed_by IS NOT NULL", name="signed"),
        CheckConstraint("decided_by IS NULL OR decided_by <> requested_by", name="two_people"),
        CheckConstraint("signed_by IS NULL OR signed_by <> requested_by", name="signed_by_another"),
        CheckConstraint("opinions_needed IN (1, 2)", name="opinions_needed"),
        # What an opinion is tied to, so that nobody's can be on a request of their own.
        UniqueConstraint("id", "requested_by", name="uq_export_id_requested_by"),
        Index("ix_export_state", "state", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    dataset: Mapped[str] = mapped_column(String(30))
    purpose: Mapped[str] = mapped_column(String(30))
    question: Mapped[str] = mapped_column(String(1000))
    #: What the written request says, by question; see rules/answers.py.
    answers: Mapped[dict[str, str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10))
    requested_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Which rule lets the data go to this recipient for this purpose.
    regime: Mapped[str] = mapped_column(String(20))
    #: What the bundle speaks of: the first and the last month, ``2025-10/2026-09``.
    period: Mapped[str | None] = mapped_column(String(15))
    #: The export that this one repeats.
    again_id: Mapped[int | None] = mapped_column(ForeignKey("export.id"))
    #: The recalled export that this one takes the place of.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("export.id"))
    #: The release to a partner that this one makes open for everybody.
    promotes_id: Mapped[int | None] = mapped_column(ForeignKey("export.id"))
    #: Until when it can be decided, then signed, then downloaded.
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_note: Mapped[str] = mapped_column(String(1000), default="")
    #: How many people have to say yes to the built bundle.
    opinions_needed: Mapped[int]
    #: Who said the last yes that let it out.
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recalled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When the build ended.
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: What the bundle was held against before anybody saw it, finding by finding.
    checks: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    #: What was measured for the people who answer for it.
    review: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    #: Why nothing leaves: the code of a refusal.
    withheld_because: Mapped[str | None] = mapped_column(String(60))
    #: Where the built bundle waits for its signature; the gate does not read this column.
    staged_key: Mapped[str | None] = mapped_column(String(80))
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
