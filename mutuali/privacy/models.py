"""The privacy models: what each class of a release has to keep, as data."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from mutuali.privacy.errors import PlanError


def exact(share: float) -> Fraction:
    """The share as its writer meant it: 0.95 is 19/20, so that counts compare without rounding."""
    return Fraction(str(share))


@dataclass(frozen=True, slots=True)
class KAnonymity:
    """Each class has at least ``k`` >= 2 contributors on each side; ``k`` rows without sides."""

    name: ClassVar = "k-anonymity"

    k: int

    def __post_init__(self) -> None:
        if self.k < 2:
            raise PlanError(f"k is {self.k}; below 2 nobody is hidden")


@dataclass(frozen=True, slots=True)
class Diversity:
    """Each class has ``distinct`` >= 1 values of ``column``, none in more than ``most`` of it.

    NA is a value of its own. Recursive (c,2)-diversity asks the most frequent value to stay below c
    times the others together; ``most`` = c / (1 + c) says the same as a share.
    """

    name: ClassVar = "diversity"

    column: str
    distinct: int = 2
    most: float = 0.95

    def __post_init__(self) -> None:
        if self.distinct < 1 or not 0 < self.most <= 1:
            raise PlanError(f"diversity of {self.column!r}: distinct >= 1 and 0 < most <= 1 please")


Model = KAnonymity | Diversity

#: By the names under which plans know them.
MODELS: dict[str, type[Model]] = {model.name: model for model in (KAnonymity, Diversity)}
