"""What is kept about a person's or an organization's loans, and detaching people from them."""

from datetime import datetime

from sqlalchemy import Select, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from mutuali.bookings.models import (
    Booking,
    BookingApproval,
    BookingSeries,
    BookingStep,
    BookingUnit,
    CartLine,
    Proposal,
)
from mutuali.storage import HeldRows, forget_rows, held_rows


def held_about_person(session: Session, person_id: int) -> list[HeldRows]:
    """What this feature keeps about a person: what they asked for, and the steps they noted."""
    return [
        held_rows(session, Booking, Booking.requested_by == person_id),
        held_rows(session, BookingSeries, BookingSeries.requested_by == person_id),
        held_rows(session, BookingStep, BookingStep.person_id == person_id),
        held_rows(session, CartLine, CartLine.person_id == person_id),
        held_rows(session, BookingApproval, BookingApproval.person_id == person_id),
        held_rows(
            session,
            Proposal,
            or_(
                Proposal.made_by == person_id,
                Proposal.first_yes_by == person_id,
                Proposal.answered_by == person_id,
            ),
        ),
    ]


def held_about_organization(session: Session, organization_id: int) -> list[HeldRows]:
    """What this feature keeps about an organization: its loans, given and received, and what was
    proposed about them."""
    own = or_(Booking.lender_id == organization_id, Booking.borrower_id == organization_id)
    proposed = Proposal.booking_id.in_(select(Booking.id).where(own))
    loans = [
        held_rows(
            session,
            kept,
            or_(kept.lender_id == organization_id, kept.borrower_id == organization_id),
        )
        for kept in (Booking, BookingSeries)
    ]
    return [*loans, held_rows(session, Proposal, proposed)]


def forget_person(session: Session, person_id: int) -> None:
    """Blank what a person typed about loans, empty their cart; who did what stays, by number."""
    session.execute(delete(CartLine).where(CartLine.person_id == person_id))
    for kept in (Booking, BookingSeries):
        session.execute(
            update(kept).where(kept.requested_by == person_id, kept.note != "").values(note="")
        )
    session.execute(
        update(BookingStep)
        .where(BookingStep.person_id == person_id, BookingStep.note != "")
        .values(note="")
    )
    session.execute(
        update(Proposal).where(Proposal.made_by == person_id, Proposal.word != "").values(word="")
    )


def detach_people(session: Session, before: datetime, *, dry: bool) -> int:
    """Take people and their words off loans that ended before; returns how many loans have some.

    The loan itself stays, so statistics stand.
    """
    steps = select(BookingStep.booking_id).where(
        BookingStep.person_id.is_not(None) | (BookingStep.note != "")
    )
    over = (Booking.occupied_until < before) & (
        Booking.requested_by.is_not(None) | (Booking.note != "") | Booking.id.in_(steps)
    )
    ids = select(Booking.id).where(over)
    count = session.scalar(select(func.count()).select_from(ids.subquery())) or 0
    if count and not dry:
        found = list(session.scalars(ids))
        for start in range(0, len(found), 500):
            some = found[start : start + 500]
            session.execute(
                update(BookingStep)
                .where(BookingStep.booking_id.in_(some))
                .values(person_id=None, note="")
            )
            session.execute(
                update(BookingApproval)
                .where(BookingApproval.booking_id.in_(some))
                .values(person_id=None)
            )
            session.execute(
                update(Proposal)
                .where(Proposal.booking_id.in_(some))
                .values(word="", made_by=None, first_yes_by=None, answered_by=None)
            )
            session.execute(
                update(Booking).where(Booking.id.in_(some)).values(requested_by=None, note="")
            )
        _detach_series(session, before)
    return count


def ended_before(before: datetime) -> Select[int]:
    """The ids of loans that ended before, with all their parts: what later features kept of them
    goes with them."""
    loan, part = aliased(Booking), aliased(Booking)
    lasting = exists().where(part.whole_id == loan.id, part.occupied_until >= before)
    return select(loan.id).where(loan.occupied_until < before, ~lasting)


def forget_loans(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy loans that ended before, with steps, parts and series; returns how many rows."""
    if not dry:
        session.execute(
            update(BookingStep)
            .where(BookingStep.cause_id.in_(ended_before(before)))
            .values(cause_id=None)
            .execution_options(synchronize_session=False)
        )
    for detail in (BookingStep, BookingApproval, BookingUnit, Proposal):
        forget_rows(session, detail, detail.booking_id.in_(ended_before(before)), dry=dry)
    count = forget_rows(session, Booking, Booking.id.in_(ended_before(before)), dry=dry)
    without = ~exists().where(Booking.series_id == BookingSeries.id)
    forget_rows(session, BookingSeries, without, dry=dry)
    return count


def _detach_series(session: Session, before: datetime) -> None:
    """Take people and their words off series whose last date ended before."""
    lasting = exists().where(
        Booking.series_id == BookingSeries.id, Booking.occupied_until >= before
    )
    session.execute(
        update(BookingSeries)
        .where(~lasting, BookingSeries.requested_by.is_not(None) | (BookingSeries.note != ""))
        .values(requested_by=None, note="")
        .execution_options(synchronize_session=False)
    )
