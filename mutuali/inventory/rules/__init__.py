"""The inventory: an entry for every column that is stored, and what may leave because of it."""

from mutuali.inventory.rules.holdings import HOLDINGS, entries, entry
from mutuali.inventory.rules.words import (
    LASTS,
    STANDS,
    About,
    Entry,
    Holding,
    Keep,
    NotInventoried,
    Origin,
    Reach,
    Seen,
    Why,
)

__all__ = [
    "HOLDINGS",
    "LASTS",
    "STANDS",
    "About",
    "Entry",
    "Holding",
    "Keep",
    "NotInventoried",
    "Origin",
    "Reach",
    "Seen",
    "Why",
    "entries",
    "entry",
]
