"""Cells as numbers: looked up once per distinct value of a batch, and combined into classes."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]

#: What has no number.
NOWHERE = -1

_KEY = 1 << 62


class Look:
    """Values of one raw column as numbers, by a function that is asked once per distinct value."""

    def __init__(self, number: Callable[[Any], int]) -> None:
        self._number = number
        self._values: Any = None
        self._numbers: Ints = np.zeros(0, dtype=np.int64)

    def of(self, column: Any) -> Ints:
        """The number of each value; NA is asked for as None."""
        column = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        if self._values is None or not column.dictionary.equals(self._values):
            self._values = column.dictionary
            numbers = [self._number(value) for value in column.dictionary.to_pylist()]
            self._numbers = np.array([*numbers, NOWHERE], dtype=np.int64)
        places = column.indices
        if places.null_count:
            self._numbers[-1] = self._number(None)
            places = places.fill_null(len(self._numbers) - 1)
        found: Ints = self._numbers[places.to_numpy()]
        return found


class Combinations:
    """Known combinations of numbers, one array per column, numbered from 0 without gaps."""

    def __init__(self, columns: Sequence[Ints]) -> None:
        self._sizes = [int(column.max(initial=0)) + 1 for column in columns]
        self._shortened: dict[int, Ints] = {}
        bound = 1
        for place, size in enumerate(self._sizes):
            if bound * size > _KEY:
                self._shortened[place] = np.unique(self.keys(columns[:place]))
                bound = len(self._shortened[place])
            bound *= size
        self._known = np.unique(self.keys(columns))

    def __len__(self) -> int:
        return len(self._known)

    def keys(self, columns: Sequence[Ints]) -> Ints:
        """One key per combination, ``NOWHERE`` where a number is beyond all known ones."""
        key = np.zeros(len(columns[0]), dtype=np.int64)
        outside = np.zeros(len(key), dtype=np.bool_)
        for place, (column, size) in enumerate(zip(columns, self._sizes, strict=False)):
            outside |= column.view(np.uint64) >= size  # as such, a negative number is the largest
            if place in self._shortened:
                known = self._shortened[place]
                key = _found(known, key)
                outside |= key < 0
            key *= size
            key += column
        key[outside] = NOWHERE
        return key

    def numbers(self, keys: Ints) -> Ints:
        """The number behind each key, ``NOWHERE`` where the combination is not known."""
        return _found(self._known, keys)


def _found(known: Ints, keys: Ints) -> Ints:
    places = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[places] == keys, places, NOWHERE)


def fingerprint(numbers: Sequence[Ints]) -> Ints:
    """One 64-bit number per row out of the hashes of its cells, such that sums tell rows apart."""
    mixed = np.zeros(len(numbers[0]), dtype=np.uint64)
    for column in numbers:  # the finalizer of splitmix64, after each column
        mixed = (mixed ^ column.view(np.uint64)) + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return mixed.view(np.int64)


class Gathered:
    """Batches grouped by all their columns but "rows" and "print", which are added up."""

    def __init__(self) -> None:
        self._tables: list[pa.Table] = []
        self._most = 1 << 20

    def add(self, columns: dict[str, Ints]) -> None:
        """Take a batch."""
        self._tables.append(pa.table(columns))
        if sum(table.num_rows for table in self._tables) > self._most:
            whole = self.whole()
            self._most = max(1 << 20, 2 * whole.num_rows)

    def whole(self) -> pa.Table:
        """All batches, each combination once."""
        table = pa.concat_tables(self._tables)
        amounts = [name for name in ("rows", "print") if name in table.column_names]
        names = [name for name in table.column_names if name not in amounts]
        sums = table.group_by(names).aggregate([(amount, "sum") for amount in amounts])
        whole = sums.select([*names, *(f"{amount}_sum" for amount in amounts)])
        whole = whole.rename_columns([*names, *amounts]).select(table.column_names)
        self._tables = [whole]
        return whole
