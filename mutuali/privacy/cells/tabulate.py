"""Sums per cell that hide who is behind them.

A sum is published, rounded to the base, when each side it needs has at least k contributors behind
rows that are not zero, at least k - 1 of them after any one contributor is taken away, no
contributor has more than half of it, and the second largest cannot estimate the largest too closely
(p % rule: Hundepool et al., Statistical Disclosure Control, 2012, chapter 4). Otherwise its cell
says ``suppressed``.

One hidden cell in a group that another table sums could be computed, so the smallest published
cell of the group is hidden with it, until no group has exactly one. A plain guard and no proof:
it knows of no earlier releases or public bounds. Where nothing else in a group is published, its
sum is the hidden cell itself, which any table under the same rule hides too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mutuali.privacy.cells.parts import Parts, parts_of
from mutuali.privacy.cells.scheme import CellScheme, Coarser, Expected, Measure, Status

if TYPE_CHECKING:
    import pyarrow as pa

    from mutuali.privacy.cells.parts import IntArray

__all__ = ["CellScheme", "Cells", "Coarser", "Expected", "Measure", "Status", "tabulate"]

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

    parts = parts_of(rows, scheme, expected)
    columns: dict[str, Any] = {
        name: pa.array([cell.key[position] for cell in expected], pa.string())
        for position, name in enumerate(scheme.keys)
    }
    tally = dict.fromkeys(Status, 0)
    for measure in scheme.measures:
        sums = _sums(parts[measure.name], scheme, len(expected))
        statuses = _statuses(sums, scheme, measure, expected)
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


def _sums(parts: Parts, scheme: CellScheme, count: int) -> list[Sum]:
    """The sum of each of ``count`` cells; those without rows are safe zeros."""
    import numpy as np

    from mutuali.privacy.recode.dependence import contributors_lost

    people = parts.count
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, parts.cell, parts.value)
    # Who adds nothing hides nobody; only a cell of zeros is judged by all of its rows.
    counted = (parts.value > 0) | (total[parts.cell] == 0)
    of, value = parts.cell[counted], parts.value[counted]
    meetings = [side[counted] for side in parts.people]
    safe = np.ones(count, dtype=np.bool_)
    for side, here in enumerate(meetings):
        pairs, where = np.unique(of * people + here, return_inverse=True)
        cells = pairs // people
        contributors = np.bincount(cells, minlength=count)
        shares = np.zeros(len(pairs), dtype=np.int64)
        np.add.at(shares, where, value)
        lost = contributors_lost(of, meetings, side, people, count)
        first, second = _two_largest(cells, shares, count)
        safe &= contributors >= scheme.k
        safe &= contributors - lost >= scheme.k - 1
        safe &= 2 * first <= total
        safe &= 100 * (total - first - second) >= scheme.percent * first
    safe[np.bincount(of, minlength=count) == 0] = True
    return [Sum(int(exact), bool(fine)) for exact, fine in zip(total, safe, strict=True)]


def _two_largest(
    cells: "IntArray", shares: "IntArray", count: int
) -> tuple["IntArray", "IntArray"]:
    """Per cell its largest and its second largest share, 0 where there is none; cells ascend."""
    import numpy as np

    order = np.lexsort((-shares, cells))
    starts = np.searchsorted(cells, np.arange(count + 1))
    ranked = np.append(shares[order], (0, 0))
    size = np.diff(starts)
    first = np.where(size > 0, ranked[starts[:-1]], 0)
    second = np.where(size > 1, ranked[starts[:-1] + 1], 0)
    return first, second


def _statuses(
    sums: Sequence[Sum], scheme: CellScheme, measure: Measure, expected: Sequence[Expected]
) -> list[Status]:
    if not measure.collected:
        return [Status.NOT_COLLECTED] * len(expected)
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
    for names in scheme.linked:
        groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, cell in enumerate(expected):
            groups[tuple(scheme.label(cell.key, name) for name in names)].append(number)
        yield from groups.values()


def _exposed(group: Sequence[int], statuses: Sequence[Status]) -> bool:
    here = [statuses[cell] for cell in group]
    return here.count(Status.SUPPRESSED) == 1 and Status.PUBLISHED in here
