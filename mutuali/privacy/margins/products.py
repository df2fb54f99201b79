"""The cheapest pattern among products of moves, found by looking at all of them at once.

A move shifts 1 from one leaf of a dimension to another, or adds 1 to a leaf, with all sub-totals
above. The product of one move per dimension keeps every equation of the table: in a flat table it
is the hypercube of Repsilber (Giessing and Repsilber, Tools and strategies to protect multiple
tables with the GHQUAR cell suppression engine, 2002), here with sub-totals of any depth. All
products through a cell are priced together, as a tensor contracted with the moves.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mutuali.privacy.margins.demands import Demand, Pattern
from mutuali.privacy.margins.table import Dimension, IntArray

FloatArray = npt.NDArray[np.float64]

#: The price of a cell that must not move. Prices are whole numbers and all others together are
#: less, so that sums stay exact in a float.
BLOCKED = float(1 << 40)

#: A step that costs nothing covers at least what is missing halved one time less than that: many
#: small steps take long to find, and what hangs on them is seldom worth it (measured).
HALVINGS = 3

#: Some moves, a row each over the labels of a dimension: 1 where they add, 1 where they take away.
Moves = tuple[FloatArray, FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """A product times ``distance``."""

    distance: int
    cells: IntArray
    change: IntArray


class Products:
    """All products of moves over some dimensions."""

    def __init__(self, dimensions: Sequence[Dimension]) -> None:
        self._shape = tuple(len(dimension.labels) for dimension in dimensions)
        self._moves = [
            [_moves(dimension, node) for node in range(len(dimension.labels))]
            for dimension in dimensions
        ]

    def pattern(
        self, demand: Demand, prices: FloatArray, rise: IntArray, fall: IntArray
    ) -> Pattern | None:
        """A cheap sum of products that meets the demand; None if none is found.

        No cell moves by more than ``rise`` and ``fall``. A distance that no product covers for
        nothing is covered in parts, those that cost nothing first.
        """
        search = _Search(self._shape, self._moves, demand, prices, rise, fall)
        change = np.zeros(len(prices), dtype=np.int64)
        missing = demand.distance
        while missing:
            step = search.step(missing)
            if step is None:
                return None
            change[step.cells] += step.change
            search.take(step)
            missing -= step.distance
        cells = np.flatnonzero(change)
        return Pattern(cells, change[cells])


class _Search:
    """What prices and room are left while a pattern grows, as tensors of the table's shape."""

    def __init__(
        self,
        shape: tuple[int, ...],
        moves: Sequence[Sequence[Moves]],
        demand: Demand,
        prices: FloatArray,
        rise: IntArray,
        fall: IntArray,
    ) -> None:
        self._position = tuple(map(int, np.unravel_index(demand.cell, shape)))
        self._moves = [of[node] for of, node in zip(moves, self._position, strict=True)]
        self._sign = demand.sign
        self._shape = shape
        self._prices = prices.copy()
        # Where the product of the moves is 1, a cell goes the way of the demand, else against it.
        room = (rise, fall) if demand.sign > 0 else (fall, rise)
        self._along, self._against = (one.copy() for one in room)
        self._prices[demand.cell] = 0
        self._along[demand.cell] = demand.distance

    def take(self, step: _Step) -> None:
        """Use up room; what is paid once costs nothing more."""
        along = self._sign * step.change
        self._along[step.cells] -= along
        self._against[step.cells] += along
        self._prices[step.cells] = 0

    def step(self, most: int) -> _Step | None:
        """A large step that costs nothing, else a cheap one."""
        distances = most >> np.arange(most.bit_length())
        free = np.where(self._prices > 0, BLOCKED, 0)
        found = self._cheapest(distances[:HALVINGS], free)
        if found is None and ((self._prices > 0) & (self._prices < BLOCKED)).any():
            far, near = distances[:HALVINGS], distances[HALVINGS:]
            found = self._cheapest(far, self._prices)
            if found is None and len(near):
                found = self._cheapest(near, self._prices)
        return None if found is None else self._stretched(found, most)

    def _stretched(self, step: _Step, most: int) -> _Step:
        """The same product over all the distance it can bear, up to ``most``."""
        along = (step.change > 0) == (self._sign > 0)
        room = np.where(along, self._along[step.cells], self._against[step.cells])
        distance = min(int(room.min()), most)
        return _Step(distance, step.cells, step.change // step.distance * distance)

    def _cheapest(self, distances: IntArray, prices: FloatArray) -> _Step | None:
        """The cheapest product at the first distance that any can bear; distances descend."""
        moves, labels = [], []
        for axis, (added, taken) in enumerate(self._moves):
            # What is blocked beside the cell itself rules out most moves before any product.
            line = (*self._position[:axis], slice(None), *self._position[axis + 1 :])
            along, against = self._priced(line, distances[-1:], prices)
            beside = added @ along[0] + taken @ against[0]
            left = (beside < BLOCKED).nonzero()[0]
            if not len(left):
                return None
            touched = (added[left] + taken[left]).any(axis=0).nonzero()[0]
            block = left[:, np.newaxis], touched
            moves.append((added[block], taken[block]))
            labels.append(touched)
        along, against = self._priced(np.ix_(*labels), distances, prices)
        even, odd = (along + against) / 2, (along - against) / 2
        for added, taken in moves:
            even, odd = _contracted(even, added + taken), _contracted(odd, added - taken)
        price = (even + odd).reshape(len(distances), -1)
        bearable = (price.min(axis=1) < BLOCKED).nonzero()[0]
        if not len(bearable):
            return None
        distance = int(distances[bearable[0]])
        rows = np.unravel_index(int(price[bearable[0]].argmin()), even.shape[1:])
        signs = np.ones(())
        for (added, taken), row in zip(moves, rows, strict=True):
            signs = np.multiply.outer(signs, added[row] - taken[row])
        corners = np.nonzero(signs)
        where = tuple(found[corner] for found, corner in zip(labels, corners, strict=True))
        change = self._sign * distance * signs[corners].astype(np.int64)
        return _Step(distance, np.ravel_multi_index(where, self._shape), change)

    def _priced(
        self, part: Any, distances: IntArray, prices: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """What part of the tensor costs to move over each distance, along and against the demand;
        the distance is the first axis."""
        here = prices.reshape(self._shape)[part]
        each = distances.reshape(-1, *(1 for _ in here.shape))
        along = self._along.reshape(self._shape)[part] >= each
        against = self._against.reshape(self._shape)[part] >= each
        return np.where(along, here, BLOCKED), np.where(against, here, BLOCKED)


def _contracted(tensor: FloatArray, rows: FloatArray) -> FloatArray:
    """The second axis summed with each of ``rows``, which become the last axis."""
    count, length, *rest = tensor.shape
    summed = tensor.reshape(count, length, -1).swapaxes(1, 2) @ rows.T
    return summed.reshape(count, *rest, len(rows))


def _moves(dimension: Dimension, node: int) -> Moves:
    """Every move that adds 1 to ``node``."""
    rows = []
    paths = [dimension.path(leaf) for leaf in dimension.leaves]
    inside = [path for path in paths if node in path]
    outside = [path for path in paths if node not in path]
    for path, other in itertools.product(inside, [(), *outside]):
        row = np.zeros(len(dimension.labels))
        row[list(path)] += 1
        row[list(other)] -= 1
        rows.append(row)
    moves = np.stack(rows)
    return np.maximum(moves, 0), np.maximum(-moves, 0)
