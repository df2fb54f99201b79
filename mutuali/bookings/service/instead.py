"""What could be had in place of what was asked for: another time, or another thing of the kind."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.bookings.rules import AROUND, Ask, nearest_spans
from mutuali.bookings.service.documents import offer_to
from mutuali.bookings.service.look import BookingFacts
from mutuali.bookings.service.search import Found, Wish, search
from mutuali.bookings.service.taken import read_offer_holds, read_uses
from mutuali.core.period import Period
from mutuali.equipment import service as equipment

#: How many other listings are named.
_MOST_OTHERS = 3


@dataclass(frozen=True, slots=True)
class Instead:
    """The nearest spans at which the same listing would do, and others free for the asked span."""

    spans: tuple[Period, ...] = ()
    others: tuple[Found, ...] = ()


def instead_of(session: Session, facts: BookingFacts, *, now: datetime) -> Instead:
    """What the borrower of a request could have in its place; nothing once its time has come."""
    if facts.period.start <= now:
        return Instead()
    ask = Ask(facts.borrower.id, facts.units, facts.period)
    around = Period(ask.period.start - AROUND, ask.period.end + AROUND)
    offer = equipment.offer(session, facts.listing.id, around)
    offer = offer_to(session, offer, facts.borrower.id, now=now)
    holds = read_offer_holds(session, offer, around, now=now, besides=[facts.id])
    uses = read_uses(session, offer, facts.borrower.id, around, now=now)
    wish = Wish(facts.period, facts.units, (facts.listing.draft.kind,))
    found = search(session, wish, borrower_id=facts.borrower.id, now=now).found
    others = [
        each
        for each in found
        if each.listing.id != facts.listing.id
        and each.listing.lender_id != facts.borrower.id
        and not each.lacking
    ]
    return Instead(
        tuple(nearest_spans(ask, offer, holds, uses=uses, now=now)), tuple(others[:_MOST_OTHERS])
    )
