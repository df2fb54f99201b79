"""The bytes of a table are exact, stable, and harmless in a spreadsheet."""

import csv
import io

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuali.privacy.check.raw import Rows
from mutuali.privacy.text import RISKY, to_csv


def test_a_table_is_a_header_and_lines_that_end_in_a_line_feed() -> None:
    table = pa.table({"lieu": ["Montréal", None], "unités": [3, -5]})

    assert to_csv(table) == "lieu,unités\nMontréal,3\n,-5\n".encode()


def test_each_kind_of_value_has_one_spelling() -> None:
    table = pa.table({"b": [True, False], "f": [0.1, -0.0], "d": pa.array([0, 1], pa.date32())})

    assert to_csv(table) == b"b,f,d\ntrue,0.1,1970-01-01\nfalse,-0.0,1970-01-02\n"


@pytest.mark.parametrize("start", RISKY)
def test_text_that_a_spreadsheet_could_run_is_quoted_by_an_apostrophe(start: str) -> None:
    lines = list(csv.reader(io.StringIO(to_csv(pa.table({"a": [f"{start}x"]})).decode(), "")))

    assert lines[1] == [f"'{start}x"]


def test_a_header_cannot_be_run_either() -> None:
    assert to_csv(pa.table({"=cmd": ["x"]})) == b"'=cmd\nx\n"


def test_an_empty_cell_alone_on_its_line_is_still_a_line() -> None:
    assert to_csv(pa.table({"a": [None, "x"]})) == b'a\n""\nx\n'


def test_a_dictionary_or_chunked_column_gives_the_bytes_of_the_plain_one() -> None:
    plain = pa.table({"a": ["x", None, "y", "x"]})
    encoded = pa.table({"a": plain.column("a").combine_chunks().dictionary_encode()})
    chunked = pa.concat_tables([plain.slice(0, 1), plain.slice(1)])

    assert to_csv(plain) == to_csv(encoded) == to_csv(chunked)
    assert list(Rows(plain)) == list(Rows(encoded)) == list(Rows(chunked)) == plain.to_pylist()


@settings(deadline=None, database=None)
@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=6))
def test_what_is_written_can_be_read_back(pairs: list[tuple[str, str]]) -> None:
    table = pa.table(
        {name: pa.array([p[i] for p in pairs], pa.string()) for i, name in ((0, "a"), (1, "b"))}
    )

    _, *lines = csv.reader(io.StringIO(to_csv(table).decode(), newline=""), strict=True)

    assert [[cell.removeprefix("'") for cell in line] for line in lines] == [
        [cell.removeprefix("'") for cell in pair] for pair in pairs
    ]


def test_rows_are_seen_one_by_one_or_as_a_slice() -> None:
    table = pa.table({"a": [1, 2, 3], "b": ["x", None, "x"]})

    rows = Rows(table)

    assert len(rows) == 3
    assert rows[1] == {"a": 2, "b": None}
    assert rows[1:] == table.to_pylist()[1:]
