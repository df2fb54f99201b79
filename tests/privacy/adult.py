"""The field's benchmark table with its published hierarchies, read where it lies."""

import csv
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pytest

from mutuali.privacy.plan import Column, Hierarchy, Role

#: Adult's quasi-identifiers in the order in which the field names the levels of a scheme.
QUASI_IDENTIFIERS = (
    *("sex", "age", "race", "marital-status", "education", "native-country"),
    *("workclass", "occupation", "salary-class"),
)

needed = pytest.mark.skipif(
    "MUTUALI_REAL_DATA" not in os.environ, reason="needs the Adult table in MUTUALI_REAL_DATA"
)


def folder() -> Path:
    """Where the table and its hierarchies lie."""
    return Path(os.environ["MUTUALI_REAL_DATA"]) / "arx-adult" / "data"


def adult() -> pa.Table:
    """30,162 rows."""
    semicolons = pyarrow.csv.ParseOptions(delimiter=";")
    return pyarrow.csv.read_csv(folder() / "adult.csv", parse_options=semicolons)


def quasi_identifiers(names: tuple[str, ...] = QUASI_IDENTIFIERS) -> tuple[Column, ...]:
    """The columns named, with their hierarchies."""
    return tuple(Column(name, Role.QUASI_IDENTIFIER, _hierarchy(name)) for name in names)


def _hierarchy(name: str) -> Hierarchy:
    with (folder() / f"adult_hierarchy_{name}.csv").open(newline="") as lines:
        return Hierarchy.table(list(csv.reader(lines, delimiter=";")))


def plan_text(k: int = 5, limit: float = 0.02) -> str:
    """The plan of the benchmark as a file, its hierarchies where they lie."""
    columns = "".join(
        f'[columns.{name}]\nrole = "quasi-identifier"\n'
        f"hierarchy = {str(folder() / f'adult_hierarchy_{name}.csv')!r}\n"
        for name in QUASI_IDENTIFIERS
    )
    head = f'version = "adult"\nsuppression_limit = {limit}\nmean = "geometric"\n'
    return f'{head}{columns}[[models]]\nmodel = "k-anonymity"\nk = {k}\n'
