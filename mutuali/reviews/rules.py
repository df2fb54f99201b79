"""Until when one may say how a loan went, when it can be read, and from how many on it is averaged.

What one side says is read once both have said it or the time is over: nobody answers in kind.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mutuali.core.errors import Reason
from mutuali.loans.rules import Side

#: How long after the return each side may write, and when it is reminded.
REVIEW_WITHIN = timedelta(days=14)
REMIND_AFTER = timedelta(days=3)
#: Scores go from 1 to this.
BEST = 5
#: Of fewer reviews no average is said: it would tell who wrote what.
FEWEST = 3
#: Characters of the public sentence, and of the word to the coordination.
LONGEST = 500
#: How many sentences are shown.
LATEST = 5


class Verdict(StrEnum):
    """What the coordination decides about a reported sentence."""

    KEEP = "keep"
    HIDE = "hide"


class Praise(StrEnum):
    """An average in a word."""

    VERY_GOOD = "very_good"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


@dataclass(frozen=True, slots=True)
class Scores:
    """1 to 5 each; of the thing, only who borrowed it says something."""

    respect: int
    communication: int
    as_described: int | None = None
    quality: int | None = None


def objections(side: Side, scores: Scores) -> tuple[Reason, ...]:
    """What is missing, or said by who did not have the thing."""
    of_thing = {"as_described": scores.as_described, "quality": scores.quality}
    if side is Side.BORROWER:
        return tuple(
            Reason("field.missing", {}, name) for name, value in of_thing.items() if value is None
        )
    return tuple(
        Reason("review.not_yours", {}, name)
        for name, value in of_thing.items()
        if value is not None
    )


def open_until(returned_at: datetime) -> datetime:
    """Until when both sides may write and change what they wrote."""
    return returned_at + REVIEW_WITHIN


def published_at(end: datetime, written: Collection[datetime]) -> datetime | None:
    """When what was ``written`` (an instant before ``end`` for each side that wrote) can be read
    by others: once both have written, or at the end. None: nobody wrote.
    """
    if not written:
        return None
    return max(written) if len(written) == len(Side) else end


def may_write(
    returned_at: datetime | None, *, wrote: bool, other_wrote: bool, now: datetime
) -> bool:
    """Whether a side may write, or change what it wrote: never after it can be read."""
    if returned_at is None or now >= open_until(returned_at):
        return False
    return not (wrote and other_wrote)


def average(scores: Sequence[int]) -> float | None:
    """The mean of scores, each of one review; None of fewer than :data:`FEWEST`."""
    return sum(scores) / len(scores) if len(scores) >= FEWEST else None


def praise(mean: float) -> Praise:
    """What an average from 1 to 5 amounts to."""
    if mean >= 4.5:
        return Praise.VERY_GOOD
    if mean >= 3.5:
        return Praise.GOOD
    return Praise.FAIR if mean >= 2.5 else Praise.POOR
