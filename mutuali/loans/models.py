"""What both parties said of a thing when it changed hands, and how they meet on that day."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column

from mutuali.loans.rules import Direction, Means, PaymentKind, Settled, Side
from mutuali.storage import Base, PublicId, UtcDateTime, one_of


class ConditionReport(Base):
    """What one side says of the thing when it goes out or comes back; never changed afterwards."""

    __tablename__ = "condition_report"
    __table_args__ = (
        UniqueConstraint("booking_id", "direction", "side"),
        CheckConstraint(one_of("direction", Direction), name="direction"),
        CheckConstraint(one_of("side", Side), name="side"),
        CheckConstraint("odometer_km >= 0", name="odometer"),
        CheckConstraint("(agreed_at IS NULL) = (agreed_name IS NULL)", name="agreed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    direction: Mapped[str] = mapped_column(String(4))
    side: Mapped[str] = mapped_column(String(8))
    #: What was looked at: a list of item, whether it is right, and a word where it is not.
    items: Mapped[list[Any]] = mapped_column(JSON)
    #: Tenths of a degree Celsius, and the bounds that the listing had on that day.
    temperature: Mapped[int | None]
    temperature_low: Mapped[int | None]
    temperature_high: Mapped[int | None]
    cleaned: Mapped[bool]
    odometer_km: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(1000), default="")
    #: The name as it was typed: the signature.
    signed_by: Mapped[str] = mapped_column(String(120))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: Written over the link of a driver, who has no account.
    by_driver: Mapped[bool] = mapped_column(default=False, server_default=false())
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    #: The other side's "that is right", signed the same way.
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agreed_name: Mapped[str | None] = mapped_column(String(120))
    agreed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


class ConditionPhoto(Base):
    """A photo of a report as we re-encoded it (WebP, no metadata), for the two parties only."""

    __tablename__ = "condition_photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("condition_report.id"), index=True)
    #: Later than the report itself where the connection was poor.
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    width: Mapped[int]
    height: Mapped[int]
    large: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    small: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))


class ConditionDispute(Base):
    """What the parties do not say alike of one direction, until both or the coordination settle it.

    ``settlement`` is proposed by a side (``settlement_side``) until ``settled_at``.
    """

    __tablename__ = "condition_dispute"
    __table_args__ = (
        UniqueConstraint("booking_id", "direction"),
        CheckConstraint(one_of("direction", Direction), name="direction"),
        CheckConstraint(one_of("side", Side), name="side"),
        CheckConstraint(one_of("settlement_side", Side), name="settlement_side"),
        CheckConstraint(one_of("settled_as", Settled), name="settled_as"),
        CheckConstraint("(settled_at IS NULL) = (settled_as IS NULL)", name="settled"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    direction: Mapped[str] = mapped_column(String(4))
    #: Who said that something is different, and what.
    side: Mapped[str] = mapped_column(String(8))
    difference: Mapped[str] = mapped_column(String(1000), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    disputed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settlement: Mapped[str] = mapped_column(String(1000), default="")
    settlement_side: Mapped[str | None] = mapped_column(String(8))
    settlement_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    settled_as: Mapped[str | None] = mapped_column(String(12))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DayContact(Base):
    """Whom to call on the day, and where the keys are; gone a week after the loan."""

    __tablename__ = "day_contact"
    __table_args__ = (
        UniqueConstraint("booking_id", "side"),
        CheckConstraint(one_of("side", Side), name="side"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    side: Mapped[str] = mapped_column(String(8))
    phone: Mapped[str] = mapped_column(String(30), default="")
    keys: Mapped[str] = mapped_column(String(500), default="")
    set_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DriverLink(Base):
    """What lets somebody without an account see where a loan is, and note its state."""

    __tablename__ = "driver_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LoanAgreement(Base):
    """The exact text that a loan was agreed under, a row each time that its terms changed."""

    __tablename__ = "loan_agreement"
    __table_args__ = (
        UniqueConstraint("booking_id", "version"),
        CheckConstraint("version > 0", name="version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    version: Mapped[int]
    text_fr: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    #: SHA-256, hex, of the French text, which is handed over first; and of the English.
    text_sha256: Mapped[str] = mapped_column(String(64))
    english_sha256: Mapped[str] = mapped_column(String(64))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LoanSignature(Base):
    """The name that a side typed under one exact text, and when."""

    __tablename__ = "loan_signature"
    __table_args__ = (
        UniqueConstraint("agreement_id", "side"),
        CheckConstraint(one_of("side", Side), name="side"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("loan_agreement.id"))
    side: Mapped[str] = mapped_column(String(8))
    signed_by: Mapped[str] = mapped_column(String(120))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LoanEnglish(Base):
    """A side expressly chose to have English too, once the French had been handed to it."""

    __tablename__ = "loan_english"
    __table_args__ = (
        UniqueConstraint("booking_id", "side"),
        CheckConstraint(one_of("side", Side), name="side"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    side: Mapped[str] = mapped_column(String(8))
    #: The text whose French version was shown first.
    after_sha256: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LoanPayment(Base):
    """Money that changed hands outside of this software, as the lender noted it."""

    __tablename__ = "loan_payment"
    __table_args__ = (
        CheckConstraint(one_of("kind", PaymentKind), name="kind"),
        CheckConstraint(one_of("means", Means), name="means"),
        CheckConstraint("cents > 0", name="cents"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    cents: Mapped[int]
    means: Mapped[str] = mapped_column(String(8))
    paid_on: Mapped[date]
    note: Mapped[str] = mapped_column(String(200), default="")
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Noted by mistake; the line stays, and counts for nothing.
    struck_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
