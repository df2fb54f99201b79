"""What can be amiss with what an organization lends and borrows, as questions to the database."""

from datetime import timedelta

from sqlalchemy import case, exists, func, select

from mutuali.bookings.models import LENT, Booking, BookingStep
from mutuali.bookings.rules import State, Step
from mutuali.counts import NOW, ORGANIZATION, Amiss, ago, amiss_among
from mutuali.equipment import service as equipment

_LATELY = timedelta(days=90)
_LENDS = Booking.lender_id == ORGANIZATION


def ran_out() -> Amiss:
    """How many requests to it ran out without an answer lately."""
    lately = BookingStep.at > ago(_LATELY)
    step = exists().where(
        BookingStep.booking_id == Booking.id, BookingStep.step == Step.EXPIRE, lately
    )
    return select(func.count(Booking.id)).where(_LENDS, Booking.whole_id.is_(None), step)


def refused_without_words() -> Amiss:
    """How many of its refusals gave no reason lately."""
    said = BookingStep.note == "", BookingStep.reason.is_(None)
    return amiss_among(
        said[0] & said[1],
        BookingStep.step == Step.DECLINE,
        BookingStep.at > ago(_LATELY),
        BookingStep.booking_id.in_(select(Booking.id).where(_LENDS)),
    )


def not_lent_lately() -> Amiss:
    """One is amiss while nothing of what it shares was lent lately."""
    lent = exists().where(_LENDS, Booking.state.in_(LENT), Booking.starts_at > ago(_LATELY))
    return select(case((equipment.shares_something(), case((lent, 0), else_=1))))


def kept_too_long() -> Amiss:
    """How many loans it should have brought back by now."""
    return select(func.count(Booking.id)).where(
        Booking.borrower_id == ORGANIZATION,
        Booking.state == State.ON_LOAN,
        Booking.whole_id.is_(None),
        Booking.is_history.is_(False),
        Booking.ends_at < NOW,
    )
