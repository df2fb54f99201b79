"""Some of the units come back before the others, and are free at once."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import exists, insert, select, update
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking
from mutuali.bookings.rules import State, Step, WholeAs
from mutuali.bookings.service.carry_out import carried_by
from mutuali.bookings.service.named_units import bring_back_units, named_units
from mutuali.bookings.service.records import take_turn_for
from mutuali.bookings.service.traces import leave_trace_of
from mutuali.core.errors import Conflict, Reason, Refused
from mutuali.core.permissions import Actor
from mutuali.equipment import service as equipment

#: What a part that came back has of its whole.
_SHARED = (
    *("listing_id", "lender_id", "borrower_id", "starts_at", "ends_at", "turnaround_minutes"),
    *("purpose", "requested_by", "created_at", "decided_at", "handed_over_at", "basket"),
)


def take_part_back(
    session: Session,
    actor: Actor,
    public_id: str,
    units: int,
    *,
    names: Collection[str] = (),
    note: str = "",
    part_public_id: str,
    now: datetime,
) -> Booking:
    """``units`` of a loan come back, fewer than are out; those with names by their public ids.

    The booking shrinks first, then a part of it keeps what they occupied until their turnaround
    is over: at no instant are there more units than before. Its price stays with the whole.

    Raises:
        NotFound, Forbidden; Conflict: it is not out.
        Refused: none or all of the units, of a kit, or units that were not named rightly.
    """
    booking = carried_by(session, actor, public_id)
    take_turn_for(session, booking)
    if State(booking.state) is not State.ON_LOAN:
        raise Conflict(
            Reason("booking.no_such_step", {"state": booking.state, "step": Step.PART_BACK})
        )
    if not 1 <= units < booking.units:
        raise Refused(Reason("booking.not_a_part", {"out": booking.units}, "units"))
    in_kit = (Booking.whole_id == booking.id) & (Booking.whole_as == WholeAs.KIT)
    if session.scalar(select(exists().where(in_kit))):
        raise Refused(Reason("booking.kit_comes_whole", {}, "units"))
    _check_names(session, booking, units, names)
    session.execute(
        update(Booking)
        .where(Booking.id == booking.id)
        .values(
            units=Booking.units - units,
            units_returned=Booking.units_returned + units,
            version=Booking.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    turnaround = timedelta(minutes=booking.turnaround_minutes)
    earliest = booking.starts_at + timedelta(minutes=1)
    part = {
        **{name: getattr(booking, name) for name in _SHARED},
        "public_id": part_public_id,
        "units": units,
        "state": State.RETURNED.value,
        "occupied_until": min(booking.occupied_until, max(now + turnaround, earliest)),
        "returned_at": now,
        "note": "",
        "price_cents": 0,
        "deposit_cents": 0,
        "version": 1,
        "is_history": False,
        "whole_id": booking.id,
        "whole_as": WholeAs.RETURN.value,
    }
    part_id = session.scalars(insert(Booking).returning(Booking.id), [part]).one()
    # Nobody says whether what is broken came back; counted as if it did, there are never too many.
    equipment.pass_on_broken(session, booking.id, part_id)
    if names:
        bring_back_units(session, booking.id, now=now, names=names)
    session.refresh(booking)
    facts = {
        "listing": booking.listing_id,
        "units": booking.units,
        "back": units,
        "state": booking.state,
    }
    leave_trace_of(session, actor, booking.id, Step.PART_BACK, facts, now=now, note=note)
    return booking


def _check_names(session: Session, booking: Booking, units: int, names: Collection[str]) -> None:
    """Raises Refused: a name that is not out with it, or too many or too few of them."""
    out = {each.unit.public_id for each in named_units(session, booking.id) if each.back_at is None}
    if set(names) - out:
        raise Refused(Reason("field.not_a_choice", {}, "unit"))
    without_name = booking.units - len(out)
    if not units - without_name <= len(set(names)) <= units:
        raise Refused(Reason("booking.units_coming_back", {"units": units}, "unit"))
