"""Local recoding keeps the plan, loses nobody it need not, and keeps more than one level can."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings

from mutuali.privacy.check.remeasure import remeasure
from mutuali.privacy.engine import deidentify
from mutuali.privacy.errors import NothingToRelease
from mutuali.privacy.plan import KAnonymity, Plan, RecodingModel, Role
from mutuali.privacy.text import to_csv
from tests.privacy import adult
from tests.privacy.lookalike import loan_plan, loans
from tests.privacy.oracle import Row
from tests.privacy.small_tables import tables
from tests.privacy.test_search import arrow


@given(tables())
@settings(max_examples=60, deadline=None)
def test_what_leaves_is_what_was_promised(given_table: tuple[list[Row], Plan]) -> None:
    rows, plan = given_table
    plan = replace(plan, recoding=RecodingModel.LOCAL)
    try:
        release = deidentify(arrow(rows), plan)
    except NothingToRelease:
        assume(False)

    remeasure(
        to_csv(release.table),
        release.witness.tolist(),
        rows,
        plan,
        claimed=release.report.measures(),
    )


@given(tables())
@settings(max_examples=60, deadline=None)
def test_rows_that_only_have_to_be_many_all_find_a_place(
    given_table: tuple[list[Row], Plan],
) -> None:
    rows, plan = given_table
    columns = tuple(c for c in plan.columns if c.role is Role.QUASI_IDENTIFIER)
    assume(len(rows) >= plan.k)
    plan = Plan("1", columns, (KAnonymity(plan.k),), recoding=RecodingModel.LOCAL)

    report = deidentify(arrow(rows), plan).report

    assert report.rows_suppressed == 0
    assert all(sum(column.rows_at) == len(rows) for column in report.columns)


def test_more_is_kept_than_one_level_per_column_can_keep() -> None:
    table, plan = loans(1_000, 40, 40), loan_plan("lender", "borrower", limit=0.1)

    local = deidentify(table, replace(plan, recoding=RecodingModel.LOCAL)).report

    assert local.loss < 0.8 * deidentify(table, plan).report.loss


def test_the_order_of_the_source_changes_neither_rows_nor_bytes() -> None:
    table = loans(400, 40, 40)
    plan = replace(loan_plan("lender", "borrower", limit=0.3), recoding=RecodingModel.LOCAL)
    order = np.random.default_rng(1).permutation(table.num_rows)

    first, second = deidentify(table, plan), deidentify(table.take(pa.array(order)), plan)

    assert to_csv(first.table) == to_csv(second.table)
    assert first.report == second.report


@adult.needed
@pytest.mark.parametrize(("k", "arx"), [(5, 0.0529), (10, 0.0767)])
def test_adult_keeps_more_than_under_arx_with_nobody_left_out(k: int, arx: float) -> None:
    plan = Plan(
        version="adult",
        columns=adult.quasi_identifiers(),
        models=(KAnonymity(k),),
        recoding=RecodingModel.LOCAL,
    )

    report = deidentify(adult.adult(), plan).report

    assert report.rows_suppressed == 0
    assert report.sizes[0].minimum >= k
    assert report.loss < 0.985 * arx
