"""Saying how a loan went, and changing what one said until others read it."""

from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.bookings import service as bookings
from mutuali.bookings.rules import State
from mutuali.core.errors import Conflict, Forbidden, Refused
from mutuali.core.permissions import Actor
from mutuali.loans.rules import Side, other
from mutuali.reviews.models import LoanReview
from mutuali.reviews.rules import may_write, objections, open_until
from mutuali.reviews.service.records import ReviewDraft, reviews_of, side_of

#: The loan is over for the borrower; the lender may still be looking.
BACK = frozenset({State.RETURNED, State.CLOSED})


def write_review(
    session: Session,
    actor: Actor,
    booking_public_id: str,
    draft: ReviewDraft,
    *,
    public_id: str,
    now: datetime,
) -> None:
    """Say how a loan went, for one's organization; written again before it is published, it takes
    the place of what was said.

    The listing's turn is ours meanwhile: the two sides do not write at one moment.

    Raises:
        NotFound: no such booking. Forbidden: the actor is of neither party.
        Refused: a score is missing, or of what this side did not have.
        Conflict: nothing came back yet, the fourteen days are over, or it is published.
    """
    facts = bookings.in_turn(session, actor, booking_public_id, now=now)
    side = side_of(actor, facts)
    if side is None:
        raise Forbidden
    if facts.state not in BACK or facts.returned_at is None:
        raise Conflict("review.not_back")
    reasons = objections(side, draft.scores)
    if reasons:
        raise Refused.because(reasons)
    rows = reviews_of(session, facts.id)
    row = rows.get(side)
    if not may_write(
        facts.returned_at, wrote=row is not None, other_wrote=other(side) in rows, now=now
    ):
        over = now >= open_until(facts.returned_at)
        raise Conflict("review.too_late" if over else "review.published")
    name = "review.changed"
    if row is None:
        name = "review.written"
        row = LoanReview(
            public_id=public_id,
            booking_id=facts.id,
            listing_id=facts.listing.id,
            author_id=(facts.lender if side is Side.LENDER else facts.borrower).id,
            about_id=(facts.borrower if side is Side.LENDER else facts.lender).id,
            side=side,
            open_until=open_until(facts.returned_at),
        )
        session.add(row)
    scores = draft.scores
    row.as_described, row.quality = scores.as_described, scores.quality
    row.respect, row.communication = scores.respect, scores.communication
    row.sentence, row.private_word = draft.sentence, draft.private_word
    row.person_id, row.written_at = actor.person_id, now
    session.flush()
    told = {"review": row.id, "side": side.value}
    audit.record(session, actor, name, "booking", facts.id, now=now, facts=told)
