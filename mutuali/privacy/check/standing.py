"""Who stands behind each class of a large release, counted by grouping and grouping again."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mutuali.privacy.check.reread import counted_without

Ints = npt.NDArray[np.int64]


def standing(
    groups: pa.Table, contributors: Sequence[str], unit: str, classes: int, coalition: int
) -> tuple[Ints, Ints]:
    """Per class its size in ``unit``, and its size at least when the worst coalition is gone.

    ``groups`` has "class", a column of numbers per contributor column and "rows"; ``unit`` is one
    of the contributor columns or "rows". Whoever stands in all meetings of a contributor in a
    class takes it along when leaving.
    """
    meetings = _summed(groups.select(["class", *contributors, "rows"]), "rows")
    if coalition > 1 and contributors:
        return _without_several(meetings, contributors, unit, classes, coalition)
    if unit == "rows":
        whole = _per_class(_summed(groups.select(["class", "rows"]), "rows"), classes)
        if not contributors:
            return whole, np.maximum(whole - coalition, 0)
        present = pa.concat_tables(
            _named(meetings, "class", other, "rows").filter(_first(meetings, contributors, place))
            for place, other in enumerate(contributors)
        )
        return whole, whole - _most(_summed(present, "rows"), classes)
    ones = pa.array(np.ones(meetings.num_rows, dtype=np.int64))
    meetings = meetings.set_column(meetings.num_columns - 1, "rows", ones)
    each = _summed(meetings.select(["class", unit, "rows"]), "rows")
    whole = _per_class(_counted(each, "class"), classes)
    together = pa.concat_tables(
        pa.table(
            [meetings.column(name) for name in ("class", unit, other, "rows")],
            names=["class", "one", "other", "rows"],
        ).filter(_first(meetings, contributors, place))
        for place, other in enumerate(contributors)
    )
    shared = _summed(together, "rows")
    due = each.rename_columns(["class", "one", "due"])
    shared = shared.join(due, keys=["class", "one"], join_type="inner")
    bound = shared.filter(pc.equal(shared.column("rows"), shared.column("due")))
    return whole, whole - _most(_counted(bound, "class", "other"), classes)


def _without_several(
    meetings: pa.Table, contributors: Sequence[str], unit: str, classes: int, coalition: int
) -> tuple[Ints, Ints]:
    """The same for several at once, class by class."""
    met: list[list[tuple[str, ...]]] = [[] for _ in range(classes)]
    weights: list[Counter[str]] = [Counter() for _ in range(classes)]
    whole, less = np.zeros(classes, dtype=np.int64), np.zeros(classes, dtype=np.int64)
    names = [meetings.column(name).to_pylist() for name in ("class", "rows", *contributors)]
    for number, rows, *people in zip(*names, strict=True):
        meeting = tuple(map(str, people))
        met[number].append(meeting)
        whole[number] += rows
        weights[number].update(dict.fromkeys(meeting, rows))
    if unit == "rows":
        for number, present in enumerate(weights):
            gone = sum(sorted(present.values(), reverse=True)[:coalition])
            less[number] = max(whole[number] - gone, 0)
        return whole, less
    for number, here in enumerate(met):
        side = contributors.index(unit)
        whole[number], less[number] = counted_without(here, side, coalition)
    return whole, less


def _named(table: pa.Table, *names: str) -> pa.Table:
    return table.select(list(names)).rename_columns(["class", "other", "rows"])


def _first(meetings: pa.Table, contributors: Sequence[str], place: int) -> Any:
    """Where a contributor column does not repeat what an earlier one says of the same meeting."""
    column = meetings.column(contributors[place])
    first = pa.array(np.ones(meetings.num_rows, dtype=np.bool_))
    for earlier in contributors[:place]:
        first = pc.and_(first, pc.not_equal(column, meetings.column(earlier)))
    return first


def _summed(table: pa.Table, amount: str) -> pa.Table:
    """The rows grouped by all other columns, the amount added up."""
    names = [name for name in table.column_names if name != amount]
    sums = table.group_by(names).aggregate([(amount, "sum")])
    return sums.select([*names, f"{amount}_sum"]).rename_columns([*names, amount])


def _counted(table: pa.Table, *names: str) -> pa.Table:
    """How many rows of the table have each value of these columns."""
    counts = table.group_by(list(names)).aggregate([([], "count_all")])
    return counts.select([*names, "count_all"]).rename_columns([*names, "rows"])


def _per_class(table: pa.Table, classes: int) -> Ints:
    amounts = np.zeros(classes, dtype=np.int64)
    amounts[np.asarray(table.column("class"))] = np.asarray(table.column("rows"))
    return amounts


def _most(table: pa.Table, classes: int) -> Ints:
    most = table.group_by(["class"]).aggregate([("rows", "max")])
    return _per_class(most.rename_columns(["class", "rows"]), classes)
