"""Tables of sums one after the other: what an attacker takes from one with the other."""

import random
from dataclasses import replace

import pytest

from mutuali.privacy.cells.scheme import Status
from mutuali.privacy.errors import BadRecord
from mutuali.privacy.sequences.bounds import bounds
from mutuali.privacy.sequences.differences import differences
from mutuali.privacy.sequences.findings import Kind
from mutuali.privacy.sequences.remedy import check, mend
from mutuali.privacy.sequences.told import Build, from_bytes, to_bytes
from tests.privacy.sequences import build, ground, known_too_closely, of, some_loans

TABLES = (("family", "quarter"), ("zone", "half_year"))
PLACE = tuple(sorted(ground().items()))


def test_42_minus_35_is_exactly_their_7() -> None:
    loans = {(f"l{n}", f"b{n}", PLACE): 7 for n in range(6)}
    before = build(loans, [("family", "quarter")], base=5)
    stayed = [who for n in range(5) for who in (f"l{n}", f"b{n}")]
    after = build(of(loans, stayed), [("family", "quarter")], base=5)

    assert [figure.value for figure in (*before.figures, *after.figures)] == [40, 35]
    found = differences([before, after], k=5)
    assert {(each.kind, each.side, each.found) for each in found} == {
        (Kind.TOO_FEW, "lender", 1),
        (Kind.TOO_FEW, "borrower", 1),
    }
    assert not check([], before, k=5, percent=10)
    mended = mend([before], after, k=5, percent=10)
    assert [figure.status for figure in mended.build.figures] == [Status.SUPPRESSED]


def test_five_who_leave_together_on_each_side_hide_each_other_and_four_do_not() -> None:
    loans = {(f"l{n}", f"b{n}", PLACE): 20 for n in range(20)}
    before = build(loans, [("family", "quarter")], base=5)

    def after(leaving: int) -> Build:
        stay = [who for n in range(leaving, 20) for who in (f"l{n}", f"b{n}")]
        return build(of(loans, stay), [("family", "quarter")], base=5)

    assert check([before], after(5), k=5, percent=10) == []
    assert check([before], after(4), k=5, percent=10) != []
    assert check([before], after(0), k=5, percent=10) == []
    assert check([after(4)], before, k=5, percent=10) != []  # joining tells as much as leaving


def test_who_leaves_between_two_quarters_is_not_told_by_their_half_year() -> None:
    loans = {
        (f"l{n}", f"b{n}", tuple(sorted(ground(quarter=quarter).items()))): 100
        for n in range(12)
        for quarter in ("2026-Q1", "2026-Q2")
    }
    spring = build(loans, [("family", "quarter")], base=5, only={"quarter": "2026-Q1"})
    left = of(loans, [who for n in range(1, 12) for who in (f"l{n}", f"b{n}")])
    summer = build(left, [("family", "quarter"), ("zone", "half_year")], base=5)
    fresh = replace(
        summer, figures=tuple(f for f in summer.figures if f.labels != ("truck", "2026-Q1"))
    )

    found = differences([spring, fresh], k=5)
    assert {(each.side, each.found) for each in found} == {("lender", 1), ("borrower", 1)}
    # Without the half-year the second quarter may leave: it lies over no ground of the first.
    quarter = build(left, [("family", "quarter")], base=5, only={"quarter": "2026-Q2"})
    assert check([spring], quarter, k=5, percent=10) == []
    mended = mend([spring], fresh, k=5, percent=10).build
    assert {figure.labels: figure.status for figure in mended.figures} == {
        ("truck", "2026-Q2"): Status.PUBLISHED,
        ("east", "2026-H1"): Status.SUPPRESSED,
    }


def test_the_second_largest_knows_the_largest_where_the_others_add_too_little() -> None:
    amounts = (50, 40, 2, 1, 1)
    loans = {(f"l{n}", f"b{n}", PLACE): amount for n, amount in enumerate(amounts)}
    one = build(loans, [("family", "quarter")], base=1)

    found = bounds([one], 10)
    assert {(each.kind, each.found, each.needed) for each in found} == {(Kind.TOO_CLOSE, 8, 10)}
    assert bounds([one], 8) == []
    assert known_too_closely([one], 10)
    assert not known_too_closely([one], 8)


def test_a_hidden_cell_that_the_other_table_gives_away_is_found() -> None:
    place = {name: tuple(sorted(ground(name).items())) for name in ("truck", "room")}
    loans = {(f"l{n}", f"b{n}", place["truck"]): 30 for n in range(8)}
    loans["alone", "b1", place["room"]] = 200
    tables = [("family", "quarter"), ("zone", "half_year")]
    both = build(loans, tables, hidden=[("room", "2026-Q1")])

    assert {each.side for each in bounds([both], 10)} == {"lender", "borrower"}
    assert (
        bounds([build(loans, tables, hidden=[("room", "2026-Q1"), ("east", "2026-H1")])], 10) == []
    )


@pytest.mark.parametrize("seed", range(14))
def test_it_finds_what_an_attacker_with_every_unknown_finds_and_nothing_else(seed: int) -> None:
    dice = random.Random(seed)
    people = [f"o{n}" for n in range(dice.randint(4, 6))]
    loans = some_loans(dice, people, dice.randint(6, 22))
    builds = [build(loans, TABLES, base=dice.choice((1, 5)))]
    if seed % 3:
        stay = people[dice.randint(0, 2) :]
        builds.append(build(of(loans, stay), TABLES, base=5, hidden=[("truck", "2026-Q1")]))
    percent = dice.choice((5, 10, 20))

    assert bool(bounds(builds, percent)) == known_too_closely(builds, percent)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_mended_withstands_the_attacker_who_holds_the_release_before_too(seed: int) -> None:
    dice = random.Random(100 + seed)
    people = [f"o{n}" for n in range(5)]
    loans = some_loans(dice, people, 30)
    first = mend([], build(loans, TABLES, base=5), k=2, percent=10)
    second = mend(
        [first.build], build(of(loans, people[seed % 3 :]), TABLES, base=5), k=2, percent=10
    )

    assert not known_too_closely([first.build, second.build], 10)
    assert check([first.build], second.build, k=2, percent=10) == []
    if seed % 3 == 0:  # nobody left: what may be told once may be told again
        assert second.build == first.build or first.hidden


def test_a_record_reads_back_as_it_was_and_says_nothing_of_another_layout() -> None:
    one = build({("l", "b", PLACE): 3}, TABLES, base=5)
    other = build({("l", "b", PLACE): 4}, TABLES, hidden=[("truck", "2026-Q1")])

    assert from_bytes(to_bytes([one, other])) == (one, other)
    assert to_bytes([one]) == to_bytes([build({("l", "b", PLACE): 3}, TABLES, base=5)])
    with pytest.raises(BadRecord):
        from_bytes(b"something else")
