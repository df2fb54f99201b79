"""Which cells of a table say too much about somebody, and what keeps them safe.

Three rules judge a cell by the contributors of each of its sides. What they hide must stay unknown
by a distance: whoever knows a part of a cell learns the rest no closer than that.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mutuali.privacy.errors import PlanError
from mutuali.privacy.margins.table import BoolArray, IntArray, Key, Table

#: No limit: above every value, and small enough to be added to one.
UNLIMITED = 1 << 60


@dataclass(frozen=True, slots=True)
class Rules:
    """When a cell is unsafe; percentages are whole numbers.

    ``k``: fewer contributors than that stand behind it. ``largest`` and ``share``: the ``largest``
    contributors have more than ``share`` % of it ((n, k)-dominance). ``percent``: the second
    largest, who knows its own part, can estimate the largest to within that many % (p % rule).
    Hundepool et al., Statistical Disclosure Control, 2012, chapter 4.

    Raises:
        PlanError: k below 2, or another number outside its range.
    """

    k: int = 5
    largest: int = 1
    share: int = 50
    percent: int = 10

    def __post_init__(self) -> None:
        if self.k < 2 or self.largest < 1 or not 1 <= self.share <= 100 or self.percent < 0:
            raise PlanError(f"these rules hide nothing or cannot be kept: {self}")


def unsafe(table: Table, rules: Rules) -> BoolArray:
    """Which cells break a rule on any side; empty cells never do."""
    found = np.zeros(len(table.value), dtype=np.bool_)
    for side in table.sides:
        first, two = side.largest(1), side.largest(2)
        found |= np.diff(side.start) < rules.k
        found |= 100 * side.largest(rules.largest) > rules.share * table.value
        found |= 100 * (table.value - two) < rules.percent * first
    return found & ~table.empty


@dataclass(frozen=True, slots=True)
class Protection:
    """How far from the truth an unsafe cell must stay possible, above and below.

    The distance is ``percent`` % of what an attacker does not know of the cell, rounded up, and at
    least 1: of the whole value for an outsider, of the rest for a contributor who takes its own
    part away. Below, 0 is far enough. Who knows all of a cell learns nothing from it.

    Raises:
        PlanError: a percentage outside 1 to 50.
    """

    percent: int = 20

    def __post_init__(self) -> None:
        if not 1 <= self.percent <= 50:
            raise PlanError(f"a protection of {self.percent} % is not between 1 and 50")

    def distance(self, unknown: int) -> int:
        """How far a cell must stay open whose ``unknown`` part is to be protected."""
        return int(self.distances(np.array(unknown)))

    def distances(self, unknown: IntArray) -> IntArray:
        """The same for several unknown parts."""
        return np.maximum(1, -(-self.percent * unknown // 100))


@dataclass(frozen=True, slots=True)
class Fact:
    """What the public knows besides the table: the sum of ``cells`` is ``low`` to ``high``.

    An earlier release is one fact per published total, with ``low`` equal to ``high``, or a band if
    it was rounded; a public upper bound is a fact about one cell. None is no upper limit.
    """

    cells: tuple[Key, ...]
    low: int
    high: int | None

    @property
    def most(self) -> int:
        """``high``, or what stands for no limit."""
        return UNLIMITED if self.high is None else self.high


def located(table: Table, facts: Sequence[Fact]) -> list[IntArray]:
    """The cells of each fact.

    Raises:
        PlanError: a fact about nothing, about a cell twice, or one that is not true of the table.
    """
    found = []
    for fact in facts:
        cells = np.array([table.cell(key) for key in fact.cells], dtype=np.int64)
        if not len(cells) or len(np.unique(cells)) < len(cells):
            raise PlanError(f"a fact needs one or more different cells: {fact.cells!r}")
        if not fact.low <= table.value[cells].sum() <= fact.most:
            raise PlanError(f"the sum of {fact.cells!r} is not {fact.low} to {fact.high}")
        found.append(cells)
    return found
