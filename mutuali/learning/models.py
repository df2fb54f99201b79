"""What became of each card with each person."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.learning.rules import Outcome
from mutuali.storage import Base, UtcDateTime, one_of


class LearnedCard(Base):
    """A card that a person answered or set aside; answering again takes the place of it.

    The choice itself is not kept: whether it was right is all that progress needs.
    """

    __tablename__ = "learned_card"
    __table_args__ = (CheckConstraint(one_of("outcome", Outcome), name="outcome"),)

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id"), primary_key=True, autoincrement=False
    )
    card: Mapped[str] = mapped_column(String(40), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(5))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
