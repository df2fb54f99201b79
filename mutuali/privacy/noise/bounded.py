"""What of a table counts when each contributor may add only so much, and its exact figures.

Which groups and rows of a contributor are kept follows from its own rows and a key alone, never
from their order or from anybody else: without one contributor the others keep what they had.
Nothing here may leave; ``release`` adds the noise.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mutuali.privacy.errors import BadTable, TooManyRows
from mutuali.privacy.noise.plan import (
    MOST_ROWS,
    Count,
    Counted,
    Figure,
    Histogram,
    Mean,
    NoisePlan,
    PublicKeys,
    Quantile,
)
from mutuali.privacy.recode.histogram import IntArray, text_column

Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Values:
    """Whole numbers of some rows; ``known`` is False where there is none, and the number 0."""

    number: IntArray
    known: npt.NDArray[np.bool_]

    def at(self, rows: npt.NDArray[Any]) -> "Values":
        """The numbers of the rows chosen by positions or a mask."""
        return Values(self.number[rows], self.known[rows])


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows that count: of each its group (a position in ``groups``), contributor and values.

    ``groups`` are the public keys in the order of the plan, or the found ones in text order.
    """

    groups: tuple[tuple[str, ...], ...]
    group: IntArray
    contributor: IntArray
    values: Mapping[str, Values]


def keep(table: pa.Table, plan: NoisePlan, key: bytes) -> Kept:
    """The rows of ``table`` that count; ``key``, at most 64 bytes, decides which where bounds bite.

    Rows outside the public keys do not count. Rows in other order, same key: same figures.

    Raises:
        BadTable: a missing column, a type that cannot be handled, a row without its contributor.
        TooManyRows: 2^31 rows or more.
    """
    if table.num_rows >= MOST_ROWS:
        raise TooManyRows(f"{table.num_rows} rows; sums are exact below {MOST_ROWS}")
    contributor, people = _contributors(table, plan)
    groups, group = _grouped(table, plan)
    names = dict.fromkeys(f.column for f in plan.figures if not isinstance(f, Count))
    values = {name: _whole_numbers(table, name) for name in names}
    inside = np.flatnonzero(group >= 0)
    if plan.contributor is None:
        chosen = inside
    else:
        people_hashes = _digests(key, people)
        group_hashes = _digests(
            key, ["".join(f"{len(text)}:{text}" for text in each) for each in groups]
        )
        pairs, pair = np.unique(
            contributor[inside] * len(groups) + group[inside], return_inverse=True
        )
        who, where = np.divmod(pairs, max(len(groups), 1))
        hashes = _mixed(people_hashes[who] ^ _mixed(group_hashes[where]))
        kept_pairs = _first(who, hashes, plan.bounds.groups)
        chosen = inside[
            _rows_kept(
                pair,
                kept_pairs,
                hashes,
                [values[name].at(inside) for name in names],
                plan.bounds.rows,
            )
        ]
    return Kept(
        groups,
        group[chosen],
        contributor[chosen],
        {name: column.at(chosen) for name, column in values.items()},
    )


def exact(kept: Kept, figure: Figure) -> tuple[IntArray, ...]:
    """The integers that get noise, one array (groups, cells) per part of the figure, in its order.

    Cells: one for counts, sums and both parts of a mean (the distances from its middle, the rows
    with a value), one per bin, one per candidate: how badly it fits, 0 for a perfect quantile.
    """
    count = len(kept.groups)
    if isinstance(figure, Count):
        if figure.of is Counted.ROWS:
            return (_table(kept.group, np.zeros_like(kept.group), count, 1),)
        pairs = np.unique(kept.contributor * max(count, 1) + kept.group)
        return (_table(pairs % max(count, 1), np.zeros_like(pairs), count, 1),)
    column = kept.values[figure.column]
    group, number = kept.group[column.known], column.number[column.known]
    if isinstance(figure, Histogram):
        bins = np.searchsorted(np.array(figure.edges), number, side="right")
        return (_table(group, bins, count, len(figure.edges) + 1),)
    if isinstance(figure, Quantile):
        return (_misfits(group, number, count, figure),)
    inside = np.clip(number, figure.low, figure.high)
    sums = np.zeros((count, 1), dtype=np.int64)
    if isinstance(figure, Mean):
        np.add.at(sums[:, 0], group, inside - figure.middle)
        return sums, _table(group, np.zeros_like(group), count, 1)
    np.add.at(sums[:, 0], group, inside)
    return (sums,)


def _misfits(group: IntArray, number: IntArray, count: int, figure: Quantile) -> IntArray:
    candidates = np.array(figure.candidates)
    cells = len(candidates) + 1
    up_to = np.searchsorted(candidates, number, side="right")  # how many candidates are <= it
    before = np.searchsorted(candidates, number, side="left")  # how many are < it
    below = np.cumsum(_table(group, up_to, count, cells), axis=1)[:, :-1]
    above = np.cumsum(_table(group, before, count, cells)[:, ::-1], axis=1)[:, ::-1][:, 1:]
    weigh_below, weigh_above = figure.weights
    return np.abs(weigh_below * below - weigh_above * above)


def _table(group: IntArray, cell: npt.NDArray[Any], groups: int, cells: int) -> IntArray:
    counts = np.bincount(group * cells + cell, minlength=groups * cells)
    return counts.reshape(groups, cells).astype(np.int64)


def _contributors(table: pa.Table, plan: NoisePlan) -> tuple[IntArray, list[str]]:
    if plan.contributor is None:
        return np.arange(table.num_rows), []
    text = text_column(table, plan.contributor)
    if text.null_count:
        row = pc.index(pc.is_null(text), True).as_py()
        raise BadTable("every row needs its contributor", column=plan.contributor, row=row)
    return _coded(text.combine_chunks())


def _coded(column: Any) -> tuple[IntArray, list[Any]]:
    """Positions in the list of distinct values, in the order of their first rows."""
    encoded = column.dictionary_encode()
    return encoded.indices.to_numpy().astype(np.int64), encoded.dictionary.to_pylist()


def _grouped(table: pa.Table, plan: NoisePlan) -> tuple[tuple[tuple[str, ...], ...], IntArray]:
    """The groups, and of each row its position among them, -1 outside the public keys."""
    code = np.zeros(table.num_rows, dtype=np.int64)
    found: list[tuple[str, ...]] = [()]
    for name in plan.by:
        text = pc.fill_null(text_column(table, name), "")
        column, texts = _coded(text.combine_chunks())
        # Numbered anew after each column, the codes stay below rows times values of a column.
        code, pairs = _coded(pa.array(code * max(len(texts), 1) + column))
        found = [(*found[pair // len(texts)], texts[pair % len(texts)]) for pair in pairs]
    groups = plan.keys.groups if isinstance(plan.keys, PublicKeys) else tuple(sorted(found))
    positions = {group: position for position, group in enumerate(groups)}
    return groups, np.array([positions.get(each, -1) for each in found], dtype=np.int64)[code]


def _whole_numbers(table: pa.Table, name: str) -> Values:
    if table.schema.get_field_index(name) < 0:
        raise BadTable("the table has no such column, or has it twice", column=name)
    column = table.column(name)
    if not pa.types.is_integer(column.type) or column.type == pa.uint64():
        raise BadTable(f"values of type {column.type} cannot be added up exactly", column=name)
    known = pc.is_valid(column).to_numpy()
    number = pc.fill_null(column.cast(pa.int64()), 0).to_numpy()
    return Values(np.asarray(number, dtype=np.int64), np.asarray(known, dtype=np.bool_))


def _rows_kept(
    pair: IntArray,
    kept_pairs: npt.NDArray[np.bool_],
    hashes: Hashes,
    columns: Sequence[Values],
    most: int,
) -> npt.NDArray[np.bool_]:
    """A mask of at most ``most`` rows of each kept pair of contributor and group."""
    kept: npt.NDArray[np.bool_] = kept_pairs[pair]
    crowded = kept_pairs & (np.bincount(pair, minlength=len(kept_pairs)) > most)
    rows = np.flatnonzero(crowded[pair])
    if not len(rows):
        return kept
    contents = [part[rows] for column in columns for part in (column.number, column.known)]
    order = np.lexsort((*contents[::-1], pair[rows]))
    rows, contents = rows[order], [part[order] for part in contents]
    # Rows alike in all that is asked are numbered: which of them is which changes no figure.
    fresh = np.ones(len(rows), dtype=np.bool_)
    same = [part[1:] == part[:-1] for part in (pair[rows], *contents)]
    fresh[1:] = ~np.logical_and.reduce(same)
    start = np.maximum.accumulate(np.where(fresh, np.arange(len(rows)), 0))
    mixed = hashes[pair[rows]]
    for part in (*contents, np.arange(len(rows)) - start):
        mixed = _mixed(mixed ^ _mixed(part.astype(np.uint64)))
    kept[rows] = _first(pair[rows], mixed, most)
    return kept


def _first(owner: IntArray, hashes: Hashes, most: int) -> npt.NDArray[np.bool_]:
    """A mask of the ``most`` least hashes of each owner; of equal ones the earlier."""
    order = np.lexsort((hashes, owner))
    owners = owner[order]
    fresh = np.ones(len(owners), dtype=np.bool_)
    fresh[1:] = owners[1:] != owners[:-1]
    start = np.maximum.accumulate(np.where(fresh, np.arange(len(owners)), 0))
    kept = np.empty(len(owners), dtype=np.bool_)
    kept[order] = np.arange(len(owners)) - start < most
    return kept


def _digests(key: bytes, texts: Sequence[str]) -> Hashes:
    """A keyed hash of each text (BLAKE2b, RFC 7693)."""
    found = (hashlib.blake2b(text.encode(), key=key, digest_size=8).digest() for text in texts)
    return np.frombuffer(b"".join(found), dtype="<u8").astype(np.uint64)


def _mixed(bits: Hashes) -> Hashes:
    """The bits stirred so that each depends on all (SplitMix64; Steele, Lea and Flood, 2014)."""
    bits = (bits + np.uint64(0x9E3779B97F4A7C15)).astype(np.uint64)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
