"""What went wrong, what was said of it since, and its photos."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from mutuali.mishaps.rules import LONGEST, Kind, Severity
from mutuali.storage import Base, PublicId, UtcDateTime, one_of

_OPEN = "closed_at IS NULL"


class Mishap(Base):
    """One thing that went wrong with a loan, or with a thing that nobody had; open until closed."""

    __tablename__ = "mishap"
    __table_args__ = (
        CheckConstraint(one_of("kind", Kind), name="kind"),
        CheckConstraint(one_of("severity", Severity), name="severity"),
        CheckConstraint("(booking_id IS NULL) = (borrower_id IS NULL)", name="borrower"),
        Index(
            "ix_mishap_open",
            "lender_id",
            postgresql_where=text(_OPEN),
            sqlite_where=text(_OPEN),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    severity: Mapped[str] = mapped_column(String(8))
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    words: Mapped[str] = mapped_column(String(LONGEST))
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    lender_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    #: None: it happened while nobody had it.
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"), index=True)
    borrower_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    #: For which organization it was reported; None: by the coordination.
    reported_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    reported_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: Why there is nothing more to do.
    closed_word: Mapped[str] = mapped_column(String(LONGEST), default="")


class MishapEntry(Base):
    """What somebody added to a mishap; never changed afterwards."""

    __tablename__ = "mishap_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    mishap_id: Mapped[int] = mapped_column(ForeignKey("mishap.id"), index=True)
    #: For which organization; None: the coordination.
    said_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    words: Mapped[str] = mapped_column(String(LONGEST))
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MishapPhoto(Base):
    """A photo as we re-encoded it (WebP, no metadata), for the parties and the coordination."""

    __tablename__ = "mishap_photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    mishap_id: Mapped[int] = mapped_column(ForeignKey("mishap.id"), index=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    width: Mapped[int]
    height: Mapped[int]
    large: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    small: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
