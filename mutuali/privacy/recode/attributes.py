"""The sensitive columns as counts per class and value, in rows or in contributors."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mutuali.privacy.models import AttributeModel, Diversity
from mutuali.privacy.recode.attribute_models import Judge
from mutuali.privacy.recode.classes import BoolArray, Classes
from mutuali.privacy.recode.dependence import each_contributor, hanging_on_one, values_lost
from mutuali.privacy.recode.histogram import IntArray
from mutuali.privacy.recode.keys import different, distinct
from mutuali.privacy.recode.loss import FloatArray

#: Classes are counted in blocks of about this many counts, so that memory stays small.
_BLOCK = 1 << 22


@dataclass(frozen=True, slots=True)
class Entries:
    """Entry i: in ``rows[i]`` rows of tuple ``tuples[i]`` the value is ``values[i]``.

    Between the contributors ``meetings[0][i]``, ``meetings[1][i]``, ..., codes below ``people``.
    """

    tuples: IntArray
    values: IntArray
    meetings: tuple[IntArray, ...]
    rows: IntArray
    people: int

    def part(self, number: IntArray) -> "Entries":
        """Those of the tuples whose new number is not negative."""
        tuples = number[self.tuples]
        here = tuples >= 0
        if here.all():
            return replace(self, tuples=tuples)
        return replace(
            self,
            tuples=tuples[here],
            values=self.values[here],
            meetings=tuple(codes[here] for codes in self.meetings),
            rows=self.rows[here],
        )

    def without_meetings(self) -> "Entries":
        """The same, whoever met."""
        (tuples, values), _, rows = distinct((self.tuples, self.values), self.rows)
        return replace(self, tuples=tuples, values=values, meetings=(), rows=rows)


@dataclass(frozen=True, slots=True)
class Found:
    """A figure of a model, the worst of a release, and the worst without any one contributor."""

    model: AttributeModel
    name: str
    figure: float
    without_one: float


@dataclass(frozen=True, slots=True)
class Attribute:
    """A sensitive column in one unit, with the models it must keep: rows, or a side.

    ``entries`` are what is counted, ``met`` the same with all contributors; ``side`` is the place
    of the side among these, None for rows. ``values`` is the number of different values.
    """

    column: str
    unit: str
    side: int | None
    values: int
    entries: Entries
    met: Entries
    judges: tuple[Judge, ...]

    def part(self, number: IntArray) -> "Attribute":
        """The same of some of the tuples, with their new numbers."""
        return replace(self, entries=self.entries.part(number), met=self.met.part(number))

    def failing(self, classes: Classes, failing: BoolArray) -> BoolArray:
        """Which classes, not failing yet, break a model of this column."""
        found = np.zeros(classes.count, dtype=np.bool_)
        for block, counts in self._blocks(classes, np.flatnonzero(~failing)):
            for judge in self.judges:
                found[block] |= ~judge.keeps(counts)
        return found

    def too_few_values(self, classes: Classes, failing: BoolArray, coalition: int) -> BoolArray:
        """Which classes, not failing yet, have too few values, or too few without a coalition."""
        least = max(
            (j.model.distinct for j in self.judges if isinstance(j.model, Diversity)), default=1
        )
        found = np.zeros(classes.count, dtype=np.bool_)
        if least < 2:
            return found
        of = classes.of[self.entries.tuples]
        pairs = different(of * self.values + self.entries.values)
        distinct_values = np.bincount(pairs // self.values, minlength=classes.count)
        found = ~failing & (distinct_values < least)
        if coalition and self.met.meetings and least > coalition + 1:
            of = classes.of[self.met.tuples]
            here = ~(failing | found)[of]
            columns = (of, self.met.values, *self.met.meetings)
            # The same people may meet under several tuples of a class; once is enough.
            once, _, _ = distinct([codes[here] for codes in columns], self.met.rows[here])
            of, values, *meetings = once
            lost = values_lost(of, values, meetings, self.met.people, classes.count, coalition)
            found |= ~failing & (distinct_values - lost < least - coalition)
        return found

    def surely_lost(self, classes: Classes, failing: BoolArray) -> IntArray:
        """Per class, not failing yet, the rows that every finer scheme leaves out at least.

        Only where rows are counted: a contributor of two parts counts once in their union.
        """
        lost = np.zeros(classes.count, dtype=np.int64)
        bounded = [judge.ceilings for judge in self.judges if judge.ceilings is not None]
        if self.side is not None or not bounded:
            return lost
        for block, counts in self._blocks(classes, np.flatnonzero(~failing)):
            total = counts.sum(axis=1)
            for ceilings in bounded:
                lost[block] = np.maximum(lost[block], total - ceilings.most_kept(counts))
        return lost

    def figures(self, classes: Classes, kept: BoolArray) -> list[Found]:
        """What a release of the classes ``kept`` keeps of each model of this column.

        Also without any one contributor: a member takes out its own rows and looks at the rest.
        """
        found: dict[str, Found] = {}
        for block, counts in self._blocks(classes, np.flatnonzero(kept)):
            left = self._without_each(classes, block, counts)
            for judge in self.judges:
                for one, without in zip(judge.figures(counts), judge.figures(left), strict=True):
                    new = Found(judge.model, one.name, one.worst(), without.worst())
                    known = found.get(one.name, new)
                    worse = min if one.least_is_worst else max
                    found[one.name] = replace(
                        new,
                        figure=worse(known.figure, new.figure),
                        without_one=worse(known.without_one, new.without_one),
                    )
        return list(found.values())

    def _blocks(self, classes: Classes, wanted: IntArray) -> Iterator[tuple[IntArray, IntArray]]:
        """The classes wanted with their counts, a block at a time."""
        size = max(_BLOCK // self.values, 1)
        for start in range(0, len(wanted), size):
            block = wanted[start : start + size]
            yield block, self._counts(classes, block)

    def _counts(self, classes: Classes, wanted: IntArray) -> IntArray:
        """One line per class wanted, given by number: its rows or contributors per value."""
        entries, place = self._in(classes, wanted, self.entries)
        cell = place * self.values + entries.values
        size = len(wanted) * self.values
        if self.side is None:
            counts = np.bincount(cell, weights=entries.rows, minlength=size).astype(np.int64)
        else:
            once = different(cell * entries.people + entries.meetings[self.side])
            counts = np.bincount(once // entries.people, minlength=size)
        return counts.reshape(len(wanted), self.values)

    def _without_each(self, classes: Classes, wanted: IntArray, counts: IntArray) -> IntArray:
        """One line per class and contributor in it: what the class is without the contributor."""
        if not self.met.meetings:
            # Each row is its own contributor: one row less of each value that there is.
            of, value = np.nonzero(counts)
            left = counts[of]
            left[np.arange(len(of)), value] -= 1
            return left[left.any(axis=1)]
        entries, place = self._in(classes, wanted, self.met)
        if self.side is None:
            key, entry = each_contributor(place, entries.meetings, entries.people)
            value, amount = entries.values[entry], entries.rows[entry]
        else:
            cell = place * self.values + entries.values
            # Each contributor once per cell.
            once, group = np.unique(
                cell * entries.people + entries.meetings[self.side], return_inverse=True
            )
            cell_of = once // entries.people
            gone, person = hanging_on_one(group, entries.meetings, entries.people)
            key = cell_of[gone] // self.values * entries.people + person
            value, amount = cell_of[gone] % self.values, np.ones(len(gone), dtype=np.int64)
        pairs, pair = np.unique(key, return_inverse=True)
        size = len(pairs) * self.values
        lost = np.bincount(pair * self.values + value, weights=amount, minlength=size)
        left = counts[pairs // entries.people] - lost.astype(np.int64).reshape(-1, self.values)
        return left[left.any(axis=1)]

    def _in(self, classes: Classes, wanted: IntArray, entries: Entries) -> tuple[Entries, IntArray]:
        """The entries in the classes wanted, and the place of the class of each among these."""
        number = np.full(classes.count, -1)
        number[wanted] = np.arange(len(wanted))
        here = entries.part(number[classes.of])
        return here, here.tuples


def attributes(
    columns: Mapping[str, tuple[Entries, Sequence[str | None]]],
    models: Sequence[AttributeModel],
    sides: Mapping[str, int],
) -> tuple[Attribute, ...]:
    """Each column that has models in each unit that counts: rows, and all sides.

    ``columns`` gives the entries and the texts of the values; ``sides`` the place of each.

    Raises:
        BadTable: a value that the order or the hierarchy of a distance does not name.
    """
    made = []
    for column, (met, texts) in columns.items():
        asked = [model for model in models if model.column == column]
        units: Mapping[str, int | None] = {"rows": None} | dict(sides)
        for unit, side in units.items():
            entries = met if side is not None else met.without_meetings()
            shares = _shares(entries, side, len(texts))
            judges = tuple(Judge(model, shares, texts) for model in asked)
            made.append(Attribute(column, unit, side, len(texts), entries, met, judges))
    return tuple(made)


def _shares(entries: Entries, side: int | None, values: int) -> FloatArray:
    """The share of each value in the whole table."""
    if side is None:
        counts = np.bincount(entries.values, weights=entries.rows, minlength=values)
    else:
        pairs = different(entries.values * entries.people + entries.meetings[side])
        counts = np.bincount(pairs // entries.people, minlength=values)
    return np.asarray(counts / counts.sum())
