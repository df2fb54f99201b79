"""Reading released bytes and counting contributors, apart from the code that writes and counts."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from sys import intern

from mutuali.privacy.errors import Disagreement, UnsafeOutput

Cells = tuple[str, ...]

#: Findings beyond these are counted, not listed.
_LISTED = 20


def read_csv(data: bytes) -> tuple[Cells, list[Cells]]:
    """The header and the lines of a CSV file, each as long as the header.

    Raises:
        Disagreement: no UTF-8, no CSV, no line, or lines of another length.
    """
    try:
        text = data.decode("utf-8")
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        # Interned: a file of many lines has few distinct cells, and each is then held once.
        header, *body = (tuple(map(intern, line)) for line in reader)
    except (ValueError, csv.Error) as error:
        raise Disagreement((f"the bytes cannot be read as CSV: {error}",)) from error
    if not body or {len(line) for line in body} != {len(header)}:
        raise Disagreement(("the file has no rows, or lines of different lengths",))
    return header, body


def refuse(error: type[Disagreement] | type[UnsafeOutput], findings: Sequence[str]) -> None:
    """Raise ``error`` if there are findings; the first few are listed, the others counted."""
    if findings:
        more = [f"and {len(findings) - _LISTED} more"] if len(findings) > _LISTED else []
        raise error((*findings[:_LISTED], *more))


def plain_text(value: object) -> str:
    """A raw value as the text that hierarchies know it by; NA is empty."""
    if value is None:
        return ""
    if value is True or value is False:
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def harmless(text: str) -> str:
    """A text as its cell must hold it: behind an apostrophe where a spreadsheet could run it."""
    return "'" + text if text[:1] in set("=+-@\t\r\n\0") else text


def counted_without_one(meetings: Iterable[Cells], side: int) -> tuple[int, int]:
    """Contributors on a side of distinct meetings, and how many stay when the worst one goes.

    Whoever is in every meeting of a contributor takes it along when leaving.
    """
    bound_to: dict[str, set[str]] = {}
    for meeting in meetings:
        person = meeting[side]
        if person in bound_to:
            bound_to[person] &= set(meeting)
        else:
            bound_to[person] = set(meeting)
    taken = Counter(other for others in bound_to.values() for other in others)
    return len(bound_to), len(bound_to) - max(taken.values(), default=0)
