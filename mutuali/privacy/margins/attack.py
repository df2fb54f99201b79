"""What an attacker can derive of hidden cells, by linear programming over what is published.

Written without the code that chooses what to hide. The attacker knows every published cell, that
margins add up, that amounts are whole numbers of 0 or more, and the facts: earlier releases and
public bounds. A contributor also knows its own part of each cell. Only hidden cells are unknowns;
cells that no equation links, directly or through others, are solved apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mutuali.privacy.margins.table import BoolArray, IntArray, Table, equations
from mutuali.privacy.margins.unsafe import UNLIMITED, Fact, located

FloatArray = npt.NDArray[np.float64]

#: A number this close to a whole one is one; tables are checked in whole numbers after.
CLOSE = 1e-6

#: A search for whole numbers ends after as many nodes; what is not found then counts as impossible.
NODES = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Linked hidden cells: ``rows`` times their values lies between ``least`` and ``most``."""

    cells: IntArray
    rows: Any
    least: FloatArray
    most: FloatArray


class Attack:
    """The system of equations that all attackers share.

    ``low`` and ``high`` bound each cell before any equation.
    """

    def __init__(self, table: Table, hidden: BoolArray, facts: Sequence[Fact]) -> None:
        self.low = np.zeros(len(table.value), dtype=np.int64)
        self.high = np.where(table.empty, 0, UNLIMITED)
        self._value = table.value
        self._hidden = hidden
        self._rows, self._least, self._most = self._everything_known(table, facts)
        self._parts = self._linked()

    def _everything_known(
        self, table: Table, facts: Sequence[Fact]
    ) -> tuple[Any, FloatArray, FloatArray]:
        """All equations and facts over all cells, and between what each sum lies."""
        import scipy.sparse as sp

        adds_up = equations(table.dimensions)
        least, most = [0.0] * adds_up.shape[0], [0.0] * adds_up.shape[0]
        rows = [adds_up]
        for cells, fact in zip(located(table, facts), facts, strict=True):
            if len(cells) == 1:
                self.low[cells] = np.maximum(self.low[cells], fact.low)
                self.high[cells] = np.minimum(self.high[cells], fact.most)
            else:
                ones = (np.ones(len(cells)), (np.zeros(len(cells), dtype=np.int64), cells))
                rows.append(sp.csr_array(ones, shape=(1, len(table.value))))
                least.append(fact.low)
                most.append(np.inf if fact.high is None else fact.high)
        return sp.csr_array(sp.vstack(rows, format="csr")), np.array(least), np.array(most)

    def _linked(self) -> dict[int, _Part]:
        """The part of each hidden cell."""
        import scipy.sparse as sp
        from scipy.sparse.csgraph import connected_components

        cells = np.flatnonzero(self._hidden)
        shown = self._rows @ np.where(self._hidden, 0, self._value).astype(np.float64)
        rows = self._rows[:, cells]
        links = sp.block_array([[None, rows], [rows.T, None]], format="csr")
        _, group = connected_components(links, directed=False)
        of_row, of_cell = group[: rows.shape[0]], group[rows.shape[0] :]
        parts: dict[int, _Part] = {}
        for number in np.unique(of_cell):
            here, inside = of_row == number, of_cell == number
            part = _Part(
                cells[inside],
                rows[here][:, inside],
                self._least[here] - shown[here],
                self._most[here] - shown[here],
            )
            parts |= dict.fromkeys(part.cells.tolist(), part)
        return parts

    def possible(self, cells: IntArray, change: IntArray) -> bool:
        """Whether an outsider who sees what is published must reckon with this change of it."""
        moved = np.zeros(len(self._value), dtype=np.int64)
        moved[cells] = change
        after = self._value + moved
        sums = self._rows @ after.astype(np.float64)
        return bool(
            not moved[~self._hidden].any()
            and ((self.low <= after) & (after <= self.high)).all()
            and ((self._least <= sums) & (sums <= self._most)).all()
        )

    def furthest(
        self, cell: int, sign: int, own: IntArray, enough: int | None = None
    ) -> tuple[int | None, IntArray]:
        """How far up (``sign`` 1) or down (-1) a hidden cell can be for who has ``own`` part of
        each, and by how much every cell then differs; None is without limit.

        With ``enough`` the search ends at that distance from the true value.
        """
        part = self._parts[cell]
        low = np.maximum(self.low, own)[part.cells].astype(np.float64)
        high = np.where(self.high >= UNLIMITED, np.inf, self.high)[part.cells]
        target = int(np.searchsorted(part.cells, cell))
        value = int(self._value[cell])
        if enough is not None and sign > 0:
            high[target] = min(high[target], value + enough)
        elif enough is not None:
            low[target] = max(low[target], value - enough)
        change = np.zeros(len(self._value), dtype=np.int64)
        for whole in (False, True):
            result = _solved(part, target, -sign, low, high, whole)
            if result.x is None:
                # The true values are a solution: no limit, or the search ended before it found one.
                unlimited = result.status in (3, 4)
                return None if unlimited else value, np.zeros_like(change)
            change[part.cells] = np.rint(result.x).astype(np.int64) - self._value[part.cells]
            close = np.abs(result.x - np.rint(result.x)).max() < CLOSE
            if close and self.possible(part.cells, change[part.cells]):
                return value + int(change[cell]), change
        return value, np.zeros_like(change)


def _solved(
    part: _Part, target: int, goal: int, low: FloatArray, high: FloatArray, whole: bool
) -> Any:
    """The program in which the target is least (``goal`` 1) or most (-1)."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    costs = np.zeros(len(low))
    costs[target] = goal
    return milp(
        costs,
        integrality=np.full(len(low), int(whole)),
        bounds=Bounds(low, high),
        constraints=LinearConstraint(part.rows, part.least, part.most),
        options={"node_limit": NODES},
    )
