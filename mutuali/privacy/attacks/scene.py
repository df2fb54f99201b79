"""A release with the truth behind it, and how an attacker finds its target in it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from mutuali.privacy.attacks.result import Attack, AttackResult, Claim, scored
from mutuali.privacy.measures.grouping import Grouping, Values, group, values_of
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

    def truth(self, claims: Sequence[Claim]) -> list[str | None]:
        """What the raw row of each claim, its target, says in the column of the claim; None of a
        claim without one."""
        found: list[str | None] = [None] * len(claims)
        for name in {claim.column for claim in claims if claim.column is not None}:
            mine = [place for place, claim in enumerate(claims) if claim.column == name]
            rows = self.raw.select([name]).take(pa.array([claims[each].target for each in mine]))
            for place, cell in zip(mine, texts(rows, name), strict=True):
                found[place] = cell
        return found

    def score(
        self, attack: Attack, rows: Sequence[int] | IntArray, claims: Sequence[Claim]
    ) -> AttackResult:
        """Hold claims about sensitive values of raw ``rows`` against these; examples are rows."""
        named = [Claim(int(rows[c.target]), c.value, c.column) for c in claims]
        right = [
            claim.column is not None and truth == claim.value
            for claim, truth in zip(named, self.truth(named), strict=True)
        ]
        return scored(attack, len(rows), named, right)


def texts(table: pa.Table, name: str) -> list[str | None]:
    """The cells of a column as text."""
    cells: list[str | None] = text_column(table, name, floats=True).to_pylist()
    return cells


def sensitive(plan: Plan) -> list[str]:
    """The columns whose values an attacker is after."""
    return [column.name for column in plan.named(Role.SENSITIVE)]


@dataclass(frozen=True, slots=True)
class Span:
    """Per class, the lowest and the highest number among its rows; one without rows has none, and
    ``low`` is above ``high``."""

    low: IntArray
    high: IntArray

    @classmethod
    def of(cls, places: IntArray, numbers: IntArray, count: int) -> "Span":
        """Of ``count`` classes, with a class and a number from 0 per row."""
        low = np.full(count, np.iinfo(np.int64).max)
        high = np.full(count, -1)
        np.minimum.at(low, places, numbers)
        np.maximum.at(high, places, numbers)
        return cls(low, high)

    def only(self, classes: IntArray) -> int | None:
        """The one number that there is in some classes together; None where there are several, or
        none."""
        if not len(classes):
            return None
        low, high = int(self.low[classes].min()), int(self.high[classes].max())
        return low if low == high else None


class Cover:
    """Which classes of a release a row may be in, by its raw quasi-identifiers.

    Only columns that ``known`` has are looked at; where labels are on mixed levels, several classes
    may cover a row. ``alike`` groups the known rows that say the same.
    """

    def __init__(self, released: pa.Table, plan: Plan, known: pa.Table) -> None:
        quasi = plan.named(Role.QUASI_IDENTIFIER)
        cells = {column.name: values_of(released, column.name) for column in quasi}
        self.classes: Grouping = group([each.codes for each in cells.values()], released.num_rows)
        example = np.zeros(self.classes.count, dtype=np.int64)
        example[self.classes.of] = np.arange(released.num_rows)
        self._tables, self._labels, leaves = [], [], []
        for column in quasi:
            if column.name in known.column_names:
                self._tables.append(_covers(column, cells[column.name]))
                self._labels.append(cells[column.name].codes[example])
                leaves.append(leaves_of(known, column))
        self._leaves = leaves
        self.alike: Grouping = group(leaves, known.num_rows)
        self._found: dict[int, IntArray] = {}

    @cached_property
    def _members(self) -> list[IntArray]:
        order = np.argsort(self.classes.of, kind="stable")
        return np.split(order, np.cumsum(self.classes.sizes)[:-1])

    def of(self, target: int) -> IntArray:
        """The classes that the known row with this number may be in."""
        key = int(self.alike.of[target])
        if key not in self._found:
            here = np.arange(self.classes.count)
            for leaves, table, labels in zip(self._leaves, self._tables, self._labels, strict=True):
                here = here[table[:, leaves[target]][labels[here]]]
            self._found[key] = here
        return self._found[key]

    def span(self, numbers: IntArray, left: BoolArray | None = None) -> Span:
        """Of the numbers of the released rows, class by class; only of the rows that are
        ``left``."""
        here = slice(None) if left is None else left
        return Span.of(self.classes.of[here], numbers[here], self.classes.count)

    def rows(self, target: int) -> IntArray:
        """The released rows that may be the target's."""
        return self.members(self.of(target))

    def tallies(self, cells: Sequence[str | None]) -> list[Counter[str | None]]:
        """Per class, how many of its rows have each cell."""
        found: list[Counter[str | None]] = [Counter() for _ in range(self.classes.count)]
        for number, cell in zip(self.classes.of.tolist(), cells, strict=True):
            found[number][cell] += 1
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
