"""What can go wrong around a loan, how bad it is, and what a record of it has to say.

A mishap is not a confidentiality incident: that one is about personal information, by law, and
stands in a register of the steward's (``governance``). Pure: no database, no request, no clock.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from mutuali.core.errors import Reason


class Kind(StrEnum):
    """What happened."""

    DAMAGE = "damage"
    LOSS = "loss"
    ACCIDENT = "accident"
    FOOD_SAFETY = "food_safety"
    OTHER = "other"


class Severity(StrEnum):
    """How bad it is, as whoever reports it sees it."""

    MINOR = "minor"
    MODERATE = "moderate"
    SERIOUS = "serious"


MOST_PHOTOS = 6
LONGEST = 2000
#: A clock of a telephone may be a little ahead of ours.
_AHEAD = timedelta(minutes=5)


def objections(happened_at: datetime, words: str, now: datetime) -> tuple[Reason, ...]:
    """Every reason why a record cannot be written like this."""
    found: list[Reason] = []
    if happened_at > now + _AHEAD:
        found.append(Reason("mishap.in_the_future", {}, "happened_at"))
    if not words.strip():
        found.append(Reason("mishap.words_missing", {}, "words"))
    return tuple(found)
