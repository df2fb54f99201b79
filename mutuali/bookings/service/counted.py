"""What numbers are counted from: how long units were out, and what became of each request."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, text, true
from sqlalchemy.orm import Session

from mutuali.bookings.models import IS_OUT, Booking, BookingStep
from mutuali.bookings.rules import (
    UNDECIDED,
    Hold,
    RefusedAs,
    RequestStory,
    State,
    Step,
    is_overdue,
)
from mutuali.bookings.service.rivals import RIVAL_WON
from mutuali.core.period import Period
from mutuali.storage import is_one_of

_OUT = (State.ON_LOAN, State.RETURNED, State.CLOSED)
_TOLD = (Step.APPROVE, Step.DECLINE, Step.EXPIRE, Step.NO_SHOW, Step.UNDO)


def lent_holds(
    session: Session, listing_ids: Collection[int], span: Period, *, now: datetime
) -> dict[int, list[Hold]]:
    """From when to when units were out within ``span``, by listing: from hand-over to return, or
    until now. What a kit took of its parts stands with the parts too."""
    out_at = func.coalesce(Booking.handed_over_at, Booking.starts_at)
    rows = session.execute(
        select(Booking.listing_id, Booking.units, out_at, Booking.returned_at).where(
            is_one_of(Booking.listing_id, listing_ids),
            Booking.state.in_(_OUT),
            ~Booking.is_history,
            out_at < span.end,
            or_(Booking.returned_at.is_(None), Booking.returned_at > span.start),
        )
    )
    found: dict[int, list[Hold]] = {}
    for listing_id, units, start, returned_at in rows:
        end = returned_at or now
        if start < end:
            found.setdefault(listing_id, []).append(Hold(units, Period(start, end)))
    return found


def request_stories(
    session: Session, lender_id: int | None, span: Period, *, now: datetime
) -> list[RequestStory]:
    """The requests of a lender (None: of all) that were made, begin or end within ``span``."""
    whose: ColumnElement[bool] = true() if lender_id is None else Booking.lender_id == lender_id
    within = or_(
        *(
            and_(column >= span.start, column < span.end)
            for column in (Booking.created_at, Booking.starts_at, Booking.ends_at)
        )
    )
    rows = session.scalars(
        select(Booking)
        .where(whose, within, Booking.whole_id.is_(None), ~Booking.is_history)
        .order_by(Booking.id)
    ).all()
    steps: dict[int, list[BookingStep]] = {}
    told = select(BookingStep).where(
        is_one_of(BookingStep.booking_id, [row.id for row in rows]),
        BookingStep.step.in_([step.value for step in _TOLD]),
    )
    for each in session.scalars(told.order_by(BookingStep.id)):
        steps.setdefault(each.booking_id, []).append(each)
    return [_story(row, steps.get(row.id, []), now) for row in rows]


def waiting_since(session: Session, *, now: datetime) -> list[tuple[int, datetime]]:
    """(lender, since when) of every request that waits for an answer."""
    return [
        (lender_id, since)
        for lender_id, since in session.execute(
            select(Booking.lender_id, Booking.created_at)
            .where(
                Booking.state.in_(UNDECIDED), Booking.decide_by > now, Booking.whole_id.is_(None)
            )
            .order_by(Booking.created_at)
        )
    ]


def count_overdue(session: Session, *, now: datetime) -> int:
    """How many loans are not back that should be, of all lenders."""
    query = select(func.count(Booking.id)).where(
        text(IS_OUT), Booking.ends_at < now, Booking.whole_id.is_(None)
    )
    return session.scalar(query) or 0


def _story(row: Booking, steps: list[BookingStep], now: datetime) -> RequestStory:
    decision: BookingStep | None = None
    no_show = False
    for each in steps:
        no_show = each.step == Step.NO_SHOW
        if each.step == Step.UNDO and State(row.state) in UNDECIDED:
            decision = None
        elif each.step in (Step.APPROVE, Step.DECLINE, Step.EXPIRE):
            decision = each
    after = refused = None
    if decision is not None:
        if decision.step != Step.EXPIRE and decision.person_id is not None:
            after = decision.at - row.created_at
        if decision.step == Step.EXPIRE:
            refused = RefusedAs.SILENCE
        elif decision.step == Step.DECLINE:
            rival = decision.reason == RIVAL_WON
            refused = RefusedAs.RIVAL if rival else RefusedAs.PERSON
    state = State(row.state)
    returned_late = row.returned_at is not None and row.returned_at > row.ends_at
    return RequestStory(
        row.id,
        row.listing_id,
        row.lender_id,
        row.created_at,
        Period(row.starts_at, row.ends_at),
        state,
        after,
        refused if state in (State.DECLINED, State.EXPIRED) else None,
        no_show and state is State.CANCELLED,
        is_overdue(state, row.ends_at, now) or returned_late,
    )
