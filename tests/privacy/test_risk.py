"""The three attackers, against counting by hand."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuali.privacy.errors import BadPopulation
from mutuali.privacy.measures.risk import expected_inverse, linkage_risk, size_distribution

SIZES = st.lists(st.integers(1, 9), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(SIZES)
def test_sizes_are_counted(sizes: list[int]) -> None:
    found = size_distribution(np.array(sizes))

    assert found.by_size == tuple(sorted(Counter(sizes).items()))
    assert (found.classes, found.total, found.uniques) == (
        len(sizes),
        sum(sizes),
        sizes.count(1),
    )
    assert (found.minimum, found.maximum) == (min(sizes), max(sizes))
    assert found.mean == pytest.approx(sum(sizes) / len(sizes))


@settings(max_examples=40, deadline=None)
@given(SIZES, st.data(), st.sampled_from([0.05, 0.2, 0.5]))
def test_attackers_do_what_they_do_row_by_row(
    sizes: list[int], data: st.DataObject, threshold: float
) -> None:
    members = [size + data.draw(st.integers(0, 30)) for size in sizes]
    rows = [pair for pair in zip(sizes, members, strict=True) for _ in range(pair[0])]

    risk = linkage_risk(np.array(sizes), threshold=threshold, population=np.array(members))

    mean_inverse = sum(1 / outside for _, outside in rows) / len(rows)
    assert risk.prosecutor.highest == max(1 / inside for inside, _ in rows)
    assert risk.prosecutor.average == pytest.approx(len(sizes) / len(rows))
    assert risk.prosecutor.above == sum(1 / f > threshold for f, _ in rows) / len(rows)
    assert risk.journalist is not None
    assert risk.journalist.highest == max(1 / outside for _, outside in rows)
    assert risk.journalist.average == pytest.approx(max(mean_inverse, len(sizes) / sum(members)))
    assert risk.journalist.above == sum(1 / f > threshold for _, f in rows) / len(rows)
    assert risk.marketer == pytest.approx(mean_inverse)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from([1, 2, 3, 49, 50, 51, 400, 30_000]), min_size=1),
    st.floats(1e-6, 1),
)
def test_a_journalist_never_does_better_than_a_prosecutor(
    sizes: list[int], fraction: float
) -> None:
    risk = linkage_risk(np.array(sizes), threshold=0.2, fraction=fraction)

    assert risk.journalist is not None
    for known, guessed in zip(
        (risk.prosecutor.highest, risk.prosecutor.average, risk.prosecutor.above),
        (risk.journalist.highest, risk.journalist.average, risk.journalist.above),
        strict=True,
    ):
        assert 0 <= guessed <= known * (1 + 1e-12) <= 1 + 1e-9
    assert risk.marketer <= risk.prosecutor.average * (1 + 1e-12)


@pytest.mark.parametrize("fraction", [0.02, 0.3, 0.9])
@pytest.mark.parametrize("size", [1, 2, 7, 49, 50, 120])
def test_the_expected_chance_is_the_sum_over_all_population_sizes(
    size: int, fraction: float
) -> None:
    # F = f + failures before the f-th success, each member in the table with this probability
    chance, expected = fraction**size, 0.0
    for outside in range(size, 60_000):
        expected += chance / outside
        chance *= outside / (outside - size + 1) * (1 - fraction)

    found = float(expected_inverse(np.array([size]), fraction)[0])

    assert found == pytest.approx(expected, rel=1e-9)
    if size == 1:  # Polettini 2003, the case of a unique
        assert found == pytest.approx(-fraction / (1 - fraction) * math.log(fraction))


def test_the_whole_population_leaves_the_journalist_what_the_prosecutor_has() -> None:
    risk = linkage_risk(np.array([1, 4, 80]), threshold=0.2, fraction=1)

    assert risk.journalist == risk.prosecutor


def test_without_a_population_there_is_no_journalist() -> None:
    risk = linkage_risk(np.array([1, 4]), threshold=0.2)

    assert risk.journalist is None
    assert risk.marketer == risk.prosecutor.average == pytest.approx(2 / 5)
    assert linkage_risk(np.array([], dtype=np.int64), threshold=0.2).prosecutor.highest == 0


def test_a_population_must_contain_the_table() -> None:
    sizes = np.array([2, 3])
    with pytest.raises(BadPopulation, match="fewer members in the population"):
        linkage_risk(sizes, threshold=0.2, population=np.array([2, 2]))
    with pytest.raises(BadPopulation, match="not both"):
        linkage_risk(sizes, threshold=0.2, population=sizes, fraction=0.5)
    for fraction in (0, -0.1, 1.5, float("nan")):
        with pytest.raises(BadPopulation, match="above 0 and at most 1"):
            linkage_risk(sizes, threshold=0.2, fraction=fraction)
