"""The cards in both languages, and which one comes next."""

from mutuali.learning.rules.card import (
    COMMITMENTS,
    MINUTES,
    Card,
    CardText,
    Choice,
    Commitment,
    Picture,
    Principle,
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
    "COMMITMENTS",
    "MINUTES",
    "OFFERED",
    "Card",
    "CardText",
    "Choice",
    "Commitment",
    "Moment",
    "Outcome",
    "Picture",
    "Principle",
    "by_principle",
    "next_of",
    "outcome_of",
]
