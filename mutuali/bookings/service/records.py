"""What every use case of bookings reads and writes the same way."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, func, select, text, true, union_all, update
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.bookings.models import IS_OUT, OCCUPIES, Booking, BookingStep
from mutuali.bookings.rules import Hold, State, Step, Taken, expected_back
from mutuali.core.errors import NotFound
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, may
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Offer
from mutuali.jobs import service as jobs
from mutuali.storage import is_one_of, spans_overlap


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
    """The same for many listings (None: all), by listing id, in one query."""
    found: dict[int, list[Hold]] = {}
    for id_, listing_id, units, start, until, overdue in session.execute(
        _occupying(listing_ids, span, now)
    ):
        if id_ != besides:
            period = Period(start, until)
            hold = Hold(units, expected_back(period, now) if overdue else period)
            found.setdefault(listing_id, []).append(hold)
    return found


def read_taken(
    session: Session, listing_ids: Sequence[int], span: Period, *, now: datetime
) -> dict[int, list[Taken]]:
    """What :func:`read_all_holds` finds, as plain as a month of many listings needs it."""
    found: dict[int, list[Taken]] = {}
    for _, listing_id, units, start, until, overdue in session.execute(
        _occupying(listing_ids, span, now)
    ):
        end = expected_back(Period(start, until), now).end if overdue else until
        found.setdefault(listing_id, []).append((units, start, end))
    return found


def _occupying(
    listing_ids: Sequence[int] | None, span: Period, now: datetime
) -> CompoundSelect[*tuple[Any, ...]]:
    """Rows of what occupies within ``span``: id, listing, units, from, until, whether overdue.

    The conditions are those of the indexes, word for word. An overdue loan occupies until it is
    back, so the ones that should have been back before ``span`` are asked for beside it.
    """
    columns = (Booking.id, Booking.listing_id, Booking.units, Booking.starts_at)
    until, overdue = Booking.occupied_until, Booking.ends_at < now
    meets = spans_overlap(Booking.starts_at, until, span.start, span.end)
    lapsed = (Booking.state == State.HELD) & (Booking.decide_by <= now)
    late = (Booking.state == State.ON_LOAN) & overdue
    found = [
        select(*columns, until, late).where(text(OCCUPIES), meets, func.coalesce(~lapsed, true())),
        select(*columns, until, overdue).where(text(IS_OUT), overdue, ~meets),
    ]
    if listing_ids is not None and len(listing_ids) == 1:
        found = [query.where(Booking.listing_id == listing_ids[0]) for query in found]
    elif listing_ids is not None:
        found = [query.where(is_one_of(Booking.listing_id, listing_ids)) for query in found]
    return union_all(*found)


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
