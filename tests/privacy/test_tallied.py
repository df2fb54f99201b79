"""Sensitive values of a large release, counted by sorting, are those counted line by line."""

import ast
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuali.privacy.check import stream
from mutuali.privacy.check.remeasure_models import Counts, Seen
from mutuali.privacy.check.tallied import Groups, Tallied

TEXTS = ("closed", "late", "cancelled", "declined")


@st.composite
def lines(draw: st.DrawFn) -> list[tuple[int, int, tuple[int, ...], int]]:
    """Class, value, who met, rows; the classes are numbered without gaps."""
    columns = draw(st.integers(0, 3))
    people = st.tuples(*[st.integers(0, 4)] * columns)
    line = st.tuples(st.integers(0, 3), st.integers(0, len(TEXTS) - 1), people, st.integers(1, 3))
    drawn = draw(st.lists(line, min_size=1, max_size=25))
    numbers = {of: number for number, of in enumerate(sorted({of for of, *_ in drawn}))}
    return [(numbers[of], value, met, rows) for of, value, met, rows in drawn]


def _groups(found: list[tuple[int, int, tuple[int, ...], int]]) -> Groups:
    of, values, met, rows = zip(*found, strict=True)
    people = {f"person {n}": column for n, column in enumerate(zip(*met, strict=True))}
    table = pa.table({"class": of, "sensitive 0": values, **people, "rows": rows})
    return Groups.read(table, "sensitive 0", list(people))


def _seen(found: list[tuple[int, int, tuple[int, ...], int]], of: int | None = None) -> Seen:
    mine = [line for line in found if of in (None, line[0])]
    return Seen(
        [TEXTS[value] for _, value, _, _ in mine],
        [tuple(map(str, met)) for _, _, met, _ in mine],
        [rows for *_, rows in mine],
    )


def _told(counts: Iterable[Counts]) -> set[frozenset[tuple[str, int]]]:
    return {frozenset(each.items()) for each in counts}


@settings(deadline=None)
@given(lines(), st.sampled_from([1, 30, 1 << 22]))
def test_a_large_release_is_counted_as_a_small_one(
    found: list[tuple[int, int, tuple[int, ...], int]], cells: int
) -> None:
    classes = max(of for of, *_ in found) + 1
    groups = _groups(found)
    everybody = Groups(groups.of * 0, groups.values, groups.met, groups.rows)
    large = Tallied(TEXTS, groups, everybody, classes, cells=cells)
    small = [_seen(found, of) for of in range(classes)]
    for side in (None, *range(len(groups.met))):
        assert large.whole(side) == _seen(found).counts(side)
        assert list(large.classes(side)) == [each.counts(side) for each in small]
        left = [rest for each in small for rest in each.without_each(side)]
        assert _told(large.without_each(side)) == _told(left)
    for coalition in (1, 2):
        left_of_values = [each.values_left(coalition) for each in small]
        assert list(large.values_left(coalition)) == left_of_values


@pytest.mark.parametrize("name", ["stream", "codes", "reopened", "standing", "tallied"])
def test_the_count_of_a_large_release_shares_no_code_with_what_made_it(name: str) -> None:
    folder = Path(stream.__file__).parent
    ours = {"check", "engines", "errors", "plan", "progress", "report"}
    for node in ast.walk(ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("mutuali"):
            _, package, room, *_ = str(node.module).split(".")
            assert (package, room in ours) == ("privacy", True), node.module
