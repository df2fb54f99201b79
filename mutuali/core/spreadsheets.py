"""Tables for a spreadsheet: CSV that opens with its accents, and in which nothing runs."""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime

#: Without it some spreadsheets read UTF-8 as something else.
_BYTE_ORDER_MARK = "\ufeff"
#: What makes a spreadsheet take a cell for a formula.
_RUNS = ("=", "+", "-", "@", "\t", "\r")


def csv_bytes(head: Iterable[object], rows: Iterable[Iterable[object]]) -> bytes:
    """A header and its lines, in UTF-8; instants and days in ISO 8601, nothing as an empty cell.

    A text that would run as a formula is kept as text.
    """
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(head)
    lines.writerows([_cell(value) for value in row] for row in rows)
    return (_BYTE_ORDER_MARK + text.getvalue()).encode()


def plain(cell: str) -> str:
    """A cell as it was before :func:`csv_bytes` kept it from running."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RUNS) else cell


def _cell(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(_RUNS) else value
