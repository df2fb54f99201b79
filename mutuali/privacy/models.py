"""The privacy models: what each class of a release, or all of it, has to keep; as data.

Where a plan names sides, every model counts contributors, on each side; else it counts rows. Of a
sensitive column each contributor counts once per value: the share of a value is that of the pairs
(contributor, value) of the class. Its rows are counted as well, because what is guessed of one of
them is told by the others. NA is a value of its own. A class is compared with the whole table,
before anything is left out.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar

from mutuali.privacy.errors import PlanError
from mutuali.privacy.hierarchy import Hierarchy


def exact(share: float) -> Fraction:
    """The share as its writer meant it: 0.95 is 19/20, so that counts compare without rounding."""
    return Fraction(str(share))


def _require(holds: bool, sentence: str) -> None:
    if not holds:
        raise PlanError(sentence)


@dataclass(frozen=True, slots=True)
class KAnonymity:
    """Each class has at least ``k`` >= 2 contributors on each side; ``k`` rows without sides."""

    name: ClassVar = "k-anonymity"

    k: int

    def __post_init__(self) -> None:
        _require(self.k >= 2, f"k is {self.k}; below 2 nobody is hidden")


@dataclass(frozen=True, slots=True)
class KMap:
    """Each class could be any of at least ``k`` >= 2 rows of a population table (Sweeney, 2001)."""

    name: ClassVar = "k-map"

    k: int

    def __post_init__(self) -> None:
        _require(self.k >= 2, f"k of the k-map is {self.k}; below 2 nobody is hidden")


@dataclass(frozen=True, slots=True)
class DeltaPresence:
    """Of the population under each label, a share from ``low`` to ``high`` is in the release.

    0 <= low <= high <= 1, high > 0. Above a low of 0, everybody in the population must be under a
    label that was released. Nergiz, Atzori and Clifton, SIGMOD 2007.
    """

    name: ClassVar = "delta-presence"

    low: float
    high: float

    def __post_init__(self) -> None:
        _require(
            0 <= self.low <= self.high <= 1 and self.high > 0,
            f"presence from {self.low} to {self.high}: 0 <= low <= high <= 1 and high > 0 please",
        )


@dataclass(frozen=True, slots=True)
class AverageRisk:
    """The mean over all released of 1 / (size of the class) is at most ``most``, in (0, 1].

    The smallest classes are left out until it is.
    """

    name: ClassVar = "average-risk"

    most: float

    def __post_init__(self) -> None:
        _require(0 < self.most <= 1, f"an average risk of {self.most}: above 0, at most 1 please")


@dataclass(frozen=True, slots=True)
class Diversity:
    """Each class has ``distinct`` >= 1 values of ``column``, none in more than ``most`` of it.

    Distinct l-diversity (Machanavajjhala et al., TKDD 2007) and (alpha,k)-anonymity for all values
    (Wong et al., KDD 2006), ``most`` being alpha, in (0, 1].
    """

    name: ClassVar = "diversity"

    column: str
    distinct: int = 2
    most: float = 0.95

    def __post_init__(self) -> None:
        _require(
            self.distinct >= 1 and 0 < self.most <= 1,
            f"diversity of {self.column!r}: distinct >= 1 and 0 < most <= 1 please",
        )


@dataclass(frozen=True, slots=True)
class EntropyDiversity:
    """The entropy of ``column`` in each class is at least that of ``l`` >= 1 even values.

    Machanavajjhala et al., l-Diversity, TKDD 1(1), 2007.
    """

    name: ClassVar = "entropy-diversity"

    column: str
    l: float  # noqa: E741 - the field's name

    def __post_init__(self) -> None:
        _require(self.l >= 1, f"entropy diversity of {self.column!r}: l is {self.l}, below 1")


@dataclass(frozen=True, slots=True)
class RecursiveDiversity:
    """The most frequent value is below ``c`` > 0 times the ``l``-th and rarer ones together.

    ``l`` >= 2. Recursive (c,l)-diversity: Machanavajjhala et al., l-Diversity, TKDD 1(1), 2007.
    """

    name: ClassVar = "recursive-diversity"

    column: str
    c: float
    l: int  # noqa: E741 - the field's name

    def __post_init__(self) -> None:
        _require(
            self.l >= 2 and self.c > 0,
            f"recursive diversity of {self.column!r}: c > 0 and l >= 2 please",
        )


class Distance(StrEnum):
    """How far apart two values are, from 0 to 1."""

    #: All are equally far.
    EQUAL = "equal"
    #: By their places in an order.
    ORDERED = "ordered"
    #: By the level at which a hierarchy joins them.
    HIERARCHICAL = "hierarchical"


@dataclass(frozen=True, slots=True)
class Closeness:
    """The values of each class are at most ``t``, in [0, 1), away from those of the whole table.

    t-closeness: the earth mover's distance of Li, Li and Venkatasubramanian, ICDE 2007, with a
    ``distance`` between values; ordered by ``order``, all values once, or by ``hierarchy``.
    """

    name: ClassVar = "t-closeness"

    column: str
    t: float
    distance: Distance = Distance.EQUAL
    order: tuple[str | None, ...] = ()
    hierarchy: Hierarchy | None = None

    def __post_init__(self) -> None:
        where = f"closeness of {self.column!r}"
        _require(0 <= self.t < 1, f"{where}: t is {self.t}; 0 <= t < 1 please")
        _require(
            bool(self.order) is (self.distance is Distance.ORDERED),
            f"{where}: an order of values for the ordered distance, and only for it",
        )
        _require(
            (self.hierarchy is not None) is (self.distance is Distance.HIERARCHICAL),
            f"{where}: a hierarchy for the hierarchical distance, and only for it",
        )
        twice = len(set(self.order)) < len(self.order)
        _require(not twice, f"{where}: the order names a value twice")


@dataclass(frozen=True, slots=True)
class DeltaDisclosure:
    """In each class, no value is 2^``delta`` times as frequent or rare as in the whole table.

    Of the values that the class has; ``delta`` > 0. Brickell and Shmatikov, KDD 2008.
    """

    name: ClassVar = "delta-disclosure"

    column: str
    delta: float

    def __post_init__(self) -> None:
        _require(self.delta > 0, f"disclosure of {self.column!r}: delta is not above 0")


@dataclass(frozen=True, slots=True)
class BetaLikeness:
    """In each class, the share p of a value in the table grows by at most ``beta`` > 0 times p.

    Enhanced: by at most -ln(p) times p too, which protects frequent values. Cao and Karras, VLDB
    2012.
    """

    name: ClassVar = "beta-likeness"

    column: str
    beta: float
    enhanced: bool = False

    def __post_init__(self) -> None:
        _require(self.beta > 0, f"likeness of {self.column!r}: beta is not above 0")


#: What bounds how well a sensitive column can be guessed from a class.
AttributeModel = (
    Diversity | EntropyDiversity | RecursiveDiversity | Closeness | DeltaDisclosure | BetaLikeness
)

#: What compares the release with a population.
PopulationModel = KMap | DeltaPresence

Model = KAnonymity | PopulationModel | AverageRisk | AttributeModel

#: By the names under which plans know them.
MODELS: dict[str, type[Model]] = {
    model.name: model
    for model in (
        *(KAnonymity, KMap, DeltaPresence, AverageRisk, Diversity, EntropyDiversity),
        *(RecursiveDiversity, Closeness, DeltaDisclosure, BetaLikeness),
    )
}
