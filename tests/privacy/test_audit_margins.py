"""The audit derives of hidden cells what an attacker could, no more and no less."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuali.privacy.errors import PlanError, UnsafeOutput
from mutuali.privacy.margins.attack import Attack
from mutuali.privacy.margins.audit import audit
from mutuali.privacy.margins.demands import Pattern
from mutuali.privacy.margins.table import BoolArray, IntArray, Key, Table, with_margins
from mutuali.privacy.margins.unsafe import Fact, Protection, Rules, unsafe
from tests.privacy.small_margins import Shares, all_tables, flat, leaf_keys, one_each

#: No leaf of these tables has more, and everybody knows it: so all tables can be listed.
MOST = 3
SIZES = {sizes: all_tables(flat(*sizes), MOST) for sizes in [(4,), (2, 3), (2, 2, 2)]}


def marked(table: Table, *keys: Key) -> BoolArray:
    cells = np.zeros(len(table.value), dtype=np.bool_)
    cells[[table.cell(key) for key in keys]] = True
    return cells


def bounded(table: Table) -> list[Fact]:
    return [Fact((key,), 0, MOST) for key in leaf_keys(table.dimensions)]


def listed(table: Table, hidden: BoolArray, facts: list[Fact], own: IntArray) -> IntArray:
    """Every table that agrees with what is published, with the facts and with one's own part."""
    every = SIZES[tuple(size - 1 for size in table.shape)]
    fits = (every[:, ~hidden] == table.value[~hidden]).all(axis=1) & (every >= own).all(axis=1)
    for fact in facts:
        total = every[:, [table.cell(key) for key in fact.cells]].sum(axis=1)
        fits &= (fact.low <= total) & (total <= fact.most)
    return every[fits]


@st.composite
def attacks(draw: st.DrawFn) -> tuple[Table, BoolArray, list[Fact], IntArray]:
    """A table, hidden cells, what is known besides, and what an attacker gave to it."""
    dimensions = flat(*draw(st.sampled_from(list(SIZES))))
    leaves = leaf_keys(dimensions)
    values = {key: draw(st.integers(0, MOST)) for key in leaves}
    shares = {
        key: {"me": draw(st.integers(0, value)), "other": value} for key, value in values.items()
    }
    for parts in shares.values():
        parts["other"] -= parts["me"]
    table = with_margins(dimensions, [shares])
    cells = st.integers(0, len(table.value) - 1)
    hidden = np.zeros(len(table.value), dtype=np.bool_)
    hidden[draw(st.lists(cells, min_size=1, max_size=9, unique=True))] = True
    hidden &= ~table.empty
    facts = bounded(table)
    for total in draw(st.lists(st.lists(cells, min_size=2, max_size=4, unique=True), max_size=2)):
        true, slack = int(table.value[total].sum()), draw(st.integers(0, 2))
        facts.append(Fact(tuple(map(table.key, total)), true - slack, true + slack))
    me = table.contributors.index("me") if "me" in table.contributors else 0
    return table, hidden, facts, draw(st.sampled_from([0, 1])) * table.known.of(me)


@settings(max_examples=60, deadline=None, database=None)
@given(attacks())
def test_intervals_are_those_of_a_list_of_all_tables(
    case: tuple[Table, BoolArray, list[Fact], IntArray],
) -> None:
    table, hidden, facts, own = case
    attack = Attack(table, hidden, facts)
    every = listed(table, hidden, [*facts, *empty(table)], own)

    for cell in map(int, np.flatnonzero(hidden)):
        low, high = (attack.furthest(cell, sign, own) for sign in (-1, 1))
        assert (low[0], high[0]) == (every[:, cell].min(), every[:, cell].max())
        for bound, change in (low, high):
            assert (table.value + change == every).all(axis=1).any()
            assert table.value[cell] + change[cell] == bound


def empty(table: Table) -> list[Fact]:
    return [Fact((table.key(cell),), 0, 0) for cell in map(int, np.flatnonzero(table.empty))]


def test_a_hidden_cell_alone_in_its_row_is_computed_from_the_margin_and_refused() -> None:
    table = with_margins(flat(2, 3), [one_each(dict.fromkeys(leaf_keys(flat(2, 3)), 5))])
    alone = marked(table, ("a0", "b1"))

    with pytest.raises(UnsafeOutput, match=r"\('a0', 'b1'\) of 5: outsider can derive 5 to 5"):
        audit(table, alone, alone)

    square = marked(table, ("a0", "b1"), ("a0", "b2"), ("a1", "b1"), ("a1", "b2"))
    found = audit(table, square, alone)
    assert [(one.cell, one.low, one.high) for one in found.intervals] == [
        (("a0", "b1"), 0, 10),
        (("a0", "b2"), 0, 10),
        (("a1", "b1"), 0, 10),
        (("a1", "b2"), 0, 10),
    ]
    assert found.intervals[0].unsafe
    assert json.loads(json.dumps(found.to_dict()))["intervals"][0]["high"] == 10


def test_an_unsafe_cell_that_is_published_is_refused() -> None:
    table = with_margins(flat(3), [one_each({("a0",): 2, ("a1",): 9})])

    with pytest.raises(UnsafeOutput, match=r"\('a0',\) is published"):
        audit(table, marked(table), marked(table, ("a0",)))


def test_an_earlier_release_makes_a_safe_table_unsafe() -> None:
    table = with_margins(flat(4), [one_each({("a0",): 5, ("a1",): 5, ("a2",): 5, ("a3",): 5})])
    hidden, secret = marked(table, ("a0",), ("a1",), ("a2",)), marked(table, ("a0",))
    audit(table, hidden, secret)

    earlier = [Fact((("a1",), ("a2",)), 10, 10)]
    with pytest.raises(UnsafeOutput, match="outsider can derive 5 to 5"):
        audit(table, hidden, secret, facts=earlier)

    rounded = [Fact((("a1",), ("a2",)), 8, 12)]
    assert audit(table, hidden, secret, facts=rounded).intervals[0].low == 3
    with pytest.raises(UnsafeOutput, match="outsider can derive 3 to 7, 3 to each side"):
        audit(table, hidden, secret, facts=rounded, protection=Protection(50))


def test_a_fact_that_is_not_true_is_refused() -> None:
    table = with_margins(flat(2), [one_each({("a0",): 5})])

    for fact in (Fact((("a0",),), 6, None), Fact((), 0, 0), Fact((("a0",), ("a0",)), 10, 10)):
        with pytest.raises(PlanError):
            audit(table, marked(table), marked(table), facts=[fact])


def test_a_member_computes_its_neighbour_by_taking_its_own_part_away() -> None:
    shares: Shares = {
        ("a0",): {"one": 6},
        ("a1",): {"two": 8},
        ("a2",): {f"o{n}": 3 for n in range(9)},
    }
    table = with_margins(flat(3), [shares])
    pair, secret = marked(table, ("a0",), ("a1",)), unsafe(table, Rules(percent=0))
    assert (secret == pair).all()

    with pytest.raises(UnsafeOutput) as refused:
        audit(table, pair, secret)
    assert refused.value.findings == (
        "cell ('a0',) of 6: 'two' can derive 0 to 6, 2 to each side is needed",
        "cell ('a1',) of 8: 'one' can derive 0 to 8, 2 to each side is needed",
    )
    three = pair | marked(table, ("a2",))
    assert audit(table, three, secret).attackers == len(table.contributors) + 1


def test_the_rest_of_a_cell_is_protected_from_its_largest_contributor() -> None:
    shares: Shares = {("a0",): {"large": 90, "small": 10}, ("a1",): {f"o{n}": 1 for n in range(9)}}
    shares[("a1",)]["large"] = 6
    table = with_margins(flat(2), [shares])
    hidden, secret = marked(table, ("a0",), ("a1",)), marked(table, ("a0",))

    with pytest.raises(UnsafeOutput, match="outsider can derive 0 to 115") as refused:
        audit(table, hidden, secret)
    assert not any("'large'" in finding for finding in refused.value.findings)
    with pytest.raises(UnsafeOutput) as refused:
        audit(table, hidden, secret, facts=[Fact((("a1",),), 14, 17)])
    assert any("'large' can derive 98 to 101, 2" in one for one in refused.value.findings)


def test_what_is_handed_in_as_proof_counts_only_if_it_is_one() -> None:
    table = with_margins(flat(2, 2), [one_each(dict.fromkeys(leaf_keys(flat(2, 2)), 9))])
    leaves = np.array([table.cell(key) for key in leaf_keys(table.dimensions)])
    hidden, secret = marked(table, *map(table.key, leaves)), marked(table, ("a0", "b0"))
    square = np.array([2, -2, -2, 2])

    assert audit(table, hidden, secret).programs == 2
    true = [Pattern(leaves, square), Pattern(leaves, -square)]
    assert audit(table, hidden, secret, patterns=true).programs == 0
    assert (
        audit(table, hidden, secret, patterns=true).intervals
        == audit(table, hidden, secret).intervals
    )
    false = [
        Pattern(leaves[:1], square[:1]),  # does not add up
        Pattern(leaves, 6 * square),  # below 0
        Pattern(leaves, -6 * square),
    ]
    assert audit(table, hidden, secret, patterns=false).programs == 2
    assert Attack(table, hidden, ()).possible(leaves, square)
    assert not Attack(table, hidden, ()).possible(leaves, 6 * square)
    limit = Fact((("a0", "b0"),), 0, 10)
    assert not Attack(table, hidden, [limit]).possible(leaves, square)
    alone = marked(table, ("a0", "b0"))
    with pytest.raises(UnsafeOutput):  # moves published cells
        audit(table, alone, secret, patterns=true)


def test_a_cell_without_limit_says_so() -> None:
    table = with_margins(flat(2), [one_each({("a0",): 5, ("a1",): 5})])

    found = audit(table, marked(table, ("*",), ("a0",)), marked(table, ("a0",)))

    assert [(one.low, one.high, one.exact) for one in found.intervals] == [
        (5, None, True),
        (0, None, True),
    ]
