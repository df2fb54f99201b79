"""Cards: what each asks, what counts until somebody decides, which ones make a month. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

#: More is no quarter of an hour any more.
MOST_CARDS = 7


class Kind(StrEnum):
    """What a card is about."""

    #: A question of consent without an answer.
    QUESTION = "question"
    #: One whose text changed since it was answered.
    CHANGED = "changed"
    #: A request to borrow.
    REQUEST = "request"
    #: An agreement that ends soon.
    ENDING = "ending"
    #: A release to be analysed once more.
    REANALYSIS = "reanalysis"
    #: A yes that was taken back, while copies are out.
    WITHDRAWAL = "withdrawal"
    #: A document that runs out.
    DOCUMENT = "document"
    #: A member who stays away.
    MEMBER = "member"
    #: The next action of the Charter.
    ACTION = "action"
    #: Something to read in two minutes.
    LEARNING = "learning"


class Choice(StrEnum):
    """What can be said on a card itself; ``later`` sets it aside until next month."""

    YES = "yes"
    NO = "no"
    SEEN = "seen"
    DONE = "done"
    LATER = "later"


class Silence(StrEnum):
    """What happens when nobody says anything."""

    NOTHING_LEAVES = "nothing_leaves"
    EXPIRES = "expires"
    ENDS = "ends"
    LEAVES = "leaves"
    STAYS_LATE = "stays_late"
    RECALL_GOES_ON = "recall_goes_on"
    COUNTS_NO_MORE = "counts_no_more"
    ACCESS_STAYS = "access_stays"
    COMES_BACK = "comes_back"


#: What counts of each kind until somebody decides.
DEFAULTS: Mapping[Kind, Choice] = {
    Kind.QUESTION: Choice.NO,
    Kind.CHANGED: Choice.NO,
    Kind.REQUEST: Choice.LATER,
    Kind.ENDING: Choice.SEEN,
    Kind.REANALYSIS: Choice.LATER,
    Kind.WITHDRAWAL: Choice.SEEN,
    Kind.DOCUMENT: Choice.LATER,
    Kind.MEMBER: Choice.SEEN,
    Kind.ACTION: Choice.LATER,
    Kind.LEARNING: Choice.LATER,
}
#: Kinds whose next one waits for next month.
ONCE = frozenset({Kind.DOCUMENT, Kind.MEMBER, Kind.ACTION, Kind.LEARNING})
#: Kinds that a link in a letter can answer: a yes, a no, or that it was seen.
BY_LETTER = frozenset({Kind.QUESTION, Kind.CHANGED, Kind.WITHDRAWAL})


@dataclass(frozen=True, slots=True)
class Card:
    """One decision: about what, what can be said of it here, and what silence does, by when.

    ``found`` is what its provider knows, for its words; two cards on the same thing are the same.
    """

    kind: Kind
    subject: str
    silence: Silence
    on: datetime | None = None
    choices: tuple[Choice, ...] = ()
    found: Any = field(default=None, compare=False, repr=False)

    @property
    def default(self) -> Choice:
        """What counts until somebody decides."""
        return DEFAULTS[self.kind]

    @property
    def key(self) -> tuple[Kind, str]:
        """What tells it from the other cards of a month."""
        return self.kind, self.subject


@dataclass(frozen=True, slots=True)
class Words:
    """What a card says: one question, what helps to decide, what a yes does, where there is more.

    ``more`` are (label, value), folded.
    """

    question: str
    text: str = ""
    consequence: str = ""
    more: tuple[tuple[str, str], ...] = ()
    href: str = ""
    link: str = ""


def deal(
    offered: Sequence[Sequence[Card]], decided: Collection[tuple[Kind, str]]
) -> tuple[Card, ...]:
    """The cards that are left of a month: with those ``decided``, at most seven.

    Of what each provider offers, most pressing first, one is taken before a second one of any. They
    stand in the order of the providers; what is to be learned comes last, whoever offers it.
    """
    once = {kind for kind, _ in decided} & ONCE
    fresh = [
        [each for each in some if each.key not in decided and each.kind not in once]
        for some in offered
    ]
    rest = [[each for each in some if each.kind is not Kind.LEARNING] for some in fresh]
    last = [each for some in fresh for each in some if each.kind is Kind.LEARNING][:1]
    room = max(0, MOST_CARDS - len(decided))
    last = last[:room]
    rounds = sorted(
        (depth, place)
        for place, some in enumerate(rest)
        for depth, each in enumerate(some)
        if depth == 0 or each.kind not in ONCE
    )
    taken = sorted((place, depth) for depth, place in rounds[: room - len(last)])
    return (*(rest[place][depth] for place, depth in taken), *last)
