"""The same release, byte for byte, from whichever engine holds the rows."""

import datetime
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mutuali.privacy.engines.expression import ExpressionSource
from mutuali.privacy.engines.source import FEW_VALUES, TableSource
from mutuali.privacy.errors import BadTable, UnknownValue
from mutuali.privacy.files import deidentify_file
from mutuali.privacy.plan import Column, Hierarchy, Plan, RecodingModel, Role
from tests.engines import Postgres
from tests.privacy.lookalike import loan_plan, loans

#: From a table to the same table on an engine, as an ibis expression.
Loader = Callable[[pa.Table], Any]

TYPES = {
    pa.string(): "text",
    pa.int64(): "bigint",
    pa.float64(): "double precision",
    pa.bool_(): "boolean",
    pa.date32(): "date",
}


#: Spark's client leaves sockets for the collector to close.
SPARK = pytest.param(
    "spark", marks=pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
)


@pytest.fixture(params=["duckdb", "postgresql", SPARK])
def engine(request: pytest.FixtureRequest) -> Loader:
    """Each engine in turn; Spark where it and Java are installed."""
    loader: Loader = request.getfixturevalue(f"on_{request.param}")
    return loader


@pytest.fixture
def on_duckdb() -> Iterator[Loader]:
    connection = ibis.duckdb.connect(":memory:")
    yield lambda table: connection.create_table("rows", table)
    connection.disconnect()


@pytest.fixture
def on_postgresql(postgres: Postgres) -> Iterator[Loader]:
    name = postgres.create("engines")
    url = postgres.url(name).replace("postgresql+psycopg", "postgresql")
    connection = ibis.postgres.from_connection(psycopg.connect(url))

    def load(table: pa.Table) -> Any:
        columns = ", ".join(f'"{field.name}" {TYPES[field.type]}' for field in table.schema)
        with psycopg.connect(url, autocommit=True) as other:
            other.execute(f"CREATE TABLE rows ({columns})".encode())
            with other.cursor().copy(b"COPY rows FROM STDIN") as copy:
                for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
                    copy.write_row(row)
        return connection.table("rows")

    yield load
    connection.disconnect()
    postgres.drop(name)


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    if find_spec("pyspark") is None or shutil.which("java") is None:
        pytest.skip("needs requirements-spark.txt and Java")
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.shuffle.partitions", "2").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield ibis.pyspark.connect(session)
    session.stop()


@pytest.fixture
def on_spark(spark: Any, tmp_path: Path) -> Loader:
    def load(table: pa.Table) -> Any:
        pq.write_table(table, tmp_path / "spark.parquet", row_group_size=97)
        return spark.read_parquet(tmp_path / "spark.parquet")

    return load


def released(source: Any, plan: Plan, folder: Path) -> bytes:
    target = folder / "out.parquet"
    deidentify_file(source, plan, target, staging=folder)
    content = target.read_bytes()
    target.unlink()
    return content


def typed(rows: int = 400, *, notes: int) -> tuple[pa.Table, Plan]:
    """Loans with NA and empty text in places, and plain columns of every type that leaves."""
    rng = np.random.default_rng(11)
    table = loans(rows, 30, 30)
    for name in ("q1", "state"):
        column = table.column(name).to_pylist()
        gaps = [None, "", *column[2:]]
        table = table.set_column(table.schema.get_field_index(name), name, pa.array(gaps))
    dates = [None, datetime.date(2026, 1, 31), datetime.date(1999, 12, 1)]
    extra = {
        "day": pa.array([dates[n] for n in rng.integers(0, 3, rows)], pa.date32()),
        "paid": pa.array([(True, False, None)[n] for n in rng.integers(0, 3, rows)]),
        "share": pa.array([(0.0, -0.0, 0.1, None)[n] for n in rng.integers(0, 4, rows)]),
        "big": pa.array([(2**60 + 1, None)[n] for n in rng.integers(0, 2, rows)], pa.int64()),
        "note": pa.array([f"é{n}" for n in rng.integers(0, notes, rows)]),
    }
    plan = loan_plan("lender", "borrower", k=3, limit=0.4)
    names = ["paid", "day"] if notes <= FEW_VALUES else ["day", "paid", "share", "big", "note"]
    left_out = {"units", "q4", "q5", "q6"}
    columns = [column for column in plan.columns if column.name not in left_out]
    columns += [Column(name, Role.PLAIN) for name in names]
    for name, values in extra.items():
        table = table.append_column(name, values)
    return table, replace(plan, columns=tuple(columns))


@pytest.mark.parametrize("notes", [3, 200], ids=["grouped", "read twice"])
@pytest.mark.parametrize("recoding", [RecodingModel.FULL_DOMAIN, RecodingModel.LOCAL])
def test_every_engine_gives_the_same_bytes(
    engine: Loader, tmp_path: Path, notes: int, recoding: RecodingModel
) -> None:
    table, plan = typed(notes=notes)
    plan = replace(plan, recoding=recoding)

    found = released(ExpressionSource(engine(table)), plan, tmp_path)

    assert found == released(TableSource(table), plan, tmp_path)


def test_only_combinations_leave_the_engine(engine: Loader) -> None:
    table = pa.table({"place": ["a", "b", "a", "", None], "units": [1, 1, 1, None, None]})

    parts = list(ExpressionSource(engine(table)).groups(["place"], ["units"]))

    found = {
        tuple(row.values()): int(weight)
        for part in parts
        for row, weight in zip(part.rows.to_pylist(), part.weights, strict=True)  # type: ignore[arg-type]
    }
    assert found == {("a", 1): 2, ("b", 1): 1, (None, None): 2}


def test_faults_name_their_column_where_rows_have_no_number(engine: Loader, tmp_path: Path) -> None:
    table, plan = typed(notes=3)
    expression = engine(table.set_column(0, "q0", pa.array(["v000", "zz", "yy", "v000"] * 100)))

    with pytest.raises(UnknownValue) as unknown:
        released(ExpressionSource(expression), plan, tmp_path)
    assert (unknown.value.column, unknown.value.row, unknown.value.value) == ("q0", None, "yy")
    with pytest.raises(BadTable) as missing:
        released(ExpressionSource(expression.drop("q3")), plan, tmp_path)
    assert missing.value.column == "q3"
    assert list(tmp_path.glob("release*")) == []


def test_a_type_that_has_no_exact_text_is_refused(engine: Loader, tmp_path: Path) -> None:
    table = pa.table({"place": pa.array([0.5, 0.25] * 3)})
    places = Hierarchy.of({"0.5": ["*"], "0.25": ["*"]})
    column = Column("place", Role.QUASI_IDENTIFIER, places)
    plan = Plan("1", (column,), loan_plan().models[:1])

    with pytest.raises(BadTable, match="cannot be handled"):
        released(ExpressionSource(engine(table)), plan, tmp_path)
