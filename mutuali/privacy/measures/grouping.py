"""Rows of any table by what they say, raw or released: the first step of every measure.

NA is a value of its own, and an empty text is NA, as everywhere in this package.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mutuali.privacy.recode.histogram import IntArray, as_ints, text_column
from mutuali.privacy.recode.keys import fold


@dataclass(frozen=True, slots=True)
class Values:
    """A column as codes 0, 1, ... in order of appearance; ``texts[codes[row]]`` is the cell."""

    codes: IntArray
    texts: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Grouping:
    """``of[row]`` is the class of a row, 0, 1, ... in order of appearance; ``sizes`` >= 1."""

    of: IntArray
    sizes: IntArray

    @property
    def count(self) -> int:
        """How many classes there are."""
        return len(self.sizes)


def values_of(table: pa.Table, name: str) -> Values:
    """The cells of a column.

    Raises:
        BadTable: no such column, or a type whose text is not exact.
    """
    column = table.column(name) if name in table.column_names else None
    if column is None or not pa.types.is_dictionary(column.type):
        codes, dictionary = encoded(text_column(table, name, floats=True))
        return Values(codes, tuple(dictionary.to_pylist()))
    # Only what is distinct is spelled out: the numbers are there already. NA is the first word.
    chunks = column.chunks
    words = [pa.nulls(1, column.type.value_type), *(chunk.dictionary for chunk in chunks)]
    said = values_of(pa.table({name: pa.chunked_array(words)}), name)
    places, start = [np.zeros(0, dtype=np.int64)], 1
    for chunk in chunks:
        places.append(as_ints(pc.add(chunk.indices.cast(pa.int64()), start).fill_null(0)))
        start += len(chunk.dictionary)
    codes, order = encoded(pa.array(said.codes[np.concatenate(places)]))
    return Values(codes, tuple(said.texts[code] for code in order.to_pylist()))


def encoded(column: Any) -> tuple[IntArray, Any]:
    """Codes in order of appearance, null with one of its own, and the Arrow array they point to."""
    flat = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    numbered = flat.dictionary_encode(null_encoding="encode")
    return as_ints(numbered.indices), numbered.dictionary


def group(columns: Sequence[IntArray], rows: int) -> Grouping:
    """Rows with the same codes in all columns together; no column: one class of all ``rows``."""
    if not columns or not rows:
        return Grouping(np.zeros(rows, dtype=np.int64), np.array([rows] * bool(rows), np.int64))
    key, _ = fold(columns, [int(column.max()) + 1 for column in columns])
    of, _ = encoded(pa.array(key))  # by hashing: several times faster than a sort
    return Grouping(of, np.bincount(of))


def group_by(table: pa.Table, names: Sequence[str]) -> Grouping:
    """The classes of a table under the columns named.

    Raises:
        BadTable: as :func:`values_of`.
    """
    return group([values_of(table, name).codes for name in names], table.num_rows)


def distinct_per_class(classes: Grouping, codes: IntArray) -> IntArray:
    """How many different codes each class has."""
    pairs = group([classes.of, codes], len(codes))
    first = np.zeros(pairs.count, dtype=np.int64)
    first[pairs.of] = classes.of
    return np.bincount(first, minlength=classes.count)


def most_per_class(classes: Grouping, codes: IntArray) -> IntArray:
    """How many rows of each class have its most frequent code."""
    pairs = group([classes.of, codes], len(codes))
    of = np.zeros(pairs.count, dtype=np.int64)
    of[pairs.of] = classes.of
    most = np.zeros(classes.count, dtype=np.int64)
    np.maximum.at(most, of, pairs.sizes)
    return most
