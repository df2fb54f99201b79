"""The recount of a large release finds what is wrong with its bytes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mutuali.privacy.check.codes import NOWHERE, Combinations, Gathered
from mutuali.privacy.check.stream import recount
from mutuali.privacy.engines.sink import ParquetSink
from mutuali.privacy.engines.source import TableSource
from mutuali.privacy.errors import Disagreement, UnsafeOutput
from mutuali.privacy.plan import KAnonymity, Plan, RecodingModel
from mutuali.privacy.progress import unheard
from mutuali.privacy.recode import histogram, stream
from mutuali.privacy.recode.apply import Decision, decide
from mutuali.privacy.text import to_csv
from tests.privacy.lookalike import loan_plan, loans


@dataclass(frozen=True, slots=True)
class Made:
    """A release of loans as a file, and all that its recount needs."""

    path: Path
    source: TableSource
    plan: Plan
    decision: Decision

    def table(self) -> pa.Table:
        """What the file holds."""
        return pq.read_table(self.path)

    def recount(self, **changed: object) -> None:
        """Count it, with parts changed."""
        witness = stream.witness(self.plan, self.decision)
        parts = {
            "made": self.path,
            "source": self.source,
            "plan": self.plan,
            "report": self.decision.report,
            "witness": witness,
            "progress": unheard,
        } | changed
        recount(**parts)  # type: ignore[arg-type]


@pytest.fixture(params=[RecodingModel.FULL_DOMAIN, RecodingModel.LOCAL])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Made:
    plan = loan_plan("lender", "borrower", k=3, limit=0.3)
    left_out = {"q4", "q5", "q6"}
    columns = tuple(column for column in plan.columns if column.name not in left_out)
    plan = replace(plan, columns=columns, recoding=request.param)
    source = TableSource(loans(500, 30, 30))
    grouped = histogram.gather(source, plan)
    decision = decide(grouped, plan)
    sink = ParquetSink(tmp_path / "made.parquet")
    stream.write(source, plan, grouped, decision, sink, tmp_path, unheard)
    sink.close()
    return Made(tmp_path / "made.parquet", source, plan, decision)


def sorted_by_cells(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return sorted(rows, key=lambda row: ["" if v is None else str(v) for v in row.values()])


def write(made: Made, rows: list[dict[str, object]]) -> None:
    pq.write_table(pa.Table.from_pylist(rows, schema=made.table().schema), made.path)


def with_another_label(rows: list[dict[str, object]]) -> None:
    rows[0]["q0"] = next(row["q0"] for row in rows if row["q0"] != rows[0]["q0"])


def without_a_row(rows: list[dict[str, object]]) -> None:
    del rows[3]


def with_a_row_more(rows: list[dict[str, object]]) -> None:
    rows.append(dict(rows[3]))


def with_another_sensitive_value(rows: list[dict[str, object]]) -> None:
    rows[5]["state"] = "s1" if rows[5]["state"] != "s1" else "s2"


def with_plain_values_exchanged(rows: list[dict[str, object]]) -> None:
    other = next(
        row for row in rows if row["units"] != rows[0]["units"] and row["q0"] != rows[0]["q0"]
    )
    rows[0]["units"], other["units"] = other["units"], rows[0]["units"]


@pytest.mark.parametrize(
    "spoil",
    [
        with_another_label,
        without_a_row,
        with_a_row_more,
        with_another_sensitive_value,
        with_plain_values_exchanged,
    ],
)
def test_rows_that_are_not_the_raw_ones_are_found(
    made: Made, spoil: Callable[[list[dict[str, object]]], None]
) -> None:
    rows = made.table().to_pylist()
    made.recount()

    spoil(rows)
    write(made, sorted_by_cells(rows))

    with pytest.raises((Disagreement, UnsafeOutput)):
        made.recount()


def test_an_order_that_tells_is_found(made: Made) -> None:
    rows = made.table().to_pylist()

    write(made, [*rows[1:], rows[0]])

    with pytest.raises(UnsafeOutput, match="order"):
        made.recount()


def test_a_value_that_only_a_dictionary_holds_is_found(made: Made) -> None:
    table = made.table()
    column = table.column("state").combine_chunks().dictionary_encode()
    told = pa.concat_arrays([column.dictionary, pa.array(["secret"])])
    spoiled = pa.DictionaryArray.from_arrays(column.indices, told)
    place = table.schema.get_field_index("state")

    pq.write_table(table.set_column(place, "state", spoiled), made.path)

    with pytest.raises(UnsafeOutput, match="dictionary"):
        made.recount()


def test_a_column_that_stays_home_is_found(made: Made) -> None:
    table = made.table()

    pq.write_table(table.append_column("lender", table.column("q0")), made.path)

    with pytest.raises(Disagreement, match="columns"):
        made.recount()


def test_a_class_below_the_plan_is_found(made: Made) -> None:
    models = tuple(m if not isinstance(m, KAnonymity) else KAnonymity(9) for m in made.plan.models)

    with pytest.raises(UnsafeOutput, match="9 and 8 are promised"):
        made.recount(plan=replace(made.plan, models=models))


def test_more_rows_left_out_than_the_limit_are_found(made: Made) -> None:
    with pytest.raises(Disagreement, match="left out"):
        made.recount(plan=replace(made.plan, suppression_limit=0.001))


def test_a_figure_that_was_not_counted_is_found(made: Made) -> None:
    report = replace(made.decision.report, classes=made.decision.report.classes + 1)

    with pytest.raises(Disagreement, match="classes"):
        made.recount(report=report)


def test_bytes_that_are_no_table_are_found(made: Made) -> None:
    made.path.write_bytes(made.path.read_bytes()[:-200])

    with pytest.raises(Disagreement):
        made.recount()


def test_csv_is_counted_as_its_cells(made: Made, tmp_path: Path) -> None:
    path = tmp_path / "made.csv"
    path.write_bytes(to_csv(made.table()))
    made.recount(made=path)

    path.write_bytes(to_csv(made.table()).replace(b"\n", b'"\n', 1))

    with pytest.raises(Disagreement):
        made.recount(made=path)


@pytest.mark.parametrize("made", [RecodingModel.LOCAL], indirect=True)
def test_a_witness_that_covers_no_raw_value_is_found(made: Made) -> None:
    witness = stream.witness(made.plan, made.decision)
    assert witness is not None
    labels = witness.column("released q0").to_pylist()
    other = next(n for n, label in enumerate(labels) if label not in (labels[0], "*"))
    labels[0] = labels[other]
    place = witness.schema.get_field_index("released q0")

    with pytest.raises(Disagreement, match=r"does not cover|were not released|not the raw rows"):
        made.recount(witness=witness.set_column(place, "released q0", pa.array(labels)))


def test_batches_are_added_up_however_many_come() -> None:
    gathered = Gathered()
    ones = np.ones(600_000, dtype=np.int64)
    for batch in range(4):
        numbers = np.arange(600_000) % 1000
        gathered.add({"class": numbers, "print": numbers * batch, "rows": ones})

    whole = gathered.whole().sort_by("class").to_pydict()

    assert whole["class"] == list(range(1000))
    assert whole["rows"] == [2400] * 1000
    assert whole["print"] == [600 * 6 * number for number in range(1000)]


def test_combinations_are_told_apart_beyond_what_one_number_holds() -> None:
    rng = np.random.default_rng(2)
    columns = [rng.integers(0, 2**20, 500) for _ in range(7)]

    known = Combinations(columns)
    found = known.numbers(known.keys(columns))
    others = known.numbers(known.keys([*columns[:6], (columns[6] + 1) % 2**20]))

    assert sorted(found.tolist()) == list(range(len(known)))
    assert (others == NOWHERE).all()
