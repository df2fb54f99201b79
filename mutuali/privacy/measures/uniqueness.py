"""How many rows are probably alone in the whole population, judged from the table.

An attacker who finds a row that is alone in the table still does not know whether it is alone
outside. Two published estimates, from the numbers of classes of each size:

*Zayatz* (Estimation of the number of unique population elements using a sample, 1991): classes of
the population are taken to be as large as those of the table. With c_i classes of i rows, n rows
and a population of N, and H(i) the hypergeometric chance that exactly one of i members is among n
drawn from N, a unique of the table is one of the population with probability
p = c_1 H(1) / sum of c_i H(i).

*Pitman* (Hoshino, Applying Pitman's sampling formula to microdata disclosure risk assessment,
J. Official Statistics 17(4), 2001): the sizes are taken as a random partition with two parameters,
-alpha < theta and 0 < alpha < 1, found by maximum likelihood; a population of N from it has an
expected N (theta + alpha)_(N-1) / (theta + 1)_(N-1) uniques, rising factorials; Hoshino gives its
limit, Gamma(theta + 1) / Gamma(theta + alpha) N^alpha.

Either may fail. Then it says so and gives no number.
"""

import math
from dataclasses import asdict, dataclass
from enum import StrEnum

import numpy as np

from mutuali.privacy.measures.risk import checked_fraction
from mutuali.privacy.recode.histogram import IntArray
from mutuali.privacy.recode.loss import FloatArray

#: The likelihood must be this flat at its top, relative to the sums it balances.
_FLAT = 1e-6


class Model(StrEnum):
    """Who said it."""

    COUNT = "count"
    ZAYATZ = "zayatz"
    PITMAN = "pitman"


class Outcome(StrEnum):
    """How an estimate ended; only ``ESTIMATED`` and ``COUNTED`` come with a number."""

    COUNTED = "counted"
    ESTIMATED = "estimated"
    NO_ROWS = "no rows"
    ALL_UNIQUE = "every row is alone: nothing to estimate from"
    ONE_CLASS = "all rows are in one class: nothing to estimate from"
    NO_MAXIMUM = "the likelihood has no maximum inside its bounds"
    NOT_CONVERGED = "the search for the maximum did not converge"


@dataclass(frozen=True, slots=True)
class Estimate:
    """Uniques of the population as one model sees them, None where it fails.

    ``share`` is their share of the population, 0 to 1. ``parameters`` are theta and alpha of
    Pitman's model.
    """

    model: Model
    outcome: Outcome
    population: int
    uniques: float | None = None
    share: float | None = None
    parameters: tuple[float, float] | None = None

    def to_dict(self) -> dict[str, object]:
        """The figures as JSON-able values."""
        return asdict(self)


def population_uniques(sizes: IntArray, fraction: float) -> tuple[Estimate, ...]:
    """The estimates for classes of the given ``sizes``, ``fraction`` of the population.

    A fraction of 1 leaves nothing to estimate: the uniques are counted.

    Raises:
        BadPopulation: a fraction that is not above 0 and at most 1.
    """
    rows = int(sizes.sum())
    population = round(rows / checked_fraction(fraction))
    if population == rows:
        alone = int((sizes == 1).sum())
        return (Estimate(Model.COUNT, Outcome.COUNTED, rows, alone, alone / max(rows, 1)),)
    return zayatz(sizes, population), pitman(sizes, population)


def zayatz(sizes: IntArray, population: int) -> Estimate:
    """Zayatz's estimate for a table of classes of ``sizes`` from ``population`` members.

    With p as at the head of this file: c_1 p uniques of the table are uniques of the population,
    and as n/N of those are in the table, c_1 p N/n in all.
    """
    rows = int(sizes.sum())
    if not rows:
        return Estimate(Model.ZAYATZ, Outcome.NO_ROWS, population)
    found, classes = np.unique(sizes, return_counts=True)
    uniques = 0.0
    if found[0] == 1:  # otherwise the sum may be empty of chances: 0 over 0
        chance = classes * _one_drawn(found, rows, population)
        uniques = float(classes[0] * chance[0] / chance.sum() * population / rows)
    return Estimate(Model.ZAYATZ, Outcome.ESTIMATED, population, uniques, uniques / population)


def _one_drawn(members: IntArray, drawn: int, population: int) -> FloatArray:
    """The chance that exactly one of ``members`` is among those drawn (hypergeometric)."""
    from scipy.special import gammaln

    others = population - members
    left = others - (drawn - 1)
    possible = left >= 0
    # C(N - i, n - 1) / C(N, n), by logarithms of factorials
    log = (
        gammaln(others + 1.0)
        - gammaln(drawn)
        - gammaln(np.maximum(left, 0) + 1.0)
        - gammaln(population + 1.0)
        + gammaln(drawn + 1.0)
        + gammaln(population - drawn + 1.0)
    )
    chance: FloatArray = np.where(possible, members * np.exp(log), 0.0)
    return chance


def pitman(sizes: IntArray, population: int) -> Estimate:
    """Pitman's estimate for a table of classes of ``sizes`` from ``population`` members."""
    rows = int(sizes.sum())
    if outcome := _hopeless(len(sizes), rows):
        return Estimate(Model.PITMAN, outcome, population)
    likelihood = _Likelihood(sizes)
    alpha = likelihood.maximum()
    if alpha is None:
        return Estimate(Model.PITMAN, Outcome.NO_MAXIMUM, population)
    above = likelihood.above(alpha)
    if not likelihood.is_flat(above, alpha):
        return Estimate(Model.PITMAN, Outcome.NOT_CONVERGED, population)
    theta = above - alpha
    uniques = expected_uniques(theta, alpha, population)
    return Estimate(
        Model.PITMAN, Outcome.ESTIMATED, population, uniques, uniques / population, (theta, alpha)
    )


def expected_uniques(theta: float, alpha: float, population: int) -> float:
    """The expected number of classes of one in Pitman's partition of ``population`` members."""
    from scipy.special import gammaln

    log = (
        gammaln(theta + alpha + population - 1)
        - gammaln(theta + alpha)
        + gammaln(theta + 1)
        - gammaln(theta + population)
    )
    return population * math.exp(log)


def _hopeless(classes: int, rows: int) -> Outcome | None:
    if not rows:
        return Outcome.NO_ROWS
    if classes == rows:
        return Outcome.ALL_UNIQUE
    return Outcome.ONE_CLASS if classes == 1 else None


class _Likelihood:
    """The slopes of the logarithm of Pitman's sampling formula for u classes of n rows.

    Up to a constant the logarithm is: sum over i < u of log(theta + i alpha), minus sum over i < n
    of log(theta + i), plus over all classes of j rows the sum over i < j of log(i - alpha).
    """

    def __init__(self, sizes: IntArray) -> None:
        self._earlier = np.arange(len(sizes) - 1, dtype=np.float64)
        self._rows = np.arange(1, int(sizes.sum()), dtype=np.float64)
        # The class of j rows adds a term for each i < j: so many classes have more than i rows.
        more = len(sizes) - np.cumsum(np.bincount(sizes))[1:-1]
        self._steps = np.arange(1, len(more) + 1, dtype=np.float64)
        self._more = more.astype(np.float64)

    def along_theta(self, above: float, alpha: float) -> tuple[float, float]:
        """What pulls theta up and what pulls it down; their difference is the slope.

        ``above`` is theta + alpha, > 0: near 0 it keeps the digits that theta itself would lose.
        """
        return (
            float((1 / (above + self._earlier * alpha)).sum()),
            float((1 / (above + (self._rows - alpha))).sum()),
        )

    def along_alpha(self, above: float, alpha: float) -> tuple[float, float]:
        """As :meth:`along_theta`, for alpha."""
        return (
            float(((self._earlier + 1) / (above + self._earlier * alpha)).sum()),
            float((self._more / (self._steps - alpha)).sum()),
        )

    def above(self, alpha: float) -> float:
        """The best theta + alpha for this alpha: the slope is positive near 0, negative far out."""
        from scipy.optimize import brentq

        def slope(log: float) -> float:
            up, down = self.along_theta(math.exp(log), alpha)
            return up - down

        high = 0.0
        while slope(high) > 0:
            high += 2.0
        return math.exp(brentq(slope, -40.0, high, xtol=1e-13, rtol=1e-14))

    def maximum(self) -> float | None:
        """The best alpha, each with its best theta; None when the likelihood peaks at a bound."""
        from scipy.optimize import brentq

        def slope(alpha: float) -> float:
            up, down = self.along_alpha(self.above(alpha), alpha)
            return up - down

        low, high = 1e-9, 1 - 1e-9
        if slope(low) <= 0 or slope(high) >= 0:
            return None
        return float(brentq(slope, low, high, xtol=1e-14, rtol=1e-14))

    def is_flat(self, above: float, alpha: float) -> bool:
        """Whether both slopes vanish here, relative to what they balance."""
        return all(
            abs(up - down) <= _FLAT * max(up, down)
            for up, down in (self.along_theta(above, alpha), self.along_alpha(above, alpha))
        )
