"""What two releases tell by their difference is found; what they keep to themselves is not."""

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuali.privacy.errors import BadRecord, BadTable
from mutuali.privacy.hierarchy import Hierarchy
from mutuali.privacy.plan import Column, Diversity, KAnonymity, Plan, RecodingModel, Role
from mutuali.privacy.releases.common import overlapping, same_labels
from mutuali.privacy.releases.compare import compare
from mutuali.privacy.releases.findings import Comparison, Kind
from mutuali.privacy.releases.record import ReleaseRecord, record_of
from mutuali.privacy.report import Release
from tests.privacy.successive import (
    KEY,
    PLACES,
    Row,
    may_follow,
    plan,
    raw,
    recorded,
    released,
)


def rows(place: str, states: str, first: int = 0, **others: str) -> list[Row]:
    """One row per letter, numbered from ``first``."""
    return [Row(f"{place}{n}", place, state, **others) for n, state in enumerate(states, first)]


def followed(before: Sequence[Row], after: Sequence[Row], how: Plan) -> Comparison:
    return compare([recorded(before, how)], recorded(after, how))


@st.composite
def successions(draw: st.DrawFn) -> tuple[list[Row], list[Row], Plan]:
    sides = draw(st.sampled_from([(), ("lender",), ("lender", "borrower")]))
    how = plan(
        *sides,
        k=draw(st.integers(2, 3)),
        distinct=draw(st.integers(1, 3)),
        most=draw(st.sampled_from([0.5, 0.95, 1.0])),
        coalition=draw(st.integers(0, 1)),
        notes=draw(st.booleans()),
    )
    note = st.sampled_from(["", "n"] if "note" in how.released else [""])
    person = st.sampled_from("vwxyz")
    states = st.sampled_from(draw(st.sampled_from(["st", "stu"])))
    row = st.builds(Row, st.just(""), st.sampled_from("ab"), states, person, person, note)
    before = [
        replace(each, id=f"r{n}")
        for n, each in enumerate(draw(st.lists(row, min_size=2, max_size=14)))
    ]
    fate = st.sampled_from(["stays"] * 4 + ["leaves", "changes"])
    after = []
    for each in before:
        what = draw(fate)
        if what != "leaves":
            after.append(each if what == "stays" else replace(draw(row), id=each.id))
    after += [replace(each, id=f"n{n}") for n, each in enumerate(draw(st.lists(row, max_size=5)))]
    return before, after or before[:1], how


@settings(max_examples=120, deadline=None, database=None)
@given(successions())
def test_what_is_found_is_what_going_through_the_rows_finds(
    case: tuple[list[Row], list[Row], Plan],
) -> None:
    before, after, how = case

    found = [f for f in followed(before, after, how).findings if f.kind is not Kind.ROW_KEY]

    assert (not found) == may_follow(before, after, how)


def test_one_withdrawal_is_found_and_named_by_its_class_only() -> None:
    how = plan("lender", k=3)
    before = [*rows("a", "ssssss", lender="North Kitchen"), *rows("b", "sstt")]
    before = [replace(row, lender=f"kitchen {n}") for n, row in enumerate(before)]

    comparison = followed(before, before[1:], how)

    assert not comparison.passes
    words = json.dumps(comparison.to_dict())
    assert "kitchen" not in words
    assert "class ('a',)" in words
    assert {f.labels for f in comparison.findings} == {("a",)}
    first = comparison.findings[0]
    assert (first.kind, first.change, first.unit) == (Kind.TOO_FEW, "left", "lender")
    assert (first.found, first.needed) == (1, 3)


def test_rows_that_left_are_enough_when_they_are_k_of_each_of_two_values() -> None:
    how, before = plan(k=3), rows("a", "ssssssttttttuu")

    assert followed(before, [*before[3:6], *before[9:]], how).passes
    one_value = followed(before, before[3:], how)
    assert {f.kind for f in one_value.findings} == {Kind.ONE_VALUE}


def test_five_in_and_five_out_are_not_nothing() -> None:
    how, before = plan(k=3), rows("a", "ssssssttttttt")
    swapped = [*before[2:], *rows("a", "ss", 50)]

    gross = followed(before, swapped, how).findings

    assert {f.change for f in gross} == {"left", "came"}
    four_out_three_in = [*before[4:6], *before[10:], *rows("a", "sssttt", 50)]
    net = followed(before, four_out_three_in, how).findings
    assert {(f.change, f.found) for f in net if f.kind is Kind.TOO_FEW} == {("net left", 1)}


def test_plain_cells_are_compared_as_a_reader_of_both_files_does() -> None:
    how = plan(k=2, notes=True)
    before = [Row(f"a{n}", "a", "st"[n % 2], note="old") for n in range(12)]
    changed = [replace(before[0], note="new"), *before[1:]]

    found = followed(before, changed, how).findings

    assert {f.change for f in found} == {"left", "came", "seen left", "seen came"}


def test_a_class_that_goes_or_comes_whole_tells_no_more_than_it_did() -> None:
    how, a, b = plan(k=2), rows("a", "sst"), rows("b", "sstt")

    assert followed([*a, *b], b, how).passes
    assert followed(b, [*a, *b], how).passes


def test_what_left_must_not_hang_on_one_contributor() -> None:
    how = plan("lender", "borrower", k=3, distinct=1)
    stays = [Row(f"a{n}", "a", "st"[n % 2], lender=f"l{n}", borrower=f"b{n}") for n in range(20)]
    leaves = [
        Row(f"z{n}{state}", "a", state, lender, borrower)
        for state in "st"
        for n, (lender, borrower) in enumerate(
            [("hub", "x1"), ("hub", "x2"), ("y1", "x3"), ("y2", "x3")]
        )
    ]
    found = followed([*stays, *leaves], stays, how).findings

    assert {(f.unit, f.found) for f in found} == {
        ("lender without a coalition", 1),  # without x3
        ("borrower without a coalition", 1),  # without the hub
    }
    trusting = plan("lender", "borrower", k=3, distinct=1, coalition=0)
    assert followed([*stays, *leaves], stays, trusting).passes


def test_other_schemes_are_compared_on_the_coarser_labels_and_row_by_row() -> None:
    how = plan(k=2)
    before = [*rows("a", "sstt"), *rows("b", "sstt")]
    coarser = [replace(row, label="north") for row in before]

    assert followed(before, coarser, how).passes
    assert followed(coarser, before, how).passes
    found = followed(before, coarser[1:], how).findings
    assert {(f.kind, f.labels) for f in found} >= {(Kind.TOO_FEW, ("north",))}


def test_rows_in_the_same_classes_of_all_releases_must_hide_each_other() -> None:
    # Two columns: each release is coarse in another one, and together they single a row out.
    columns = tuple(Column(name, Role.QUASI_IDENTIFIER, PLACES) for name in ("from", "to"))
    how = Plan("two", (Column("id", Role.IDENTIFIER), *columns), (KAnonymity(2),))
    ends = ["aa", "ba", "bb", "bb", "ba", "ab", "ab"]
    table = pa.table(
        {"id": list("1234567"), "from": [e[0] for e in ends], "to": [e[1] for e in ends]}
    )
    records = []
    for coarse in (0, 1):
        cells = [
            tuple("north" if place == coarse else end[place] for place in (0, 1)) for end in ends
        ]
        order = sorted(range(7), key=cells.__getitem__)
        release = pa.table(
            {
                name: [cells[row][place] for row in order]
                for place, name in enumerate(("from", "to"))
            }
        )
        made = Release(release, np.array(order), report=None)  # type: ignore[arg-type]
        records.append(record_of(made, table, how, key=KEY, row_id="id"))

    found = compare(records[:1], records[1]).findings

    assert [(f.kind, f.found, f.needed) for f in found] == [(Kind.JOINT, 1, 2)]
    assert found[0].labels == ("a", "north")
    assert "at least 2" in found[0].words


def test_rows_in_the_same_classes_of_all_releases_must_differ_in_what_is_sensitive() -> None:
    columns = tuple(Column(name, Role.QUASI_IDENTIFIER, PLACES) for name in ("from", "to"))
    how = Plan(
        "two",
        (Column("id", Role.IDENTIFIER), *columns, Column("state", Role.SENSITIVE)),
        (KAnonymity(2), Diversity("state")),
    )
    trips = sorted(["aas", "abt", "bat", "bbs"] * 2)
    table = pa.table(
        {"id": list("12345678")}
        | {
            name: [trip[place] for trip in trips]
            for place, name in enumerate(("from", "to", "state"))
        }
    )
    records = []
    for coarse in ("to", "from"):
        made = table.drop_columns(["id"])
        made = made.set_column(made.column_names.index(coarse), coarse, pa.array(["north"] * 8))
        order = pc.sort_indices(made, [(name, "ascending") for name in made.column_names])
        release = Release(made.take(order), np.array(order), report=None)  # type: ignore[arg-type]
        records.append(record_of(release, table, how, key=KEY, row_id="id"))

    found = compare(records[:1], records[1]).findings

    assert {(f.kind, f.unit, f.found, f.needed) for f in found} == {(Kind.JOINT, "values", 1, 2)}


def test_every_earlier_release_counts_and_not_only_the_last() -> None:
    how, first = plan(k=2), rows("a", "sssttt")
    without = rows("b", "sstt")
    full = [*first, *without]

    assert followed(without, [*first[1:], *without], how).passes
    third = compare([recorded(full, how), recorded(without, how)], recorded(full[1:], how))
    assert {f.against for f in third.findings if f.kind is Kind.TOO_FEW} == {0}


def test_a_column_that_tells_most_rows_apart_may_not_leave_twice() -> None:
    how = plan(k=2, notes=True)
    numbered = [replace(row, note=row.id) for row in rows("a", "sstt")]

    found = followed(numbered, numbered, how).findings

    assert [(f.kind, f.column) for f in found] == [(Kind.ROW_KEY, "note")]
    assert "'note'" in found[0].words


def test_an_order_of_its_own_is_found() -> None:
    how, some = plan(k=2), rows("a", "sstt")
    release = released(some, how)
    turned = Release(
        release.table.take(pa.array([3, 2, 1, 0])), release.witness[::-1], release.report
    )

    found = compare([], record_of(turned, raw(some), how, key=KEY, row_id="id")).findings

    assert [f.kind for f in found] == [Kind.ORDER]
    assert compare([], recorded(some, how)).passes


def test_a_record_is_read_as_it_was_written_and_holds_no_names() -> None:
    how = plan("lender", "borrower", notes=True)
    some = [
        Row(
            f"secret-{n}",
            place,
            "st"[n % 2],
            f"lender-{n}",
            f"borrower-{n}",
            f"private {n % 2}",
            "north",
        )
        for n, place in enumerate("ababab")
    ]
    record = recorded(some, how)
    text = record.to_json()

    again = ReleaseRecord.from_json(text)

    assert again.to_json() == text
    assert compare([again], record).findings == compare([record], record).findings
    for hidden in ("secret", "lender-", "borrower-", "private", '"a"', '"b"'):
        assert hidden not in text
    tokens = set(record.rows.tolist()) | set(record.contributors.tolist())
    assert len(tokens) == 6 + 12
    other = record_of(released(some, how), raw(some), how, key=bytes(32), row_id="id")
    assert not tokens & {*other.rows.tolist(), *other.contributors.tolist()}
    with pytest.raises(BadRecord):
        compare([other], record)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"layout": 2}', '{"layout": 1}'])
def test_what_is_no_record_is_refused(text: str) -> None:
    with pytest.raises(BadRecord):
        ReleaseRecord.from_json(text)


def test_a_bad_key_or_id_is_refused() -> None:
    how, some = plan(), rows("a", "sstt")
    release = released(some, how)

    with pytest.raises(BadRecord):
        record_of(release, raw(some), how, key=b"short", row_id="id")
    with pytest.raises(BadTable, match="same id"):
        record_of(release, raw(some), how, key=KEY, row_id="lender")
    with pytest.raises(BadTable, match="no such column"):
        record_of(release, raw(some), how, key=KEY, row_id="number")
    nameless = raw(some).set_column(0, "id", pa.array(["1", None, "3", "4"]))
    with pytest.raises(BadTable, match="row 1"):
        record_of(release, nameless, how, key=KEY, row_id="id")


DEPTH = Hierarchy.table(
    [(f"v{n}", f"pair{n // 2}", f"half{n // 4}", "*") for n in range(8)], ["0", "1", "2", "3"]
)


@st.composite
def mixed(draw: st.DrawFn) -> tuple[pa.Table, Plan, list[Release]]:
    """Two releases of the same rows, any cell on any level."""
    columns = tuple(Column(name, Role.QUASI_IDENTIFIER, DEPTH) for name in ("p", "q"))
    how = Plan(
        "mixed",
        (Column("id", Role.IDENTIFIER), *columns),
        (KAnonymity(2),),
        recoding=RecodingModel.LOCAL,
    )
    count = draw(st.integers(1, 10))
    leaf = st.lists(st.integers(0, 7), min_size=count, max_size=count)
    leaves = {name: draw(leaf) for name in ("p", "q")}
    table = pa.table(
        {"id": [f"r{n}" for n in range(count)]}
        | {name: [f"v{value}" for value in values] for name, values in leaves.items()}
    )
    releases = []
    for _ in range(2):
        top = draw(st.integers(0, 3))
        levels = st.lists(st.integers(0, top), min_size=count, max_size=count)
        cells = {
            name: [DEPTH.chains[v][level] for v, level in zip(values, draw(levels), strict=True)]
            for name, values in leaves.items()
        }
        made = Release(pa.table(cells), np.arange(count), report=None)  # type: ignore[arg-type]
        releases.append(made)
    return table, how, releases


@settings(max_examples=80, deadline=None, database=None)
@given(mixed())
def test_common_classes_are_those_that_cover_a_value_together(
    case: tuple[pa.Table, Plan, list[Release]],
) -> None:
    table, how, releases = case
    before, after = (record_of(each, table, how, key=KEY, row_id="id") for each in releases)

    common = overlapping(before, after)

    covered = {
        label: {n for n, chain in enumerate(DEPTH.chains) if label in chain}
        for chain in DEPTH.chains
        for label in chain
    }
    nodes = [(0, before.labels(c)) for c in range(len(before.classes))]
    nodes += [(1, after.labels(c)) for c in range(len(after.classes))]
    linked = {node: {node} for node in nodes}
    for one in nodes:
        for other in nodes:
            if one[0] != other[0] and all(
                covered[a] & covered[b] for a, b in zip(one[1], other[1], strict=True)
            ):
                together = linked[one] | linked[other]
                for node in together:
                    linked[node] = together
    numbers = dict(zip(nodes, [*common.before.tolist(), *common.after.tolist()], strict=True))
    for one in nodes:
        for other in nodes:
            if {one[0], other[0]} == {0, 1} or len(linked[one]) > 1:
                assert (numbers[one] == numbers[other]) == (other in linked[one])
    alike = same_labels(before, after)
    for c, number in enumerate(alike.before.tolist()):
        for d, other_number in enumerate(alike.after.tolist()):
            assert (number == other_number) == (before.labels(c) == after.labels(d))
