"""A CSV file as a source, read block by block; every column is text."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.csv

from mutuali.privacy.engines.source import BATCH, Part, refuse_too_many
from mutuali.privacy.errors import BadTable, NothingToRelease, Reason, UnreadableFile

#: Bytes read at a time; no record may be longer.
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Dialect:
    """What stands between cells, and what around one that holds it: single ASCII characters."""

    delimiter: str = ","
    quote: str = '"'


class CsvSource:
    """A CSV file on this machine: UTF-8, the first line names the columns, rows of one width.

    A cell without text is NA; lines without any cell are no rows.

    Raises:
        UnreadableFile: no header.
        BadTable: a column without a name or named twice.
        NothingToRelease: nothing in the file.
    """

    def __init__(self, path: Path, dialect: Dialect | None = None) -> None:
        self._path = path
        self._dialect = dialect or Dialect()
        header = next(self._records(), None)
        if header is None:
            raise NothingToRelease(Reason.EMPTY_TABLE, "the file is empty")
        for place, name in enumerate(header):
            if not name:
                raise BadTable(f"column {place + 1} of the file has no name", column=name)
            if name in header[:place]:
                raise BadTable("the file has this column twice", column=name)
        self._header = header
        self._bytes = path.stat().st_size

    @property
    def schema(self) -> pa.Schema:
        """The columns of the header, all text."""
        return pa.schema([(name, pa.string()) for name in self._header])

    def groups(self, names: Sequence[str], few: Sequence[str]) -> Iterator[Part]:
        """All rows: what reads them groups them."""
        return self.read([*names, *few])

    def read(self, names: Sequence[str]) -> Iterator[Part]:
        """The rows in their order.

        Raises:
            BadTable: a cell that is not UTF-8.
            UnreadableFile: a row of another width, a quote that does not close.
            TooManyRows: more rows than can be counted.
        """
        first = 0
        try:
            with self._path.open("rb") as bytes_, self._open(bytes_, names) as reader:
                for block in reader:
                    for start in range(0, block.num_rows, BATCH):
                        rows = block.slice(start, BATCH)
                        done = min(bytes_.tell() / self._bytes, 1.0)
                        yield Part(rows.select(list(names)), first, None, done)
                        first += rows.num_rows
                        refuse_too_many(first)
        except pa.ArrowException as error:
            self._find_fault()
            raise UnreadableFile(f"the CSV file cannot be read after row {first}") from error

    def _open(self, file: IO[bytes], names: Sequence[str]) -> Any:
        text = pa.dictionary(pa.int32(), pa.string())
        return pa.csv.open_csv(
            file,
            read_options=pa.csv.ReadOptions(block_size=_BLOCK),
            parse_options=pa.csv.ParseOptions(
                delimiter=self._dialect.delimiter,
                quote_char=self._dialect.quote,
                newlines_in_values=True,
            ),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(self._header, text), include_columns=list(names)
            ),
        )

    def _find_fault(self) -> None:
        """Read record by record to say where the fault is; slow, and only after one was met."""
        records = self._records()
        next(records)
        for row, record in enumerate(filter(None, records)):
            if len(record) != len(self._header):
                raise UnreadableFile(
                    f"{len(record)} cells where {len(self._header)} are due", row=row
                )
            for name, cell in zip(self._header, record, strict=True):
                if any("\udc80" <= character <= "\udcff" for character in cell):
                    raise BadTable("the text is not UTF-8", column=name, row=row)

    def _records(self) -> Iterator[list[str]]:
        """Header and rows; bytes that are not UTF-8 become lone surrogates."""
        with self._path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
            reader = csv.reader(
                lines,
                delimiter=self._dialect.delimiter,
                quotechar=self._dialect.quote,
                strict=True,
            )
            row = -1
            try:
                for row, record in enumerate(reader):  # noqa: B007 - said by the error
                    yield record
            except csv.Error as error:
                raise UnreadableFile(str(error), row=max(row, 0)) from error
