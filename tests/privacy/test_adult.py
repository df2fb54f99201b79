"""The published benchmark of the field: our optimum is the optimum."""

import csv
import os
from pathlib import Path

import pyarrow.csv
import pytest

from mutuali.privacy.engine import deidentify
from mutuali.privacy.plan import Column, Hierarchy, KAnonymity, Mean, Plan, Role

pytestmark = pytest.mark.skipif(
    "MUTUALI_REAL_DATA" not in os.environ, reason="needs the Adult table in MUTUALI_REAL_DATA"
)

COLUMNS = (
    "sex",
    "age",
    "race",
    "marital-status",
    "education",
    "native-country",
    "workclass",
    "occupation",
    "salary-class",
)


@pytest.mark.parametrize(
    ("k", "limit", "loss", "levels", "suppressed"),
    [
        (2, 0.02, 0.2094, [0, 3, 0, 1, 2, 1, 1, 1, 0], 573),
        (5, 0, 0.5732, [0, 4, 1, 1, 3, 2, 2, 1, 0], 0),
        (5, 0.02, 0.3137, [0, 3, 0, 2, 2, 1, 1, 2, 0], 506),
        (5, 0.05, 0.2419, [0, 3, 0, 0, 2, 1, 1, 2, 0], 1346),
        (10, 0.05, 0.2913, [0, 3, 0, 1, 2, 1, 1, 2, 0], 1437),
    ],
)
def test_the_optimum_is_the_one_that_arx_proves(
    k: int, limit: float, loss: float, levels: list[int], suppressed: int
) -> None:
    folder = Path(os.environ["MUTUALI_REAL_DATA"]) / "arx-adult" / "data"
    semicolons = pyarrow.csv.ParseOptions(delimiter=";")
    table = pyarrow.csv.read_csv(folder / "adult.csv", parse_options=semicolons)
    plan = Plan(
        version="adult",
        columns=tuple(
            Column(name, Role.QUASI_IDENTIFIER, _hierarchy(folder, name)) for name in COLUMNS
        ),
        models=(KAnonymity(k),),
        suppression_limit=limit,
        mean=Mean.GEOMETRIC,
    )

    report = deidentify(table, plan).report

    assert [column.level for column in report.columns] == levels
    assert report.rows_suppressed == suppressed
    assert report.loss == pytest.approx(loss, abs=5e-5)


def _hierarchy(folder: Path, name: str) -> Hierarchy:
    with (folder / f"adult_hierarchy_{name}.csv").open(newline="") as lines:
        return Hierarchy.table(list(csv.reader(lines, delimiter=";")))
