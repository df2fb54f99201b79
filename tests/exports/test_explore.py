"""Looking into a table: the same as counting its lines one by one, and never more than they say."""

import random
from collections import defaultdict
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuali.core.errors import NotFound
from mutuali.exports.rules.catalogue import (
    CAPACITY_TABLE,
    FLOWS_BY_YEAR,
    USE_BY_FAMILY_AND_HALF,
    ColumnRole,
    DeclaredTable,
)
from mutuali.exports.service.explore import PAGE, Look, explore

BASE = 5


def table_of(declared: DeclaredTable, lines: list[dict[str, Any]]) -> pa.Table:
    """The lines as they come out of a bundle: texts as dictionaries, figures as numbers."""
    columns = {}
    for column in declared.columns:
        values = [line[column.name] for line in lines]
        if column.role is ColumnRole.FIGURE:
            columns[column.name] = pa.array(values, pa.int64())
        else:
            columns[column.name] = pa.array(values, pa.string()).dictionary_encode()
    return pa.table(columns)


def made_up(declared: DeclaredTable, count: int, seed: int) -> list[dict[str, Any]]:
    """``count`` lines with a few values for each key; some figures are hidden, some nought."""
    dice = random.Random(seed)
    lines = []
    for _ in range(count):
        line: dict[str, Any] = {}
        for key in declared.keys:
            line[key] = dice.choice(["a", "b", "c"])
        for column in declared.columns:
            if column.role is ColumnRole.NAME:
                line[column.name] = f"Organisme {dice.randint(1, 9)}"
        for figure in declared.figures:
            status = dice.choice(["published", "published", "suppressed", "zero"])
            line[f"{figure}_status"] = status
            line[figure] = BASE * dice.randint(1, 40) if status == "published" else None
        lines.append(line)
    return lines


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(0, 40),
    seed=st.integers(0, 10_000),
    by=st.sampled_from(["family", "half_year"]),
    figure=st.sampled_from(["loans", "unit_hours_lent"]),
    where=st.dictionaries(
        st.sampled_from(["family", "half_year"]), st.sampled_from(["a", "b"]), max_size=2
    ),
)
def test_sums_are_those_of_counting_line_by_line(
    count: int, seed: int, by: str, figure: str, where: dict[str, str]
) -> None:
    lines = made_up(USE_BY_FAMILY_AND_HALF, count, seed)
    rows = table_of(USE_BY_FAMILY_AND_HALF, lines)
    found = explore(rows, USE_BY_FAMILY_AND_HALF, Look(where, by, figure), BASE)

    kept = [line for line in lines if all(line[key] == v for key, v in where.items())]
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in kept:
        groups[line[by]].append(line)
    assert found.count == len(kept)
    assert [each.values for each in found.sums] == [(value,) for value in sorted(groups)]
    for each in found.sums:
        group = groups[each.values[0]]
        shown = [line for line in group if line[f"{figure}_status"] == "published"]
        hidden = [line for line in group if line[f"{figure}_status"] == "suppressed"]
        total = sum(line[figure] for line in shown)
        assert (each.total, each.shown, each.hidden) == (total, len(shown), len(hidden))
        # Each shown figure is within half the base of the truth; a hidden one is nought at least.
        assert each.low == max(len(shown), total - 2 * len(shown))
        assert each.high == (None if hidden else total + 2 * len(shown))


@settings(max_examples=60, deadline=None)
@given(
    truth=st.lists(st.tuples(st.integers(5, 400), st.booleans()), min_size=1, max_size=30),
    base=st.sampled_from([5, 10, 15, 20, 25]),
)
def test_what_a_sum_is_said_to_be_holds_the_true_one(
    truth: list[tuple[int, bool]], base: int
) -> None:
    lines: list[dict[str, Any]] = []
    for value, is_hidden in truth:
        rounded = (2 * value + base) // (2 * base) * base
        cells = (None, "suppressed") if is_hidden else (rounded, "published")
        line: dict[str, Any] = {"family": "a", "half_year": "b"}
        for figure in USE_BY_FAMILY_AND_HALF.figures:
            line[figure], line[f"{figure}_status"] = cells
        lines.append(line)
    rows = table_of(USE_BY_FAMILY_AND_HALF, lines)
    (found,) = explore(rows, USE_BY_FAMILY_AND_HALF, Look({}), base).sums
    whole = sum(value for value, _is_hidden in truth)
    assert found.low <= whole
    assert found.high is None or whole <= found.high


def test_pages_follow_the_file_line_by_line() -> None:
    lines = made_up(USE_BY_FAMILY_AND_HALF, 2 * PAGE + 7, 3)
    rows = table_of(USE_BY_FAMILY_AND_HALF, lines)
    read: list[dict[str, Any]] = []
    for page in (1, 2, 3):
        found = explore(rows, USE_BY_FAMILY_AND_HALF, Look({}, page=page), BASE)
        read += [dict(line) for line in found.lines]
    assert read == lines


def test_a_list_of_names_counts_lines_and_is_never_summed_by_a_name() -> None:
    lines = made_up(CAPACITY_TABLE, 30, 5)
    rows = table_of(CAPACITY_TABLE, lines)
    found = explore(rows, CAPACITY_TABLE, Look({}, by="zone"), 0)
    assert sum(each.total for each in found.sums) == 30
    assert set(found.choices) == {"family", "zone", "units_band"}
    with pytest.raises(NotFound):
        explore(rows, CAPACITY_TABLE, Look({}, by="organization"), 0)
    with pytest.raises(NotFound):
        explore(rows, CAPACITY_TABLE, Look({"organization": "Organisme 1"}), 0)


def test_a_column_that_is_not_there_is_not_found() -> None:
    rows = table_of(USE_BY_FAMILY_AND_HALF, made_up(USE_BY_FAMILY_AND_HALF, 3, 1))
    for look in (Look({"loans": "5"}), Look({}, by="loans"), Look({}, figure="family")):
        with pytest.raises(NotFound):
            explore(rows, USE_BY_FAMILY_AND_HALF, look, BASE)


def test_a_table_from_place_to_place_sums_each_pair() -> None:
    lines = made_up(FLOWS_BY_YEAR, 50, 9)
    rows = table_of(FLOWS_BY_YEAR, lines)
    found = explore(rows, FLOWS_BY_YEAR, Look({}, figure="loans"), BASE)
    totals: dict[tuple[str, str], int] = defaultdict(int)
    for line in lines:
        totals[line["lender_zone"], line["borrower_zone"]] += line["loans"] or 0
    assert {each.values: each.total for each in found.pairs} == totals
    assert (
        explore(
            table_of(USE_BY_FAMILY_AND_HALF, made_up(USE_BY_FAMILY_AND_HALF, 3, 1)),
            USE_BY_FAMILY_AND_HALF,
            Look({}),
            BASE,
        ).pairs
        == ()
    )
