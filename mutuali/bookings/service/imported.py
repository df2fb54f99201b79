"""Loans of a file, written many at a time; the guard watches each of them as ever."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, literal, select
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking, BookingStep
from mutuali.bookings.rules import Hold, Purpose, State, Step
from mutuali.bookings.service.taken import read_all_holds
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, require


@dataclass(frozen=True, slots=True)
class ImportedLoan:
    """A loan that was made: ``due_at`` was promised, ``returned_at`` is None while it is out.

    ``is_history`` keeps it from occupying anything; ``ref`` is unique in its source.
    """

    ref: str
    public_id: str
    listing_id: int
    lender_id: int
    borrower_id: int
    units: int
    loaned_at: datetime
    due_at: datetime
    returned_at: datetime | None
    occupied_until: datetime
    purpose: Purpose
    meals: int | None
    note: str
    is_history: bool


def imported_refs(session: Session, source: str) -> set[str]:
    """The references of what was imported from ``source`` before."""
    rows = session.scalars(select(Booking.source_ref).where(Booking.source == source))
    return {str(ref) for ref in rows}


def all_taken(session: Session, span: Period, *, now: datetime) -> dict[int, list[Hold]]:
    """What bookings occupy of each listing of the network within ``span``, by listing id."""
    found = read_all_holds(session, None, span, now=now)
    return {id_: [each for each in holds if each.units > 0] for id_, holds in found.items()}


def add_imported(
    session: Session, actor: Actor, source: str, loans: Sequence[ImportedLoan]
) -> None:
    """Write loans of a file with their hand-over and return; the caller records it.

    Nobody knows when they were asked for: they count as asked and approved at their start. In the
    order of their starts the guard has the least to read.

    Raises:
        Forbidden: the actor may not import.
        IntegrityError: the guard counts more units out than exist, or a reference is stored.
    """
    require(actor, Permission.IMPORT)
    if not loans:
        return
    before = session.scalar(select(func.max(Booking.id))) or 0
    session.execute(
        insert(Booking),
        [
            {
                "public_id": loan.public_id,
                "listing_id": loan.listing_id,
                "lender_id": loan.lender_id,
                "borrower_id": loan.borrower_id,
                "units": loan.units,
                "starts_at": loan.loaned_at,
                "ends_at": loan.due_at,
                "occupied_until": loan.occupied_until,
                "state": State.CLOSED if loan.returned_at else State.ON_LOAN,
                "purpose": loan.purpose,
                "meals": loan.meals,
                "note": loan.note,
                "created_at": loan.loaned_at,
                "decided_at": loan.loaned_at,
                "handed_over_at": loan.loaned_at,
                "returned_at": loan.returned_at,
                "is_history": loan.is_history,
                "source": source,
                "source_ref": loan.ref,
            }
            for loan in loans
        ],
    )
    written = (Booking.id > before, Booking.source == source)
    for step, at in (
        (Step.HAND_OVER, Booking.handed_over_at),
        (Step.TAKE_BACK, Booking.returned_at),
    ):
        happened = select(Booking.id, literal(step.value), at, literal("")).where(
            *written, at.is_not(None)
        )
        session.execute(
            insert(BookingStep).from_select(["booking_id", "step", "at", "note"], happened)
        )
