"""Quick looks at one scheme after another where almost every tuple is distinct.

With many quasi-identifiers grouping saves nothing: a look is a pass over all tuples. So the pass is
made short. Each label of each level of each column has a fixed 64-bit number, the key of a tuple
is their sum, and a scheme that differs in one column needs that column added again and no other.
Rows are then counted in buckets of the key. Tuples that share a class share a bucket, so a
bucket below k rows holds only classes below k; two countings by different bits miss almost none.

Keys and buckets may bring strangers together, never part a class. What fails an inherited test
here (see ``census``) fails it in truth, and every loss that follows from it is a lower bound; what
passes here has to be proved.

Losses are sums of integers until the last division, so that no order of adding changes them.
"""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from mutuali.privacy.plan import KAnonymity, Mean, Plan, Role
from mutuali.privacy.recode.census import Census
from mutuali.privacy.recode.classes import Classes
from mutuali.privacy.recode.histogram import IntArray
from mutuali.privacy.recode.keys import fold, renumbered
from mutuali.privacy.recode.loss import FloatArray, Ladder

Levels = tuple[int, ...]
Keys = npt.NDArray[np.uint64]

#: Odd multipliers; each brings other bits of the key to the top, where the buckets are read.
_SPREAD = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))

#: As how many looks it counts to see more of a class than its rows: about what it costs.
_CLOSE = 9

#: At least this many buckets per tuple, and from 2 ** 12 to 2 ** 22 in all.
_ROOM, _LEAST_BITS, _MOST_BITS = 4, 12, 22


class Keyed:
    """The tuples of a census under any scheme; ``looks`` counts how often they were counted."""

    def __init__(self, census: Census, plan: Plan, ladders: Sequence[Ladder]) -> None:
        self._census = census
        self._k = plan.k
        self._ladders = ladders
        #: Whether rows are all that is counted.
        self._plain = not plan.named(Role.CONTRIBUTOR) and all(
            isinstance(model, KAnonymity) for model in plan.models
        )
        self._numbers = [_numbers(place, step) for place, step in enumerate(ladders)]
        bits = (_ROOM * len(census.rows)).bit_length()
        bits = min(max(bits, _LEAST_BITS), _MOST_BITS)
        self._buckets, self._shift = 1 << bits, np.uint64(64 - bits)
        # With many columns few tuples have other than one row: these are counted apart.
        self._other = np.flatnonzero(census.rows != 1)
        self._more = census.rows[self._other] - 1
        self.looks = 0

    def key(self, levels: Levels) -> Keys:
        """The key of each tuple; equal wherever all labels are."""
        key = np.zeros(len(self._census.rows), dtype=np.uint64)
        for numbers, level, leaves in zip(self._numbers, levels, self._census.leaves, strict=True):
            if level < len(numbers) - 1:
                key += numbers[level][leaves]
        return key

    def moved(self, key: Keys, column: int, old: int, new: int) -> Keys:
        """The key after one column went from level ``old`` to ``new``."""
        numbers = self._numbers[column]
        return key + (numbers[new] - numbers[old])[self._census.leaves[column]]

    def failing_at_least(self, key: Keys) -> IntArray:
        """Tuples that surely have fewer than k rows in their class; a few may be missing."""
        self.looks += 1
        few = np.zeros(len(key), dtype=np.bool_)
        for spread in _SPREAD:
            bucket = ((key * spread) >> self._shift).view(np.int64)
            rows = np.bincount(bucket, minlength=self._buckets)
            np.add.at(rows, bucket[self._other], self._more)
            few |= (rows < self._k)[bucket]
        return np.flatnonzero(few)

    def failing_for_good(self, key: Keys) -> IntArray:
        """Tuples that surely fail an inherited test (see ``census``), here and when split."""
        known = self.failing_at_least(key)
        if self._plain:
            return known
        self.looks += _CLOSE
        classes = self._classes(renumbered(key.view(np.int64)))
        return np.flatnonzero(self._census.failing_for_good(classes)[classes.of])

    def failing(self, key: Keys, known: IntArray) -> IntArray:
        """Tuples that break the plan, as far as keys can tell; ``known`` is a part of them."""
        if self._plain:
            return known
        self.looks += _CLOSE
        classes = self._classes(renumbered(key.view(np.int64)))
        return np.flatnonzero(self._census.failing(classes)[classes.of])

    def classes(self, levels: Levels) -> Classes:
        """The classes of a scheme by its labels and not by keys."""
        codes, sizes = [], []
        for step, level, leaves in zip(self._ladders, levels, self._census.leaves, strict=True):
            codes.append(step.label[level][leaves])
            sizes.append(len(step.texts[level]))
        return self._classes(renumbered(fold(codes, sizes)[0]))

    def _classes(self, numbered: tuple[IntArray, int]) -> Classes:
        of, many = numbered
        rows = np.bincount(of, weights=self._census.rows, minlength=many).astype(np.int64)
        return Classes(rows, of)


def _numbers(place: int, step: Ladder) -> list[Keys]:
    """Per level, the number of each leaf's label, by splitmix64; that of '*' is 0.

    Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014.
    """
    levels = []
    for level, labels in enumerate(step.label[:-1]):
        start = np.uint64((place << 48) | (level << 40))
        mixed = (labels.astype(np.uint64) + start + np.uint64(1)) * _SPREAD[0]
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        levels.append(mixed ^ (mixed >> np.uint64(31)))
    return [*levels, np.zeros(step.label.shape[1], dtype=np.uint64)]


class Scores:
    """Scores, as in ``loss``, of one scheme at a time, and what they cannot be below."""

    def __init__(self, census: Census, plan: Plan, ladders: Sequence[Ladder]) -> None:
        self._rows = census.rows
        self._leaves = census.leaves
        weights = [column.weight for column in plan.named(Role.QUASI_IDENTIFIER)]
        self._weights = [weight / math.fsum(weights) for weight in weights]
        self._geometric = plan.mean is Mean.GEOMETRIC
        total = int(census.rows.sum())
        self._full = [total * step.span for step in ladders]
        self._total = total
        self._spared = [step.span - step.covered for step in ladders]
        self._covered = [
            [int(covered[leaves] @ census.rows) for covered in step.covered]
            for step, leaves in zip(ladders, census.leaves, strict=True)
        ]

    def rows(self, tuples: IntArray) -> int:
        """How many rows are behind some tuples."""
        return int(self._rows[tuples].sum())

    def at_least(self, levels: Levels, suppressed: int) -> float:
        """The least a scheme can score that suppresses so many rows, whichever they are."""
        share = suppressed / self._total
        return math.fsum(
            self._score(place, max(self._covered[place][level] / self._full[place], share))
            for place, level in enumerate(levels)
        )

    def of(self, levels: Levels, failing: IntArray) -> float:
        """The score of a scheme that suppresses the failing tuples."""
        rows = self._rows[failing]
        together = int(rows.sum())
        return math.fsum(
            self._without(place, level, failing, rows, together)
            for place, level in enumerate(levels)
        )

    def up_to(self, place: int, level: int, failing: IntArray) -> FloatArray:
        """What one column adds at each level up to one, when the failing tuples are suppressed."""
        rows = self._rows[failing]
        together = int(rows.sum())
        scores = [
            self._without(place, lower, failing, rows, together) for lower in range(level + 1)
        ]
        return np.array(scores)

    def _without(
        self, place: int, level: int, failing: IntArray, rows: IntArray, together: int
    ) -> float:
        spared = self._spared[place][level]
        if level == 0 or level == len(self._spared[place]) - 1:  # all leaves alike
            lost = int(spared[0]) * together
        else:
            lost = int(spared[self._leaves[place][failing]] @ rows)
        return self._score(place, (self._covered[place][level] + lost) / self._full[place])

    def _score(self, place: int, share: float) -> float:
        return self._weights[place] * (math.log1p(share) if self._geometric else share)
