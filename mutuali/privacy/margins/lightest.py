"""The lightest choice of cells to hide, by cutting planes.

Fischetti and Salazar-Gonzalez, Solving the cell suppression problem on tabular data with linear
constraints, Management Science 47, 2001: a program over which cells to hide knows none of the
demands at first. Each of its choices is attacked; where an attacker gets too close, the dual of the
attack is an inequality that all choices must keep that meet the demand. The weight of the cheapest
choice so never exceeds the lightest one's, and reaches it.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from mutuali.privacy.margins.choice import Choice
from mutuali.privacy.margins.demands import Demand
from mutuali.privacy.margins.products import FloatArray
from mutuali.privacy.margins.programs import limited
from mutuali.privacy.margins.table import BoolArray
from mutuali.privacy.margins.unsafe import Protection

#: After as many choices the search ends with what it has proved: a count, so that the same input
#: gives the same choice.
ROUNDS = 60

#: Smaller multipliers are rounding errors of the linear program.
NOTHING = 1e-9


def lighten(choice: Choice, protection: Protection) -> int:
    """Replace a choice by the lightest; returns a weight that none can go below."""
    free = ~choice.unsafe & ~choice.table.empty
    asked = list(_single(choice, protection))
    possible: dict[Demand, list[BoolArray]] = {demand: [] for demand in asked}
    cuts: list[FloatArray] = []
    least = 0
    for _ in range(ROUNDS):
        hidden = choice.unsafe | _master(cuts, free, choice.weights)
        least = int(choice.weights[hidden & ~choice.unsafe].sum())
        if least >= choice.weight:
            return choice.weight
        found = []
        for demand in asked:
            if not any((hidden | ~moved).all() for moved in possible[demand]):
                reached = _attacked(choice, demand, hidden)
                if isinstance(reached, tuple):
                    found.append(_cut(*reached, free))
                else:
                    possible[demand].append(reached)
        if not found:
            if choice.settle(hidden):
                return least
            # Only fractions of units meet the demands here: hide something else as well.
            found.append((free & ~hidden).astype(np.float64))
        cuts += found
    return least


def _single(choice: Choice, protection: Protection) -> Iterator[Demand]:
    """The demands of an outsider and of each contributor by itself."""
    table = choice.table
    known = {-1: np.zeros(len(table.value), dtype=np.int64)}
    known |= {person: table.known.of(person) for person in range(len(table.contributors))}
    for cell in map(int, np.flatnonzero(choice.unsafe)):
        for person, own in known.items():
            value, rest = int(table.value[cell]), int(table.value[cell] - own[cell])
            if rest or not value:
                people = np.array([person] if person >= 0 else [], dtype=np.int64)
                distance = protection.distance(rest)
                yield Demand(cell, 1, distance, people)
                if rest:
                    yield Demand(cell, -1, min(distance, rest), people)


def _master(cuts: list[FloatArray], free: BoolArray, weights: Any) -> BoolArray:
    """The lightest further cells that keep all cuts."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    hidden = np.zeros(len(free), dtype=np.bool_)
    if cuts:
        result: Any = milp(
            weights[free].astype(np.float64),
            integrality=np.ones(np.count_nonzero(free)),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(np.array(cuts)[:, free], 1, np.inf),
            options={"mip_rel_gap": 0},
        )
        hidden[free] = result.x > 0.5
    return hidden


def _attacked(
    choice: Choice, demand: Demand, hidden: BoolArray
) -> BoolArray | tuple[FloatArray, float]:
    """Which cells move where the demand is met, in fractions too; else per cell how much hiding it
    may add at most to the distance, and how much is missing without all of that."""
    from scipy.optimize import linprog

    kept = choice.kept
    rise, fall = limited(choice.room.rise), limited(choice.room.fall(demand.people))
    low, high = np.where(hidden, -fall, 0), np.where(hidden, rise, 0)
    low[demand.cell] = 0 if demand.sign > 0 else -demand.distance
    high[demand.cell] = demand.distance if demand.sign > 0 else 0
    goal = np.zeros(len(hidden))
    goal[demand.cell] = -demand.sign
    equal = kept.least == kept.most
    sides = [(kept.rows[~equal], kept.most[~equal]), (-kept.rows[~equal], -kept.least[~equal])]
    bands = np.concatenate([limited(most) for _, most in sides])
    result: Any = linprog(
        goal,
        A_eq=kept.rows[equal],
        b_eq=np.zeros(np.count_nonzero(equal)),
        A_ub=_stacked([rows for rows, _ in sides])[np.isfinite(bands)] if len(bands) else None,
        b_ub=bands[np.isfinite(bands)] if len(bands) else None,
        bounds=np.stack([low, high], axis=1),
        method="highs",
    )
    if -result.fun > demand.distance - 1e-6:
        return np.abs(result.x) > NOTHING
    up, down = -result.upper.marginals, result.lower.marginals
    adds = _times(up, rise) + _times(down, fall)
    adds[demand.cell] = 0
    missing = demand.distance - (
        float(-result.ineqlin.marginals @ bands[np.isfinite(bands)]) if len(bands) else 0.0
    )
    return adds, missing - float(adds[choice.unsafe].sum())


def _stacked(blocks: list[Any]) -> Any:
    import scipy.sparse as sp

    return sp.csr_array(sp.vstack(blocks, format="csr"))


def _times(multiplier: FloatArray, room: FloatArray) -> FloatArray:
    return np.where(multiplier > NOTHING, multiplier, 0) * np.where(multiplier > NOTHING, room, 0)


def _cut(adds: FloatArray, missing: float, free: BoolArray) -> FloatArray:
    """Weights per cell of which a choice must reach 1; a cell that suffices alone has 1."""
    return np.where(free, np.minimum((adds + NOTHING) / missing, 1), 0) * (adds > 0)
