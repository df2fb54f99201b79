"""Combinations of codes as single numbers."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from mutuali.privacy.recode.histogram import IntArray, as_ints

KEY_LIMIT = 1 << 62

#: Up to this many possible keys, a table of them is faster than hashing (four bytes each).
_SLOTS = 1 << 22


def fold(codes: Sequence[IntArray], sizes: Sequence[int]) -> tuple[IntArray, int]:
    """One key per position, equal exactly where all codes are, and a bound above all keys."""
    key, bound = np.zeros(len(codes[0]), dtype=np.int64), 1
    for column, size in zip(codes, sizes, strict=True):
        if bound * size > KEY_LIMIT:
            key, bound = renumbered(key)
        key = key * size + column
        bound *= size
    return key, bound


def distinct(
    codes: Sequence[IntArray], rows: IntArray
) -> tuple[tuple[IntArray, ...], IntArray, IntArray]:
    """Distinct combinations of codes, the combination of each entry, and the rows of each."""
    key, _ = fold(codes, [int(column.max(initial=-1)) + 1 for column in codes])
    if len(key) and (key[1:] >= key[:-1]).all():  # as histograms come
        new = np.diff(key, prepend=-1) > 0
        first, of_entry = np.flatnonzero(new), np.cumsum(new) - 1
        together: IntArray = np.add.reduceat(rows, first)
    else:
        _, first, of_entry = np.unique(key, return_index=True, return_inverse=True)
        together = np.bincount(of_entry, weights=rows).astype(np.int64)
    return tuple(column[first] for column in codes), of_entry, together


def different(keys: IntArray) -> IntArray:
    """The different keys, ascending; all are 0 or more."""
    # np.unique alone goes by hashing, which takes several times longer than this sort.
    ordered = keys if (keys[1:] >= keys[:-1]).all() else np.sort(keys)
    return ordered[np.diff(ordered, prepend=-1) > 0]


def summed(keys: IntArray, amounts: IntArray) -> tuple[IntArray, IntArray]:
    """The different keys, ascending, and the sum of the amounts of each; neither is negative."""
    most = int(amounts.max(initial=0)) + 1
    if int(keys.max(initial=0)) >= KEY_LIMIT // most:
        found, place = np.unique(keys, return_inverse=True)
        return found, np.bincount(place, weights=amounts).astype(np.int64)
    if most == 2 and amounts.all():  # all are 1
        ordered = np.sort(keys)
        starts = np.flatnonzero(np.diff(ordered, prepend=-1))
        return ordered[starts], np.diff(starts, append=len(ordered))
    # Both in one number: sorting numbers takes a fraction of the time of sorting their places.
    packed = np.sort(keys * most + amounts)
    keys = packed // most
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    if not len(starts):
        return keys, packed
    sums: IntArray = np.add.reduceat(packed - keys * most, starts)
    return keys[starts], sums


def renumbered(key: IntArray, bound: int = KEY_LIMIT) -> tuple[IntArray, int]:
    """The keys, all below ``bound``, as numbers from 0 without gaps, and how many there are."""
    if bound > _SLOTS:
        encoded = pa.array(key).dictionary_encode()  # by hashing: several times faster than a sort
        return as_ints(encoded.indices), len(encoded.dictionary)
    place = np.arange(len(key), dtype=np.int32)
    slots = np.empty(bound, dtype=np.int32)  # only what was written is read
    slots[key] = place
    last = slots[key]
    number = np.cumsum(last == place) - 1
    return number[last], int(number[-1]) + 1 if len(key) else 0
