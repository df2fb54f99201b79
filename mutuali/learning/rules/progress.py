"""Which card comes next for a person, and which is offered where."""

from collections import defaultdict
from collections.abc import Mapping
from enum import StrEnum

from mutuali.core.charter import Principle
from mutuali.learning.rules.card import Card
from mutuali.learning.rules.cards import CARDS


class Outcome(StrEnum):
    """What became of a card with a person: how they answered it last, or that they set it aside."""

    RIGHT = "right"
    WRONG = "wrong"
    LATER = "later"


#: The card was read and its question answered, rightly or not.
ANSWERED = frozenset({Outcome.RIGHT, Outcome.WRONG})


class Moment(StrEnum):
    """Where a card is offered: before what somebody is about to do for the first time."""

    CONSENT = "consent"
    AGREEMENT = "agreement"
    RELEASE = "release"


#: The card that helps at each moment.
OFFERED: Mapping[Moment, str] = {
    Moment.CONSENT: "free-yes",
    Moment.AGREEMENT: "four-answers",
    Moment.RELEASE: "no-name",
}


def outcome_of(card: Card, choice: int) -> Outcome:
    """Whether ``choice``, a place from 1, is the right one."""
    return Outcome.RIGHT if choice == card.right else Outcome.WRONG


def by_principle() -> Mapping[Principle, list[Card]]:
    """The cards of each principle, both in the order of the Charter."""
    found: defaultdict[Principle, list[Card]] = defaultdict(list)
    for card in CARDS.values():
        found[card.principle].append(card)
    return found


#: The order in which cards are read: the first of each principle, then the second of each.
_TURNS: tuple[str, ...] = tuple(
    card.code for turn in zip(*by_principle().values(), strict=True) for card in turn
)


def next_of(outcomes: Mapping[str, Outcome], after: str | None = None) -> Card | None:
    """The card to read next, going on from ``after``; those that were set aside come last.

    None once all are answered, ``after`` aside.
    """
    start = _TURNS.index(after) + 1 if after else 0
    turns = [code for code in (*_TURNS[start:], *_TURNS[:start]) if code != after]
    left = [code for code in turns if outcomes.get(code) not in ANSWERED]
    # Sorting keeps the turns among those that were not set aside, and among those that were.
    left.sort(key=lambda code: code in outcomes)
    return CARDS[left[0]] if left else None
