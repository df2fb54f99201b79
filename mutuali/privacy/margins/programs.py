"""The cheapest pattern of any form, as a linear program and, where needed, in whole numbers."""

from typing import Any

import numpy as np

from mutuali.privacy.margins.demands import Demand, Pattern, Ties
from mutuali.privacy.margins.products import BLOCKED, FloatArray
from mutuali.privacy.margins.table import IntArray
from mutuali.privacy.margins.unsafe import UNLIMITED

#: A change this close to a whole number is one; the pattern is checked in whole numbers after.
CLOSE = 1e-6

#: A search for whole numbers ends after as many nodes: a count, so that it ends the same each time.
NODES = 2_000


def linear_pattern(
    demand: Demand, prices: FloatArray, rise: IntArray, fall: IntArray, ties: Ties
) -> Pattern | None:
    """A pattern that meets the demand at the least sum of price times change; None if none does.

    Kelly, Golden and Assad, Cell suppression: disclosure protection for sensitive tabular data,
    Networks 22, 1992: the fixed price of hiding a cell is replaced by one per unit.
    """
    cells = np.flatnonzero(prices < BLOCKED)
    limits = limited(rise[cells]), limited(fall[cells])
    for whole in (False, True):
        change = _solved(cells, demand, prices[cells], limits, ties, whole)
        if change is None:
            return None
        rounded = np.rint(change).astype(np.int64)
        moved = rounded != 0
        pattern = Pattern(cells[moved], rounded[moved])
        if np.abs(change - rounded).max() < CLOSE and ties.keep(pattern):
            return pattern
    return None


def _solved(
    cells: IntArray,
    demand: Demand,
    prices: FloatArray,
    limits: tuple[FloatArray, FloatArray],
    ties: Ties,
    whole: bool,
) -> FloatArray | None:
    """The change of each of ``cells``, from a rise and a fall of each."""
    import scipy.sparse as sp
    from scipy.optimize import Bounds, LinearConstraint, milp

    most = np.concatenate(limits)
    least = np.zeros(len(most))
    target = int(np.searchsorted(cells, demand.cell))
    toward, away = (0, len(cells)) if demand.sign > 0 else (len(cells), 0)
    least[target + toward] = most[target + toward] = demand.distance
    most[target + away] = 0
    columns = ties.rows[:, cells]
    result: Any = milp(
        np.concatenate([prices, prices]),
        integrality=np.full(len(most), int(whole)),
        bounds=Bounds(least, most),
        constraints=LinearConstraint(
            sp.hstack([columns, -columns], format="csr"), -limited(-ties.least), limited(ties.most)
        ),
        options={"node_limit": NODES},
    )
    if result.x is None:
        return None
    return np.asarray(result.x[: len(cells)] - result.x[len(cells) :])


def limited(amounts: IntArray) -> FloatArray:
    """As floats, what has no limit as infinity."""
    return np.where(amounts >= UNLIMITED // 2, np.inf, amounts.astype(np.float64))
