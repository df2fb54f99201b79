"""The published benchmark of the field, measured before and after."""

import pytest

from mutuali.privacy.engine import deidentify
from mutuali.privacy.measures import usefulness
from mutuali.privacy.measures.tables import Assumptions, measure_before_and_after
from mutuali.privacy.plan import KAnonymity, Mean, Plan
from tests.privacy import adult

pytestmark = adult.needed


def test_risk_and_loss_are_those_that_arx_gives() -> None:
    table = adult.adult()
    plan = Plan(
        version="adult",
        columns=adult.quasi_identifiers(),
        models=(KAnonymity(5),),
        suppression_limit=0.02,
        mean=Mean.GEOMETRIC,
    )
    release = deidentify(table, plan)

    found = measure_before_and_after(
        table,
        release.table,
        release.witness,
        plan,
        assumptions=Assumptions(fraction=0.1),
        questions=[
            usefulness.counts("sex"),
            usefulness.cross_counts("sex", "workclass"),
            usefulness.mean("age", by="education"),
            usefulness.share("salary-class", ">50K", by="education"),
            usefulness.trend("age"),
        ],
    )

    risk = found.after.linkage[0]
    assert risk.prosecutor.highest == 0.2
    assert risk.prosecutor.average == pytest.approx(0.00749, abs=5e-6)
    # ARX gives the average class size as a share: 1 is best.
    per_table = found.quality.average_class_size / found.quality.rows_in
    assert 1 - per_table == pytest.approx(0.9956, abs=5e-5)
    assert found.quality.loss == pytest.approx(0.3137, abs=5e-5)
    assert found.before.sizes[0].uniques > 10_000
    assert found.after.special_uniques.msus == 0
    assert all(answer.difference < 0.02 for answer in found.answers)
