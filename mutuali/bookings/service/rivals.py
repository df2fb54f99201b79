"""Requests that want the same units: which no longer fit once another is approved."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, not_, select
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
from mutuali.bookings.service.taken import Occupant, is_rival, read_occupants
from mutuali.bookings.service.traces import Because, leave_trace
from mutuali.core.period import Period
from mutuali.core.permissions import SYSTEM
from mutuali.equipment.rules import Offer
from mutuali.storage import Ids, UtcDateTime, ask, is_one_of, table_of

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
    rows = ask(
        session,
        _REQUESTED,
        ids=listing_ids,
        winners=list(winners),
        now=now,
        low=min(span.start for span in winners.values()),
        high=max(span.end for span in winners.values()),
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


def _requested() -> Select[*tuple[Any, ...]]:
    """What is asked for of listings ``:ids`` from ``:low`` to ``:high``, besides ``:winners``."""
    booking = table_of(Booking).c
    whole = func.coalesce(booking.whole_id, booking.id)
    now, low, high = (bindparam(name, type_=UtcDateTime()) for name in ("now", "low", "high"))
    ids, winners = (bindparam(name, type_=Ids()) for name in ("ids", "winners"))
    return select(
        booking.listing_id, whole, booking.units, booking.starts_at, booking.occupied_until
    ).where(
        is_one_of(booking.listing_id, ids),
        not_(is_one_of(whole, winners)),
        is_rival(now, low, high),
    )


_REQUESTED = _requested()
