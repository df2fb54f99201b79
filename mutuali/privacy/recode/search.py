"""The best scheme: one level per quasi-identifier, provably the smallest loss.

All schemes form a lattice; what is known of each is one number, a lower bound of its score. It
starts as the generalization loss alone, known from the marginals without looking at any class.
The scheme with the lowest bound is looked at next, so the search ends as soon as no bound
is below the best score found. Two facts, true of inherited tests only (see ``classes``), do most of
the work:

- too many failing rows here: every finer scheme fails, the whole part below is dropped;
- rows that fail here are suppressed in every finer scheme too, which raises all their bounds.

To find schemes with a large part below them, a path is followed from the next scheme up to the top
and bisected at the point where it begins to pass.

Ties: equal losses (to 12 decimals) are broken by fewer suppressed rows, then by the scheme whose
levels come first in the order of the plan's columns.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from mutuali.privacy.errors import NothingToRelease, PlanError, Reason
from mutuali.privacy.plan import Plan, exact
from mutuali.privacy.recode.classes import BoolArray, Census, Classes
from mutuali.privacy.recode.loss import FloatArray, Loss, spread
from mutuali.privacy.recode.recoded import Recoded

Levels = tuple[int, ...]

#: Losses closer than this are equal.
DECIMALS = 12

#: Above this the lattice would no longer fit comfortably in memory (9 bytes each).
MOST_SCHEMES = 10_000_000


@dataclass(frozen=True, slots=True)
class Scheme:
    """A level per quasi-identifier, and what it does: ``score`` as in ``loss``."""

    levels: Levels
    score: float
    suppressed: int
    classes: Classes
    failing: BoolArray

    @property
    def rank(self) -> tuple[float, int, Levels]:
        """The order of preference; the smallest is best."""
        return round(self.score, DECIMALS), self.suppressed, self.levels

    def recoded(self, tuples: int) -> Recoded:
        """The same, tuple by tuple."""
        levels = tuple(np.full(tuples, level) for level in self.levels)
        return Recoded(levels, self.suppressed, self.classes, self.failing)


class Search:
    """One search over one table; ``checked`` counts the schemes that were looked at."""

    def __init__(self, census: Census, loss: Loss, plan: Plan, shape: tuple[int, ...]) -> None:
        if (schemes := math.prod(shape)) > MOST_SCHEMES:
            raise PlanError(f"{schemes} schemes are too many to search; {MOST_SCHEMES} at most")
        self._census = census
        self._k = plan.k
        self._loss = loss
        self._limit = int(exact(plan.suppression_limit) * Fraction(int(census.rows.sum())))
        nobody = np.zeros(0, dtype=np.int64)
        self._bound = spread(loss.scores([nobody] * len(shape), nobody))
        self._best: Scheme | None = None
        self.checked = 0

    def run(self) -> Scheme:
        """The scheme that ranks first among those that keep the plan.

        Raises:
            NothingToRelease: there is none.
        """
        while True:
            start = np.unravel_index(int(np.argmin(self._bound)), self._bound.shape)
            levels = tuple(int(level) for level in start)
            if not self._promising(self._bound[levels]):
                break
            self._bisect(self._path_up(levels))
        if self._best is None:
            raise NothingToRelease(
                Reason.NO_SCHEME_PASSES,
                f"no scheme keeps the plan with at most {self._limit} rows suppressed",
            )
        return self._best

    def _promising(self, bound: float) -> bool:
        if self._best is None:
            return bool(bound < math.inf)
        return round(float(bound), DECIMALS) <= self._best.rank[0]

    def _path_up(self, levels: Levels) -> list[Levels]:
        """From a scheme towards the top, each time to the open coarser one of lowest bound."""
        path = [levels]
        while True:
            above = [
                (*levels[:i], level + 1, *levels[i + 1 :])
                for i, level in enumerate(levels)
                if level + 1 < self._bound.shape[i]
            ]
            bounds = [(float(self._bound[scheme]), scheme) for scheme in above]
            bound, levels = min(bounds, default=(math.inf, levels))
            if bound == math.inf:
                return path
            path.append(levels)

    def _bisect(self, path: list[Levels]) -> None:
        low, high = 0, len(path) - 1
        while low <= high:
            middle = (low + high) // 2
            if self._passes(path[middle]):
                high = middle - 1
            else:
                low = middle + 1

    def _passes(self, levels: Levels) -> bool:
        """Look at a scheme and note what it says about others; False when all finer ones fail."""
        self.checked += 1
        finer = tuple(slice(0, level + 1) for level in levels)
        self._bound[levels] = math.inf
        classes = self._census.classes(levels)
        # No class has more contributors than rows: most hopeless schemes end at this quick look.
        failing = classes.rows < self._k
        if int(classes.rows[failing].sum()) > self._limit:
            self._bound[finer] = math.inf
            return False
        for test in (self._census.below_k, self._census.dependent, self._census.too_few_values):
            failing = failing | test(classes, failing)
            suppressed = int(classes.rows[failing].sum())
            if suppressed > self._limit:
                self._bound[finer] = math.inf
                return False
            scores = self._scores(classes, failing, levels)
            np.maximum(self._bound[finer], scores, out=self._bound[finer])
            if not self._promising(scores[levels]):
                return True
        failing = failing | self._census.too_much_of_one(classes, failing)
        suppressed = int(classes.rows[failing].sum())
        if suppressed <= self._limit:
            score = float(self._scores(classes, failing, levels)[levels])
            scheme = Scheme(levels, score, suppressed, classes, failing)
            if self._best is None or scheme.rank < self._best.rank:
                self._best = scheme
        return True

    def _scores(self, classes: Classes, failing: BoolArray, levels: Levels) -> FloatArray:
        """The score of each scheme up to ``levels`` if it suppresses the failing rows and no more.

        The last one is exact when ``failing`` is all that fails.
        """
        columns = self._loss.scores_without(np.flatnonzero(failing[classes.of]))
        return spread([column[: level + 1] for column, level in zip(columns, levels, strict=True)])
