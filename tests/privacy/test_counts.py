"""Protected tables of counts, by the function and by the command."""

import csv
import io
import itertools
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuali.privacy.check.remeasure_counts import covering, remeasure_counts
from mutuali.privacy.cli import privacy
from mutuali.privacy.counts import Axis, Counts, count, counts_table
from mutuali.privacy.errors import Disagreement, PrivacyError, UnsafeOutput
from mutuali.privacy.hierarchy import Hierarchy
from mutuali.privacy.plan import Column, KAnonymity, Plan, Role
from mutuali.privacy.plans.problems import Misfit
from mutuali.privacy.plans.reading import CountRules
from mutuali.privacy.text import to_csv
from tests.privacy.lookalike import loans

KINDS = Hierarchy.table(
    [("fridge", "cold", "*"), ("freezer", "cold", "*"), ("truck", "wheels", "*")],
    ("kind", "family", "all"),
)
PLAN = Plan(
    "1",
    (
        Column("kind", Role.QUASI_IDENTIFIER, KINDS),
        Column("state", Role.PLAIN),
        Column("lender", Role.CONTRIBUTOR),
    ),
    (KAnonymity(2),),
)
KIND, STATE = Axis.of("kind", PLAN), Axis.of("state", PLAN)

Rows = list[dict[str, str | None]]


def table_of(rows: Rows) -> pa.Table:
    names = ("kind", "state", "lender")
    return pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in names})


def rows_of(*counts: tuple[str | None, str, int]) -> Rows:
    """So many rows of each kind and state, each of a lender of its own."""
    numbers = itertools.count()
    return [
        {"kind": kind, "state": state, "lender": f"org{next(numbers)}"}
        for kind, state, times in counts
        for _ in range(times)
    ]


def behind(rows: Rows, key: tuple[str, ...]) -> Rows:
    kind, state = key
    return [
        row
        for row in rows
        if kind in covering(KINDS, 0, [row["kind"]])[row["kind"] or ""]
        and state in (row["state"] or "", "*")
    ]


def test_counts_have_totals_and_families_and_no_secret() -> None:
    rows = rows_of(("fridge", "good", 20), ("freezer", "good", 9), ("fridge", "worn", 7))

    found = count(table_of(rows), [KIND, STATE], ["lender"], CountRules(k=3))

    assert found.cells["*", "*"] == "36"
    assert found.cells["cold", "good"] == "29"
    assert found.cells["wheels", "worn"] == "zero"
    assert (found.hidden, found.unsafe, found.attackers) == (0, 0, 37)
    assert found.dimensions[0].labels == ("*", "cold", "fridge", "freezer", "wheels", "truck")


def test_a_cell_of_few_is_hidden_and_so_is_what_would_give_it_away() -> None:
    rows = rows_of(
        *(("fridge", "good", 9), ("fridge", "worn", 7), ("truck", "good", 6), ("truck", "worn", 1))
    )

    found = count(table_of(rows), [KIND, STATE], ["lender"], CountRules(k=3))

    assert found.cells["truck", "worn"] == "suppressed"
    assert found.hidden > found.unsafe >= 1
    assert found.cells["*", "*"] == "23"


def test_one_lender_of_many_rows_counts_as_one_under_all_its_names() -> None:
    rows = rows_of(("truck", "good", 12), ("fridge", "good", 30))
    for row in rows[:12]:
        row["lender"] = "Moisson" if row is rows[0] else "Moisson Inc."
    aliases = {"Moisson Inc.": "Moisson"}

    found = count(
        table_of(rows), [Axis.of("kind@family", PLAN)], ["lender"], CountRules(k=2), aliases
    )

    assert found.cells["wheels",] == "suppressed"
    assert found.dimensions[0].labels == ("*", "cold", "wheels")


def test_without_contributors_each_row_is_one() -> None:
    rows = rows_of(("fridge", "good", 6), ("truck", "good", 6))
    for row in rows:
        row["lender"] = "org"

    assert count(table_of(rows), [STATE], [], CountRules()).cells["good",] == "12"


def test_na_is_a_value_of_its_own() -> None:
    rows = rows_of(("fridge", "good", 9), (None, "good", 8))

    found = count(table_of(rows), [KIND], ["lender"], CountRules(k=3))

    assert found.cells["",] == "8"
    assert counts_table(found).column("kind").to_pylist().count(None) == 1


def test_rounded_counts_are_multiples_that_add_up() -> None:
    rows = rows_of(("fridge", "good", 21), ("freezer", "good", 9), ("fridge", "worn", 8))

    found = count(table_of(rows), [KIND, STATE], ["lender"], CountRules(k=3, base=5))

    shown = {key: int(cell) for key, cell in found.cells.items() if cell.isdecimal()}
    assert {value % 5 for value in shown.values()} == {0}
    assert shown["cold", "good"] == shown["fridge", "good"] + shown["freezer", "good"]


def test_columns_go_across_when_asked() -> None:
    rows = rows_of(("fridge", "good", 20), ("fridge", "worn", 9))
    found = count(table_of(rows), [KIND, STATE], ["lender"], CountRules(k=3))

    wide = counts_table(found, ["state"])

    assert wide.column_names == ["kind", "*", "good", "worn"]
    assert wide.to_pylist()[0] == {"kind": "*", "*": "29", "good": "20", "worn": "9"}


def test_what_the_plan_does_not_know_cannot_be_counted_by() -> None:
    for asked, code in (("colour", "not_in_plan"), ("kind@shape", "no_such_level")):
        with pytest.raises(Misfit, match=code):
            Axis.of(asked, PLAN)
    with pytest.raises(Misfit, match="unknown_value"):
        count(table_of(rows_of(("oven", "good", 3))), [KIND], [], CountRules())


def data_of(found: Counts) -> bytes:
    return to_csv(counts_table(found))


def labels_of(rows: Rows) -> dict[str, dict[str, tuple[str, ...]]]:
    return {
        "kind": covering(KINDS, 0, [row["kind"] for row in rows]),
        "state": covering(None, 0, [row["state"] for row in rows]),
    }


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "kind": st.sampled_from(["fridge", "freezer", "truck", None]),
                "state": st.sampled_from(["good", "worn"]),
                "lender": st.sampled_from([f"org{n}" for n in range(6)]),
            }
        ),
        min_size=1,
        max_size=40,
    )
)
@settings(max_examples=6, deadline=None)
def test_every_count_shown_is_true_and_has_enough_behind_it(rows: Rows) -> None:
    rules = CountRules(k=3, share=70)
    try:
        found = count(table_of(rows), [KIND, STATE], ["lender"], rules)
    except PrivacyError:
        return  # not even with everything hidden

    for key, cell in found.cells.items():
        here = behind(rows, key)
        if cell.isdecimal():
            assert int(cell) == len(here)
            assert len({row["lender"] for row in here}) >= 3
        else:
            assert (cell == "zero") is (not here)
    confirmed = remeasure_counts(data_of(found), rows, labels_of(rows), ["lender"], k=3)
    assert confirmed == sum(cell.isdecimal() for cell in found.cells.values())


def test_bytes_that_say_something_else_are_refused() -> None:
    rows = rows_of(("fridge", "good", 20), ("truck", "good", 8))
    data = data_of(count(table_of(rows), [KIND, STATE], ["lender"], CountRules(k=3)))
    labels = labels_of(rows)

    assert remeasure_counts(data, rows, labels, ["lender"], k=8) > 0
    with pytest.raises(UnsafeOutput, match="8 contributors"):
        remeasure_counts(data, rows, labels, ["lender"], k=9)
    for old, new in ((b",20\n", b",21\n"), (b",28\n", b",zero\n"), (b",8\n", b",some\n")):
        assert old in data
        with pytest.raises(Disagreement):
            remeasure_counts(data.replace(old, new), rows, labels, ["lender"], k=3)
    with pytest.raises(Disagreement, match="columns"):
        remeasure_counts(data.replace(b"kind,state", b"state,kind"), rows, labels, ["lender"])


def test_the_command_writes_a_table_that_was_counted_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    table = loans(2000, 60, 90)
    Path("loans.csv").write_bytes(to_csv(table))
    Path("plan.toml").write_text(
        'version = "1"\n[columns.q1]\nrole = "quasi-identifier"\n'
        'prefixes = [3]\ndomain = "table"\n[columns.state]\nrole = "plain"\n'
        '[columns.lender]\nrole = "contributor"\n[columns.borrower]\nrole = "contributor"\n'
        '[[models]]\nmodel = "k-anonymity"\nk = 5\n[table]\nbase = 3\n',
        encoding="utf-8",
    )
    words = ["table", "loans.csv", "--plan", "plan.toml", "--lang", "en", "--to", "out.csv"]

    def run(*more: str) -> tuple[int, str]:
        result = CliRunner().invoke(privacy, [*words, *more], catch_exceptions=False)
        return result.exit_code, result.output

    status, said = run("--rows", "q1", "--columns", "state", "--by", "lender,borrower")

    assert (status, "nothing hidden can be computed" in said) == (0, True)
    header, *lines = csv.reader(io.StringIO(Path("out.csv").read_text(encoding="utf-8")))
    assert header == ["q1", "*", "s0", "s1", "s2", "s3", "s4"]
    # v00 has ten values below it, v01 two
    assert len(lines) == 1 + 2 + 12
    assert lines[0][1] == "2001"
    Path("out.csv").unlink()
    assert run("--rows", "q9")[0] == 2
    assert run("--rows", "q1", "--by", "nobody")[0] == 2
    assert run("--rows", "q1,state", "--columns", "q1")[0] == 2
    assert {path.name for path in Path().iterdir()} == {"loans.csv", "plan.toml"}
