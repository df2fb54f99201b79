"""Contributors per class, counted with short cuts, are those that a set holds."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from mutuali.privacy.plan import Role
from mutuali.privacy.recode import histogram
from mutuali.privacy.recode.census import Census
from mutuali.privacy.recode.keys import different, distinct, summed
from mutuali.privacy.recode.loss import ladder
from tests.privacy.lookalike import loan_plan, loans


@pytest.mark.parametrize("k", [2, 5, 9, 40])
def test_classes_below_k_are_those_whose_contributors_are_fewer(k: int) -> None:
    plan = replace(loan_plan("lender", "borrower", k=k, diverse=False), coalition=0)
    # Few lenders and many borrowers: large classes below k on one side alone.
    table = loans(3000, 12, 300)
    columns = plan.named(Role.QUASI_IDENTIFIER)
    ladders = [ladder(column.generalization) for column in columns]
    census = Census(histogram.build(table, plan), ladders, plan)
    rows = table.to_pylist()
    leaves = [{chain[0]: chain for chain in c.generalization.chains} for c in columns]
    rng = np.random.default_rng(k)
    shape = [len(step.texts) for step in ladders]
    # Ever coarser schemes, so that what a finer one proved is used.
    levels = np.zeros(len(shape), dtype=np.int64)
    while (levels < np.array(shape) - 1).any():
        levels = np.minimum(levels + rng.integers(0, 2, len(shape)), np.array(shape) - 1)
        members: dict[object, list[dict[str, object]]] = defaultdict(list)
        for row in rows:
            chains = [known[row[c.name]] for known, c in zip(leaves, columns, strict=True)]
            members[tuple(c[n] for c, n in zip(chains, levels, strict=True))].append(row)
        expected = sum(
            len(group)
            for group in members.values()
            if min(len({row[side] for row in group}) for side in plan.sides) < k
        )

        classes = census.classes([int(level) for level in levels])
        below = census.failing_for_good(classes)

        assert int(classes.rows[below].sum()) == expected


def test_keys_are_added_up_whether_one_number_holds_them_or_not() -> None:
    rng = np.random.default_rng(4)
    for most in (10, 1 << 61):
        keys = rng.integers(0, 40, 300) * (most // 10)
        amounts = rng.integers(0, 9, 300)

        found, sums = summed(keys, amounts)

        expected = {key: int(amounts[keys == key].sum()) for key in keys.tolist()}
        assert dict(zip(found.tolist(), sums.tolist(), strict=True)) == expected
        assert different(keys).tolist() == sorted(expected) == found.tolist()


def test_combinations_in_order_are_numbered_like_those_that_are_not() -> None:
    rng = np.random.default_rng(6)
    codes = [rng.integers(0, 4, 200) for _ in range(3)]
    rows = rng.integers(1, 5, 200)
    order = np.lexsort(codes[::-1])

    shuffled = distinct(codes, rows)
    ordered = distinct([column[order] for column in codes], rows[order])

    assert [c.tolist() for c in shuffled[0]] == [c.tolist() for c in ordered[0]]
    assert shuffled[1][order].tolist() == ordered[1].tolist()
    assert shuffled[2].tolist() == ordered[2].tolist()


@pytest.mark.parametrize("k", [2, 4])
def test_a_class_hangs_on_one_member_where_going_through_its_members_says_so(k: int) -> None:
    plan = loan_plan("lender", "borrower", k=k, diverse=False)
    table = loans(900, 25, 25)
    columns = plan.named(Role.QUASI_IDENTIFIER)
    ladders = [ladder(column.generalization) for column in columns]
    census = Census(histogram.build(table, plan), ladders, plan)
    rows = table.to_pylist()
    leaves = [{chain[0]: chain for chain in c.generalization.chains} for c in columns]
    for levels in ((2, 2, 2, 3, 2, 2, 2), (1, 2, 2, 3, 2, 2, 2), (2, 1, 2, 3, 1, 2, 2)):
        members: dict[object, list[tuple[str, str]]] = defaultdict(list)
        for row in rows:
            chains = [known[row[c.name]] for known, c in zip(leaves, columns, strict=True)]
            met = row["lender"], row["borrower"]
            members[tuple(c[n] for c, n in zip(chains, levels, strict=True))].append(met)
        expected = 0
        for meetings in members.values():
            rest = [
                [met for met in meetings if gone not in met]
                for gone in {None, *(person for met in meetings for person in met)}
            ]
            fewest = [min(len({met[side] for met in left}) for side in (0, 1)) for left in rest]
            whole = min(len({met[side] for met in meetings}) for side in (0, 1))
            expected += len(meetings) * (whole < k or min(fewest) < k - 1)

        classes = census.classes(levels)

        assert int(classes.rows[census.failing_for_good(classes)].sum()) == expected
