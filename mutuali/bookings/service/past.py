"""Bookings that ran their course before they were written down here, with every step kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.bookings.models import Booking, BookingStep
from mutuali.bookings.rules import Purpose, State, Step, advance, occupied
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, require


@dataclass(frozen=True, slots=True)
class PastStep:
    """Something that happened; ``person_id`` None means time itself did it."""

    step: Step
    at: datetime
    person_id: int | None
    note: str = ""
    temperature: int | None = None


@dataclass(frozen=True, slots=True)
class PastBooking:
    """A booking with its steps in order, the request first; ``first`` is the state that gave."""

    public_id: str
    listing_id: int
    lender_id: int
    borrower_id: int
    units: int
    period: Period
    turnaround: timedelta
    first: State
    decide_by: datetime | None
    purpose: Purpose
    meals: int | None
    note: str
    price_cents: int
    steps: tuple[PastStep, ...]


def record_past_bookings(session: Session, actor: Actor, past: Sequence[PastBooking]) -> None:
    """Write bookings with their timelines and log; nobody is told, the guard watches as ever.

    States and instants follow from the steps, by the same table as everywhere.

    Raises:
        Forbidden: the actor may not import.
        Conflict: the steps of a booking do not follow one another.
        IntegrityError: the guard counts more units out than exist.
    """
    require(actor, Permission.IMPORT)
    rows = [_row(each) for each in past]
    session.add_all(rows)
    session.flush()
    for row, each in zip(rows, past, strict=True):
        state = each.first
        for happened in each.steps:
            if happened.step is not Step.REQUEST:
                state = advance(state, happened.step)
            session.add(
                BookingStep(
                    booking_id=row.id,
                    step=happened.step,
                    at=happened.at,
                    person_id=happened.person_id,
                    note=happened.note,
                    temperature=happened.temperature,
                )
            )
            audit.record(
                session,
                Actor(person_id=happened.person_id),
                f"booking.{happened.step.value}",
                "booking",
                row.id,
                now=happened.at,
                facts={"listing": row.listing_id, "units": row.units, "state": state.value},
            )
    session.flush()


def _row(past: PastBooking) -> Booking:
    state = past.first
    for happened in past.steps[1:]:
        state = advance(state, happened.step)
    at = {happened.step: happened.at for happened in past.steps}
    decided_at = at.get(Step.APPROVE, at.get(Step.DECLINE))
    if decided_at is None and past.first is State.APPROVED:
        decided_at = at[Step.REQUEST]
    until = occupied(past.period, past.turnaround).end
    returned_at = at.get(Step.TAKE_BACK)
    if returned_at is not None:
        earliest = past.period.start + timedelta(minutes=1)
        until = min(until, max(returned_at + past.turnaround, earliest))
    return Booking(
        public_id=past.public_id,
        listing_id=past.listing_id,
        lender_id=past.lender_id,
        borrower_id=past.borrower_id,
        units=past.units,
        starts_at=past.period.start,
        ends_at=past.period.end,
        occupied_until=until,
        turnaround_minutes=int(past.turnaround / timedelta(minutes=1)),
        state=state,
        decide_by=past.decide_by,
        purpose=past.purpose,
        meals=past.meals,
        note=past.note,
        price_cents=past.price_cents,
        requested_by=past.steps[0].person_id,
        created_at=at[Step.REQUEST],
        decided_at=decided_at,
        handed_over_at=at.get(Step.HAND_OVER),
        returned_at=returned_at,
        version=len(past.steps),
    )
