"""Rows that are alone already by a few of their values: special uniques.

A *minimal sample unique* (MSU) of a row is a set of columns by which the row is alone in the table
while by no part of the set it is. The smaller and the more numerous a row's MSUs, the more likely
it is alone in the population (Elliot, Manning and Ford, A computational algorithm for handling the
special uniques problem, Int. J. of Uncertainty, Fuzziness and Knowledge-Based Systems, 2002).

With A columns and MSUs looked for up to M columns, an MSU of k columns scores the product of A - i
for i from k to M (or to A - 1, should M be A), and a row the sum over its MSUs, as the IHSN guide
on disclosure control for microdata has it.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pyarrow as pa

from mutuali.privacy.measures.grouping import group, values_of
from mutuali.privacy.recode.classes import BoolArray
from mutuali.privacy.recode.histogram import IntArray


@dataclass(frozen=True, slots=True)
class ColumnPart:
    """How much a column takes part: of all scores, the share from MSUs that hold it (0 to 1)."""

    name: str
    msus: int
    share: float


@dataclass(frozen=True, slots=True)
class SpecialUniques:
    """What was found with MSUs of up to ``largest`` columns.

    ``by_size[k - 1]`` counts the MSUs of k columns, each with its row. Shares of columns overlap,
    because an MSU counts for each of its columns.
    """

    largest: int
    rows: int
    rows_with_msu: int
    msus: int
    by_size: tuple[int, ...]
    highest_score: int
    total_score: int
    columns: tuple[ColumnPart, ...]

    def to_dict(self) -> dict[str, object]:
        """The figures as JSON-able values."""
        return asdict(self)


def special_uniques(
    table: pa.Table, names: Sequence[str], largest: int = 3
) -> tuple[SpecialUniques, IntArray]:
    """The MSUs of a table under the columns ``names``, and the score of each row.

    Every set of up to ``largest`` columns is grouped once, so the work grows with the number of
    such sets: 129 for 9 columns and 3.

    Raises:
        BadTable: a missing column, or a type whose text is not exact.
    """
    columns = [values_of(table, name).codes for name in names]
    rows, width = table.num_rows, len(names)
    largest = min(largest, width)
    scores = np.zeros(rows, dtype=np.int64)
    by_size = [0] * largest
    msus, shares = [0] * width, [0] * width
    smaller: dict[tuple[int, ...], BoolArray] = {(): np.zeros(rows, dtype=np.bool_)}
    for size in range(1, largest + 1):
        worth = math.prod(width - i for i in range(size, min(largest, width - 1) + 1))
        alone: dict[tuple[int, ...], BoolArray] = {}
        for chosen in itertools.combinations(range(width), size):
            classes = group([columns[place] for place in chosen], rows)
            alone[chosen] = unique = (classes.sizes == 1)[classes.of]
            # Alone by a part means alone by the whole: parts with one column less tell it all.
            parts = itertools.combinations(chosen, size - 1)
            minimal = unique & ~np.logical_or.reduce([smaller[part] for part in parts])
            found = int(minimal.sum())
            scores[minimal] += worth
            by_size[size - 1] += found
            for place in chosen:
                msus[place] += found
                shares[place] += found * worth
        smaller = alone
    total = int(scores.sum())
    parts_of = tuple(
        ColumnPart(name, count, share / max(total, 1))
        for name, count, share in zip(names, msus, shares, strict=True)
    )
    return SpecialUniques(
        largest=largest,
        rows=rows,
        rows_with_msu=int((scores > 0).sum()),
        msus=sum(by_size),
        by_size=tuple(by_size),
        highest_score=int(scores.max(initial=0)),
        total_score=total,
        columns=parts_of,
    ), scores
