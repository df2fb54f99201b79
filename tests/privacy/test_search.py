"""The search finds the best of all schemes, and its prunings rest on facts."""

import itertools

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuali.privacy.check.remeasure import remeasure
from mutuali.privacy.engine import deidentify
from mutuali.privacy.errors import NothingToRelease, PlanError, Reason
from mutuali.privacy.plan import (
    Column,
    Diversity,
    Hierarchy,
    KAnonymity,
    Plan,
    RecodingModel,
    Role,
)
from mutuali.privacy.recode import histogram
from mutuali.privacy.recode.census import Census
from mutuali.privacy.recode.keys import fold
from mutuali.privacy.recode.loss import ladder
from mutuali.privacy.text import to_csv
from tests.privacy import oracle
from tests.privacy.oracle import Row
from tests.privacy.small_tables import failing_only_after_a_merge, tables

thorough = settings(max_examples=150, deadline=None, database=None)


def arrow(rows: list[Row]) -> pa.Table:
    return pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in rows[0]})


def census(rows: list[Row], plan: Plan) -> Census:
    ladders = [ladder(column.generalization) for column in plan.named(Role.QUASI_IDENTIFIER)]
    return Census(histogram.build(arrow(rows), plan), ladders, plan)


@thorough
@given(tables())
def test_the_chosen_scheme_is_the_one_that_trying_all_finds(case: tuple[list[Row], Plan]) -> None:
    rows, plan = case
    answer = oracle.best(rows, plan)
    if answer is None or answer.suppressed == len(rows):
        with pytest.raises(NothingToRelease):
            deidentify(arrow(rows), plan)
        return

    release = deidentify(arrow(rows), plan)

    report = release.report
    assert tuple(column.level for column in report.columns) == answer.levels
    assert report.rows_suppressed == answer.suppressed
    assert report.loss == pytest.approx(answer.loss, abs=1e-9)
    remeasure(to_csv(release.table), release.witness, rows, plan, claimed=report.measures())


@thorough
@given(tables(), st.data())
def test_rows_that_fail_an_inherited_test_fail_it_in_every_finer_scheme(
    case: tuple[list[Row], Plan], data: st.DataObject
) -> None:
    rows, plan = case
    tops = [column.generalization.top for column in plan.named(Role.QUASI_IDENTIFIER)]
    coarse = [data.draw(st.integers(0, top)) for top in tops]
    fine = [data.draw(st.integers(0, level)) for level in coarse]
    counted = census(rows, plan)
    failing = []
    for levels in (coarse, fine):
        classes = counted.classes(levels)
        bad = classes.rows < 0
        for test in itertools.chain(*counted.inherited_tests):
            bad = bad | test(classes, bad)
        failing.append(bad[classes.of])

    above, below = failing

    assert not (above & ~below).any()


def test_the_share_of_one_value_may_fail_only_after_a_merge() -> None:
    rows, plan = failing_only_after_a_merge()

    assert [oracle.judge(rows, plan, (level,)).suppressed for level in range(3)] == [8, 10, 10]
    report = deidentify(arrow(rows), plan).report
    assert (report.columns[0].level, report.rows_suppressed) == (0, 8)


def test_combinations_beyond_64_bits_keep_their_own_keys() -> None:
    wide = 1 << 40
    first = np.array([0, 1, 1, wide - 1, wide - 1], dtype=np.int64)
    second = np.array([5, 5, wide - 1, wide - 1, wide - 1], dtype=np.int64)

    key, bound = fold([first, second, first], [wide, wide, wide])

    assert len(set(key.tolist())) == 4
    assert key[3] == key[4]
    assert 0 <= key.min() <= key.max() < bound


def test_of_equal_losses_the_one_that_suppresses_fewer_rows_wins() -> None:
    plan = Plan(
        version="1",
        columns=(Column("q", Role.QUASI_IDENTIFIER, Hierarchy.of({"a": ["*"], "b": ["*"]})),),
        models=(KAnonymity(2),),
        suppression_limit=1,
    )

    report = deidentify(arrow([{"q": "a"}, {"q": "b"}]), plan).report

    assert (report.loss, report.rows_suppressed, report.columns[0].level) == (1, 0, 1)


def test_a_heavier_column_keeps_more_of_its_detail() -> None:
    two = Hierarchy.of({"a": ["*"], "b": ["*"]})
    rows: list[Row] = [{"q": q, "r": r} for q in "ab" for r in "ab"]

    def levels(q: float, r: float) -> list[int]:
        columns = (
            Column("q", Role.QUASI_IDENTIFIER, two, q),
            Column("r", Role.QUASI_IDENTIFIER, two, r),
        )
        plan = Plan(version="1", columns=columns, models=(KAnonymity(2),))
        return [column.level for column in deidentify(arrow(rows), plan).report.columns]

    assert levels(3, 1) == [0, 1]
    assert levels(1, 3) == [1, 0]
    assert levels(1, 1) == [0, 1]


def test_a_lattice_too_large_for_local_recoding_is_refused_before_it_is_built() -> None:
    deep = Hierarchy.table([("a", *map(str, range(9)), "*")])
    names = [f"q{n}" for n in range(8)]
    plan = Plan(
        version="1",
        columns=tuple(Column(name, Role.QUASI_IDENTIFIER, deep) for name in names),
        models=(KAnonymity(2),),
        recoding=RecodingModel.LOCAL,
    )

    with pytest.raises(PlanError, match="too many to visit"):
        deidentify(arrow([dict.fromkeys(names, "a")] * 2), plan)


def test_no_scheme_within_the_limit_leaves_nothing_to_release() -> None:
    plan = Plan(
        version="1",
        columns=(
            Column("q", Role.QUASI_IDENTIFIER, Hierarchy.of({"a": ["*"]})),
            Column("state", Role.SENSITIVE),
        ),
        models=(KAnonymity(2), Diversity("state")),
        suppression_limit=0.5,
    )
    same: list[Row] = [{"q": "a", "state": "good"}] * 4

    with pytest.raises(NothingToRelease) as refusal:
        deidentify(arrow(same), plan)

    assert refusal.value.reason is Reason.NO_SCHEME_PASSES
