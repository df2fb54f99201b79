"""What goes out in a feed, and for how long its address works."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mutuali.bookings.rules import State
from mutuali.core.period import Period


class FeedKind(StrEnum):
    """Whose bookings a feed shows."""

    #: What a person's organization lends and borrows, as long as that person acts for it.
    PERSON = "person"
    #: The same, for whoever its people give the address to.
    ORGANIZATION = "organization"
    #: What is lent of one listing.
    LISTING = "listing"


class EventStatus(StrEnum):
    """STATUS of RFC 5545."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


#: How far a feed reaches.
_BACK, _AHEAD = timedelta(days=92), timedelta(days=731)
#: The most events of one feed; of more, the latest.
MOST_EVENTS = 2000
#: The most feeds in force of one person, and of one organization.
MOST_FEEDS = 20
#: What came to nothing stays so long, so that agendas which look once a week take it out.
CALLED_OFF_SHOWN_FOR = timedelta(days=60)
#: An address that nobody asked for so long works no more.
UNUSED_FOR = timedelta(days=730)

_STATUS: Mapping[State, EventStatus] = {
    State.REQUESTED: EventStatus.TENTATIVE,
    State.HELD: EventStatus.TENTATIVE,
    State.APPROVED: EventStatus.CONFIRMED,
    State.ON_LOAN: EventStatus.CONFIRMED,
    State.RETURNED: EventStatus.CONFIRMED,
    State.CLOSED: EventStatus.CONFIRMED,
    State.DECLINED: EventStatus.CANCELLED,
    State.CANCELLED: EventStatus.CANCELLED,
    State.EXPIRED: EventStatus.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Event:
    """A VEVENT: what an agenda is told of one booking, in words of its reader's language.

    ``uid`` names it for good, ``sequence`` counts its changes, ``changed_at`` dates the last.
    """

    uid: str
    sequence: int
    period: Period
    summary: str
    status: EventStatus
    url: str
    location: str
    changed_at: datetime


def status_of(state: State) -> EventStatus:
    """What an agenda shows of a booking in this state."""
    return _STATUS[state]


def feed_span(now: datetime) -> Period:
    """What a feed shows: from three months back to two years ahead."""
    return Period(now - _BACK, now + _AHEAD)


def is_over(last_used_at: datetime, now: datetime) -> bool:
    """Whether an address that was last used (or made) then works no more."""
    return now - last_used_at >= UNUSED_FOR


def plain(text: str) -> str:
    """``text`` in one line: whatever steers a terminal, a line or the direction of writing goes."""
    return re.sub(" +", " ", "".join(" " if _steers(c) else c for c in text)).strip(" ")


def _steers(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind in {"Cc", "Cs", "Zl", "Zp"} or unicodedata.bidirectional(character) in _TURNS


#: Characters that turn the direction of what follows.
_TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
