"""What must stay possible: other tables that an attacker cannot tell from the true one.

A pattern is a change of hidden cells after which everything published still adds up. A demand asks
for patterns that move one unsafe cell by a distance, up or down, so that each contributor of a
group finds one among them in which no cell falls below what it knows to be in it. Who takes its own
part away so sees two tables as possible, and an outsider does all the more.

Nearly all contributors are one group. Only those who know so much of the cell that the full
distance would fall into their own part stand alone, with the shorter distance of the rest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mutuali.privacy.errors import UnsafeOutput
from mutuali.privacy.margins.table import BoolArray, IntArray, Table, equations
from mutuali.privacy.margins.unsafe import UNLIMITED, Fact, Protection, located


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Move ``cell`` by ``sign`` (1 or -1) times ``distance`` where ``people`` cannot tell.

    Contributors ascend; without any, only outsiders are asked about.
    """

    cell: int
    sign: int
    distance: int
    people: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """By how much each of some cells changes, never 0; no cell stands twice."""

    cells: IntArray
    change: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Ties:
    """What every pattern must keep: ``rows`` times the changes lies between ``least`` and ``most``.

    The equations of the margins come first, then one row per fact about several cells; ``tied``
    are the cells in such facts. SciPy CSR array of shape (rows, cells).
    """

    rows: Any
    least: IntArray
    most: IntArray
    tied: BoolArray

    def keep(self, pattern: Pattern) -> bool:
        """Whether the pattern keeps all of them."""
        change = np.zeros(self.rows.shape[1])
        change[pattern.cells] = pattern.change
        moved = self.rows @ change
        return bool(((moved >= self.least) & (moved <= self.most)).all())


def ties(table: Table, facts: Sequence[Fact]) -> Ties:
    """The equations of the table and the facts about several cells."""
    import scipy.sparse as sp

    adds_up = equations(table.dimensions)
    groups = [
        (cells, fact)
        for cells, fact in zip(located(table, facts), facts, strict=True)
        if len(cells) > 1
    ]
    tied = np.zeros(len(table.value), dtype=np.bool_)
    known = np.zeros((len(groups), len(tied)))
    least, most = [0] * adds_up.shape[0], [0] * adds_up.shape[0]
    for row, (cells, fact) in enumerate(groups):
        total = int(table.value[cells].sum())
        known[row, cells] = 1
        tied[cells] = True
        least.append(fact.low - total)
        most.append(fact.most if fact.high is None else fact.high - total)
    rows = sp.csr_array(sp.vstack([adds_up, sp.csr_array(known)], format="csr"))
    return Ties(rows, np.array(least), np.array(most), tied)


class Room:
    """How far each cell of a table can move before an attacker would know better.

    ``low`` and ``high`` are what facts about single cells leave to each; ``rise`` is how far each
    can go up.
    """

    def __init__(self, table: Table, facts: Sequence[Fact]) -> None:
        self.low = np.zeros(len(table.value), dtype=np.int64)
        self.high = np.full(len(table.value), UNLIMITED, dtype=np.int64)
        for cells, fact in zip(located(table, facts), facts, strict=True):
            if len(cells) == 1:
                self.low[cells] = np.maximum(self.low[cells], fact.low)
                self.high[cells] = np.minimum(self.high[cells], fact.most)
        self.rise = np.where(table.empty, 0, self.high - table.value)
        self._table = table
        self._falls: dict[bytes, IntArray] = {}

    def fall(self, people: IntArray) -> IntArray:
        """How far each cell can fall before any of ``people`` would know better."""
        if (found := self._falls.get(people.tobytes())) is None:
            known = self._table.known
            among = np.zeros(len(self._table.contributors), dtype=np.bool_)
            among[people] = True
            theirs = among[known.person].nonzero()[0]
            most = self.low.copy()
            np.maximum.at(most, known.cell[theirs], known.amount[theirs])
            found = self._falls[people.tobytes()] = self._table.value - most
        return found

    def knowing_better(self, pattern: Pattern, people: IntArray) -> IntArray:
        """Those of ``people`` who know more of a cell than the pattern leaves in it."""
        known = self._table.known
        left = self._table.value[pattern.cells] + pattern.change
        found = []
        for cell, amount in zip(pattern.cells, left, strict=True):
            entries = slice(known.start[cell], known.start[cell + 1])
            found.append(known.person[entries][known.amount[entries] > amount])
        return np.intersect1d(np.concatenate(found), people)


def demands(table: Table, unsafe: BoolArray, room: Room, protection: Protection) -> list[Demand]:
    """All that must stay possible, the smallest distances first.

    Raises:
        UnsafeOutput: facts alone leave an unsafe cell too little room.
    """
    narrow = []
    found = []
    for cell in map(int, np.flatnonzero(unsafe)):
        value = int(table.value[cell])
        far = protection.distance(value)
        if room.high[cell] - value < far or value - room.low[cell] < min(far, value):
            bounds = f"{room.low[cell]} to {room.high[cell]}"
            narrow.append(f"cell {table.key(cell)!r} is known to be {bounds} without the table")
        for distance, people in _groups(table, cell, protection):
            for sign, limit in ((1, distance), (-1, min(distance, value))):
                if limit:
                    found.append(Demand(cell, sign, limit, people))
    if narrow:
        raise UnsafeOutput(tuple(narrow))
    return sorted(found, key=lambda demand: (demand.distance, demand.cell, demand.sign))


def _groups(table: Table, cell: int, protection: Protection) -> Iterator[tuple[int, IntArray]]:
    value = int(table.value[cell])
    distance = protection.distance(value)
    entries = slice(table.known.start[cell], table.known.start[cell + 1])
    people, amounts = table.known.person[entries], table.known.amount[entries]
    large = amounts > max(value - distance, 0)
    yield distance, np.setdiff1d(np.arange(len(table.contributors)), people[large])
    for person, amount in zip(people[large], amounts[large], strict=True):
        if amount < value:
            yield protection.distance(value - int(amount)), np.array([person])
