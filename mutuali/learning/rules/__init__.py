"""The cards in both languages, and which one comes next."""

from mutuali.learning.rules.card import (
    MINUTES,
    Card,
    CardText,
    Choice,
    Picture,
)
from mutuali.learning.rules.cards import CARDS
from mutuali.learning.rules.progress import (
    ANSWERED,
    OFFERED,
    Moment,
    Outcome,
    by_principle,
    next_of,
    outcome_of,
)

__all__ = [
    "ANSWERED",
    "CARDS",
    "MINUTES",
    "OFFERED",
    "Card",
    "CardText",
    "Choice",
    "Moment",
    "Outcome",
    "Picture",
    "by_principle",
    "next_of",
    "outcome_of",
]
