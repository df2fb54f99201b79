"""What waits of a series, for the one card that stands for all its dates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking, BookingSeries
from mutuali.bookings.rules import UNDECIDED, Ask, Hold, document_refusals, occupied, shortage
from mutuali.bookings.rules.recurrence import Recurrence, parse_rule
from mutuali.bookings.rules.series import span_around
from mutuali.bookings.service.documents import read_held
from mutuali.bookings.service.taken import read_offer_holds
from mutuali.core.errors import Reason
from mutuali.core.period import Period
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Offer


@dataclass(frozen=True, slots=True)
class WaitingSeries:
    """How many dates of a series wait for an answer; ``unfit`` are those that others have by now,
    or to whose end a document is lacking: to those of ``documented`` dates none is.

    ``starts`` and ``ends`` are local, of the first date as it was asked for. ``lacking`` says each
    reason once, those of the first dates first.
    """

    public_id: str
    rule: Recurrence
    starts: datetime
    ends: datetime
    count: int
    unfit: tuple[datetime, ...]
    documented: int
    lacking: tuple[Reason, ...]


def waiting_series(
    session: Session, public_ids: Iterable[str], *, now: datetime
) -> dict[str, WaitingSeries]:
    """What waits of each of these series, by public id; the caller may decide them."""
    wanted = sorted(set(public_ids))
    if not wanted:
        return {}
    rows = session.scalars(select(BookingSeries).where(BookingSeries.public_id.in_(wanted))).all()
    return {row.public_id: _waiting(session, row, now) for row in rows}


def _waiting(session: Session, series: BookingSeries, now: datetime) -> WaitingSeries:
    dates = session.scalars(
        select(Booking)
        .where(
            Booking.series_id == series.id, Booking.state.in_(UNDECIDED), Booking.decide_by > now
        )
        .order_by(Booking.series_date)
    ).all()
    spans = [Period(row.starts_at, row.occupied_until) for row in dates]
    span = span_around(spans, now=now)
    offer = equipment.offer(session, series.listing_id, span)
    ids = [row.id for row in dates]
    holds = read_offer_holds(session, offer, span, now=now, besides=ids)
    rule = parse_rule(series.rule, series.starts)
    held = read_held(session, offer, series.borrower_id)
    lacks = {row.id: document_refusals(offer.demands, held, row.ends_at) for row in dates}
    lacking: list[Reason] = []
    for reason in chain.from_iterable(lacks.values()):
        if reason not in lacking:
            lacking.append(reason)
    return WaitingSeries(
        series.public_id,
        rule,
        series.starts,
        series.ends,
        len(dates),
        tuple(_unfit(dates, offer, holds, lacks)),
        sum(not reasons for reasons in lacks.values()),
        tuple(lacking),
    )


def _unfit(
    dates: Iterable[Booking],
    offer: Offer,
    holds: Iterable[Hold],
    lacks: Mapping[int, Sequence[Reason]],
) -> list[datetime]:
    """The dates for which too few units are left, one after the other as they would be approved,
    and those to whose end the borrower lacks a document."""
    taken = list(holds)
    found: list[datetime] = []
    for row in dates:
        period = Period(row.starts_at, row.ends_at)
        span = occupied(period, offer.turnaround)
        near = [hold for hold in taken if hold.period.overlaps(span)]
        ask = Ask(row.borrower_id, row.units, period)
        if not lacks[row.id] and shortage(ask, offer, near) is None:
            taken.append(Hold(row.units, span))
        elif row.series_date is not None:
            found.append(row.series_date)
    return found
