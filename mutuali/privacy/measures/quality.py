"""How much a release blurs, measured from the raw and the released table: any recoding will do.

Per column: *loss* is ARX's Loss; *ncp* the normalized certainty penalty (Xu et al.,
Utility-based anonymization, KDD 2006): 0 for a single value, else the share of the domain that the
label covers; *entropy* the non-uniform entropy (Gionis and Tassa, k-Anonymization with minimal loss
of information, TKDE 21(2), 2009) in the form that bears mixed levels (Prasser, Bild and Kuhn, MIE
2016; what ARX computes): level by level, for the rows that left on this level or a coarser one, the
bits by which their values became less certain, as a share of the bits in the raw column.

Of the whole: *discernibility* (Bayardo and Agrawal, ICDE 2005): each row costs the size of its
class, a suppressed one the size of the table; *average class size*, and C_avg, which is that over k
(LeFevre, DeWitt and Ramakrishnan, Mondrian, ICDE 2006).
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from mutuali.privacy.measures.recoding import RecodedColumn, Recoding
from mutuali.privacy.plan import Mean
from mutuali.privacy.recode.classes import BoolArray
from mutuali.privacy.recode.histogram import IntArray
from mutuali.privacy.recode.loss import FloatArray


@dataclass(frozen=True, slots=True)
class ColumnQuality:
    """What a quasi-identifier lost, each 0 to 1, and the levels its cells left on: (name, rows)."""

    name: str
    loss: float
    ncp: float
    entropy: float
    levels: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """What the release lost; ``loss`` is over the columns, by the mean and the weights of the plan.

    ``ncp`` and ``entropy`` are plain means over the columns. ``average_class_size`` and ``c_avg``
    are of the rows that left, 0 where none did; C_avg is 1 where all classes have k rows.
    """

    rows_in: int
    rows_suppressed: int
    loss: float
    mean: str
    ncp: float
    entropy: float
    discernibility: int
    average_class_size: float
    c_avg: float
    columns: tuple[ColumnQuality, ...]

    def to_dict(self) -> dict[str, object]:
        """The figures as JSON-able values."""
        return asdict(self)


def quality(recoding: Recoding, sizes: IntArray, *, k: int, mean: Mean) -> Quality:
    """What a release lost; ``sizes`` are those of its classes, without suppressed rows."""
    suppressed = recoding.suppressed
    columns = tuple(_column(column, suppressed) for column in recoding.columns)
    rows, gone = len(suppressed), int(suppressed.sum())
    average = (rows - gone) / len(sizes) if len(sizes) else 0.0
    weights = [column.column.weight for column in recoding.columns]
    return Quality(
        rows_in=rows,
        rows_suppressed=gone,
        loss=_together([column.loss for column in columns], weights, mean),
        mean=mean.value,
        ncp=math.fsum(column.ncp for column in columns) / len(columns),
        entropy=math.fsum(column.entropy for column in columns) / len(columns),
        discernibility=int((sizes * sizes).sum()) + gone * rows,
        average_class_size=average,
        c_avg=average / k,
        columns=columns,
    )


def _together(losses: Sequence[float], weights: Sequence[float], mean: Mean) -> float:
    total = math.fsum(weights)
    if mean is Mean.ARITHMETIC:
        return math.fsum(map(math.prod, zip(losses, weights, strict=True))) / total
    logs = [weight * math.log1p(loss) for loss, weight in zip(losses, weights, strict=True)]
    return math.expm1(math.fsum(logs) / total)


def _column(column: RecodedColumn, suppressed: BoolArray) -> ColumnQuality:
    steps, rows = column.ladder, max(len(suppressed), 1)
    others = steps.covered[column.levels, column.leaves]
    domain = len(column.column.generalization.chains)
    loss = np.where(suppressed, 1.0, others / steps.span)
    ncp = np.where(suppressed, 1.0, np.where(others > 0, (others + 1) / domain, 0.0))
    names = column.column.generalization.names
    used = np.bincount(column.levels[~suppressed], minlength=len(names)).tolist()
    return ColumnQuality(
        name=column.column.name,
        loss=float(loss.sum()) / rows,
        ncp=float(ncp.sum()) / rows,
        entropy=_entropy(column),
        levels=tuple((name, count) for name, count in zip(names, used, strict=True) if count),
    )


def _entropy(column: RecodedColumn) -> float:
    """The bits lost over the bits there were; 0 for a column of one value."""
    there = _bits(column.leaves, np.zeros_like(column.leaves))
    lost, below = 0.0, 0
    for level in np.unique(column.levels).tolist():
        here = column.levels >= level
        lost += _bits(column.labels(below)[here], column.labels(level)[here])
        below = level
    # Rounding may leave a hair below 0 or above all bits.
    return min(max(lost / there, 0.0), 1.0) if there > 0 else 0.0


def _bits(finer: IntArray, coarser: IntArray) -> float:
    """Summed over the rows: bits needed to tell the finer label once the coarser one is known."""
    if not len(finer):
        return 0.0
    fine, coarse = _frequencies(finer), _frequencies(coarser)
    return float(np.log2(coarse / fine).sum())


def _frequencies(codes: IntArray) -> FloatArray:
    """How many rows have the code of each row."""
    counted: FloatArray = np.bincount(codes).astype(np.float64)[codes]
    return counted
