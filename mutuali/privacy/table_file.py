"""A table in a CSV or Parquet file that somebody hands in: opened as a source, or refused by place.

The reader that does the work is fast and forgives much: to it, a quote that is never closed is a
long cell. So a file is looked over before it is read, and where anything is unusual, or the reader
stumbles, a slow and strict one says on which line.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from mutuali.privacy.plans.dialect import (
    BYTE_ORDER_MARK,
    csv_problem,
    delimiter_of,
)
from mutuali.privacy.plans.problems import Misfit

if TYPE_CHECKING:
    import pyarrow as pa

    from mutuali.privacy.engines.source import Source

_PARQUET = b"PAR1"

_BLOCK = 1 << 20


def open_table(path: Path) -> "Source":
    """The table in a file.

    Parquet where the file begins like it, else CSV: UTF-8 with or without a byte order mark,
    between commas, semicolons or tabs, the first line names the columns.

    Raises:
        Misfit: the file or its header cannot be read.
        PrivacyError: as the sources.
    """
    return _parquet(path) if is_parquet(path) else _csv(path)


def is_parquet(path: Path) -> bool:
    """Whether a file begins as Parquet does, whatever it is called."""
    with path.open("rb") as file:
        return file.read(len(_PARQUET)) == _PARQUET


def whole(source: "Source", names: Sequence[str]) -> "pa.Table":
    """All rows of a source in memory, in these columns.

    Raises:
        PrivacyError: as the source.
    """
    import pyarrow as pa

    schema = pa.schema([source.schema.field(name) for name in names])
    batches = [part.rows for part in source.read(names)]
    return pa.Table.from_batches(batches).cast(schema) if batches else schema.empty_table()


def distinct_texts(source: "Source", name: str) -> list[str]:
    """The different values of a column as texts, NA and empty text left out, in their order.

    Raises:
        PrivacyError: as the source.
    """
    from mutuali.privacy.recode.histogram import text_column

    found: set[str] = set()
    for part in source.read([name]):
        import pyarrow as pa

        texts = text_column(pa.table(part.rows), name)
        found.update(texts.unique().drop_null().to_pylist())
    return sorted(found)


def require_values(source: "Source", names: Sequence[str]) -> None:
    """Look through the rows until each column has shown a value; mostly the first ones will do.

    Raises:
        Misfit: columns that are empty from end to end.
        PrivacyError: as the source.
    """
    empty = list(names)
    rows = 0
    for part in source.read(names):
        rows += part.rows.num_rows
        empty = [name for name in empty if not _has_value(part.rows.column(name))]
        if not empty:
            return
    if rows and empty:
        raise Misfit("no_value", column=", ".join(empty))


def with_numbers(table: "pa.Table", names: Iterable[str]) -> "pa.Table":
    """The table with the columns named as numbers, which in a CSV file are texts.

    Raises:
        Misfit: a cell that is no number, with its row.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    for name in names:
        position = table.schema.get_field_index(name)
        if position < 0 or not pa.types.is_string(table.schema.field(position).type):
            continue
        column = table.column(name)
        column = pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
        try:
            numbers = column.cast(pa.float64())
        except pa.ArrowInvalid:
            cells = enumerate(column.to_pylist(), start=1)
            row, value = next((row, cell) for row, cell in cells if not _is_number(cell))
            raise Misfit("not_a_number", column=name, row=row, value=value) from None
        table = table.set_column(position, name, numbers)
    return table


def find_fault(path: Path) -> None:
    """Read a CSV file line by line, strictly.

    Raises:
        Misfit: the first thing that is wrong, with its line.
    """
    with path.open("rb") as file:
        header, delimiter = _header(file)
    with path.open("rb") as file:
        for line, cells in _strict_lines(file, delimiter):
            if len(cells) != len(header):
                found, expected = len(cells), len(header)
                raise Misfit("line_length", line=line, found=found, expected=expected)


def _is_number(cell: str | None) -> bool:
    try:
        return cell is None or float(cell) is not None
    except ValueError:
        return False


def _parquet(path: Path) -> "Source":
    from mutuali.privacy.engines.instants import InstantsAsText
    from mutuali.privacy.engines.parquet import ParquetSource

    source = ParquetSource(path)
    _check_names(source.schema.names)
    return InstantsAsText(source) if InstantsAsText.needed(source.schema) else source


def _csv(path: Path) -> "Source":
    from mutuali.privacy.engines.delimited import CsvSource, Dialect

    with path.open("rb") as file:
        header, delimiter = _header(file)
        _check_names(header)
        file.seek(0)
        if _is_unusual(file):
            find_fault(path)
    return CsvSource(path, Dialect(delimiter))


def _has_value(column: "pa.Array") -> bool:
    import pyarrow as pa

    values = column.dictionary if pa.types.is_dictionary(column.type) else column
    texts = pa.types.is_string(values.type) or pa.types.is_large_string(values.type)
    return any(v.is_valid and not (texts and v.as_py() == "") for v in values.drop_null())


def _header(file: BinaryIO) -> tuple[list[str], str]:
    """The names of the columns, and what stands between them."""
    line = file.readline(_BLOCK)
    try:
        text = line.decode("utf-8").removeprefix(BYTE_ORDER_MARK).rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise Misfit("not_utf8", line=1) from error
    if "\0" in text:
        raise Misfit("nul_byte", line=1)
    if not text.strip():
        raise Misfit("empty_file")
    delimiter = delimiter_of(text)
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True)), delimiter
    except csv.Error as error:
        raise Misfit(csv_problem(error), line=1) from error


def _check_names(names: Sequence[str]) -> None:
    if repeated := [name for name in names if names.count(name) > 1]:
        raise Misfit("header_twice", line=1, column=repeated[0])


def _is_unusual(file: BinaryIO) -> bool:
    """A NUL byte, a line of a million bytes or two, or quotes that do not pair up."""
    quotes = 0
    while block := file.read(_BLOCK):
        if b"\0" in block or (len(block) == _BLOCK and b"\n" not in block):
            return True
        quotes += block.count(b'"')
    return quotes % 2 == 1


def _strict_lines(file: BinaryIO, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The lines after the header, each with the number of the line it begins on."""
    reader = csv.reader(_text_lines(file), delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            if start > 1 and cells:
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise Misfit(csv_problem(error), line=start) from error


def _text_lines(file: BinaryIO) -> Iterator[str]:
    for number, line in enumerate(file, start=1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Misfit("not_utf8", line=number) from error
        if "\0" in text:
            raise Misfit("nul_byte", line=number)
        yield text.removeprefix(BYTE_ORDER_MARK) if number == 1 else text
