"""Which step of the ladder holds, for whom and for which year."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.agreements.rules import Dataset
from mutuali.consent.rules import Purpose
from mutuali.exports.rules.ladder import Rung
from mutuali.storage import Base, UtcDateTime, one_of


class LadderStep(Base):
    """The step of one dataset for one purpose and recipient, chosen once for a calendar year."""

    __tablename__ = "ladder_step"
    __table_args__ = (
        CheckConstraint(one_of("dataset", Dataset), name="dataset"),
        CheckConstraint(one_of("purpose", Purpose), name="purpose"),
        CheckConstraint(one_of("rung", Rung), name="rung"),
    )

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    dataset: Mapped[str] = mapped_column(String(30), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(30), primary_key=True)
    recipient_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id"), primary_key=True, index=True
    )
    rung: Mapped[str] = mapped_column(String(10))
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)
