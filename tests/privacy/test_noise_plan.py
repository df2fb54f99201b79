"""A noise plan says what it costs, and contradictions are refused."""

from dataclasses import replace
from fractions import Fraction
from typing import Any, cast

import pytest

from mutuali.privacy.errors import PlanError
from mutuali.privacy.noise.budget import Cost
from mutuali.privacy.noise.plan import (
    Bounds,
    Count,
    Counted,
    FoundKeys,
    Histogram,
    Mean,
    PublicKeys,
    Quantile,
    Sum,
)
from tests.privacy.noise_tables import DAYS, FIGURES, ONE, PURE, ZCDP, plan


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
