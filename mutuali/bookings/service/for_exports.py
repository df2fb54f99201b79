"""What exports, and consent to them, read of loans: rows, who asked, one's own latest loan."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking
from mutuali.bookings.rules import State
from mutuali.core.period import Period
from mutuali.storage import epoch_seconds, is_one_of


@dataclass(frozen=True, slots=True)
class LoanGlimpse:
    """What a party sees of its own loan, when it is shown what would leave of it."""

    listing_id: int
    borrower_id: int
    starts_at: datetime
    ends_at: datetime
    created_at: datetime


def loan_rows(of: frozenset[int], people: frozenset[int], span: Period) -> Select[*tuple[Any, ...]]:
    """Named columns of the loans that start within ``span``, whose both parties are in ``of`` and
    which were asked for by one of ``people`` or by nobody known.

    Instants are whole seconds since 1970, UTC.

    For the exports' source; the only way rows leave here.
    """
    return select(
        Booking.id,
        Booking.listing_id,
        Booking.lender_id,
        Booking.borrower_id,
        Booking.requested_by,
        Booking.units + Booking.units_returned,
        epoch_seconds(Booking.starts_at),
        epoch_seconds(Booking.ends_at),
        epoch_seconds(Booking.returned_at),
        epoch_seconds(Booking.created_at),
        Booking.state,
        Booking.meals,
        Booking.is_history,
    ).where(
        *_between(of, span),
        or_(Booking.requested_by.is_(None), is_one_of(Booking.requested_by, people)),
    )


def loan_people(session: Session, of: frozenset[int], span: Period) -> frozenset[int]:
    """Who asked for the loans that start within ``span`` and whose both parties are in ``of``."""
    found = session.scalars(
        select(Booking.requested_by)
        .where(*_between(of, span), Booking.requested_by.is_not(None))
        .distinct()
    )
    return frozenset(id_ for id_ in found if id_ is not None)


def requesters(session: Session) -> frozenset[int]:
    """Everybody who ever asked for a loan."""
    found = session.scalars(
        select(Booking.requested_by).where(Booking.requested_by.is_not(None)).distinct()
    )
    return frozenset(id_ for id_ in found if id_ is not None)


def last_loan(
    session: Session, *, organization_id: int | None = None, person_id: int | None = None
) -> LoanGlimpse | None:
    """The latest thing that an organization lent or borrowed, or that a person asked for."""
    whose = (
        Booking.requested_by == person_id
        if organization_id is None
        else or_(Booking.lender_id == organization_id, Booking.borrower_id == organization_id)
    )
    row = session.scalars(
        select(Booking)
        .where(
            whose,
            Booking.whole_id.is_(None),
            Booking.state.in_([State.ON_LOAN, State.RETURNED, State.CLOSED]),
        )
        .order_by(Booking.starts_at.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return LoanGlimpse(row.listing_id, row.borrower_id, row.starts_at, row.ends_at, row.created_at)


def has_requested(session: Session, person_id: int) -> bool:
    """Whether this person ever asked for a loan."""
    return bool(session.scalar(select(exists().where(Booking.requested_by == person_id))))


def _between(of: frozenset[int], span: Period) -> tuple[ColumnElement[bool], ...]:
    return (
        is_one_of(Booking.lender_id, of),
        is_one_of(Booking.borrower_id, of),
        Booking.starts_at >= span.start,
        Booking.starts_at < span.end,
        Booking.whole_id.is_(None),
    )
