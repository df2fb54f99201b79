"""The classes of a scheme: which tuples read the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from mutuali.privacy.recode.histogram import IntArray
from mutuali.privacy.recode.keys import fold, renumbered
from mutuali.privacy.recode.loss import Ladder

BoolArray = npt.NDArray[np.bool_]

#: Schemes to group coarser ones from; more would cost memory and help little.
_MOST_KNOWN = 256


class Classes:
    """The classes of one scheme: ``of[t]`` is the class of tuple t, ``rows`` their sizes.

    Numbers without tuples may occur; they have 0 rows. A scheme is grouped from the classes of a
    finer one where these are known, because they are fewer than the tuples.
    """

    def __init__(self, rows: IntArray, part: IntArray, finer: "Classes | None" = None) -> None:
        self.rows = rows
        self._part = part
        self._finer = finer
        #: Per side, the classes that were proved to have enough contributors.
        self.proved: dict[str, BoolArray] = {}
        #: Per side, the contributors of each class, once counted.
        self.counts: dict[str, IntArray] = {}
        #: Per unit and coalition, what was left without it, and the classes that this was asked of.
        self.left: dict[tuple[str | None, int], tuple[IntArray, BoolArray]] = {}

    @cached_property
    def of(self) -> IntArray:
        """The class of each tuple."""
        return self._part if self._finer is None else self._part[self._finer.of]

    @property
    def count(self) -> int:
        """How many class numbers there are."""
        return len(self.rows)

    def proved_below(self, side: str) -> BoolArray:
        """The classes of which a part was proved to have enough contributors: so have they."""
        proved = np.zeros(self.count, dtype=np.bool_)
        finer = self._finer
        if finer is not None:
            parts = finer.proved[side] if side in finer.proved else finer.proved_below(side)
            proved[self._part[parts]] = True
        return proved


@dataclass(frozen=True, slots=True)
class _Known:
    """A scheme that was grouped before: the label codes of each of its classes, per column."""

    levels: tuple[int, ...]
    labels: tuple[IntArray, ...]
    rows: IntArray
    classes: Classes | None


class Shelf:
    """Schemes of some tuples, grouped from the smallest of those that were grouped before."""

    def __init__(
        self, leaves: tuple[IntArray, ...], rows: IntArray, ladders: Sequence[Ladder]
    ) -> None:
        self._ladders = ladders
        self._known = [_Known((0,) * len(ladders), leaves, rows, None)]
        self._levels = np.zeros((1, len(ladders)), dtype=np.int64)
        self._sizes = np.array([len(rows)])

    def part(self, leaves: tuple[IntArray, ...], rows: IntArray) -> "Shelf":
        """One for other tuples."""
        return Shelf(leaves, rows, self._ladders)

    def group(self, levels: tuple[int, ...]) -> Classes:
        """The classes under one level per column."""
        finer = self._smallest_below(levels)
        codes = [
            step.coarser(low, high)[labels] if low < high else labels
            for step, low, high, labels in zip(
                self._ladders, finer.levels, levels, finer.labels, strict=True
            )
        ]
        sizes = [len(step.texts[level]) for step, level in zip(self._ladders, levels, strict=True)]
        key, bound = fold(codes, sizes)
        if bound > len(key):
            key, bound = renumbered(key, bound)
        rows = np.bincount(key, weights=finer.rows, minlength=bound).astype(np.int64)
        classes = Classes(rows, key, finer.classes)
        if 2 * bound <= len(key):
            example = np.zeros(bound, dtype=np.int64)
            example[key] = np.arange(len(key))
            labels = tuple(column[example] for column in codes)
            self._add(_Known(levels, labels, rows, classes))
        return classes

    def _smallest_below(self, levels: tuple[int, ...]) -> _Known:
        """Of the known schemes that are no coarser anywhere, the one with the fewest classes."""
        finer = np.flatnonzero((self._levels <= levels).all(axis=1))
        return self._known[finer[np.argmin(self._sizes[finer])]]

    def _add(self, known: _Known) -> None:
        """Keep a scheme, as long as there are not too many."""
        if len(self._known) < _MOST_KNOWN:
            self._known.append(known)
            self._levels = np.vstack((self._levels, known.levels))
            self._sizes = np.append(self._sizes, len(known.rows))
