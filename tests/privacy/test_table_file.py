"""Files as they come: hostile ones, odd ones, and what they hold once read."""

import csv
import datetime
import io
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuali.privacy.cli import privacy
from mutuali.privacy.errors import BadTable, PrivacyError
from mutuali.privacy.plans.dialect import DELIMITERS, delimiter_of
from mutuali.privacy.plans.problems import Misfit
from mutuali.privacy.table_file import (
    distinct_texts,
    find_fault,
    is_parquet,
    open_table,
    whole,
    with_numbers,
)

real = pytest.mark.skipif("MUTUALI_REAL_DATA" not in os.environ, reason="needs MUTUALI_REAL_DATA")


def rows_of(path: Path) -> list[dict[str, Any]]:
    source = open_table(path)
    table = whole(source, source.schema.names)
    return [{name: cell or "" for name, cell in row.items()} for row in table.to_pylist()]


@real
def test_the_field_s_odd_files_say_what_they_should() -> None:
    folder = Path(os.environ["MUTUALI_REAL_DATA"]) / "csv-spectrum"
    paths = sorted((folder / "csvs").glob("*.csv"))
    assert len(paths) == 12

    for path in paths:
        expected = json.loads((folder / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
        if path.stem == "location_coordinates":  # published alone, and with another number
            expected = [expected | {"Contact Phone Number": "2095257564"}]
        assert rows_of(path) == expected, path.name


@real
def test_naughty_strings_leave_as_they_came_but_harmless(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strings = json.loads(
        (Path(os.environ["MUTUALI_REAL_DATA"]) / "naughty-strings/blns.json").read_text("utf-8")
    )
    monkeypatch.chdir(tmp_path)
    with Path("in.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("kind", "note"), *(("a", text) for text in strings)])
    Path("plan.toml").write_text(
        'version = "1"\n[columns.kind]\nrole = "quasi-identifier"\nprefixes = [1]\n'
        'domain = "table"\n[columns.note]\nrole = "plain"\n'
        '[[models]]\nmodel = "k-anonymity"\nk = 5\n',
        encoding="utf-8",
    )

    words = ["anonymize", "in.csv", "--plan", "plan.toml", "--to", "out.csv"]
    result = CliRunner().invoke(privacy, words, catch_exceptions=False)

    assert result.exit_code == 0, result.output
    with Path("out.csv").open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    risky = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
    expected = Counter("'" + text if text.startswith(risky) else text for text in strings)
    assert Counter(note for _, note in rows) == expected


cells = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=12)


@given(
    st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=8),
    st.sampled_from(DELIMITERS),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
@settings(deadline=None)
def test_what_a_writer_wrote_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, str]],
    delimiter: str,
    newline: str,
    mark: bool,
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline, quoting=csv.QUOTE_ALL)
    writer.writerows([("a", "b", "c"), *rows])
    path = tmp_path_factory.getbasetemp() / "written.csv"
    path.write_bytes(("\ufeff" * mark + text.getvalue()).encode())

    assert [tuple(row.values()) for row in rows_of(path)] == rows


@given(st.binary(max_size=60))
@settings(deadline=None)
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.csv"
    path.write_bytes(b"a,b\n" + data)
    try:
        rows_of(path)
    except PrivacyError:
        return
    find_fault(path)  # the strict reader agrees


@pytest.mark.parametrize(
    ("line", "delimiter"),
    [("a,b", ","), ("a;b;c,d", ";"), ("a\tb", "\t"), ('"a;b;c",d', ","), ("alone", ",")],
)
def test_the_delimiter_is_what_stands_between_most_cells(line: str, delimiter: str) -> None:
    assert delimiter_of(line) == delimiter


def test_parquet_is_known_by_its_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    pq.write_table(pa.table({"a": ["x", None, "y", "x", ""], "n": [1, 2, 3, 4, 5]}), path)

    assert is_parquet(path)
    assert distinct_texts(open_table(path), "a") == ["x", "y"]
    assert distinct_texts(open_table(path), "n") == ["1", "2", "3", "4", "5"]


def test_texts_become_numbers_or_say_which_one_is_none() -> None:
    table = pa.table({"a": ["1", "", None, "2.5"], "b": ["x", "1", "2", "3"]})

    assert with_numbers(table, ["a", "nowhere"]).column("a").to_pylist() == [1.0, None, None, 2.5]
    with pytest.raises(Misfit) as refusal:
        with_numbers(table, ["b"])
    assert refusal.value.details == {"column": "b", "row": 1, "value": "x"}


def test_instants_and_times_become_texts_that_rules_know(tmp_path: Path) -> None:
    noon = datetime.datetime(2026, 7, 4, 12, 30, tzinfo=datetime.UTC)
    path = tmp_path / "table.parquet"
    columns = {
        "plain": pa.array([noon.replace(tzinfo=None), None], pa.timestamp("us")),
        "zoned": pa.array([noon, None], pa.timestamp("ms", "America/Toronto")),
        "time": pa.array([noon.time(), None], pa.time64("us")),
        "day": pa.array([noon.date(), None]),
    }
    pq.write_table(pa.table(columns), path)

    assert rows_of(path)[0] == {
        "plain": "2026-07-04T12:30:00",
        "zoned": "2026-07-04T08:30:00",
        "time": "12:30:00",
        "day": noon.date(),
    }
    pq.write_table(pa.table({"a": pa.array([noon.replace(microsecond=5)])}), path)
    with pytest.raises(BadTable, match="between two seconds"):
        rows_of(path)
