"""A table as CSV bytes that a spreadsheet cannot be made to run."""

import datetime
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

#: What makes a spreadsheet take a cell for a formula (OWASP ASVS 1.2.10), LF added.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")

_QUOTED = frozenset(',"\r\n')


def cell_text(value: str | int | float | datetime.date | None) -> str:
    """What a value looks like in a cell, before quoting; NA is empty.

    A text that a spreadsheet could run gets a leading apostrophe. Numbers are left alone: -5 is
    no formula.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(RISKY) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime.date) else repr(value)


def distinct_cells(column: "pa.ChunkedArray") -> tuple[list[str], Any]:
    """The distinct cells of a column, unquoted, and which of them stands in each row (integers)."""
    kind = getattr(column.type, "value_type", column.type)  # a dictionary may leave NA out
    encoded = column.cast(kind).combine_chunks().dictionary_encode(null_encoding="encode")
    return [cell_text(value) for value in encoded.dictionary.to_pylist()], encoded.indices


def to_csv(table: "pa.Table") -> bytes:
    """The table as UTF-8 without a byte order mark, a header line, LF after every line.

    Cells are quoted where the format asks for it. Text, quoting and escaping are made once per
    distinct value. Same table, same bytes.
    """
    return "".join((header_line(table.column_names), *csv_lines(table))).encode()


def header_line(names: Sequence[str]) -> str:
    """The line that names the columns."""
    return ",".join(_quote(cell_text(name), alone=len(names) == 1) for name in names) + "\n"


def csv_lines(table: "pa.Table") -> Iterator[str]:
    """The line of each row, its LF included."""
    columns = []
    for column in table.columns:
        cells, positions = distinct_cells(column)
        quoted = [_quote(cell, alone=table.num_columns == 1) for cell in cells]
        columns.append(map(quoted.__getitem__, positions.to_pylist()))
    return (f"{line}\n" for line in map(",".join, zip(*columns, strict=True)))


def _quote(cell: str, *, alone: bool) -> str:
    # An empty cell that is alone on its line would be an empty line, which readers skip.
    if _QUOTED.isdisjoint(cell) and (cell or not alone):
        return cell
    return '"' + cell.replace('"', '""') + '"'
