"""A budget is spent exactly, never beyond its limit, and only by who stores the ledger."""

import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuali.privacy.errors import Overspent, PlanError
from mutuali.privacy.noise.budget import Cost, Entry, Guarantee, Ledger, epsilon_at
from tests.privacy.theirs import opendp

PURE, ZCDP = Guarantee.PURE, Guarantee.CONCENTRATED
THIRD = Fraction(1, 3)
MILLIONTH = Fraction(1, 10**6)


def ledger(guarantee: Guarantee = ZCDP, amount: Fraction = Fraction(1)) -> Ledger:
    return Ledger("loans", "La Cantine", Cost(guarantee, amount, MILLIONTH))


def test_thirds_add_up_to_one_and_not_a_grain_more() -> None:
    spent = ledger()
    for number in range(3):
        spent = spent.charge(f"plan{number}", ("loans",), Cost(ZCDP, THIRD))

    assert spent.left == Cost(ZCDP, Fraction(0), MILLIONTH)
    with pytest.raises(Overspent) as refusal:
        spent.charge("plan3", ("loans",), Cost(ZCDP, Fraction(1, 10**30)))
    assert refusal.value.left == "rho 0, delta 1/1000000"
    assert refusal.value.asked == f"rho 1/{10**30}, delta 0"
    assert "left in the budget: rho 0" in str(refusal.value)


def test_delta_is_spent_too() -> None:
    spent = ledger().charge("p", ("loans",), Cost(ZCDP, THIRD, MILLIONTH))

    with pytest.raises(Overspent, match="delta 0;"):
        spent.charge("p", ("loans",), Cost(ZCDP, THIRD, MILLIONTH / 1000))


def test_a_charge_leaves_the_ledger_it_came_from_alone() -> None:
    before = ledger()

    after = before.charge("hash", ("loans", "units"), Cost(ZCDP, THIRD))

    assert before.spent == Cost(ZCDP, Fraction(0))
    assert after.entries == (Entry("hash", ("loans", "units"), Cost(ZCDP, THIRD)),)


def test_pure_epsilon_is_paid_as_half_its_square_and_rho_never_as_epsilon() -> None:
    spent = ledger().charge("p", ("loans",), Cost(PURE, Fraction(1, 2), MILLIONTH))

    assert spent.spent == Cost(ZCDP, Fraction(1, 8), MILLIONTH)
    assert spent.entries[0].cost.guarantee is PURE
    with pytest.raises(PlanError, match="cannot pay"):
        ledger(PURE).charge("p", ("loans",), Cost(ZCDP, MILLIONTH))


def test_a_ledger_that_is_overspent_cannot_be_read_back() -> None:
    text = ledger().charge("p", ("loans",), Cost(ZCDP, Fraction(3, 4))).to_json()

    with pytest.raises(Overspent):
        Ledger.from_json(text.replace("3/4", "5/4"))


costs = st.builds(
    Cost, st.sampled_from(Guarantee), st.fractions(0, Fraction(1, 9)), st.just(MILLIONTH / 9)
)


@settings(max_examples=40, deadline=None)
@given(st.lists(costs, max_size=8))
def test_a_ledger_reads_back_as_it_was_written_and_sums_what_it_holds(held: list[Cost]) -> None:
    spent = ledger()
    for cost in held:
        spent = spent.charge("hash", ("loans", "coût"), cost)

    assert Ledger.from_json(spent.to_json()) == spent
    assert spent.spent.amount == sum(
        c.amount if c.guarantee is ZCDP else c.amount**2 / 2 for c in held
    )
    assert spent.spent.delta == len(held) * MILLIONTH / 9


@settings(max_examples=25, deadline=None)
@given(
    st.fractions(Fraction(1, 1000), 5, max_denominator=10**4),
    st.integers(10, 40).map(lambda exponent: Fraction(1, 2**exponent)),
)
def test_epsilon_is_near_the_best_known_and_never_below_it(rho: Fraction, delta: Fraction) -> None:
    dp = opendp()
    gauss = dp.m.make_gaussian(
        dp.atom_domain(T="i64"), dp.absolute_distance(T="f64"), scale=math.sqrt(1 / (2 * rho))
    )
    best = dp.c.make_zCDP_to_approxDP(gauss).map(1.0).epsilon(float(delta))
    simple = rho + 2 * math.sqrt(rho * math.log(1 / delta))

    ours = epsilon_at(rho, delta)

    assert best * (1 - 1e-9) <= ours <= Decimal(simple) + Decimal("0.000002")
    assert float(ours) <= best * 1.5 + 0.01


def test_the_reader_hears_an_epsilon_for_the_delta_that_is_left() -> None:
    spent = ledger().charge("p", ("loans",), Cost(ZCDP, Fraction(1, 8), MILLIONTH))

    assert spent.epsilon(2 * MILLIONTH) == epsilon_at(Fraction(1, 8), MILLIONTH)
    with pytest.raises(PlanError, match="no epsilon"):
        spent.epsilon(MILLIONTH)


def test_pure_epsilons_add_up_and_are_said_rounded_up() -> None:
    spent = ledger(PURE).charge("p", ("loans",), Cost(PURE, THIRD))

    assert spent.epsilon(Fraction(0)) == Decimal("0.333334")
    with pytest.raises(PlanError, match="below the delta"):
        spent.charge("p", (), Cost(PURE, THIRD, MILLIONTH)).epsilon(Fraction(0))


def test_nothing_spent_is_epsilon_zero_and_a_cost_is_never_negative() -> None:
    assert ledger().epsilon(MILLIONTH) == 0
    with pytest.raises(PlanError, match="at least 0"):
        Cost(ZCDP, Fraction(-1))
