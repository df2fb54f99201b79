"""What a class gives away without telling its members apart: their secrets, and who is large in it.

*Attribute inference*: whoever knows the class of a row guesses the most frequent value in it. How
often that is right, against guessing the most frequent value of the whole table, is what the
release adds (homogeneity attack: Machanavajjhala et al., l-diversity, TKDD 1(1), 2007).

*Dominance*: where one contributor holds most of a cell, the cell tells that contributor's figure,
and tells it best to the second largest (Hundepool et al., Statistical Disclosure Control, 2012,
section 4.2.2).
"""

from dataclasses import asdict, dataclass

import numpy as np

from mutuali.privacy.errors import BadTable
from mutuali.privacy.measures.grouping import Grouping, group, most_per_class
from mutuali.privacy.recode.histogram import IntArray
from mutuali.privacy.recode.loss import FloatArray


@dataclass(frozen=True, slots=True)
class Inference:
    """How well the value of a sensitive ``column`` is guessed from the class; shares, 0 to 1.

    ``highest`` is the certainty in the class that gives most away, ``mean`` the share of rows
    guessed right, ``base_rate`` the same without knowing the class (never above ``mean``), and
    ``certain`` the share of rows in classes that hold one value.
    """

    column: str
    highest: float
    mean: float
    base_rate: float
    certain: float

    def to_dict(self) -> dict[str, object]:
        """The figures as JSON-able values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Dominance:
    """The part of a class that its largest contributor holds; shares, 0 to 1.

    ``unit`` is "rows" or the column that is summed; ``mean`` is over the classes, and ``alone``
    counts the classes that one contributor holds whole. Classes with nothing in them do not count.
    """

    contributor: str
    unit: str
    highest: float
    mean: float
    alone: int

    def to_dict(self) -> dict[str, object]:
        """The figures as JSON-able values."""
        return asdict(self)


def inference(classes: Grouping, codes: IntArray, column: str) -> Inference:
    """What the classes tell about a column given as ``codes``, one per row."""
    rows = len(codes)
    if not rows:
        return Inference(column, 0.0, 0.0, 0.0, 0.0)
    most = most_per_class(classes, codes)
    return Inference(
        column=column,
        highest=float((most / classes.sizes).max()),
        mean=int(most.sum()) / rows,
        base_rate=int(np.bincount(codes).max()) / rows,
        certain=int(classes.sizes[most == classes.sizes].sum()) / rows,
    )


def dominance(
    classes: Grouping,
    codes: IntArray,
    contributor: str,
    *,
    amounts: FloatArray | None = None,
    unit: str = "rows",
) -> Dominance:
    """How much of each class (or cell) the largest contributor holds, by rows or by ``amounts``.

    ``codes`` number the contributors, one per row; ``amounts`` are >= 0, one per row.

    Raises:
        BadTable: an amount that is below 0 or not a number.
    """
    weights = np.ones(len(codes)) if amounts is None else amounts
    if bad := np.flatnonzero(~(weights >= 0)).tolist():
        raise BadTable("an amount to be shared out is 0 or more", column=unit, row=bad[0])
    pairs = group([classes.of, codes], len(codes))
    held = np.bincount(pairs.of, weights=weights, minlength=pairs.count)
    of = np.zeros(pairs.count, dtype=np.int64)
    of[pairs.of] = classes.of
    largest = np.zeros(classes.count)
    np.maximum.at(largest, of, held)
    total = np.bincount(of, weights=held, minlength=classes.count)
    # A class is held by one when only one of its contributors has anything in it.
    holders = np.bincount(of[held > 0], minlength=classes.count)
    filled = total > 0
    if not filled.any():
        return Dominance(contributor, unit, 0.0, 0.0, 0)
    shares = largest[filled] / total[filled]
    return Dominance(
        contributor, unit, float(shares.max()), float(shares.mean()), int((holders == 1).sum())
    )
