"""How good any scheme can be: a bound from a few columns at a time.

Take some of the columns, a facet, and lift all others to '*'. That is coarser than any scheme with
the same levels in the facet, so what fails an inherited test there (see ``census``) fails in all
of these. The best choice of levels within the facet, found as in ``search``, is therefore a lower
bound of what its columns add to the score of any scheme; over facets that share no column these
bounds add up. It holds at any time: what was not looked at yet counts with its own lower bound.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

from mutuali.privacy.recode.keyed import Keyed, Levels, Scores
from mutuali.privacy.recode.loss import spread

#: The most schemes in a facet; each costs two numbers.
_MOST_SCHEMES = 100_000


class Facet:
    """The bound of some columns; ``bound`` only grows with each step."""

    def __init__(
        self, keyed: Keyed, scores: Scores, shape: Levels, columns: Sequence[int], limit: int
    ) -> None:
        self._keyed = keyed
        self._scores = scores
        self._columns = columns
        self._limit = limit
        self._top = tuple(height - 1 for height in shape)
        nobody = np.zeros(0, dtype=np.int64)
        self._open = spread([scores.up_to(c, self._top[c], nobody) for c in columns])
        self._seen = math.inf
        self._done = False

    @property
    def bound(self) -> float:
        """No scheme scores less in these columns; infinite when none keeps the plan."""
        return min(float(self._open.min()), self._seen)

    def step(self, over: Callable[[], bool]) -> Levels | None:
        """Look along a path from the most promising choice up to the top, until it is over.

        The best choice so far, with all other columns at the top, when it was found now.
        """
        if self._done:
            return None
        at = np.unravel_index(int(np.argmin(self._open)), self._open.shape)
        path = [tuple(int(level) for level in at)]
        while (higher := self._next(path[-1])) is not None:
            path.append(higher)
        best = None
        low, high = 0, len(path) - 1
        while low <= high and not over():
            middle = (low + high) // 2
            seen = self._seen
            if self._passes(path[middle]):
                high = middle - 1
            else:
                low = middle + 1
            if self._seen < seen:
                best = self._whole(path[middle])
        self._done = bool(self._open.min() >= self._seen)
        return best

    def _whole(self, levels: Levels) -> Levels:
        whole = list(self._top)
        for column, level in zip(self._columns, levels, strict=True):
            whole[column] = level
        return tuple(whole)

    def _next(self, levels: Levels) -> Levels | None:
        """The open choice of lowest bound among those one level coarser."""
        above = [
            (*levels[:i], level + 1, *levels[i + 1 :])
            for i, level in enumerate(levels)
            if level + 1 < self._open.shape[i]
        ]
        bounds = [(float(self._open[choice]), choice) for choice in above]
        bound, choice = min(bounds, default=(math.inf, levels))
        return None if bound == math.inf else choice

    def _passes(self, levels: Levels) -> bool:
        """Look at a choice and note what it says about finer ones; False when all of them fail."""
        failing = self._keyed.failing_for_good(self._keyed.key(self._whole(levels)))
        finer = tuple(slice(0, level + 1) for level in levels)
        if self._scores.rows(failing) > self._limit:
            self._open[finer] = math.inf
            return False
        columns = [
            self._scores.up_to(column, level, failing)
            for column, level in zip(self._columns, levels, strict=True)
        ]
        np.maximum(self._open[finer], spread(columns), out=self._open[finer])
        self._seen = min(self._seen, float(self._open[levels]))
        self._open[levels] = math.inf
        return True


def facets(keyed: Keyed, scores: Scores, shape: Levels, limit: int) -> list[Facet]:
    """The columns in their order, as many to a facet as leave it small enough to be finished."""
    groups: list[list[int]] = [[]]
    schemes = 1
    for column, height in enumerate(shape):
        schemes *= height
        if schemes > _MOST_SCHEMES and groups[-1]:
            groups.append([])
            schemes = height
        groups[-1].append(column)
    return [Facet(keyed, scores, shape, columns, limit) for columns in groups]
