"""Rows read a second time and labelled, as rows to put in order on disk."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mutuali.privacy.engines.source import Part
from mutuali.privacy.errors import Disagreement
from mutuali.privacy.plan import Plan, Role
from mutuali.privacy.recode.apply import Decision, tuple_of_each
from mutuali.privacy.recode.histogram import IntArray, as_ints
from mutuali.privacy.recode.numbering import LeafNumbers
from mutuali.privacy.recode.released_values import Labels
from mutuali.privacy.text import distinct_cells

_KEY_LIMIT = 1 << 62


class SecondReading:
    """Narrow rows to sort: neighbouring labels are one number, a text is its cell.

    Each released column or run of labels is an "order n", n the place of the first, and where that
    does not say the value, a "value n" beside it.
    """

    def __init__(self, plan: Plan, decision: Decision, labels: Labels) -> None:
        self._decision = decision
        self._labels = labels
        self._quasi = [
            LeafNumbers(column.name, column.generalization, 1)
            for column in plan.named(Role.QUASI_IDENTIFIER)
        ]
        self.names = list(plan.released)
        self._runs = list(_runs(self.names, labels))
        self._tied = {place for place, run in self._runs if _is_tied(run, labels)}
        self._texts: set[int] = set()
        self.kept = 0

    @property
    def keys(self) -> list[str]:
        """What puts the rows in order; of values that read the same, the value decides."""
        ties = [f"value {place}" for place, _ in self._runs if place in self._tied]
        return [*(f"order {place}" for place, _ in self._runs), *ties]

    def rows(self, part: Part) -> pa.Table:
        """The rows of a part that leave.

        Raises:
            Disagreement: a row that was not there at the first reading.
        """
        leaves = [numbers.of(part.rows.column(numbers.name)) for numbers in self._quasi]
        tuples = tuple_of_each([np.maximum(codes, 0) for codes in leaves], self._decision)
        for codes, known in zip(leaves, self._decision.census.leaves, strict=True):
            if not np.array_equal(known[tuples], codes):
                raise Disagreement(("the source has rows now that it did not have before",))
        kept = self._decision.recoded.kept[tuples]
        tuples = tuples[kept]
        self.kept += len(tuples)
        columns: dict[str, Any] = {}
        for place, run in self._runs:
            if run[0] in self._labels.values:
                columns |= self._labelled(place, run, tuples)
            else:
                value = _plain(part.rows.column(run[0]).filter(pa.array(kept)))
                columns |= self._as_they_are(place, value)
        return pa.table(columns)

    def _labelled(self, place: int, run: list[str], tuples: IntArray) -> dict[str, Any]:
        if place in self._tied:
            code = self._labels.of(run[0], tuples)
            order = self._labels.values[run[0]].place[code]
            return {f"order {place}": order, f"value {place}": code}
        key = np.zeros(len(tuples), dtype=np.int64)
        for name in run:
            key = key * len(self._labels.values[name].known) + self._labels.of(name, tuples)
        return {f"order {place}": key}

    def _as_they_are(self, place: int, value: Any) -> dict[str, Any]:
        cells, positions = distinct_cells(pa.chunked_array([value]))
        order = pa.array(cells, pa.string()).take(positions)
        if not _is_text(value.type):
            return {f"order {place}": order, f"value {place}": value}
        self._texts.add(place)
        if any(cell.startswith("'") for cell in cells):
            self._tied.add(place)
        # Whether the cell is the value behind an apostrophe; NA is the empty cell.
        escaped = pc.not_equal(order, pc.fill_null(value.cast(pa.string()), ""))
        return {f"order {place}": order, f"value {place}": escaped}

    def released(self, batch: pa.RecordBatch) -> pa.Table:
        """Sorted rows as they leave."""
        columns: dict[str, Any] = {}
        for place, run in self._runs:
            order = batch.column(f"order {place}")
            known = self._labels.values.get(run[0])
            if known is None:
                value = batch.column(f"value {place}")
                columns[run[0]] = _text(order, value) if place in self._texts else value
            elif place in self._tied:
                columns[run[0]] = known.column(as_ints(batch.column(f"value {place}")))
            else:
                key = as_ints(order)
                for name in reversed(run):
                    values = self._labels.values[name]
                    columns[name] = values.column(key % len(values.known))
                    key = key // len(values.known)
        return pa.table({name: columns[name] for name in self.names})


def _runs(names: list[str], labels: Labels) -> Iterator[tuple[int, list[str]]]:
    """Columns in their order, neighbouring labels together as long as one number holds them."""
    place, run = 0, names[:1]
    for n, name in enumerate(names[1:], start=1):
        together = [*run, name]
        if all(one in labels.values and not labels.values[one].tied for one in together) and (
            math.prod(len(labels.values[one].known) for one in together) <= _KEY_LIMIT
        ):
            run = together
        else:
            yield place, run
            place, run = n, [name]
    yield place, run


def _is_tied(run: list[str], labels: Labels) -> bool:
    return any(name in labels.values and labels.values[name].tied for name in run)


def _is_text(type_: pa.DataType) -> bool:
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_))


def _text(cells: Any, escaped: Any) -> Any:
    """Texts from their cells, some of which are escaped."""
    texts = pc.if_else(escaped, pc.utf8_slice_codeunits(cells, 1), cells)
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def _plain(column: Any) -> Any:
    """The values of a column, no dictionary; empty text is NA."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_null(column.type):
        column = column.cast(pa.string())
    if _is_text(column.type):
        column = pc.if_else(pc.equal(column, ""), pa.scalar(None, column.type), column)
    return column
