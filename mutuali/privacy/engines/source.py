"""Where rows come from: what the engine asks of a table, a file or a database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mutuali.privacy.errors import TooManyRows

#: Rows handed over at a time: large enough that Python's own steps do not count.
BATCH = 262_144

#: Rows beyond these would not be numbered exactly by the 32 bits that positions have.
MOST_ROWS = 2**31 - 1

#: Values of the plain columns, multiplied, up to which these columns are grouped with the others:
#: there are at most this many times more combinations then. With more values the combinations may
#: be as many as the rows, and these columns are read a second time instead.
FEW_VALUES = 20


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a source: ``first`` is the number of the first one, None where rows have none.

    ``weights`` are the source rows behind each row here, 1 where it is None; ``done`` is the share
    of the source read with this part, 0 to 1.
    """

    rows: pa.RecordBatch
    first: int | None
    weights: npt.NDArray[np.int64] | None
    done: float


class Source(Protocol):
    """A table that can be read more than once, always in the same types."""

    @property
    def schema(self) -> pa.Schema:
        """Every column with its Arrow type, as it will be read; dictionaries do not count."""
        ...

    def groups(self, names: Sequence[str], few: Sequence[str]) -> Iterator[Part]:
        """All rows, or their distinct combinations, in the columns ``names`` and ``few``.

        Columns of ``few`` may be left out, all or none, where their values are too many to group.

        Raises:
            BadTable: what is there cannot be read as a table.
            TooManyRows: more than can be counted.
        """
        ...

    def read(self, names: Sequence[str]) -> Iterator[Part]:
        """All rows, in these columns.

        Raises:
            BadTable: what is there cannot be read as a table.
            TooManyRows: more than can be counted.
        """
        ...


def refuse_too_many(rows: int) -> None:
    """Raise if there are more rows than can be counted.

    Raises:
        TooManyRows: more than ``MOST_ROWS``.
    """
    if rows > MOST_ROWS:
        raise TooManyRows(f"{rows} rows; at most {MOST_ROWS} can be counted exactly")


def without_negative_zero(rows: pa.RecordBatch) -> pa.RecordBatch:
    """The rows with 0.0 for -0.0, as engines differ on whether these are one value."""
    for place, column in enumerate(rows.columns):
        if pa.types.is_floating(column.type):
            zero = pa.scalar(0.0, column.type)
            rows = rows.set_column(place, rows.schema.names[place], pc.add(column, zero))
    return rows


class TableSource:
    """An Arrow table in memory."""

    def __init__(self, table: pa.Table) -> None:
        refuse_too_many(table.num_rows)
        self._table = table

    @property
    def schema(self) -> pa.Schema:
        """The columns of the table."""
        return self._table.schema

    def groups(self, names: Sequence[str], few: Sequence[str]) -> Iterator[Part]:
        """All rows: what reads them groups them."""
        return self.read([*names, *few])

    def read(self, names: Sequence[str]) -> Iterator[Part]:
        """The rows in their order."""
        first = 0
        for batch in self._table.select(list(names)).to_batches(max_chunksize=BATCH):
            last = first + batch.num_rows
            rows = without_negative_zero(batch)
            yield Part(rows, first, None, last / max(self._table.num_rows, 1))
            first = last
