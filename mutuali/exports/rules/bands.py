"""How exact values become bands; codes that read the same in both languages.

Each ladder lists, per band, the coarser band above it; ``*`` covers everything.
"""

from bisect import bisect_right
from enum import StrEnum

from mutuali.bookings.rules import State

HOUR = 3600
DAY = 24 * HOUR

#: Nobody wrote it down.
UNKNOWN = "not_recorded"

#: Where each band but the first begins.
DURATION_EDGES = (HOUR, 4 * HOUR, 8 * HOUR, DAY, 3 * DAY, 7 * DAY)
LEAD_EDGES = (DAY, 3 * DAY, 7 * DAY)
UNITS_EDGES = (2, 6, 21)
MEALS_EDGES = (51, 201)
_COVERAGE = (0.25, 0.5, 0.75, 0.95)
_COVERAGE_BANDS = ("0-25%", "25-50%", "50-75%", "75-95%", "95-100%")

#: (band, coarser band, "*").
DURATION_LADDER = (
    ("0-1h", "0-8h", "*"),
    ("1-4h", "0-8h", "*"),
    ("4-8h", "0-8h", "*"),
    ("8-24h", "8h-3d", "*"),
    ("1-3d", "8h-3d", "*"),
    ("3-7d", "3d+", "*"),
    ("7d+", "3d+", "*"),
)
LEAD_LADDER = (
    ("0-1d", "0-3d", "*"),
    ("1-3d", "0-3d", "*"),
    ("3-7d", "3d+", "*"),
    ("7d+", "3d+", "*"),
    (UNKNOWN, UNKNOWN, "*"),
)
UNITS_LADDER = (
    ("1", "1", "*"),
    ("2-5", "2+", "*"),
    ("6-20", "2+", "*"),
    ("21+", "2+", "*"),
)
MEALS_LADDER = (
    (UNKNOWN, UNKNOWN, "*"),
    ("1-50", "said", "*"),
    ("51-200", "said", "*"),
    ("201+", "said", "*"),
)


class Outcome(StrEnum):
    """How a request ended."""

    ON_TIME = "returned_on_time"
    LATE = "returned_late"
    NOT_RETURNED = "not_returned"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"


_ENDED_WITHOUT_LOAN = {
    State.CANCELLED: Outcome.CANCELLED,
    State.DECLINED: Outcome.DECLINED,
    State.EXPIRED: Outcome.EXPIRED,
}

#: States in which the thing was really lent.
LENT = (State.ON_LOAN, State.RETURNED, State.CLOSED)


def outcome(state: State, ends_at: float, returned_at: float | None, now: float) -> Outcome | None:
    """How it ended; None while the story goes on. Instants in seconds of one clock.

    A return nobody noted counts as on time; what is still out after its end is not returned.
    """
    if state in _ENDED_WITHOUT_LOAN:
        return _ENDED_WITHOUT_LOAN[state]
    if state is State.ON_LOAN:
        return Outcome.NOT_RETURNED if ends_at < now else None
    if state in LENT:
        return (
            Outcome.LATE if returned_at is not None and returned_at > ends_at else Outcome.ON_TIME
        )
    return None


def duration_band(seconds: float) -> str:
    """``0-1h`` up to ``7d+``; a band includes its start and not its end."""
    return DURATION_LADDER[bisect_right(DURATION_EDGES, seconds)][0]


def lead_band(seconds: float | None) -> str:
    """How long before its start a loan was asked for; below zero or None: not recorded."""
    if seconds is None or seconds < 0:
        return UNKNOWN
    return LEAD_LADDER[bisect_right(LEAD_EDGES, seconds)][0]


def units_band(units: int) -> str:
    """``1``, ``2-5``, ``6-20``, ``21+``."""
    return UNITS_LADDER[bisect_right(UNITS_EDGES, units)][0]


def meals_band(meals: int | None) -> str:
    """``1-50``, ``51-200``, ``201+``; none or nothing said: not recorded."""
    return MEALS_LADDER[bisect_right(MEALS_EDGES, meals) + 1][0] if meals else UNKNOWN


def coverage_band(consenting: int, members: int) -> str:
    """Which share of the network said yes, in words wide enough to point at nobody.

    ``consenting`` of ``members`` organizations; a band includes its start.
    """
    return _COVERAGE_BANDS[bisect_right(_COVERAGE, consenting / members if members else 0)]
