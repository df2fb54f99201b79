"""A booking in a line: what programs read, in one question and without objects."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking
from mutuali.bookings.rules import Purpose, State, is_overdue
from mutuali.bookings.service.records import sees
from mutuali.core.errors import NotFound
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, may
from mutuali.storage import ask, table_of


@dataclass(frozen=True, slots=True)
class BookingLine:
    """A booking as its parties see it; listing, lender and borrower by public id."""

    public_id: str
    version: int
    listing: str
    lender: str
    borrower: str
    units: int
    period: Period
    state: State
    overdue: bool
    decide_by: datetime | None
    purpose: Purpose
    meals: int | None
    note: str
    price_cents: int


def _lines() -> Select[*tuple[Any, ...]]:
    booking = table_of(Booking)
    tables = booking.metadata.tables
    listing, organization = tables["listing"], tables["organization"]
    lender, borrower = organization.alias("lender"), organization.alias("borrower")
    return select(
        booking,
        listing.c.public_id.label("listing"),
        lender.c.public_id.label("lender"),
        borrower.c.public_id.label("borrower"),
    ).select_from(
        booking.join(listing, listing.c.id == booking.c.listing_id)
        .join(lender, lender.c.id == booking.c.lender_id)
        .join(borrower, borrower.c.id == booking.c.borrower_id)
    )


_BOOKING = table_of(Booking).c
_ONE = _lines().where(_BOOKING.public_id == bindparam("public"), _BOOKING.whole_id.is_(None))
_MANY = (
    _lines()
    .where(
        or_(
            _BOOKING.lender_id == bindparam("organization_id"),
            _BOOKING.borrower_id == bindparam("organization_id"),
        ),
        ~_BOOKING.is_history,
        _BOOKING.whole_id.is_(None),
    )
    .order_by(_BOOKING.starts_at.desc())
    .limit(200)
)


def booking_line(session: Session, actor: Actor, public_id: str, *, now: datetime) -> BookingLine:
    """One booking.

    Raises:
        NotFound: there is none, or the actor is neither party nor reads all.
    """
    row = ask(session, _ONE, public=public_id).one_or_none()
    if row is None or not sees(actor, row.lender_id, row.borrower_id):
        raise NotFound
    return _line(row, now)


def booking_lines(
    session: Session, actor: Actor, organization_id: int, *, now: datetime
) -> list[BookingLine]:
    """The 200 latest bookings in which an organization lends or borrows, latest start first.

    Raises:
        NotFound: the actor may not read them.
    """
    if not may(actor, Permission.BOOKING_READ, over=organization_id):
        raise NotFound
    return [_line(row, now) for row in ask(session, _MANY, organization_id=organization_id)]


def _line(row: Row[Any], now: datetime) -> BookingLine:
    state = State(row.state)
    return BookingLine(
        public_id=row.public_id,
        version=row.version,
        listing=row.listing,
        lender=row.lender,
        borrower=row.borrower,
        units=row.units,
        period=Period(row.starts_at, row.ends_at),
        state=state,
        overdue=is_overdue(state, row.ends_at, now),
        decide_by=row.decide_by,
        purpose=Purpose(row.purpose),
        meals=row.meals,
        note=row.note,
        price_cents=row.price_cents,
    )
