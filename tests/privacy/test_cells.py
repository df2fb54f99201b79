"""Cells publish sums that hide who is behind them, and the second look agrees."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuali.privacy.cells.tabulate import (
    CellScheme,
    Coarser,
    Expected,
    Measure,
    Status,
    tabulate,
)
from mutuali.privacy.check.recount_cells import recount_cells
from mutuali.privacy.check.remeasure import remeasure_cells
from mutuali.privacy.errors import BadTable, Disagreement, PlanError, UnsafeOutput
from mutuali.privacy.text import to_csv

Row = dict[str, str | int | None]

LENT = Measure("lent", ("lender", "borrower"))
OFFERED = Measure("offered", ("lender",))
SCHEME = CellScheme(("quarter", "sector"), (LENT,), linked=(("quarter",),))


def loan(cell: str, lender: str, borrower: str, units: int | None = 1) -> Row:
    quarter, sector = cell.split("/")
    return {
        "quarter": quarter,
        "sector": sector,
        "lender": lender,
        "borrower": borrower,
        "lent": units,
    }


def many(cell: str, count: int, units: int = 1) -> list[Row]:
    """Loans between ``count`` lenders and as many borrowers, all different."""
    return [loan(cell, f"l{n}", f"b{n}", units) for n in range(count)]


def cells(*keys: str, gaps: Sequence[str] = ()) -> list[Expected]:
    return [Expected(tuple(key.split("/")), collected=key not in gaps) for key in keys]


def arrow(rows: list[Row]) -> pa.Table:
    return pa.Table.from_pylist(
        rows,
        pa.schema(
            [(name, pa.string()) for name in ("quarter", "sector", "lender", "borrower")]
            + [(name, pa.int64()) for name in ("lent", "offered")]
        ),
    )


def statuses(
    rows: list[Row], expected: list[Expected], scheme: CellScheme = SCHEME, measure: str = "lent"
) -> list[str | None]:
    table = tabulate(rows, scheme, expected).table
    measured = remeasure_cells(to_csv(table), rows, scheme, expected)
    assert recount_cells(to_csv(table), arrow(rows), scheme, expected) == measured
    return [str(status) for status in table.column(f"{measure}_status").to_pylist()]


def test_a_sum_is_published_as_the_nearest_multiple_of_five() -> None:
    rows = many("q1/a", 6, units=2) + many("q1/b", 13) + many("q1/c", 5, units=10)

    table = tabulate(rows, SCHEME, cells("q1/a", "q1/b", "q1/c")).table

    assert table.column("lent").to_pylist() == [10, 15, 50]
    assert set(table.column("lent_status").to_pylist()) == {"published"}


def test_zero_and_not_collected_are_different_and_all_cells_are_there() -> None:
    expected = cells("q1/a", "q1/b", "q1/c", gaps=["q1/c"])

    result = tabulate(many("q1/a", 6), SCHEME, expected)

    assert to_csv(result.table) == (
        b"quarter,sector,lent,lent_status\nq1,a,5,published\nq1,b,,zero\nq1,c,,not_collected\n"
    )
    assert (result.published, result.suppressed, result.zero, result.not_collected) == (1, 0, 1, 1)


def test_too_few_lenders_or_borrowers_hide_a_cell() -> None:
    few_lenders = [loan("q1/a", f"l{n % 4}", f"b{n}") for n in range(12)]
    few_borrowers = [loan("q1/b", f"l{n}", f"b{n % 4}") for n in range(12)]

    assert statuses(few_lenders + few_borrowers, cells("q1/a", "q1/b")) == ["suppressed"] * 2


def test_a_measure_hides_only_the_sides_it_needs() -> None:
    scheme = CellScheme(("quarter", "sector"), (OFFERED, LENT))
    rows: list[Row] = [
        {
            "quarter": "q1",
            "sector": "a",
            "lender": f"l{n}",
            "borrower": None,
            "offered": 4,
            "lent": None,
        }
        for n in range(5)
    ]

    assert statuses(rows, cells("q1/a"), scheme, "offered") == ["published"]
    assert statuses(rows, cells("q1/a"), scheme, "lent") == ["zero"]


@pytest.mark.parametrize(("units", "status"), [(9, "published"), (10, "suppressed")])
def test_one_contributor_with_more_than_half_hides_a_cell(units: int, status: str) -> None:
    rows = [*many("q1/a", 9), loan("q1/a", "large", "b9", units)]

    assert statuses(rows, cells("q1/a")) == [status]


@pytest.mark.parametrize(("rest", "status"), [(3, "suppressed"), (4, "published")])
def test_the_second_largest_cannot_estimate_the_largest(rest: int, status: str) -> None:
    """The second largest knows its 38: only what the others have is the cloak of the 40."""
    scheme = CellScheme(("quarter", "sector"), (LENT,), percent=10)
    rows = [loan("q1/a", "largest", "b1", 20), loan("q1/a", "largest", "b2", 20)]
    rows += [loan("q1/a", "second", "b3", 19), loan("q1/a", "second", "b4", 19)]
    rows += [loan("q1/a", f"l{n}", f"x{n}", units) for n, units in enumerate((1, 1, rest - 2))]

    assert statuses(rows, cells("q1/a"), scheme) == [status]
    if status == "suppressed":
        data = b"quarter,sector,lent,lent_status\nq1,a,80,published\n"
        for look in (remeasure_cells, recount_cells):
            with pytest.raises(UnsafeOutput, match="second largest"):
                look(data, arrow(rows) if look is recount_cells else rows, scheme, cells("q1/a"))


def test_a_table_that_is_wider_elsewhere_hides_no_part_alone() -> None:
    """The half-year is summed in another table: of its two quarters, one cannot be hidden alone."""
    halves = {"q1": "h1", "q2": "h1", "q3": "h2", "q4": "h2"}
    scheme = CellScheme(
        ("quarter", "sector"),
        (LENT,),
        linked=(("half", "sector"),),
        coarser={"half": Coarser("quarter", halves)},
    )
    rows = [row for quarter in ("q2", "q3", "q4") for row in many(f"{quarter}/a", 9)]
    rows += many("q1/a", 4)

    expected = cells("q1/a", "q2/a", "q3/a", "q4/a")
    assert statuses(rows, expected, scheme) == ["suppressed"] * 2 + ["published"] * 2
    data = to_csv(tabulate(rows, replace(scheme, linked=()), expected).table)
    for look in (remeasure_cells, recount_cells):
        with pytest.raises(UnsafeOutput, match="alone in"):
            look(data, arrow(rows) if look is recount_cells else rows, scheme, expected)


def test_what_nobody_collects_says_so_in_every_cell() -> None:
    trips = Measure("offered", ("lender", "borrower"), collected=False)
    scheme = CellScheme(("quarter", "sector"), (LENT, trips))
    rows: list[Row] = [row | {"offered": None} for row in many("q1/a", 6)]

    assert statuses(rows, cells("q1/a", "q1/b"), scheme, "offered") == ["not_collected"] * 2
    rows[0]["offered"] = 3
    for some in (rows, arrow(rows)):
        with pytest.raises(BadTable, match="nobody collects"):
            tabulate(some, scheme, cells("q1/a"))


def test_rows_of_zero_hide_nobody() -> None:
    rows = [*many("q1/a", 4), *(loan("q1/a", f"x{n}", f"y{n}", 0) for n in range(9))]

    assert statuses(rows, cells("q1/a")) == ["suppressed"]


def test_a_sum_of_zero_is_said_only_of_enough_contributors() -> None:
    rows = many("q1/a", 5, units=0) + many("q2/a", 4, units=0)

    assert statuses(rows, cells("q1/a", "q2/a")) == ["zero", "suppressed"]


def test_a_cell_that_hangs_on_one_contributor_is_hidden() -> None:
    hub = [loan("q1/a", "hub", f"b{n}") for n in range(4)]
    others = [loan("q1/a", f"l{n}", "hub") for n in range(4)] + [loan("q1/a", "l9", "b9", 3)]

    assert statuses(hub + others, cells("q1/a")) == ["suppressed"]


def test_a_hidden_cell_is_never_alone_among_cells_that_can_be_summed() -> None:
    rows = many("q1/a", 3) + many("q1/b", 9) + many("q1/c", 7) + many("q2/a", 6) + many("q2/b", 8)

    found = statuses(rows, cells("q1/a", "q1/b", "q1/c", "q2/a", "q2/b"))

    assert found == ["suppressed", "published", "suppressed", "published", "published"]


def test_hiding_for_one_group_does_not_expose_another() -> None:
    scheme = CellScheme(("quarter", "sector"), (LENT,), linked=(("quarter",), ("sector",)))
    sizes = {"q1/a": 3, "q1/b": 6, "q1/c": 9, "q2/a": 7, "q2/b": 8, "q2/c": 9}
    rows = [row for cell, size in sizes.items() for row in many(cell, size)]

    found = statuses(rows, cells(*sizes), scheme)

    hidden = {cell for cell, status in zip(sizes, found, strict=True) if status == "suppressed"}
    assert hidden == {"q1/a", "q1/b", "q2/a", "q2/b"}


def test_a_hidden_cell_with_nothing_published_beside_it_stays_as_it_is() -> None:
    expected = cells("q1/a", "q1/b", "q1/c", gaps=["q1/c"])

    assert statuses(many("q1/a", 3), expected) == ["suppressed", "zero", "not_collected"]


def test_arrow_tables_and_mappings_give_the_same_cells() -> None:
    rows = many("q1/a", 6) + many("q1/b", 7)

    assert tabulate(pa.Table.from_pylist(rows), SCHEME, cells("q1/a", "q1/b")) == tabulate(
        rows, SCHEME, cells("q1/a", "q1/b")
    )


def test_a_table_without_rows_is_a_table_of_zeros() -> None:
    assert statuses([], cells("q1/a", "q1/b", gaps=["q1/b"])) == ["zero", "not_collected"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (loan("q1/z", "l", "b"), "column 'quarter', row 0: cell \\('q1', 'z'\\) is not expected"),
        (loan("q1/b", "l", "b"), "was not collected"),
        (loan("q1/a", "l", "b", -1), "column 'lent', row 0: -1 is no whole number"),
        (loan("q1/a", "l", "b") | {"lent": "3"}, "no whole number"),
        (loan("q1/a", "l", "b") | {"lent": True}, "no whole number"),
        (loan("q1/a", "", "b"), "column 'lender', row 0: every row needs its contributor"),
        ({"quarter": "q1"}, "column 'sector', row 0: the row has no such column"),
    ],
)
def test_a_row_that_does_not_fit_is_named(row: Row, message: str) -> None:
    with pytest.raises(BadTable, match=message):
        tabulate([row], SCHEME, cells("q1/a", "q1/b", gaps=["q1/b"]))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (loan("q1/z", "l", "b"), "column 'quarter', row 1: cell \\('q1', 'z'\\) is not expected"),
        (loan("q1/b", "l", "b"), "row 1: cell .* was not collected"),
        (loan("q1/a", "l", "b", -1), "column 'lent', row 1: -1 is no whole number"),
        (loan("q1/a", "", "b"), "column 'lender', row 1: every row needs its contributor"),
    ],
)
def test_a_row_of_an_arrow_table_that_does_not_fit_is_named(row: Row, message: str) -> None:
    rows = arrow([loan("q1/a", "l", "b", None), row])
    with pytest.raises(BadTable, match=message):
        tabulate(rows, SCHEME, cells("q1/a", "q1/b", gaps=["q1/b"]))


def test_a_measure_of_an_arrow_table_is_whole_numbers() -> None:
    rows = pa.Table.from_pylist([loan("q1/a", "l", "b") | {"lent": "3"}])
    with pytest.raises(BadTable, match="'3' is no whole number"):
        tabulate(rows, SCHEME, cells("q1/a"))


def test_a_table_without_a_column_is_refused() -> None:
    with pytest.raises(BadTable, match="column 'sector'"):
        tabulate(pa.table({"quarter": ["q1"]}), SCHEME, cells("q1/a"))


def test_a_cell_cannot_be_expected_twice_or_with_other_keys() -> None:
    with pytest.raises(PlanError, match="expected twice"):
        tabulate([], SCHEME, cells("q1/a", "q1/a"))
    with pytest.raises(PlanError, match="does not have the keys"):
        tabulate([], SCHEME, [Expected(("q1",))])


def test_a_scheme_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(PlanError, match="one or more different sides"):
        Measure("lent", ())
    for broken in (
        {"keys": (), "measures": (LENT,)},
        {"keys": ("lent",), "measures": (LENT,)},
        {"keys": ("quarter",), "measures": (LENT,), "linked": (("sector",),)},
        {"keys": ("quarter",), "measures": (LENT,), "k": 1},
        {"keys": ("quarter",), "measures": (LENT,), "percent": -1},
        {"keys": ("quarter",), "measures": (LENT,), "coarser": {"half": Coarser("month", {})}},
        {"keys": ("lender",), "measures": (LENT,)},
    ):
        with pytest.raises(PlanError):
            CellScheme(**broken)


def tampered(data: bytes, line: int, *cells: str) -> bytes:
    lines = list(csv.reader(io.StringIO(data.decode())))
    lines[line][-2:] = cells
    return "".join(",".join(row) + "\n" for row in lines).encode()


@pytest.mark.parametrize(
    ("line", "changed", "error"),
    [
        (1, ("15", "published"), Disagreement),  # another value
        (1, ("", "zero"), Disagreement),
        (1, ("10", "suppressed"), Disagreement),  # a value that should be hidden
        (3, ("5", "published"), UnsafeOutput),
        (4, ("", "suppressed"), UnsafeOutput),  # alone in its quarter
        (5, ("", "not_collected"), Disagreement),
        (5, ("", "secret"), Disagreement),
        (6, ("", "zero"), Disagreement),
    ],
)
def test_a_cell_that_is_not_true_or_not_safe_is_refused(
    line: int, changed: tuple[str, str], error: type[Exception]
) -> None:
    rows = many("q1/a", 9) + many("q1/b", 6) + many("q1/c", 3) + many("q2/a", 6)
    rows += many("q2/d", 8)
    expected = cells("q1/a", "q1/b", "q1/c", "q2/a", "q2/b", "q2/c", "q2/d", gaps=["q2/c"])
    data = to_csv(tabulate(rows, SCHEME, expected).table)
    assert remeasure_cells(data, rows, SCHEME, expected).suppressed == 2

    with pytest.raises(error):
        remeasure_cells(tampered(data, line, *changed), rows, SCHEME, expected)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (many("q1/a", 4), "4 contributors on a side"),
        ([*many("q1/a", 4), *(loan("q1/a", "l0", f"b{n}") for n in range(9))], "4 contributors"),
        ([*many("q1/a", 6), loan("q1/a", "l9", "b9", 7)], "more than half"),
        (
            [loan("q1/a", "l0", f"b{n}") for n in range(5)]
            + [loan("q1/a", f"l{n}", "b0", 2) for n in range(1, 5)],
            "5 contributors on a side, 1 without one",
        ),
    ],
)
def test_a_figure_that_should_have_been_hidden_is_refused(rows: list[Row], message: str) -> None:
    total = sum(int(row["lent"] or 0) for row in rows)
    data = f"quarter,sector,lent,lent_status\nq1,a,{round(total / 5) * 5},published\n".encode()

    assert statuses(rows, cells("q1/a")) == ["suppressed"]
    with pytest.raises(UnsafeOutput, match=message):
        remeasure_cells(data, rows, SCHEME, cells("q1/a"))


def test_cells_that_are_missing_or_moved_are_refused() -> None:
    rows, expected = many("q1/a", 9), cells("q1/a", "q1/b")
    data = to_csv(tabulate(rows, SCHEME, expected).table)

    for other in (expected[:1], expected[::-1], [*expected, *cells("q1/c")]):
        with pytest.raises(Disagreement, match="not the expected ones"):
            remeasure_cells(data, rows, SCHEME, other)
    with pytest.raises(Disagreement, match="columns"):
        remeasure_cells(data.replace(b"lent", b"lender", 1), rows, SCHEME, expected)


def test_risky_key_texts_are_harmless_in_the_bytes_and_recognized() -> None:
    rows = [row | {"sector": "=1+1"} for row in many("q1/a", 6)]

    assert statuses(rows, [Expected(("q1", "=1+1"))]) == ["published"]


ORGANIZATIONS = st.sampled_from([f"org{n}" for n in range(7)])
LOANS = st.builds(
    loan,
    st.sampled_from(["q1/a", "q1/b", "q2/a", "q2/b", "q2/c"]),
    ORGANIZATIONS,
    ORGANIZATIONS,
    st.sampled_from([None, 0, 1, 1, 2, 7]),
)


@settings(max_examples=200, deadline=None, database=None)
@given(st.lists(LOANS, max_size=60), st.integers(2, 4), st.sampled_from([0, 10, 60]))
def test_what_is_published_passes_the_second_look(rows: list[Row], k: int, percent: int) -> None:
    linked = (("quarter",), ("sector",), ())
    scheme = CellScheme(("quarter", "sector"), (LENT, OFFERED), linked, k, 3, percent)
    rows = [row | {"offered": row["lent"]} for row in rows]
    expected = cells("q1/a", "q1/b", "q1/c", "q2/a", "q2/b", "q2/c")

    result = tabulate(rows, scheme, expected)

    assert tabulate(arrow(rows), scheme, expected) == result
    measured = remeasure_cells(to_csv(result.table), rows, scheme, expected)
    assert recount_cells(to_csv(result.table), arrow(rows), scheme, expected) == measured
    assert measured.to_dict() == {status.value: getattr(result, status.value) for status in Status}
