"""Small tables with margins, and every table an attacker must reckon with."""

import itertools
from collections.abc import Mapping, Sequence

import numpy as np

from mutuali.privacy.margins.table import Dimension, IntArray, Key, Table, with_margins

Shares = dict[Key, dict[str, int]]


def flat(*sizes: int) -> list[Dimension]:
    """Dimensions "x", "y", "z" with leaves "a0", "a1", ..., "b0", ... and totals '*'."""
    return [
        Dimension.flat(name, [f"{letter}{leaf}" for leaf in range(size)])
        for name, letter, size in zip("xyz", "abc", sizes, strict=False)
    ]


def leaf_keys(dimensions: Sequence[Dimension]) -> list[Key]:
    return list(itertools.product(*([d.labels[leaf] for leaf in d.leaves] for d in dimensions)))


def long_tailed(sizes: Sequence[int], rows: int, people: int, seed: int, most: int = 40) -> Table:
    """Rows of a few large and many small contributors over uneven cells, one side."""
    random = np.random.default_rng(seed)
    dimensions = flat(*sizes)
    size = np.minimum(random.pareto(1.3, people) + 1, 4)
    keys = leaf_keys(dimensions)
    weight = random.pareto(1.5, len(keys)) + 0.3
    who = random.choice(people, rows, p=size / size.sum())
    where = random.choice(len(keys), rows, p=weight / weight.sum())
    amounts = np.minimum(np.ceil(2 * random.pareto(1.5, rows)), most).astype(int)
    shares: Shares = {}
    for person, cell, amount in zip(who, where, amounts, strict=True):
        cells = shares.setdefault(keys[cell], {})
        cells[f"o{person}"] = cells.get(f"o{person}", 0) + int(amount)
    return with_margins(dimensions, [shares])


def all_tables(dimensions: Sequence[Dimension], most: int) -> IntArray:
    """Every table whose leaves are 0 to ``most``: one row each over all of its cells."""
    leaves = leaf_keys(dimensions)
    values = np.array(list(itertools.product(range(most + 1), repeat=len(leaves))))
    labels = list(itertools.product(*(d.labels for d in dimensions)))
    return values @ np.array([[covers(dimensions, key, leaf) for key in labels] for leaf in leaves])


def covers(dimensions: Sequence[Dimension], key: Key, leaf: Key) -> bool:
    """Whether a leaf cell is part of the cell with that key."""
    return all(
        d.labels.index(label) in d.path(d.labels.index(part))
        for d, label, part in zip(dimensions, key, leaf, strict=True)
    )


def one_each(values: Mapping[Key, int]) -> Shares:
    """Each cell as many contributors of 1, all different."""
    return {
        key: {f"{'/'.join(key)}-{number}": 1 for number in range(value)}
        for key, value in values.items()
    }
