"""Classes of a scheme and what is in them: contributors, rows, sensitive values.

What may prune the search. Call a test *inherited* when a class that passes it still passes after
being merged with any other class. Generalization only merges classes, so for an inherited
test the rows in failing classes never become more on the way up: where they exceed the limit, all
finer schemes fail as well, and the rows suppressed here are suppressed in all of them.

- *k per side* is inherited: contributors of a part are contributors of the whole.
- *take one away* is inherited in the form used here: without contributor x, the merged class is the
  merged remainders, and each side of the passing part alone still has k - 1.
- *distinct values* is inherited: values of a part are values of the whole.
- *the share of the most frequent value* is not: a balanced class merged with a larger uniform one can
  exceed it. Its failing rows may become more on the way up, so it never prunes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mutuali.privacy.histogram import Histogram, IntArray
from mutuali.privacy.loss import Ladder
from mutuali.privacy.plan import Diversity, Plan, Role, exact

BoolArray = npt.NDArray[np.bool_]

_KEY_LIMIT = 1 << 62


def fold(codes: Sequence[IntArray], sizes: Sequence[int]) -> tuple[IntArray, int]:
    """One key per position, equal exactly where all codes are, and a bound above all keys."""
    key, bound = np.zeros(len(codes[0]), dtype=np.int64), 1
    for column, size in zip(codes, sizes, strict=True):
        if bound * size > _KEY_LIMIT:
            distinct, key = np.unique(key, return_inverse=True)
            bound = len(distinct)
        key = key * size + column
        bound *= size
    return key, bound


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes of one scheme: ``of[t]`` is the class of tuple t; ``rows`` may hold empty ones."""

    of: IntArray
    rows: IntArray

    @property
    def count(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class _Side:
    """Distinct (tuple, contributor) pairs of one contributor column."""

    tuples: IntArray
    people: IntArray


class Census:
    """A histogram seen as distinct quasi-identifier tuples, with who and what stands behind each."""

    def __init__(self, histogram: Histogram, ladders: Sequence[Ladder], plan: Plan) -> None:
        contributors = [column.name for column in plan.named(Role.CONTRIBUTOR)]
        self.plan = plan
        self.ladders = ladders
        self.people = max(histogram.people, 1)
        leaves, of_entry, self.rows = _distinct(histogram.leaves, histogram.rows)
        self.leaves = leaves
        self._people = [
            _distinct((of_entry, codes), histogram.rows)[0] for codes in histogram.contributors
        ]
        self.sides = {
            side: _Side(*self._people[contributors.index(side)]) for side in plan.sides
        }
        self._values = [
            _distinct((of_entry, codes), histogram.rows) for codes in histogram.sensitive
        ]
        # One entry per combination of contributors; what stands alone needs no second look.
        together, _, self._meeting_rows = _distinct(
            (of_entry, *histogram.contributors), histogram.rows
        )
        self._meeting_tuples, self._meeting = together[0], together[1:]
        alone = len(contributors) == 1 and tuple(contributors) == plan.sides
        self._take_away = plan.coalition > 0 and bool(contributors) and not alone

    def classes(self, levels: Sequence[int]) -> Classes:
        """Group the tuples under one level per quasi-identifier."""
        codes = [
            step.label[level][leaf]
            for step, level, leaf in zip(self.ladders, levels, self.leaves, strict=True)
        ]
        sizes = [len(step.texts[level]) for step, level in zip(self.ladders, levels, strict=True)]
        key, bound = fold(codes, sizes)
        if bound > len(key):
            distinct, key = np.unique(key, return_inverse=True)
            bound = len(distinct)
        rows = np.bincount(key, weights=self.rows, minlength=bound).astype(np.int64)
        return Classes(key, rows)

    def below_k(self, classes: Classes) -> BoolArray:
        """Which classes have fewer than k contributors on a side, or k rows without sides."""
        failing: BoolArray = classes.rows < self.plan.k
        for side in self.sides.values():
            failing = failing | self._below_k(side, classes, failing)
        return failing

    def _below_k(self, side: _Side, classes: Classes, failing: BoolArray) -> BoolArray:
        # Contributors fall into a few buckets; k filled buckets prove k contributors without a
        # sort. Only the classes that this leaves open are counted exactly.
        buckets = 4 * self.plan.k
        of = classes.of[side.tuples]
        filled = np.zeros(classes.count * buckets, dtype=np.bool_)
        filled[of * buckets + side.people % buckets] = True
        enough = filled.reshape(-1, buckets).sum(axis=1) >= self.plan.k
        open_pairs = ~(failing | enough)[of]
        keys = np.unique(of[open_pairs] * self.people + side.people[open_pairs])
        counts = np.bincount(keys // self.people, minlength=classes.count)
        return ~enough & (counts < self.plan.k)

    def dependent(self, classes: Classes, failing: BoolArray) -> BoolArray:
        """Which classes, not failing yet, fall below k - 1 when one contributor is taken away."""
        if not self._take_away:
            return np.zeros(classes.count, dtype=np.bool_)
        short = np.zeros(classes.count, dtype=np.bool_)
        for unit in self.sides or (None,):
            here = self.without_one(classes, unit, ~failing)
            short |= here < self.plan.k - self.plan.coalition
        return short & ~failing

    def counts(self, classes: Classes, unit: str | None) -> IntArray:
        """Per class, the contributors of a side; its rows when ``unit`` is None."""
        if unit is None:
            return classes.rows
        side = self.sides[unit]
        keys = np.unique(classes.of[side.tuples] * self.people + side.people)
        return np.bincount(keys // self.people, minlength=classes.count)

    def without_one(
        self, classes: Classes, unit: str | None, wanted: BoolArray | None = None
    ) -> IntArray:
        """The same as :meth:`counts` after the worst single contributor and all its rows are gone.

        With no contributor column each row is its own contributor. Figures of classes that are
        not ``wanted`` mean nothing.
        """
        counts = self.counts(classes, unit)
        if not self._meeting:
            return np.maximum(counts - 1, 0)
        of = classes.of[self._meeting_tuples]
        keep = slice(None) if wanted is None else wanted[of]
        of, meeting = of[keep], [codes[keep] for codes in self._meeting]
        if unit is None:
            mine, weight, need = of, self._meeting_rows[keep], None
        else:
            side = list(self._people_names).index(unit)
            _, mine = np.unique(of * self.people + meeting[side], return_inverse=True)
            weight = np.ones(len(of), dtype=np.int64)
            need = np.bincount(mine)
        return counts - self._worst_loss(of, meeting, mine, weight, need, classes.count)

    def _worst_loss(
        self,
        of: IntArray,
        meeting: list[IntArray],
        mine: IntArray,
        weight: IntArray,
        need: IntArray | None,
        count: int,
    ) -> IntArray:
        raise NotImplementedError
