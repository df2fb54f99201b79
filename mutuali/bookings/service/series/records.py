"""What every use case of series reads and leaves behind the same way."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.bookings.models import Booking, BookingSeries, BookingStep
from mutuali.bookings.rules import Step
from mutuali.bookings.service.records import sees
from mutuali.core.errors import NotFound
from mutuali.core.period import Period
from mutuali.core.permissions import Actor


def read_series(session: Session, actor: Actor, public_id: str) -> BookingSeries:
    """One series.

    Raises:
        NotFound: there is none, or the actor is neither party nor reads all.
    """
    series = session.scalars(
        select(BookingSeries).where(BookingSeries.public_id == public_id)
    ).one_or_none()
    if series is None or not sees(actor, series.lender_id, series.borrower_id):
        raise NotFound
    return series


def leave_series_trace(
    session: Session,
    actor: Actor,
    series: BookingSeries,
    step: Step,
    count: int,
    *,
    now: datetime,
) -> None:
    """The event of one deed done to so many dates; each of them has its own trace besides."""
    facts = {"listing": series.listing_id, "dates": count}
    audit.record(session, actor, f"series.{step.value}", "series", series.id, now=now, facts=facts)


@dataclass(frozen=True, slots=True)
class StepTogether:
    """A step as it is told: by the first of the bookings to which it was done in one deed.

    ``series`` is the public id of theirs where there are several dates of one; else None.
    """

    first_id: int
    periods: tuple[Period, ...] = ()
    series: str | None = None


def step_together(session: Session, booking_id: int, step: Step) -> StepTogether:
    """To which dates of a series the same was done in the same deed as to this booking: nobody
    wants to hear of each of them."""
    done = session.scalars(
        select(BookingStep)
        .where(BookingStep.booking_id == booking_id, BookingStep.step == step)
        .order_by(BookingStep.id.desc())
        .limit(1)
    ).one_or_none()
    booking = session.get(Booking, booking_id)
    if done is None or booking is None or booking.series_id is None:
        return StepTogether(booking_id)
    rows = session.scalars(
        select(Booking)
        .join(BookingStep, BookingStep.booking_id == Booking.id)
        .where(
            Booking.series_id == booking.series_id,
            BookingStep.step == step,
            BookingStep.at == done.at,
            BookingStep.person_id.is_not_distinct_from(done.person_id),
            BookingStep.reason.is_not_distinct_from(done.reason),
        )
        .order_by(Booking.series_date)
    ).all()
    if len(rows) == 1:
        return StepTogether(booking_id)
    periods = tuple(Period(row.starts_at, row.ends_at) for row in rows)
    series = session.get_one(BookingSeries, booking.series_id)
    return StepTogether(rows[0].id, periods, series.public_id)
