"""What every use case of bookings reads and writes the same way."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.bookings.models import Booking, BookingStep
from mutuali.bookings.rules import (
    OCCUPYING,
    Hold,
    State,
    Step,
    expected_back,
    is_overdue,
)
from mutuali.core.errors import NotFound
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, may
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Offer
from mutuali.jobs import service as jobs
from mutuali.storage import spans_overlap


def leave_trace(
    session: Session,
    actor: Actor,
    booking: Booking,
    step: Step,
    *,
    now: datetime,
    note: str = "",
    temperature: int | None = None,
) -> None:
    """The step on the timeline, the event in the log and the job that tells people, together."""
    session.add(
        BookingStep(
            booking_id=booking.id,
            step=step,
            at=now,
            person_id=actor.person_id,
            note=note,
            temperature=temperature,
        )
    )
    facts = {"listing": booking.listing_id, "units": booking.units, "state": booking.state}
    audit.record(
        session, actor, f"booking.{step.value}", "booking", booking.id, now=now, facts=facts
    )
    jobs.enqueue(session, "bookings.tell", {"booking": booking.id, "step": step.value}, now=now)


def read_holds(
    session: Session,
    listing_id: int,
    span: Period,
    *,
    now: datetime,
    besides: int | None = None,
) -> list[Hold]:
    """What occupies the listing within ``span``; lapsed holds are free, overdue loans are not."""
    return read_all_holds(session, [listing_id], span, now=now, besides=besides).get(listing_id, [])


def read_all_holds(
    session: Session,
    listing_ids: Sequence[int] | None,
    span: Period,
    *,
    now: datetime,
    besides: int | None = None,
) -> dict[int, list[Hold]]:
    """The same for many listings (None: all), by listing id, in one query and one for overdue."""
    columns = (
        Booking.listing_id,
        Booking.units,
        Booking.starts_at,
        Booking.ends_at,
        Booking.occupied_until,
        Booking.state,
        Booking.decide_by,
        Booking.id,
    )
    meets = spans_overlap(Booking.starts_at, Booking.occupied_until, span.start, span.end)
    occupies = select(*columns).where(Booking.state.in_(OCCUPYING), ~Booking.is_history, meets)
    overdue = select(*columns).where(
        Booking.state == State.ON_LOAN, ~Booking.is_history, Booking.ends_at < now, ~meets
    )
    if listing_ids is not None:
        if len(listing_ids) == 1:
            occupies = occupies.where(Booking.listing_id == listing_ids[0])
            overdue = overdue.where(Booking.listing_id == listing_ids[0])
        else:
            occupies = occupies.where(Booking.listing_id.in_(listing_ids))
            overdue = overdue.where(Booking.listing_id.in_(listing_ids))
    found: dict[int, list[Hold]] = {}
    for query in (occupies, overdue):
        for listing_id, units, start, ends_at, until, state, by, id_ in session.execute(query):
            if id_ == besides or (state == State.HELD and by is not None and by <= now):
                continue
            period = Period(start, until)
            if is_overdue(State(state), ends_at, now):
                period = expected_back(period, now)
            found.setdefault(listing_id, []).append(Hold(units, period))
    return found


def expire_lapsed_holds(session: Session, listing_id: int, *, now: datetime) -> None:
    """Write off the listing's holds whose time ran out; the caller has taken its turn."""
    lapsed = session.scalars(
        select(Booking).where(
            Booking.listing_id == listing_id,
            Booking.state == State.HELD,
            Booking.decide_by <= now,
        )
    ).all()
    for booking in lapsed:
        booking.state = State.EXPIRED
        booking.version += 1
        leave_trace(session, Actor(is_system=True), booking, Step.EXPIRE, now=now)
    if lapsed:
        session.flush()


def read_booking(session: Session, public_id: str) -> Booking:
    """One booking. Raises NotFound."""
    booking = session.scalars(select(Booking).where(Booking.public_id == public_id)).one_or_none()
    if booking is None:
        raise NotFound
    return booking


def take_turn_for(session: Session, booking: Booking) -> Offer:
    """Take the turn of a booking's listing, then read the booking again: it may have changed."""
    period = Period(booking.starts_at, booking.ends_at)
    offer = equipment.take_turn(session, booking.listing_id, period)
    session.refresh(booking)
    return offer


def sees(actor: Actor, booking: Booking) -> bool:
    """Whether the actor may know of the booking: either party, or who reads all."""
    return may(actor, Permission.BOOKING_READ, over=booking.lender_id) or may(
        actor, Permission.BOOKING_READ, over=booking.borrower_id
    )


def move(session: Session, booking: Booking, state: State) -> None:
    """Write the new state at once, so that the guard speaks now."""
    session.execute(
        update(Booking)
        .where(Booking.id == booking.id)
        .values(state=state, version=Booking.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(booking)
