"""Local recoding: each row as coarse as its own surroundings ask for, not one level per column.

The schemes are visited in ascending loss. Every class that keeps the plan among the rows still
waiting leaves with that scheme's labels; the histogram shrinks, and what is left goes on to
coarser schemes. A class whose own labels lose more than the scheme does on average waits until the
visit reaches its loss, because some of its rows may find a place below.

Most visits find nothing, so a coarser scheme is looked at first: classes of rows only merge on the
way up, so where nothing passes there, nothing passes in any finer scheme, and where something
does, only its rows need to be looked at below.

Each released row mixes levels within a column, which keeps far more of the data and is harder to
analyse; being close to minimal, it also tells an attacker more (downcoding: Cohen, USENIX Security
2022) than one level per column does.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np

from mutuali.privacy.errors import NothingToRelease, Reason
from mutuali.privacy.plan import Plan, Role, exact
from mutuali.privacy.recode.census import Census
from mutuali.privacy.recode.classes import BoolArray, Classes
from mutuali.privacy.recode.histogram import IntArray
from mutuali.privacy.recode.keys import fold, renumbered
from mutuali.privacy.recode.loss import Ladder, Loss, spread
from mutuali.privacy.recode.recoded import Recoded

Levels = tuple[int, ...]

#: How many levels above a scheme it is asked whether anything passes there.
_AHEAD = 2


@dataclass(slots=True)
class _Group:
    """Tuples that leave together under one scheme; ``cost`` is the loss of each of their rows."""

    levels: Levels
    tuples: IntArray
    cost: float


class Sweep:
    """One local recoding of one table."""

    def __init__(self, census: Census, loss: Loss, plan: Plan, ladders: Sequence[Ladder]) -> None:
        self._census = census
        self._plan = plan
        self._ladders = ladders
        self._near = census
        self._place_in_nearby = np.arange(len(census.rows))
        self._plain = len(plan.models) == 1 and not plan.named(Role.CONTRIBUTOR)
        weights = [column.weight for column in plan.named(Role.QUASI_IDENTIFIER)]
        self._shares = [
            step.covered * (weight / sum(weights) / step.span)
            for step, weight in zip(ladders, weights, strict=True)
        ]
        nobody = np.zeros(0, dtype=np.int64)
        self._score = spread(loss.scores_without(nobody))
        self._shape = self._score.shape
        self._waiting = np.ones(len(census.rows), dtype=np.bool_)
        self._done = np.zeros(self._shape, dtype=np.bool_)
        # Per scheme, the smallest known set of tuples outside of which nothing passes.
        self._sets = [np.arange(len(census.rows))]
        self._set_of = np.zeros(self._shape, dtype=np.int64)
        self._size_of = np.full(self._shape, len(census.rows))
        self._looked: set[Levels] = set()
        self._groups: list[_Group] = []

    def run(self, told: Callable[[float], None] = lambda _: None) -> Recoded:
        """Take all classes in ascending loss, then find a place for the few rows left over.

        ``told`` hears which share of the schemes was visited; what it raises ends the work.

        Raises:
            NothingToRelease: more rows stay without a place than may be left out.
        """
        later: list[tuple[float, int, _Group]] = []
        number = count()
        order = np.argsort(self._score, axis=None, kind="stable")
        for visited, position in enumerate(order):
            reached = float(self._score.flat[position])
            while later and later[0][0] <= reached:
                self._take_what_still_passes(heapq.heappop(later)[2])
            if self._done.flat[position]:
                continue
            told(visited / len(order))
            levels = tuple(int(level) for level in np.unravel_index(position, self._shape))
            for group in self._passing(levels):
                if group.cost <= reached:
                    self._take(group)
                else:
                    heapq.heappush(later, (group.cost, next(number), group))
        while later:
            self._take_what_still_passes(heapq.heappop(later)[2])
        return self._recoded()

    def _passing(self, levels: Levels) -> Iterator[_Group]:
        """The classes under ``levels`` that keep the plan among the rows that wait."""
        ahead = self._above(levels)
        if ahead != levels and not self._anything_passes(ahead):
            return
        tuples, number = self._promising(levels)
        self._done[levels] = True
        if len(tuples) and self._plan.attribute_models:
            kept = self._keeps(tuples, number, Census.failing_alone)
            tuples, number = tuples[kept], number[kept]
        if len(tuples):
            order = np.argsort(number, kind="stable")
            starts = np.flatnonzero(np.diff(number[order])) + 1
            for part in np.split(tuples[order], starts):
                yield _Group(levels, part, self._cost(levels, int(part[0])))

    def _above(self, levels: Levels) -> Levels:
        """A scheme a few levels coarser, by the steps that lose least."""
        for _ in range(_AHEAD):
            coarser = [
                (*levels[:i], level + 1, *levels[i + 1 :])
                for i, level in enumerate(levels)
                if level + 1 < self._shape[i]
            ]
            levels = min(coarser, key=self._score.__getitem__, default=levels)
        return levels

    def _anything_passes(self, levels: Levels) -> bool:
        """Look at a coarse scheme and note what it says about all finer ones."""
        if levels in self._looked:
            return True
        self._looked.add(levels)
        tuples, _ = self._promising(levels)
        finer = tuple(slice(0, level + 1) for level in levels)
        if not len(tuples):
            self._done[finer] = True
            return False
        better = self._size_of[finer] > len(tuples)
        self._set_of[finer][better] = len(self._sets)
        self._size_of[finer][better] = len(tuples)
        self._sets.append(tuples)
        return True

    def _promising(self, levels: Levels) -> tuple[IntArray, IntArray]:
        """Waiting tuples in classes that pass all inherited tests, and the class of each."""
        found = self._set_of[levels]
        tuples = self._sets[found]
        tuples = self._sets[found] = tuples[self._waiting[tuples]]
        if not len(tuples):
            return tuples, tuples
        codes = [
            step.label[level][leaves[tuples]]
            for step, level, leaves in zip(self._ladders, levels, self._census.leaves, strict=True)
        ]
        sizes = [len(step.texts[level]) for step, level in zip(self._ladders, levels, strict=True)]
        number, many = renumbered(*fold(codes, sizes))
        rows = np.bincount(number, weights=self._census.rows[tuples], minlength=many)
        # Few rows are few contributors, so this quick look ends most visits.
        large = (rows >= self._plan.k)[number]
        tuples, number = tuples[large], number[large]
        if len(tuples) and not self._plain:
            kept = self._keeps(tuples, number, Census.failing_for_good)
            tuples, number = tuples[kept], number[kept]
        return tuples, number

    def _keeps(
        self, tuples: IntArray, number: IntArray, test: Callable[[Census, Classes], BoolArray]
    ) -> BoolArray:
        """Which of the tuples are in a class that passes a test by itself."""
        order = np.argsort(tuples)
        of, many = renumbered(number[order])
        part = self._nearby().part(self._place_in_nearby[tuples[order]])
        rows = np.bincount(of, weights=part.rows, minlength=many).astype(np.int64)
        kept = np.empty(len(tuples), dtype=np.bool_)
        kept[order] = ~test(part, Classes(rows, of))[of]
        return kept

    def _nearby(self) -> Census:
        """The census of what waits, and a little of what waited: made anew when half has left."""
        waiting = np.flatnonzero(self._waiting)
        if 2 * len(waiting) < len(self._near.rows):
            self._near = self._near.part(self._place_in_nearby[waiting])
            self._place_in_nearby[waiting] = np.arange(len(waiting))
        return self._near

    def _cost(self, levels: Levels, tuple_: int) -> float:
        return float(
            sum(
                share[level][leaves[tuple_]]
                for share, level, leaves in zip(
                    self._shares, levels, self._census.leaves, strict=True
                )
            )
        )

    def _take(self, group: _Group) -> None:
        self._waiting[group.tuples] = False
        self._groups.append(group)

    def _take_what_still_passes(self, group: _Group) -> None:
        tuples = group.tuples[self._waiting[group.tuples]]
        if self._census.rows[tuples].sum() < self._plan.k:
            return
        together = np.zeros(len(tuples), dtype=np.int64)
        if self._plain or self._keeps(tuples, together, Census.failing_alone).all():
            self._take(_Group(group.levels, tuples, group.cost))

    def _recoded(self) -> Recoded:
        rows = self._census.rows
        limit = int(exact(self._plan.suppression_limit) * int(rows.sum()))
        if int(rows[self._waiting].sum()) > limit:
            self._place_waiting()
        levels = tuple(np.zeros(len(rows), dtype=np.int64) for _ in self._ladders)
        for group in self._groups:
            for column, level in zip(levels, group.levels, strict=True):
                column[group.tuples] = level
        return self._checked(levels, limit)

    def _place_waiting(self) -> None:
        """Into the class for which it costs least: its labels widen until they cover the tuple.

        A class only grows by this, so whatever is inherited (see ``classes``) still holds.
        """
        if not self._groups:
            return
        leaves, rows = self._census.leaves, self._census.rows
        groups = np.array([group.levels for group in self._groups])
        example = np.array([group.tuples[0] for group in self._groups])
        inside = np.array([rows[group.tuples].sum() for group in self._groups])
        cost = np.array([group.cost for group in self._groups])
        for tuple_ in np.flatnonzero(self._waiting):
            wide = np.empty_like(groups)
            widened = np.zeros(len(groups))
            for c, (step, share) in enumerate(zip(self._ladders, self._shares, strict=True)):
                leaf = leaves[c][tuple_]
                apart = step.label[:, leaves[c][example]] != step.label[:, [leaf]]
                wide[:, c] = np.maximum(groups[:, c], apart.sum(axis=0))
                widened += share[wide[:, c], leaf]
            more = widened * (inside + rows[tuple_]) - cost * inside
            chosen = int(np.argmin(more))
            levels = tuple(int(level) for level in wide[chosen])
            tuples = np.append(self._groups[chosen].tuples, tuple_)
            self._groups[chosen] = _Group(levels, tuples, float(widened[chosen]))
            groups[chosen], cost[chosen] = levels, widened[chosen]
            inside[chosen] += rows[tuple_]
            self._waiting[tuple_] = False

    def _checked(self, levels: tuple[IntArray, ...], limit: int) -> Recoded:
        """The classes as a reader sees them: labels that read the same are the same."""
        codes, sizes = [], []
        for step, column, leaves in zip(self._ladders, levels, self._census.leaves, strict=True):
            texts = {text: code for code, text in enumerate(dict.fromkeys(chain(*step.texts)))}
            read = [np.array([texts[text] for text in names]) for names in step.texts]
            code = np.empty(len(leaves), dtype=np.int64)
            for level, names in enumerate(read):
                here = column == level
                code[here] = names[step.label[level][leaves[here]]]
            codes.append(code)
            sizes.append(len(texts))
        of, many = renumbered(*fold(codes, sizes))
        of[self._waiting] = many
        rows = np.bincount(of, weights=self._census.rows, minlength=many + 1).astype(np.int64)
        classes = Classes(rows, of)
        alone = np.zeros(many + 1, dtype=np.bool_)
        alone[many] = True
        failing = alone | self._census.failing(classes, alone)
        suppressed = int(rows[failing].sum())
        if suppressed > limit:
            raise NothingToRelease(
                Reason.NO_SCHEME_PASSES,
                f"{suppressed} rows keep no place among others; at most {limit} may be left out",
            )
        return Recoded(levels, suppressed, classes, failing)
