"""The published benchmark of the field: our optimum is the optimum."""

import pytest

from mutuali.privacy.engine import deidentify
from mutuali.privacy.plan import KAnonymity, Mean, Plan
from tests.privacy import adult

pytestmark = adult.needed


@pytest.mark.parametrize(
    ("k", "limit", "loss", "levels", "suppressed"),
    [
        (2, 0, 0.5297, [0, 4, 1, 1, 3, 2, 0, 2, 0], 0),
        (2, 0.02, 0.2094, [0, 3, 0, 1, 2, 1, 1, 1, 0], 573),
        (2, 0.05, 0.1690, [0, 3, 0, 0, 1, 1, 1, 1, 0], 1350),
        (5, 0, 0.5732, [0, 4, 1, 1, 3, 2, 2, 1, 0], 0),
        (5, 0.02, 0.3137, [0, 3, 0, 2, 2, 1, 1, 2, 0], 506),
        (5, 0.05, 0.2419, [0, 3, 0, 0, 2, 1, 1, 2, 0], 1346),
        (10, 0, 0.5732, [0, 4, 1, 1, 3, 2, 2, 1, 0], 0),
        (10, 0.02, 0.3423, [0, 4, 0, 1, 2, 1, 1, 2, 0], 592),
        (10, 0.05, 0.2913, [0, 3, 0, 1, 2, 1, 1, 2, 0], 1437),
    ],
)
def test_the_optimum_is_the_one_that_arx_proves(
    k: int, limit: float, loss: float, levels: list[int], suppressed: int
) -> None:
    plan = Plan(
        version="adult",
        columns=adult.quasi_identifiers(),
        models=(KAnonymity(k),),
        suppression_limit=limit,
        mean=Mean.GEOMETRIC,
    )

    report = deidentify(adult.adult(), plan).report

    assert [column.level for column in report.columns] == levels
    assert report.rows_suppressed == suppressed
    assert report.loss == pytest.approx(loss, abs=5e-5)
