"""The physical things that change hands, by name: ticked, typed or read from their labels."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.core.errors import Reason, Refused
from mutuali.core.permissions import Actor
from mutuali.equipment.service import UnitFacts


def choices_out(session: Session, booking_id: int) -> list[UnitFacts]:
    """The named things that may go out with a booking."""
    return [unit for each in bookings.units_to_name(session, booking_id) for unit in each.choices]


def choices_back(session: Session, booking_id: int) -> list[UnitFacts]:
    """The named things that are out with a booking."""
    return [each.unit for each in bookings.named_units(session, booking_id) if each.back_at is None]


def named(choices: Iterable[UnitFacts], said: Collection[str]) -> frozenset[str]:
    """The public ids of the things that ``said`` means: ids, codes, or what a label's square code
    holds (an address that ends with the id).

    Raises:
        Refused: one of them is none of the choices; the reason says which.
    """
    by_name = {}
    for unit in choices:
        by_name[unit.public_id] = unit.public_id
        by_name[unit.code.casefold()] = unit.public_id
    found = set()
    for each in said:
        last = each.rstrip("/").rpartition("/")[2]
        id_ = by_name.get(last) or by_name.get(each.casefold())
        if id_ is None:
            raise Refused(Reason("loan.unit_unknown", {"code": last[:22]}, "unit"))
        found.add(id_)
    return frozenset(found)


def check_all_back(session: Session, booking_id: int, said: Collection[str]) -> None:
    """Every named thing that is out is ticked off.

    Raises:
        Refused: some are not; the reason says which.
    """
    out = choices_back(session, booking_id)
    ticked = named(out, said)
    missing = [unit.code for unit in out if unit.public_id not in ticked]
    if missing:
        raise Refused(Reason("loan.units_not_ticked", {"codes": ", ".join(missing)}, "unit"))


def take_part_back(
    session: Session,
    actor: Actor,
    booking_public_id: str,
    units: int,
    *,
    said: Collection[str] = (),
    note: str = "",
    part_public_id: str,
    now: datetime,
) -> None:
    """Some of the units come back before the others, and are free at once.

    Raises:
        NotFound, Forbidden, Conflict, Refused: as ``bookings.take_part_back``; a thing that is not
        out with this booking.
    """
    facts = bookings.booking(session, actor, booking_public_id, now=now)
    names = named(choices_back(session, facts.id), said)
    bookings.take_part_back(
        session,
        actor,
        booking_public_id,
        units,
        names=names,
        note=note,
        part_public_id=part_public_id,
        now=now,
    )
