"""Reading released bytes and counting contributors, apart from the code that writes and counts."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import lcm
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


def counted_without(meetings: Iterable[Cells], side: int, coalition: int = 1) -> tuple[int, int]:
    """Contributors on a side of distinct meetings, and how many stay at least without a coalition.

    Whoever meets nobody but the coalition goes with it, and so do its own members.
    """
    met: dict[str, list[Cells]] = defaultdict(list)
    for meeting in meetings:
        met[meeting[side]].append(meeting)
    takes = Counter(dict.fromkeys(met, lcm(*range(1, coalition + 1))))
    for person, theirs in met.items():
        takes.update(helpers(theirs, coalition, but=person))
    return len(met), max(len(met) - taken(takes, coalition), 0)


def helpers(meetings: Sequence[Cells], coalition: int, but: str | None = None) -> dict[str, int]:
    """What part of the meetings each could help a coalition to be in all of; lcm(1, 2, ...) is all.

    Where nobody is in more than d of e meetings, that takes e / d contributors, rounded up.
    """
    shared = Counter(person for meeting in meetings for person in {*meeting} - {but})
    most = max(shared.values(), default=0)
    if not most or -(-len(meetings) // most) > coalition:
        return {}
    part = lcm(*range(1, coalition + 1)) // -(-len(meetings) // most)
    enough = len(meetings) - (coalition - 1) * most
    return {person: part for person, often in shared.items() if often >= enough}


def taken(parts: Mapping[str, int], coalition: int) -> int:
    """How many a coalition takes away at most, by the parts of its heaviest members."""
    heaviest = sorted(parts.values(), reverse=True)[:coalition]
    return sum(heaviest) // lcm(*range(1, coalition + 1))
