"""Looking at reviews: of one loan, of a listing, of an organization."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor
from mutuali.equipment import service as equipment
from mutuali.loans.rules import Side, other
from mutuali.organizations import service as organizations
from mutuali.reviews.models import LoanReview
from mutuali.reviews.rules import LATEST, Scores, average, may_write, open_until, published_at
from mutuali.reviews.service.records import is_published, reviews_of, scores_of, side_of
from mutuali.reviews.service.write import BACK
from mutuali.storage import is_one_of


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """What one side said; ``private_word`` is there for the side that wrote it alone."""

    public_id: str
    side: Side
    author: str
    scores: Scores
    sentence: str
    private_word: str
    written_at: datetime
    hidden: bool


@dataclass(frozen=True, slots=True)
class LoanReviews:
    """What was said of a loan, as one party sees it: its own, and the other's once published.

    ``may_write`` until ``until``; ``published_at`` when others read it, as far as one may know.
    """

    side: Side | None
    own: ReviewFacts | None
    theirs: ReviewFacts | None
    may_write: bool
    until: datetime | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Said:
    """A published sentence, with the organization that said it and never a person."""

    public_id: str
    organization: str
    sentence: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class ListingReviews:
    """What borrowers said of a thing: how many, averages from 1 to 5 where there are enough."""

    count: int
    as_described: float | None
    quality: float | None
    latest: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class OrganizationRecord:
    """What whoever decides may know of an organization: what it borrowed and how, and what others
    said of it on both sides of a loan; averages from 1 to 5 where there are enough reviews."""

    loans: int
    late_returns: int
    no_shows: int
    reviews: int
    respect: float | None
    communication: float | None
    latest: tuple[Said, ...]


def of_booking(
    session: Session, actor: Actor, booking_public_id: str, *, now: datetime
) -> LoanReviews:
    """What was said of a loan. Raises NotFound."""
    return of_loan(
        session, actor, bookings.booking(session, actor, booking_public_id, now=now), now=now
    )


def of_loan(
    session: Session, actor: Actor, facts: bookings.BookingFacts, *, now: datetime
) -> LoanReviews:
    """:func:`of_booking` of a booking that the actor may see."""
    rows = reviews_of(session, facts.id)
    side = side_of(actor, facts)
    returned_at = facts.returned_at if facts.state in BACK else None
    end = open_until(returned_at) if returned_at is not None else None
    at = published_at(end, [row.written_at for row in rows.values()]) if end else None
    published = at is not None and at <= now
    names = {Side.LENDER: facts.lender.name, Side.BORROWER: facts.borrower.name}
    own = rows.get(side) if side is not None else None
    theirs = rows.get(other(side)) if side is not None and published else None
    return LoanReviews(
        side,
        _facts(own, names, own=True) if own is not None else None,
        _facts(theirs, names, own=False) if theirs is not None else None,
        side is not None
        and may_write(returned_at, wrote=side in rows, other_wrote=other(side) in rows, now=now),
        end,
        # That the other side wrote is not told before it can be read.
        at if own is not None or published else None,
    )


def of_listing(
    session: Session, actor: Actor, listing_public_id: str, *, now: datetime
) -> ListingReviews:
    """What borrowers said of a listing. Raises NotFound."""
    listing = equipment.listing(session, actor, listing_public_id)
    rows = _published(
        session,
        LoanReview.listing_id == listing.id,
        LoanReview.side == Side.BORROWER,
        now=now,
    )
    return ListingReviews(
        len(rows),
        average([row.as_described for row in rows if row.as_described is not None]),
        average([row.quality for row in rows if row.quality is not None]),
        _latest(session, rows),
    )


def records(
    session: Session, organization_ids: Iterable[int], *, now: datetime
) -> dict[int, OrganizationRecord]:
    """The record of each organization; the caller says who may read them."""
    ids = set(organization_ids)
    borrowed = bookings.records_of(session, ids, now=now)
    said: dict[int, list[LoanReview]] = {id_: [] for id_ in ids}
    for row in _published(session, is_one_of(LoanReview.about_id, ids), now=now):
        said[row.about_id].append(row)
    found = {}
    for id_ in ids:
        record, rows = borrowed.get(id_, bookings.BorrowerRecord()), said[id_]
        found[id_] = OrganizationRecord(
            record.loans,
            record.late_returns,
            record.no_shows,
            len(rows),
            average([row.respect for row in rows]),
            average([row.communication for row in rows]),
            _latest(session, rows),
        )
    return found


def borrower_record(
    session: Session, actor: Actor, booking_public_id: str, *, now: datetime
) -> OrganizationRecord:
    """The record of who asks for a booking, for whoever decides it.

    Raises:
        NotFound: no such booking, or the actor does not decide it (any more).
    """
    facts = bookings.booking(session, actor, booking_public_id, now=now)
    if not facts.may_decide:
        raise NotFound
    return records(session, [facts.borrower.id], now=now)[facts.borrower.id]


def _published(
    session: Session, *where: ColumnElement[bool], now: datetime
) -> Sequence[LoanReview]:
    """Published reviews, latest first."""
    return session.scalars(
        select(LoanReview)
        .where(is_published(now), *where)
        .order_by(LoanReview.written_at.desc(), LoanReview.id.desc())
    ).all()


def _latest(session: Session, rows: Sequence[LoanReview]) -> tuple[Said, ...]:
    shown = [row for row in rows if row.sentence and row.hidden_at is None][:LATEST]
    names = organizations.names(session, {row.author_id for row in shown})
    return tuple(
        Said(row.public_id, names[row.author_id], row.sentence, row.written_at) for row in shown
    )


def _facts(row: LoanReview, names: dict[Side, str], *, own: bool) -> ReviewFacts:
    side, hidden = Side(row.side), row.hidden_at is not None
    return ReviewFacts(
        row.public_id,
        side,
        names[side],
        scores_of(row),
        "" if hidden and not own else row.sentence,
        row.private_word if own else "",
        row.written_at,
        hidden,
    )
