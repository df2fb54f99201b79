"""Where cards come from: other features, some of them later ones. So they are handed in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.orm import Session

from mutuali.checkin.rules import Card, Choice, Kind, Words
from mutuali.core.permissions import Actor

#: (session, actor, organization, now) -> its cards, the most pressing first; none that the actor
#: may not decide.
Find: TypeAlias = Callable[[Session, Actor, int, datetime], Sequence[Card]]
#: What a card of its own says, in the language of the moment.
Say: TypeAlias = Callable[[Session, Actor, Card], Words]
#: (session, actor, organization, card, choice, now): carries out what was chosen, or refuses.
Do: TypeAlias = Callable[[Session, Actor, int, Card, Choice, datetime], None]


def just_noted(*_: object) -> None:
    """Nothing follows but that it was noted."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One place where cards of some kinds come from."""

    kinds: frozenset[Kind]
    find: Find
    say: Say
    do: Do = just_noted


#: Every provider, in the order in which their cards stand.
Providers: TypeAlias = Sequence[Provider]
#: The name under which the composition root hands them in.
CARDS_KEY = "mutuali_cards"


def of_kind(providers: Providers, kind: Kind) -> list[Provider]:
    """The providers that know cards of a kind."""
    return [each for each in providers if kind in each.kinds]


def words_of(providers: Providers, session: Session, actor: Actor, card: Card) -> Words:
    """What a card says."""
    return of_kind(providers, card.kind)[0].say(session, actor, card)
