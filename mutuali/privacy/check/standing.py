"""Who stands behind each class of a large release, counted by grouping and grouping again."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

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
    of, rows = _numbers(meetings, "class"), _numbers(meetings, "rows")
    met = {name: _numbers(meetings, name) for name in contributors}
    bound = max((int(people.max()) + 1 for people in met.values()), default=1)
    if unit == "rows":
        whole = np.bincount(of, rows, classes).astype(np.int64)
        if not contributors:
            return whole, np.maximum(whole - coalition, 0)
        parts = [(of[here] * bound + who, rows[here]) for here, who in _once(met)]
        key, amount = (np.concatenate(several) for several in zip(*parts, strict=True))
        person, place = np.unique(key, return_inverse=True)
        present = np.bincount(place, amount).astype(np.int64)
        return whole, whole - _largest(person // bound, present, classes)
    pairs, pair, due = np.unique(of * bound + met[unit], return_inverse=True, return_counts=True)
    whole = np.bincount(pairs // bound, minlength=classes)
    together = np.concatenate([pair[here] * bound + who for here, who in _once(met)])
    shared, times = np.unique(together, return_counts=True)
    held = shared[times == due[shared // bound]]
    taken, number = np.unique(
        pairs[held // bound] // bound * bound + held % bound, return_counts=True
    )
    return whole, whole - _largest(taken // bound, number, classes)


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


def _once(met: Mapping[str, Ints]) -> Iterator[tuple[Any, Ints]]:
    """Per contributor column, the meetings in which it does not repeat an earlier one, and who."""
    earlier: list[Ints] = []
    for people in met.values():
        here = np.ones(len(people), dtype=np.bool_)
        for others in earlier:
            here &= people != others
        yield here, people[here]
        earlier.append(people)


def _numbers(table: pa.Table, name: str) -> Ints:
    return np.asarray(table.column(name), dtype=np.int64)


def _largest(of: Ints, amounts: Ints, classes: int) -> Ints:
    largest = np.zeros(classes, dtype=np.int64)
    np.maximum.at(largest, of, amounts)
    return largest


def _summed(table: pa.Table, amount: str) -> pa.Table:
    """The rows grouped by all other columns, the amount added up."""
    names = [name for name in table.column_names if name != amount]
    sums = table.group_by(names).aggregate([(amount, "sum")])
    return sums.select([*names, f"{amount}_sum"]).rename_columns([*names, amount])
