"""Turns of those who wait, and when saved searches are looked at."""

from mutuali.waiting.rules.line import ASKED_FOR, MOST_WAITING, WaitingState, asked_until
from mutuali.waiting.rules.searches import (
    KEPT_FOR,
    LOOK_EVERY,
    MOST_SEARCHES,
    MOST_TOLD,
    RADII,
    Pace,
    SearchDraft,
    ends_at,
    news,
    next_look,
    search_objections,
)

__all__ = [
    "ASKED_FOR",
    "KEPT_FOR",
    "LOOK_EVERY",
    "MOST_SEARCHES",
    "MOST_TOLD",
    "MOST_WAITING",
    "RADII",
    "Pace",
    "SearchDraft",
    "WaitingState",
    "asked_until",
    "ends_at",
    "news",
    "next_look",
    "search_objections",
]
