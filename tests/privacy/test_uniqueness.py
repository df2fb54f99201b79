"""Estimates of population uniques, against exact fractions and whole enumerations."""

from fractions import Fraction
from math import comb, fsum, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuali.privacy.errors import BadPopulation
from mutuali.privacy.measures.uniqueness import (
    Model,
    Outcome,
    expected_uniques,
    pitman,
    population_uniques,
    zayatz,
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=8), st.integers(1, 40))
def test_zayatz_is_the_published_quotient(sizes: list[int], more: int) -> None:
    rows = sum(sizes)
    population = rows + more

    found = zayatz(np.array(sizes), population)

    def one_drawn(members: int) -> Fraction:
        ways = members * comb(population - members, rows - 1)
        return Fraction(ways, comb(population, rows))

    alone = sizes.count(1)
    expected = Fraction(0)
    if alone:
        chance = alone * one_drawn(1) / sum(one_drawn(size) for size in sizes)
        expected = alone * chance * population / rows
    assert found.outcome is Outcome.ESTIMATED
    assert found.uniques == pytest.approx(float(expected), rel=1e-9)
    assert found.share is not None
    assert 0 <= found.share <= 1 + 1e-12


@pytest.mark.parametrize(("theta", "alpha"), [(0.5, 0.3), (-0.2, 0.5), (20.0, 0.9)])
def test_pitman_expects_what_seating_guests_one_by_one_gives(theta: float, alpha: float) -> None:
    # The partition, by the sizes of its classes, as guests join a class or open one
    seatings: dict[tuple[int, ...], float] = {(1,): 1.0}
    for guests in range(1, 8):
        following: dict[tuple[int, ...], float] = {}
        for sizes, chance in seatings.items():
            opened = (theta + alpha * len(sizes)) / (theta + guests)
            ways = [(tuple(sorted((*sizes, 1))), opened)]
            for place, size in enumerate(sizes):
                joined = tuple(sorted((*sizes[:place], size + 1, *sizes[place + 1 :])))
                ways.append((joined, (size - alpha) / (theta + guests)))
            for result, part in ways:
                following[result] = following.get(result, 0) + chance * part
        seatings = following

    expected = fsum(chance * sizes.count(1) for sizes, chance in seatings.items())

    assert expected_uniques(theta, alpha, 8) == pytest.approx(expected, rel=1e-9)


def test_pitmans_parameters_have_the_greatest_likelihood() -> None:
    sizes = [1] * 60 + [2] * 15 + [3] * 6 + [5] * 3 + [12, 20]

    found = pitman(np.array(sizes), 3000)

    def likelihood(theta: float, alpha: float) -> float:
        opened = fsum(log(theta + i * alpha) for i in range(1, len(sizes)))
        seated = fsum(log(theta + i) for i in range(1, sum(sizes)))
        joined = fsum(log(i - alpha) for size in sizes for i in range(1, size))
        return opened - seated + joined

    assert found.parameters is not None
    theta, alpha = found.parameters
    best = likelihood(theta, alpha)
    for step in (0.3, 0.01, 0.0005):
        for over in (-step, 0, step):
            for up in (-step, 0, step):
                assert likelihood(theta * (1 + over), alpha * (1 + up)) <= best + 1e-9
    assert found.uniques == pytest.approx(expected_uniques(theta, alpha, 3000))
    assert found.share == pytest.approx((found.uniques or 0) / 3000)


def test_pitman_finds_the_parameters_that_made_a_table() -> None:
    rng = np.random.default_rng(3)
    theta, alpha, sizes = 30.0, 0.6, [1]
    for guests in range(1, 6000):
        seat = rng.random() * (theta + guests)
        opened = theta + alpha * len(sizes)
        if seat < opened:
            sizes.append(1)
        else:
            ends = np.cumsum(np.array(sizes) - alpha) + opened
            sizes[min(int(np.searchsorted(ends, seat)), len(sizes) - 1)] += 1

    found = pitman(np.array(sizes), 60_000)

    assert found.parameters is not None
    assert found.parameters[0] == pytest.approx(theta, rel=0.35)
    assert found.parameters[1] == pytest.approx(alpha, abs=0.05)


@pytest.mark.parametrize(
    ("sizes", "outcome"),
    [
        ([1, 1, 1], Outcome.ALL_UNIQUE),
        ([7], Outcome.ONE_CLASS),
        ([5] * 40, Outcome.NO_MAXIMUM),
        ([], Outcome.NO_ROWS),
    ],
)
def test_pitman_says_why_it_has_no_number(sizes: list[int], outcome: Outcome) -> None:
    found = pitman(np.array(sizes, dtype=np.int64), 1000)

    assert (found.outcome, found.uniques, found.share) == (outcome, None, None)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 30), max_size=30), st.sampled_from([0.001, 0.1, 0.7, 1]))
def test_no_number_is_silent_or_outside_the_population(sizes: list[int], fraction: float) -> None:
    for estimate in population_uniques(np.array(sizes, dtype=np.int64), fraction):
        numbered = estimate.outcome in (Outcome.ESTIMATED, Outcome.COUNTED)
        assert numbered == (estimate.uniques is not None) == (estimate.share is not None)
        if estimate.uniques is not None:
            assert -1e-9 <= estimate.uniques <= estimate.population * (1 + 1e-9)


def test_a_whole_population_is_counted() -> None:
    (found,) = population_uniques(np.array([1, 1, 4]), 1)

    assert (found.model, found.uniques) == (Model.COUNT, 2)
    with pytest.raises(BadPopulation, match="above 0"):
        population_uniques(np.array([1]), 0)
