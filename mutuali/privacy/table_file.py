"""A table from the bytes of a CSV or Parquet file; what is no table is refused with its place.

Cells of a CSV file stay texts, as hierarchies know them: "007" is not 7. The columns that nobody
asked for are not kept. The fast reader forgives much; so a file in which anything is unusual is
read a second time, line by line, by a strict one that knows where it stands.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from mutuali.privacy.plans.dialect import (
    BYTE_ORDER_MARK,
    LONGEST_CELL,
    csv_problem,
    delimiter_of,
)
from mutuali.privacy.plans.problems import Misfit

if TYPE_CHECKING:
    import pyarrow as pa

#: As many rows have no place in the integers that count them.
MOST_ROWS = (1 << 31) - 1

_PARQUET = b"PAR1"

_BLOCK = 1 << 20

#: A header longer than that is none.
_LONGEST_HEADER = 1 << 20


def read_table(source: BinaryIO, names: Sequence[str]) -> "pa.Table":
    """The columns ``names`` of a table, in that order; Parquet where the file says so, else CSV.

    CSV is UTF-8 with or without a byte order mark, between commas, semicolons or tabs, and has a
    header. Times of Parquet files become texts.

    Raises:
        Misfit: what is in the way, with its line, column and row where they are known.
    """
    if source.read(len(_PARQUET)) == _PARQUET:
        return _parquet(source, names)
    source.seek(0)
    return _csv(source, names)


def with_numbers(table: "pa.Table", names: Iterable[str]) -> "pa.Table":
    """The table with the columns named as numbers, which in a CSV file are texts.

    Raises:
        Misfit: a cell that is no number, with its row.
    """
    import pyarrow as pa

    for name in names:
        position = table.schema.get_field_index(name)
        if position < 0 or not pa.types.is_string(table.schema.field(position).type):
            continue
        try:
            column = table.column(name).cast(pa.float64())
        except pa.ArrowInvalid:
            cells = enumerate(table.column(name).to_pylist(), start=1)
            row, value = next((row, cell) for row, cell in cells if not _is_number(cell))
            raise Misfit("not_a_number", column=name, row=row, value=value) from None
        table = table.set_column(position, name, column)
    return table


def _is_number(cell: str | None) -> bool:
    try:
        return cell is None or float(cell) is not None
    except ValueError:
        return False


def _csv(source: BinaryIO, names: Sequence[str]) -> "pa.Table":
    import pyarrow as pa
    import pyarrow.csv as pc

    header, delimiter = _header(source)
    _check_names(header, names)
    source.seek(0)
    if _is_unusual(source):
        source.seek(0)
        return _slowly(source, header, delimiter, names)
    source.seek(0)
    try:
        table = pc.read_csv(
            source,
            read_options=pc.ReadOptions(column_names=header, skip_rows=1),
            parse_options=pc.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            convert_options=pc.ConvertOptions(
                include_columns=list(names),
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid:
        source.seek(0)
        return _slowly(source, header, delimiter, names)
    for name in names:
        _check_lengths(table.column(name), name)
    return table


def _header(source: BinaryIO) -> tuple[list[str], str]:
    """The names of the columns, and what stands between them."""
    start = source.read(_LONGEST_HEADER)
    line = start.split(b"\n", 1)[0]
    if not line.strip():
        raise Misfit("empty_file")
    try:
        text = line.decode("utf-8").removeprefix(BYTE_ORDER_MARK).rstrip("\r")
    except UnicodeDecodeError as error:
        raise Misfit("not_utf8", line=1) from error
    if "\0" in text:
        raise Misfit("nul_byte", line=1)
    delimiter = delimiter_of(text)
    try:
        header = next(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise Misfit(csv_problem(error), line=1, limit=LONGEST_CELL) from error
    return header, delimiter


def _check_names(header: Sequence[str], names: Sequence[str]) -> None:
    if repeated := [name for name in header if header.count(name) > 1]:
        raise Misfit("header_twice", line=1, column=repeated[0])
    if missing := [name for name in names if name not in header]:
        raise Misfit("missing_columns", column=", ".join(missing), known=", ".join(header))


def _is_unusual(source: BinaryIO) -> bool:
    """A NUL byte, or quotes that do not pair up."""
    quotes = 0
    while block := source.read(_BLOCK):
        if b"\0" in block:
            return True
        quotes += block.count(b'"')
    return quotes % 2 == 1


def _slowly(
    source: BinaryIO, header: Sequence[str], delimiter: str, names: Sequence[str]
) -> "pa.Table":
    """The same table by the strict reader, which says where something is wrong."""
    import pyarrow as pa

    wanted = [header.index(name) for name in names]
    columns: list[list[str | None]] = [[] for _ in names]
    for line, cells in _strict_lines(source, header, delimiter):
        if len(cells) != len(header):
            raise Misfit("line_length", line=line, found=len(cells), expected=len(header))
        for column, position in zip(columns, wanted, strict=True):
            column.append(cells[position] or None)
    arrays = [pa.array(column, pa.string()) for column in columns]
    return pa.table(dict(zip(names, arrays, strict=True)))


def _strict_lines(
    source: BinaryIO, header: Sequence[str], delimiter: str
) -> Iterator[tuple[int, list[str]]]:
    """The lines after the header, each with the number of the line it begins on."""
    lines = _text_lines(source)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            if start > 1 and cells:
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise Misfit(csv_problem(error), line=start, limit=LONGEST_CELL) from error


def _text_lines(source: BinaryIO) -> Iterator[str]:
    for number, line in enumerate(source, start=1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Misfit("not_utf8", line=number) from error
        if "\0" in text:
            raise Misfit("nul_byte", line=number)
        yield text.removeprefix(BYTE_ORDER_MARK) if number == 1 else text


def _check_lengths(column: Any, name: str) -> None:
    import pyarrow.compute as pc

    longest = pc.max(pc.utf8_length(column)).as_py()
    if longest is not None and longest > LONGEST_CELL:
        row = pc.index(pc.greater(pc.utf8_length(column), LONGEST_CELL), True).as_py()
        raise Misfit("cell_too_long", column=name, row=row + 1, limit=LONGEST_CELL)


def _parquet(source: BinaryIO, names: Sequence[str]) -> "pa.Table":
    import pyarrow as pa
    import pyarrow.parquet as pq

    source.seek(0, io.SEEK_SET)
    try:
        file = pq.ParquetFile(source)
        if (rows := file.metadata.num_rows) > MOST_ROWS:
            raise Misfit("rows_announced", rows=rows, most=MOST_ROWS)
        _check_names(file.schema_arrow.names, names)
        table = file.read(columns=list(names)).select(list(names))
        if table.num_rows != rows:
            raise Misfit("not_parquet", reason=f"{table.num_rows} / {rows}")
    except (pa.ArrowException, OSError) as error:
        raise Misfit("not_parquet", reason=str(error)) from error
    for position, name in enumerate(names):
        column = table.column(name)
        if pa.types.is_timestamp(column.type) or pa.types.is_time(column.type):
            table = table.set_column(position, name, column.cast(pa.string()))
    return table
