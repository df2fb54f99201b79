"""Where a release goes: Parquet or CSV, written piece by piece."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mutuali.privacy.text import csv_lines, header_line

#: Rows of one row group: each column of it waits in memory, as positions in a dictionary.
ROW_GROUP = 1 << 20

#: Characters written at a time.
_CHARACTERS = 1 << 22

_Counts = npt.NDArray[np.int64]


class Sink(Protocol):
    """Takes a release in its order; nothing is whole before ``close``."""

    def write(self, rows: pa.Table, repeats: _Counts) -> Iterator[int]:
        """Write row i of ``rows`` ``repeats[i]`` times; yields how many rows are written so far."""
        ...

    def close(self) -> None:
        """Write what is left and close the file."""
        ...


class ParquetSink:
    """A Parquet file: text in dictionaries that hold no value which no row of the group has.

    Without the statistics of pages: a sorted file of few distinct cells is read in full anyway, and
    they take longer to compute than all the rest.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: Any = None

    def write(self, rows: pa.Table, repeats: _Counts) -> Iterator[int]:
        """Write row groups, each expanded from the rows that it holds."""
        ends = np.cumsum(repeats)
        total = int(ends[-1]) if len(ends) else 0
        for start in range(0, total, ROW_GROUP):
            stop = min(start + ROW_GROUP, total)
            first, last = np.searchsorted(ends, (start, stop - 1), side="right")
            bounds = np.append(start, np.clip(ends[first : last + 1], start, stop))
            here = bounds[1:] - bounds[:-1]
            group = _without_unused(rows.slice(first, last + 1 - first))
            if last - first + 1 < stop - start:
                group = group.take(pa.array(np.repeat(np.arange(len(here)), here)))
            if self._writer is None:
                self._writer = _parquet_writer(self._path, group.schema)
            self._writer.write_table(group, row_group_size=ROW_GROUP)
            yield stop

    def close(self) -> None:
        """Write the footer."""
        if self._writer is not None:
            self._writer.close()


class CsvSink:
    """A CSV file, the same bytes that ``text.to_csv`` makes of the whole table."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")

    def write(self, rows: pa.Table, repeats: _Counts) -> Iterator[int]:
        """Write lines, each made once."""
        if not self._file.tell():
            self._file.write(header_line(rows.column_names))
        written = 0
        for line, times in zip(csv_lines(rows), repeats.tolist(), strict=True):
            most = max(_CHARACTERS // len(line), 1)
            for start in range(0, times, most):
                here = min(most, times - start)
                self._file.write(line * here)
                written += here
                yield written

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _parquet_writer(path: Path, schema: pa.Schema) -> Any:
    return pq.ParquetWriter(
        path, schema, write_statistics=False, store_schema=False, write_batch_size=1 << 16
    )


def _without_unused(rows: pa.Table) -> pa.Table:
    """The rows with dictionaries of their own: a value that does not leave is in no dictionary."""
    columns = []
    for column in rows.columns:
        whole = column.combine_chunks()
        if pa.types.is_dictionary(whole.type):
            used = pc.unique(whole.indices).drop_null()
            places = pc.index_in(whole.indices, value_set=used)
            whole = pa.DictionaryArray.from_arrays(places, whole.dictionary.take(used))
        columns.append(whole)
    return pa.table(columns, names=rows.column_names)
