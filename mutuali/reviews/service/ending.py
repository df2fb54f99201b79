"""What is kept about a person's or an organization's reviews, and its end."""

from datetime import datetime

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.reviews.models import LoanReview, LoanReviewReport
from mutuali.reviews.service.records import is_published
from mutuali.storage import HeldRows, forget_rows, held_rows


def held_about_person(session: Session, person_id: int) -> list[HeldRows]:
    """What this feature keeps about a person: what they said, reported and decided."""
    reports = held_rows(
        session,
        LoanReviewReport,
        or_(LoanReviewReport.person_id == person_id, LoanReviewReport.decided_by == person_id),
    )
    # Of a row that two people wrote, each gets their own part.
    parts = [
        {**row, "words": row["words"] if row["person_id"] == person_id else None}
        for row in reports.rows
    ]
    return [
        held_rows(session, LoanReview, LoanReview.person_id == person_id),
        HeldRows(reports.table, parts),
    ]


def held_about_organization(
    session: Session, organization_id: int, *, now: datetime
) -> list[HeldRows]:
    """What this feature keeps about an organization: what it said, and what was published about
    it; the word that another one said to the coordination is not among it."""
    said = held_rows(
        session,
        LoanReview,
        or_(
            LoanReview.author_id == organization_id,
            and_(LoanReview.about_id == organization_id, is_published(now)),
        ),
    )
    rows = [
        row
        if row["author_id"] == organization_id
        else {
            **row,
            "private_word": None,
            "sentence": None if row["hidden_at"] else row["sentence"],
        }
        for row in said.rows
    ]
    return [HeldRows(said.table, rows)]


def forget_person(session: Session, person_id: int) -> None:
    """Blank what a person said; the scores of their organization stay."""
    session.execute(
        update(LoanReview)
        .where(LoanReview.person_id == person_id)
        .values(sentence="", private_word="")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(LoanReviewReport)
        .where(LoanReviewReport.person_id == person_id)
        .values(words="")
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def detach_people(session: Session, before: datetime, *, dry: bool) -> int:
    """Take people and words off reviews of loans that ended before, and destroy what was reported
    of them; returns how many rows have some."""
    over = bookings.ended_before(before)
    reviews = select(LoanReview.id).where(LoanReview.booking_id.in_(over))
    count = forget_rows(session, LoanReviewReport, LoanReviewReport.review_id.in_(reviews), dry=dry)
    rows = session.scalars(
        select(LoanReview).where(
            LoanReview.booking_id.in_(over),
            or_(
                LoanReview.person_id.is_not(None),
                LoanReview.sentence != "",
                LoanReview.private_word != "",
            ),
        )
    ).all()
    for row in () if dry else rows:
        row.person_id, row.sentence, row.private_word = None, "", ""
    session.flush()
    return count + len(rows)


def forget_loans(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy reviews of loans that ended before; returns how many rows."""
    over = bookings.ended_before(before)
    reviews = select(LoanReview.id).where(LoanReview.booking_id.in_(over))
    return forget_rows(
        session, LoanReviewReport, LoanReviewReport.review_id.in_(reviews), dry=dry
    ) + forget_rows(session, LoanReview, LoanReview.booking_id.in_(over), dry=dry)
