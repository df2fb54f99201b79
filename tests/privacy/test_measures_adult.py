"""The published benchmark of the field, measured before and after."""

import csv
import os
from pathlib import Path

import pyarrow.csv
import pytest

from mutuali.privacy import usefulness
from mutuali.privacy.engine import deidentify
from mutuali.privacy.measures import Assumptions, measure_before_and_after
from mutuali.privacy.plan import Column, Hierarchy, KAnonymity, Mean, Plan, Role
from tests.privacy.test_adult import COLUMNS

pytestmark = pytest.mark.skipif(
    "MUTUALI_REAL_DATA" not in os.environ, reason="needs the Adult table in MUTUALI_REAL_DATA"
)


def test_risk_and_loss_are_those_that_arx_gives() -> None:
    folder = Path(os.environ["MUTUALI_REAL_DATA"]) / "arx-adult" / "data"
    semicolons = pyarrow.csv.ParseOptions(delimiter=";")
    table = pyarrow.csv.read_csv(folder / "adult.csv", parse_options=semicolons)
    plan = Plan(
        version="adult",
        columns=tuple(
            Column(name, Role.QUASI_IDENTIFIER, _hierarchy(folder, name)) for name in COLUMNS
        ),
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


def _hierarchy(folder: Path, name: str) -> Hierarchy:
    with (folder / f"adult_hierarchy_{name}.csv").open(newline="") as lines:
        return Hierarchy.table(list(csv.reader(lines, delimiter=";")))
