"""Which tables a dataset of sums has: a fixed ladder, climbed once a year.

The more organizations said yes, the finer the tables can be without hiding most of their cells.
The step is chosen for a calendar year and kept for all of it, so that tables of one year compare
and nobody picks cells. A table has the same name and columns whoever asks for it.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from mutuali.agreements.rules import Dataset
from mutuali.core.period import local
from mutuali.exports.rules.catalogue import (
    DEMAND_BY_FAMILY_AND_HALF,
    DEMAND_BY_FAMILY_AND_QUARTER,
    DEMAND_BY_FAMILY_ZONE_AND_HALF,
    DEMAND_BY_FAMILY_ZONE_AND_QUARTER,
    DEMAND_BY_YEAR,
    DEMAND_BY_ZONE_AND_YEAR,
    FLOWS_BY_HALF,
    FLOWS_BY_YEAR,
    USE_BY_CATEGORY_AND_QUARTER,
    USE_BY_FAMILY_AND_HALF,
    USE_BY_FAMILY_AND_QUARTER,
    USE_BY_FAMILY_ZONE_AND_HALF,
    USE_BY_FAMILY_ZONE_AND_QUARTER,
    USE_BY_YEAR,
    USE_BY_ZONE_AND_YEAR,
    DeclaredTable,
)


class Rung(StrEnum):
    """How many contributors said yes, in the steps of the ladder."""

    FEW = "few"
    SOME = "some"
    MANY = "many"
    MOST = "most"


#: From how many contributors on each step applies.
FROM: Mapping[Rung, int] = {Rung.FEW: 0, Rung.SOME: 15, Rung.MANY: 50, Rung.MOST: 150}

_LADDER: Mapping[Dataset, Mapping[Rung, tuple[DeclaredTable, ...]]] = {
    Dataset.EQUIPMENT_USE: {
        Rung.FEW: (USE_BY_YEAR,),
        Rung.SOME: (USE_BY_FAMILY_AND_HALF, USE_BY_ZONE_AND_YEAR),
        Rung.MANY: (USE_BY_FAMILY_AND_QUARTER, USE_BY_FAMILY_ZONE_AND_HALF),
        Rung.MOST: (USE_BY_CATEGORY_AND_QUARTER, USE_BY_FAMILY_ZONE_AND_QUARTER),
    },
    Dataset.UNMET_DEMAND: {
        Rung.FEW: (DEMAND_BY_YEAR,),
        Rung.SOME: (DEMAND_BY_FAMILY_AND_HALF, DEMAND_BY_ZONE_AND_YEAR),
        Rung.MANY: (DEMAND_BY_FAMILY_AND_QUARTER, DEMAND_BY_FAMILY_ZONE_AND_HALF),
        Rung.MOST: (DEMAND_BY_FAMILY_ZONE_AND_QUARTER,),
    },
    # From one zone to another is crossed twice: below fifty nothing of it would be left.
    Dataset.LENDING_FLOWS: {
        Rung.FEW: (),
        Rung.SOME: (),
        Rung.MANY: (FLOWS_BY_YEAR,),
        Rung.MOST: (FLOWS_BY_HALF,),
    },
}

#: The datasets that climb.
ON_THE_LADDER = frozenset(_LADDER)


def rung_for(contributors: int) -> Rung:
    """The step for so many consenting contributors; linked organizations count as one."""
    return [rung for rung, least in FROM.items() if contributors >= least][-1]


def year_of(now: datetime) -> int:
    """The calendar year, in Montréal, for which a step holds."""
    return local(now).year


def tables_at(dataset: Dataset, rung: Rung) -> tuple[DeclaredTable, ...]:
    """The tables of a dataset on a step; none where it would say nothing."""
    return _LADDER[dataset][rung]
