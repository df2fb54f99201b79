"""What was decided on the histogram, written without holding the rows.

Where every released column is in the histogram, no row is read again: the distinct released rows
are put in order and each is written as often as it occurs. Where a plain column has too many values
for that, the source is read a second time, its labels are looked up, and the rows are put in order
on disk.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mutuali.privacy.engines.sink import Sink
from mutuali.privacy.engines.sorting import Sorter
from mutuali.privacy.engines.source import Part, Source
from mutuali.privacy.errors import Disagreement
from mutuali.privacy.plan import Plan, RecodingModel, Role
from mutuali.privacy.progress import Progress
from mutuali.privacy.recode.apply import Decision, tuple_of_each
from mutuali.privacy.recode.histogram import Histogram, IntArray, as_ints
from mutuali.privacy.recode.numbering import LeafNumbers
from mutuali.privacy.text import cell_text, distinct_cells


@dataclass(frozen=True, slots=True)
class _Values:
    """The distinct values of a column in the order of their cells.

    ``place`` tells where each stands; values whose cells read the same share one. NA comes first.
    """

    known: pa.Array
    place: IntArray

    @classmethod
    def of(cls, values: Sequence[Any], type_: pa.DataType) -> tuple["_Values", IntArray]:
        """The values put in order, and the new number of each."""
        order = sorted(range(len(values)), key=lambda n: (cell_text(values[n]), repr(values[n])))
        number = np.zeros(len(values), dtype=np.int64)
        number[order] = np.arange(len(values))
        cells = [cell_text(values[n]) for n in order]
        new = [cell != before for cell, before in zip(cells[1:], cells, strict=False)]
        place = np.cumsum([0, *new])
        return cls(pa.array([values[n] for n in order], type_), place), number

    @property
    def tied(self) -> bool:
        """Whether two values read the same."""
        return int(self.place[-1]) + 1 < len(self.place)

    def column(self, codes: IntArray) -> pa.DictionaryArray:
        """The values with these numbers; NA is in no dictionary."""
        missing = self.known.null_count
        places = pa.array((codes - missing).astype(np.int32), mask=codes < missing)
        return pa.DictionaryArray.from_arrays(places, self.known[missing:])


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
    labels = _Labels(plan, decision)
    total = decision.report.rows_out
    if grouped.plain is not None:
        rows, repeats = _combinations(plan, grouped, decision, labels)
        for written in sink.write(rows, repeats):
            progress("write", written / total)
        return
    written = 0
    with Sorter(folder) as sorter:
        second = _SecondReading(plan, grouped, decision, labels)
        for part in source.read(second.names):
            sorter.add(second.rows(part))
            progress("write", part.done / 2)
        if second.kept != total:
            raise Disagreement((f"{total} rows to write at first, {second.kept} later",))
        for batch in sorter.in_order(second.keys):
            table = second.released(batch)
            for _ in sink.write(table, np.ones(table.num_rows, dtype=np.int64)):
                pass
            written += table.num_rows
            progress("write", 0.5 + written / total / 2)


def witness(plan: Plan, decision: Decision) -> pa.Table | None:
    """Of local recoding, the raw text and the label of each tuple that leaves; None without it."""
    if plan.recoding is not RecodingModel.LOCAL:
        return None
    labels = _Labels(plan, decision)
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


class _Labels:
    """The labels of all quasi-identifiers, tuple by tuple."""

    def __init__(self, plan: Plan, decision: Decision) -> None:
        self.values: dict[str, _Values] = {}
        self._codes: dict[str, IntArray] = {}
        for column, step, levels, leaves in zip(
            plan.named(Role.QUASI_IDENTIFIER),
            decision.ladders,
            decision.recoded.levels,
            decision.census.leaves,
            strict=True,
        ):
            texts = [text for level in step.texts for text in level]
            distinct = {text: number for number, text in enumerate(dict.fromkeys(texts))}
            known, number = _Values.of(list(distinct), pa.string())
            of_text = number[[distinct[text] for text in texts]]
            starts = np.cumsum([0, *(len(level) for level in step.texts)])
            self.values[column.name] = known
            self._codes[column.name] = of_text[starts[levels] + step.label[levels, leaves]]

    def of(self, name: str, tuples: IntArray) -> IntArray:
        """The number of the label of each tuple."""
        return self._codes[name][tuples]


def _combinations(
    plan: Plan, grouped: Histogram, decision: Decision, labels: _Labels
) -> tuple[pa.Table, IntArray]:
    """The distinct released rows in order, and how often each occurs."""
    tuples = tuple_of_each(grouped.leaves, decision)
    kept = np.flatnonzero(decision.recoded.kept[tuples])
    values, codes = dict(labels.values), {}
    for name, column in _known_columns(plan, grouped).items():
        values[name], number = _Values.of(
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


class _SecondReading:
    """Rows of the source as rows to sort: per column its place in the order, then its value."""

    def __init__(self, plan: Plan, grouped: Histogram, decision: Decision, labels: _Labels) -> None:
        self._decision = decision
        self._labels = labels
        self._released = plan.released
        self._quasi = [
            LeafNumbers(column.name, column.generalization, 1)
            for column in plan.named(Role.QUASI_IDENTIFIER)
        ]
        self._escaped: dict[str, bool] = {}
        self.kept = 0

    @property
    def names(self) -> list[str]:
        """The columns to read."""
        return list(self._released)

    @property
    def keys(self) -> list[str]:
        """What puts the rows in order."""
        places = range(len(self._released))
        tied = [f"value {n}" for n in places if self._escaped.get(self._released[n], False)]
        return [*(f"order {n}" for n in places), *tied]

    def rows(self, part: Part) -> pa.Table:
        """The rows of a part that leave."""
        leaves = [numbers.of(part.rows.column(numbers.name)) for numbers in self._quasi]
        tuples = tuple_of_each([np.maximum(codes, 0) for codes in leaves], self._decision)
        for codes, known in zip(leaves, self._decision.census.leaves, strict=True):
            if not np.array_equal(known[tuples], codes):
                raise Disagreement(("the source has rows now that it did not have before",))
        kept = self._decision.recoded.kept[tuples]
        self.kept += int(kept.sum())
        columns: dict[str, Any] = {}
        for place, name in enumerate(self._released):
            if name in self._labels.values:
                labels = self._labels.values[name]
                value = self._labels.of(name, tuples[kept]).astype(np.int32)
                order = labels.place[value].astype(np.int32)
                self._escaped[name] = labels.tied
            else:
                value = _plain(part.rows.column(name).filter(pa.array(kept)))
                cells, positions = distinct_cells(pa.chunked_array([value]))
                order = pa.array(cells, pa.string()).take(positions)
                if any(cell.startswith("'") for cell in cells):
                    self._escaped[name] = True
            columns[f"order {place}"] = order
            columns[f"value {place}"] = value
        return pa.table(columns)

    def released(self, batch: pa.RecordBatch) -> pa.Table:
        """Sorted rows as they leave."""
        columns: dict[str, Any] = {}
        for place, name in enumerate(self._released):
            value = batch.column(f"value {place}")
            known = self._labels.values.get(name)
            columns[name] = value if known is None else known.column(as_ints(value))
        return pa.table(columns)


def _plain(column: Any) -> Any:
    """The values of a column, no dictionary; empty text is NA."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_null(column.type):
        column = column.cast(pa.string())
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = pc.if_else(pc.equal(column, ""), pa.scalar(None, column.type), column)
    return column
