"""Rules of the catalogue: what can be shared, under which rules, when it is open."""

from mutuali.equipment.rules.hours import (
    MINUTES_PER_DAY,
    OpenHours,
    hours_objections,
    is_open_at,
    next_open_start,
    open_spans,
)
from mutuali.equipment.rules.listing import (
    FAMILY,
    MOST_PARTS,
    MOST_PHOTOS,
    MOST_UNITS,
    Approver,
    Family,
    Kind,
    ListingState,
    Offer,
    Outage,
    Part,
    Permit,
    PricePer,
    UnitCondition,
)

__all__ = [
    "FAMILY",
    "MINUTES_PER_DAY",
    "MOST_PARTS",
    "MOST_PHOTOS",
    "MOST_UNITS",
    "Approver",
    "Family",
    "Kind",
    "ListingState",
    "Offer",
    "OpenHours",
    "Outage",
    "Part",
    "Permit",
    "PricePer",
    "UnitCondition",
    "hours_objections",
    "is_open_at",
    "next_open_start",
    "open_spans",
]
