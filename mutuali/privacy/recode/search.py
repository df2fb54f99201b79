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
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from mutuali.privacy.errors import NothingToRelease, PlanError, Reason
from mutuali.privacy.plan import Plan, Role, exact
from mutuali.privacy.recode.census import Census
from mutuali.privacy.recode.classes import BoolArray, Classes
from mutuali.privacy.recode.histogram import IntArray
from mutuali.privacy.recode.loss import FloatArray, Loss, SomeRows, spread
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


def fixed_scheme(census: Census, loss: Loss, plan: Plan) -> Scheme:
    """The scheme that stands in the plan, whatever the rows are.

    Raises:
        NothingToRelease: it leaves out more rows than it may.
    """
    quasi = plan.named(Role.QUASI_IDENTIFIER)
    levels = tuple(c.generalization.names.index(str(c.level)) for c in quasi)
    classes = census.classes(levels)
    failing = census.failing(classes)
    suppressed = int(classes.rows[failing].sum())
    limit = _limit(census, plan)
    if suppressed > limit:
        raise NothingToRelease(
            Reason.NO_SCHEME_PASSES,
            f"the fixed scheme leaves out {suppressed} rows; at most {limit} may be",
        )
    columns = loss.scores_without(np.flatnonzero(failing[classes.of]))
    score = sum(float(column[level]) for column, level in zip(columns, levels, strict=True))
    return Scheme(levels, score, suppressed, classes, failing)


def _limit(census: Census, plan: Plan) -> int:
    """How many rows may be left out."""
    return int(exact(plan.suppression_limit) * Fraction(int(census.rows.sum())))


class Search:
    """One search over one table; ``checked`` counts the schemes that were looked at."""

    def __init__(self, census: Census, loss: Loss, plan: Plan, shape: tuple[int, ...]) -> None:
        if (schemes := math.prod(shape)) > MOST_SCHEMES:
            raise PlanError(f"{schemes} schemes are too many to search; {MOST_SCHEMES} at most")
        self._census = census
        self._loss = loss
        self._limit = _limit(census, plan)
        nobody = np.zeros(0, dtype=np.int64)
        self._bound = spread(loss.scores_without(nobody))
        # Schemes as coarse as one in which not too many rows failed, or coarser.
        self._above_passing = np.zeros(self._bound.shape, dtype=np.bool_)
        self._best: Scheme | None = None
        self.checked = 0

    def run(self, told: Callable[[float], None] = lambda _: None) -> Scheme:
        """The scheme that ranks first among those that keep the plan.

        ``told`` hears which share of the schemes is settled; what it raises ends the search.

        Raises:
            NothingToRelease: there is none.
        """
        while True:
            start = np.unravel_index(int(np.argmin(self._bound)), self._bound.shape)
            levels = tuple(int(level) for level in start)
            if not self._promising(self._bound[levels]):
                break
            self._bisect(self._path_up(levels))
            told(float(np.isinf(self._bound).mean()))
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
            levels = path[middle]
            hopeless = not self._promising(self._bound[levels])
            if hopeless and self._above_passing[levels]:
                high = middle - 1  # it does not fail either, so it would say little
            elif self._passes(levels):
                self._above_passing[tuple(slice(level, None) for level in levels)] = True
                high = middle - 1
            else:
                low = middle + 1

    def _passes(self, levels: Levels) -> bool:
        """Look at a scheme and note what it says about others; False when all finer ones fail."""
        self.checked += 1
        finer = tuple(slice(0, level + 1) for level in levels)
        self._bound[levels] = math.inf
        classes = self._census.classes(levels)
        failing = np.zeros(classes.count, dtype=np.bool_)
        for tests in self._census.inherited_tests:
            for test in tests:
                failing = failing | test(classes, failing)
                if int(classes.rows[failing].sum()) > self._limit:
                    self._bound[finer] = math.inf
                    return False
            scores = self._scores(classes, failing, levels)
            np.maximum(self._bound[finer], scores, out=self._bound[finer])
            if not self._promising(scores[levels]):
                return True
        if self._census.counts_rows_of_values:
            lost = self._census.surely_lost(classes, failing)
            if int(classes.rows[failing].sum() + lost.sum()) > self._limit:
                self._bound[finer] = math.inf
                return False
            scores = self._scores(classes, failing, levels, lost)
            np.maximum(self._bound[finer], scores, out=self._bound[finer])
            if not self._promising(scores[levels]):
                return True
        failing = self._census.failing(classes, failing)
        suppressed = int(classes.rows[failing].sum())
        if suppressed <= self._limit:
            score = float(self._scores(classes, failing, levels)[levels])
            scheme = Scheme(levels, score, suppressed, classes, failing)
            if self._best is None or scheme.rank < self._best.rank:
                self._best = scheme
        return True

    def _scores(
        self,
        classes: Classes,
        failing: BoolArray,
        levels: Levels,
        lost: IntArray | None = None,
    ) -> FloatArray:
        """The score of each scheme up to ``levels`` if it suppresses the failing rows and no more.

        Or the failing rows, and ``lost`` rows of each other class. The last one is exact when
        ``failing`` is all that fails.
        """
        gone = np.flatnonzero(failing[classes.of])
        some = None
        if lost is not None:
            example = np.zeros(classes.count, dtype=np.int64)
            example[classes.of] = np.arange(len(classes.of))
            losing = np.flatnonzero(lost)
            some = SomeRows(example[losing], lost[losing], np.array(levels))
        columns = self._loss.scores_without(gone, some)
        return spread([column[: level + 1] for column, level in zip(columns, levels, strict=True)])
