"""Deciding a series: yes or no to all dates that wait, in one go; what no longer fits is said."""

from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking
from mutuali.bookings.rules import UNDECIDED, Step
from mutuali.bookings.service.bulk import MOST_AT_ONCE, Outcome, by_itself, decide_many
from mutuali.bookings.service.look import read_facts
from mutuali.bookings.service.records import decides, read_booking
from mutuali.bookings.service.series.records import leave_series_trace, read_series
from mutuali.bookings.service.undo import recent_decisions, undo
from mutuali.core.errors import Conflict
from mutuali.core.permissions import Actor, require
from mutuali.equipment import service as equipment


def decide_series(
    session: Session,
    actor: Actor,
    public_id: str,
    *,
    accept: bool,
    reason: str = "",
    now: datetime,
) -> list[Outcome]:
    """Approve or decline every date of a series that waits, each as one alone would be; what became
    of each. A date that no longer fits still waits, and says why.

    Raises:
        NotFound, Forbidden: the actor may not see the series, or not decide it.
        Conflict: no date waits any more.
        Refused: no reason was given for declining.
    """
    series = read_series(session, actor, public_id)
    listing = equipment.listings(session, [series.listing_id])[series.listing_id]
    require(actor, decides(listing.draft.approver), over=series.lender_id)
    waiting = session.scalars(
        select(Booking.public_id)
        .where(
            Booking.series_id == series.id, Booking.state.in_(UNDECIDED), Booking.decide_by > now
        )
        .order_by(Booking.series_date)
    ).all()
    if not waiting:
        raise Conflict("series.none_waits")
    outcomes: list[Outcome] = []
    for start in range(0, len(waiting), MOST_AT_ONCE):
        some = waiting[start : start + MOST_AT_ONCE]
        outcomes += decide_many(session, actor, some, accept=accept, reason=reason, now=now)
    done = sum(not each.reasons for each in outcomes)
    step = Step.APPROVE if accept else Step.DECLINE
    leave_series_trace(session, actor, series, step, done, now=now)
    return outcomes


def undo_series(session: Session, actor: Actor, public_id: str, *, now: datetime) -> list[Outcome]:
    """Take back what one decided of a series minutes ago, date by date.

    Raises:
        NotFound: the actor may not see the series.
        Conflict: there is nothing to take back.
    """
    read_series(session, actor, public_id)
    decided = [
        each.booking
        for each in recent_decisions(session, actor, now=now)
        if each.booking.series == public_id
    ]
    if not decided:
        raise Conflict("booking.nothing_to_undo")
    said = {
        each.id: by_itself(session, partial(undo, session, actor, each.public_id, now=now))
        for each in decided
    }
    rows = [read_booking(session, each.public_id) for each in decided]
    facts = read_facts(session, actor, rows, now=now)
    return [Outcome(each, said[each.id]) for each in facts]
