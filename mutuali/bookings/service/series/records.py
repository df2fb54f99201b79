"""What every use case of series reads and leaves behind the same way."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.bookings.models import BookingSeries
from mutuali.bookings.rules import Step
from mutuali.bookings.service.records import sees
from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor
from mutuali.jobs import service as jobs
from mutuali.storage import write_many


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
    booking_ids: Collection[int],
    *,
    now: datetime,
    note: str = "",
) -> None:
    """The event of one deed done to many dates, and the job that tells of all of them at once."""
    facts = {"listing": series.listing_id, "dates": len(booking_ids)}
    told = {"series": series.id, "step": step.value, "bookings": sorted(booking_ids), "note": note}
    write_many(
        session,
        [
            audit.event(actor, f"series.{step.value}", "series", series.id, now=now, facts=facts),
            jobs.job("bookings.tell_series", told, now=now),
        ],
    )
