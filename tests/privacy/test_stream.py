"""A file becomes the same release as its table in memory, and nothing half-made stays."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings

from mutuali.privacy.engine import deidentify
from mutuali.privacy.engines.delimited import Dialect
from mutuali.privacy.errors import (
    BadTable,
    Disagreement,
    NothingToRelease,
    PlanError,
    TooManyRows,
    UnknownValue,
    UnreadableFile,
)
from mutuali.privacy.files import deidentify_file
from mutuali.privacy.plan import Column, Hierarchy, KAnonymity, Plan, RecodingModel, Role
from mutuali.privacy.text import to_csv
from tests.privacy.lookalike import loan_plan, loans
from tests.privacy.oracle import Row
from tests.privacy.small_tables import tables

PLACES = Hierarchy.of({place: ["north" if place < "c" else "south", "*"] for place in "abcd"})


def place_plan(*more: Column, k: int = 2, limit: float = 0) -> Plan:
    column = Column("place", Role.QUASI_IDENTIFIER, PLACES)
    return Plan("1", (column, *more), (KAnonymity(k),), limit)


def released(source: Path, plan: Plan, target: Path, **more: object) -> bytes:
    staging = target.parent / "staging"
    staging.mkdir(exist_ok=True)
    deidentify_file(source, plan, target, staging=staging, **more)  # type: ignore[arg-type]
    assert list(staging.iterdir()) == []
    return target.read_bytes()


def text_table(rows: list[Row], plan: Plan) -> pa.Table:
    names = [column.name for column in plan.columns]
    return pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in names})


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(tables())
def test_a_file_is_released_as_its_table_is(tmp_path: Path, drawn: tuple[list[Row], Plan]) -> None:
    rows, plan = drawn
    for recoding in (RecodingModel.FULL_DOMAIN, RecodingModel.LOCAL):
        asked = replace(plan, recoding=recoding)
        table = text_table(rows, asked)
        pq.write_table(table, tmp_path / "raw.parquet")
        try:
            expected = deidentify(table, asked)
        except NothingToRelease as refusal:
            with pytest.raises(NothingToRelease, match=str(refusal)):
                released(tmp_path / "raw.parquet", asked, tmp_path / "out.csv")
            continue
        found = released(tmp_path / "raw.parquet", asked, tmp_path / "out.csv")
        assert found == to_csv(expected.table)
        released(tmp_path / "raw.parquet", asked, tmp_path / "out.parquet")
        assert to_csv(pq.read_table(tmp_path / "out.parquet")) == to_csv(expected.table)


def many_values(rows: int = 900) -> tuple[pa.Table, Plan]:
    """Loans with plain columns of more values than are grouped; texts that read the same too."""
    plan = loan_plan("lender", limit=0.3)
    rng = np.random.default_rng(3)
    texts = ["=1+1", "'=1+1", "", 'a,"b"', "é\n", "plain", *(f"n{n}" for n in range(60))]
    table = loans(rows, 40, 40)
    table = table.append_column("note", pa.array(rng.choice(texts, rows)))
    table = table.append_column("share", pa.array(rng.choice([0.5, -0.25, 1e20, 2.0], rows)))
    more = (Column("note", Role.PLAIN), Column("share", Role.PLAIN))
    return table, replace(plan, columns=(*plan.columns, *more))


def test_many_plain_values_are_read_a_second_time_and_leave_in_the_same_order(
    tmp_path: Path,
) -> None:
    table, plan = many_values()
    pq.write_table(table, tmp_path / "raw.parquet")

    found = released(tmp_path / "raw.parquet", plan, tmp_path / "out.csv")

    assert found == to_csv(deidentify(table, plan).table)


def test_the_order_of_the_rows_does_not_reach_the_bytes(tmp_path: Path) -> None:
    table, plan = many_values()
    order = np.random.default_rng(5).permutation(table.num_rows)
    pq.write_table(table, tmp_path / "raw.parquet")
    pq.write_table(table.take(pa.array(order)), tmp_path / "shuffled.parquet", row_group_size=100)

    first = released(tmp_path / "raw.parquet", plan, tmp_path / "one.parquet")
    second = released(tmp_path / "shuffled.parquet", plan, tmp_path / "two.parquet")

    assert first == second


def test_types_of_plain_columns_stay_in_parquet(tmp_path: Path) -> None:
    table, plan = many_values()
    pq.write_table(table, tmp_path / "raw.parquet")

    released(tmp_path / "raw.parquet", plan, tmp_path / "out.parquet")

    types = pq.read_schema(tmp_path / "out.parquet")
    assert types.field("units").type == pa.int64()
    assert types.field("share").type == pa.float64()
    assert types.field("q0").type == pa.string()


def test_no_dictionary_of_the_file_holds_a_value_that_did_not_leave(tmp_path: Path) -> None:
    rows = [("a", "kept")] * 5 + [("b", "kept")] * 5 + [("d", "secret of one")]
    table = pa.table({"place": [p for p, _ in rows], "note": [note for _, note in rows]})
    plan = place_plan(Column("note", Role.PLAIN), k=3, limit=0.1)
    pq.write_table(table, tmp_path / "raw.parquet")

    found = released(tmp_path / "raw.parquet", plan, tmp_path / "out.parquet")

    assert pq.read_table(tmp_path / "out.parquet").num_rows == 10
    assert b"kept" in found
    assert b"secret" not in found


def test_a_csv_file_of_another_dialect_is_read(tmp_path: Path) -> None:
    (tmp_path / "raw.csv").write_bytes("\ufeffplace;note\na;'x;\ny'\nb;é\n".encode())
    plan = place_plan(Column("note", Role.PLAIN))

    found = released(tmp_path / "raw.csv", plan, tmp_path / "out.csv", dialect=Dialect(";", "'"))

    assert list(csv.reader(io.StringIO(found.decode()))) == [
        ["place", "note"],
        ["north", "x;\ny"],
        ["north", "é"],
    ]


HOSTILE = {
    "a value that no chain names": (b"place\na\nb\nnowhere\n", UnknownValue, "place", 2),
    "text that is not UTF-8": (b"place\na\n\xff\n", BadTable, "place", 1),
    "no header cell": (b"place,\na,b\n", BadTable, "", None),
    "a column twice": (b"place,place\na,b\n", BadTable, "place", None),
    "a missing column": (b"town\na\n", BadTable, "place", None),
    "a row too long": (b"place,note\na,x\nb,x,y\n", UnreadableFile, None, 1),
    "a row too short": (b"place,note\na,x\nb\n", UnreadableFile, None, 1),
    "a quote that stays open": (b'place,note\na,x\n"b,x\n', UnreadableFile, None, 1),
    "nothing": (b"", NothingToRelease, None, None),
    "a header alone": (b"place\n", NothingToRelease, None, None),
    "no text at all": (b"\x00\x01\x02", BadTable, "place", None),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_csv_file_is_refused_by_column_and_row(tmp_path: Path, name: str) -> None:
    content, error, column, row = HOSTILE[name]
    (tmp_path / "raw.csv").write_bytes(content)

    with pytest.raises(error) as refused:
        released(tmp_path / "raw.csv", place_plan(), tmp_path / "out.csv")

    assert getattr(refused.value, "column", None) == column
    assert getattr(refused.value, "row", None) == row
    assert not (tmp_path / "out.csv").exists()
    assert list((tmp_path / "staging").iterdir()) == []


def test_the_first_unknown_value_is_named_however_late_it_comes(tmp_path: Path) -> None:
    places = ["a"] * 300_000 + ["x"] + ["a"] * 10 + ["y"]
    table = pa.table({"place": pa.array(places).dictionary_encode()})
    pq.write_table(table, tmp_path / "raw.parquet", row_group_size=100_000)

    with pytest.raises(UnknownValue) as refused:
        released(tmp_path / "raw.parquet", place_plan(), tmp_path / "out.parquet")

    assert (refused.value.value, refused.value.row) == ("x", 300_000)


def test_a_file_that_announces_too_many_rows_is_not_read(tmp_path: Path) -> None:
    rows = 123_457
    path = tmp_path / "raw.parquet"
    pq.write_table(pa.table({"place": ["a"] * rows}), path)
    content = path.read_bytes()
    length = int.from_bytes(content[-8:-4], "little")
    # In the footer the number of rows is a zigzag varint behind the header of its field.
    footer = content[-8 - length : -8].replace(b"\x16" + varint(rows), b"\x16" + varint(2**31), 1)
    tail = footer + len(footer).to_bytes(4, "little") + b"PAR1"
    path.write_bytes(content[: -8 - length] + tail)
    assert pq.read_metadata(path).num_rows == 2**31

    with pytest.raises(TooManyRows, match="2147483648"):
        released(path, place_plan(), tmp_path / "out.parquet")


def varint(number: int) -> bytes:
    zigzag, digits = number << 1, []
    while zigzag > 127:
        digits.append(zigzag & 127 | 128)
        zigzag >>= 7
    return bytes([*digits, zigzag])


def test_a_damaged_parquet_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "raw.parquet"
    pq.write_table(pa.table({"place": ["a", "b"] * 5000}), path)
    content = path.read_bytes()

    for damaged in (content[:100], b"PAR1" + bytes(60) + content[64:], b""):
        path.write_bytes(damaged)
        with pytest.raises(UnreadableFile):
            released(path, place_plan(), tmp_path / "out.parquet")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError):
        released(tmp_path / "raw.xlsx", place_plan(), tmp_path / "out.csv")


class Stopped(Exception):
    """Somebody pressed cancel."""


@pytest.mark.parametrize("recoding", [RecodingModel.FULL_DOMAIN, RecodingModel.LOCAL])
def test_a_search_is_told_of_while_it_goes_on(tmp_path: Path, recoding: RecodingModel) -> None:
    table, plan = many_values()
    pq.write_table(table, tmp_path / "raw.parquet")

    def progress(stage: str, done: float) -> None:
        if stage == "search" and 0 < done < 1:
            raise Stopped

    with pytest.raises(Stopped):
        released(
            tmp_path / "raw.parquet",
            replace(plan, recoding=recoding),
            tmp_path / "out.csv",
            progress=progress,
        )


@pytest.mark.parametrize("stage", ["group", "search", "write", "check"])
@pytest.mark.parametrize("target", ["out.csv", "out.parquet"])
def test_progress_is_told_and_can_cancel_at_every_stage(
    tmp_path: Path, stage: str, target: str
) -> None:
    table, plan = many_values()
    pq.write_table(table, tmp_path / "raw.parquet")
    (tmp_path / target).write_bytes(b"the release before")
    told: list[tuple[str, float]] = []

    def progress(at: str, done: float) -> None:
        told.append((at, done))
        if at == stage:
            raise Stopped

    with pytest.raises(Stopped):
        released(tmp_path / "raw.parquet", plan, tmp_path / target, progress=progress)

    assert (tmp_path / target).read_bytes() == b"the release before"
    assert list((tmp_path / "staging").iterdir()) == []
    assert all(0 <= done <= 1 for _, done in told)


def test_progress_only_ever_grows(tmp_path: Path) -> None:
    table, plan = many_values()
    pq.write_table(table, tmp_path / "raw.parquet")
    told: list[tuple[str, float]] = []

    released(
        tmp_path / "raw.parquet",
        plan,
        tmp_path / "out.parquet",
        progress=lambda stage, done: told.append((stage, done)),
    )

    stages = list(dict.fromkeys(stage for stage, _ in told))
    assert stages == ["group", "search", "write", "check"]
    for stage in stages:
        shares = [done for at, done in told if at == stage]
        assert shares == sorted(shares)
        assert shares[-1] == 1.0


@pytest.mark.parametrize("later", ["fewer rows", "other rows"])
def test_a_file_that_changes_in_between_is_refused(tmp_path: Path, later: str) -> None:
    table, plan = many_values()
    other = table.slice(0, 700) if later == "fewer rows" else loans(900, 40, 40, seed=8)
    path = tmp_path / "raw.parquet"
    pq.write_table(table, path)

    def change(stage: str, done: float) -> None:
        if (stage, done) == ("search", 1.0):
            pq.write_table(
                pa.table(
                    {
                        n: other.column(n if n in other.column_names else "units")
                        for n in table.column_names
                    }
                ),
                path,
            )

    with pytest.raises(Disagreement):
        released(path, plan, tmp_path / "out.parquet", progress=change)
    assert not (tmp_path / "out.parquet").exists()
