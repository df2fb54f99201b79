"""What counting contributors costs: a million loans, k of rows next to k of one and two sides."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.measure import Rounds
from mutuali.privacy.files import deidentify_file
from mutuali.privacy.plan import Plan
from tests.privacy.lookalike import SEVEN, loan_plan, skewed

ROWS = 1_000_000
CONTRIBUTORS = 20_000

#: Times the seconds of k of rows.
RATIO = 3.0

_SIDES = ("lender", "borrower")
_LIMIT = 0.02
_ROUNDS = 3


def report(folder: Path) -> bool:
    """Print seconds and ratios for one side and for both; whether the goals are met."""
    source = folder / "loans.parquet"
    pq.write_table(_loans(), source)
    print(
        f"{ROWS:,} loans of {CONTRIBUTORS:,} contributors, long-tailed, 7 quasi-identifiers,"
        f" k 5, limit {_LIMIT:.0%}; Parquet to Parquet, counted again; {_ROUNDS} rounds"
    )
    plans = {sides: _plan(sides) for sides in ((), _SIDES[:1], _SIDES)}
    _released(source, plans[()], folder)  # loads the libraries
    taken: dict[tuple[str, ...], list[float]] = {sides: [] for sides in plans}
    for _ in range(_ROUNDS):
        for sides, plan in plans.items():
            taken[sides].append(_released(source, plan, folder))
    rows = Rounds.of(taken[()])
    print(f"  k of rows: {rows.said(2, 's')}")
    met = []
    for sides in (_SIDES[:1], _SIDES):
        seconds = Rounds.of(taken[sides])
        ratio = seconds.over(rows)
        met.append(ratio.median <= RATIO)
        print(
            f"  k of {' and '.join(sides)}: {seconds.said(2, 's')}, {ratio.said(2)} x that of rows,"
            f" goal {RATIO:.0f} x: {'met' if met[-1] else 'short'}"
        )
    return all(met)


def _released(source: Path, plan: Plan, folder: Path) -> float:
    staging = folder / "staging"
    staging.mkdir(exist_ok=True)
    start = time.perf_counter()
    deidentify_file(source, plan, folder / "loans-out.parquet", staging=staging)
    return time.perf_counter() - start


def _plan(sides: tuple[str, ...]) -> Plan:
    """The quasi-identifiers alone leave; contributors stay home whether they are counted or not."""
    plan = loan_plan(*sides, limit=_LIMIT, diverse=False)
    left_out = {"phone", "state", "units"}
    return replace(plan, columns=tuple(c for c in plan.columns if c.name not in left_out))


def _loans() -> pa.Table:
    rng = np.random.default_rng(7)
    columns = {f"q{place}": _texts(rng, width, "v{:03}") for place, (width, *_) in enumerate(SEVEN)}
    return pa.table(columns | {side: _texts(rng, CONTRIBUTORS, "org{}") for side in _SIDES})


def _texts(rng: np.random.Generator, width: int, name: str) -> pa.Array:
    texts = pa.array([name.format(value) for value in range(width)])
    return texts.take(pa.array(skewed(rng, ROWS, width)))
