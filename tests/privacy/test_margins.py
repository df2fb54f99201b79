"""A table with margins is what a slow sum over its rows says, and rules find its unsafe cells."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuali.privacy.errors import BadTable, CannotRound, PlanError
from mutuali.privacy.hierarchy import Hierarchy
from mutuali.privacy.margins.controlled_rounding import rounded
from mutuali.privacy.margins.table import Dimension, Key, Table, equations, with_margins
from mutuali.privacy.margins.unsafe import Protection, Rules, unsafe
from tests.privacy.small_margins import (
    Shares,
    all_tables,
    covers,
    flat,
    leaf_keys,
    long_tailed,
    one_each,
)

ISLAND = Hierarchy.table(
    [("Verdun", "south", "*"), ("LaSalle", "south", "*"), ("Laval", "Laval", "*")]
)
PLACE = Dimension.nested("place", ISLAND)
KIND = Dimension.flat("kind", ["truck", "oven"])


def keys(table: Table) -> list[Key]:
    return [table.key(cell) for cell in range(len(table.value))]


@st.composite
def shares(draw: st.DrawFn, dimensions: tuple[Dimension, ...] = (PLACE, KIND)) -> Shares:
    people = st.sampled_from([f"o{n}" for n in range(6)])
    cell = st.dictionaries(people, st.sampled_from([0, 0, 1, 1, 2, 9]), max_size=6)
    return draw(st.dictionaries(st.sampled_from(leaf_keys(dimensions)), cell))


def test_a_hierarchy_becomes_a_tree_of_sub_totals() -> None:
    assert PLACE.labels == ("*", "south", "Verdun", "LaSalle", "Laval")
    assert PLACE.above == (-1, 0, 1, 1, 0)
    assert PLACE.leaves == (2, 3, 4)
    assert PLACE.path(2) == (2, 1, 0)


@settings(max_examples=60, deadline=None, database=None)
@given(shares())
def test_cells_are_what_a_slow_sum_says(rows: Shares) -> None:
    table = with_margins([PLACE, KIND], [rows])

    for cell, key in enumerate(keys(table)):
        mine: dict[str, int] = {}
        for leaf, amounts in rows.items():
            if covers([PLACE, KIND], key, leaf):
                for person, amount in amounts.items():
                    mine[person] = mine.get(person, 0) + amount
        total = sum(mine.values())
        behind = {person: amount for person, amount in mine.items() if amount or not total}
        entries = slice(table.known.start[cell], table.known.start[cell + 1])
        found = {
            table.contributors[person]: int(amount)
            for person, amount in zip(
                table.known.person[entries], table.known.amount[entries], strict=True
            )
        }
        assert (table.value[cell], found) == (total, behind)
        assert table.cell(key) == cell


@settings(max_examples=60, deadline=None, database=None)
@given(shares(), st.integers(2, 4), st.integers(1, 2), st.integers(40, 90), st.integers(0, 40))
def test_rules_find_what_they_say(
    rows: Shares, k: int, largest: int, share: int, percent: int
) -> None:
    table = with_margins([PLACE, KIND], [rows])

    found = unsafe(table, Rules(k, largest, share, percent))

    for cell, value in enumerate(table.value):
        entries = slice(table.known.start[cell], table.known.start[cell + 1])
        amounts = sorted(table.known.amount[entries].tolist(), reverse=True)
        first, second = ([*amounts, 0, 0])[:2]
        breaks = (
            len(amounts) < k
            or sum(amounts[:largest]) * 100 > share * value
            or (value - first - second) * 100 < percent * first
        )
        assert found[cell] == (breaks and len(amounts) > 0)


def test_equations_hold_in_every_table_and_leave_nothing_but_the_leaves_free() -> None:
    dimensions = [PLACE, KIND]
    rows = equations(dimensions)

    assert not (rows @ all_tables(dimensions, 1).T.astype(float)).any()
    assert np.linalg.matrix_rank(rows.toarray()) == 5 * 3 - 3 * 2


def test_each_side_of_a_loan_counts_and_a_contributor_knows_both_of_its_parts() -> None:
    lenders: Shares = {("Laval", "oven"): {"a": 6, "b": 4}}
    borrowers: Shares = {("Laval", "oven"): {"b": 5, "c": 3, "d": 2}}
    table = with_margins([PLACE, KIND], [lenders, borrowers])
    cell = table.cell(("Laval", "oven"))

    assert table.known.of(table.contributors.index("b"))[cell] == 9
    assert unsafe(table, Rules(k=2, share=60, percent=0))[cell] == np.False_
    assert unsafe(table, Rules(k=3, share=60, percent=0))[cell]

    to_itself = with_margins([PLACE, KIND], [lenders, {("Laval", "oven"): {"a": 10}}])
    assert to_itself.known.of(0)[cell] == 10


@pytest.mark.parametrize(
    ("sides", "message"),
    [
        ([{("Laval",): {"a": 1}}], "column 'place', row 0: cell \\('Laval',\\) has other keys"),
        ([{("south", "oven"): {"a": 1}}], "column 'place', row 0: 'south' is no leaf"),
        ([{("Laval", "saw"): {"a": 1}}], "column 'kind', row 0: 'saw' is no leaf"),
        ([{("Laval", "oven"): {"a": -1}}], "-1 is no whole number"),
        ([{("Laval", "oven"): {"a": True}}], "True is no whole number"),
        ([{("Laval", "oven"): {"a": 1}}, {}], "do not add up to the same"),
    ],
)
def test_shares_that_do_not_fit_are_named(sides: list[Shares], message: str) -> None:
    with pytest.raises(BadTable, match=message):
        with_margins([PLACE, KIND], sides)


def test_dimensions_and_rules_that_contradict_themselves_are_refused() -> None:
    for labels, above in [
        (("*", "a", "a"), (-1, 0, 0)),
        (("*",), (-1,)),
        (("*", "a"), (0, 0)),
        (("*", "a", "b"), (-1, 2, 0)),
    ]:
        with pytest.raises(PlanError):
            Dimension("x", labels, above)
    with pytest.raises(PlanError, match="in different places"):
        Dimension.nested("x", Hierarchy.table([("a", "b", "*"), ("b", "c", "*")]))
    with pytest.raises(PlanError, match="one to three"):
        with_margins([KIND, KIND], [{}])
    with pytest.raises(PlanError, match="hide nothing"):
        Rules(k=1)
    with pytest.raises(PlanError, match="between 1 and 50"):
        Protection(51)
    table = with_margins([KIND], [{}])
    with pytest.raises(PlanError, match="no label 'saw'"):
        table.cell(("saw",))
    with pytest.raises(PlanError, match="does not have 1 labels"):
        table.cell(("oven", "saw"))


@pytest.mark.parametrize("seed", range(4))
def test_rounded_cells_are_nearest_multiples_that_add_up_as_closely_as_any(seed: int) -> None:
    table = long_tailed((2, 3), 12, 5, seed, most=9)

    found = rounded(table, 3, np.zeros(len(table.value), dtype=np.bool_))

    values = np.array([found[key] for key in keys(table)])
    low = table.value // 3 * 3
    high = -(-table.value // 3) * 3
    assert (values % 3 == 0).all()
    assert ((low <= values) & (values <= high)).all()
    assert not (equations(table.dimensions) @ values).any()
    ups = np.array(list(itertools.product((0, 3), repeat=6)))
    leaves = [table.cell(key) for key in leaf_keys(table.dimensions)]
    cells = all_tables(table.dimensions, 0)[:1].repeat(len(ups), 0)
    for cell, key in enumerate(keys(table)):
        inside = [covers(table.dimensions, key, leaf) for leaf in leaf_keys(table.dimensions)]
        cells[:, cell] = ((low[leaves] + ups) * inside).sum(axis=1)
    fits = ((low <= cells) & (cells <= high)).all(axis=1)
    best = np.abs(cells[fits] - table.value).sum(axis=1).min()
    assert np.abs(values - table.value).sum() == best


def test_rounding_tells_nothing_of_what_is_hidden() -> None:
    shown: dict[Key, int] = {("a0", "b0"): 4, ("a0", "b1"): 7, ("a1", "b0"): 8}
    tables = [
        with_margins(flat(2, 2), [one_each({**shown, ("a1", "b1"): last})]) for last in (1, 6)
    ]
    hidden = tables[0].value != tables[1].value

    assert rounded(tables[0], 5, hidden) == rounded(tables[1], 5, hidden)
    assert set(rounded(tables[0], 5, hidden)) == {
        key for key in keys(tables[0]) if not hidden[tables[0].cell(key)]
    }


def test_a_hidden_cell_only_has_to_have_some_multiple() -> None:
    values: dict[Key, int] = {("a0",): 4, ("a1",): 4, ("a2",): 4, ("a3",): 5}
    table = with_margins(flat(4), [one_each(values)])
    hidden = np.zeros(len(table.value), dtype=np.bool_)
    hidden[table.cell(("a3",))] = True

    # The nearest of all, though they leave 0 for what is 5.
    assert rounded(table, 5, hidden) == {("*",): 15, ("a0",): 5, ("a1",): 5, ("a2",): 5}


def test_a_table_without_such_a_rounding_is_refused() -> None:
    with pytest.raises(PlanError, match="base 1"):
        rounded(with_margins([KIND], [{}]), 1, np.zeros(3, dtype=np.bool_))
    table = with_margins([Dimension.flat("x", ["a", "b", "c"])], [one_each({("a",): 1})])
    values = table.value.copy()
    broken = Table(table.dimensions, table.contributors, values, table.sides, table.known)
    values[0] = 10
    with pytest.raises(CannotRound, match="multiples of 5"):
        rounded(broken, 5, np.zeros(4, dtype=np.bool_))
