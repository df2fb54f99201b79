"""What to hold back of one class so that its change tells nothing, and which choice loses least.

Who knows the rules knows how rows to hold back are chosen, and could read the choice backwards
(minimality: Wong, Fu, Wang and Pei, VLDB 2007). So the values of a class are put into *bunches*
before anybody looks at what left: the most frequent values together, as many as a change needs;
each has k contributors and can lose a row without breaking the class. If one value of a bunch lost
a row, all of the bunch lose k: the difference is the same whichever value it was. If it was a value
that is in no bunch, the class is kept out; those are two values or more, or a bunch joins them.
"""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from mutuali.privacy.measures.grouping import group
from mutuali.privacy.plan import Diversity, exact
from mutuali.privacy.recode.classes import BoolArray
from mutuali.privacy.recode.dependence import values_lost
from mutuali.privacy.recode.histogram import IntArray
from mutuali.privacy.recode.keys import different
from mutuali.privacy.releases.common import Common
from mutuali.privacy.releases.compare import FEWEST_VALUES, Pair, joint, short
from mutuali.privacy.releases.draft import without
from mutuali.privacy.releases.record import ReleaseRecord


def broken(record: ReleaseRecord) -> IntArray:
    """Classes that do not keep the k and the diversity of their own release.

    Diversity counts contributors of each side, or rows without sides, as the engine does.
    """
    failing = {g for g, *_ in short(record, record.of, record.people)}
    for place, model in enumerate(record.diversities):
        for side in record.sides or (None,):
            weak = _weak(record, place, model, side)
            failing |= set(np.flatnonzero(weak).tolist())
    return np.array(sorted(failing), dtype=np.int64)


def _weak(record: ReleaseRecord, place: int, model: Diversity, side: str | None) -> BoolArray:
    """Classes with too few values of one column, or too much of one, counted on one side."""
    width, count = len(record.texts[place]), len(record.classes)
    key = record.of * width + record.values[:, place]
    if side is not None:
        many = len(record.contributors)
        person = record.people[:, record.contributor_columns.index(side)]
        key = different(key * many + person) // many
    keys, amounts = np.unique(key, return_counts=True)
    of = keys // width
    distinct = np.bincount(of, minlength=count)
    most = np.zeros(count, dtype=np.int64)
    np.maximum.at(most, of, amounts)
    total = np.bincount(of, weights=amounts, minlength=count).astype(np.int64)
    share = exact(model.most)
    weak: BoolArray = (distinct < model.distinct) | (
        most * share.denominator > total * share.numerator
    )
    if record.coalition and record.people.shape[1] and model.distinct > record.coalition + 1:
        meetings = list(record.people.T)
        many, values = len(record.contributors), record.values[:, place]
        lost = values_lost(record.of, values, meetings, many, count, record.coalition)
        weak |= distinct - lost < model.distinct - record.coalition
    return weak & (total > 0)


def safe(earlier: ReleaseRecord, new: ReleaseRecord, common: Common) -> bool:
    """Whether one class may follow another, and keeps the plan by itself."""
    pair = Pair(earlier, new, common)
    return (
        next(pair.located(0), None) is None
        and next(joint([earlier], new), None) is None
        and not len(broken(new))
    )


def hold_backs(pair: Pair, g: int, common: Common) -> Iterator[IntArray]:
    """Sets of rows of the new release, ascending, each of which makes the change of a group safe.

    The last one is the whole group.
    """
    inside = pair.after == g
    one = _One(pair, g)
    earlier = pair.earlier.part(pair.before == g)
    tried = set()
    for rows in one.proposals():
        if rows.tobytes() not in tried and safe(
            earlier, pair.new.part(without(inside, rows)), common
        ):
            yield rows
        tried.add(rows.tobytes())
    yield np.flatnonzero(inside)


class _One:
    """One group of a pair: its values, what left, what stayed, what came."""

    def __init__(self, pair: Pair, g: int) -> None:
        self._pair = pair
        self._record = pair.new
        self._k = pair.new.k
        self._before = np.flatnonzero(pair.before == g)
        self._after = np.flatnonzero(pair.after == g)
        split = len(self._before)
        codes = [
            np.concatenate((before[self._before], after[self._after]))
            for before, after, _ in pair.values
        ]
        together = group(codes, split + len(self._after))
        self._value_before, self._value_after = together.of[:split], together.of[split:]
        self._count = together.count
        example = np.zeros(self._count, dtype=np.int64)
        example[together.of] = np.arange(len(together.of))
        self._cells = [tuple(values[row] for values in codes) for row in example.tolist()]
        self._text = [
            tuple(str(pair.values[j][2][code]) for j, code in enumerate(cells))
            for cells in self._cells
        ]
        self._came = ~pair.was_there[self._after]
        self._rows = np.bincount(self._value_before, minlength=self._count)
        present = [self._cells[value] for value in np.flatnonzero(self._rows).tolist()]
        self._needed = [
            min(max(FEWEST_VALUES, model.distinct), len({cells[place] for cells in present}))
            for place, model in enumerate(pair.models)
        ]

    def proposals(self) -> Iterator[IntArray]:
        """Sets of rows to hold back, not yet tried."""
        lost = set(self._value_before[~self._pair.stayed[self._before]].tolist())
        bunches = self._bunches()
        filled: set[int] | None = set()
        for value in lost:
            bunch = next((each for each in bunches if value in each), None)
            filled = None if filled is None or bunch is None else filled | bunch
        for fill in (set(), filled):
            if fill is None:
                continue
            for keep in (True, False):
                for only_elsewhere in (False, True) if keep and fill else (False,):
                    held = self._held(fill, keep=keep, but=fill if only_elsewhere else set())
                    if held is not None:
                        yield held
        yield self._after[~self._came]  # the class made anew of those that came

    def _held(self, fill: set[int], *, keep: bool, but: set[int]) -> IntArray | None:
        """Fill up what left to k in each value to fill, and hold back arrivals that are too few.

        ``keep``: arrivals of a value stay in where they are k by themselves, but not in ``but``.
        """
        held: list[int] = []
        for value in range(self._count):
            mine = self._value_after == value
            came, stayed = self._after[mine & self._came], self._after[mine & ~self._came]
            left = self._left_of(value)
            welcome = keep and value not in but and self._enough(self._record.people[came])
            keeping = len(came) if welcome else 0
            filling = 0
            if value in fill:
                order = self._order(left, stayed)
                fewest = self._fill(left, stayed[order])
                if fewest is None:
                    return None
                filling, keeping = self._balanced(left, fewest, len(stayed), came, keeping)
                held += stayed[order[:filling]].tolist()
            held += came[keeping:].tolist()
        return np.array(sorted(held), dtype=np.int64)

    def _balanced(
        self, left: IntArray, fewest: int, stayed: int, came: IntArray, keeping: int
    ) -> tuple[int, int]:
        """How many more to fill, or fewer arrivals to keep, so that the net change is safe too."""
        for lost in range(2 * self._k + 1):
            for more in range(lost + 1):
                filling, kept = fewest + more, keeping - (lost - more)
                if (
                    filling > stayed
                    or kept < 0
                    or (kept < keeping and not self._enough(self._record.people[came[:kept]]))
                ):
                    continue
                net = abs(len(left) + filling - kept)
                if net == 0 or net >= self._k:
                    return filling, kept
        return fewest, 0

    def _left_of(self, value: int) -> IntArray:
        """Who stands behind the rows of a value that left."""
        rows = self._before[(self._value_before == value) & ~self._pair.stayed[self._before]]
        return self._aligned(rows)

    def _aligned(self, rows: IntArray) -> IntArray:
        """The contributors of earlier rows as the new record numbers them; unknown ones after."""
        earlier, new = self._pair.earlier, self._record
        people = earlier.people[rows]
        if not people.size:
            return people
        tokens = earlier.contributors[people]
        place = np.searchsorted(new.contributors, tokens)
        known = place < len(new.contributors)
        known[known] = new.contributors[place[known]] == tokens[known]
        aligned: IntArray = np.where(known, place, len(new.contributors) + people)
        return aligned

    def _enough(self, people: IntArray) -> bool:
        """Whether these rows hide each other."""
        of = np.zeros(len(people), dtype=np.int64)
        return len(people) == 0 or next(short(self._record, of, people), None) is None

    def _fill(self, left: IntArray, stayed: IntArray) -> int | None:
        """The fewest of the rows that stayed, taken in order, that make what left enough."""
        people = self._record.people[stayed]
        for filling in range(len(stayed) + 1):
            if len(left) + filling >= self._k and self._enough(
                np.concatenate((left, people[:filling]))
            ):
                return filling
        return None

    def _order(self, left: IntArray, stayed: IntArray) -> IntArray:
        """First those whose contributors are new to what left; else as their tokens stand."""
        record = self._record
        sides = [record.contributor_columns.index(side) for side in record.sides]
        if not sides:
            return np.arange(len(stayed))
        people = record.people[stayed]
        have = [set(left[:, side].tolist()) for side in sides]
        waiting = list(range(len(stayed)))
        order = []
        while waiting and min(map(len, have)) < self._k:
            gains = [
                sum(
                    int(people[row, side]) not in known
                    for side, known in zip(sides, have, strict=True)
                    if len(known) < self._k
                )
                for row in waiting
            ]
            best = waiting.pop(int(np.argmax(gains)))
            order.append(best)
            for side, known in zip(sides, have, strict=True):
                known.add(int(people[best, side]))
        return np.array(order + waiting, dtype=np.int64)

    def _bunches(self) -> list[set[int]]:
        """The values of the earlier class in bunches that can be filled."""
        values = np.flatnonzero(self._rows).tolist()
        few = {
            value
            for value, *_ in short(
                self._record, self._value_before, self._aligned(self._before), alone=False
            )
        }
        few |= {value for value in values if not self._survives(value)}
        order = sorted(values, key=lambda value: (-int(self._rows[value]), self._text[value]))
        rest = few.copy()
        bunches: list[set[int]] = []
        bunch: set[int] = set()
        for value in order:
            if value not in few:
                bunch.add(value)
                if self._varied(bunch):
                    bunches.append(bunch)
                    bunch = set()
        if bunches and (not rest or self._varied(rest)):
            bunches[-1] |= bunch
        else:
            rest |= bunch
        while rest and bunches and not self._varied(rest):
            rest |= bunches.pop()
        return bunches

    def _survives(self, value: int) -> bool:
        """Whether the earlier class keeps the plan without one row of a value.

        If not, it is suppressed when such a row is withdrawn, and cannot change like the others.
        """
        rows = self._rows.copy()
        rows[value] -= 1
        total = int(rows.sum())
        if total < self._k:
            return False
        for place, model in enumerate(self._pair.models):
            counts: Counter[int] = Counter()
            for cells, count in zip(self._cells, rows.tolist(), strict=True):
                counts[cells[place]] += count
            distinct = sum(count > 0 for count in counts.values())
            if distinct < model.distinct or max(counts.values()) > exact(model.most) * total:
                return False
        return True

    def _varied(self, values: set[int]) -> bool:
        """Whether a change of all these values, by the same number each, tells none of them."""
        for place, model in enumerate(self._pair.models):
            found = [self._cells[value][place] for value in values]
            most = max(map(found.count, found), default=0)
            needed = self._needed[place]
            if len(set(found)) < needed or (needed > 1 and most > exact(model.most) * len(found)):
                return False
        return bool(values)
