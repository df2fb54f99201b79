"""What the pipeline does for an agreement: the numbers that its clauses say."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from mutuali.core.errors import Reason


class OnWithdrawal(StrEnum):
    """What becomes of released files when an organization in them takes back its yes."""

    #: The file is destroyed; another takes its place when k left together, so that no
    #: difference between the two tells about one of them.
    REPLACE = "replace"
    #: The file is destroyed, nothing takes its place.
    DESTROY = "destroy"
    #: Files already released stay until their day; only the future stops.
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class ReleaseSettings:
    """The numbers of an agreement that a clause says and that the pipeline reads.

    ``k`` contributors at least on each side of every figure; ``share_percent`` is the p of the
    p % rule, with the second largest contributor as attacker; figures are rounded to ``base``. A
    withdrawal is answered ``on_withdrawal`` within ``days_to_act`` days. A file can be fetched for
    ``download_days`` days, ``downloads_each`` times by each named person, and is destroyed
    ``keep_days`` days after its release. It looks back ``years`` years at most.
    """

    k: int = 5
    share_percent: int = 10
    base: int = 5
    on_withdrawal: OnWithdrawal = OnWithdrawal.REPLACE
    days_to_act: int = 30
    download_days: int = 30
    keep_days: int = 365
    downloads_each: int = 5
    years: int = 3


#: The lowest and highest value of each number, both allowed.
BOUNDS: Mapping[str, tuple[int, int]] = {
    "k": (5, 100),
    "share_percent": (5, 50),
    "base": (5, 25),
    "days_to_act": (1, 90),
    "download_days": (1, 90),
    "keep_days": (30, 1095),
    "downloads_each": (1, 20),
    "years": (1, 3),
}


def out_of_bounds(settings: ReleaseSettings) -> Iterator[Reason]:
    """A reason for each number that lies outside its bounds, with its field."""
    for name, (low, high) in BOUNDS.items():
        if not low <= getattr(settings, name) <= high:
            yield Reason("field.out_of_range", {"min": low, "max": high}, name)
