"""A table of cells as data: its keys, what is summed in it, and whom each sum must hide."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    None does not carry the measure. ``collected`` False: nobody records it anywhere.
    """

    name: str
    sides: tuple[str, ...]
    collected: bool = True

    def __post_init__(self) -> None:
        if not self.sides or len(set(self.sides)) < len(self.sides):
            raise PlanError(f"measure {self.name!r} needs one or more different sides")


@dataclass(frozen=True, slots=True)
class Coarser:
    """Wider labels that another table may sum by: ``of`` is a key, ``label`` what each becomes."""

    of: str
    label: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CellScheme:
    """A fixed table: one cell per combination of ``keys``, published as multiples of ``base``.

    ``linked`` lists sets of keys, or of names in ``coarser``: cells that agree on all of a set are
    a group that another table could sum. ``k`` >= 2 contributors stand behind each figure, on each
    side it needs. ``percent``: the second largest of a side, who knows its own part, must not be
    able to estimate the largest to within that many % (p % rule; 0 asks for nothing more).

    Raises:
        PlanError: names that clash or are unknown, k below 2, base below 1, percent below 0.
    """

    keys: tuple[str, ...]
    measures: tuple[Measure, ...]
    linked: tuple[tuple[str, ...], ...] = ()
    k: int = 5
    base: int = 5
    percent: int = 0
    coarser: Mapping[str, Coarser] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(set(self.header)) < len(self.header) or not self.keys or not self.measures:
            raise PlanError(f"a table needs keys and measures of different names: {self.header}")
        if unknown := {one.of for one in self.coarser.values()} - set(self.keys):
            raise PlanError(f"labels are widened of what is no key: {sorted(unknown)}")
        names = {*self.keys, *self.coarser}
        if unknown := {name for group in self.linked for name in group} - names:
            raise PlanError(f"cells are linked by what is no key: {sorted(unknown)}")
        if self.k < 2 or self.base < 1 or self.percent < 0:
            numbers = f"k is {self.k}, base {self.base} and percent {self.percent}"
            raise PlanError(f"{numbers}; at least 2, 1 and 0 are needed")
        if clash := {side for m in self.measures for side in m.sides} & set(self.header):
            raise PlanError(f"contributors would be published: {sorted(clash)}")

    @property
    def header(self) -> tuple[str, ...]:
        """The columns of the published table: the keys, then value and status per measure."""
        pairs = ((measure.name, f"{measure.name}_status") for measure in self.measures)
        return (*self.keys, *(name for pair in pairs for name in pair))

    def label(self, key: tuple[str, ...], name: str) -> str:
        """What a cell of these labels is called under a key or a name of ``coarser``."""
        wider = self.coarser.get(name)
        own = key[self.keys.index(wider.of if wider else name)]
        return wider.label[own] if wider else own


@dataclass(frozen=True, slots=True)
class Expected:
    """A cell that the table has whether or not rows fall into it; key texts as in ``leaf_text``.

    NA is the empty text. ``collected`` False: nobody recorded anything there.
    """

    key: tuple[str, ...]
    collected: bool = True
