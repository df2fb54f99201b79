"""Rows about things that can be borrowed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from mutuali.equipment.rules import MOST_UNITS, Approver, Kind, PricePer
from mutuali.imports.rules.cells import Cells

_MOST_MINUTES = 366 * 1440
_LENGTHS = {
    "hold": "hold_minutes",
    "shortest": "shortest_minutes",
    "longest": "longest_minutes",
    "lead": "lead_minutes",
    "turnaround": "turnaround_minutes",
}


@dataclass(frozen=True, slots=True)
class ListingRow:
    """A listing as a file tells it; ``values`` are fields of a draft, those that were said."""

    line: int
    ref: str
    lender: str
    published_at: datetime | None
    values: Mapping[str, Any]

    @property
    def units(self) -> int:
        """How many there are."""
        return int(self.values["units"])

    def folded(self, other: "ListingRow") -> "ListingRow":
        """The same thing told once more: the larger number of units counts."""
        if other.units <= self.units:
            return self
        return replace(self, values={**self.values, "units": other.units})


def listing_row(cells: Cells) -> ListingRow:
    """What a row says of a listing; objections are left in ``cells``."""
    fields = cells.mapping.fields
    values: dict[str, Any] = {
        "kind": cells.choice("kind", Kind, Kind.OTHER),
        "units": cells.whole("units", 1, MOST_UNITS) or 1,
        "title_fr": cells.text("title_fr", 120),
        "title_en": cells.text("title_en", 120),
        "payload_kg": cells.whole("payload_kg", 0, 100_000),
        "price_cents": cells.whole("price_cents", 0, 100_000_000) or 0,
        "refrigerated": cells.flag("refrigerated"),
        "driver_included": cells.flag("driver_included"),
    }
    for name in ("description", "conditions"):
        for language in ("fr", "en"):
            key = f"{name}_{language}"
            values[key] = cells.text(key, 4000, lines=True)
    if "price_per" in fields:
        values["price_per"] = cells.choice("price_per", PricePer, PricePer.LOAN)
    if "approver" in fields:
        values["approver"] = cells.choice("approver", Approver, Approver.LENDER)
    for name, column in _LENGTHS.items():
        length = cells.length(name)
        if length is not None:
            values[column] = min(int(length / timedelta(minutes=1)), _MOST_MINUTES)
    return ListingRow(
        cells.row.line,
        cells.ref(200),
        cells.text("lender", 200, needed=True),
        cells.moment("published_at", cells.mapping.times.start),
        values,
    )
