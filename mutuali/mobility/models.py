"""What lenders said of showing their vehicles to everybody: only ever added to."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.mobility.rules import Answer, Propulsion, Shape
from mutuali.storage import Base, UtcDateTime, one_of


class VehicleAnswer(Base):
    """A yes or a no of a lender for one of its vehicles; the latest one counts."""

    __tablename__ = "vehicle_answer"
    __table_args__ = (
        CheckConstraint(one_of("answer", Answer), name="answer"),
        CheckConstraint(one_of("shape", Shape), name="shape"),
        CheckConstraint(one_of("propulsion", Propulsion), name="propulsion"),
        # A yes without an end would last for ever; it says what is shown.
        CheckConstraint("(answer = 'yes') = (until IS NOT NULL)", name="until"),
        CheckConstraint("(answer = 'yes') = (shape IS NOT NULL)", name="said"),
        CheckConstraint("(shape IS NULL) = (propulsion IS NULL)", name="described"),
        CheckConstraint("range_km > 0", name="range_km"),
        Index("ix_vehicle_answer_listing_id", "listing_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    lender_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    answer: Mapped[str] = mapped_column(String(3))
    shape: Mapped[str | None] = mapped_column(String(10))
    propulsion: Mapped[str | None] = mapped_column(String(20))
    #: How far it usually goes when it is lent; none without a motor.
    range_km: Mapped[int | None]
    #: None for the software itself.
    said_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
