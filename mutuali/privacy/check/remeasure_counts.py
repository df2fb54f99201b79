"""The bytes of a table of counts, read again and counted again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from mutuali.privacy.check.reread import (
    Cells,
    harmless,
    plain_text,
    read_csv,
    refuse,
)
from mutuali.privacy.errors import Disagreement, UnsafeOutput
from mutuali.privacy.hierarchy import ANY, Hierarchy

#: Per column to count by: from each raw value to every label that counts it, its total included.
Labels = Mapping[str, Mapping[str, Sequence[str]]]


def remeasure_counts(
    data: bytes,
    rows: Sequence[Mapping[str, object]],
    labels: Labels,
    by: Sequence[str],
    *,
    across: Sequence[str] = (),
    k: int = 5,
    base: int = 1,
    aliases: Mapping[str, str] | None = None,
) -> int:
    """Hold every count of ``data`` against the raw rows; returns how many were confirmed.

    ``labels`` lists the columns in the order of the table; those named in ``across`` stand in its
    header, their labels between bars. Who is behind a row is said by ``by``, or is the row itself.

    Raises:
        Disagreement: a count that is not the number of rows (within ``base`` of it where rounded),
            a zero with rows behind it, or a cell that says something else.
        UnsafeOutput: a count with fewer than ``k`` contributors behind it on a side.
    """
    header, body = read_csv(data)
    down = [name for name in labels if name not in across]
    heads = header[len(down) :]
    if header[: len(down)] != tuple(map(harmless, down)):
        raise Disagreement((f"columns {header!r} instead of {down!r} and counts",))
    found = _found(rows, labels, by, down, across, aliases or {})
    wrong, unsafe, confirmed = [], [], 0
    for line in body:
        for head, cell in zip(heads, line[len(down) :], strict=True):
            where = (line[: len(down)], head)
            behind = found.get(where, [])
            if cell in ("suppressed", "zero"):
                if cell == "zero" and behind:
                    wrong.append(f"{where!r} is not zero")
                continue
            if not cell.isdecimal() or not _fits(int(cell), len(behind), base):
                wrong.append(f"{where!r} says {cell!r}")
                continue
            confirmed += 1
            for side in range(max(len(by), 1)):
                if (count := len({people[side] for people in behind})) < k:
                    unsafe.append(f"{where!r}: {count} contributors on a side")
    refuse(Disagreement, wrong)
    refuse(UnsafeOutput, unsafe)
    return confirmed


def covering(
    hierarchy: Hierarchy | None, level: int, values: Iterable[object]
) -> dict[str, tuple[str, ...]]:
    """Every label from ``level`` up to '*' that counts each raw value; NA is the empty text."""
    chains = {chain[0] or "": chain for chain in hierarchy.chains} if hierarchy else {}
    found = {}
    for value in set(map(plain_text, values)):
        chain = chains.get(value, (value,) * (level + 1) + (ANY,))
        found[value] = tuple(dict.fromkeys(label or "" for label in chain[level:]))
    return found


def _fits(said: int, rows: int, base: int) -> bool:
    return rows > 0 and (said == rows if base < 2 else said % base == 0 and abs(said - rows) < base)


def _found(
    rows: Sequence[Mapping[str, object]],
    labels: Labels,
    by: Sequence[str],
    down: Sequence[str],
    across: Sequence[str],
    aliases: Mapping[str, str],
) -> dict[tuple[Cells, str], list[Cells]]:
    """Who is behind each cell: one entry per row."""
    alike: dict[tuple[Cells, Cells], list[Cells]] = defaultdict(list)
    for number, row in enumerate(rows):
        people = tuple(plain_text(row[name]) for name in by) or (str(number),)
        key = tuple(plain_text(row[n]) for n in down), tuple(plain_text(row[n]) for n in across)
        alike[key].append(tuple(aliases.get(person, person) for person in people))
    found: dict[tuple[Cells, str], list[Cells]] = defaultdict(list)
    for (below, beside), here in alike.items():
        lines = _choices([labels[name][value] for name, value in zip(down, below, strict=True)])
        heads = _choices([labels[name][value] for name, value in zip(across, beside, strict=True)])
        for line in lines:
            for head in heads:
                name = " | ".join(label or "-" for label in head) if across else "count"
                found[tuple(map(harmless, line)), harmless(name)] += here
    return found


def _choices(parts: Sequence[Sequence[str]]) -> list[Cells]:
    choices: list[Cells] = [()]
    for part in parts:
        choices = [(*choice, label) for choice in choices for label in part]
    return choices
