"""At which level each cell left, read back from a released table and the rows it came from.

Full-domain recoding gives a column one level, local recoding a level per cell. Neither is announced
in the table: a label is looked for in the chain of its raw value. Where a column can be read on
one level throughout, it is, on the finest such level; else each cell is read on the finest level
that fits it, as ARX reads released tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from mutuali.privacy.errors import Disagreement, UnknownValue
from mutuali.privacy.hierarchy import ANY
from mutuali.privacy.measures.grouping import encoded, values_of
from mutuali.privacy.plan import Column
from mutuali.privacy.recode.classes import BoolArray
from mutuali.privacy.recode.histogram import IntArray, as_ints, leaf_codes, text_column
from mutuali.privacy.recode.keys import different
from mutuali.privacy.recode.loss import Ladder, ladder


@dataclass(frozen=True, slots=True)
class RecodedColumn:
    """A quasi-identifier, per raw row: ``leaves`` (positions in ``ladder``) and their ``levels``.

    A suppressed row is at the top. ``common`` is the level of the whole column, for rows that
    left; the coarsest level below the top that a cell has, where they differ.
    """

    column: Column
    ladder: Ladder
    leaves: IntArray
    levels: IntArray
    common: int

    @property
    def top(self) -> int:
        """The level on which everything is '*'."""
        return self.column.generalization.top

    def labels(self, levels: IntArray | int) -> IntArray:
        """The code of each row's label at the levels given; its text is in the ladder."""
        return self.ladder.label[levels, self.leaves]


@dataclass(frozen=True, slots=True)
class Recoding:
    """What became of each raw row: suppressed or not, and each quasi-identifier of it.

    Suppressed are rows that did not leave, and rows that left as '*' in every quasi-identifier
    while others did not.
    """

    columns: tuple[RecodedColumn, ...]
    suppressed: BoolArray

    def named(self, name: str) -> RecodedColumn | None:
        """The quasi-identifier of that name; None for any other column."""
        return next((found for found in self.columns if found.column.name == name), None)


def checked_witness(
    witness: Sequence[int] | IntArray, raw: pa.Table, released: pa.Table
) -> IntArray:
    """The witness as integers.

    Raises:
        Disagreement: it is not one raw row for each released row, each at most once.
    """
    rows = np.asarray(witness, dtype=np.int64)
    if len(rows) != released.num_rows or len(different(rows)) < len(rows):
        raise Disagreement(("the witness does not name one raw row per released row, each once",))
    if len(rows) and not (rows.min() >= 0 and rows.max() < raw.num_rows):
        raise Disagreement(("a witness points outside the raw rows",))
    return rows


def read_recoding(
    raw: pa.Table, released: pa.Table, witness: IntArray, columns: Sequence[Column]
) -> Recoding:
    """How ``released``, whose row i came from raw row ``witness[i]``, recodes ``columns``.

    Raises:
        BadTable: a missing column, or a type whose text is not exact.
        UnknownValue: a raw value that its hierarchy does not name.
        Disagreement: a label that does not stand in the chain of its raw value.
    """
    starred = np.ones(len(witness), dtype=np.bool_)
    for column in columns:
        cells = values_of(released, column.name)
        starred &= np.array([text == ANY for text in cells.texts], dtype=np.bool_)[cells.codes]
    kept = ~starred if not starred.all() else starred
    suppressed = np.ones(raw.num_rows, dtype=np.bool_)
    suppressed[witness[kept]] = False
    return Recoding(
        tuple(_read(raw, released, witness, kept, column) for column in columns), suppressed
    )


def leaves_of(table: pa.Table, column: Column) -> IntArray:
    """The positions of a column's values in the chains of its hierarchy.

    Raises:
        BadTable: no such column, or a type whose text is not exact.
        UnknownValue: a value that the hierarchy does not name.
    """
    text = text_column(table, column.name)
    numbers, distinct = encoded(text)
    codes = leaf_codes(column.generalization, distinct)
    if codes.null_count:
        unknown = np.flatnonzero(codes.is_null().to_numpy(zero_copy_only=False))
        row = int(np.flatnonzero(np.isin(numbers, unknown))[0])
        raise UnknownValue(text[row].as_py(), column=column.name, row=row)
    return as_ints(codes)[numbers] if len(distinct) else numbers


def _read(
    raw: pa.Table, released: pa.Table, witness: IntArray, kept: BoolArray, column: Column
) -> RecodedColumn:
    steps, leaves = ladder(column.generalization), leaves_of(raw, column)
    cells = values_of(released, column.name)
    width = max(len(cells.texts), 1)
    pairs, where = np.unique(leaves[witness] * width + cells.codes, return_inverse=True)
    top = column.generalization.top
    fits = np.zeros((len(pairs), top + 1), dtype=np.bool_)
    for place, pair in enumerate(pairs.tolist()):
        leaf, text = divmod(pair, width)
        for level in range(top + 1):
            fits[place, level] = steps.texts[level][steps.label[level, leaf]] == cells.texts[text]
    covered = np.logical_or.reduce(fits, axis=1)
    if not covered.all():
        row = int(np.flatnonzero(~covered[where])[0])
        raise Disagreement(
            (f"column {column.name!r}, released row {row}: the label does not cover the raw value",)
        )
    finest: IntArray = fits.argmax(axis=1)
    used = np.unique(where[kept])
    shared = np.flatnonzero(fits[used].all(axis=0))
    levels = np.full(raw.num_rows, top, dtype=np.int64)
    if len(shared):
        common = int(shared[0])
        levels[witness[kept]] = common
    else:
        levels[witness] = finest[where]
        below = finest[used]
        common = int(below[below < top].max())
    return RecodedColumn(column, steps, leaves, levels, common)
