"""The second look finds what a faulty or tampered release would let out."""

import ast
import dataclasses
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from mutuali.privacy.check import remeasure as module
from mutuali.privacy.check.raw import Rows
from mutuali.privacy.check.remeasure import Measured, remeasure
from mutuali.privacy.engine import Release, deidentify
from mutuali.privacy.errors import Disagreement, UnsafeOutput
from mutuali.privacy.plan import Column, Diversity, Hierarchy, KAnonymity, Model, Plan, Role
from mutuali.privacy.text import to_csv
from tests.privacy.lookalike import loan_plan, loans

TABLE = loans(700, 40, 40)
PLAN = loan_plan("lender", "borrower", limit=0.3)
ROWS = TABLE.to_pylist()

Lines = list[list[str]]


@pytest.fixture(scope="module")
def release() -> Release:
    return deidentify(TABLE, PLAN)


def lines_of(release: Release) -> Lines:
    return [line.split(",") for line in to_csv(release.table).decode().splitlines()]


def bytes_of(lines: Lines) -> bytes:
    return "".join(",".join(line) + "\n" for line in lines).encode()


def check(release: Release, lines: Lines, plan: Plan = PLAN) -> Measured:
    return remeasure(bytes_of(lines), release.witness, ROWS, plan)


def test_an_honest_release_is_confirmed_figure_by_figure(release: Release) -> None:
    claimed = release.report.measures()

    measured = remeasure(to_csv(release.table), release.witness, ROWS, PLAN, claimed=claimed)

    assert measured.measures() == pytest.approx(claimed)
    assert measured == remeasure(to_csv(release.table), release.witness, Rows(TABLE), PLAN)


def test_a_claim_that_the_count_does_not_confirm_is_refused(release: Release) -> None:
    claimed = release.report.measures()
    data = to_csv(release.table)

    with pytest.raises(Disagreement, match="lender: minimum: 99 claimed"):
        remeasure(data, release.witness, ROWS, PLAN, claimed={**claimed, "lender: minimum": 99})
    with pytest.raises(Disagreement, match="l-diversity: 3 claimed, None found"):
        remeasure(data, release.witness, ROWS, PLAN, claimed={**claimed, "l-diversity": 3})
    with pytest.raises(Disagreement, match="rows_out: None claimed"):
        remeasure(data, release.witness, ROWS, PLAN, claimed={"rows_in": 700})


def _swap_cell(lines: Lines) -> None:
    lines[1][7] = "s4" if lines[1][7] != "s4" else "s3"


def _foreign_label(lines: Lines) -> None:
    other = next(line[5] for line in lines[1:] if line[5] != lines[1][5])
    lines[1][5] = other


def _finer_label(lines: Lines) -> None:
    lines[1][0] = "v033"


def _drop_line(lines: Lines) -> None:
    del lines[5]


def _short_line(lines: Lines) -> None:
    del lines[5][-1]


def _swap_columns(lines: Lines) -> None:
    for line in lines:
        line[0], line[1] = line[1], line[0]


@pytest.mark.parametrize(
    "tamper",
    [_swap_cell, _foreign_label, _finer_label, _drop_line, _short_line, _swap_columns],
)
def test_bytes_that_do_not_say_what_the_rows_say_are_refused(
    release: Release, tamper: Callable[[Lines], None]
) -> None:
    lines = lines_of(release)
    tamper(lines)

    with pytest.raises((Disagreement, UnsafeOutput)) as refusal:
        check(release, lines)

    assert refusal.value.findings


def test_a_column_that_never_leaves_is_seen_whatever_it_holds(release: Release) -> None:
    for name in ("phone", "lender"):
        lines = lines_of(release)
        lines[0][8] = name
        with pytest.raises(UnsafeOutput, match=f"column '{name}' never leaves"):
            check(release, lines)


def test_lines_in_another_order_are_refused(release: Release) -> None:
    lines = lines_of(release)
    last = lines.pop()

    with pytest.raises(UnsafeOutput, match="order of their cells"):
        check(release, [lines[0], last, *lines[1:]])


def test_a_row_that_leaves_twice_is_refused(release: Release) -> None:
    witness = release.witness.copy()
    witness[1] = witness[0]

    with pytest.raises(Disagreement, match="released twice"):
        remeasure(to_csv(release.table), witness, ROWS, PLAN)


@pytest.mark.parametrize("outside", [-1, 700])
def test_a_witness_outside_the_rows_is_refused(release: Release, outside: int) -> None:
    witness = release.witness.copy()
    witness[0] = outside

    with pytest.raises(Disagreement, match="outside the raw rows"):
        remeasure(to_csv(release.table), witness, ROWS, PLAN)


def test_more_suppression_than_the_plan_allows_is_refused(release: Release) -> None:
    strict = dataclasses.replace(PLAN, suppression_limit=0.0)

    with pytest.raises(Disagreement, match="more than the limit"):
        check(release, lines_of(release), strict)


def test_a_stricter_plan_than_the_one_applied_is_not_kept(release: Release) -> None:
    models: tuple[Model, ...] = (KAnonymity(9), *PLAN.attribute_models)

    with pytest.raises(UnsafeOutput, match="9 and 8 are promised") as refusal:
        check(release, lines_of(release), dataclasses.replace(PLAN, models=models))

    assert all("v0" not in finding for finding in refusal.value.findings)


def test_a_class_of_one_sensitive_value_is_refused(release: Release) -> None:
    models = (KAnonymity(5), Diversity("state", most=0.3))

    with pytest.raises(UnsafeOutput, match="highest share of 'state'"):
        check(release, lines_of(release), dataclasses.replace(PLAN, models=models))


def test_a_class_that_hangs_on_one_contributor_is_refused() -> None:
    plan = Plan(
        version="1",
        columns=(
            Column("place", Role.QUASI_IDENTIFIER, Hierarchy.of({"a": ["*"]})),
            Column("lender", Role.CONTRIBUTOR),
            Column("borrower", Role.CONTRIBUTOR),
        ),
        models=(KAnonymity(3),),
        sides=("lender", "borrower"),
    )
    loans_of_hub = [("hub", "b1"), ("hub", "b2"), ("l2", "hub"), ("l3", "b3")]
    rows = [{"place": "a", "lender": one, "borrower": two} for one, two in loans_of_hub]

    with pytest.raises(UnsafeOutput, match="1 without the worst; 3 and 2 are promised"):
        remeasure(b"place\na\na\na\na\n", range(4), rows, plan)


def test_a_row_without_its_contributor_is_refused() -> None:
    plan = Plan(
        version="1",
        columns=(
            Column("place", Role.QUASI_IDENTIFIER, Hierarchy.of({"a": ["*"]})),
            Column("lender", Role.CONTRIBUTOR),
        ),
        models=(KAnonymity(2),),
        sides=("lender",),
    )
    rows: list[dict[str, object]] = [{"place": "a", "lender": None}, {"place": "a", "lender": "x"}]

    with pytest.raises(UnsafeOutput, match="has no 'lender'"):
        remeasure(b"place\na\na\n", range(2), rows, plan)


def test_levels_mixed_within_a_column_are_refused() -> None:
    pairs = Hierarchy.of({"a": ["ab", "*"], "b": ["ab", "*"], "c": ["c-", "*"]})
    plan = Plan("1", (Column("q", Role.QUASI_IDENTIFIER, pairs),), (KAnonymity(2),))
    rows = [{"q": value} for value in "aacc"]

    with pytest.raises(Disagreement, match="different levels are mixed"):
        remeasure(b"q\na\na\nc-\nc-\n", range(4), rows, plan)


@pytest.mark.parametrize("data", [b"", b"q\n", b"q\n\xff\n", b'q\n"a\n', b"q\na,b\n"], ids=repr)
def test_bytes_that_are_no_table_are_refused(data: bytes) -> None:
    plan = Plan(
        "1",
        (Column("q", Role.QUASI_IDENTIFIER, Hierarchy.of({"a": ["*"]})),),
        (KAnonymity(2),),
        suppression_limit=1,
    )

    with pytest.raises(Disagreement):
        remeasure(data, [0], [{"q": "a"}], plan)


def test_text_that_a_spreadsheet_could_run_is_expected_in_its_harmless_form() -> None:
    risky = Hierarchy.of({"=1+1": ["-group", "*"], "@x": ["-group", "*"]})
    plan = Plan(
        "1",
        (Column("q", Role.QUASI_IDENTIFIER, risky), Column("note", Role.PLAIN)),
        (KAnonymity(2),),
    )
    table = pa.table({"q": ["=1+1", "@x"], "note": ["+1", None]})

    release = deidentify(table, plan)

    data = to_csv(release.table)
    assert data == b"q,note\n'-group,\n'-group,'+1\n"
    remeasure(data, release.witness, table.to_pylist(), plan, claimed=release.report.measures())


def test_the_second_look_shares_no_code_with_the_first() -> None:
    folder = Path(str(module.__file__)).parent
    names = ("remeasure", "remeasure_cells", "remeasure_models", "remeasure_whole", "reread")
    own = {f"mutuali.privacy.check.{name}" for name in names}
    data_only = {f"mutuali.privacy.{name}" for name in ("plan", "cells.scheme", "errors")}
    for name in own:
        source = (folder / f"{name.rpartition('.')[2]}.py").read_text()
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom):
                module_name = str(node.module)
                top = module_name.partition(".")[0]
                assert top in sys.stdlib_module_names or module_name in own | data_only
            elif isinstance(node, ast.Import):
                assert {alias.name for alias in node.names} <= sys.stdlib_module_names
