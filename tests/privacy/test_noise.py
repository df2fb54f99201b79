"""Noise hides a contributor: what it adds is bounded, and the noise is as large as is said."""

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuali.privacy import bounded
from mutuali.privacy.bounded import exact, keep
from mutuali.privacy.budget import Cost, Guarantee
from mutuali.privacy.errors import BadTable, PlanError, TooManyRows
from mutuali.privacy.noise import Choice, Noise
from mutuali.privacy.noise_plan import (
    Bounds,
    Count,
    Counted,
    Figure,
    FoundKeys,
    Histogram,
    Keys,
    Mean,
    NoisePlan,
    PublicKeys,
    Quantile,
    Sum,
)
from mutuali.privacy.noisy import release
from tests.privacy.theirs import opendp

Row = tuple[str, str | None, int | None]

#: Standard deviations that a fair count passes with a chance below 1e-9 (the normal's is 4e-10
#: on both sides at 6.25; the counts here are large enough for it to hold).
WIDE = 6.5
PURE, ZCDP = Guarantee.PURE, Guarantee.CONCENTRATED
ONE = Fraction(1)
KEY = b"which rows"
DAYS = PublicKeys((("mon",), ("tue",), ("",)))
FIGURES: tuple[Figure, ...] = (
    Count("loans", ONE),
    Count("people", ONE, Counted.CONTRIBUTORS),
    Sum("units", "units", -3, 8, ONE),
    Mean("mean", "units", -2, 9, ONE, Fraction(1, 3)),
    Quantile("third", "units", Fraction(1, 3), (-4, 0, 2, 5), ONE),
    Histogram("sizes", "units", (-1, 2, 6), ONE),
)


def table(rows: Sequence[Row]) -> pa.Table:
    who, day, units = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table(
        {
            "who": pa.array(who, pa.string()),
            "day": pa.array(day, pa.string()),
            "units": pa.array(units, pa.int64()),
        }
    )


def plan(
    *figures: Figure,
    keys: Keys = DAYS,
    bounds: Bounds = Bounds(2, 3),  # noqa: B008 - frozen
    guarantee: Guarantee = Guarantee.PURE,
    contributor: str | None = "who",
) -> NoisePlan:
    return NoisePlan("1", contributor, ("day",), keys, bounds, guarantee, figures or FIGURES)


def vectors(rows: Sequence[Row], asked: NoisePlan) -> dict[str, dict[tuple[str, ...], list[Any]]]:
    """Of each part of each figure, the cells by group."""
    kept = keep(table(rows), asked, KEY)
    return {
        f"{figure.name} {number}": dict(zip(kept.groups, part.tolist(), strict=True))
        for figure in asked.figures
        for number, part in enumerate(exact(kept, figure))
    }


def many(day: str, count: int, *, each: int = 1, units: int = 1) -> list[Row]:
    """``each`` rows of each of ``count`` contributors."""
    return [(f"org{n}", day, units) for n in range(count) for _ in range(each)]


some_rows = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["mon", "tue", "wed", None]),
        st.sampled_from([None, -(2**63), -4, 0, 1, 2, 5, 6, 9, 2**63 - 1]),
    ),
    max_size=25,
)
some_keys = st.sampled_from([DAYS, FoundKeys(ONE, Fraction(1, 1000))])
some_bounds = st.builds(Bounds, st.integers(1, 3), st.integers(1, 4))


@settings(max_examples=150, deadline=None)
@given(some_rows, some_keys, some_bounds)
def test_without_any_one_contributor_no_figure_moves_further_than_its_sensitivity(
    rows: list[Row], keys: Keys, bounds: Bounds
) -> None:
    asked = plan(keys=keys, bounds=bounds)
    whole = vectors(rows, asked)
    steps = {
        f"{figure.name} {number}": part.step
        for figure in asked.figures
        for number, part in enumerate(figure.parts(bounds))
    }

    for gone in "abc":
        rest = vectors([row for row in rows if row[0] != gone], asked)
        for name, cells in whole.items():
            none = [0] * 5
            moves = [
                [abs(a - b) for a, b in zip(now, rest[name].get(group, none), strict=False)]
                for group, now in cells.items()
            ]
            measure = max if name.startswith("third") else sum
            moved = [measure(move) for move in moves if any(move)]
            assert set(rest[name]) <= set(cells)
            assert len(moved) <= bounds.groups
            assert max(moved, default=0) <= steps[name]


@settings(max_examples=80, deadline=None)
@given(some_rows, some_keys, some_bounds, st.randoms(use_true_random=False))
def test_what_counts_follows_from_neither_order_nor_the_others(
    rows: list[Row], keys: Keys, bounds: Bounds, chance: Any
) -> None:
    asked = plan(keys=keys, bounds=bounds)
    shuffled = chance.sample(rows, len(rows))

    assert vectors(shuffled, asked) == vectors(rows, asked)
    for gone in "abc":
        others = [row for row in rows if row[0] != gone]
        assert kept_rows(others, asked) == [
            row for row in kept_rows(shuffled, asked) if row[0] != gone
        ]


def kept_rows(rows: list[Row], asked: NoisePlan) -> list[Row]:
    """The rows that count, sorted; the contributors numbered by first appearance named again."""
    names = list(dict.fromkeys(row[0] for row in rows))
    kept = keep(table(rows), asked, KEY)
    units = kept.values["units"]
    found = [
        (names[who], kept.groups[group][0], int(number) if known else None)
        for who, group, number, known in zip(
            kept.contributor, kept.group, units.number, units.known, strict=True
        )
    ]
    return sorted(found, key=repr)


@settings(max_examples=80, deadline=None)
@given(some_rows, some_bounds)
def test_bounds_leave_out_no_more_than_they_must(rows: list[Row], bounds: Bounds) -> None:
    kept = kept_rows(rows, plan(bounds=bounds))

    for who in "abc":
        mine = {day: [r for r in rows if r[:2] == (who, day or None)] for (day,) in DAYS.groups}
        groups = sorted(len(held) for held in mine.values() if held)
        left = {day: sum(r[:2] == (who, day) for r in kept) for (day,) in DAYS.groups}
        assert sum(map(bool, left.values())) == min(bounds.groups, len(groups))
        assert all(not left[day] or left[day] == min(bounds.rows, len(mine[day])) for day in left)


@settings(max_examples=80, deadline=None)
@given(some_rows)
def test_within_the_bounds_the_figures_are_those_of_the_rows(rows: list[Row]) -> None:
    found = vectors(rows, plan(bounds=Bounds(3, 25)))

    for (day,) in DAYS.groups:
        here = [row for row in rows if (row[1] or "") == day]
        units = [row[2] for row in here if row[2] is not None]
        clamped = [min(max(value, -2), 9) for value in units]
        misfits = [
            abs(2 * sum(v < c for v in units) - sum(v > c for v in units)) for c in (-4, 0, 2, 5)
        ]
        bins = [(-math.inf, -1), (-1, 2), (2, 6), (6, math.inf)]
        assert {name: cells[(day,)] for name, cells in found.items()} == {
            "loans 0": [len(here)],
            "people 0": [len({row[0] for row in here})],
            "units 0": [sum(min(max(value, -3), 8) for value in units)],
            "mean 0": [sum(value - 3 for value in clamped)],
            "mean 1": [len(units)],
            "third 0": misfits,
            "sizes 0": [sum(low <= value < high for value in units) for low, high in bins],
        }


def test_another_key_keeps_other_rows() -> None:
    rows = table([("a", "mon", units) for units in range(9)])

    sums = {
        int(exact(keep(rows, plan(bounds=Bounds(1, 3)), bytes([key])), FIGURES[2])[0][0, 0])
        for key in range(9)
    }

    assert len(sums) > 3


def test_rows_of_the_same_value_are_not_kept_or_left_as_one() -> None:
    rows = [("a", "mon", 0)] * 500 + [("a", "mon", 1)] * 500

    ((total,), *_) = exact(keep(table(rows), plan(bounds=Bounds(1, 400)), KEY), FIGURES[2])[0]

    assert abs(total - 200) < WIDE * 10  # 400 draws of 1/2 have a standard deviation below 10


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
    draws, scale, misfits = 4_000, 4.0, [3, 0, 6]
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


@settings(max_examples=60, deadline=None)
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
    rounds, delta = 400, Fraction(1, 5)
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
    days = 1500
    keys = PublicKeys(tuple((f"d{n:04}",) for n in range(days)))
    asked = plan(*FIGURES, keys=keys, bounds=Bounds(2, 3), guarantee=guarantee)
    units = [n % 11 - 2 for n in range(30)]
    rows = [
        (f"{n}.{who}", day, units[who]) for n, (day,) in enumerate(keys.groups) for who in range(30)
    ]

    found = release(table(rows), asked, KEY).table.to_pydict()

    truth = {"loans": 30, "people": 30, "units": sum(units), "mean": sum(units) / 30}
    truth["sizes_2_to_6"] = sum(2 <= value < 6 for value in units)
    truth["units"] = sum(min(value, 8) for value in units)
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


def test_means_stay_in_their_range_and_intervals_are_around_them() -> None:
    asked = plan(FIGURES[3], bounds=Bounds(1, 1))

    for rows in ([], many("mon", 2, units=9)):
        found = release(table(rows), asked, KEY).table.to_pydict()
        for low, mean, high in zip(
            found["mean_low"], found["mean"], found["mean_high"], strict=True
        ):
            assert -2 <= low <= mean <= high <= 9


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


def test_sums_of_the_largest_values_are_exact() -> None:
    top = 2**31 - 1
    rows = [(f"org{n}", "mon", 2**63 - 1) for n in range(5000)]

    ((total,), *_) = exact(keep(table(rows), plan(), KEY), Sum("s", "units", -1, top, ONE))[0]

    assert total == 5000 * top


def test_every_row_needs_its_contributor_and_its_columns() -> None:
    rows = table(many("mon", 2))
    nobody = rows.set_column(0, "who", pa.array(["a", None]))
    with pytest.raises(BadTable, match="'who', row 1"):
        release(nobody, plan(), KEY)
    with pytest.raises(BadTable, match="units"):
        release(rows.drop_columns(["units"]), plan(), KEY)


def test_without_a_contributor_single_rows_are_protected() -> None:
    asked = plan(contributor=None, bounds=Bounds(1, 1))

    assert vectors([("a", "mon", 1)] * 4, asked)["people 0"][("mon",)] == [4]
    with pytest.raises(PlanError, match="one row"):
        replace(asked, bounds=Bounds(1, 2))


def test_a_plan_says_its_cost_and_its_hash_follows_what_it_says() -> None:
    asked = plan(FIGURES[0], keys=FoundKeys(Fraction(1, 3), Fraction(1, 1000)))

    assert asked.cost == Cost(PURE, Fraction(4, 3), Fraction(1, 1000))
    assert plan().cost == Cost(PURE, Fraction(6))
    others = [
        replace(asked, version="2"),
        replace(asked, bounds=Bounds(3, 3)),
        replace(asked, guarantee=ZCDP),
        replace(asked, keys=DAYS),
        replace(asked, figures=(Count("loans", Fraction(1, 2)),)),
        replace(asked, figures=(Count("loans", ONE, Counted.CONTRIBUTORS),)),
    ]
    assert len({asked.hash, *(other.hash for other in others)}) == 7
    assert plan(FIGURES[0], keys=asked.keys).hash == asked.hash


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: Count("n", Fraction(0)), "above 0"),
        (lambda: Count("n", Fraction(101)), "at most 100"),
        (lambda: Count("n", cast(Fraction, 0.5)), "a fraction"),
        (lambda: Bounds(0, 1), "at least one"),
        (lambda: FoundKeys(ONE, Fraction(0)), "delta"),
        (lambda: Sum("s", "units", 3, 3, ONE), "no range"),
        (lambda: Mean("m", "units", 0, 3, ONE, ONE), "share"),
        (lambda: Quantile("q", "units", ONE, (1, 2), ONE), "no quantile"),
        (lambda: Quantile("q", "units", Fraction(1, 2), (2, 2), ONE), "rising"),
        (lambda: Histogram("h", "units", (), ONE), "rising"),
        (lambda: plan(Count("who", ONE)), "contributors would be published"),
        (lambda: plan(Count("day", ONE)), "share a name"),
        (lambda: plan(Count("=n", ONE)), "not a column name"),
        (lambda: plan(keys=PublicKeys((("mon", "x"),))), "one text per column"),
        (lambda: plan(keys=PublicKeys(())), "one or more"),
        (lambda: replace(plan(), figures=()), "no figure"),
        (lambda: replace(plan(), by=()), "one group"),
    ],
)
def test_a_plan_that_cannot_be_kept_is_refused(make: Any, problem: str) -> None:
    with pytest.raises(PlanError, match=problem):
        make()


def test_without_columns_to_group_by_there_is_one_row() -> None:
    asked = replace(plan(), by=(), keys=PublicKeys(((),)))

    found = release(table(many("mon", 3)), asked, KEY).table

    assert found.num_rows == 1
