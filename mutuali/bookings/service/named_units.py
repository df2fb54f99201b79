"""Which physical things went out with a booking, by name."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking, BookingUnit
from mutuali.bookings.rules import WholeAs
from mutuali.core.errors import Conflict, Reason, Refused
from mutuali.equipment import service as equipment
from mutuali.equipment.service import UnitFacts


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A thing that went out with a booking, and when it came back."""

    unit: UnitFacts
    out_at: datetime
    back_at: datetime | None


@dataclass(frozen=True, slots=True)
class ToName:
    """How many units of a listing go out with a booking, and the things that may be among them.

    All of them have to be named where every unit of the listing has a name.
    """

    listing: equipment.ListingFacts
    units: int
    choices: tuple[UnitFacts, ...]

    @property
    def required(self) -> bool:
        return len(self.choices) > 0 and self.listing.draft.units <= len(self.choices)


def units_to_name(session: Session, booking_id: int) -> list[ToName]:
    """What can be named at hand-over: the booking's own listing, or each part of a kit."""
    rows = rows_going_out(session, booking_id)
    named = equipment.units_of(session, [row.listing_id for row in rows])
    listings = equipment.listings(session, [row.listing_id for row in rows])
    found = (
        ToName(listings[row.listing_id], row.units, tuple(named.get(row.listing_id, ())))
        for row in rows
    )
    return [each for each in found if each.choices]


def name_units(session: Session, booking_id: int, names: Collection[str], *, now: datetime) -> None:
    """The things of these public ids go out with a booking; the caller has its listings' turns.

    Raises:
        Refused: one is not of what was booked, or there are more or fewer than go out.
        Conflict: one of them is still out with another booking (the index ``ix_booking_unit_out``).
    """
    left = set(names)
    rows = {row.listing_id: row for row in rows_going_out(session, booking_id)}
    for each in units_to_name(session, booking_id):
        chosen = [unit for unit in each.choices if unit.public_id in left]
        left -= {unit.public_id for unit in chosen}
        if len(chosen) > each.units or (each.required and len(chosen) != each.units):
            raise Refused(Reason("booking.units_to_name", {"units": each.units}, "unit"))
        row = rows[each.listing.id]
        session.add_all(
            BookingUnit(booking_id=row.id, unit_id=unit.id, out_at=now) for unit in chosen
        )
    if left:
        raise Refused(Reason("field.not_a_choice", {}, "unit"))
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(Reason("booking.unit_is_out", {}, "unit")) from error


def named_units(session: Session, booking_id: int) -> list[NamedUnit]:
    """What went out with a booking by name, its parts included, by code."""
    whose = BookingUnit.booking_id.in_(_with_parts(booking_id))
    found = session.scalars(select(BookingUnit).where(whose)).all()
    facts = equipment.units(session, [row.unit_id for row in found])
    named = [NamedUnit(facts[row.unit_id], row.out_at, row.back_at) for row in found]
    return sorted(named, key=lambda each: each.unit.code)


def bring_back_units(
    session: Session, booking_id: int, *, now: datetime, names: Collection[str] | None = None
) -> None:
    """Those things are back; all that are out when ``names`` is None."""
    coming = [
        each.unit.id
        for each in named_units(session, booking_id)
        if each.back_at is None and (names is None or each.unit.public_id in names)
    ]
    session.execute(
        update(BookingUnit)
        .where(
            BookingUnit.booking_id.in_(_with_parts(booking_id)),
            BookingUnit.unit_id.in_(coming),
            BookingUnit.back_at.is_(None),
        )
        .values(back_at=now)
        .execution_options(synchronize_session=False)
    )


def booking_out_with(session: Session, unit_id: int) -> int | None:
    """The booking, as people know it, that a thing is out with now."""
    row = session.execute(
        select(Booking.id, Booking.whole_id)
        .join(BookingUnit, BookingUnit.booking_id == Booking.id)
        .where(BookingUnit.unit_id == unit_id, BookingUnit.back_at.is_(None))
    ).one_or_none()
    return None if row is None else row.whole_id or row.id


def rows_going_out(session: Session, booking_id: int) -> list[Booking]:
    """The row whose units go out: the booking's own, or those of a kit's parts."""
    rows = session.scalars(
        select(Booking).where(Booking.whole_id == booking_id, Booking.whole_as == WholeAs.KIT)
    ).all()
    return list(rows) or [session.get_one(Booking, booking_id)]


def _with_parts(booking_id: int) -> Select[int]:
    return select(Booking.id).where(or_(Booking.id == booking_id, Booking.whole_id == booking_id))
