"""Which cards make a month, in which order; how its time is counted."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuali.cards import CARDS
from mutuali.checkin.rules import (
    BY_LETTER,
    DEFAULTS,
    LEAST_TO_PUBLISH,
    LONGEST_GAP,
    MOST_CARDS,
    ONCE,
    Card,
    Choice,
    Kind,
    counted,
    deal,
    is_early,
    median_seconds,
    minutes,
    month_of,
    next_month,
)
from mutuali.web.words import WORDS
from tests.checkin.made import ORDER, card
from tests.factories import NOW


def keys(cards: Sequence[Card]) -> list[tuple[Kind, str]]:
    return [each.key for each in cards]


def test_each_provider_gives_one_before_any_gives_two_and_they_stand_in_order() -> None:
    questions = [card(Kind.QUESTION, f"q{n}") for n in range(5)]
    requests = [card(Kind.REQUEST, f"r{n}") for n in range(4)]
    ending = [card(Kind.ENDING, "e")]
    dealt = deal([questions, requests, ending], ())
    assert [each.subject for each in dealt] == ["q0", "q1", "q2", "r0", "r1", "r2", "e"]


def test_what_is_to_be_learned_is_last_and_counts_among_the_seven() -> None:
    learning = card(Kind.LEARNING, "lire")
    others = [[card(kind, "x")] for kind in ORDER if kind is not Kind.LEARNING]
    dealt = deal([[learning], *others], ())
    assert len(dealt) == MOST_CARDS == 7
    assert dealt[-1] == learning
    assert [each.kind for each in dealt[:-1]] == list(ORDER[:6])
    assert deal([[learning]], ()) == (learning,)


def test_what_was_decided_or_set_aside_is_out_and_counts() -> None:
    requests = [card(Kind.REQUEST, f"r{n}") for n in range(9)]
    decided = [(Kind.REQUEST, "r0"), (Kind.ENDING, "e")]
    dealt = deal([requests, [card(Kind.ENDING, "e")]], decided)
    assert [each.subject for each in dealt] == ["r1", "r2", "r3", "r4", "r5"]
    seven = [(Kind.REQUEST, f"r{n}") for n in range(7)]
    assert deal([requests, [card(Kind.LEARNING)]], seven) == ()


@pytest.mark.parametrize("kind", sorted(ONCE))
def test_of_some_kinds_the_next_one_waits_for_next_month(kind: Kind) -> None:
    two = [card(kind, "a"), card(kind, "b")]
    assert len(deal([two], ())) == 1
    assert deal([two], [(kind, "z")]) == ()


def slowly(offered: Sequence[Sequence[Card]], decided: set[tuple[Kind, str]]) -> list[Card]:
    """The same as a person would deal: round after round, one card of each in turn."""
    hands = [
        [c for c in some if c.key not in decided and not (c.kind in ONCE and _met(c, decided))]
        for some in offered
    ]
    learning = [c for hand in hands for c in hand if c.kind is Kind.LEARNING][:1]
    hands = [[c for c in hand if c.kind is not Kind.LEARNING] for hand in hands]
    room = 7 - len(decided)
    learning = learning if room > 0 else []
    room -= len(learning)
    taken: list[list[Card]] = [[] for _ in hands]
    depth = 0
    while room > 0 and any(depth < len(hand) for hand in hands):
        for hand, pile in zip(hands, taken, strict=True):
            fits = depth < len(hand) and (depth == 0 or hand[depth].kind not in ONCE)
            if fits and room > 0:
                pile.append(hand[depth])
                room -= 1
        depth += 1
    return [*(c for pile in taken for c in pile), *learning]


def _met(one: Card, decided: set[tuple[Kind, str]]) -> bool:
    return any(kind is one.kind for kind, _ in decided)


@st.composite
def offers(draw: st.DrawFn) -> list[list[Card]]:
    piles = draw(st.lists(st.tuples(st.sampled_from(ORDER), st.integers(0, 6)), max_size=9))
    return [[card(kind, f"{n}-{i}") for i in range(count)] for n, (kind, count) in enumerate(piles)]


@given(offers(), st.data())
def test_however_much_waits_the_cards_are_those_a_person_would_deal(
    offered: list[list[Card]], data: st.DataObject
) -> None:
    known = [each.key for some in offered for each in some]
    decided = set(data.draw(st.lists(st.sampled_from(known), max_size=8))) if known else set()
    dealt = deal(offered, decided)
    assert keys(dealt) == keys(slowly(offered, decided))
    assert len(dealt) + len(decided) <= max(7, len(decided))
    assert [each.kind for each in dealt].count(Kind.LEARNING) <= 1


def test_every_kind_has_its_default_its_words_and_one_provider_or_comes_later() -> None:
    assert set(DEFAULTS) == set(Kind) == set(ORDER)
    provided = [kind for each in CARDS for kind in sorted(each.kinds, key=ORDER.index)]
    assert provided in ([*ORDER], [*ORDER[:-1]])
    for words in ("checkin.kind", "checkin.default"):
        assert set(WORDS[words]) == set(Kind)
    assert set(WORDS["checkin.choice"]) == set(Choice)
    assert all(DEFAULTS[kind] is not Choice.YES for kind in BY_LETTER)


SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("gap", "seconds"),
    [
        (timedelta(), 0),
        (timedelta(milliseconds=1999), 1),
        (119 * SECOND, 119),
        (120 * SECOND, 120),
        (121 * SECOND, 120),
        (timedelta(hours=3), 120),
        (timedelta(days=20), 120),
        # A request that was noted late.
        (-5 * SECOND, 0),
    ],
)
def test_a_gap_counts_for_two_minutes_at_most_and_never_less_than_nothing(
    gap: timedelta, seconds: int
) -> None:
    assert counted(NOW, NOW + gap) == seconds
    assert counted(None, NOW) == 0
    assert LONGEST_GAP == 120 * SECOND


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, 0), (29, 0), (30, 1), (89, 1), (90, 2), (360, 6), (899, 15)]
)
def test_minutes_are_whole_to_the_nearest(seconds: int, shown: int) -> None:
    assert minutes(seconds) == shown


def test_months_follow_the_calendar_of_montreal() -> None:
    last_evening = datetime(2026, 4, 1, 3, 59, tzinfo=UTC)
    assert month_of(last_evening) == date(2026, 3, 1)
    assert month_of(last_evening + timedelta(minutes=1)) == date(2026, 4, 1)
    assert next_month(date(2026, 12, 1)) == date(2027, 1, 1)
    assert next_month(date(2026, 1, 1)) == date(2026, 2, 1)
    assert not is_early(last_evening)
    assert is_early(last_evening + timedelta(minutes=1))
    assert is_early(datetime(2026, 4, 8, 3, tzinfo=UTC))
    assert not is_early(datetime(2026, 4, 8, 5, tzinfo=UTC))


def test_the_middle_is_said_from_ten_organizations_on() -> None:
    nine = [60] * 8 + [6000]
    assert median_seconds(nine) is None
    assert median_seconds([*nine, 120]) == 60
    assert LEAST_TO_PUBLISH == 10
