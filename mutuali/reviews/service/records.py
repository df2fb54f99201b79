"""What every use case of reviews reads the same way."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased

from mutuali.bookings.service import BookingFacts
from mutuali.core.permissions import Actor, Permission, may
from mutuali.counts import When
from mutuali.loans.rules import Side
from mutuali.reviews.models import LoanReview
from mutuali.reviews.rules import Scores


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """What a side says: scores, a sentence for the network, a word for the coordination."""

    scores: Scores
    sentence: str = ""
    private_word: str = ""


def side_of(actor: Actor, facts: BookingFacts) -> Side | None:
    """For which party the actor writes: one they belong to, the one they act for first."""
    sides = {
        id_: side
        for id_, side in ((facts.lender.id, Side.LENDER), (facts.borrower.id, Side.BORROWER))
        if id_ in actor.memberships and may(actor, Permission.BOOKING_CARRY_OUT, over=id_)
    }
    return sides.get(actor.organization_id or 0) or next(iter(sides.values()), None)


def reviews_of(session: Session, booking_id: int) -> dict[Side, LoanReview]:
    """What was written about a loan, published or not, by side."""
    rows = session.scalars(select(LoanReview).where(LoanReview.booking_id == booking_id))
    return {Side(row.side): row for row in rows}


def is_published(now: When) -> ColumnElement[bool]:
    """The same as ``rules.published_at``, asked of the table: both wrote, or the time is over."""
    twin = aliased(LoanReview)
    both = exists().where(twin.booking_id == LoanReview.booking_id, twin.side != LoanReview.side)
    return or_(LoanReview.open_until <= now, both)


def scores_of(row: LoanReview) -> Scores:
    """The stored scores."""
    return Scores(row.respect, row.communication, row.as_described, row.quality)
