"""Search on the histogram, then the chosen scheme on the rows."""

import numpy as np
import pyarrow as pa

from mutuali.privacy import histogram
from mutuali.privacy.classes import BoolArray, Census, fold
from mutuali.privacy.errors import NothingToRelease, Reason
from mutuali.privacy.histogram import IntArray
from mutuali.privacy.loss import Ladder, Loss, ladder
from mutuali.privacy.plan import Plan, Role
from mutuali.privacy.report import ClassSizes, ColumnReport, DiversityFound, Release, Report
from mutuali.privacy.search import Scheme, Search
from mutuali.privacy.text import distinct_cells


def release(table: pa.Table, plan: Plan) -> Release:
    """What ``engine.deidentify`` does with a table that has rows."""
    for name in plan.released:
        histogram.text_column(table, name, floats=True)
    quasi = plan.named(Role.QUASI_IDENTIFIER)
    ladders = [ladder(column.generalization) for column in quasi]
    grouped = histogram.build(table, plan)
    census = Census(grouped, ladders, plan)
    _require_contributors(census, plan, table.num_rows)
    loss = Loss(quasi, ladders, census.leaves, census.rows, plan.mean)
    scheme = Search(census, loss, plan, tuple(len(step.texts) for step in ladders)).run()
    if scheme.suppressed == table.num_rows:
        raise NothingToRelease(Reason.ALL_SUPPRESSED, "the best scheme suppresses every row")
    released, witness = _apply(table, plan, ladders, census, scheme)
    return Release(released, witness, _report(plan, census, loss, scheme))


def _require_contributors(census: Census, plan: Plan, rows: int) -> None:
    found = {f"side {side!r}": census.contributors(side) for side in plan.sides} or {"table": rows}
    for where, number in found.items():
        if number < plan.k:
            unit = "contributors" if plan.sides else "rows"
            raise NothingToRelease(
                Reason.TOO_FEW_CONTRIBUTORS,
                f"{where}: {number} {unit} cannot hide each among {plan.k}",
            )


def _apply(
    table: pa.Table, plan: Plan, ladders: list[Ladder], census: Census, scheme: Scheme
) -> tuple[pa.Table, IntArray]:
    """The released rows in their sorted order, and the source row of each."""
    quasi = plan.named(Role.QUASI_IDENTIFIER)
    labels = {}
    for column, step, level in zip(quasi, ladders, scheme.levels, strict=True):
        text = histogram.text_column(table, column.name)
        leaves = histogram.as_ints(histogram.leaf_codes(column.generalization, text))
        labels[column.name] = step.label[level][leaves]
    kept = np.flatnonzero(~_suppressed(labels, ladders, census, scheme))
    texts = {
        column.name: pa.array(step.texts[level], pa.string())
        for column, step, level in zip(quasi, ladders, scheme.levels, strict=True)
    }
    columns = {
        name: pa.chunked_array([texts[name].take(pa.array(labels[name][kept]))])
        if name in texts
        else table.column(name).take(pa.array(kept))
        for name in plan.released
    }
    order = np.lexsort([_cell_ranks(column) for column in columns.values()][::-1])
    return pa.table(columns).take(pa.array(order)), kept[order]


def _suppressed(
    labels: dict[str, IntArray], ladders: list[Ladder], census: Census, scheme: Scheme
) -> BoolArray:
    """Which source rows are in failing classes."""
    failing = scheme.failing[scheme.classes.of]
    sizes, codes = [], []
    for rows, step, level, leaves in zip(
        labels.values(), ladders, scheme.levels, census.leaves, strict=True
    ):
        sizes.append(len(step.texts[level]))
        codes.append(np.concatenate((step.label[level][leaves[failing]], rows)))
    key, _ = fold(codes, sizes)
    gone = int(failing.sum())
    return np.isin(key[gone:], key[:gone])


def _cell_ranks(column: pa.ChunkedArray) -> IntArray:
    """The place of each cell among the distinct cells in text order: the order of the bytes."""
    cells, positions = distinct_cells(column)
    place = {cell: rank for rank, cell in enumerate(sorted(set(cells)))}
    ranks = np.array([place[cell] for cell in cells], dtype=np.int64)
    rank: IntArray = ranks[np.asarray(positions)]
    return rank


def _report(plan: Plan, census: Census, loss: Loss, scheme: Scheme) -> Report:
    classes = scheme.classes
    kept = ~scheme.failing & (classes.rows > 0)
    total = int(census.rows.sum())
    sizes = []
    for unit in (None, *plan.sides):
        counts = census.counts(classes, unit)[kept]
        left = census.without_one(classes, unit, among=kept)[kept]
        sizes.append(
            ClassSizes(
                unit=unit or "rows",
                minimum=int(counts.min()),
                median=float(np.median(counts)),
                minimum_without_one=int(left.min()),
                median_without_one=float(np.median(left)),
            )
        )
    counted = sizes[1:] or sizes
    return Report(
        plan_hash=plan.hash,
        plan_version=plan.version,
        rows_in=total,
        rows_out=total - scheme.suppressed,
        rows_suppressed=scheme.suppressed,
        classes=int(kept.sum()),
        loss=loss.total(scheme.score),
        mean=plan.mean.value,
        columns=_columns(plan, census, loss, scheme),
        sizes=tuple(sizes),
        diversity=tuple(
            _diversity(plan, census, scheme, position, kept)
            for position in range(len(plan.diversities))
        ),
        highest_risk=1 / min(size.minimum for size in counted),
        columns_below_top=sum(
            level < column.generalization.top
            for column, level in zip(plan.named(Role.QUASI_IDENTIFIER), scheme.levels, strict=True)
        ),
    )


def _columns(plan: Plan, census: Census, loss: Loss, scheme: Scheme) -> tuple[ColumnReport, ...]:
    gone = scheme.failing[scheme.classes.of]
    scores = loss.scores([leaf[gone] for leaf in census.leaves], census.rows[gone])
    quasi = plan.named(Role.QUASI_IDENTIFIER)
    return tuple(
        ColumnReport(
            name=column.name,
            level=level,
            level_name=column.generalization.names[level],
            levels=len(column.generalization.names),
            loss=loss.of_column(float(scores[position][level]), position),
        )
        for position, (column, level) in enumerate(zip(quasi, scheme.levels, strict=True))
    )


def _diversity(
    plan: Plan, census: Census, scheme: Scheme, position: int, kept: BoolArray
) -> DiversityFound:
    distinct, most = census.variety(scheme.classes, position)
    return DiversityFound(
        column=plan.diversities[position].column,
        minimum_distinct=int(distinct[kept].min()),
        highest_share=float((most[kept] / scheme.classes.rows[kept]).max()),
    )
