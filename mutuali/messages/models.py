"""Threads between two organizations: what was written, who read it, who reports and who blocks."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from mutuali.loans.rules import Side
from mutuali.messages.rules import LONGEST, LONGEST_NAME, Decision, FileKind, Grounds
from mutuali.storage import Base, PublicId, UtcDateTime, one_of


class MessageThread(Base):
    """What two organizations say about one listing, before any booking, or about one booking.

    ``borrower_id`` is who asks about a listing, or the borrower of the booking.
    """

    __tablename__ = "message_thread"
    __table_args__ = (
        UniqueConstraint("listing_id", "borrower_id"),
        UniqueConstraint("booking_id"),
        CheckConstraint("(listing_id IS NULL) != (booking_id IS NULL)", name="about"),
        CheckConstraint("lender_id != borrower_id", name="sides"),
        CheckConstraint(one_of("last_side", Side), name="last_side"),
        CheckConstraint("last_number >= 0", name="last_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"))
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    lender_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Of the last message: its number, its side and its instant.
    last_number: Mapped[int] = mapped_column(default=0)
    last_side: Mapped[str] = mapped_column(String(8))
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Message(Base):
    """One message; within its thread they count from 1, in the order in which they came."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("thread_id", "number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint(one_of("side", Side), name="side"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("message_thread.id"))
    number: Mapped[int]
    side: Mapped[str] = mapped_column(String(8))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: Empty where there are only files, and once its writer was erased.
    text: Mapped[str] = mapped_column(String(LONGEST))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Since when the coordination hides it from everybody.
    hidden_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MessageFile(Base):
    """A file of a message: a PDF as it came, or a photo as we re-encoded it (WebP)."""

    __tablename__ = "message_file"
    __table_args__ = (CheckConstraint(one_of("kind", FileKind), name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    kind: Mapped[str] = mapped_column(String(5))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    #: Bytes.
    size: Mapped[int]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))


class ThreadReader(Base):
    """How far a person read a thread, and was written to about it."""

    __tablename__ = "thread_reader"

    thread_id: Mapped[int] = mapped_column(ForeignKey("message_thread.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    read_number: Mapped[int] = mapped_column(default=0)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_number: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MessageReport(Base):
    """A reader says what is wrong with a message; the coordination decides."""

    __tablename__ = "message_report"
    __table_args__ = (
        UniqueConstraint("message_id", "person_id"),
        CheckConstraint(one_of("grounds", Grounds), name="grounds"),
        CheckConstraint(one_of("decision", Decision), name="decision"),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    grounds: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(String(500), default="")
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decision: Mapped[str | None] = mapped_column(String(10))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: What the coordination says to whoever wrote the message.
    decision_words: Mapped[str] = mapped_column(String(500), default="")


class MessageBlock(Base):
    """An organization that wants no messages from another."""

    __tablename__ = "message_block"
    __table_args__ = (CheckConstraint("organization_id != blocked_id", name="sides"),)

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    blocked_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id"), primary_key=True, index=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
