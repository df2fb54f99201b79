"""What is kept about a person's or an organization's mishaps, and its end."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.mishaps.models import Mishap, MishapEntry, MishapPhoto
from mutuali.storage import HeldRows, forget_rows, held_rows


def held_about_person(session: Session, person_id: int) -> list[HeldRows]:
    """What this feature keeps about a person: what they reported, added and closed."""
    held = held_rows(
        session, Mishap, or_(Mishap.reported_by == person_id, Mishap.closed_by == person_id)
    )
    # Of a row that two people wrote, each gets their own part.
    parts = [
        {
            **row,
            "words": row["words"] if row["reported_by"] == person_id else None,
            "closed_word": row["closed_word"] if row["closed_by"] == person_id else None,
        }
        for row in held.rows
    ]
    return [
        HeldRows(held.table, parts),
        held_rows(session, MishapEntry, MishapEntry.person_id == person_id),
    ]


def held_about_organization(session: Session, organization_id: int) -> list[HeldRows]:
    """What this feature keeps about an organization's loans; photos stay at their addresses."""
    own = or_(Mishap.lender_id == organization_id, Mishap.borrower_id == organization_id)
    ids = select(Mishap.id).where(own)
    return [
        held_rows(session, Mishap, own),
        held_rows(session, MishapEntry, MishapEntry.mishap_id.in_(ids)),
    ]


def forget_person(session: Session, person_id: int) -> None:
    """Blank the words of a person who is erased; who did what stays, by number."""
    for row in session.scalars(select(Mishap).where(Mishap.reported_by == person_id)):
        row.words = ""
    for row in session.scalars(select(Mishap).where(Mishap.closed_by == person_id)):
        row.closed_word = ""
    for entry in session.scalars(select(MishapEntry).where(MishapEntry.person_id == person_id)):
        entry.words = ""
    session.flush()


def detach_people(session: Session, before: datetime, *, dry: bool) -> int:
    """Take people and words off what is long over, and destroy its photos; returns how many rows
    have some."""
    over = select(Mishap.id).where(_over(before))
    count = forget_rows(session, MishapPhoto, MishapPhoto.mishap_id.in_(over), dry=dry)
    rows = session.scalars(
        select(Mishap).where(
            _over(before),
            or_(
                Mishap.reported_by.is_not(None),
                Mishap.closed_by.is_not(None),
                Mishap.words != "",
                Mishap.closed_word != "",
            ),
        )
    ).all()
    entries = session.scalars(
        select(MishapEntry).where(
            MishapEntry.mishap_id.in_(over),
            or_(MishapEntry.person_id.is_not(None), MishapEntry.words != ""),
        )
    ).all()
    if not dry:
        for row in rows:
            row.reported_by, row.closed_by, row.words, row.closed_word = None, None, "", ""
        for entry in entries:
            entry.person_id, entry.words = None, ""
        session.flush()
    return count + len(rows) + len(entries)


def forget_loans(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy what is over so long that the loan itself goes; returns how many rows."""
    over = select(Mishap.id).where(_over(before))
    return (
        forget_rows(session, MishapPhoto, MishapPhoto.mishap_id.in_(over), dry=dry)
        + forget_rows(session, MishapEntry, MishapEntry.mishap_id.in_(over), dry=dry)
        + forget_rows(session, Mishap, _over(before), dry=dry)
    )


def _over(before: datetime) -> ColumnElement[bool]:
    """Mishaps of loans that ended before; of things that nobody had, closed or reported before."""
    return or_(
        Mishap.booking_id.in_(bookings.ended_before(before)),
        and_(
            Mishap.booking_id.is_(None),
            func.coalesce(Mishap.closed_at, Mishap.reported_at) < before,
        ),
    )
