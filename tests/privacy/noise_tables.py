"""A small table of loans and noise plans for it."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pyarrow as pa

from mutuali.privacy.noise.bounded import exact, keep
from mutuali.privacy.noise.budget import Guarantee
from mutuali.privacy.noise.plan import (
    Bounds,
    Count,
    Counted,
    Figure,
    Histogram,
    Keys,
    Mean,
    NoisePlan,
    PublicKeys,
    Quantile,
    Sum,
)

Row = tuple[str, str | None, int | None]

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
