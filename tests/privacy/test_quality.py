"""Losses of any release, mixed levels included, against counting cell by cell."""

import math
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings

from mutuali.privacy.engine import deidentify
from mutuali.privacy.errors import NothingToRelease
from mutuali.privacy.measures.grouping import group_by
from mutuali.privacy.measures.quality import Quality, quality
from mutuali.privacy.measures.recoding import read_recoding
from mutuali.privacy.plan import Column, Hierarchy, Mean, Plan, Role
from tests.privacy.oracle import Row
from tests.privacy.recoded import Chain, Recoded, recoded
from tests.privacy.small_tables import tables


def measured(case: Recoded, mean: Mean = Mean.ARITHMETIC) -> Quality:
    witness = np.array(case.witness, dtype=np.int64)
    recoding = read_recoding(case.raw, case.released, witness, case.columns)
    kept = np.flatnonzero(~recoding.suppressed[witness])
    left = case.released.take(pa.array(kept))
    sizes = group_by(left, [column.name for column in case.columns]).sizes
    return quality(recoding, sizes, k=2, mean=mean)


@settings(max_examples=40, deadline=None)
@given(recoded())
def test_losses_are_those_of_the_cells(case: Recoded) -> None:
    found = measured(case)

    rows = len(case.levels)
    for place, column in enumerate(case.columns):
        domain = column.generalization.chains
        loss = ncp = 0.0
        for row, chain in enumerate(case.chains[place]):
            if case.suppressed[row]:
                loss, ncp = loss + 1, ncp + 1
                continue
            level = case.level(row, place)
            covered = sum(other[level] == chain[level] for other in domain)
            loss += (covered - 1) / max(len(domain) - 1, 1)
            ncp += covered / len(domain) if covered > 1 else 0
        assert found.columns[place].loss == pytest.approx(loss / rows)
        assert found.columns[place].ncp == pytest.approx(ncp / rows)
    weights = [column.weight for column in case.columns]
    weighed = sum(w * c.loss for w, c in zip(weights, found.columns, strict=True))
    assert found.loss == pytest.approx(weighed / sum(weights))
    assert found.rows_suppressed == sum(case.suppressed)


@settings(max_examples=40, deadline=None)
@given(recoded())
def test_entropy_is_what_is_lost_level_by_level(case: Recoded) -> None:
    found = measured(case)

    rows = range(len(case.levels))
    for place, column in enumerate(found.columns):
        chains = case.chains[place]
        there = bits(chains, rows, 0, len(chains[0]) - 1)
        lost, below = 0.0, 0
        for level in sorted({case.level(row, place) for row in rows}):
            here = [row for row in rows if case.level(row, place) >= level]
            lost += bits(chains, here, below, level)
            below = level
        assert column.entropy == pytest.approx(lost / there if there else 0, abs=1e-12)
        assert 0 <= column.entropy <= 1


def bits(chains: list[Chain], rows: range | list[int], finer: int, coarser: int) -> float:
    fine = Counter(chains[row][finer] for row in rows)
    coarse = Counter(chains[row][coarser] for row in rows)
    return math.fsum(
        -math.log2(fine[chains[row][finer]] / coarse[chains[row][coarser]]) for row in rows
    )


@settings(max_examples=40, deadline=None)
@given(recoded())
def test_discernibility_and_class_sizes_are_those_of_the_lines(case: Recoded) -> None:
    found = measured(case)

    rows, gone = len(case.levels), sum(case.suppressed)
    lines = Counter(
        tuple(case.chains[p][row][case.level(row, p)] for p in range(len(case.columns)))
        for row in range(rows)
        if not case.suppressed[row]
    )
    assert found.discernibility == sum(n * n for n in lines.values()) + gone * rows
    average = (rows - gone) / len(lines) if lines else 0
    assert (found.average_class_size, found.c_avg) == pytest.approx((average, average / 2))


def test_suppressing_all_rows_loses_everything() -> None:
    column = Column("q", Role.QUASI_IDENTIFIER, Hierarchy.table([("a", "*"), ("b", "*")]))
    case = Recoded((column,), [[("a", "*"), ("b", "*"), ("b", "*")]], [None] * 3, [])

    found = measured(case, Mean.GEOMETRIC)

    assert (found.loss, found.ncp, found.entropy) == pytest.approx((1, 1, 1))
    assert (found.discernibility, found.average_class_size) == (9, 0)


@settings(max_examples=25, deadline=None)
@given(tables())
def test_the_loss_of_a_release_is_the_one_its_report_claims(case: tuple[list[Row], Plan]) -> None:
    rows, plan = case
    names = [column.name for column in plan.columns]
    raw = pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in names})
    try:
        release = deidentify(raw, plan)
    except NothingToRelease:
        return
    quasi = plan.named(Role.QUASI_IDENTIFIER)
    recoding = read_recoding(raw, release.table, release.witness, quasi)
    sizes = group_by(release.table, [column.name for column in quasi]).sizes

    found = quality(recoding, sizes, k=plan.k, mean=plan.mean)

    # NA that no chain names stays NA on several levels; it loses nothing on any of them.
    assert found.loss == pytest.approx(release.report.loss, abs=1e-9)
    assert found.rows_suppressed == release.report.rows_suppressed
