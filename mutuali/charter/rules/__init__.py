"""Rules of the Charter's actions: what there is to do, and how far an organization has come."""

from mutuali.charter.rules.actions import (
    COLUMNS,
    LONGEST_TEXT,
    MOST_ACTIONS,
    Action,
    Depth,
    Family,
    Who,
    as_csv,
    read_actions,
)
from mutuali.charter.rules.facts import OF_NETWORK, Fact
from mutuali.charter.rules.features import SERVED_BY
from mutuali.charter.rules.standing import (
    DEPTHS,
    LEAST_TO_COMPARE,
    LONGEST_SENTENCE,
    Answer,
    Said,
    Share,
    Size,
    Standing,
    network_bands,
    shares,
    stand,
    suggested,
)

__all__ = [
    "COLUMNS",
    "DEPTHS",
    "LEAST_TO_COMPARE",
    "LONGEST_SENTENCE",
    "LONGEST_TEXT",
    "MOST_ACTIONS",
    "OF_NETWORK",
    "SERVED_BY",
    "Action",
    "Answer",
    "Depth",
    "Fact",
    "Family",
    "Said",
    "Share",
    "Size",
    "Standing",
    "Who",
    "as_csv",
    "network_bands",
    "read_actions",
    "shares",
    "stand",
    "suggested",
]
