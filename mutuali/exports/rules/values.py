"""Which values the columns of the files may hold, where that is a short list: for dictionaries."""

from collections.abc import Sequence

from mutuali.core.places import BOROUGHS, ZONES
from mutuali.equipment.rules import Family, Kind
from mutuali.exports.rules.bands import (
    DURATION_LADDER,
    LEAD_LADDER,
    MEALS_LADDER,
    UNITS_LADDER,
    Outcome,
)
from mutuali.exports.rules.catalogue import ELSEWHERE, ColumnRole, DeclaredColumn

#: What stands in place of a figure; the same words as the engine's.
STATUSES = ("published", "suppressed", "zero", "not_collected")
#: Everything, where a value was coarsened to the end.
ANY = "*"
#: Somebody searched without saying which family.
UNSAID = "any"

_ZONES = (*ZONES, ELSEWHERE)


def _levels(ladder: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Every band of a ladder, fine ones first, each once."""
    return tuple(dict.fromkeys(band for level in zip(*ladder, strict=True) for band in level))


_VALUES: dict[str, tuple[str, ...]] = {
    "family": (*(family.value for family in Family), UNSAID, ANY),
    "category": tuple(kind.value for kind in Kind),
    "borrower_zone": _ZONES,
    "lender_zone": _ZONES,
    "zone": _ZONES,
    "duration_band": _levels(DURATION_LADDER),
    "lead_band": _levels(LEAD_LADDER),
    "units_band": _levels(UNITS_LADDER),
    "meals_band": _levels(MEALS_LADDER),
    "borrower_area": (*BOROUGHS, *_ZONES, ANY),
    "outcome": tuple(outcome.value for outcome in Outcome),
}


def values_of(column: DeclaredColumn) -> tuple[str, ...] | None:
    """What a column may hold; None for figures, names and seasons, which are no short list."""
    if column.role is ColumnRole.STATUS:
        return STATUSES
    return _VALUES.get(column.name)
