"""A table of sums with all of its margins, as one row of cells and the equations between them.

Each dimension is a tree: its root is the total, inner nodes are sub-totals, leaves are what was
counted. A cell is one node per dimension, so margins are cells like the others: they have a value,
contributors, and may be unsafe themselves.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mutuali.privacy.errors import BadTable, PlanError
from mutuali.privacy.hierarchy import ANY, Hierarchy

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

#: One label per dimension.
Key = tuple[str, ...]

#: What each contributor gives to each leaf cell.
Leaves = Mapping[Key, Mapping[str, int]]

#: More than that no reader asks for, and what can be derived is hard to search.
MOST_DIMENSIONS = 3


@dataclass(frozen=True, slots=True)
class Dimension:
    """A tree of labels: ``above[i]`` is the position of the parent of ``labels[i]``.

    The root comes first with -1, and each parent before its children.

    Raises:
        PlanError: a label twice, another order, or no leaf below the root.
    """

    name: str
    labels: tuple[str, ...]
    above: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(set(self.labels)) < len(self.labels):
            raise PlanError(f"dimension {self.name!r} has a label twice")
        if len(self.labels) != len(self.above) or len(self.labels) < 2 or self.above[0] != -1:
            raise PlanError(f"dimension {self.name!r} needs a root, first, and labels below it")
        if not all(0 <= parent < child for child, parent in enumerate(self.above) if child):
            raise PlanError(f"dimension {self.name!r} names a label before its parent")

    @classmethod
    def flat(cls, name: str, leaves: Sequence[str]) -> "Dimension":
        """``leaves`` under a total called '*'."""
        return cls(name, (ANY, *leaves), (-1, *(0 for _ in leaves)))

    @classmethod
    def nested(cls, name: str, hierarchy: Hierarchy) -> "Dimension":
        """The levels of a hierarchy as sub-totals; NA is the empty label.

        A label that stands on consecutive levels of a chain is one node.

        Raises:
            PlanError: a label that stands in different places.
        """
        labels: dict[str, int] = {}
        above: list[int] = []
        for chain in hierarchy.chains:
            parent = -1
            for label, _ in itertools.groupby("" if one is None else one for one in chain[::-1]):
                if label not in labels:
                    labels[label] = len(above)
                    above.append(parent)
                elif above[labels[label]] != parent:
                    raise PlanError(f"dimension {name!r} has {label!r} in different places")
                parent = labels[label]
        return cls(name, tuple(labels), tuple(above))

    @property
    def leaves(self) -> tuple[int, ...]:
        """The positions of the labels that have nothing below them."""
        inner = set(self.above)
        return tuple(node for node in range(len(self.labels)) if node not in inner)

    def path(self, node: int) -> tuple[int, ...]:
        """``node``, its parent and so on up to the root."""
        steps = [node]
        while (parent := self.above[steps[-1]]) >= 0:
            steps.append(parent)
        return tuple(steps)


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """Amounts >= 0 per cell and contributor, in that order, as parallel arrays; the entries of cell
    c are ``start[c]`` to ``start[c + 1]``."""

    cell: IntArray
    person: IntArray
    amount: IntArray
    start: IntArray

    def largest(self, count: int) -> IntArray:
        """Per cell, the sum of its ``count`` largest amounts."""
        order = np.lexsort((-self.amount, self.cell))
        rank = np.arange(len(order)) - self.start[self.cell[order]]
        top = order[rank < count]
        sums = np.zeros(len(self.start) - 1, dtype=np.int64)
        np.add.at(sums, self.cell[top], self.amount[top])
        return sums

    def of(self, person: int) -> IntArray:
        """Per cell, the amount of one contributor."""
        mine = self.person == person
        amounts = np.zeros(len(self.start) - 1, dtype=np.int64)
        amounts[self.cell[mine]] = self.amount[mine]
        return amounts


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Cells in the order of :meth:`key`: ``value`` of each, and who is behind it on each side.

    ``known`` is what each contributor knows of each cell: its amounts on all sides, at most the
    value. A cell without any contributor is empty: everybody knows that it is 0.
    """

    dimensions: tuple[Dimension, ...]
    contributors: tuple[str, ...]
    value: IntArray
    sides: tuple[Shares, ...]
    known: Shares

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of labels of each dimension."""
        return tuple(len(dimension.labels) for dimension in self.dimensions)

    @property
    def empty(self) -> BoolArray:
        """Which cells have no contributor."""
        return np.diff(self.known.start) == 0

    def key(self, cell: int) -> Key:
        """The labels of a cell."""
        position = np.unravel_index(cell, self.shape)
        return tuple(d.labels[p] for d, p in zip(self.dimensions, position, strict=True))

    def cell(self, key: Key) -> int:
        """The number of the cell with these labels.

        Raises:
            PlanError: there is no such cell.
        """
        if len(key) != len(self.dimensions):
            raise PlanError(f"cell {key!r} does not have {len(self.dimensions)} labels")
        for dimension, label in zip(self.dimensions, key, strict=True):
            if label not in dimension.labels:
                raise PlanError(f"dimension {dimension.name!r} has no label {label!r}")
        position = [d.labels.index(label) for d, label in zip(self.dimensions, key, strict=True)]
        return int(np.ravel_multi_index(position, self.shape))


def with_margins(dimensions: Sequence[Dimension], sides: Sequence[Leaves]) -> Table:
    """Sum what contributors give to the leaf cells into all cells.

    ``sides`` has one mapping per side that counts its own contributors; a loan has two, and both
    add up to the same value in each cell. An amount of 0 counts only where the whole cell is 0:
    who adds nothing hides nobody.

    Raises:
        PlanError: no side, no dimension or more than three, or two of the same name.
        BadTable: a cell that is no leaf, an amount that is no whole number >= 0, or sides that do
            not add up to the same; rows count the cells as given.
    """
    names = [dimension.name for dimension in dimensions]
    if not 1 <= len(names) <= MOST_DIMENSIONS or len(set(names)) < len(names) or not sides:
        raise PlanError(f"a table needs a side and one to three different dimensions: {names}")
    numbers: dict[str, int] = {}
    entries = [_entries(dimensions, leaves, numbers) for leaves in sides]
    people = max(len(numbers), 1)
    cells = math.prod(len(dimension.labels) for dimension in dimensions)
    summed = [_summed(dimensions, *entry, people) for entry in entries]
    value = _total(*summed[0], cells)
    if any((_total(*other, cells) != value).any() for other in summed[1:]):
        raise BadTable("the sides do not add up to the same", column=names[0])
    shares = [_shares(*one, value) for one in summed]
    known = shares[0] if len(shares) == 1 else _known(shares, value, people)
    return Table(tuple(dimensions), tuple(numbers), value, tuple(shares), known)


def _entries(
    dimensions: Sequence[Dimension], leaves: Leaves, numbers: dict[str, int]
) -> tuple[list[IntArray], IntArray, IntArray]:
    """Leaf per dimension, contributor and amount of each entry."""
    positions = [{d.labels[leaf]: leaf for leaf in d.leaves} for d in dimensions]
    where: list[list[int]] = [[] for _ in dimensions]
    who: list[int] = []
    amounts: list[int] = []
    for number, (key, shares) in enumerate(leaves.items()):
        if len(key) != len(dimensions):
            raise BadTable(f"cell {key!r} has other keys", column=dimensions[0].name, row=number)
        for dimension, known, label in zip(dimensions, positions, key, strict=True):
            if label not in known:
                raise BadTable(f"{label!r} is no leaf", column=dimension.name, row=number)
        for person, amount in shares.items():
            if isinstance(amount, bool) or not isinstance(amount, int) or amount < 0:
                problem = f"cell {key!r}: {amount!r} is no whole number of 0 or more"
                raise BadTable(problem, column=dimensions[0].name, row=number)
            for column, known, label in zip(where, positions, key, strict=True):
                column.append(known[label])
            who.append(numbers.setdefault(person, len(numbers)))
            amounts.append(amount)
    columns = [np.array(column, dtype=np.int64) for column in where]
    return columns, np.array(who, dtype=np.int64), np.array(amounts, dtype=np.int64)


def _summed(
    dimensions: Sequence[Dimension],
    where: Sequence[IntArray],
    who: IntArray,
    amounts: IntArray,
    people: int,
) -> tuple[IntArray, IntArray, IntArray]:
    """(cell, person, amount) in order, over all cells that an entry falls into."""
    cell = np.zeros(len(who), dtype=np.int64)
    entry = np.arange(len(who))
    for dimension, column in zip(dimensions, where, strict=True):
        paths = [dimension.path(node) for node in range(len(dimension.labels))]
        leaves = column[entry]
        length = np.array([len(path) for path in paths])[leaves]
        nodes = [node for leaf in leaves for node in paths[leaf]]
        cell = np.repeat(cell, length) * len(paths) + np.array(nodes, dtype=np.int64)
        entry = np.repeat(entry, length)
    return _gathered(cell * people + who[entry], amounts[entry], people)


def _gathered(
    keys: IntArray, amounts: IntArray, people: int
) -> tuple[IntArray, IntArray, IntArray]:
    found, position = np.unique(keys, return_inverse=True)
    sums = np.zeros(len(found), dtype=np.int64)
    np.add.at(sums, position, amounts)
    return found // people, found % people, sums


def _total(cell: IntArray, _: IntArray, amount: IntArray, cells: int) -> IntArray:
    value = np.zeros(cells, dtype=np.int64)
    np.add.at(value, cell, amount)
    return value


def _shares(cell: IntArray, person: IntArray, amount: IntArray, value: IntArray) -> Shares:
    counted = (amount > 0) | (value[cell] == 0)
    cell, person, amount = cell[counted], person[counted], amount[counted]
    return Shares(cell, person, amount, np.searchsorted(cell, np.arange(len(value) + 1)))


def _known(sides: Sequence[Shares], value: IntArray, people: int) -> Shares:
    """Both parts of who stands on both sides; a loan to oneself is counted once by the limit."""
    keys = np.concatenate([side.cell * people + side.person for side in sides])
    amounts = np.concatenate([side.amount for side in sides])
    cell, person, amount = _gathered(keys, amounts, people)
    return _shares(cell, person, np.minimum(amount, value[cell]), value)


def equations(dimensions: Sequence[Dimension]) -> Any:
    """What adds up, as a SciPy CSR array: each row times the values is 0.

    One row per inner node of a dimension and choice of labels in the others: +1 at the node's cell,
    -1 at each of its children.
    """
    import scipy.sparse as sp

    shape = [len(dimension.labels) for dimension in dimensions]
    blocks = []
    for axis, dimension in enumerate(dimensions):
        inner = sorted({parent for parent in dimension.above if parent >= 0})
        rows = np.zeros((len(inner), shape[axis]))
        rows[np.arange(len(inner)), inner] = 1
        for child, parent in enumerate(dimension.above):
            if parent >= 0:
                rows[inner.index(parent), child] = -1
        before, after = math.prod(shape[:axis]), math.prod(shape[axis + 1 :])
        block = sp.kron(sp.eye_array(before), sp.kron(sp.csr_array(rows), sp.eye_array(after)))
        blocks.append(block)
    return sp.csr_array(sp.vstack(blocks, format="csr"))
