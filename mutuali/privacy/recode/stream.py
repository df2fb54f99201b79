"""What was decided on the histogram, written without holding the rows.

Where every released column is in the histogram, no row is read again: the distinct released rows
are put in order and each is written as often as it occurs. Where a plain column has too many values
for that, the source is read a second time, its labels are looked up, and the rows are put in order
on disk.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from mutuali.privacy.engines.sink import Sink
from mutuali.privacy.engines.sorting import Sorter
from mutuali.privacy.engines.source import Source
from mutuali.privacy.errors import Disagreement
from mutuali.privacy.plan import Plan, RecodingModel, Role
from mutuali.privacy.progress import Progress
from mutuali.privacy.recode.apply import Decision, tuple_of_each
from mutuali.privacy.recode.histogram import Histogram, IntArray, as_ints
from mutuali.privacy.recode.released_values import Labels, Values
from mutuali.privacy.recode.second_reading import SecondReading


def write(
    source: Source,
    plan: Plan,
    grouped: Histogram,
    decision: Decision,
    sink: Sink,
    folder: Path,
    progress: Progress,
) -> None:
    """Write the release to ``sink`` in the order of its cells; ``folder`` is for rows that wait.

    Raises:
        BadTable: the source cannot be read again.
        Disagreement: the second reading found other rows than the first.
    """
    labels = Labels(plan, decision)
    total = decision.report.rows_out
    if grouped.plain is not None:
        rows, repeats = _combinations(plan, grouped, decision, labels)
        for written in sink.write(rows, repeats):
            progress("write", written / total)
        return
    written = 0
    with Sorter(folder) as sorter:
        second = SecondReading(plan, decision, labels)
        for part in source.read(second.names):
            sorter.add(second.rows(part))
            progress("write", part.done / 2)
        if second.kept != total:
            raise Disagreement((f"{total} rows to write at first, {second.kept} later",))
        for batch in sorter.in_order(second.keys):
            table = second.released(batch)
            for _ in sink.write(table, np.ones(table.num_rows, dtype=np.int64)):
                pass  # a batch is written at once
            written += table.num_rows
            progress("write", 0.5 + written / total / 2)


def witness(plan: Plan, decision: Decision) -> pa.Table | None:
    """Of local recoding, the raw text and the label of each tuple that leaves; None without it."""
    if plan.recoding is not RecodingModel.LOCAL:
        return None
    labels = Labels(plan, decision)
    kept = np.flatnonzero(decision.recoded.kept)
    columns: dict[str, Any] = {}
    for column, step, leaves in zip(
        plan.named(Role.QUASI_IDENTIFIER), decision.ladders, decision.census.leaves, strict=True
    ):
        raw = [step.texts[0][label] for label in step.label[0]]
        columns[column.name] = pa.array(raw, pa.string()).take(pa.array(leaves[kept]))
        label = labels.values[column.name].column(labels.of(column.name, kept))
        columns[f"released {column.name}"] = label
    return pa.table(columns)


def _combinations(
    plan: Plan, grouped: Histogram, decision: Decision, labels: Labels
) -> tuple[pa.Table, IntArray]:
    """The distinct released rows in order, and how often each occurs."""
    tuples = tuple_of_each(grouped.leaves, decision)
    kept = np.flatnonzero(decision.recoded.kept[tuples])
    values, codes = dict(labels.values), {}
    for name, column in _known_columns(plan, grouped).items():
        values[name], number = Values.of(
            grouped.values[name].to_pylist(), grouped.values[name].type
        )
        codes[name] = number[column[kept]]
    for name in labels.values:
        codes[name] = labels.of(name, tuples[kept])
    names = list(plan.released)
    table = pa.table({name: codes[name] for name in names} | {"": grouped.rows[kept]})
    distinct = table.group_by(names).aggregate([("", "sum")])
    codes = {name: as_ints(distinct.column(name)) for name in names}
    ties = [codes[name] for name in names if values[name].tied]
    order = np.lexsort((*ties[::-1], *(values[n].place[codes[n]] for n in names[::-1])))
    columns = {name: values[name].column(codes[name][order]) for name in names}
    return pa.table(columns), as_ints(distinct.column("_sum"))[order]


def _known_columns(plan: Plan, grouped: Histogram) -> Mapping[str, IntArray]:
    """The columns of the histogram that leave as they are."""
    sensitive = [column.name for column in plan.named(Role.SENSITIVE)]
    known = dict(zip(sensitive, grouped.sensitive, strict=True))
    plain = [column.name for column in plan.named(Role.PLAIN)]
    return known | dict(zip(plain, grouped.plain or (), strict=grouped.plain is not None))
