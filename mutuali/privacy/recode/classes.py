"""Classes of a scheme and what is in them: contributors, rows, sensitive values.

What may prune the search. Call a test *inherited* when a class that passes it still passes after
being merged with any other class. Generalization only merges classes, so for an inherited
test the rows in failing classes never become more on the way up: where they exceed the limit, all
finer schemes fail as well, and the rows suppressed here are suppressed in all of them.

- *k per side* is inherited: contributors of a part are contributors of the whole.
- *take one away* is inherited in the form used here: without contributor x, the merged class is the
  merged remainders, and each side of the passing part alone still has k - 1.
- *distinct values* is inherited: values of a part are values of the whole.
- *the share of the most frequent value* is not: a balanced class merged with a larger uniform one
  can exceed it. Its failing rows may become more on the way up, so it never prunes.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mutuali.privacy.plan import Plan, Role, exact
from mutuali.privacy.recode.dependence import contributors_lost, rows_lost
from mutuali.privacy.recode.histogram import Histogram, IntArray, as_ints
from mutuali.privacy.recode.loss import Ladder

BoolArray = npt.NDArray[np.bool_]

_KEY_LIMIT = 1 << 62

#: Up to this many possible keys, a table of them is faster than hashing (four bytes each).
_SLOTS = 1 << 22

#: Schemes to group coarser ones from; more would cost memory and help little.
_MOST_KNOWN = 256


def fold(codes: Sequence[IntArray], sizes: Sequence[int]) -> tuple[IntArray, int]:
    """One key per position, equal exactly where all codes are, and a bound above all keys."""
    key, bound = np.zeros(len(codes[0]), dtype=np.int64), 1
    for column, size in zip(codes, sizes, strict=True):
        if bound * size > _KEY_LIMIT:
            key, bound = renumbered(key)
        key = key * size + column
        bound *= size
    return key, bound


def _distinct(
    codes: Sequence[IntArray], rows: IntArray
) -> tuple[tuple[IntArray, ...], IntArray, IntArray]:
    """Distinct combinations of codes, the combination of each entry, and the rows of each."""
    key, _ = fold(codes, [int(column.max()) + 1 for column in codes])
    _, first, of_entry = np.unique(key, return_index=True, return_inverse=True)
    together = np.bincount(of_entry, weights=rows).astype(np.int64)
    return tuple(column[first] for column in codes), of_entry, together


def renumbered(key: IntArray, bound: int = _KEY_LIMIT) -> tuple[IntArray, int]:
    """The keys, all below ``bound``, as numbers from 0 without gaps, and how many there are."""
    if bound > _SLOTS:
        encoded = pa.array(key).dictionary_encode()  # by hashing: several times faster than a sort
        return as_ints(encoded.indices), len(encoded.dictionary)
    place = np.arange(len(key), dtype=np.int32)
    slots = np.empty(bound, dtype=np.int32)  # only what was written is read
    slots[key] = place
    last = slots[key]
    number = np.cumsum(last == place) - 1
    return number[last], int(number[-1]) + 1 if len(key) else 0


class Classes:
    """The classes of one scheme: ``of[t]`` is the class of tuple t, ``rows`` their sizes.

    Numbers without tuples may occur; they have 0 rows. A scheme is grouped from the classes of a
    finer one where these are known, because they are fewer than the tuples.
    """

    def __init__(self, rows: IntArray, part: IntArray, finer: "Classes | None" = None) -> None:
        self.rows = rows
        self._part = part
        self._finer = finer

    @cached_property
    def of(self) -> IntArray:
        """The class of each tuple."""
        return self._part if self._finer is None else self._part[self._finer.of]

    @property
    def count(self) -> int:
        """How many class numbers there are."""
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class _Known:
    """A scheme that was grouped before: the label codes of each of its classes, per column."""

    levels: tuple[int, ...]
    labels: tuple[IntArray, ...]
    rows: IntArray
    classes: Classes | None


class _Shelf:
    """The schemes that a coarser one can be grouped from; the tuples themselves come first."""

    def __init__(self, tuples: _Known) -> None:
        self._known = [tuples]
        self._levels = np.array([tuples.levels])
        self._sizes = np.array([len(tuples.rows)])

    def smallest_below(self, levels: tuple[int, ...]) -> _Known:
        """Of the known schemes that are no coarser anywhere, the one with the fewest classes."""
        finer = np.flatnonzero((self._levels <= levels).all(axis=1))
        return self._known[finer[np.argmin(self._sizes[finer])]]

    def add(self, known: _Known) -> None:
        """Keep a scheme, as long as there are not too many."""
        if len(self._known) < _MOST_KNOWN:
            self._known.append(known)
            self._levels = np.vstack((self._levels, known.levels))
            self._sizes = np.append(self._sizes, len(known.rows))


@dataclass(frozen=True, slots=True)
class _Counted:
    """Distinct (tuple, code) pairs and the rows behind each: contributors of a side, or values."""

    tuples: IntArray
    codes: IntArray
    rows: IntArray

    def part(self, number: IntArray) -> "_Counted":
        """Those of the tuples whose new number is not negative."""
        tuples = number[self.tuples]
        here = tuples >= 0
        return _Counted(tuples[here], self.codes[here], self.rows[here])


class Census:
    """A histogram seen as distinct tuples of quasi-identifiers, and who and what is behind each."""

    def __init__(self, histogram: Histogram, ladders: Sequence[Ladder], plan: Plan) -> None:
        self._plan = plan
        self._ladders = ladders
        self._people = max(histogram.people, 1)
        self.leaves, tuples, self.rows = _distinct(histogram.leaves, histogram.rows)
        self._shelf = _Shelf(_Known((0,) * len(ladders), self.leaves, self.rows, None))
        self._columns = {
            column.name: position for position, column in enumerate(plan.named(Role.CONTRIBUTOR))
        }
        together, _, self._meeting_rows = _distinct(
            (tuples, *histogram.contributors), histogram.rows
        )
        self._meeting_tuples, self._meetings = together[0], together[1:]
        self._sides = {
            side: _counted(self._meeting_tuples, self._meetings[self._columns[side]])
            for side in plan.sides
        }
        self._values = [_counted(tuples, codes, histogram.rows) for codes in histogram.sensitive]

    @property
    def units(self) -> tuple[str | None, ...]:
        """What k counts: the sides, or None for rows."""
        return self._plan.sides or (None,)

    def contributors(self, side: str) -> int:
        """How many different contributors the whole table has on a side."""
        return len(np.unique(self._sides[side].codes))

    def classes(self, levels: Sequence[int]) -> Classes:
        """Group the tuples under one level per quasi-identifier."""
        finer = self._shelf.smallest_below(tuple(levels))
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
            self._shelf.add(_Known(tuple(levels), labels, rows, classes))
        return classes

    def part(self, tuples: IntArray) -> "Census":
        """What is behind some of the tuples only, given by number in ascending order."""
        number = np.full(len(self.rows), -1)
        number[tuples] = np.arange(len(tuples))
        part = copy(self)
        part.leaves = tuple(codes[tuples] for codes in self.leaves)
        part.rows = self.rows[tuples]
        part._shelf = _Shelf(_Known((0,) * len(self._ladders), part.leaves, part.rows, None))
        met = number[self._meeting_tuples]
        here = met >= 0
        part._meeting_tuples = met[here]
        part._meetings = tuple(codes[here] for codes in self._meetings)
        part._meeting_rows = self._meeting_rows[here]
        part._sides = {side: counted.part(number) for side, counted in self._sides.items()}
        part._values = [counted.part(number) for counted in self._values]
        return part

    def failing(self, classes: Classes, failing: BoolArray | None = None) -> BoolArray:
        """Which classes break the plan; those in ``failing`` are known to and are not looked at."""
        failing = self.failing_for_good(classes, failing)
        return failing | self.too_much_of_one(classes, failing)

    def failing_for_good(self, classes: Classes, failing: BoolArray | None = None) -> BoolArray:
        """The same for the inherited tests alone: no part of such a class passes them either."""
        if failing is None:
            failing = np.zeros(classes.count, dtype=np.bool_)
        for test in (self.below_k, self.dependent, self.too_few_values):
            failing = failing | test(classes, failing)
        return failing

    def below_k(self, classes: Classes, failing: BoolArray) -> BoolArray:
        """Which classes, not failing yet, have fewer than k contributors on a side, or k rows."""
        # Each row has one contributor per side, so fewer than k rows are fewer than k of these.
        below: BoolArray = classes.rows < self._plan.k
        for side in self._sides.values():
            below |= self._below_k(side, classes, failing | below)
        return below & ~failing

    def _below_k(self, side: _Counted, classes: Classes, failing: BoolArray) -> BoolArray:
        # Contributors fall into a few buckets; k filled buckets prove k contributors without a
        # sort. Only the classes that this leaves open are counted exactly.
        words = -(-3 * self._plan.k // 8)
        buckets = 8 * words  # a byte each, counted a word at a time
        of = classes.of[side.tuples]
        filled = np.zeros(classes.count * buckets, dtype=np.bool_)
        filled[of * buckets + side.codes % buckets] = True
        in_word = np.bitwise_count(filled.view(np.uint64)).reshape(-1, words)
        settled = failing | (in_word.sum(axis=1) >= self._plan.k)
        left = ~settled[of]
        keys = np.unique(of[left] * self._people + side.codes[left])
        counts = np.bincount(keys // self._people, minlength=classes.count)
        below: BoolArray = ~settled & (counts < self._plan.k)
        return below

    def dependent(self, classes: Classes, failing: BoolArray) -> BoolArray:
        """Which classes, not failing yet, fall below k - 1 when one contributor is taken away."""
        short = np.zeros(classes.count, dtype=np.bool_)
        # A contributor that stands alone in its rows takes one from k and leaves k - 1.
        alone = len(self._meetings) == len(self._sides) <= 1
        if self._plan.coalition and not alone:
            for unit in self.units:
                left = self.without_one(classes, unit, among=~failing)
                short |= left < self._plan.k - self._plan.coalition
        return short & ~failing

    def counts(self, classes: Classes, unit: str | None) -> IntArray:
        """Per class, the contributors of a side; its rows when ``unit`` is None."""
        if unit is None:
            return classes.rows
        side = self._sides[unit]
        keys = np.unique(classes.of[side.tuples] * self._people + side.codes)
        return np.bincount(keys // self._people, minlength=classes.count)

    def without_one(self, classes: Classes, unit: str | None, *, among: BoolArray) -> IntArray:
        """As :meth:`counts`, after the contributor that takes most away is gone with its rows.

        Only for the classes ``among``. With no contributor column each row is its own contributor.
        """
        counts = self.counts(classes, unit)
        if not self._meetings:
            return np.maximum(counts - 1, 0)
        of = classes.of[self._meeting_tuples]
        here = among[of]
        of, meetings = of[here], [codes[here] for codes in self._meetings]
        if unit is None:
            rows = self._meeting_rows[here]
            return counts - rows_lost(of, meetings, rows, self._people, classes.count)
        side = self._columns[unit]
        return counts - contributors_lost(of, meetings, side, self._people, classes.count)

    def variety(self, classes: Classes, position: int) -> tuple[IntArray, IntArray]:
        """Per class, distinct values of a sensitive column, and rows of the most frequent one."""
        value = self._values[position]
        width = int(value.codes.max()) + 1
        key = classes.of[value.tuples] * width + value.codes
        found, where = np.unique(key, return_inverse=True)
        rows = np.bincount(where, weights=value.rows).astype(np.int64)
        distinct = np.bincount(found // width, minlength=classes.count)
        most = np.zeros(classes.count, dtype=np.int64)
        np.maximum.at(most, found // width, rows)
        return distinct, most

    def too_few_values(self, classes: Classes, failing: BoolArray) -> BoolArray:
        """Which classes, not failing yet, have too few distinct values of a sensitive column."""
        few = np.zeros(classes.count, dtype=np.bool_)
        for position, model in enumerate(self._plan.diversities):
            distinct, _ = self.variety(classes, position)
            few |= distinct < model.distinct
        return few & ~failing

    def too_much_of_one(self, classes: Classes, failing: BoolArray) -> BoolArray:
        """Which classes, not failing yet, have too large a share of one sensitive value."""
        much = np.zeros(classes.count, dtype=np.bool_)
        for position, model in enumerate(self._plan.diversities):
            _, most = self.variety(classes, position)
            share = exact(model.most)
            much |= most * share.denominator > classes.rows * share.numerator
        return much & ~failing


def _counted(tuples: IntArray, codes: IntArray, rows: IntArray | None = None) -> _Counted:
    rows = np.ones(len(tuples), dtype=np.int64) if rows is None else rows
    (tuples, codes), _, together = _distinct((tuples, codes), rows)
    return _Counted(tuples, codes, together)
