"""Who stands behind each class of a large release, counted by grouping and grouping again."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mutuali.privacy.check.reread import counted_without

Ints = npt.NDArray[np.int64]

#: Numbers that several are packed into stay below it.
_MOST = 1 << 62


def standing(
    groups: pa.Table,
    contributors: Sequence[str],
    units: Sequence[str],
    classes: int,
    coalition: int,
) -> list[tuple[Ints, Ints]]:
    """Per unit the size of each class, and its size at least when the worst coalition is gone.

    ``groups`` has "class", a column of numbers per contributor column and "rows"; each of ``units``
    is one of the contributor columns or "rows". Whoever stands in all meetings of a contributor in
    a class takes it along when leaving.
    """
    if coalition > 1 and contributors:
        meetings = _summed(groups.select(["class", *contributors, "rows"]), "rows")
        return [
            _without_several(meetings, contributors, unit, classes, coalition) for unit in units
        ]
    of, rows = _numbers(groups, "class"), _numbers(groups, "rows")
    met = [_numbers(groups, name) for name in contributors]
    bound = max((int(people.max()) + 1 for people in met), default=1)
    found = []
    for unit in units:
        if unit == "rows":
            whole = np.bincount(of, rows, classes).astype(np.int64)
            lost = _rows_lost(of, rows, met, bound, classes) if met else coalition
        else:
            place = contributors.index(unit)
            whole, lost = _with_and_lost(of, met, place, bound, classes)
        found.append((whole, np.maximum(whole - lost, 0)))
    return found


def _rows_lost(of: Ints, rows: Ints, met: Sequence[Ints], bound: int, classes: int) -> Ints:
    """Per class, the rows of whoever stands in most of them, on whichever side."""
    keys, amounts = [], []
    for place, people in enumerate(met):
        here = np.ones(len(of), dtype=np.bool_)
        for earlier in met[:place]:
            here &= people != earlier
        keys.append(of[here] * bound + people[here])
        amounts.append(rows[here])
    person, amount = np.concatenate(keys), np.concatenate(amounts)
    span = int(amount.max()) + 1
    if int(person.max()) < _MOST // span:
        # Sorting one number is much faster than sorting places by another.
        both = np.sort(person * span + amount)
        person, amount = both // span, both % span
    else:
        order = np.argsort(person)
        person, amount = person[order], amount[order]
    starts = np.flatnonzero(np.append(True, person[1:] != person[:-1]))
    return _largest(person[starts] // bound, np.add.reduceat(amount, starts), classes)


def _with_and_lost(
    of: Ints, met: Sequence[Ints], place: int, bound: int, classes: int
) -> tuple[Ints, Ints]:
    """Per class, the contributors of a side, and how many go with the one that takes most."""
    mine = met[place]
    if len(met) == 2 and classes * bound < _MOST // bound:
        return _of_pairs(of, mine, met[1 - place], bound, classes)
    pairs, pair, due = np.unique(of * bound + mine, return_inverse=True, return_counts=True)
    keys = []
    for other, people in enumerate(met):
        here = people != mine
        for earlier in met[:other]:
            here &= people != earlier
        keys.append(pair[here] * bound + people[here])
    shared, times = np.unique(np.concatenate(keys), return_counts=True)
    held = shared[times == due[shared // bound]]
    by, others = np.unique(pairs[held // bound] // bound * bound + held % bound, return_counts=True)
    # Whoever is on the side goes along itself.
    itself = np.minimum(np.searchsorted(pairs, by), len(pairs) - 1)
    others += pairs[itself] == by
    alone = np.ones(classes, dtype=np.int64)
    lost = np.maximum(alone, _largest(by // bound, others, classes))
    return np.bincount(pairs // bound, minlength=classes), lost


def _of_pairs(of: Ints, mine: Ints, theirs: Ints, bound: int, classes: int) -> tuple[Ints, Ints]:
    """The same where each row has one other side: gone is who met one other and nobody else."""
    met = np.sort((of * bound + mine) * bound + theirs)
    who, whom = met // bound, met % bound
    starts = np.flatnonzero(np.append(True, who[1:] != who[:-1]))
    ends = np.append(starts[1:], len(who)) - 1
    alone = (whom[starts] == whom[ends]) & (whom[starts] != who[starts] % bound)
    everybody = who[starts]
    others = everybody[alone] // bound * bound + whom[starts][alone]
    gone = np.sort(np.concatenate((everybody, others)))
    first = np.flatnonzero(np.append(True, gone[1:] != gone[:-1]))
    times = np.diff(np.append(first, len(gone)))
    lost = _largest(gone[first] // bound, times, classes)
    return np.bincount(everybody // bound, minlength=classes), lost


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
