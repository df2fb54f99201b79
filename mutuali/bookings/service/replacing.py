"""One booking in place of another: both in one transaction, or nothing."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from mutuali.bookings.models import Booking
from mutuali.bookings.rules import (
    CONFIRMED,
    UNDECIDED,
    UNDO_WITHIN,
    Purpose,
    State,
    Step,
    advance,
    first_state,
)
from mutuali.bookings.service.ask import BookingDraft, lender_trusts, request_booking
from mutuali.bookings.service.proposals import of_borrower
from mutuali.bookings.service.records import move, take_turn_for
from mutuali.bookings.service.traces import Because, leave_trace
from mutuali.core.errors import Conflict, NotFound
from mutuali.core.period import Period
from mutuali.core.permissions import SYSTEM, Actor
from mutuali.equipment import service as equipment

#: Why a booking is cancelled whose borrower took something else.
REPLACED = "booking.replaced"


def take_instead(
    session: Session,
    actor: Actor,
    public_id: str,
    listing_public_id: str,
    period: Period,
    *,
    new_public_id: str,
    now: datetime,
) -> Booking:
    """Take something else in place of a promised booking, for as many units.

    Where nobody has to say yes there, the old one is cancelled and the new one made, together or
    not at all. Else the new one is a request, and the old one stays until it is answered: a yes
    cancels it (see :func:`cancel_replaced`), a no leaves it as it is.

    Raises:
        NotFound, Forbidden: the actor does not act for the borrower; no such listing.
        Refused: a rule says no there.
        Conflict: the old one is no longer promised or is being replaced already; the units are
            gone.
    """
    booking = of_borrower(session, actor, public_id)
    (old,) = equipment.listings(session, [booking.listing_id]).values()
    wanted = sorted({old.public_id, listing_public_id})
    offers = equipment.take_turns(session, wanted, period)
    if listing_public_id not in offers:
        raise NotFound
    session.refresh(booking)
    if booking.listing_id != old.id or State(booking.state) is not State.APPROVED:
        raise Conflict("booking.no_such_step")
    if replacement_of(session, booking.id) is not None:
        raise Conflict("booking.replacing")
    offer = offers[listing_public_id]
    trusted = lender_trusts(session, offer, booking.borrower_id)
    with session.begin_nested():
        if first_state(offer, trusted=trusted) is State.APPROVED:
            _cancel(session, actor, booking, now)
        made = request_booking(
            session,
            actor,
            booking.borrower_id,
            BookingDraft(
                listing_public_id,
                booking.units,
                period,
                Purpose(booking.purpose),
                booking.meals,
                booking.note,
            ),
            public_id=new_public_id,
            now=now,
        )
        made.instead_of_id = booking.id
        session.flush()
    return made


def cancel_replaced(session: Session, *, now: datetime) -> int:
    """Cancel promised bookings in whose place another one was approved, once that yes can no longer
    be taken back. Returns how many."""
    new = aliased(Booking)
    replaced = session.scalars(
        select(Booking)
        .join(new, new.instead_of_id == Booking.id)
        .where(
            Booking.state == State.APPROVED,
            new.state.in_(CONFIRMED),
            new.decided_at <= now - UNDO_WITHIN,
        )
        .order_by(Booking.listing_id, Booking.id)
        .limit(500)
    ).all()
    count = 0
    for booking in replaced:
        take_turn_for(session, booking)
        if State(booking.state) is State.APPROVED:
            _cancel(session, SYSTEM, booking, now)
            count += 1
    return count


def replacement_of(session: Session, booking_id: int) -> str | None:
    """The public id of the request or booking that takes a booking's place, or would."""
    return session.scalar(
        select(Booking.public_id).where(
            Booking.instead_of_id == booking_id, Booking.state.in_((*UNDECIDED, *CONFIRMED))
        )
    )


def _cancel(session: Session, actor: Actor, booking: Booking, now: datetime) -> None:
    move(session, booking, advance(State(booking.state), Step.CANCEL))
    leave_trace(session, actor, booking, Step.CANCEL, now=now, because=Because(reason=REPLACED))
