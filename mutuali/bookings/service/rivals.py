"""Requests that want the same units: which no longer fit once another is approved."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking
from mutuali.bookings.rules import (
    Hold,
    State,
    Step,
    Want,
    advance,
    no_longer_fit,
    shares_of,
)
from mutuali.bookings.service.records import move
from mutuali.bookings.service.taken import Occupant, read_occupants
from mutuali.bookings.service.traces import Because, leave_trace
from mutuali.core.period import Period
from mutuali.core.permissions import SYSTEM
from mutuali.equipment.rules import Offer

#: Why a request is declined that nobody said no to.
RIVAL_WON = "booking.rival_won"


def knock_out(
    session: Session, offer: Offer, winners: Mapping[int, Period], *, now: datetime
) -> None:
    """Decline the requests that no longer fit now that each of ``winners`` occupies its span: of
    the same listing, of a kit that it is part of, of the parts of a kit.

    The caller has the listing's turn and has written the winners. A request whose deadline passed
    lapses by itself; one that holds its units cannot have lost them.
    """
    shares = shares_of(offer)
    wants, causes = _wants(session, list(shares), winners, now)
    if not wants:
        return
    around = Period(
        min(want.span.start for some in wants.values() for want in some),
        max(want.span.end for some in wants.values() for want in some),
    )
    occupants = read_occupants(session, list(wants), around, now=now)
    lost: set[int] = set()
    for listing_id, some in wants.items():
        lost |= no_longer_fit(shares[listing_id], firm(occupants.get(listing_id, [])), some)
    rows = session.scalars(select(Booking).where(Booking.id.in_(lost)).order_by(Booking.id))
    for row in rows.all():
        move(session, row, advance(State(row.state), Step.DECLINE), decided_at=now)
        because = Because(reason=RIVAL_WON, cause_id=causes[row.id])
        leave_trace(session, SYSTEM, row, Step.DECLINE, now=now, because=because)


def _wants(
    session: Session, listing_ids: Sequence[int], winners: Mapping[int, Period], now: datetime
) -> tuple[dict[int, list[Want]], dict[int, int]]:
    """What the rivals of ``winners`` want of each listing; and the winner that each of them meets.

    A rival with a part that meets a winner is asked about all its parts that do.
    """
    whole = func.coalesce(Booking.whole_id, Booking.id)
    rows = session.execute(
        select(
            Booking.listing_id, whole, Booking.units, Booking.starts_at, Booking.occupied_until
        ).where(
            Booking.listing_id.in_(listing_ids),
            Booking.state == State.REQUESTED,
            Booking.decide_by > now,
            whole.not_in(winners),
            Booking.starts_at < max(span.end for span in winners.values()),
            Booking.occupied_until > min(span.start for span in winners.values()),
        )
    )
    wants: dict[int, list[Want]] = {}
    causes: dict[int, int] = {}
    for listing_id, booking_id, units, start, until in rows:
        want = Want(booking_id, units, Period(start, until))
        met = next((id_ for id_, span in winners.items() if span.overlaps(want.span)), None)
        if met is not None:
            wants.setdefault(listing_id, []).append(want)
            causes[booking_id] = met
    return wants, causes


def firm(occupants: Iterable[Occupant]) -> list[Hold]:
    """What nobody gives back by silence."""
    return [each.hold for each in occupants if not each.can_lapse]
