"""How long somebody who waits has to answer, and when they wait no more."""

from datetime import datetime, timedelta
from enum import StrEnum

#: Whose turn it is has at most this long to ask.
ASKED_FOR = timedelta(hours=24)
#: For how many moments one organization can wait.
MOST_WAITING = 60


class WaitingState(StrEnum):
    """Where somebody stands in the line for a moment."""

    WAITING = "waiting"
    #: Units are free, and it is their turn to ask for them.
    ASKED = "asked"
    #: They had their turn and did not ask.
    PASSED = "passed"


def asked_until(start: datetime, lead: timedelta, now: datetime) -> datetime:
    """Until when it is somebody's turn: a day, or as long as one can still ask."""
    return min(now + ASKED_FOR, start - lead)
