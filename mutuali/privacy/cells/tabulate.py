"""Sums per cell that hide who is behind them.

A sum is published, rounded to the base, when each side it needs has at least k contributors behind
rows that are not zero, at least k - 1 of them after any one contributor is taken away, and no
contributor has more than half of it. Otherwise its cell says ``suppressed``.

One hidden cell in a group that another table sums could be computed, so the smallest published
cell of the group is hidden with it, until no group has exactly one. A plain guard and no proof:
it knows of no other tables, earlier releases or public bounds. Where nothing else in a group is
published, its sum is the hidden cell itself, which any table under the same rule hides too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mutuali.privacy.cells.scheme import CellScheme, Expected, Measure, Status
from mutuali.privacy.errors import BadTable, PlanError
from mutuali.privacy.plan import leaf_text

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["CellScheme", "Cells", "Expected", "Measure", "Status", "tabulate"]

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cells:
    """The published table, in the order of the expected cells, and how many figures have each
    status; a table of 10 cells and 2 measures has 20 figures."""

    table: "pa.Table"
    published: int
    suppressed: int
    zero: int
    not_collected: int


@dataclass(frozen=True, slots=True)
class Part:
    """What one row adds to one cell: a value >= 0 and who stands behind it, per side."""

    cell: int
    value: int
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """A cell before it is protected: its exact value, and whether it may be shown by itself."""

    value: int
    safe: bool


def tabulate(
    rows: "pa.Table | Iterable[Row]", scheme: CellScheme, expected: Sequence[Expected]
) -> Cells:
    """Sum ``rows`` into the expected cells and protect each sum.

    Raises:
        PlanError: a cell is expected twice, or with another number of keys.
        BadTable: a row outside the expected cells or in one that is not collected, a missing
            column, a value that is no whole number >= 0, a row without a contributor it needs.
    """
    import pyarrow as pa

    cells = _numbered(scheme, expected)
    parts = _parts(_mappings(rows, scheme), scheme, expected, cells)
    columns: dict[str, Any] = {
        name: pa.array([cell.key[position] for cell in expected], pa.string())
        for position, name in enumerate(scheme.keys)
    }
    tally = dict.fromkeys(Status, 0)
    for measure in scheme.measures:
        sums = _sums(parts[measure.name], scheme, measure, len(expected))
        statuses = _statuses(sums, scheme, expected)
        shown = [
            _rounded(sums[cell].value, scheme.base) if status is Status.PUBLISHED else None
            for cell, status in enumerate(statuses)
        ]
        columns[measure.name] = pa.array(shown, pa.int64())
        columns[f"{measure.name}_status"] = pa.array(
            [status.value for status in statuses], pa.string()
        )
        for status in statuses:
            tally[status] += 1
    return Cells(pa.table(columns), *(tally[status] for status in Status))


def _rounded(value: int, base: int) -> int:
    return (value + base // 2) // base * base


def _numbered(scheme: CellScheme, expected: Sequence[Expected]) -> dict[tuple[str, ...], int]:
    cells = {cell.key: number for number, cell in enumerate(expected)}
    if len(cells) < len(expected):
        raise PlanError("a cell is expected twice")
    if wrong := [key for key in cells if len(key) != len(scheme.keys)]:
        raise PlanError(f"cell {wrong[0]!r} does not have the keys {scheme.keys!r}")
    return cells


def _mappings(rows: "pa.Table | Iterable[Row]", scheme: CellScheme) -> Iterable[Row]:
    import pyarrow as pa

    if not isinstance(rows, pa.Table):
        return rows
    sides = [side for measure in scheme.measures for side in measure.sides]
    wanted = dict.fromkeys((*scheme.keys, *(m.name for m in scheme.measures), *sides))
    for name in wanted:
        if rows.schema.get_field_index(name) < 0:
            raise BadTable("the table has no such column, or has it twice", column=name)
    return (row for batch in rows.select(list(wanted)).to_batches() for row in batch.to_pylist())


def _parts(
    rows: Iterable[Row],
    scheme: CellScheme,
    expected: Sequence[Expected],
    cells: Mapping[tuple[str, ...], int],
) -> dict[str, list[Part]]:
    parts: dict[str, list[Part]] = {measure.name: [] for measure in scheme.measures}
    for number, row in enumerate(rows):
        key = tuple(leaf_text(_get(row, name, number)) or "" for name in scheme.keys)
        cell = cells.get(key)
        if cell is None or not expected[cell].collected:
            problem = "is not expected" if cell is None else "was not collected"
            raise BadTable(f"cell {key!r} {problem}", column=scheme.keys[0], row=number)
        for measure in scheme.measures:
            if (value := _get(row, measure.name, number)) is not None:
                if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                    problem = f"{value!r} is no whole number of 0 or more"
                    raise BadTable(problem, column=measure.name, row=number)
                people = tuple(_contributor(row, side, number) for side in measure.sides)
                parts[measure.name].append(Part(cell, value, people))
    return parts


def _get(row: Row, name: str, number: int) -> Any:
    if name not in row:
        raise BadTable("the row has no such column", column=name, row=number)
    return row[name]


def _contributor(row: Row, side: str, number: int) -> str:
    if (person := leaf_text(_get(row, side, number))) is None:
        raise BadTable("every row needs its contributor", column=side, row=number)
    return person


def _sums(parts: Sequence[Part], scheme: CellScheme, measure: Measure, count: int) -> list[Sum]:
    """The sum of each of ``count`` cells; those without rows are safe zeros."""
    import numpy as np

    from mutuali.privacy.recode.dependence import contributors_lost, most_per_class

    numbers: dict[str, int] = {}
    meetings = np.array(
        [[numbers.setdefault(person, len(numbers)) for person in part.people] for part in parts],
        dtype=np.int64,
    ).reshape(-1, len(measure.sides))
    people = max(len(numbers), 1)
    of = np.array([part.cell for part in parts], dtype=np.int64)
    value = np.array([part.value for part in parts], dtype=np.int64)
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, of, value)
    # Who adds nothing hides nobody; only a cell of zeros is judged by all of its rows.
    counted = (value > 0) | (total[of] == 0)
    of, value, meetings = of[counted], value[counted], meetings[counted]
    safe = np.ones(count, dtype=np.bool_)
    for side in range(len(measure.sides)):
        pairs, where = np.unique(of * people + meetings[:, side], return_inverse=True)
        contributors = np.bincount(pairs // people, minlength=count)
        shares = np.zeros(len(pairs), dtype=np.int64)
        np.add.at(shares, where, value)
        lost = contributors_lost(of, list(meetings.T), side, people, count)
        safe &= contributors >= scheme.k
        safe &= contributors - lost >= scheme.k - 1
        safe &= 2 * most_per_class(pairs // people, shares, count) <= total
    safe[np.bincount(of, minlength=count) == 0] = True
    return [Sum(int(exact), bool(fine)) for exact, fine in zip(total, safe, strict=True)]


def _statuses(
    sums: Sequence[Sum], scheme: CellScheme, expected: Sequence[Expected]
) -> list[Status]:
    statuses = [_alone(total, cell) for total, cell in zip(sums, expected, strict=True)]
    groups = list(_groups(scheme, expected))
    # Hiding a cell for one group may leave another with exactly one: go round until none is left.
    while exposed := next((group for group in groups if _exposed(group, statuses)), None):
        published = [cell for cell in exposed if statuses[cell] is Status.PUBLISHED]
        statuses[min(published, key=lambda cell: sums[cell].value)] = Status.SUPPRESSED
    return statuses


def _alone(total: Sum, cell: Expected) -> Status:
    if not cell.collected:
        return Status.NOT_COLLECTED
    if not total.safe:
        return Status.SUPPRESSED
    return Status.PUBLISHED if total.value else Status.ZERO


def _groups(scheme: CellScheme, expected: Sequence[Expected]) -> Iterator[list[int]]:
    for keys in scheme.linked:
        positions = [scheme.keys.index(key) for key in keys]
        groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, cell in enumerate(expected):
            groups[tuple(cell.key[position] for position in positions)].append(number)
        yield from groups.values()


def _exposed(group: Sequence[int], statuses: Sequence[Status]) -> bool:
    here = [statuses[cell] for cell in group]
    return here.count(Status.SUPPRESSED) == 1 and Status.PUBLISHED in here
