"""What both parties said of a loan, and what was reported of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.loans.rules import Side
from mutuali.reviews.rules import BEST, LONGEST, Verdict
from mutuali.storage import Base, PublicId, UtcDateTime, one_of

_OF_THING = ("as_described", "quality")
_OF_PARTY = ("respect", "communication")


class LoanReview(Base):
    """What one side says of a loan: the borrower of the thing too, both of each other.

    ``author_id`` and ``about_id`` are the two organizations.
    """

    __tablename__ = "loan_review"
    __table_args__ = (
        UniqueConstraint("booking_id", "side"),
        CheckConstraint(one_of("side", Side), name="side"),
        CheckConstraint(
            "(side = 'borrower') = (as_described IS NOT NULL)"
            " AND (side = 'borrower') = (quality IS NOT NULL)",
            name="of_thing",
        ),
        *(
            CheckConstraint(f"{column} BETWEEN 1 AND {BEST}", name=column)
            for column in (*_OF_THING, *_OF_PARTY)
        ),
        Index("ix_loan_review_about", "about_id", "open_until"),
        Index("ix_loan_review_listing", "listing_id", "open_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    about_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    side: Mapped[str] = mapped_column(String(8))
    as_described: Mapped[int | None]
    quality: Mapped[int | None]
    respect: Mapped[int]
    communication: Mapped[int]
    #: Anybody of the network may read it.
    sentence: Mapped[str] = mapped_column(String(LONGEST), default="")
    #: For the coordination only.
    private_word: Mapped[str] = mapped_column(String(LONGEST), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: From then on it can be read, whether the other side wrote or not.
    open_until: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Since when the coordination hides the sentence; the scores count on.
    hidden_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When the coordination read the private word.
    word_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LoanReviewReport(Base):
    """Somebody of the network says what is wrong with a sentence; the coordination decides."""

    __tablename__ = "loan_review_report"
    __table_args__ = (
        UniqueConstraint("review_id"),
        CheckConstraint(one_of("verdict", Verdict), name="verdict"),
        CheckConstraint("(verdict IS NULL) = (decided_at IS NULL)", name="decided"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("loan_review.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    words: Mapped[str] = mapped_column(String(LONGEST))
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    verdict: Mapped[str | None] = mapped_column(String(4))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
