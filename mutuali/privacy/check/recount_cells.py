"""The bytes of a table of cells, summed again from many raw rows: by queries, in an engine that
had no part in making them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mutuali.privacy.cells.scheme import CellScheme, Expected, Measure
from mutuali.privacy.check.remeasure_cells import (
    MORE_THAN_HALF,
    TOO_CLOSE,
    Behind,
    MeasuredCells,
    few,
    hold,
)
from mutuali.privacy.check.reread import Cells
from mutuali.privacy.engines.sorting import LOCK, LOCKED_DOWN
from mutuali.privacy.errors import Disagreement

if TYPE_CHECKING:
    import pyarrow as pa


def recount_cells(
    data: bytes, rows: "pa.Table", scheme: CellScheme, expected: Sequence[Expected]
) -> MeasuredCells:
    """Sum the raw rows again and hold every cell of ``data`` against the scheme.

    Raises:
        Disagreement, UnsafeOutput: as :func:`remeasure_cells`, of which this is the quick twin.
    """
    import duckdb

    with duckdb.connect(":memory:", config={**LOCKED_DOWN, "threads": 2}) as connection:
        connection.execute(LOCK)
        connection.register("raw", rows)
        return hold(
            data,
            {one.name: _found(connection, one, scheme, expected) for one in scheme.measures},
            scheme,
            expected,
        )


def _found(
    connection: Any, measure: Measure, scheme: CellScheme, expected: Sequence[Expected]
) -> dict[Cells, Behind]:
    """What the rows say of each cell of a measure."""
    keys = [f"k{n}" for n in range(len(scheme.keys))]
    sides = [f"s{n}" for n in range(len(measure.sides))]
    named = [
        f"coalesce(CAST({_quoted(own)} AS VARCHAR), '') AS {short}"
        for own, short in zip((*scheme.keys, *measure.sides), (*keys, *sides), strict=True)
    ]
    cell = ", ".join(keys)
    # One line per meeting; of a cell that sums to something, only of those that add to it.
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE met AS WITH one AS (SELECT {', '.join(named)},"  # noqa: S608
        f" {_quoted(measure.name)} AS value FROM raw WHERE {_quoted(measure.name)} IS NOT NULL),"
        f" each AS (SELECT {cell}, {', '.join(sides)}, sum(value)::BIGINT AS value FROM one"
        " GROUP BY ALL),"
        f" whole AS (SELECT {cell}, sum(value)::BIGINT AS total FROM each GROUP BY ALL)"
        f" SELECT each.*, total FROM each JOIN whole USING ({cell}) WHERE value > 0 OR total = 0"
    )
    totals = connection.execute(f"SELECT {cell}, any_value(total) FROM met GROUP BY ALL").fetchall()  # noqa: S608
    problems: dict[Cells, str] = {}
    for side in sides:
        for *key, count, left, first, second, total in connection.execute(
            _of_a_side(cell, side, [one for one in sides if one != side])
        ).fetchall():
            problem = ""
            if count < scheme.k or left < scheme.k - 1:
                problem = few(count, left)
            elif 2 * first > total:
                problem = MORE_THAN_HALF
            elif 100 * (total - first - second) < scheme.percent * first:
                problem = TOO_CLOSE
            if problem:
                problems.setdefault(tuple(key), problem)
    known = {each.key for each in expected}
    found = {}
    for *key, total in totals:
        cells = tuple(key)
        if cells not in known:
            raise Disagreement((f"a raw row falls into cell {cells!r}, which is not expected",))
        problem = problems.get(cells, "")
        found[cells] = Behind(total, lambda problem=problem: problem)  # type: ignore[misc]
    return found


def _of_a_side(cell: str, side: str, others: Sequence[str]) -> str:
    """Per cell: contributors on a side, how many stay without any one, and the two largest parts.

    Whoever meets one other in all of its meetings goes with that one.
    """
    partners = " UNION ALL ".join(
        f"SELECT {cell}, {side} AS p, {other} AS q FROM met WHERE {other} <> {side}"  # noqa: S608
        for other in others
    )
    hanging = (
        f" UNION ALL SELECT {cell}, p, q FROM (SELECT {cell}, p, q, count(*) AS n FROM ({partners})"  # noqa: S608
        f" GROUP BY ALL) JOIN parts USING ({cell}, p) WHERE n = meetings"
        if others
        else ""
    )
    return (
        f"WITH parts AS (SELECT {cell}, {side} AS p, count(*) AS meetings,"  # noqa: S608
        f" sum(value)::BIGINT AS part FROM met GROUP BY ALL),"
        f" goes AS (SELECT {cell}, p, p AS q FROM parts{hanging}),"
        f" most AS (SELECT {cell}, max(n) AS lost FROM (SELECT {cell}, q, count(*) AS n FROM goes"
        f" GROUP BY ALL) GROUP BY ALL),"
        f" large AS (SELECT {cell}, count(*) AS n, max(part) AS first,"
        f" coalesce(list(part ORDER BY part DESC)[2], 0) AS second, sum(part)::BIGINT AS total"
        f" FROM parts GROUP BY ALL)"
        f" SELECT {cell}, n, n - lost, first, second, total FROM large JOIN most USING ({cell})"
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
