"""An analyst's five questions on both sides, against answers worked out by hand."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings

from mutuali.privacy.errors import BadQuestion, BadTable
from mutuali.privacy.measures import usefulness
from mutuali.privacy.measures.recoding import read_recoding
from mutuali.privacy.measures.usefulness import Answer, Group, Question, SideBySide
from mutuali.privacy.plan import Column, Hierarchy, Role
from tests.privacy.recoded import Recoded, recoded

CITY = Column(
    "city",
    Role.QUASI_IDENTIFIER,
    Hierarchy.of(
        {"Laval": ["north", "*"], "Blainville": ["north", "*"], "Brossard": ["south", "*"]},
        ["city", "shore", "any"],
    ),
)
AGE = Column(
    "age", Role.QUASI_IDENTIFIER, Hierarchy.bands(range(1, 7), [(1, 4)], ["year", "band", "any"])
)
RAW = pa.table(
    {
        "city": ["Laval", "Laval", "Blainville", "Blainville", "Brossard", "Brossard"],
        "age": [1, 2, 3, 4, 5, 6],
        "units": [10, 20, 30, 40, None, 60],
        "state": ["good", "worn", "good", "good", "worn", None],
    }
)


def ask(question: Question, city: list[str], age: list[str], rows: list[int]) -> Answer:
    """The answer when these raw rows left with these cells."""
    taken = RAW.take(rows)
    released = pa.table(
        {"city": city, "age": age, "units": taken["units"], "state": taken["state"]}
    )
    witness = np.array(rows)
    recoding = read_recoding(RAW, released, witness, [CITY, AGE])
    return SideBySide(RAW, released, witness, recoding).answer(question)


#: The last row is suppressed.
SHORES = (["north"] * 4 + ["south"], ["1-3"] * 3 + ["4-6"] * 2, [0, 1, 2, 3, 4])


def test_counts_are_compared_on_the_released_level() -> None:
    answer = ask(usefulness.counts("city"), *SHORES)

    assert answer.groups == (Group(("north",), 4, 4, 4, 4), Group(("south",), 2, 1, 2, 1))
    assert (answer.levels, answer.raw_groups, answer.lost) == (("shore",), 3, 0)
    assert answer.difference == pytest.approx(abs(4 / 6 - 4 / 5))
    assert (answer.worst, answer.steps_kept) == (0.5, None)


def test_mixed_levels_are_taken_up_and_stars_stay_apart() -> None:
    city = ["Laval", "north", "*", "north", "Brossard"]

    answer = ask(usefulness.counts("city"), city, SHORES[1], SHORES[2])

    assert answer.groups == (
        Group(("north",), 4, 3, 4, 3),
        Group(("south",), 2, 1, 2, 1),
        Group(("*",), 0, 1, 0, 1),
    )
    assert answer.difference == pytest.approx((4 / 6 - 3 / 5 + 2 / 6 - 1 / 5 + 1 / 5) / 2)


def test_cross_counts_have_a_group_per_pair() -> None:
    answer = ask(usefulness.cross_counts("city", "age"), *SHORES)

    assert answer.groups == (
        Group(("north", "1-3"), 3, 3, 3, 3),
        Group(("north", "4-6"), 1, 1, 1, 1),
        Group(("south", "4-6"), 2, 1, 2, 1),
    )
    assert answer.raw_groups == 6


def test_means_leave_missing_numbers_out_and_count_lost_groups_whole() -> None:
    answer = ask(usefulness.mean("units", by="city"), *SHORES)

    # In the south the one known number is suppressed.
    assert answer.groups == (Group(("north",), 4, 4, 25, 25), Group(("south",), 2, 1, 60, None))
    assert answer.difference == pytest.approx(2 / 6)
    assert (answer.worst, answer.lost) == (1, 0)


def test_a_generalized_number_counts_as_the_mean_of_what_it_covers() -> None:
    answer = ask(usefulness.mean("age", by="city"), *SHORES)

    assert answer.groups == (
        Group(("north",), 4, 4, 2.5, (2 + 2 + 2 + 5) / 4),
        Group(("south",), 2, 1, 5.5, 5),
    )
    assert answer.worst == pytest.approx(0.25 / 2.5)
    assert answer.difference == pytest.approx((4 * 0.1 + 2 * 0.5 / 5.5) / 6)


def test_shares_of_an_outcome_differ_in_points() -> None:
    answer = ask(usefulness.share("state", "worn", by="city"), *SHORES)

    assert answer.groups == (Group(("north",), 4, 4, 0.25, 0.25), Group(("south",), 2, 1, 0.5, 1))
    assert (answer.difference, answer.worst) == pytest.approx((0.5 * 2 / 6, 0.5))
    missing = ask(usefulness.share("state", None, by="city"), *SHORES)
    assert [group.raw for group in missing.groups] == [0, 0.5]


def test_an_outcome_that_left_as_a_star_is_not_known() -> None:
    city = ["north", "north", "*", "north", "south"]
    question = usefulness.share("city", "north", by="state")

    answer = ask(question, city, SHORES[1], SHORES[2])

    good = next(group for group in answer.groups if group.labels == ("good",))
    assert (good.raw, good.released_rows, good.released) == (1, 3, 1)


def test_a_trend_keeps_its_steps_or_not() -> None:
    raw = pa.table({"age": [1, 1, 2, 3, 3, 3]})
    rows = np.array([0, 1, 2, 3])
    released = raw.take(rows)
    recoding = read_recoding(raw, released, rows, [AGE])

    answer = SideBySide(raw, released, rows, recoding).answer(usefulness.trend("age"))

    # Down and up have become down and level.
    assert [group.released for group in answer.groups] == [2, 1, 1]
    assert answer.steps_kept == 0.5
    assert answer.worst == pytest.approx(2 / 3)


def test_periods_that_leave_as_they_are_go_in_the_order_of_their_text() -> None:
    raw = pa.table({"age": [1, 1, 1], "quarter": ["2026-Q2", None, "2026-Q1"]})
    rows = np.array([2, 0])
    released = raw.take(rows)
    recoding = read_recoding(raw, released, rows, [AGE])

    answer = SideBySide(raw, released, rows, recoding).answer(usefulness.trend("quarter"))

    assert [group.labels for group in answer.groups] == [("2026-Q1",), ("2026-Q2",), (None,)]
    assert answer.lost == 1


@settings(max_examples=40, deadline=None)
@given(recoded())
def test_counts_of_any_recoding_are_those_of_the_cells_taken_up(case: Recoded) -> None:
    raw, released = case.raw, case.released
    witness = np.array(case.witness, dtype=np.int64)
    recoding = read_recoding(raw, released, witness, case.columns)

    answer = SideBySide(raw, released, witness, recoding).answer(usefulness.counts("q0"))

    level, top = recoding.columns[0].common, case.columns[0].generalization.top
    chains = case.chains[0]
    ours = Counter(chain[level] for chain in chains)
    theirs = Counter(
        "*" if case.level(row, 0) > level else chains[row][level]
        for row, gone in enumerate(case.suppressed)
        if not gone
    )
    assert level < top or set(theirs) <= {"*"}
    found = {group.labels[0]: (group.raw, group.released) for group in answer.groups}
    assert found == {text: (ours[text], theirs[text]) for text in {*ours, *theirs}}
    apart = [
        abs(ours[text] / ours.total() - theirs[text] / max(theirs.total(), 1)) for text in found
    ]
    assert answer.difference == pytest.approx(sum(apart) / 2 if theirs else 1)


@pytest.mark.parametrize(
    ("question", "refusal"),
    [
        (usefulness.mean("state", by="city"), "'state' is not numeric"),
        (usefulness.mean("city", by="state"), "'city' is not numeric: it has 'Laval'"),
        (usefulness.share("state", "lost", by="city"), "'state' has no 'lost'"),
        (usefulness.share("city", "Laval", by="state"), "'city' has no 'Laval'"),
    ],
)
def test_what_the_columns_cannot_answer_is_refused(question: Question, refusal: str) -> None:
    with pytest.raises(BadQuestion, match=refusal):
        ask(question, *SHORES)


def test_a_column_that_did_not_leave_is_refused() -> None:
    for question in (usefulness.counts("phone"), usefulness.mean("phone", by="city")):
        with pytest.raises(BadTable, match="column 'phone'"):
            ask(question, *SHORES)
