"""Noise hides a contributor: what it adds is bounded, and the noise is as large as is said."""

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuali.privacy.errors import BadTable, PlanError, TooManyRows
from mutuali.privacy.noise import bounded
from mutuali.privacy.noise.budget import Guarantee
from mutuali.privacy.noise.mechanisms import Choice, Noise
from mutuali.privacy.noise.plan import (
    Bounds,
    FoundKeys,
    Mean,
    PublicKeys,
    Sum,
)
from mutuali.privacy.noise.release import bounded_mean, release
from tests.privacy.noise_tables import (
    FIGURES,
    KEY,
    ONE,
    PURE,
    ZCDP,
    many,
    plan,
    table,
)
from tests.privacy.theirs import opendp

#: Standard deviations that a fair count of a few hundred passes with a chance below 1e-10, also
#: where its distribution leans (the normal's is 1e-15).
WIDE = 8


def mass(guarantee: Guarantee, scale: float, reach: int) -> dict[int, float]:
    """The chance of each integer within ``reach``, added up term by term."""
    pure = guarantee is PURE
    weights = {
        x: math.exp(-abs(x) / scale if pure else -(x**2) / (2 * scale**2))
        for x in range(-reach, reach + 1)
    }
    total = math.fsum(weights.values())
    return {x: weight / total for x, weight in weights.items()}


@pytest.mark.parametrize("guarantee", Guarantee)
@pytest.mark.parametrize("scale", [0.8, 7.5])
def test_the_noise_has_the_claimed_distribution(guarantee: Guarantee, scale: float) -> None:
    draws = 20_000
    chances = mass(guarantee, scale, 600)

    found = Noise(guarantee, scale).added(np.full((draws // 4, 4), 5)) - 5

    for least in (-2 * scale, -scale, 0, 1, scale, 2 * scale):
        chance = math.fsum(c for x, c in chances.items() if x >= least)
        spread = math.sqrt(draws * chance * (1 - chance))
        assert abs(int((found >= least).sum()) - draws * chance) < WIDE * spread


@pytest.mark.parametrize("guarantee", Guarantee)
def test_a_candidate_is_chosen_as_often_as_the_mechanism_says(guarantee: Guarantee) -> None:
    draws, scale, misfits = 2_000, 4.0, [3, 0, 6]
    if guarantee is Guarantee.CONCENTRATED:  # Gumbel noise is the exponential mechanism
        weights = [math.exp(-misfit / scale) for misfit in misfits]
        chances = [weight / sum(weights) for weight in weights]
    else:  # exponential noise is permute-and-flip: in random order, stay with exp(-worse / scale)
        stay = [math.exp(-misfit / scale) for misfit in misfits]
        first, last = stay[0], stay[2]
        chances = [
            first * (1 / 3 + (1 - last) / 6),
            1 - first * (1 / 3 + (1 - last) / 6) - last * (1 / 3 + (1 - first) / 6),
            last * (1 / 3 + (1 - first) / 6),
        ]

    found = Choice(guarantee, scale).least(np.array([misfits] * draws))

    for position, chance in enumerate(chances):
        spread = math.sqrt(draws * chance * (1 - chance))
        assert abs(int((found == position).sum()) - draws * chance) < WIDE * spread


fractions = st.fractions(Fraction(1, 10**6), 50, max_denominator=10**6)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 50), st.integers(1, 10**6), fractions)
def test_opendp_maps_the_sensitivity_to_the_cost(groups: int, step: int, cost: Fraction) -> None:
    dp = opendp()
    vector = dp.vector_domain(dp.atom_domain(T="i64"))
    pure, zcdp = (Noise.hiding(guarantee, groups, step, cost) for guarantee in (PURE, ZCDP))
    laplace = dp.m.make_laplace(vector, dp.l1_distance(T="i64"), scale=pure.scale)
    gauss = dp.m.make_gaussian(vector, dp.l2_distance(T="f64"), scale=zcdp.scale)
    scores = (vector, dp.linf_distance(T="i64"))
    maps = [laplace.map(groups * step), gauss.map(math.sqrt(groups) * step)]
    for guarantee, measure in (
        (PURE, dp.max_divergence()),
        (ZCDP, dp.zero_concentrated_divergence()),
    ):
        scale = Choice.hiding(guarantee, groups, step, cost).scale
        maps.append(groups * dp.m.make_noisy_max(*scores, measure, scale=scale).map(step))

    assert maps == pytest.approx([float(cost)] * 4, rel=1e-9)
    assert groups * step / Fraction(pure.scale) <= cost
    assert groups * step**2 / (2 * Fraction(zcdp.scale) ** 2) <= cost


@pytest.mark.parametrize("scale", [0.0, -1.0, math.inf, math.nan, 2.0**53])
def test_no_noise_and_boundless_noise_are_refused(scale: float) -> None:
    for kind in (Noise, Choice):
        with pytest.raises(PlanError, match="scale"):
            kind(PURE, scale)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(Guarantee), st.floats(0.1, 30), st.integers(1, 20), st.integers(3, 40))
def test_one_contributor_alone_shows_with_a_chance_of_at_most_delta(
    guarantee: Guarantee, scale: float, groups: int, exponent: int
) -> None:
    delta = Fraction(1, 2**exponent)
    chances = mass(guarantee, scale, 1500)

    threshold = Noise(guarantee, scale).threshold(groups, delta)

    shows = [
        groups * math.fsum(c for x, c in chances.items() if 1 + x >= least)
        for least in (threshold, threshold - 1)
    ]
    assert shows[0] <= delta
    assert shows[1] > float(delta) * (1 - 1e-6) or threshold == 2


def test_the_threshold_is_the_one_opendp_accounts_for() -> None:
    dp = opendp()
    found = Noise(PURE, 4.0).threshold(3, Fraction(1, 10**6))
    theirs = dp.m.make_laplace_threshold(
        dp.map_domain(dp.atom_domain(T="i64"), dp.atom_domain(T="i64")),
        dp.l01inf_distance(dp.absolute_distance(T="i64")),
        scale=4.0,
        threshold=found,
    )

    assert theirs.map((3, 3, 1))[1] <= 1e-6


def test_a_found_group_of_one_is_hidden_and_one_of_many_shows() -> None:
    rows = table([*many("mon", 200), ("loner", "tue", 1)])
    asked = plan(FIGURES[0], keys=FoundKeys(ONE, Fraction(1, 10**12)))

    shown = [release(rows, asked, KEY).table.column("day").to_pylist() for _ in range(20)]

    assert shown == [["mon"]] * 20


def test_a_found_group_of_one_shows_about_as_often_as_allowed() -> None:
    rounds, delta = 200, Fraction(1, 5)
    keys = FoundKeys(ONE, delta)
    asked = plan(FIGURES[0], keys=keys, bounds=Bounds(1, 1))
    alone = table([("loner", "tue", 1)])

    shows = sum(release(alone, asked, KEY).table.num_rows for _ in range(rounds))

    assert 0 < shows < rounds * delta + WIDE * math.sqrt(rounds * delta * (1 - delta))


def test_public_groups_are_all_there_and_no_other() -> None:
    rows = [*many("mon", 3), ("a", "wed", 1), ("a", None, 1)]

    for content in (rows, []):
        found = release(table(content), plan(), KEY)
        assert found.table.column("day").to_pylist() == ["mon", "tue", ""]
        assert tuple(found.table.column_names) == plan().header


def test_the_report_says_nothing_that_was_counted() -> None:
    asked = plan(keys=FoundKeys(ONE, Fraction(1, 1000)))

    reports = [release(table(rows), asked, KEY).report for rows in ([], many("mon", 30, each=4))]

    assert reports[0] == reports[1]
    assert reports[0].plan_hash == asked.hash


@pytest.mark.parametrize("guarantee", Guarantee)
def test_intervals_cover_in_95_of_100(guarantee: Guarantee) -> None:
    days = 800
    keys = PublicKeys(tuple((f"d{n:04}",) for n in range(days)))
    asked = plan(*FIGURES, keys=keys, bounds=Bounds(2, 3), guarantee=guarantee)
    units = [n % 10 - 2 for n in range(30)]
    rows = [
        (f"{n}.{who}", day, units[who]) for n, (day,) in enumerate(keys.groups) for who in range(30)
    ]

    found = release(table(rows), asked, KEY).table.to_pydict()

    truth = {"loans": 30, "people": 30, "units": sum(units), "mean": sum(units) / 30}
    truth["sizes_2_to_6"] = sum(2 <= value < 6 for value in units)
    misfit = {
        c: abs(2 * sum(v < c for v in units) - sum(v > c for v in units)) for c in (-4, 0, 2, 5)
    }
    fine = {
        name: sum(
            low <= value <= high
            for low, high in zip(found[f"{name}_low"], found[f"{name}_high"], strict=True)
        )
        for name, value in truth.items()
    }
    fine["third"] = sum(
        misfit[chosen] - min(misfit.values()) <= 3 * ranks
        for chosen, ranks in zip(found["third"], found["third_ranks"], strict=True)
    )
    assert min(fine.values()) > days * 0.95 - WIDE * math.sqrt(days * 0.95 * 0.05)
    assert fine["loans"] < days  # and no more than they must


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(Guarantee), st.floats(0.05, 40))
def test_an_interval_is_the_narrowest_that_covers(guarantee: Guarantee, scale: float) -> None:
    chances = mass(guarantee, scale, 1500)

    half = Noise(guarantee, scale).half_width()

    assert math.fsum(c for x, c in chances.items() if abs(x) <= half) >= 0.95 - 1e-9
    assert math.fsum(c for x, c in chances.items() if abs(x) < half) < 0.95 + 1e-9


def test_the_bound_on_wide_noise_is_at_most_one_wider() -> None:
    exactly, bounded_by = (Noise(ZCDP, scale).half_width() for scale in (1024.0, 1024.0001))

    assert 0 <= bounded_by - exactly <= 1


@given(
    st.lists(st.integers(-2, 9), min_size=1, max_size=30),
    st.tuples(st.integers(0, 40), st.integers(0, 40)),
    st.tuples(st.floats(-1, 1), st.floats(-1, 1)),
)
def test_a_mean_is_within_its_ends_while_sum_and_count_are_within_reach(
    values: list[int], reach: tuple[int, int], shift: tuple[float, float]
) -> None:
    figure = Mean("mean", "units", -2, 9, ONE)
    far, off = reach
    total = sum(value - figure.middle for value in values) + int(far * shift[0])

    mean, low, high = bounded_mean(figure, total, len(values) + int(off * shift[1]), far, off)

    assert low <= sum(values) / len(values) <= high
    assert -2 <= low <= mean <= high <= 9


@pytest.mark.parametrize("count", [-40, -2, -1])
def test_a_count_that_must_have_been_0_says_nothing_of_the_mean(count: int) -> None:
    figure = Mean("mean", "units", -2, 9, ONE)

    assert bounded_mean(figure, 1, count, 3, 1)[1:] == (-2, 9)


def test_what_could_overflow_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PlanError, match="32 bits"):
        Sum("units", "units", 0, 2**31, ONE)
    wide = Sum("units", "units", 0, 2**31 - 1, Fraction(1, 1000))
    with pytest.raises(PlanError, match="64 bits"):
        release(table([]), plan(wide, bounds=Bounds(2000, 2000)), KEY)
    large = pa.table({"who": ["a"], "day": ["mon"], "units": pa.array([1], pa.uint64())})
    with pytest.raises(BadTable, match=r"units.*uint64"):
        release(large, plan(), KEY)
    monkeypatch.setattr(bounded, "MOST_ROWS", 3)
    with pytest.raises(TooManyRows, match="3 rows"):
        release(table(many("mon", 3)), plan(), KEY)


def test_without_columns_to_group_by_there_is_one_row() -> None:
    asked = replace(plan(), by=(), keys=PublicKeys(((),)))

    found = release(table(many("mon", 3)), asked, KEY).table

    assert found.num_rows == 1
