"""What everybody may know of many listings: free or not by parts of a day, and how often lent."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking
from mutuali.bookings.rules import half_day_words
from mutuali.bookings.service.taken import read_all_holds
from mutuali.core.period import Period
from mutuali.equipment import service as equipment
from mutuali.storage import is_one_of


def availability_of(
    session: Session, listing_ids: Sequence[int], days: Sequence[Period], *, now: datetime
) -> dict[int, list[str]]:
    """``free``, ``taken``, ``closed`` or ``past`` for each span of ``days``, of many listings that
    are no kits: a few queries for all."""
    whole = Period(days[0].start, days[-1].end)
    offers = equipment.offers(session, listing_ids, whole)
    holds = read_all_holds(session, listing_ids, whole, now=now) if listing_ids else {}
    return {
        id_: half_day_words(offer, holds.get(id_, ()), days, now=now)
        for id_, offer in offers.items()
    }


def lent_before(session: Session, listing_ids: Sequence[int], before: datetime) -> dict[int, int]:
    """How many loans of each listing were handed over before; none is left out."""
    rows = session.execute(
        select(Booking.listing_id, func.count(Booking.id))
        .where(is_one_of(Booking.listing_id, listing_ids), Booking.handed_over_at < before)
        .group_by(Booking.listing_id)
    )
    return dict(iter(rows))


def back_since(session: Session, listing_ids: Sequence[int], since: datetime) -> frozenset[int]:
    """The listings of which something came back since."""
    return frozenset(
        session.scalars(
            select(Booking.listing_id)
            .where(is_one_of(Booking.listing_id, listing_ids), Booking.returned_at >= since)
            .distinct()
        )
    )
