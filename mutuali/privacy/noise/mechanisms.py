"""Noise from OpenDP's exact discrete samplers, on integers only, and how far it reaches.

Of G groups that one contributor can change, each by at most ``step``, a vector of counts or sums
moves by G step in the sum of absolute changes and by the square root of G step^2 in length.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from mutuali.privacy.errors import PlanError
from mutuali.privacy.noise.budget import Guarantee

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

#: What an interval covers.
CONFIDENCE = Fraction(95, 100)

#: Sums stay below 2^62; noise of this scale goes 1,000 scales further without leaving 64 bits.
MOST_SCALE = 2.0**52

#: Tails of a discrete Gaussian up to this scale are added up term by term.
_SUMMED = 1024.0

#: Tails are computed in floating point and made larger by more than its error.
_GUARD = 1 + 1e-9


@dataclass(frozen=True, slots=True)
class Noise:
    """Discrete Laplace noise (pure epsilon) or discrete Gaussian noise (zCDP) of a scale.

    The chance of x is proportional to exp(-|x| / scale), or to exp(-x^2 / (2 scale^2)): Canonne,
    Kamath and Steinke, "The Discrete Gaussian for Differential Privacy", 2020.

    Raises:
        PlanError: a scale that is not above 0, or so large that figures could leave 64 bits.
    """

    guarantee: Guarantee
    scale: float

    def __post_init__(self) -> None:
        _check_scale(self.scale)

    @classmethod
    def hiding(cls, guarantee: Guarantee, groups: int, step: int, cost: Fraction) -> "Noise":
        """The least noise that hides a contributor at ``cost``.

        Epsilon = groups step / scale (Dwork et al. 2006); rho = groups step^2 / (2 scale^2)
        (Canonne, Kamath and Steinke 2020, theorem 4).
        """
        if guarantee is Guarantee.PURE:
            return cls(guarantee, _root_at_least((groups * step / cost) ** 2))
        return cls(guarantee, _root_at_least(groups * step**2 / (2 * cost)))

    def added(self, exact: "npt.NDArray[np.int64]") -> "npt.NDArray[np.int64]":
        """The integers with fresh noise on each."""
        import numpy as np
        import opendp.prelude as dp

        dp.enable_features("contrib")
        domain = dp.vector_domain(dp.atom_domain(T="i64"))
        if self.guarantee is Guarantee.PURE:
            mechanism = dp.m.make_laplace(domain, dp.l1_distance(T="i64"), scale=self.scale)
        else:
            mechanism = dp.m.make_gaussian(domain, dp.l2_distance(T="f64"), scale=self.scale)
        noisy = mechanism(exact.ravel().tolist())
        return np.array(noisy, dtype=np.int64).reshape(exact.shape)

    def tail(self, least: int) -> float:
        """The chance that the noise is ``least`` >= 1 or more, rounded up.

        The Gaussian's beyond a scale of 1,024 is bounded by the continuous one's of ``least`` - 1
        (Canonne, Kamath and Steinke 2020, proposition 25).
        """
        if self.guarantee is Guarantee.PURE:
            return _GUARD * math.exp(-least / self.scale) / (1 + math.exp(-1 / self.scale))
        if self.scale > _SUMMED:
            return _GUARD * math.erfc((least - 1) / self.scale / math.sqrt(2)) / 2
        import numpy as np

        reach = np.arange(math.ceil(40 * self.scale) + 1)
        beyond = np.exp(-((least + reach) ** 2.0) / (2 * self.scale**2)).sum()
        all_of_it = 2 * np.exp(-(reach**2.0) / (2 * self.scale**2)).sum() - 1
        return float(_GUARD * beyond / all_of_it)

    def half_width(self, confidence: Fraction = CONFIDENCE) -> int:
        """The least h such that the noise is within -h .. h with at least this chance."""
        return self._least_beyond(float((1 - confidence) / 2)) - 1

    def threshold(self, groups: int, delta: Fraction) -> int:
        """From which noisy number of contributors a found group may show.

        A group of one contributor, who has at most ``groups`` of them, reaches it with a chance
        of at most delta / groups.
        """
        return 1 + self._least_beyond(float(delta / groups) / _GUARD)

    def _least_beyond(self, chance: float) -> int:
        """The least number >= 1 that the noise reaches with at most this chance."""
        low, high = 0, 1
        while self.tail(high) > chance:
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.tail(middle) > chance else (low, middle)
        return high


@dataclass(frozen=True, slots=True)
class Choice:
    """The exponential mechanism: the least misfit is found through noise of a scale.

    Raises:
        PlanError: as :class:`Noise`.
    """

    guarantee: Guarantee
    scale: float

    def __post_init__(self) -> None:
        _check_scale(self.scale)

    @classmethod
    def hiding(cls, guarantee: Guarantee, groups: int, step: int, cost: Fraction) -> "Choice":
        """The least noise that hides a contributor who moves each misfit by at most ``step``.

        Per group epsilon = 2 step / scale (McSherry and Talwar 2007; exponential noise: McKenna
        and Sheldon 2020), rho = epsilon^2 / 8 (Gumbel noise: Cesar and Rogers 2021).
        """
        if guarantee is Guarantee.PURE:
            return cls(guarantee, _root_at_least((2 * groups * step / cost) ** 2))
        return cls(guarantee, _root_at_least(groups * step**2 / (2 * cost)))

    def least(self, misfits: "npt.NDArray[np.int64]") -> "npt.NDArray[np.int64]":
        """Of each row of ``misfits`` (groups, candidates) the position that was chosen."""
        import numpy as np
        import opendp.prelude as dp

        dp.enable_features("contrib")
        pure = self.guarantee is Guarantee.PURE
        mechanism = dp.m.make_noisy_max(
            dp.vector_domain(dp.atom_domain(T="i64")),
            dp.linf_distance(T="i64"),
            dp.max_divergence() if pure else dp.zero_concentrated_divergence(),
            scale=self.scale,
            negate=True,
        )
        return np.array([mechanism(row) for row in misfits.tolist()], dtype=np.int64)

    def regret(self, candidates: int, confidence: Fraction = CONFIDENCE) -> int:
        """How much worse than the best of ``candidates`` >= 2 the chosen one is, at most.

        Each of the others is chosen with a chance of at most exp(-regret / scale) (McSherry and
        Talwar 2007, theorem 6; exponential noise does not do worse: McKenna and Sheldon 2020).
        """
        return math.ceil(self.scale * math.log((candidates - 1) / float(1 - confidence)) * _GUARD)


def _check_scale(scale: float) -> None:
    if not 0 < scale <= MOST_SCALE:
        raise PlanError(f"noise of scale {scale}: above 0 and at most 2^52 please")


def _root_at_least(square: Fraction) -> float:
    """The square root as a float that is not below it: OpenDP takes the float for exact."""
    if square > Fraction(MOST_SCALE) ** 2:
        raise PlanError("noise so large that figures could leave 64 bits: bounds or costs?")
    root = math.sqrt(square)
    while Fraction(root) ** 2 < square:
        root = math.nextafter(root, math.inf)
    return root
