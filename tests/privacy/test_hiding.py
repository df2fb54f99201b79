"""What is hidden is enough, seen by an attacker of our own, and little more than the least."""

import itertools

import numpy as np
import pytest

from mutuali.privacy.errors import PlanError, UnsafeOutput
from mutuali.privacy.hierarchy import Hierarchy
from mutuali.privacy.margins.audit import audit
from mutuali.privacy.margins.choice import Choice, quick_choice
from mutuali.privacy.margins.demands import Room, demands, ties
from mutuali.privacy.margins.hiding import hide
from mutuali.privacy.margins.lightest import lighten
from mutuali.privacy.margins.table import BoolArray, Dimension, Table, equations, with_margins
from mutuali.privacy.margins.unsafe import Fact, Protection, Rules, unsafe
from tests.privacy.small_margins import flat, leaf_keys, long_tailed, one_each

RULES = Rules(k=3, share=70)


def withstands(table: Table, hidden: BoolArray, secret: BoolArray) -> bool:
    """Whether every attacker finds each secret cell 20 % open to both sides, in fractions."""
    from scipy.optimize import linprog

    cells = np.flatnonzero(hidden)
    rows = equations(table.dimensions).toarray()
    right = -rows[:, ~hidden] @ table.value[~hidden]
    for person in range(-1, len(table.contributors)):
        own = table.known.of(person) if person >= 0 else 0 * table.value
        for cell in np.flatnonzero(secret):
            rest = table.value[cell] - own[cell]
            if not rest:
                continue
            need = max(1, 0.2 * rest)
            bounds = [(own[one], 10 * table.value[0] + 100) for one in cells]
            for sign in (1, -1):
                goal = np.where(cells == cell, -sign, 0)
                found = linprog(goal, A_eq=rows[:, cells], b_eq=right, bounds=bounds)
                if sign * (found.x[cells == cell][0] - table.value[cell]) < need - 1e-6:
                    return False
    return True


def quick(table: Table, secret: BoolArray) -> Choice:
    """What is hidden without a proof that it is the least."""
    room = Room(table, ())
    weights = np.ones(len(secret), dtype=np.int64)
    asked = demands(table, secret, room, Protection())
    return quick_choice(table, secret, room, ties(table, ()), weights, asked)


@pytest.mark.parametrize(("sizes", "seed"), [((3, 4), 0), ((9,), 3), ((2, 2, 2), 1)])
def test_what_is_hidden_withstands_an_attacker_of_our_own(
    sizes: tuple[int, ...], seed: int
) -> None:
    table = long_tailed(sizes, 15 * len(sizes) ** 2, 7, seed)
    secret = unsafe(table, RULES)

    found = hide(table, secret)

    assert secret.any()
    assert withstands(table, found.hidden, secret)
    assert audit(table, found.hidden, secret, patterns=found.patterns).programs == 0
    assert audit(table, found.hidden, secret).attackers == len(table.contributors) + 1


def test_quick_choices_hide_at_most_15_percent_more_cells_than_the_least() -> None:
    found, least = [], []
    for seed in (0, 7, 27, 28):
        table = long_tailed((4, 4), 60, 9, seed)
        secret = unsafe(table, RULES)
        choice = quick(table, secret)
        found.append(np.count_nonzero(choice.hidden))
        bound = lighten(choice, Protection())
        assert bound == choice.weight
        least.append(np.count_nonzero(choice.hidden))

    assert max(one / other for one, other in zip(found, least, strict=True)) <= 1.15
    assert sum(found) > sum(least)  # else this proves nothing


@pytest.mark.parametrize("seed", [1, 3])
def test_the_least_is_what_trying_every_choice_finds(seed: int) -> None:
    table = long_tailed((2, 3), 30, 6, seed)
    secret = unsafe(table, RULES)
    free = np.flatnonzero(~secret & ~table.empty)

    found = hide(table, secret)

    assert found.weight == found.least
    assert 0 < found.weight < len(free)
    for further in itertools.combinations(free, found.weight - 1):
        hidden = secret.copy()
        hidden[list(further)] = True
        assert not withstands(table, hidden, secret)


def test_sub_totals_are_guarded_too() -> None:
    places = Hierarchy.table(
        [(f"p{n}", "north" if n < 3 else "south", "*") for n in range(6)],
        ("place", "side", "island"),
    )
    dimensions = [Dimension.nested("place", places), Dimension.flat("kind", ["truck", "oven"])]
    keys = leaf_keys(dimensions)
    shares = {key: dict.fromkeys("abc", 2 + number) for number, key in enumerate(keys)}
    table = with_margins(dimensions, [shares])
    secret = np.zeros(len(table.value), dtype=np.bool_)
    secret[table.cell(("p1", "oven"))] = True

    found = hide(table, secret)

    hidden = {table.key(int(cell)) for cell in np.flatnonzero(found.hidden)}
    assert len(hidden) == 4
    assert {key[0] for key in hidden} <= {"p0", "p1", "p2"}
    assert withstands(table, found.hidden, secret)


def test_heavy_cells_are_spared() -> None:
    table = with_margins(flat(3, 3), [one_each(dict.fromkeys(leaf_keys(flat(3, 3)), 9))])
    secret = np.zeros(len(table.value), dtype=np.bool_)
    secret[table.cell(("a0", "b0"))] = True
    weights = np.ones(len(secret), dtype=np.int64)
    weights[[table.cell(("a1", f"b{n}")) for n in range(3)]] = 10

    found = hide(table, secret, weights=weights)

    assert found.weight == found.least == 3
    assert not found.hidden[[table.cell(("a1", f"b{n}")) for n in range(3)]].any()
    with pytest.raises(PlanError, match="weights"):
        hide(table, secret, weights=0 * weights)


def test_an_earlier_release_is_worked_around_or_refused() -> None:
    dimensions = [Dimension.flat("x", ["a", "b", "c", "d"])]
    table = with_margins(dimensions, [one_each({("a",): 5, ("b",): 5, ("c",): 9, ("d",): 9})])
    secret = np.zeros(len(table.value), dtype=np.bool_)
    secret[table.cell(("a",))] = True
    facts = [Fact((("a",), ("b",)), 10, 10), Fact((("c",),), 9, 9)]

    found = hide(table, secret, facts=facts)

    assert [table.key(int(cell)) for cell in np.flatnonzero(found.hidden)] == [("a",), ("b",)]
    audit(table, found.hidden, secret, facts=facts)

    with pytest.raises(UnsafeOutput, match=r"\('a',\) is known to be 5 to 5"):
        hide(table, secret, facts=[Fact((("a",),), 5, 5)])
    all_else = [Fact(((one,),), value, value) for one, value in [("b", 5), ("d", 9), ("*", 28)]]
    with pytest.raises(UnsafeOutput, match=r"\('a',\) cannot be moved down by 1"):
        hide(table, secret, facts=[*facts, *all_else])


def test_the_same_table_gives_the_same_choice_and_nothing_needs_to_be_hidden_twice() -> None:
    table = long_tailed((3, 3, 2), 200, 12, 5)
    secret = unsafe(table, RULES)

    one, other = hide(table, secret), hide(table, secret)

    assert (one.hidden == other.hidden).all()
    assert one.weight == np.count_nonzero(one.hidden & ~secret)
    audit(table, one.hidden, secret, patterns=one.patterns)
    nothing = hide(table, np.zeros_like(secret))
    assert not nothing.hidden.any()
    assert not nothing.answers
