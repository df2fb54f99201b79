"""What every use case of bookings reads and writes the same way."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    and_,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking
from mutuali.bookings.rules import (
    State,
    Step,
    WholeAs,
)
from mutuali.bookings.service.traces import leave_trace
from mutuali.core.errors import Conflict, NotFound
from mutuali.core.period import Period
from mutuali.core.permissions import SYSTEM, Actor, Permission, may
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver, Offer


def expire_lapsed_holds(session: Session, offer: Offer, *, now: datetime) -> None:
    """Write off the holds of a listing, of a kit's parts too, whose time ran out; the caller has
    taken its turn.

    A row that is a part lapses silently: its whole has lapsed as well, and says so in its turn.
    """
    lapsed = session.scalars(
        select(Booking).where(
            Booking.listing_id.in_([offer.listing_id, *(part.listing_id for part in offer.parts)]),
            Booking.state == State.HELD,
            Booking.decide_by <= now,
        )
    ).all()
    for booking in lapsed:
        booking.state = State.EXPIRED
        booking.version += 1
        if booking.whole_id is None:
            leave_trace(session, SYSTEM, booking, Step.EXPIRE, now=now)
    if lapsed:
        session.flush()


def read_booking(session: Session, public_id: str) -> Booking:
    """One booking; a part of one is none by itself. Raises NotFound."""
    booking = session.scalars(
        select(Booking).where(Booking.public_id == public_id, Booking.whole_id.is_(None))
    ).one_or_none()
    if booking is None:
        raise NotFound
    return booking


def take_turn_for(session: Session, booking: Booking, over: Period | None = None) -> Offer:
    """Take the turn of a booking's listing, then read the booking again: it may have changed.

    The offer is the one around ``over``; None: around the booking.

    Raises:
        Conflict: it moved to another listing while one waited.
    """
    period, listing_id = over or Period(booking.starts_at, booking.ends_at), booking.listing_id
    offer = equipment.take_turn(session, listing_id, period)
    session.refresh(booking)
    if booking.listing_id != listing_id:
        raise Conflict("booking.no_such_step")
    return offer


def decides(approver: Approver) -> Permission:
    """The permission that deciding a listing's requests asks for."""
    if approver is Approver.COORDINATOR:
        return Permission.BOOKING_DECIDE_FOR_NETWORK
    return Permission.BOOKING_DECIDE_AS_LENDER


def sees(actor: Actor, lender_id: int, borrower_id: int) -> bool:
    """Whether the actor may know of a booking between the two: either party, or who reads all."""
    return may(actor, Permission.BOOKING_READ, over=lender_id) or may(
        actor, Permission.BOOKING_READ, over=borrower_id
    )


def move(session: Session, booking: Booking, state: State, **values: Any) -> None:
    """Write the new state at once, so that the guard speaks now; parts of a kit go along, and at
    the very end whatever came back earlier."""
    along = and_(Booking.whole_id == booking.id, Booking.whole_as == WholeAs.KIT)
    if state is State.CLOSED:
        along = Booking.whole_id == booking.id
    session.flush()
    session.execute(
        update(Booking)
        .where(or_(Booking.id == booking.id, along))
        .values(state=state, version=Booking.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(booking)
