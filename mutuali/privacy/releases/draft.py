"""The next release while it is being remedied: which rows leave, and with which cells."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from mutuali.privacy.plan import Column, Plan, RecodingModel, Role
from mutuali.privacy.recode.classes import BoolArray
from mutuali.privacy.recode.histogram import IntArray, text_column
from mutuali.privacy.releases.record import (
    Path,
    RecordedColumn,
    ReleaseRecord,
    cell_ranks,
    row_keys,
)


class Draft:
    """A recorded release of which rows are taken and cells changed; rows count as in the record."""

    def __init__(self, record: ReleaseRecord, plan: Plan) -> None:
        self.record = replace(record, of=record.of.copy(), values=record.values.copy())
        self.plan = plan
        self.kept = np.ones(len(record.rows), dtype=np.bool_)
        self.delayed = np.zeros(len(record.rows), dtype=np.bool_)
        self._merged = np.zeros(len(record.rows), dtype=np.bool_)
        quasi = plan.named(Role.QUASI_IDENTIFIER)
        weight = sum(column.weight for column in quasi)
        self._columns = [(column, column.weight / weight) for column in quasi]

    def current(self) -> tuple[ReleaseRecord, IntArray]:
        """What would leave now, and the rows it is."""
        return self.record.part(self.kept), np.flatnonzero(self.kept)

    def delay(self, row: int, earlier: ReleaseRecord, there: int) -> bool:
        """Give a row the cells it had in an earlier release; False where they are not known."""
        record = self.record
        if [m.column for m in earlier.diversities] != [m.column for m in record.diversities]:
            return False
        if len(record.plain) != len(record.rows) * (len(earlier.plain) > 0):
            return False
        if len(record.plain) and record.plain[row] != earlier.plain[there]:
            return False
        paths = earlier.paths(int(earlier.of[there]))
        if len(earlier.columns) != len(record.columns) or not all(
            self._can_tell(place, column, path)
            for place, (column, path) in enumerate(zip(earlier.columns, paths, strict=True))
        ):
            return False
        self.record.of[row] = self._class(paths)
        for place, code in enumerate(earlier.values[there]):
            text = earlier.texts[place][code]
            self.record.values[row, place] = self._value(place, text)
        self.delayed[row] = True
        return True

    def _can_tell(self, place: int, earlier: RecordedColumn, path: Path) -> bool:
        """Whether a value stands under an earlier label, on a level that the release may have."""
        mine, level = self.record.columns[place], 1 + earlier.top - len(path)
        if not mine.tells_like(earlier):
            return False
        if self.plan.recoding is not RecodingModel.LOCAL and level != mine.level:
            return False
        column, _ = self._columns[place]
        return any(chain[level:] == path for chain in column.generalization.chains)

    def merge(self, rows: IntArray, paths: Sequence[Path]) -> None:
        """Give rows the coarser labels of one class."""
        self.record.of[rows] = self._class(paths)
        self._merged[rows] = True

    def under(self, paths: Sequence[Path]) -> IntArray:
        """The kept rows all of whose labels are, or stand below, the labels given."""
        below = np.ones(len(self.record.classes), dtype=np.bool_)
        for place, (column, coarse) in enumerate(zip(self.record.columns, paths, strict=True)):
            inside = [path[-len(coarse) :] == coarse for path in column.paths]
            below &= np.array(inside, dtype=np.bool_)[self.record.classes[:, place]]
        return np.flatnonzero(self.kept & below[self.record.of])

    def cost(self, rows: IntArray, paths: Sequence[Path]) -> float:
        """What rows lose by coarser labels, in rows: the engine's loss, 1 for a row left out."""
        loss = 0.0
        numbers, counts = np.unique(self.record.of[rows], return_counts=True)
        for place, ((column, weight), coarse) in enumerate(zip(self._columns, paths, strict=True)):
            used = self.record.columns[place].paths
            for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
                fine = used[int(self.record.classes[number, place])]
                loss += count * weight * (_covered(column, coarse) - _covered(column, fine))
        return loss

    def finished(
        self, released: pa.Table, witness: IntArray, order: IntArray
    ) -> tuple[pa.Table, IntArray, ReleaseRecord]:
        """The table in the order of its cells, the source row of each of its rows, its record.

        ``order[r]`` is the released row that row r of the record is about.
        """
        rows = np.flatnonzero(self.kept)
        rows = rows[np.argsort(order[rows])]
        names = released.column_names
        table = released.take(pa.array(order[rows]))
        changed = np.flatnonzero((self.delayed | self._merged)[rows])
        if len(changed):
            of, values = self.record.of[rows[changed]], self.record.values[rows[changed]]
            for place, column in enumerate(self.record.columns):
                labels = [column.paths[code][0] for code in self.record.classes[of, place]]
                table = _overwritten(table, column.name, changed, labels)
            for place, model in enumerate(self.record.diversities):
                texts = self.record.texts[place]
                cells = [texts[code] for code in values[:, place]]
                table = _overwritten(table, model.column, changed, cells)
        ranks = [cell_ranks(table.column(name)) for name in names]
        sorted_ = np.lexsort(ranks[::-1])
        table = table.take(pa.array(sorted_))
        record = self.record.part(self.kept).compacted()
        keys = row_keys(table, self.plan)
        return (
            table,
            witness[order[rows]][sorted_],
            replace(record, ordered=True, row_keys=keys),
        )

    def _class(self, paths: Sequence[Path]) -> int:
        codes = []
        columns = list(self.record.columns)
        for place, path in enumerate(paths):
            known = columns[place].paths
            if path not in known:
                known = (*known, path)
                columns[place] = replace(columns[place], paths=known)
            codes.append(known.index(path))
        classes = self.record.classes
        same = np.flatnonzero((classes == codes).all(axis=1))
        if len(same):
            return int(same[0])
        self.record = replace(
            self.record, columns=tuple(columns), classes=np.vstack((classes, codes))
        )
        return len(classes)

    def _value(self, place: int, text: str | None) -> int:
        texts = list(self.record.texts)
        if text not in texts[place]:
            texts[place] = (*texts[place], text)
            self.record = replace(self.record, texts=tuple(texts))
        return self.record.texts[place].index(text)


def _covered(column: Column, path: Path) -> float:
    """The share of the other leaves under a label, 0 to 1."""
    chains = column.generalization.chains
    level = column.generalization.top + 1 - len(path)
    leaves = sum(chain[level] == path[0] for chain in chains)
    return max(leaves - 1, 0) / max(len(chains) - 1, 1)


def _overwritten(
    table: pa.Table, name: str, rows: IntArray, texts: Sequence[str | None]
) -> pa.Table:
    place = table.schema.get_field_index(name)
    kind = table.schema.field(name).type
    cells = text_column(table, name, floats=True).to_pylist()
    for row, text in zip(rows.tolist(), texts, strict=True):
        cells[row] = text
    return table.set_column(place, name, pa.array(cells, pa.string()).cast(kind))


def matched(earlier: ReleaseRecord, new: ReleaseRecord) -> tuple[IntArray, IntArray]:
    """The rows that stand in both, by position in each."""
    _, there, here = np.intersect1d(earlier.rows, new.rows, assume_unique=True, return_indices=True)
    return there, here


def without(rows: BoolArray, gone: IntArray) -> BoolArray:
    """The same rows but for those that are gone."""
    left = rows.copy()
    left[gone] = False
    return left
