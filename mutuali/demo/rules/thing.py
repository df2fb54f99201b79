"""What a shareable thing of the demo is, when it is open, and who would have it."""

from dataclasses import dataclass
from typing import Any

from mutuali.equipment.rules import Kind, OpenHours
from mutuali.organizations.rules import OrganizationKind as Org

HOUR = 60
DAY = 1440
OFFICE = tuple(OpenHours(day, 8 * 60, 17 * 60) for day in range(5))
LONG = tuple(OpenHours(day, 7 * 60, 21 * 60) for day in range(6))
EVENING = tuple(OpenHours(day, 16 * 60, 22 * 60) for day in range(5)) + tuple(
    OpenHours(day, 9 * 60, 21 * 60) for day in (5, 6)
)
WEEK = tuple(OpenHours(day, 8 * 60, 20 * 60) for day in range(7))


@dataclass(frozen=True, slots=True)
class Thing:
    """One sort of thing: its titles, its words, how many a lender has, its rules.

    ``draft`` are the fields of a listing's draft that do not vary; ``hours_out`` the usual length
    of a loan; ``weight`` how often people ask for it compared with others.
    """

    kind: Kind
    titles: tuple[tuple[str, str], ...]
    description: tuple[str, str]
    conditions: tuple[str, str]
    units: tuple[int, int]
    hours_out: tuple[float, float]
    weight: float
    draft: dict[str, Any]


def rules(
    hours: tuple[OpenHours, ...],
    shortest: int,
    longest: int,
    lead: int = 0,
    turnaround: int = 0,
    **others: Any,
) -> dict[str, Any]:
    return {
        "hours": hours,
        "shortest_minutes": shortest,
        "longest_minutes": longest,
        "lead_minutes": lead,
        "turnaround_minutes": turnaround,
        **others,
    }


_COOKS = frozenset({Org.COMMUNITY_KITCHEN, Org.CATERER, Org.SCHOOL, Org.COMMUNITY_CENTRE})
_KEEPS = frozenset({Org.FOOD_BANK, Org.GROCERY, Org.CATERER, Org.GROWER})
#: Kinds of things that only some kinds of organizations have.
_ONLY = {
    Kind.KITCHEN: _COOKS,
    Kind.SUBCONTRACTING: _COOKS,
    Kind.COLD_STORAGE: _KEEPS,
    Kind.DRY_STORAGE: _KEEPS,
    Kind.HEAVY_EQUIPMENT: _KEEPS | {Org.OTHER},
    Kind.SURPLUS: frozenset({Org.FOOD_BANK, Org.GROCERY, Org.GROWER}),
}


def lends(organization: Org, kind: Kind) -> bool:
    """Whether an organization of this kind would have such a thing to lend."""
    return kind not in _ONLY or organization in _ONLY[kind]
