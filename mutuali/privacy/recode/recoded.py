"""What a search decides: which label each tuple gets, and which tuples are left out."""

from dataclasses import dataclass

from mutuali.privacy.recode.classes import BoolArray, Classes
from mutuali.privacy.recode.histogram import IntArray


@dataclass(frozen=True, slots=True)
class Recoded:
    """A level per quasi-identifier and tuple; tuples in ``failing`` classes are left out."""

    levels: tuple[IntArray, ...]
    suppressed: int
    classes: Classes
    failing: BoolArray

    @property
    def kept(self) -> BoolArray:
        """Which tuples leave."""
        kept: BoolArray = ~self.failing[self.classes.of]
        return kept
