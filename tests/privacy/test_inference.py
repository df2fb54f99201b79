"""Guessing secrets and dominating cells, against counting class by class."""

from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuali.privacy.errors import BadTable
from mutuali.privacy.measures.grouping import distinct_per_class, group
from mutuali.privacy.measures.inference import dominance, inference

ROWS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 4)), min_size=1, max_size=30
)


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_the_best_guess_is_the_most_frequent_value_of_the_class(
    rows: list[tuple[int, int, int]],
) -> None:
    classes = group([np.array([row[0] for row in rows])], len(rows))
    secrets = np.array([row[1] for row in rows])

    found = inference(classes, secrets, "state")

    members = defaultdict(list)
    for label, secret, _ in rows:
        members[label].append(secret)
    most = {label: max(Counter(held).values()) for label, held in members.items()}
    assert found.highest == max(most[label] / len(held) for label, held in members.items())
    assert found.mean == pytest.approx(sum(most.values()) / len(rows))
    assert found.base_rate == max(Counter(secrets.tolist()).values()) / len(rows)
    assert found.certain == pytest.approx(
        sum(len(held) for held in members.values() if len(set(held)) == 1) / len(rows)
    )
    assert 0 < found.base_rate <= found.mean + 1e-12 <= found.highest + 2e-12
    assert distinct_per_class(classes, secrets)[classes.of].tolist() == [
        len(set(members[label])) for label, _, _ in rows
    ]


@settings(max_examples=40, deadline=None)
@given(ROWS, st.booleans())
def test_the_largest_contributor_is_found_in_each_class(
    rows: list[tuple[int, int, int]], weighed: bool
) -> None:
    classes = group([np.array([row[0] for row in rows])], len(rows))
    people = np.array([row[1] for row in rows])
    amounts = np.array([float(row[2]) for row in rows]) if weighed else None

    found = dominance(classes, people, "lender", amounts=amounts)

    held: dict[int, Counter[int]] = defaultdict(Counter)
    for label, person, amount in rows:
        held[label][person] += amount if weighed else 1
    shares = [max(c.values()) / c.total() for c in held.values() if c.total()]
    assert found.highest == pytest.approx(max(shares, default=0))
    assert found.mean == pytest.approx(sum(shares) / len(shares) if shares else 0)
    assert found.alone == sum(sum(part > 0 for part in c.values()) == 1 for c in held.values())


def test_an_amount_below_zero_is_no_share() -> None:
    classes = group([np.zeros(3, dtype=np.int64)], 3)
    for bad in (-1.0, float("nan")):
        with pytest.raises(BadTable, match="column 'kg', row 2"):
            dominance(classes, np.arange(3), "lender", amounts=np.array([1.0, 2.0, bad]), unit="kg")


def test_a_table_without_rows_gives_nothing_away() -> None:
    nothing = np.zeros(0, dtype=np.int64)

    assert inference(group([nothing], 0), nothing, "state").highest == 0
    assert dominance(group([nothing], 0), nothing, "lender").highest == 0
