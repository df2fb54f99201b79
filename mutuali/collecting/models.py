"""What was asked less, or again: a line per decision, only ever added to."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.collecting.rules import Question
from mutuali.inventory.rules import Keep, Seen
from mutuali.storage import Base, PublicId, UtcDateTime, one_of


class CollectionChoice(Base):
    """A question that is asked no more, with the certificate of what was removed; or again, with
    what for, how long and who sees it. The latest one of a question holds."""

    __tablename__ = "collection_choice"
    __table_args__ = (
        CheckConstraint(one_of("question", Question), name="question"),
        CheckConstraint(f"keep IS NULL OR {one_of('keep', Keep)}", name="keep"),
        CheckConstraint(f"seen_by IS NULL OR {one_of('seen_by', Seen)}", name="seen_by"),
        # Nothing is asked again without the three answers, nor dropped without its certificate.
        CheckConstraint(
            "CASE WHEN collects THEN purpose <> '' AND keep IS NOT NULL AND seen_by IS NOT NULL "
            "ELSE signature IS NOT NULL END",
            name="answered",
        ),
        Index("ix_collection_choice_question", "question", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    question: Mapped[str] = mapped_column(String(20))
    collects: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: None when it was done again after a restore.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(300), default="")
    keep: Mapped[str | None] = mapped_column(String(40))
    seen_by: Mapped[str | None] = mapped_column(String(20))
    certificate: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    key_id: Mapped[str | None] = mapped_column(String(16))
    signature: Mapped[str | None] = mapped_column(String(90))
