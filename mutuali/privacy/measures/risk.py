"""How likely it is that a row is linked to the one it is about.

Three attackers (El Emam and Dankar, JAMIA 15(5), 2008; El Emam, Guide to the De-Identification of
Personal Health Information, 2013, ch. 16): the *prosecutor* knows that the person is in the table,
the *journalist* only that the person is in the population it was drawn from, and the *marketer*
wants as many right links as possible. With f rows in the class of a row, and F members of the
population behind it, the prosecutor is right with 1/f, the journalist with 1/F, and the marketer
expects the mean of 1/F over the rows.

Where F is not known but the share pi of the population in the table is, F given f is taken as
negative binomial, and 1/F by its expectation (Benedetti and Franconi 1998; Polettini 2003, eq. 5):
(pi/f) 2F1(1, 1; f+1; 1-pi), between pi/f and 1/f.
"""

from dataclasses import asdict, dataclass

import numpy as np

from mutuali.privacy.errors import BadPopulation
from mutuali.privacy.recode.histogram import IntArray
from mutuali.privacy.recode.loss import FloatArray

#: From this class size on, the series below is summed directly.
_SERIES_FROM = 50


@dataclass(frozen=True, slots=True)
class SizeDistribution:
    """How large the classes are in one ``unit``: "rows", or the name of a contributor column.

    ``total`` is the sum of the sizes; ``by_size`` holds (size, classes of it), ascending; all
    figures of a table without rows are 0.
    """

    unit: str
    classes: int
    total: int
    minimum: int
    median: float
    mean: float
    maximum: int
    uniques: int
    by_size: tuple[tuple[int, int], ...]

    def to_dict(self) -> dict[str, object]:
        """The figures as JSON-able values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Attack:
    """One attacker's chances, 0 to 1; ``above`` is the share whose risk exceeds the threshold."""

    highest: float
    average: float
    above: float


@dataclass(frozen=True, slots=True)
class LinkageRisk:
    """What the three attackers achieve on one ``unit``; without a population, no journalist.

    Without one the marketer, too, has to take the table for the population.
    """

    unit: str
    threshold: float
    prosecutor: Attack
    journalist: Attack | None
    marketer: float

    def to_dict(self) -> dict[str, object]:
        """The figures as JSON-able values."""
        return asdict(self)


def size_distribution(sizes: IntArray, unit: str = "rows") -> SizeDistribution:
    """What ``sizes``, one per class, look like."""
    if not len(sizes):
        return SizeDistribution(unit, 0, 0, 0, 0.0, 0.0, 0, 0, ())
    found, classes = np.unique(sizes, return_counts=True)
    return SizeDistribution(
        unit=unit,
        classes=len(sizes),
        total=int(sizes.sum()),
        minimum=int(found[0]),
        median=float(np.median(sizes)),
        mean=float(sizes.mean()),
        maximum=int(found[-1]),
        uniques=int((sizes == 1).sum()),
        by_size=tuple(zip(found.tolist(), classes.tolist(), strict=True)),
    )


def linkage_risk(
    sizes: IntArray,
    *,
    threshold: float,
    unit: str = "rows",
    population: IntArray | None = None,
    fraction: float | None = None,
) -> LinkageRisk:
    """What attackers achieve on classes of the given ``sizes``, f.

    ``population`` is F per class; or ``fraction`` is the share of the population in the table,
    above 0 and at most 1. The journalist's average is the larger of two (El Emam 2013): classes per
    member of their population, and the mean of 1/F over the rows.

    Raises:
        BadPopulation: both are given, F is below f somewhere, or the fraction is out of bounds.
    """
    prosecutor = _attack(1 / sizes, sizes, threshold)
    if population is None and fraction is None:
        return LinkageRisk(unit, threshold, prosecutor, None, prosecutor.average)
    if population is None:
        chances = expected_inverse(sizes, checked_fraction(fraction))
        attack = _attack(chances, sizes, threshold)
        return LinkageRisk(unit, threshold, prosecutor, attack, attack.average)
    if fraction is not None:
        raise BadPopulation("a population or a sampling fraction, not both")
    if (population < sizes).any():
        raise BadPopulation("a class has fewer members in the population than in the table")
    found = _attack(1 / population, sizes, threshold)
    per_member = len(sizes) / max(int(population.sum()), 1)
    attack = Attack(found.highest, max(found.average, per_member), found.above)
    return LinkageRisk(unit, threshold, prosecutor, attack, found.average)


def expected_inverse(sizes: IntArray, fraction: float) -> FloatArray:
    """The expected 1/F of classes of ``sizes`` rows, ``fraction`` of the population in the table.

    (pi/f) 2F1(1, 1; f+1; 1-pi); see the head of this file.
    """
    from scipy.special import hyp2f1

    found, where = np.unique(sizes, return_inverse=True)
    small = found < _SERIES_FROM
    value = np.empty(len(found))
    value[small] = hyp2f1(1.0, 1.0, found[small] + 1.0, 1 - fraction)
    # Term j of the series is at most 1 over (f + j choose j): far below rounding after 40. SciPy's
    # function overflows from about f = 100.
    steps = np.arange(40)
    ratios = (steps + 1) * (1 - fraction) / (found[~small, None] + 1 + steps)
    value[~small] = 1 + np.cumprod(ratios, axis=1).sum(axis=1)
    chances: FloatArray = np.minimum(fraction * value, 1) / found
    return chances[where]


def _attack(chances: FloatArray, sizes: IntArray, threshold: float) -> Attack:
    rows = int(sizes.sum())
    if not rows:
        return Attack(0.0, 0.0, 0.0)
    return Attack(
        highest=float(chances.max()),
        average=float((chances * sizes).sum() / rows),
        above=int(sizes[chances > threshold].sum()) / rows,
    )


def checked_fraction(fraction: float | None) -> float:
    """The fraction itself.

    Raises:
        BadPopulation: it is missing, or not above 0 and at most 1.
    """
    if fraction is None or not 0 < fraction <= 1:
        raise BadPopulation(f"a sampling fraction is above 0 and at most 1, not {fraction}")
    return fraction
