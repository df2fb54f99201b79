"""A published table of credit-card accounts with 24 hierarchies, read where it lies."""

import csv
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pytest

from mutuali.privacy.plan import ANY, Column, Hierarchy, Role

needed = pytest.mark.skipif(
    "MUTUALI_REAL_DATA" not in os.environ, reason="needs the table in MUTUALI_REAL_DATA"
)


def folder() -> Path:
    """Where the table and its hierarchies lie."""
    return Path(os.environ["MUTUALI_REAL_DATA"]) / "many-columns"


def accounts() -> pa.Table:
    """30,000 rows, 29,965 of them distinct; all values are integer codes."""
    semicolons = pyarrow.csv.ParseOptions(delimiter=";")
    return pyarrow.csv.read_csv(folder() / "creditcard_int.csv", parse_options=semicolons)


def quasi_identifiers(names: list[str]) -> tuple[Column, ...]:
    """The columns named, with their hierarchies."""
    return tuple(Column(name, Role.QUASI_IDENTIFIER, _hierarchy(name)) for name in names)


def _hierarchy(name: str) -> Hierarchy:
    """The root is a code of its own in each file; here it is '*'."""
    path = folder() / "hierarchies" / f"creditcard_int_hierarchy_{name}.csv"
    with path.open(newline="") as lines:
        rows = list(csv.reader(lines, delimiter=";"))
    assert len({root for *_, root in rows}) == 1
    return Hierarchy.table([(*below, ANY) for *below, _ in rows])
