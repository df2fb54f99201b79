"""What could be asked for now, without asking."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.bookings.rules import Ask, Hold, occupied, passes
from mutuali.bookings.service.ask import objections
from mutuali.bookings.service.taken import read_offer_holds, read_situation
from mutuali.core.errors import Reason
from mutuali.core.period import Period
from mutuali.equipment import service as equipment


def reasons_against(
    session: Session, listing_id: int, asked: Ask, *, now: datetime
) -> tuple[Reason, ...]:
    """Every reason against a request if it were made now; nothing is written."""
    offer = equipment.offer(session, listing_id, asked.period)
    span = occupied(asked.period, offer.turnaround)
    met = read_situation(session, offer, asked.borrower_id, span, now=now)
    holds = read_offer_holds(session, offer, span, now=now)
    return objections(asked, offer, holds, met, now=now)


def possible(
    session: Session,
    listing_id: int,
    asks: Sequence[Ask],
    before: Sequence[Ask],
    *,
    now: datetime,
) -> list[bool]:
    """Which of ``asks`` would pass if they were made now, in order: each that would keeps its units
    from those after it, as all of ``before`` do. Nothing is written."""
    every = [*before, *asks]
    if not every:
        return []
    whole = Period(min(a.period.start for a in every), max(a.period.end for a in every))
    offer = equipment.offer(session, listing_id, whole)
    taken = read_offer_holds(session, offer, occupied(whole, offer.turnaround), now=now)
    taken += [Hold(each.units, occupied(each.period, offer.turnaround)) for each in before]
    found: list[bool] = []
    for each in asks:
        span = occupied(each.period, offer.turnaround)
        near = [hold for hold in taken if hold.period.overlaps(span)]
        fits = passes(each, offer, near, now=now)
        if fits:
            met = read_situation(session, offer, each.borrower_id, span, now=now)
            fits = not objections(each, offer, near, met, now=now)
        if fits:
            taken.append(Hold(each.units, span))
        found.append(fits)
    return found
