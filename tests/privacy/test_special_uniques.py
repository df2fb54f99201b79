"""Special uniques, against every set of columns of every row, and against a published example."""

import itertools
import math

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuali.privacy.errors import BadTable
from mutuali.privacy.measures.special_uniques import special_uniques

#: The illustration of SUDA scores in the IHSN guide on disclosure control for microdata.
HOUSEHOLDS = [
    ("urban", "female", "secondary incomplete", "employed"),
    ("urban", "female", "secondary incomplete", "employed"),
    ("urban", "female", "primary incomplete", "non-LF"),
    ("urban", "male", "secondary complete", "employed"),
    ("rural", "female", "secondary complete", "unemployed"),
    ("urban", "male", "secondary complete", "employed"),
    ("urban", "female", "primary complete", "non-LF"),
    ("urban", "male", "post-secondary", "unemployed"),
    ("urban", "female", "secondary incomplete", "non-LF"),
    ("urban", "female", "secondary incomplete", "non-LF"),
]
KEYS = ["residence", "gender", "education", "labour"]


def table(rows: list[tuple[str | None, ...]], names: list[str]) -> pa.Table:
    columns = zip(*rows, strict=True)
    return pa.table(
        {name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)}
    )


def test_the_published_example_has_its_published_scores() -> None:
    found, scores = special_uniques(table(list(HOUSEHOLDS), KEYS), KEYS, 3)

    assert scores.tolist() == [0, 0, 6, 0, 12, 0, 6, 10, 0, 0]
    assert found.by_size == (4, 5, 0)
    assert (found.highest_score, found.total_score, found.rows_with_msu) == (12, 34, 4)
    shares = {part.name: part.share for part in found.columns}
    # {rural} 6, {urban, unemployed} 2; {female, ...} 2 + 2, {male, unemployed} 2; and so on
    assert shares == pytest.approx(
        {"residence": 8 / 34, "gender": 6 / 34, "education": 22 / 34, "labour": 8 / 34}
    )


@st.composite
def small(draw: st.DrawFn) -> list[tuple[str | None, ...]]:
    width = draw(st.integers(1, 5))
    value = st.sampled_from(["a", "b", "c", "", None])
    return draw(st.lists(st.tuples(*[value] * width), min_size=1, max_size=14))


@settings(max_examples=40, deadline=None)
@given(small(), st.integers(1, 5))
def test_every_minimal_unique_of_every_row_is_found(
    rows: list[tuple[str | None, ...]], largest: int
) -> None:
    width = len(rows[0])
    names = [f"c{n}" for n in range(width)]
    plain = [tuple(value or None for value in row) for row in rows]

    def alone(row: tuple[str | None, ...], chosen: tuple[int, ...]) -> bool:
        return sum(all(other[n] == row[n] for n in chosen) for other in plain) == 1

    largest = min(largest, width)
    scores, by_size = [], [0] * largest
    for row in plain:
        msus: list[tuple[int, ...]] = []
        for size in range(1, largest + 1):
            for chosen in itertools.combinations(range(width), size):
                if alone(row, chosen) and not any(set(msu) < set(chosen) for msu in msus):
                    # A table of one row is alone by nothing at all, but MSUs have a column.
                    msus.append(chosen)
        for msu in msus:
            by_size[len(msu) - 1] += 1
        last = min(largest, width - 1)
        scores.append(sum(math.prod(width - i for i in range(len(msu), last + 1)) for msu in msus))

    found, measured = special_uniques(table(rows, names), names, largest)

    assert measured.tolist() == scores
    assert found.by_size == tuple(by_size)
    assert found.total_score == sum(scores)
    assert all(0 <= part.share <= 1 for part in found.columns)


def test_a_table_without_rows_or_without_the_column() -> None:
    empty = pa.table({"a": pa.array([], pa.string())})

    found, scores = special_uniques(empty, ["a"], 3)

    assert (found.msus, found.highest_score, len(scores)) == (0, 0, 0)
    with pytest.raises(BadTable, match="no such column"):
        special_uniques(empty, ["b"], 3)
