"""Which further cells to hide so that no unsafe cell can be worked out from what is published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mutuali.privacy.errors import PlanError
from mutuali.privacy.margins.choice import quick_choice
from mutuali.privacy.margins.demands import Demand, Pattern, Room, demands, ties
from mutuali.privacy.margins.lightest import lighten
from mutuali.privacy.margins.table import BoolArray, IntArray, Table
from mutuali.privacy.margins.unsafe import Fact, Protection

#: Up to as many cells that may be hidden or not, the lightest choice is looked for and proved.
FEW_CHOICES = 30

#: What all weights together stay below, so that sums of prices are exact.
MOST_WEIGHT = 1 << 36


@dataclass(frozen=True, slots=True, eq=False)
class Hiding:
    """Which cells are not published, and patterns for each demand as proof.

    ``weight`` is that of the hidden cells that are not unsafe themselves. No choice that meets the
    demands weighs less than ``least``; where the two are equal the choice is proved the lightest.
    """

    hidden: BoolArray
    answers: Mapping[Demand, tuple[Pattern, ...]]
    weight: int
    least: int

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """All patterns of the answers: what the audit takes as possible tables and checks."""
        return tuple(pattern for answer in self.answers.values() for pattern in answer)


def hide(
    table: Table,
    unsafe: BoolArray,
    *,
    facts: Sequence[Fact] = (),
    protection: Protection | None = None,
    weights: IntArray | None = None,
) -> Hiding:
    """Hide the unsafe cells and as little else as possible.

    ``weights`` are whole numbers >= 1, one per cell, by default 1: the fewest cells. Empty cells
    are never hidden. The same input gives the same choice.

    Raises:
        UnsafeOutput: not even with everything hidden is an unsafe cell protected.
        PlanError: a weight below 1, or a fact that is not true of the table.
    """
    weights = np.ones(len(unsafe), dtype=np.int64) if weights is None else weights
    if (weights < 1).any() or weights.sum() >= MOST_WEIGHT:
        raise PlanError("weights are whole numbers >= 1 of no extreme size")
    room = Room(table, facts)
    protection = protection or Protection()
    asked = demands(table, unsafe, room, protection)
    choice = quick_choice(table, unsafe, room, ties(table, facts), weights, asked)
    few = np.count_nonzero(~unsafe & ~table.empty) <= FEW_CHOICES
    least = lighten(choice, protection) if few else 0
    return Hiding(choice.hidden, choice.answers, choice.weight, least)
