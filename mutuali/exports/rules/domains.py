"""What a cell of each column may say: everything else would be free text that slipped through."""

import re
from collections.abc import Callable, Iterable, Mapping

from mutuali.bookings.rules import ANY_FAMILY
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

#: Whether a cell may hold this text.
Domain = Callable[[str], bool]

#: What stands for any value.
_ANY = "*"
_TIME = re.compile(r"\d{4}(-Q[1-4]|-H[12])?", re.ASCII)
_FIGURE = re.compile(r"\d*", re.ASCII)
_STATUSES = frozenset({"published", "suppressed", "zero", "not_collected"})


def _one_of(values: Iterable[str]) -> Domain:
    return frozenset({*values, _ANY}).__contains__


def _is_time(text: str) -> bool:
    return text == _ANY or _TIME.fullmatch(text) is not None


def _is_figure(text: str) -> bool:
    return _FIGURE.fullmatch(text) is not None


def _ladder(*ladders: Iterable[tuple[str, ...]]) -> Domain:
    return _one_of(label for ladder in ladders for chain in ladder for label in chain)


_ZONE = _one_of((*ZONES, ELSEWHERE))
_AREA = _one_of((*BOROUGHS, *ZONES, ELSEWHERE))

_DOMAINS: Mapping[str, Domain] = {
    # A search may be for anything.
    "family": _one_of((*(family.value for family in Family), ANY_FAMILY)),
    "category": _one_of(kind.value for kind in Kind),
    **dict.fromkeys(("zone", "borrower_zone", "lender_zone"), _ZONE),
    **dict.fromkeys(("borrower_area", "lender_area"), _AREA),
    **dict.fromkeys(("quarter", "half_year", "year"), _is_time),
    **dict.fromkeys(("asked_quarter", "asked_half_year", "asked_year"), _is_time),
    "duration_band": _ladder(DURATION_LADDER),
    "lead_band": _ladder(LEAD_LADDER),
    "units_band": _ladder(UNITS_LADDER),
    "meals_band": _ladder(MEALS_LADDER),
    "outcome": _one_of(outcome.value for outcome in Outcome),
}


def domain_of(column: DeclaredColumn) -> Domain:
    """What the cells of a column may say; nothing, where nobody has said it."""
    if column.role is ColumnRole.FIGURE:
        return _is_figure
    if column.role is ColumnRole.STATUS:
        return _STATUSES.__contains__
    return _DOMAINS.get(column.name, frozenset[str]().__contains__)
