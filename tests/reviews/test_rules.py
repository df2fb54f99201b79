"""When what was said can be read, until when it can be written, and from how many on it counts."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuali.loans.rules import Side
from mutuali.reviews.rules import (
    FEWEST,
    REVIEW_WITHIN,
    Praise,
    Scores,
    average,
    may_write,
    objections,
    open_until,
    praise,
    published_at,
)
from tests.factories import NOW

HOURS = int(REVIEW_WITHIN / timedelta(hours=1))
hours = st.integers(0, HOURS * 2)


def at(hour: float) -> datetime:
    return NOW + timedelta(hours=hour)


@given(st.lists(st.tuples(st.sampled_from(Side), hours), max_size=8), hours)
def test_published_once_both_wrote_or_the_time_is_over_and_never_changed_after(
    tries: list[tuple[Side, int]], look: int
) -> None:
    """Plays a loan hour by hour, against the plain sentence: it can be read from the first hour
    at which both sides had written, or from the end, if anybody wrote at all."""
    written: dict[Side, datetime] = {}
    said_at: list[tuple[datetime, bool]] = []
    for side, hour in sorted(tries, key=lambda each: each[1]):
        other = next(each for each in Side if each is not side)
        allowed = may_write(NOW, wrote=side in written, other_wrote=other in written, now=at(hour))
        before = published_at(open_until(NOW), list(written.values()))
        if allowed:
            # Nobody writes what others already read.
            assert before is None or at(hour) < before or side not in written
            assert at(hour) < open_until(NOW)
            written[side] = at(hour)
        said_at.append((at(hour), allowed))
    found = published_at(open_until(NOW), list(written.values()))
    both = set(written) == set(Side)
    readable = bool(written) and (
        at(look) >= open_until(NOW) or (both and at(look) >= max(written.values()))
    )
    assert (found is not None and found <= at(look)) == readable
    assert not any(allowed for when, allowed in said_at if when >= open_until(NOW))


def test_nobody_writes_before_the_return_nor_at_the_very_end() -> None:
    assert not may_write(None, wrote=False, other_wrote=False, now=NOW)
    last = open_until(NOW) - timedelta(microseconds=1)
    assert may_write(NOW, wrote=True, other_wrote=False, now=last)
    assert not may_write(NOW, wrote=False, other_wrote=False, now=open_until(NOW))
    assert may_write(NOW, wrote=False, other_wrote=True, now=NOW)
    assert not may_write(NOW, wrote=True, other_wrote=True, now=NOW)


@given(st.lists(st.integers(1, 5), max_size=9))
def test_too_few_scores_have_no_average(scores: list[int]) -> None:
    mean = average(scores)
    assert (mean is None) == (len(scores) < FEWEST)
    if mean is not None:
        assert min(scores) <= mean <= max(scores)
        assert praise(mean) in Praise


@pytest.mark.parametrize(
    ("mean", "word"),
    [(5, "very_good"), (4.5, "very_good"), (4.4, "good"), (3.4, "fair"), (2.4, "poor")],
)
def test_an_average_has_a_word(mean: float, word: str) -> None:
    assert praise(mean).value == word


def test_only_who_borrowed_the_thing_says_something_of_it() -> None:
    assert objections(Side.LENDER, Scores(5, 5)) == ()
    assert objections(Side.BORROWER, Scores(5, 5, 5, 5)) == ()
    missing = objections(Side.BORROWER, Scores(5, 5, quality=4))
    assert [(each.code, each.field) for each in missing] == [("field.missing", "as_described")]
    strange = objections(Side.LENDER, Scores(5, 5, 3))
    assert [(each.code, each.field) for each in strange] == [("review.not_yours", "as_described")]
