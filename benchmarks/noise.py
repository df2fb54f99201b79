"""Counts by group with noise over a million rows: seconds next to the same counts without."""

import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.measure import ROUNDS, Rounds
from mutuali.privacy.noise.budget import Guarantee
from mutuali.privacy.noise.plan import Bounds, Count, FoundKeys, Keys, NoisePlan, PublicKeys
from mutuali.privacy.noise.release import release

ROWS = 1_000_000
CONTRIBUTORS = 20_000
QUARTERS = 8
BOROUGHS = 19

#: Seconds for the counts of one release.
SECONDS = 2.0

BY_GROUP = "SELECT quarter, borough, count(*) FROM loans GROUP BY ALL ORDER BY ALL"


def report(_: Path) -> bool:
    """Print what counts with noise take, groups known and found; whether the goal is met."""
    loans = _loans()
    public = tuple((f"q{q}", f"b{b:02}") for q in range(QUARTERS) for b in range(BOROUGHS))
    print(
        f"Counts by group with noise, {ROWS:,} rows of {CONTRIBUTORS:,} contributors,"
        f" {len(public)} groups; each contributor in 10 groups, 2 rows in each"
    )
    with duckdb.connect() as connection:
        connection.register("loans", loans)
        plain = _rounds(lambda: connection.execute(BY_GROUP).fetchall())
    print(f"  without noise or bounds (DuckDB): {plain.said(3, 's')}")
    found = FoundKeys(Fraction(1, 10), Fraction(1, 10**7))
    return all(
        [
            _measured("known groups", PublicKeys(public), loans, plain),
            _measured("found groups", found, loans, plain),
        ]
    )


def _measured(name: str, keys: Keys, loans: pa.Table, plain: Rounds) -> bool:
    plan = NoisePlan(
        version="bench",
        contributor="lender",
        by=("quarter", "borough"),
        keys=keys,
        bounds=Bounds(10, 2),
        guarantee=Guarantee.CONCENTRATED,
        figures=(Count("loans", Fraction(1, 10)),),
    )
    taken = _rounds(lambda: release(loans, plan, b"bench"))
    met = taken.median < SECONDS
    print(
        f"  {name}: {taken.said(3, 's')}, {taken.over(plain).said(1)} x without;"
        f" goal {SECONDS:.0f} s: {'met' if met else 'short'}"
    )
    return met


def _rounds(work: Callable[[], object]) -> Rounds:
    work()  # loads the libraries
    return Rounds.of(_seconds(work) for _ in range(ROUNDS))


def _seconds(work: Callable[[], object]) -> float:
    start = time.monotonic()
    work()
    return time.monotonic() - start


def _loans() -> pa.Table:
    rng = np.random.default_rng(7)
    return pa.table(
        {
            "lender": [f"org{n}" for n in rng.integers(0, CONTRIBUTORS, ROWS)],
            "quarter": [f"q{n}" for n in rng.integers(0, QUARTERS, ROWS)],
            "borough": [f"b{n:02}" for n in rng.integers(0, BOROUGHS, ROWS)],
        }
    )
