"""A table of cells as data: its keys, what is summed in it, and whom each sum must hide."""

from dataclasses import dataclass
from enum import StrEnum

from mutuali.privacy.errors import PlanError


class Status(StrEnum):
    """What a cell says; all but the first leave its value empty."""

    PUBLISHED = "published"
    SUPPRESSED = "suppressed"
    ZERO = "zero"
    NOT_COLLECTED = "not_collected"


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of whole numbers >= 0 to be summed, and the contributor columns it hides.

    What a loan moves needs both sides; what is offered needs the lender alone. A row whose value is
    None does not carry the measure.
    """

    name: str
    sides: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.sides or len(set(self.sides)) < len(self.sides):
            raise PlanError(f"measure {self.name!r} needs one or more different sides")


@dataclass(frozen=True, slots=True)
class CellScheme:
    """A fixed table: one cell per combination of ``keys``, published as multiples of ``base``.

    ``linked`` lists sets of keys: cells that agree on all keys of a set are a group that another
    table could sum. ``k`` >= 2 contributors stand behind each figure, on each side it needs.

    Raises:
        PlanError: names that clash or are unknown, k below 2, base below 1.
    """

    keys: tuple[str, ...]
    measures: tuple[Measure, ...]
    linked: tuple[tuple[str, ...], ...] = ()
    k: int = 5
    base: int = 5

    def __post_init__(self) -> None:
        if len(set(self.header)) < len(self.header) or not self.keys or not self.measures:
            raise PlanError(f"a table needs keys and measures of different names: {self.header}")
        if unknown := {key for keys in self.linked for key in keys} - set(self.keys):
            raise PlanError(f"cells are linked by what is no key: {sorted(unknown)}")
        if self.k < 2 or self.base < 1:
            raise PlanError(f"k is {self.k} and base {self.base}; at least 2 and 1 are needed")
        if clash := {side for m in self.measures for side in m.sides} & set(self.header):
            raise PlanError(f"contributors would be published: {sorted(clash)}")

    @property
    def header(self) -> tuple[str, ...]:
        """The columns of the published table: the keys, then value and status per measure."""
        pairs = ((measure.name, f"{measure.name}_status") for measure in self.measures)
        return (*self.keys, *(name for pair in pairs for name in pair))


@dataclass(frozen=True, slots=True)
class Expected:
    """A cell that the table has whether or not rows fall into it; key texts as in ``leaf_text``.

    NA is the empty text. ``collected`` False: nobody recorded anything there.
    """

    key: tuple[str, ...]
    collected: bool = True
