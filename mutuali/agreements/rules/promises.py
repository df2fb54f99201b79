"""Who the parties are, whom they name, and what they promise beyond the settings of a release."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mutuali.core.errors import Reason


class Regime(StrEnum):
    """Which law on personal information binds a party."""

    #: Act respecting the protection of personal information in the private sector.
    PRIVATE = "p_39_1"
    #: Act respecting access to documents held by public bodies.
    PUBLIC = "a_2_1"
    OTHER = "other_law"


@dataclass(frozen=True, slots=True)
class Party:
    """One side as the text names it; an empty legal name means the name of the organization."""

    legal_name: str = ""
    regime: Regime = Regime.PRIVATE
    place: str = ""
    contact: str = ""
    in_charge: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A person who gets access: why, and within the term from when to when, both days included."""

    email: str
    why: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


class Measure(StrEnum):
    """How the partner protects the files, in the order of the text."""

    ENCRYPTED = "encrypted"
    NAMED_ACCESS = "named_access"
    NO_REMOVABLE = "no_removable"
    SECOND_FACTOR = "second_factor_access"
    ACCESS_LOG = "access_log"
    NO_BACKUP_AFTER = "no_backup_after"


DEFAULT_MEASURES = (Measure.ENCRYPTED, Measure.NAMED_ACCESS, Measure.NO_REMOVABLE)


@dataclass(frozen=True, slots=True)
class Promises:
    """What the parties promise that the pipeline does not read.

    Incidents are told within ``breach_hours``; after the end everything is destroyed and attested
    within ``destroy_days``; a document is shown ``review_days`` before it is published; the parties
    look at the agreement every ``review_months``; a suspension that lasts longer than
    ``cure_days`` ends it. ``liability_cap`` and ``insurance`` in dollars, None when not chosen.
    """

    breach_hours: int = 48
    destroy_days: int = 30
    review_days: int = 30
    review_months: int = 12
    cure_days: int = 30
    liability_cap: int | None = None
    insurance: int | None = None


#: The lowest and highest value of each number, both allowed.
PROMISE_BOUNDS: Mapping[str, tuple[int, int]] = {
    "breach_hours": (1, 72),
    "destroy_days": (1, 90),
    "review_days": (1, 90),
    "review_months": (1, 12),
    "cure_days": (1, 90),
    "liability_cap": (1_000, 100_000_000),
    "insurance": (1_000, 100_000_000),
}


def broken_bounds(promises: Promises) -> Iterator[Reason]:
    """A reason for each number that lies outside its bounds, with its field."""
    for name, (low, high) in PROMISE_BOUNDS.items():
        value = getattr(promises, name)
        if value is not None and not low <= value <= high:
            yield Reason("field.out_of_range", {"min": low, "max": high}, name)
