"""What later features say of a booking in a line of theirs."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking
from mutuali.core.period import Period
from mutuali.storage import is_one_of


@dataclass(frozen=True, slots=True)
class BookingInBrief:
    """Which booking it is, of what and when."""

    public_id: str
    listing_id: int
    period: Period


def in_brief(session: Session, ids: Iterable[int]) -> dict[int, BookingInBrief]:
    """Those of ``ids`` that exist, by inner id, in one query; the caller may show them."""
    rows = session.execute(
        select(
            Booking.id, Booking.public_id, Booking.listing_id, Booking.starts_at, Booking.ends_at
        ).where(is_one_of(Booking.id, ids))
    )
    return {
        id_: BookingInBrief(public_id, listing_id, Period(start, end))
        for id_, public_id, listing_id, start, end in rows
    }
