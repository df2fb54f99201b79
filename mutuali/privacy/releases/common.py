"""The finest classes whose contents two releases both tell.

Two classes *overlap* when some combination of values falls under the labels of both. Classes that
overlap, directly or through others, are put together: what is left are the smallest sets of rows
that both releases count. Where each release has one level per column, this is the coarser of the
two levels in each column; where levels are mixed, it follows the labels. A column that only one
release has, or whose hierarchy says otherwise of the same values, does not tell classes apart.
"""

from dataclasses import dataclass

import numpy as np

from mutuali.privacy.measures.grouping import group
from mutuali.privacy.recode.classes import BoolArray
from mutuali.privacy.recode.histogram import IntArray
from mutuali.privacy.releases.record import Path, RecordedColumn, ReleaseRecord


@dataclass(frozen=True, slots=True)
class Common:
    """Per class of the earlier and of the later release the number of its group."""

    before: IntArray
    after: IntArray


def same_labels(before: ReleaseRecord, after: ReleaseRecord) -> Common:
    """Classes that read the same are one group, whatever their labels cover."""
    numbers: dict[tuple[object, ...], int] = {}
    of = []
    for record in (before, after):
        names = [column.name for column in record.columns]
        read = [
            (*zip(names, record.labels(number), strict=True),)
            for number in range(len(record.classes))
        ]
        of.append([numbers.setdefault(labels, len(numbers)) for labels in read])
    return Common(np.array(of[0], dtype=np.int64), np.array(of[1], dtype=np.int64))


def overlapping(before: ReleaseRecord, after: ReleaseRecord) -> Common:
    """Classes that overlap, directly or through others, are one group."""
    pairs = [
        (i, j)
        for i, one in enumerate(before.columns)
        for j, other in enumerate(after.columns)
        if one.tells_like(other)
    ]
    first = [before.classes[:, i] for i, _ in pairs]
    second = [after.classes[:, j] for _, j in pairs]
    columns = [(before.columns[i], after.columns[j]) for i, j in pairs]
    coarse = [
        np.concatenate([codes[used] for codes, used in zip(_coarsest(pair), each, strict=True)])
        for pair, each in zip(columns, zip(first, second, strict=True), strict=True)
    ]
    split = len(before.classes)
    blocks = group(coarse, split + len(after.classes)).of
    one_level = all(
        len({len(path) for path in side.paths}) < 2 for pair in columns for side in pair
    )
    if one_level:
        return Common(blocks[:split], blocks[split:])
    touching = [_touching(*pair) for pair in columns]
    return _linked(Common(blocks[:split], blocks[split:]), first, second, touching)


def _coarsest(pair: tuple[RecordedColumn, RecordedColumn]) -> tuple[IntArray, IntArray]:
    """Codes of the labels of both columns on the coarsest level that either uses."""
    length = min((len(path) for column in pair for path in column.paths), default=1)
    known: dict[str | None, int] = {}
    codes = [
        [known.setdefault(path[len(path) - length], len(known)) for path in column.paths]
        for column in pair
    ]
    return np.array(codes[0], dtype=np.int64), np.array(codes[1], dtype=np.int64)


def _touching(one: RecordedColumn, other: RecordedColumn) -> BoolArray:
    """Which labels cover a value in common: one of the two stands above the other, or is it."""
    return np.array([[_nested(a, b) for b in other.paths] for a in one.paths], dtype=np.bool_)


def _nested(one: Path, other: Path) -> bool:
    fine, coarse = sorted((one, other), key=len, reverse=True)
    return fine[len(fine) - len(coarse) :] == coarse


def _linked(
    blocks: Common, first: list[IntArray], second: list[IntArray], touching: list[BoolArray]
) -> Common:
    """Blocks taken apart into what really overlaps; classes of different blocks never do."""
    before = np.arange(len(blocks.before)) + len(blocks.after)
    after = np.arange(len(blocks.after))
    for block in np.intersect1d(blocks.before, blocks.after):
        left, right = np.flatnonzero(blocks.before == block), np.flatnonzero(blocks.after == block)
        part = right.copy()
        met: list[tuple[int, int]] = []
        for number in left.tolist():
            here = np.ones(len(right), dtype=np.bool_)
            for table, one, other in zip(touching, first, second, strict=True):
                here &= table[one[number], other[right]]
            places = np.flatnonzero(here)
            if len(places):
                together = np.isin(part, part[places])
                part[together] = right[places[0]]
                met.append((number, int(places[0])))
        after[right] = part
        for number, place in met:
            before[number] = part[place]
    return Common(before, after)
