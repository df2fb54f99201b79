"""When an anonymization is analysed again (r. 0.1, s. 8): sooner where more could be guessed."""

from datetime import date, timedelta
from enum import StrEnum


class Tier(StrEnum):
    """How much of a risk stays; how often it is looked at again."""

    LOW = "low"
    MEDIUM = "medium"


_AGAIN = {Tier.LOW: timedelta(days=365), Tier.MEDIUM: timedelta(days=182)}
#: From so many contributors behind each figure on, the risk that stays is low.
_MANY = 10


def tier_of(k: int) -> Tier:
    """Few contributors hide less than many."""
    return Tier.MEDIUM if k < _MANY else Tier.LOW


def next_analysis(analysed_on: date, tier: Tier) -> date:
    """The day by which the release is measured again, against what is public by then."""
    return analysed_on + _AGAIN[tier]
