"""The second look at a table with hidden cells: nothing leaves that an attacker can undo.

For each unsafe cell and each attacker, an outsider and every contributor, two other tables must be
possible that agree with all that this attacker knows: one in which the cell is higher, one in which
it is lower, by the distance of the protection. Patterns that somebody hands in are taken as such
tables if they are; what they leave open is attacked by linear programming.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from mutuali.privacy.errors import UnsafeOutput
from mutuali.privacy.margins.attack import Attack
from mutuali.privacy.margins.demands import Pattern
from mutuali.privacy.margins.table import BoolArray, IntArray, Key, Table
from mutuali.privacy.margins.unsafe import Fact, Protection

#: Up to as many hidden cells, every interval is solved to its ends.
FEW_HIDDEN = 300

#: The name of who is behind no cell.
OUTSIDER = "outsider"


@dataclass(frozen=True, slots=True)
class Interval:
    """What an outsider can derive of a hidden cell: at most ``low`` to ``high`` (None: no limit).

    Where it is not ``exact`` the outsider derives no more than that, and perhaps less.
    """

    cell: Key
    value: int
    unsafe: bool
    low: int
    high: int | None
    exact: bool


@dataclass(frozen=True, slots=True)
class Audit:
    """The intervals of all hidden cells; each unsafe one withstood ``attackers``, the outsider and
    the contributors; ``programs`` had to be solved for that."""

    intervals: tuple[Interval, ...]
    attackers: int
    programs: int

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON-able values; it holds what is hidden and is for stewards only."""
        return asdict(self)


def audit(
    table: Table,
    hidden: BoolArray,
    unsafe: BoolArray,
    *,
    facts: Sequence[Fact] = (),
    protection: Protection | None = None,
    patterns: Sequence[Pattern] = (),
) -> Audit:
    """Attack a table of which ``hidden`` cells are not published.

    Raises:
        UnsafeOutput: an unsafe cell is published, or known too closely to some attacker; each
            finding names the cell, the attacker and what it can derive.
        PlanError: a fact that is not true of the table.
    """
    shown = np.flatnonzero(unsafe & ~hidden)
    if len(shown):
        raise UnsafeOutput(tuple(f"cell {table.key(int(cell))!r} is published" for cell in shown))
    look = _Look(table, hidden, facts, patterns)
    findings = []
    for cell in map(int, np.flatnonzero(unsafe)):
        findings += list(look.findings(cell, protection or Protection()))
    if findings:
        raise UnsafeOutput(tuple(findings))
    exact = int(np.count_nonzero(hidden)) <= FEW_HIDDEN
    intervals = tuple(
        look.interval(int(cell), bool(unsafe[cell]), exact) for cell in np.flatnonzero(hidden)
    )
    return Audit(intervals, len(table.contributors) + 1, look.programs)


class _Look:
    """The attack, and the possible tables found so far: who knows better than each, and by how much
    each moves a cell."""

    def __init__(
        self, table: Table, hidden: BoolArray, facts: Sequence[Fact], patterns: Sequence[Pattern]
    ) -> None:
        self._table = table
        self._attack = Attack(table, hidden, facts)
        self._outsider = len(table.contributors)
        self._moves: dict[int, list[tuple[int, BoolArray]]] = defaultdict(list)
        self.programs = 0
        for pattern in patterns:
            if self._attack.possible(pattern.cells, pattern.change):
                self._add(pattern.cells, pattern.change)

    def findings(self, cell: int, protection: Protection) -> Iterator[str]:
        """One sentence per attacker who gets too close to the cell."""
        value = int(self._table.value[cell])
        own = np.zeros(self._outsider + 1, dtype=np.int64)
        entries = slice(self._table.known.start[cell], self._table.known.start[cell + 1])
        own[self._table.known.person[entries]] = self._table.known.amount[entries]
        need = protection.distances(value - own)
        threat = (own < value) | (value == 0)
        for sign, distances in ((1, need), (-1, np.minimum(need, value - own))):
            left = threat & (distances > 0)
            for moved, fooled in self._moves[cell]:
                left &= ~(fooled & (sign * moved >= distances))
            while left.any():
                # The outsider comes last: what fools a contributor often fools it too.
                attacker = int(np.flatnonzero(left)[0])
                moved, fooled = self._attacked(cell, sign, attacker, int(distances[attacker]))
                left &= ~(fooled & (sign * moved >= distances))
                if left[attacker]:
                    left[attacker] = False
                    yield self._finding(cell, attacker, int(distances[attacker]))

    def interval(self, cell: int, unsafe: bool, exact: bool) -> Interval:
        """What an outsider can derive, solved, or as wide as the possible tables show."""
        value = int(self._table.value[cell])
        low: int = value + min((moved for moved, _ in self._moves[cell]), default=0)
        high: int | None = value + max((moved for moved, _ in self._moves[cell]), default=0)
        if exact:
            low, high = self._ends(cell, self._outsider)
        return Interval(self._table.key(cell), value, unsafe, low, high, exact)

    def _ends(self, cell: int, attacker: int) -> tuple[int, int | None]:
        own = self._own(attacker)
        high, _ = self._attack.furthest(cell, 1, own)
        low, _ = self._attack.furthest(cell, -1, own)
        return low or 0, high

    def _attacked(
        self, cell: int, sign: int, attacker: int, distance: int
    ) -> tuple[int, BoolArray]:
        """By how much the cell can move up to the distance, and whom that table fools."""
        self.programs += 1
        _, change = self._attack.furthest(cell, sign, self._own(attacker), distance)
        cells = np.flatnonzero(change)
        return int(change[cell]), self._add(cells, change[cells])

    def _add(self, cells: IntArray, change: IntArray) -> BoolArray:
        fooled = np.ones(self._outsider + 1, dtype=np.bool_)
        known = self._table.known
        for cell, by in zip(cells.tolist(), change.tolist(), strict=True):
            if by < 0:
                entries = slice(known.start[cell], known.start[cell + 1])
                better = known.amount[entries] > self._table.value[cell] + by
                fooled[known.person[entries][better]] = False
        for cell, by in zip(cells.tolist(), change.tolist(), strict=True):
            self._moves[cell].append((by, fooled))
        return fooled

    def _own(self, attacker: int) -> IntArray:
        if attacker == self._outsider:
            return np.zeros(len(self._table.value), dtype=np.int64)
        return self._table.known.of(attacker)

    def _finding(self, cell: int, attacker: int, distance: int) -> str:
        low, high = self._ends(cell, attacker)
        outside = attacker == self._outsider
        name = OUTSIDER if outside else repr(self._table.contributors[attacker])
        return (
            f"cell {self._table.key(cell)!r} of {self._table.value[cell]}: {name} can derive "
            f"{low} to {'no limit' if high is None else high}, {distance} to each side is needed"
        )
