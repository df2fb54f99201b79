"""What a check-in may ask, how many cards it has, how its time is measured."""

from mutuali.checkin.rules.cards import (
    BY_LETTER,
    DEFAULTS,
    MOST_CARDS,
    ONCE,
    Card,
    Choice,
    Kind,
    Silence,
    Words,
    deal,
)
from mutuali.checkin.rules.months import (
    ENOUGH_SECONDS,
    LEAST_TO_PUBLISH,
    LONGEST_GAP,
    counted,
    is_early,
    median_seconds,
    minutes,
    month_of,
    next_month,
)

__all__ = [
    "BY_LETTER",
    "DEFAULTS",
    "ENOUGH_SECONDS",
    "LEAST_TO_PUBLISH",
    "LONGEST_GAP",
    "MOST_CARDS",
    "ONCE",
    "Card",
    "Choice",
    "Kind",
    "Silence",
    "Words",
    "counted",
    "deal",
    "is_early",
    "median_seconds",
    "minutes",
    "month_of",
    "next_month",
]
