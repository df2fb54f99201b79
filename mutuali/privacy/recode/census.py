"""Classes of a scheme and what is in them: contributors, rows, a population, sensitive values.

What may prune the search. Call a test *inherited* when a class that passes it still passes after
being merged with any other class. Generalization only merges classes, so for an inherited
test the rows in failing classes never become more on the way up: where they exceed the limit, all
finer schemes fail as well, and the rows suppressed here are suppressed in all of them.

- *k per side* is inherited: contributors of a part are contributors of the whole. So is *k-map*.
- *take a coalition away* is inherited in the form used here: without it, the merged class is the
  merged remainders, and each side of the passing part alone still has k less the coalition.
- *distinct values* is inherited: values of a part are values of the whole.
- *how values are spread* is not: a balanced class merged with a larger uniform one can break what
  it kept. Failing rows may become more on the way up, so they never prune; only the rows that every
  finer scheme leaves out for sure do (see ``attribute_models``).
- *presence* and *average risk* look at a whole release, and never prune.
"""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial

import numpy as np

from mutuali.privacy.errors import BadPopulation
from mutuali.privacy.plan import AverageRisk, DeltaPresence, KMap, Plan, Role, exact
from mutuali.privacy.recode.attributes import Attribute, Entries, attributes
from mutuali.privacy.recode.classes import BoolArray, Classes, Shelf
from mutuali.privacy.recode.dependence import contributors_lost, rows_lost
from mutuali.privacy.recode.histogram import Histogram, IntArray
from mutuali.privacy.recode.keys import different, distinct
from mutuali.privacy.recode.loss import Ladder

#: Which classes, not failing yet, break one promise.
Test = Callable[[Classes, BoolArray], BoolArray]

#: One in so many tuples is looked at first, to see which classes need no further look.
_SAMPLE = 8


@dataclass(frozen=True, slots=True)
class _Side:
    """Distinct (tuple, contributor) pairs of a side, in their order.

    Those of tuple t are from ``starts[t]`` up to ``starts[t + 1]``.
    """

    tuples: IntArray
    codes: IntArray
    starts: IntArray

    @classmethod
    def of(cls, tuples: IntArray, codes: IntArray, many: int) -> "_Side":
        """Pairs of ``many`` tuples, in their order."""
        return cls(tuples, codes, np.searchsorted(tuples, np.arange(many + 1)))

    def part(self, number: IntArray, many: int) -> "_Side":
        """Those of the ``many`` tuples whose new number is not negative."""
        tuples = number[self.tuples]
        here = tuples >= 0
        return _Side.of(tuples[here], self.codes[here], many)

    def entries(self, tuples: IntArray) -> IntArray:
        """Where the pairs of some tuples are."""
        starts = self.starts[tuples]
        many = self.starts[tuples + 1] - starts
        before = np.cumsum(many) - many
        return np.repeat(starts - before, many) + np.arange(int(many.sum()))


class Census:
    """A histogram seen as distinct tuples of quasi-identifiers, and who and what is behind each.

    With a ``population``, grouped by the same quasi-identifiers, its tuples are there too, of 0
    ``rows`` where the table does not have them; ``population`` counts its rows behind each.

    Raises:
        BadPopulation: models that need a population, and none.
        BadTable: a value that the order or the hierarchy of a distance does not name.
    """

    def __init__(
        self,
        histogram: Histogram,
        ladders: Sequence[Ladder],
        plan: Plan,
        population: Histogram | None = None,
    ) -> None:
        if plan.population_models and population is None:
            raise BadPopulation("the plan compares with a population, and none was given")
        self._plan = plan
        self._people = max(histogram.people, 1)
        entries = len(histogram.rows)
        leaves, rows = histogram.leaves, histogram.rows
        if population is not None:
            pairs = zip(leaves, population.leaves, strict=True)
            leaves = tuple(np.concatenate(pair) for pair in pairs)
            rows = np.concatenate((rows, np.zeros_like(population.rows)))
        self.leaves, of_entry, self.rows = distinct(leaves, rows)
        tuples = of_entry[:entries]
        self.population: IntArray | None = None
        if population is not None:
            behind = np.bincount(of_entry[entries:], population.rows, len(self.rows))
            self.population = behind.astype(np.int64)
        self._shelf = Shelf(self.leaves, self.rows, ladders)
        self._columns = {
            column.name: position for position, column in enumerate(plan.named(Role.CONTRIBUTOR))
        }
        together, _, self._meeting_rows = distinct(
            (tuples, *histogram.contributors), histogram.rows
        )
        self._meeting_tuples, self._meetings = together[0], together[1:]
        self._sides = {side: self._pairs(self._columns[side]) for side in plan.sides}
        self._attributes = attributes(
            {
                column.name: (
                    Entries(tuples, codes, histogram.contributors, histogram.rows, self._people),
                    histogram.texts(column.name),
                )
                for column, codes in zip(
                    plan.named(Role.SENSITIVE), histogram.sensitive, strict=True
                )
            },
            plan.attribute_models,
            {side: self._columns[side] for side in plan.sides},
        )

    def _pairs(self, column: int) -> _Side:
        pairs = different(self._meeting_tuples * self._people + self._meetings[column])
        return _Side.of(pairs // self._people, pairs % self._people, len(self.rows))

    @property
    def units(self) -> tuple[str | None, ...]:
        """What k counts: the sides, or None for rows."""
        return self._plan.sides or (None,)

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """The sensitive columns in each unit that counts."""
        return self._attributes

    def contributors(self, side: str) -> int:
        """How many different contributors the whole table has on a side."""
        return int(np.count_nonzero(np.bincount(self._sides[side].codes)))

    def classes(self, levels: Sequence[int]) -> Classes:
        """Group the tuples under one level per quasi-identifier."""
        return self._shelf.group(tuple(levels))

    def part(self, tuples: IntArray) -> "Census":
        """What is behind some of the tuples only, given by number in ascending order."""
        number = np.full(len(self.rows), -1)
        number[tuples] = np.arange(len(tuples))
        part = copy(self)
        part.leaves = tuple(codes[tuples] for codes in self.leaves)
        part.rows = self.rows[tuples]
        part.population = None if self.population is None else self.population[tuples]
        part._shelf = self._shelf.part(part.leaves, part.rows)
        met = number[self._meeting_tuples]
        here = met >= 0
        part._meeting_tuples = met[here]
        part._meetings = tuple(codes[here] for codes in self._meetings)
        part._meeting_rows = self._meeting_rows[here]
        part._sides = {name: side.part(number, len(tuples)) for name, side in self._sides.items()}
        part._attributes = tuple(attribute.part(number) for attribute in self._attributes)
        return part

    def failing(self, classes: Classes, failing: BoolArray | None = None) -> BoolArray:
        """Which classes break the plan; those in ``failing`` are known to and are not looked at."""
        failing = self.failing_alone(classes, failing)
        failing = failing | self._outside_presence(classes, failing)
        return failing | self._too_risky(classes, failing)

    def failing_alone(self, classes: Classes, failing: BoolArray | None = None) -> BoolArray:
        """The same for what a class keeps or breaks by itself, whatever the others are."""
        failing = self.failing_for_good(classes, failing)
        for attribute in self._attributes:
            failing = failing | attribute.failing(classes, failing)
        return failing

    def failing_for_good(self, classes: Classes, failing: BoolArray | None = None) -> BoolArray:
        """The same for the inherited tests alone: no part of such a class passes them either."""
        if failing is None:
            failing = np.zeros(classes.count, dtype=np.bool_)
        for tests in self.inherited_tests:
            for test in tests:
                failing = failing | test(classes, failing)
        return failing

    @property
    def inherited_tests(self) -> tuple[tuple[Test, ...], ...]:
        """Those that a class keeps passing when it grows, the cheaper ones first."""
        sides = tuple(partial(self._below_k, side) for side in self._sides)
        return (self._few_rows,), (*sides, self.below_k_map), (self.dependent, self.too_few_values)

    @property
    def counts_rows_of_values(self) -> bool:
        """Whether :meth:`surely_lost` can say anything."""
        return bool(self._attributes)

    def surely_lost(self, classes: Classes, failing: BoolArray) -> IntArray:
        """Per class, not failing yet, the rows that every finer scheme leaves out at least."""
        lost = np.zeros(classes.count, dtype=np.int64)
        for attribute in self._attributes:
            lost = np.maximum(lost, attribute.surely_lost(classes, failing))
        return lost

    def _few_rows(self, classes: Classes, failing: BoolArray) -> BoolArray:
        """Which classes, not failing yet, have fewer than k rows, so fewer contributors too."""
        few: BoolArray = classes.rows < self._plan.k
        return few & ~failing

    def _below_k(self, name: str, classes: Classes, failing: BoolArray) -> BoolArray:
        """Which classes, not failing yet, have fewer than k contributors on a side."""
        side, k = self._sides[name], self._plan.k
        proved = classes.proved_below(name)
        # Contributors fall into a few buckets; k filled buckets prove k contributors without a
        # sort, fewer than k entries prove fewer. A sample of the tuples proves the large classes,
        # and only those left open are counted exactly.
        buckets = max(8, 1 << (3 * k - 1).bit_length())  # bytes, counted by words
        for step in (_SAMPLE, 1):
            open_ = ~(failing | proved)
            entries = side.entries(np.flatnonzero(open_[classes.of[::step]]) * step)
            of, codes = classes.of[side.tuples[entries]], side.codes[entries]
            filled = np.zeros(classes.count * buckets, dtype=np.bool_)
            filled[of * buckets + (codes & (buckets - 1))] = True
            in_word = np.bitwise_count(filled.view(np.uint64)).reshape(-1, buckets // 8)
            proved |= in_word.sum(axis=1) >= k
        few = np.bincount(of, minlength=classes.count) < k
        entries = np.flatnonzero(~(proved | few)[of])
        keys = different(of[entries] * self._people + codes[entries])
        proved |= np.bincount(keys // self._people, minlength=classes.count) >= k
        classes.proved[name] = proved
        below: BoolArray = ~(proved | failing)
        return below

    def below_k_map(self, classes: Classes, failing: BoolArray) -> BoolArray:
        """Which classes, not failing yet, could be too few of the population."""
        below = np.zeros(classes.count, dtype=np.bool_)
        for model in self._plan.models:
            if isinstance(model, KMap):
                below |= self.in_population(classes) < model.k
        return below & ~failing

    def in_population(self, classes: Classes) -> IntArray:
        """Per class, the rows of the population under its labels.

        Raises:
            BadPopulation: there is none.
        """
        if self.population is None:
            raise BadPopulation("there is no population")
        found = np.bincount(classes.of, weights=self.population, minlength=classes.count)
        return found.astype(np.int64)

    def dependent(self, classes: Classes, failing: BoolArray) -> BoolArray:
        """Which classes, not failing yet, fall too far below k when a coalition is taken away."""
        short = np.zeros(classes.count, dtype=np.bool_)
        # Contributors that stand alone in their rows take as many from k as they are.
        alone = len(self._meetings) == len(self._sides) <= 1
        if self._plan.coalition and not alone:
            open_ = ~(failing | self._surely_independent(classes, ~failing))
            for unit in self.units:
                left = self.without(classes, unit, among=open_, coalition=self._plan.coalition)
                short |= left < self._plan.k - self._plan.coalition
            short &= open_
        return short

    def _surely_independent(self, classes: Classes, among: BoolArray) -> BoolArray:
        """Which classes have enough meetings that share nobody, found by quick looks.

        Somebody who leaves is in at most one of such meetings per contributor column. Of several
        together more is known than the bound by which a release is judged.
        """
        proved = np.zeros(classes.count, dtype=np.bool_)
        if not self._meetings or self._plan.coalition > 1:
            return proved
        enough = self._plan.k - 1 + len(self._meetings)
        buckets = 1 << (4 * enough - 1).bit_length()
        for step in (_SAMPLE, 1):
            meetings = np.arange(0, len(self._meeting_tuples), step)
            of = classes.of[self._meeting_tuples[meetings]]
            picked = (among & ~proved)[of]
            meetings, of = meetings[picked], of[picked]
            for codes in self._meetings:
                # One meeting per bucket of contributors: those left differ on this side.
                slots = np.full(classes.count * buckets, -1)
                slots[of * buckets + (codes[meetings] & (buckets - 1))] = np.arange(len(meetings))
                one_each = slots[slots >= 0]
                meetings, of = meetings[one_each], of[one_each]
            proved |= np.bincount(of, minlength=classes.count) >= enough
        return proved

    def too_few_values(self, classes: Classes, failing: BoolArray) -> BoolArray:
        """Which classes, not failing yet, have too few distinct values of a sensitive column."""
        few = np.zeros(classes.count, dtype=np.bool_)
        for attribute in self._attributes:
            if attribute.side is None:  # a value is there in each unit, or in none
                few |= attribute.too_few_values(classes, failing | few, self._plan.coalition)
        return few & ~failing

    def counts(self, classes: Classes, unit: str | None) -> IntArray:
        """Per class, the contributors of a side; its rows when ``unit`` is None."""
        if unit is None:
            return classes.rows
        if unit not in classes.counts:
            side = self._sides[unit]
            keys = classes.of[side.tuples] * self._people + side.codes
            once = different(keys)
            classes.counts[unit] = np.bincount(once // self._people, minlength=classes.count)
        return classes.counts[unit]

    def without(
        self, classes: Classes, unit: str | None, *, among: BoolArray, coalition: int
    ) -> IntArray:
        """As :meth:`counts`, after the coalition that takes most away is gone with its rows.

        Only for the classes ``among``; at least so many, and exactly for a coalition of one. With
        no contributor column each row is its own contributor.
        """
        counts = self.counts(classes, unit)
        if not self._meetings:
            return np.maximum(counts - coalition, 0)
        if (unit, coalition) in classes.left:
            left, asked = classes.left[unit, coalition]
            if not (among & ~asked).any():
                return left
        of = classes.of[self._meeting_tuples]
        here = among[of]
        of, meetings = of[here], tuple(codes[here] for codes in self._meetings)
        rows = self._meeting_rows[here]
        if coalition > 1:
            # The same people may meet under several tuples of a class; once is enough.
            (of, *once), _, rows = distinct((of, *meetings), rows)
            meetings = tuple(once)
        if unit is None:
            lost = rows_lost(of, meetings, rows, self._people, classes.count, coalition)
        else:
            side = self._columns[unit]
            lost = contributors_lost(of, meetings, side, self._people, classes.count, coalition)
        left = np.maximum(counts - lost, 0)
        classes.left[unit, coalition] = left, among
        return left

    def _outside_presence(self, classes: Classes, failing: BoolArray) -> BoolArray:
        """Which classes, not failing yet, tell too much of who is in the table; all or some."""
        outside = np.zeros(classes.count, dtype=np.bool_)
        for model in self._plan.models:
            if not isinstance(model, DeltaPresence):
                continue
            low, high = exact(model.low), exact(model.high)
            people = self.in_population(classes)
            if (people < classes.rows).any():
                raise BadPopulation("the population does not contain the table")
            outside |= classes.rows * high.denominator > people * high.numerator
            outside |= classes.rows * low.denominator < people * low.numerator
            # Who is under no label that left is known not to be in the table.
            if low > 0 and (people > 0)[outside | failing].any():
                outside[:] = True
        return outside & ~failing

    def _too_risky(self, classes: Classes, failing: BoolArray) -> BoolArray:
        """Which classes, not failing yet, have to go for the average risk: the smallest first."""
        gone = np.zeros(classes.count, dtype=np.bool_)
        for model in self._plan.models:
            if not isinstance(model, AverageRisk):
                continue
            for unit in self.units:
                sizes = np.where(failing | gone, 0, self.counts(classes, unit))
                by_size = np.bincount(sizes)
                by_size[0] = 0
                # From each size up: so many classes, and so much in them.
                number = np.cumsum(by_size[::-1])[::-1]
                inside = np.cumsum((by_size * np.arange(len(by_size)))[::-1])[::-1]
                share = exact(model.most)
                fine = number * share.denominator <= inside * share.numerator
                gone |= sizes < (int(np.argmax(fine)) if fine.any() else len(by_size))
        return gone & ~failing
