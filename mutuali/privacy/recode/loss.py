"""How much a scheme blurs: ARX's Loss metric, as integers until the last division.

Per column and row, the share of the leaf domain that the released label covers beyond the value
itself: (leaves under the label - 1) / (leaves - 1), and 1 for a suppressed row. The figure of a
column is its mean over the rows; the figure of a scheme is the weighted mean over the columns,
arithmetic, or geometric as in ARX: the geometric mean of v + 1, minus 1.

The search works with *scores*, sums over the columns that grow as the loss grows: the loss itself
(arithmetic) or the logarithm of 1 + loss (geometric).
"""

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from mutuali.privacy.plan import Column, Hierarchy, Mean
from mutuali.privacy.recode.histogram import IntArray

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ladder:
    """A hierarchy as codes: ``label[level, leaf]``, and per level the text of each label code.

    ``covered[level, leaf]`` is the number of other leaves under the same label, 0 to ``span``; NA
    that no chain names is the last leaf: alone below '*', and covered fully by it.
    """

    label: IntArray
    texts: tuple[tuple[str | None, ...], ...]
    covered: IntArray
    span: int

    def coarser(self, low: int, high: int) -> IntArray:
        """The label at level ``high`` of each label at level ``low``, as codes."""
        above = np.zeros(len(self.texts[low]), dtype=np.int64)
        above[self.label[low]] = self.label[high]
        return above


def ladder(hierarchy: Hierarchy) -> Ladder:
    """The codes of a hierarchy; labels are numbered in the order of the chains."""
    chains = list(hierarchy.chains)
    domain = len(chains)
    if all(chain[0] is not None for chain in chains):
        chains.append((*(None,) * hierarchy.top, chains[0][-1]))
    span = max(domain - 1, 1)
    label = np.zeros((hierarchy.top + 1, len(chains)), dtype=np.int64)
    covered = np.zeros_like(label)
    texts = []
    for level in range(hierarchy.top + 1):
        known: dict[str | None, int] = {}
        for leaf, chain in enumerate(chains):
            label[level, leaf] = known.setdefault(chain[level], len(known))
        sizes = np.bincount(label[level, :domain], minlength=len(known))
        covered[level] = np.maximum(sizes[label[level]] - 1, 0)
        texts.append(tuple(known))
    return Ladder(label, tuple(texts), covered, span)


@dataclass(frozen=True, slots=True)
class SomeRows:
    """``rows[i]`` rows of the class of tuple ``examples[i]`` at ``levels``, whichever they are."""

    examples: IntArray
    rows: IntArray
    levels: IntArray


class Loss:
    """The loss of every scheme over one table; column by column in the order of the plan."""

    def __init__(
        self,
        columns: Sequence[Column],
        ladders: Sequence[Ladder],
        leaves: Sequence[IntArray],
        rows: IntArray,
        mean: Mean,
    ) -> None:
        self._ladders = ladders
        self._leaves = leaves
        self._rows = rows
        self._mean = mean
        self._total = int(rows.sum())
        weight = math.fsum(column.weight for column in columns)
        self._weights = [column.weight / weight for column in columns]
        self._covered = [
            step.covered @ _rows_per_leaf(step, codes, rows)
            for step, codes in zip(ladders, leaves, strict=True)
        ]
        # All columns side by side, so that one count gives the leaves of every column.
        heights = [len(step.texts) for step in ladders]
        widths = [step.label.shape[1] for step in ladders]
        self._above = np.cumsum([0, *heights])
        before = np.cumsum([0, *widths])
        self._side_by_side = np.stack(leaves, axis=1) + before[:-1]
        self._before = before
        self._spared = [(step.span - step.covered).astype(np.float64) for step in ladders]
        self._full = np.repeat([self._total * step.span for step in ladders], heights)
        self._blurred = np.concatenate(self._covered).astype(np.float64)
        self._weight = np.repeat(self._weights, heights)

    def scores_without(self, gone: IntArray, some: "SomeRows | None" = None) -> list[FloatArray]:
        """Per column, the score of each level when the tuples ``gone``, at least, are suppressed.

        And, up to their levels, ``some`` rows more of which only the labels there are known.
        """
        blurred = self._blurred + self._spared_by(gone, self._rows[gone])
        if some is not None:
            # A finer level spares a row no less than the known one does.
            spared = self._spared_by(some.examples, some.rows)
            at_least = spared[self._above[:-1] + some.levels]
            blurred += np.repeat(at_least, np.diff(self._above))
        shares = blurred / self._full
        scores = self._weight * (np.log1p(shares) if self._geometric else shares)
        return np.split(scores, self._above[1:-1])

    def _spared_by(self, tuples: IntArray, rows: IntArray) -> FloatArray:
        """Per column and level, what suppressing these rows blurs more; exact below 2^53."""
        here = self._side_by_side[tuples]
        weights = np.repeat(rows, here.shape[1])
        counts = np.bincount(here.ravel(), weights, minlength=self._before[-1])
        counts = counts.astype(np.float64)
        pairs = zip(self._spared, pairwise(self._before), strict=True)
        return np.concatenate([block @ counts[left:right] for block, (left, right) in pairs])

    def found(self, levels: Sequence[IntArray], kept: npt.NDArray[np.bool_]) -> list[float]:
        """Per column, the score of tuples at the given levels; the others are suppressed."""
        scores = []
        for step, level, codes, weight in zip(
            self._ladders, levels, self._leaves, self._weights, strict=True
        ):
            covered = np.where(kept, step.covered[level, codes], step.span)
            share = float(covered @ self._rows) / (self._total * step.span)
            scores.append(weight * (math.log1p(share) if self._geometric else share))
        return scores

    def total(self, score: float) -> float:
        """The loss, 0 to 1, behind a score summed over the columns."""
        return math.expm1(score) if self._geometric else score

    def of_column(self, score: float, position: int) -> float:
        """The loss, 0 to 1, behind the score of one column."""
        return self.total(score / self._weights[position])

    @property
    def _geometric(self) -> bool:
        return self._mean is Mean.GEOMETRIC


def _rows_per_leaf(step: Ladder, codes: IntArray, rows: IntArray) -> IntArray:
    counts = np.bincount(codes, weights=rows, minlength=step.label.shape[1])
    return counts.astype(np.int64)


def spread(columns: Sequence[FloatArray]) -> FloatArray:
    """The sum of one element per column, for all choices: one axis per column."""
    return functools.reduce(np.add.outer, columns)
