"""A choice of cells to hide, built demand by demand and thinned out again."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from mutuali.privacy.errors import UnsafeOutput
from mutuali.privacy.margins.demands import Demand, Pattern, Room, Ties
from mutuali.privacy.margins.products import BLOCKED, FloatArray, Products
from mutuali.privacy.margins.programs import linear_pattern
from mutuali.privacy.margins.table import BoolArray, IntArray, Table

#: Up to as many cells, patterns of any form compete with products of moves, and several orders of
#: the demands with each other.
FEW_CELLS = 200

#: A hidden cell that more demands need is not tried again: it nearly always stays (measured).
MANY_DEMANDS = 25

Answer = tuple[Pattern, ...]

Search = Callable[[Demand, FloatArray], Pattern | None]


class Choice:
    """A choice in the making: what is hidden, and by which patterns each demand is met."""

    def __init__(
        self, table: Table, unsafe: BoolArray, room: Room, kept: Ties, weights: IntArray
    ) -> None:
        self.table = table
        self.unsafe = unsafe
        self.room = room
        self.kept = kept
        self.weights = weights
        self.hidden = unsafe.copy()
        self.answers: dict[Demand, Answer] = {}
        self._products = Products(table.dimensions)
        self._seen: dict[tuple[int, int], list[tuple[int, Pattern]]] = {}

    @property
    def weight(self) -> int:
        """What is hidden beyond the unsafe cells."""
        return int(self.weights[self.hidden & ~self.unsafe].sum())

    def meet(self, asked: Sequence[Demand]) -> None:
        """Hide what each demand needs, in turn.

        Raises:
            UnsafeOutput: a demand that nothing can meet.
        """
        for demand in asked:
            prices = self.prices()
            answer = self.answer(demand, prices) or self._answer(demand, prices, self._linear)
            if answer is None:
                direction = "up" if demand.sign > 0 else "down"
                key = self.table.key(demand.cell)
                raise UnsafeOutput(
                    (f"cell {key!r} cannot be moved {direction} by {demand.distance}",)
                )
            self.answers[demand] = answer
            for pattern in answer:
                self.hidden[pattern.cells] = True

    def settle(self, hidden: BoolArray) -> bool:
        """Hide these cells instead, if they meet all demands met so far."""
        only_hidden = np.where(hidden, 0, BLOCKED)
        found = {demand: self.answer(demand, only_hidden) for demand in self.answers}
        answers = {demand: answer for demand, answer in found.items() if answer is not None}
        if len(answers) < len(found):
            return False
        self.hidden, self.answers = hidden, answers
        return True

    def thin(self) -> None:
        """Publish again what no demand needs, the heaviest first."""
        users = self._users()
        further = np.flatnonzero(self.hidden & ~self.unsafe)
        for cell in further[np.argsort(-self.weights[further], kind="stable")]:
            if len(users[cell]) > MANY_DEMANDS:
                continue
            self.hidden[cell] = False
            only_hidden = np.where(self.hidden, 0, BLOCKED)
            found: dict[Demand, Answer] = {}
            for demand in users[cell]:
                if (other := self.answer(demand, only_hidden)) is None:
                    self.hidden[cell] = True
                    break
                found[demand] = other
            else:
                for demand, answer in found.items():
                    for other_cell in self._further(self.answers[demand]):
                        users[other_cell].pop(demand, None)
                    self.answers[demand] = answer
                    for other_cell in self._further(answer):
                        users[other_cell][demand] = None
        self.hidden = self.unsafe.copy()
        for answer in self.answers.values():
            for pattern in answer:
                self.hidden[pattern.cells] = True

    def _users(self) -> dict[int, dict[Demand, None]]:
        """Which demands need each cell that is hidden beyond the unsafe ones."""
        cells = np.flatnonzero(self.hidden & ~self.unsafe).tolist()
        users: dict[int, dict[Demand, None]] = {cell: {} for cell in cells}
        for demand, answer in self.answers.items():
            for cell in self._further(answer):
                users[cell][demand] = None
        return users

    def _further(self, answer: Answer) -> set[int]:
        return {cell for one in answer for cell in one.cells[~self.unsafe[one.cells]].tolist()}

    def answer(self, demand: Demand, prices: FloatArray) -> Answer | None:
        """Patterns that meet a demand and add little to what is hidden; None if none are found."""
        if recalled := self._recalled(demand, prices):
            return (recalled,)
        found = self._answer(demand, prices, self._product)
        if len(prices) <= FEW_CELLS and (found is None or _price(found, prices)):
            found = _lighter(found, self._answer(demand, prices, self._linear), prices)
        return found

    def _answer(self, demand: Demand, prices: FloatArray, search: Search) -> Answer | None:
        """One pattern for all, or one for most and others for those who know better."""
        pattern = search(demand, prices)
        for_all = None if pattern is None else (pattern,)
        if not len(demand.people) or (for_all and not _price(for_all, prices)):
            return for_all
        outside = replace(demand, people=demand.people[:0])
        first = self._recalled(outside, prices) or search(outside, prices)
        if first is None:
            return for_all
        others = self.room.knowing_better(first, demand.people)
        if len(others) == len(demand.people) == 1:
            return for_all
        found: Answer = (first,)
        halves = np.array_split(others, 2 if len(others) == len(demand.people) else 1)
        for part in halves if len(others) else []:
            now = prices.copy()
            for one in found:
                now[one.cells] = 0
            more = self._answer(replace(demand, people=part), now, search)
            if more is None:
                return for_all
            found += more
        return _lighter(for_all, found, prices)

    def _recalled(self, demand: Demand, prices: FloatArray) -> Pattern | None:
        """A pattern found before, for whichever cell, that meets the demand for nothing."""
        fall = self.room.fall(demand.people)
        for distance, pattern in reversed(self._seen.get((demand.cell, demand.sign), [])):
            if (
                distance >= demand.distance
                and not prices[pattern.cells].any()
                and (fall[pattern.cells] + pattern.change >= 0).all()
            ):
                return pattern
        return None

    def _remember(self, pattern: Pattern) -> None:
        """Keep a pattern, and its opposite if that is one, for all unsafe cells in it."""
        both = [pattern]
        opposite = Pattern(pattern.cells, -pattern.change)
        outside = self.room.fall(np.array([], dtype=np.int64))[pattern.cells]
        if (
            not self.kept.tied[pattern.cells].any()
            and (opposite.change <= self.room.rise[pattern.cells]).all()
            and (opposite.change >= -outside).all()
        ):
            both.append(opposite)
        for one in both:
            for cell, change in zip(one.cells.tolist(), one.change.tolist(), strict=True):
                if self.unsafe[cell]:
                    key = cell, 1 if change > 0 else -1
                    self._seen.setdefault(key, []).append((abs(change), one))

    def _product(self, demand: Demand, prices: FloatArray) -> Pattern | None:
        if self.kept.tied[demand.cell]:
            return None
        untied = np.where(self.kept.tied, BLOCKED, prices)
        pattern = self._products.pattern(demand, untied, *self._limits(demand))
        if pattern is not None:
            self._remember(pattern)
        return pattern

    def _linear(self, demand: Demand, prices: FloatArray) -> Pattern | None:
        pattern = linear_pattern(demand, prices, *self._limits(demand), self.kept)
        if pattern is not None:
            self._remember(pattern)
        return pattern

    def _limits(self, demand: Demand) -> tuple[IntArray, IntArray]:
        return self.room.rise, self.room.fall(demand.people)

    def prices(self) -> FloatArray:
        """What each cell would add; empty ones stay published."""
        prices = np.where(self.hidden, 0, self.weights).astype(np.float64)
        prices[self.table.empty] = BLOCKED
        return prices


def quick_choice(
    table: Table,
    unsafe: BoolArray,
    room: Room,
    kept: Ties,
    weights: IntArray,
    asked: Sequence[Demand],
) -> Choice:
    """The lightest of what some orders of the demands lead to; in a large table, of one.

    Raises:
        UnsafeOutput: a demand that nothing can meet.
    """
    orders = [asked, asked[::-1], sorted(asked, key=lambda demand: len(demand.people) > 1)]
    choices = []
    for order in orders if len(unsafe) <= FEW_CELLS else orders[:1]:
        choices.append(Choice(table, unsafe, room, kept, weights))
        choices[-1].meet(order)
        choices[-1].thin()
    return min(choices, key=lambda choice: choice.weight)


def _price(patterns: Answer, prices: FloatArray) -> float:
    return float(prices[np.unique(np.concatenate([one.cells for one in patterns]))].sum())


def _lighter(one: Answer | None, other: Answer | None, prices: FloatArray) -> Answer | None:
    if one is None or other is None:
        return one or other
    return other if _price(other, prices) < _price(one, prices) else one
