"""What a look at all releases together found."""

from dataclasses import dataclass
from enum import StrEnum

from mutuali.privacy.sequences.layers import Cell


class Kind(StrEnum):
    """What is wrong; the value is also its key in the translation catalogue."""

    #: Two sums differ by too few contributors of a side.
    TOO_FEW = "sequences.too_few"
    #: A contributor's value is known too closely.
    TOO_CLOSE = "sequences.too_close"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the newest build tells together with those before it, or alone.

    ``cell`` is where; ``found`` contributors of ``side`` where ``needed`` hide, or by how many per
    cent of it a value is known where ``needed`` must stay open. ``hide`` are the newest build's
    cells that take part, and never a contributor.
    """

    kind: Kind
    measure: str
    side: str
    cell: Cell
    found: int
    needed: int
    hide: tuple[Cell, ...]
