"""Cards and providers with valid values, and moments of a month."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.cards import CARDS as ALL
from mutuali.cards import learned
from mutuali.checkin.rules import Card, Choice, Kind, Silence, Words, is_early
from mutuali.checkin.service import Provider
from mutuali.core.period import local
from mutuali.core.permissions import Actor
from mutuali.web.clock import utc_now

#: The product's own, without what is to be learned: see conftest.
CARDS = tuple(each for each in ALL if Kind.LEARNING not in each.kinds)
#: The kinds in the order in which the product offers them.
ORDER = (
    *(Kind.QUESTION, Kind.CHANGED, Kind.REQUEST, Kind.ENDING, Kind.REANALYSIS),
    *(Kind.WITHDRAWAL, Kind.DOCUMENT, Kind.MEMBER, Kind.ACTION, Kind.LEARNING),
)


def card(kind: Kind = Kind.ENDING, subject: str = "une", *choices: Choice) -> Card:
    """A card that can be said to be seen, unless the test says otherwise."""
    return Card(kind, subject, Silence.COMES_BACK, None, choices or (Choice.SEEN,))


def offering(*cards: Card) -> Provider:
    """A provider that offers just these, whoever asks."""

    def find(_session: Session, _actor: Actor, _id: int, _now: datetime) -> Sequence[Card]:
        return cards

    def say(_session: Session, _actor: Actor, card: Card) -> Words:
        return Words(f"Que faire de {card.subject}?")

    return Provider(frozenset(each.kind for each in cards), find, say)


def only(*kinds: Kind) -> tuple[Provider, ...]:
    """The product's own providers of some kinds."""
    return tuple(each for each in CARDS if each.kinds & set(kinds))


def early() -> datetime:
    """A moment of this month's first days that is past."""
    now = utc_now()
    return now if is_early(now) else local(now).replace(day=3).astimezone(UTC)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


__all__ = ["CARDS", "ORDER", "card", "early", "learned", "minutes", "offering", "only"]
