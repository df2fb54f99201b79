"""What each class of a large release says of a sensitive column, counted by sorting numbers.

Written to share nothing with the code that made the release: from the definitions, over the raw
rows of each class. ``remeasure_models`` says what the counts are worth.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from mutuali.privacy.check.codes import Ints
from mutuali.privacy.check.remeasure_models import Counts, Seen

#: Numbers that several are packed into stay below it.
_KEY = 1 << 62


@dataclass(frozen=True, slots=True)
class Groups:
    """Line i stands for ``rows[i]`` rows of class ``of[i]`` with ``values[i]``, between the people
    ``met[0][i]``, ``met[1][i]``, ...; all are numbers from 0."""

    of: Ints
    values: Ints
    met: tuple[Ints, ...]
    rows: Ints

    @classmethod
    def read(cls, groups: pa.Table, value: str, people: Sequence[str]) -> "Groups":
        """From a table of numbers with "rows" and, where they are in classes, "class"."""
        rows = np.asarray(groups.column("rows"), dtype=np.int64)
        of = groups.column("class") if "class" in groups.column_names else np.zeros_like(rows)
        # A row without a contributor has one of its own, the number before the first.
        met = tuple(np.asarray(groups.column(name), dtype=np.int64) + 1 for name in people)
        values = np.asarray(groups.column(value), dtype=np.int64)
        return cls(np.asarray(of, dtype=np.int64), values, met, rows)

    def take(self, lines: Ints) -> "Groups":
        """Some of the lines."""
        met = tuple(people[lines] for people in self.met)
        return Groups(self.of[lines], self.values[lines], met, self.rows[lines])


class Tallied:
    """One sensitive column of ``classes`` classes, whose values are called ``texts``.

    ``released`` are the raw rows of the classes, ``everybody`` all raw rows. About ``cells`` counts
    are in memory at once, more only where a single class needs them.
    """

    def __init__(
        self,
        texts: Sequence[str],
        released: Groups,
        everybody: Groups,
        classes: int,
        *,
        cells: int = 1 << 22,
    ) -> None:
        self._texts = texts
        self._everybody = everybody
        self._classes = classes
        self._cells = cells
        self._lines = released.take(np.argsort(released.of, kind="stable"))
        self._starts = np.searchsorted(self._lines.of, np.arange(classes + 1))
        columns = (*released.met, *everybody.met)
        self._people = max((int(people.max(initial=0)) + 1 for people in columns), default=1)

    def whole(self, side: int | None) -> Counts:
        """What all raw rows have of each value: rows, or contributors of a side."""
        return self._said(self._counted(self._everybody, side, 1)[0])

    def classes(self, side: int | None) -> Iterator[Counts]:
        """The same class by class."""
        for lines, first, count in self._blocks():
            yield from map(self._said, self._counted(_from(lines, first), side, count))

    def without_each(self, side: int | None) -> Iterator[Counts]:
        """The same after any one contributor has left a class with its rows; in no order, and
        where several leave the same behind, told at least once."""
        for lines, first, count in self._blocks():
            here = _from(lines, first)
            left = self._left(here, side, self._counted(here, side, count))
            left = left[left.any(axis=1)]
            yield from map(self._said, _different(left))

    def values_left(self, coalition: int) -> Iterator[int]:
        """Class by class, the values that stay at least when a coalition leaves."""
        for number in range(self._classes):
            lines = self._lines.take(np.arange(self._starts[number], self._starts[number + 1]))
            values = [self._texts[value] for value in lines.values.tolist()]
            met = [people.astype(str).tolist() for people in lines.met]
            meetings = list(zip(*met, strict=True)) if met else [()] * len(values)
            yield Seen(values, meetings).values_left(coalition)

    def _said(self, counts: Ints) -> Mapping[str, int]:
        named = zip(self._texts, counts.tolist(), strict=True)
        return {value: count for value, count in named if count}

    def _blocks(self) -> Iterator[tuple[Groups, int, int]]:
        """Classes that follow one another: their lines, the first, and how many they are."""
        each = len(self._texts) * max(len(self._lines.met), 1)
        first = 0
        while first < self._classes:
            most = self._starts[first] + self._cells // each
            end = int(np.searchsorted(self._starts, most, side="right")) - 1
            end = min(max(end, first + 1), self._classes)
            yield (
                self._lines.take(np.arange(self._starts[first], self._starts[end])),
                first,
                end - first,
            )
            first = end

    def _counted(self, lines: Groups, side: int | None, classes: int) -> Ints:
        """A line per class, a column per value."""
        width = len(self._texts)
        cell = lines.of * width + lines.values
        if side is None:
            counts = np.bincount(cell, lines.rows, classes * width).astype(np.int64)
        else:
            pairs = _once(cell * self._people + lines.met[side])
            counts = np.bincount(pairs // self._people, minlength=classes * width)
        return counts.reshape(classes, width)

    def _left(self, lines: Groups, side: int | None, counts: Ints) -> Ints:
        """A line per class and contributor who takes something along."""
        if not lines.met:
            # Each row is its own contributor: one row less of each value that there is.
            of, value = np.nonzero(counts)
            left = counts[of]
            left[np.arange(len(of)), value] -= 1
            return left
        taken = self._rows_taken(lines) if side is None else self._people_taken(lines, side)
        who, value, amount = taken
        takers, taker = np.unique(who, return_inverse=True)
        width = len(self._texts)
        lost = np.bincount(taker * width + value, amount, len(takers) * width).astype(np.int64)
        return counts[takers // self._people] - lost.reshape(-1, width)

    def _rows_taken(self, lines: Groups) -> tuple[Ints, Ints, Ints]:
        """Class and contributor as one number, a value, and rows of it that leave."""
        parts = []
        for place, people in enumerate(lines.met):
            here = np.ones(len(people), dtype=np.bool_)
            for earlier in lines.met[:place]:  # who is on both sides of a row takes it once
                here &= people != earlier
            who = lines.of[here] * self._people + people[here]
            parts.append((who, lines.values[here], lines.rows[here]))
        who, value, rows = (np.concatenate(column) for column in zip(*parts, strict=True))
        return who, value, rows

    def _people_taken(self, lines: Groups, side: int) -> tuple[Ints, Ints, Ints]:
        """The same in contributors of a side: whoever has a value only in rows with somebody goes
        along; and everybody takes themselves."""
        width, mine = len(self._texts), lines.met[side]
        pairs, pair, due = np.unique(
            (lines.of * width + lines.values) * self._people + mine,
            return_inverse=True,
            return_counts=True,
        )
        met = []
        for place, people in enumerate(lines.met):
            here = people != mine
            for earlier in lines.met[:place]:
                here &= people != earlier
            met.append(pair[here] * self._people + people[here])
        shared = np.sort(np.concatenate(met))
        starts = np.flatnonzero(np.append(True, shared[1:] != shared[:-1])[: len(shared)])
        times = np.diff(np.append(starts, len(shared)))
        together = shared[starts]
        always = together[times == due[together // self._people]]
        whose = np.concatenate((pairs, pairs[always // self._people]))
        by = np.concatenate((pairs % self._people, always % self._people))
        cell = whose // self._people
        return cell // width * self._people + by, cell % width, np.ones(len(cell), dtype=np.int64)


def _from(lines: Groups, first: int) -> Groups:
    """The same with classes numbered from ``first``."""
    return Groups(lines.of - first, lines.values, lines.met, lines.rows)


def _once(keys: Ints) -> Ints:
    """The different keys, ascending."""
    ordered = np.sort(keys)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]


def _different(lines: Ints) -> Ints:
    """The different lines of a matrix of counts."""
    key, bound = np.zeros(len(lines), dtype=np.int64), 1
    for column in lines.T:
        size = int(column.max(initial=0)) + 1
        if bound * size > _KEY:
            found, key = np.unique(key, return_inverse=True)
            bound = len(found)
        key = key * size + column
        bound *= size
    _, first = np.unique(key, return_index=True)
    return lines[first]
