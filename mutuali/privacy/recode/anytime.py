"""A good scheme where there are too many to find the best: better the longer it looks.

A tabu search (Glover 1989). Each step looks at every scheme that differs in one column and goes to
the best of them, better or not; a level that was left may not come back to its column for some
steps, unless that gives the best scheme so far. Schemes that suppress too much may be crossed, at
a price that rises while they are and falls while they are not, because the best ones lie along
that border. No dice and no clock: same input, same result, unless the caller's ``expired`` ends it
sooner.

Beside it grows a lower bound of every scheme's loss (see ``facets``): how much a longer search
could still gain at most. Where it meets the loss found, the search has proved its result.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from mutuali.privacy.errors import NothingToRelease, Reason
from mutuali.privacy.plan import Plan, exact
from mutuali.privacy.recode.census import Census
from mutuali.privacy.recode.facets import facets
from mutuali.privacy.recode.keyed import Keyed, Keys, Levels, Scores
from mutuali.privacy.recode.loss import Ladder, Loss
from mutuali.privacy.recode.search import DECIMALS, Scheme

#: Looks, unless the caller says otherwise: some ten seconds. So many up to 30,000 tuples, then
#: fewer as the tuples become more, but never fewer than the last figure.
_LOOKS, _LOOKS_BY_TUPLES, _FEWEST_LOOKS = 20_000, 600_000_000, 2_000

#: Steps for which a level that was left stays away, each time another number between the two, and
#: never more than this share of all changes: in a small lattice some have to stay allowed.
_SHORT, _LONG, _MOST_AWAY = 6, 18, 1 / 3

#: After so many steps on one side of the limit, the price of a row beyond it changes by _FACTOR,
#: and stays between two bounds; a score is at most 1 where all rows are lost.
_PATIENCE, _FACTOR, _CHEAPEST, _DEAREST = 5, 1.5, 0.01, 100.0


@dataclass(frozen=True, slots=True)
class Progress:
    """Looks done and allowed; the loss found, and one that no scheme is below, both 0 to 1."""

    looks: int
    allowed: int
    loss: float
    bound: float

    @property
    def done(self) -> float:
        """The share of the looks that is done."""
        return min(self.looks / self.allowed, 1.0)


@dataclass(frozen=True, slots=True)
class _Move:
    """A change of one column, the scheme it gives, and what that costs with its price."""

    column: int
    levels: Levels
    suppressed: int
    score: float
    cost: float

    @property
    def rank(self) -> tuple[float, int, Levels]:
        """As that of a scheme."""
        return round(self.score, DECIMALS), self.suppressed, self.levels


class Anytime:
    """One search over one table, from ``start`` or the top, whose result is never worse than it.

    ``looks`` bounds the work; ``expired`` is asked before each look and ends the search when true,
    with the best scheme so far; ``progress`` is told after each step.
    """

    def __init__(
        self,
        census: Census,
        loss: Loss,
        plan: Plan,
        ladders: Sequence[Ladder],
        *,
        start: Levels | None = None,
        looks: int | None = None,
        expired: Callable[[], bool] = lambda: False,
        progress: Callable[[Progress], None] = lambda _: None,
    ) -> None:
        self._census = census
        self._loss = loss
        self._total = int(census.rows.sum())
        self._limit = int(exact(plan.suppression_limit) * Fraction(self._total))
        self._shape = tuple(len(step.texts) for step in ladders)
        self._start = start
        by_size = min(_LOOKS, max(_LOOKS_BY_TUPLES // len(census.rows), _FEWEST_LOOKS))
        self._allowed = by_size if looks is None else looks
        self._expired = expired
        self._progress = progress
        self._keyed = Keyed(census, plan, ladders)
        self._scores = Scores(census, plan, ladders)
        self._facets = facets(self._keyed, self._scores, self._shape, self._limit)
        self._best: Scheme | None = None
        self._price = 1.0
        self._beyond, self._same_side = False, 0
        self._away: dict[tuple[int, int], int] = {}

    @property
    def bound(self) -> float:
        """No scheme that keeps the plan has a smaller loss; infinite when none keeps it."""
        return self._loss.total(self._least)

    @property
    def _least(self) -> float:
        return math.fsum(facet.bound for facet in self._facets)

    @property
    def looks(self) -> int:
        """How many schemes were looked at; one looked at closely counts as several."""
        return self._keyed.looks

    def run(self) -> Scheme:
        """The scheme that ranks first among those it came across.

        Raises:
            NothingToRelease: none of them keeps the plan.
        """
        top = tuple(height - 1 for height in self._shape)
        at = self._start or top
        for levels in (top, at):
            self._prove(levels)
        key = self._keyed.key(at)
        step = 0
        while not self._settled():
            step += 1
            move = self._best_move(at, key, step)
            if move is not None:
                column, old, new = move.column, at[move.column], move.levels[move.column]
                self._away[column, old] = step + self._time_away(step)
                key, at = self._keyed.moved(key, column, old, new), move.levels
                self._reprice(beyond=move.suppressed > self._limit)
            self._raise_bound()
            self._tell()
        if self._best is None:
            raise NothingToRelease(
                Reason.NO_SCHEME_PASSES,
                f"{self.looks} looks found no scheme that keeps the plan with at most"
                f" {self._limit} rows suppressed",
            )
        return self._best

    def _settled(self) -> bool:
        """Whether nothing is left to find, or nothing more may be looked at."""
        best = math.inf if self._best is None else self._best.rank[0]
        return round(self._least, DECIMALS) >= best or self._over()

    def _over(self) -> bool:
        return self.looks >= self._allowed or self._expired()

    def _raise_bound(self) -> None:
        for facet in self._facets:
            if (levels := facet.step(self._over)) is not None:
                self._prove(levels)

    def _time_away(self, step: int) -> int:
        changes = sum(self._shape) - len(self._shape)
        return min(_SHORT + 7 * step % (_LONG - _SHORT + 1), int(changes * _MOST_AWAY))

    def _tell(self) -> None:
        loss = math.inf if self._best is None else self._loss.total(self._best.score)
        self._progress(Progress(self.looks, self._allowed, loss, self.bound))

    def _best_move(self, at: Levels, key: Keys, step: int) -> _Move | None:
        """The cheapest of the changes that may be made; the best scheme seen is kept as well."""
        chosen: _Move | None = None
        better: _Move | None = None
        for column, level in self._changes(at):
            if self._over():
                break
            levels = (*at[:column], level, *at[column + 1 :])
            away = self._away.get((column, level), 0) > step
            most = -math.inf if away else math.inf if chosen is None else chosen.cost
            if not self._worthwhile(self._scores.at_least(levels, 0), 0, most):
                continue
            there = self._keyed.moved(key, column, at[column], level)
            known = self._keyed.failing_at_least(there)
            suppressed = self._scores.rows(known)
            if not self._worthwhile(self._scores.at_least(levels, suppressed), suppressed, most):
                continue
            failing = self._keyed.failing(there, known)
            suppressed = self._scores.rows(failing)
            score = self._scores.of(levels, failing)
            move = _Move(column, levels, suppressed, score, self._cost(score, suppressed))
            if self._improves(move, better):
                better = move
            elif away:
                continue
            if chosen is None or move.cost < chosen.cost:
                chosen = move
        if better is not None:
            self._prove(better.levels)
        return chosen

    def _changes(self, at: Levels) -> Iterator[tuple[int, int]]:
        for column, height in enumerate(self._shape):
            for level in range(height):
                if level != at[column]:
                    yield column, level

    def _worthwhile(self, least: float, suppressed: int, most: float) -> bool:
        """Whether a scheme of at least such a score may be chosen at a cost below ``most``."""
        return self._cost(least, suppressed) < most or self._may_be_best(least, suppressed)

    def _cost(self, score: float, suppressed: int) -> float:
        beyond = max(suppressed - self._limit, 0) / self._total
        return round(score + self._price * beyond, DECIMALS)

    def _may_be_best(self, score: float, suppressed: int) -> bool:
        best = math.inf if self._best is None else self._best.rank[0]
        return suppressed <= self._limit and round(score, DECIMALS) <= best

    def _improves(self, move: _Move, better: _Move | None) -> bool:
        """Whether a scheme ranks before the best of all, and before one that does."""
        if move.suppressed > self._limit:
            return False
        first = better or self._best
        return first is None or move.rank < first.rank

    def _reprice(self, *, beyond: bool) -> None:
        self._same_side = self._same_side + 1 if beyond is self._beyond else 1
        self._beyond = beyond
        if self._same_side == _PATIENCE:
            price = self._price * (_FACTOR if beyond else 1 / _FACTOR)
            self._price = min(max(price, _CHEAPEST), _DEAREST)
            self._same_side = 0

    def _prove(self, levels: Levels) -> None:
        """Keep a scheme if it ranks first and truly keeps the plan."""
        classes = self._keyed.classes(levels)
        failing = self._census.failing(classes)
        suppressed = int(classes.rows[failing].sum())
        if suppressed <= self._limit:
            score = self._scores.of(levels, np.flatnonzero(failing[classes.of]))
            scheme = Scheme(levels, score, suppressed, classes, failing)
            if self._best is None or scheme.rank < self._best.rank:
                self._best = scheme
