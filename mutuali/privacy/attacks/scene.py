"""A release with the truth behind it, and how an attacker finds its target in it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from mutuali.privacy.attacks.result import Attack, AttackResult, Claim, scored
from mutuali.privacy.measures.grouping import Grouping, Values, group_by, values_of
from mutuali.privacy.measures.recoding import leaves_of
from mutuali.privacy.plan import Column, Plan, Role
from mutuali.privacy.recode.classes import BoolArray
from mutuali.privacy.recode.histogram import IntArray, text_column


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """``released`` under ``plan``, and the truth: ``raw`` and the raw row of each released one."""

    released: pa.Table
    plan: Plan
    raw: pa.Table
    witness: IntArray

    def known(self, rows: Sequence[int] | IntArray) -> pa.Table:
        """What the whole neighbourhood knows of raw rows: their quasi-identifiers."""
        names = [column.name for column in self.plan.named(Role.QUASI_IDENTIFIER)]
        return self.raw.select(names).take(pa.array(np.asarray(rows, dtype=np.int64)))

    def score(
        self, attack: Attack, rows: Sequence[int] | IntArray, claims: Sequence[Claim]
    ) -> AttackResult:
        """Hold claims about sensitive values of raw ``rows`` against these; examples are rows."""
        columns = {claim.column for claim in claims if claim.column is not None}
        truth = {name: texts(self.raw, name) for name in columns}
        named = [Claim(int(rows[c.target]), c.value, c.column) for c in claims]
        right = [c.column is not None and truth[c.column][c.target] == c.value for c in named]
        return scored(attack, len(rows), named, right)


def texts(table: pa.Table, name: str) -> list[str | None]:
    """The cells of a column as text."""
    cells: list[str | None] = text_column(table, name, floats=True).to_pylist()
    return cells


def sensitive(plan: Plan) -> list[str]:
    """The columns whose values an attacker is after."""
    return [column.name for column in plan.named(Role.SENSITIVE)]


class Cover:
    """Which classes of a release a row may be in, by its raw quasi-identifiers.

    Only columns that ``known`` has are looked at; where labels are on mixed levels, several classes
    may cover a row.
    """

    def __init__(self, released: pa.Table, plan: Plan, known: pa.Table) -> None:
        quasi = plan.named(Role.QUASI_IDENTIFIER)
        self.classes: Grouping = group_by(released, [column.name for column in quasi])
        example = np.zeros(self.classes.count, dtype=np.int64)
        example[self.classes.of] = np.arange(released.num_rows)
        order = np.argsort(self.classes.of, kind="stable")
        self._members = np.split(order, np.cumsum(self.classes.sizes)[:-1])
        self._tables, self._labels, leaves = [], [], []
        for column in quasi:
            if column.name in known.column_names:
                cells = values_of(released, column.name)
                self._tables.append(_covers(column, cells))
                self._labels.append(cells.codes[example])
                leaves.append(leaves_of(known, column))
        self._leaves = (
            np.column_stack(leaves) if leaves else np.zeros((known.num_rows, 0), dtype=np.int64)
        )
        self._found: dict[tuple[int, ...], IntArray] = {}

    def of(self, target: int) -> IntArray:
        """The classes that the known row with this number may be in."""
        key = tuple(self._leaves[target].tolist())
        if key not in self._found:
            here = np.ones(self.classes.count, dtype=np.bool_)
            for leaf, table, labels in zip(key, self._tables, self._labels, strict=True):
                here &= table[labels, leaf]
            self._found[key] = np.flatnonzero(here)
        return self._found[key]

    def rows(self, target: int) -> IntArray:
        """The released rows that may be the target's."""
        return self.members(self.of(target))

    def tallies(
        self, cells: Sequence[str | None], left: Sequence[bool] | None = None
    ) -> list[Counter[str | None]]:
        """Per class, how many of its rows have each cell; only of the rows that are ``left``."""
        found: list[Counter[str | None]] = [Counter() for _ in range(self.classes.count)]
        for row, number in enumerate(self.classes.of.tolist()):
            if left is None or left[row]:
                found[number][cells[row]] += 1
        return found

    def tally(self, target: int, tallies: Sequence[Counter[str | None]]) -> Counter[str | None]:
        """The cells of the rows that may be the target's, from those of each class."""
        classes = self.of(target).tolist()
        if len(classes) == 1:
            return tallies[classes[0]]
        return sum((tallies[number] for number in classes), Counter())

    def members(self, classes: IntArray) -> IntArray:
        """The released rows of some classes."""
        parts = [self._members[number] for number in classes.tolist()]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def _covers(column: Column, cells: Values) -> BoolArray:
    """Which labels stand in the chain of which leaf; NA that no chain names is the last leaf."""
    chains = list(column.generalization.chains)
    chains.append((None, chains[0][-1]))
    found = [[text in chain for chain in chains] for text in cells.texts]
    return np.array(found, dtype=np.bool_).reshape(len(found), len(chains))
