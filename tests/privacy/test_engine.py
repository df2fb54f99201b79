"""A release says no more than the plan allows, in an order that says nothing."""

import datetime
import json
import subprocess
import sys

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from mutuali.privacy.engine import deidentify
from mutuali.privacy.engines import sorting
from mutuali.privacy.errors import BadTable, NothingToRelease, Reason, UnknownValue
from mutuali.privacy.plan import Column, Diversity, Hierarchy, KAnonymity, Plan, Role
from mutuali.privacy.text import to_csv
from tests.privacy.lookalike import loan_plan, loans

PLACES = Hierarchy.of({place: ["north" if place < "c" else "south", "*"] for place in "abcd"})


def place_plan(*sides: str, k: int = 2, limit: float = 0, hierarchy: Hierarchy = PLACES) -> Plan:
    return Plan(
        version="1",
        columns=(
            Column("place", Role.QUASI_IDENTIFIER, hierarchy),
            *(Column(side, Role.CONTRIBUTOR) for side in sides),
        ),
        models=(KAnonymity(k),),
        suppression_limit=limit,
        sides=sides,
    )


def places(*values: str | int | None) -> pa.Table:
    return pa.table({"place": values})


def test_only_columns_that_the_plan_releases_leave() -> None:
    release = deidentify(loans(600, 40, 40), loan_plan("lender", "borrower", limit=0.3))

    assert release.table.column_names == [*(f"q{n}" for n in range(7)), "state", "units"]


def test_each_released_row_is_a_coarser_form_of_its_witness() -> None:
    table = loans(600, 40, 40)

    release = deidentify(table, loan_plan("lender", limit=0.3))

    assert len(set(release.witness.tolist())) == release.table.num_rows < table.num_rows
    kept = table.take(pa.array(release.witness))
    assert release.table.column("units") == kept.column("units")
    assert release.table.column("state") == kept.column("state")


def test_the_order_of_the_source_changes_neither_rows_nor_bytes() -> None:
    table, plan = loans(800, 40, 40), loan_plan("lender", "borrower", limit=0.3)
    order = np.random.default_rng(1).permutation(table.num_rows)

    first, second = deidentify(table, plan), deidentify(table.take(pa.array(order)), plan)

    assert to_csv(first.table) == to_csv(second.table)
    assert first.report == second.report


def test_lines_are_sorted_by_their_cells() -> None:
    release = deidentify(loans(800, 40, 40), loan_plan("lender", limit=0.3))

    lines = to_csv(release.table).decode().splitlines()[1:]
    assert [line.split(",") for line in lines] == sorted(line.split(",") for line in lines)


def test_k_counts_contributors_and_not_rows() -> None:
    busy = pa.table({"place": ["a"] * 9 + ["b"] * 2, "lender": ["x"] * 9 + ["y", "z"]})

    assert deidentify(busy, place_plan("lender", limit=0.9)).table.to_pylist() == [
        {"place": "north"} for _ in range(11)
    ]
    kept = deidentify(busy, place_plan(limit=0.9))
    assert kept.report.columns[0].level_name == "0"


def test_a_class_that_hangs_on_one_contributor_is_not_released() -> None:
    # Three lenders and three borrowers; without "hub" only one pair is left.
    star = [("hub", "b1"), ("hub", "b2"), ("l2", "hub"), ("l3", "b3")]
    ring = [("l1", "b1"), ("l2", "b2"), ("l3", "b3")]
    table = pa.table(
        {
            "place": ["a"] * len(star) + ["c"] * len(ring),
            "lender": [lender for lender, _ in star + ring],
            "borrower": [borrower for _, borrower in star + ring],
        }
    )

    release = deidentify(table, place_plan("lender", "borrower", k=3, limit=0.6))

    assert set(release.witness.tolist()) == {4, 5, 6}
    lenders = release.report.sizes[1]
    assert (lenders.minimum, lenders.minimum_without) == (3, 2)


def test_without_a_coalition_the_same_class_is_released() -> None:
    table = pa.table(
        {
            "place": ["a"] * 4,
            "lender": ["hub", "hub", "l2", "l3"],
            "borrower": ["b1", "b2", "hub", "b3"],
        }
    )
    plan = place_plan("lender", "borrower", k=3)
    trusting = Plan(plan.version, plan.columns, plan.models, 0, plan.sides, coalition=0)

    with pytest.raises(NothingToRelease):
        deidentify(table, plan)
    report = deidentify(table, trusting).report
    assert [size.minimum_without for size in report.sizes] == [1, 1, 1]


def test_a_contributor_that_is_not_counted_can_still_be_taken_away() -> None:
    table = pa.table(
        {"place": ["a"] * 4, "lender": ["x", "x", "x", "y"], "borrower": ["1", "2", "3", "4"]}
    )
    plan = place_plan("lender", "borrower", k=4)
    counted = Plan(plan.version, plan.columns, plan.models, 0, ("borrower",))

    with pytest.raises(NothingToRelease):
        deidentify(table, counted)


def test_where_rows_count_a_contributor_can_still_be_taken_away() -> None:
    table = pa.table({"place": ["a"] * 4 + ["c"] * 4, "lender": list("xxxy") + list("xxyy")})
    plan = place_plan("lender", k=3, limit=0.5)
    by_rows = Plan(plan.version, plan.columns, plan.models, 0.5)

    release = deidentify(table, by_rows)

    assert set(release.witness.tolist()) == {4, 5, 6, 7}


def test_numbers_and_texts_name_the_same_contributor() -> None:
    table = pa.table({"place": ["a"] * 3, "lender": [1, 1, 2], "borrower": ["2", "3", "1"]})

    with pytest.raises(NothingToRelease) as refusal:
        deidentify(table, place_plan("lender", "borrower", k=2))

    # Without 1 nothing is left, although two lenders and three borrowers were there.
    assert refusal.value.reason is Reason.NO_SCHEME_PASSES


def test_missing_values_are_a_value_of_their_own() -> None:
    release = deidentify(places("a", "a", None, None, ""), place_plan())

    assert release.table.column("place").to_pylist() == [None, None, None, "a", "a"]
    alone = deidentify(places("a", "a", None), place_plan(limit=0.5))
    assert alone.report.rows_suppressed == 1


def test_a_column_that_is_all_missing_is_handled() -> None:
    release = deidentify(pa.table({"place": pa.nulls(3)}), place_plan())

    assert release.table.column("place").to_pylist() == [None, None, None]
    assert release.report.loss == 0


def test_a_hierarchy_may_say_what_missing_values_become() -> None:
    known = Hierarchy.of({"a": ["known", "*"], None: ["known", "*"]})

    release = deidentify(places("a", None), place_plan(hierarchy=known))

    assert release.table.column("place").to_pylist() == ["known", "known"]


@pytest.mark.parametrize(
    ("values", "hierarchy", "expected"),
    [
        (pa.array([1, 2, 11]), Hierarchy.bands([1, 2, 11], [(1, 11)]), ["1-2", "1-2", "11"]),
        (pa.array([True, False]), Hierarchy.of({True: ["*"], False: ["*"]}), ["*", "*"]),
        (
            pa.array([datetime.date(2026, 1, 31), datetime.date(2026, 3, 1)]),
            Hierarchy.of({"2026-01-31": ["2026-Q1", "*"], "2026-03-01": ["2026-Q1", "*"]}),
            ["2026-Q1", "2026-Q1"],
        ),
        (pa.array(["a", "b"]).dictionary_encode(), PLACES, ["north", "north"]),
    ],
)
def test_numbers_dates_and_booleans_are_looked_up_by_their_text(
    values: pa.Array, hierarchy: Hierarchy, expected: list[str]
) -> None:
    plan = place_plan(limit=0.4, hierarchy=hierarchy)

    released = deidentify(pa.table({"place": values}), plan).table.column("place").to_pylist()

    assert released == [label for label in expected if label != "11"]


def test_sensitive_and_plain_columns_keep_their_type() -> None:
    plan = Plan(
        version="1",
        columns=(
            Column("place", Role.QUASI_IDENTIFIER, PLACES),
            Column("hours", Role.SENSITIVE),
            Column("day", Role.PLAIN),
        ),
        models=(KAnonymity(2), Diversity("hours")),
    )
    day = datetime.date(2026, 1, 1)
    table = pa.table({"place": ["a", "a"], "hours": [1.5, -2.0], "day": [day, None]})

    assert to_csv(deidentify(table, plan).table) == b"place,hours,day\na,-2.0,\na,1.5,2026-01-01\n"


def test_an_unknown_value_is_named_with_its_column_and_first_row() -> None:
    with pytest.raises(UnknownValue, match="column 'place', row 2: value 'x'") as refusal:
        deidentify(places("a", None, "x", "b", "y", "x"), place_plan())

    assert (refusal.value.column, refusal.value.row, refusal.value.value) == ("place", 2, "x")


def test_a_row_without_its_contributor_is_named() -> None:
    table = pa.table({"place": ["a", "b"], "lender": ["x", ""]})

    with pytest.raises(BadTable, match="column 'lender', row 1: every row needs its contributor"):
        deidentify(table, place_plan("lender"))


def test_a_missing_column_is_named() -> None:
    with pytest.raises(BadTable, match="column 'place': the table has no such column"):
        deidentify(pa.table({"site": ["a"]}), place_plan())


@pytest.mark.parametrize("role", [Role.QUASI_IDENTIFIER, Role.PLAIN, Role.CONTRIBUTOR])
def test_an_instant_never_passes(role: Role) -> None:
    hierarchy = Hierarchy.of({"x": ["*"]}) if role is Role.QUASI_IDENTIFIER else None
    plan = Plan(
        version="1",
        columns=(
            Column("place", Role.QUASI_IDENTIFIER, PLACES),
            Column("at", role, hierarchy),
        ),
        models=(KAnonymity(2),),
    )
    instant = pa.array([0, 1], pa.timestamp("us", "UTC"))

    with pytest.raises(BadTable, match="column 'at': values of type timestamp"):
        deidentify(pa.table({"place": ["a", "a"], "at": instant}), plan)


def test_an_empty_table_has_nothing_to_release() -> None:
    with pytest.raises(NothingToRelease) as refusal:
        deidentify(pa.table({"place": pa.array([], pa.string())}), place_plan())

    assert refusal.value.reason is Reason.EMPTY_TABLE


def test_fewer_contributors_than_k_have_nothing_to_release() -> None:
    table = pa.table({"place": ["a"] * 9, "lender": ["x"] * 9})

    with pytest.raises(NothingToRelease, match="side 'lender': 1 contributors") as refusal:
        deidentify(table, place_plan("lender"))

    assert refusal.value.reason is Reason.TOO_FEW_CONTRIBUTORS


def test_a_release_of_no_rows_is_no_release() -> None:
    table = pa.table({"place": ["a"] * 3, "lender": ["x", "x", "y"], "borrower": ["y", "z", "x"]})

    with pytest.raises(NothingToRelease) as refusal:
        deidentify(table, place_plan("lender", "borrower", limit=1))

    assert refusal.value.reason is Reason.ALL_SUPPRESSED


def test_the_report_is_json_and_names_the_plan_and_the_levels() -> None:
    plan = loan_plan("lender", "borrower", limit=0.3)
    report = deidentify(loans(900, 40, 40), plan).report

    content = json.loads(json.dumps(report.to_dict()))
    assert content["plan_hash"] == plan.hash
    assert content["rows_in"] == 900 == content["rows_out"] + content["rows_suppressed"]
    assert [size["unit"] for size in content["sizes"]] == ["rows", "lender", "borrower"]
    assert content["highest_risk"] == 1 / min(size["minimum"] for size in content["sizes"][1:])
    assert content["columns_below_top"] == sum(
        column["level"] < column["levels"] - 1 for column in content["columns"]
    )
    assert content["loss"] == pytest.approx(sum(c["loss"] for c in content["columns"]) / 7)


def test_the_database_inside_reads_no_file_and_keeps_its_locks() -> None:
    connection = duckdb.connect(":memory:", config=sorting.LOCKED_DOWN)
    connection.execute(sorting.LOCK)

    with pytest.raises(Exception, match="disabled"):
        connection.execute("SELECT * FROM read_text('pyproject.toml')")
    with pytest.raises(Exception, match="locked"):
        connection.execute("SET enable_external_access = true")
    connection.close()


def test_importing_the_doors_of_the_engine_loads_nothing_heavy() -> None:
    program = (
        "import sys\n"
        "from mutuali.privacy import engine, files, plan, report, text\n"
        "from mutuali.privacy.cells import tabulate\n"
        "from mutuali.privacy.check import raw, remeasure\n"
        "print(sorted({'numpy', 'pyarrow', 'duckdb', 'ibis', 'pandas'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert done.stdout == b"[]\n"
