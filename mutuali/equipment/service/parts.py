"""What kits are made of, as their offers need it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.core.period import Period
from mutuali.equipment.models import KitPart, Listing
from mutuali.equipment.rules import ListingState, Part, Timetable, with_days_of_parts
from mutuali.equipment.service.opening import openings
from mutuali.organizations.rules import Need, need_of
from mutuali.storage import is_one_of


@dataclass(frozen=True, slots=True)
class KitParts:
    """The parts of one kit in the order of their ids, and what they bring to it.

    ``complete``: no part was withdrawn. The longest ``turnaround`` of a part holds for the kit.
    """

    parts: tuple[Part, ...] = ()
    closures: tuple[Period, ...] = field(default=())
    turnaround: timedelta = timedelta()
    complete: bool = True
    demands: tuple[Need, ...] = ()
    timetables: tuple[Timetable, ...] = ()

    def open_when(self, own: Timetable) -> Timetable:
        """When the kit is open, by its own timetable and the days of its parts that differ."""
        return with_days_of_parts(own, self.timetables)

    def units(self, said: int) -> int:
        """How many kits there can be, of the ``said`` ones, with as many units as parts have."""
        return min((said, *(part.units // part.needed for part in self.parts)))


def parts_of(session: Session, kit_ids: Sequence[int], period: Period) -> Mapping[int, KitParts]:
    """The parts of each kit; nothing for a listing that is none. No question without a kit."""
    found: defaultdict[int, KitParts] = defaultdict(KitParts)
    if not kit_ids:
        return found
    rows = session.execute(
        select(
            KitPart.kit_id,
            KitPart.part_id,
            KitPart.units.label("needed"),
            Listing.units,
            Listing.state,
            Listing.turnaround_minutes,
            Listing.demands,
        )
        .join(Listing, Listing.id == KitPart.part_id)
        .where(is_one_of(KitPart.kit_id, kit_ids))
        .order_by(KitPart.part_id)
    ).all()
    when = openings(session, list({row.part_id for row in rows}), period)
    for row in rows:
        kit = found[row.kit_id]
        part = Part(row.part_id, row.needed, row.units, when.outages[row.part_id])
        found[row.kit_id] = KitParts(
            (*kit.parts, part),
            kit.closures + when.closures[row.part_id],
            max(kit.turnaround, timedelta(minutes=row.turnaround_minutes)),
            kit.complete and row.state != ListingState.WITHDRAWN,
            kit.demands + tuple(need_of(code) for code in row.demands),
            (*kit.timetables, when.timetables[row.part_id]),
        )
    return found
