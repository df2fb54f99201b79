"""Impact assessments of the datasets."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.agreements.rules import Dataset
from mutuali.exports.rules.assessments import Form, Opinion
from mutuali.storage import Base, PublicId, UtcDateTime, one_of


class Assessment(Base):
    """One assessment: what was answered, and the opinion of the person in charge."""

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint(one_of("dataset", Dataset), name="dataset"),
        CheckConstraint(one_of("form", Form), name="form"),
        CheckConstraint(f"opinion IS NULL OR {one_of('opinion', Opinion)}", name="opinion"),
        CheckConstraint(
            "opinion IS NULL OR (opinion_by <> '' AND opinion_on IS NOT NULL"
            " AND valid_until > opinion_on AND recorded_by IS NOT NULL)",
            name="opinion_whole",
        ),
        Index("ix_assessment_dataset", "dataset", "recorded_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    dataset: Mapped[str] = mapped_column(String(30))
    #: Where outside Québec; empty for Québec.
    place: Mapped[str] = mapped_column(String(200))
    form: Mapped[str] = mapped_column(String(10))
    levels: Mapped[dict[str, str]] = mapped_column(JSON)
    answers: Mapped[dict[str, str]] = mapped_column(JSON)
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opinion: Mapped[str | None] = mapped_column(String(15))
    opinion_text: Mapped[str] = mapped_column(String(2000), default="")
    #: The person in charge of the protection of personal information, by name.
    opinion_by: Mapped[str] = mapped_column(String(200), default="")
    opinion_on: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
