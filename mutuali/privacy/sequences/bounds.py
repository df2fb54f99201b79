"""How closely all releases together let somebody know what one contributor's part is.

The attacker holds every release ever made, knows the base they were rounded to, that amounts are
not negative, who was in which build and on which grounds each of them has anything at all; and it
is the largest other contributor of the side, who knows its own part. What lies under the same told
figures can be given from one contributor to another without any of them changing: where enough of
it is others', a part stays open (on one table alone that is the p % rule; Hundepool et al.,
Statistical Disclosure Control, 2012, chapter 4). What that does not settle is solved: the most and
the least that a part can be are linear programs over everything told.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from mutuali.privacy.sequences.findings import Finding, Kind
from mutuali.privacy.sequences.layers import Cell, Holders, Layer, Measured, linked
from mutuali.privacy.sequences.told import Build, Figure

#: A bound this close to what must stay open leaves it open.
CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Told:
    """A told figure: by which build, over which grounds."""

    build: int
    grounds: frozenset[int]
    figure: Figure


@dataclass(frozen=True, slots=True)
class Target:
    """A contributor's part on one side: what it adds by ``mine``, and who attacks."""

    side: int
    who: str
    attacker: str | None
    mine: tuple[Layer, ...]

    @property
    def value(self) -> int:
        """How much the part is."""
        return sum(layer.amount for layer in self.mine)


def bounds(builds: Sequence[Build], percent: int) -> list[Finding]:
    """Every part that the last of ``builds`` makes known more closely than ``percent`` %."""
    found = []
    for measure in builds[-1].sides:
        measured = Measured(builds, measure)
        for grounds, told in _systems(measured):
            if any(each.build == len(builds) - 1 for each in told):
                look = _Look(measured, grounds, told, len(builds) - 1, percent)
                found += list(look.findings())
    return found


def _systems(measured: Measured) -> Iterator[tuple[frozenset[int], list[Told]]]:
    """Grounds that told figures link, and those figures."""
    told = [
        Told(build, frozenset(grounds), figure)
        for (names, labels), by_build in measured.figures.items()
        for build, figure in by_build.items()
        if figure.told and (grounds := measured.under(names).get(labels, ()))
    ]
    link = linked([sorted(each.grounds) for each in told], len(measured.grounds))
    parts: dict[int, list[Told]] = defaultdict(list)
    for each in told:
        parts[link[min(each.grounds)]].append(each)
    for number, figures in parts.items():
        yield frozenset(g for g, other in enumerate(link) if other == number), figures


class _Look:
    """One measure over linked grounds. A *column* is what lies under exactly the same told figures:
    the unknowns of the attacker."""

    def __init__(
        self,
        measured: Measured,
        grounds: frozenset[int],
        told: Sequence[Told],
        new: int,
        percent: int,
    ) -> None:
        self._measured, self._grounds, self._told = measured, grounds, told
        self._new, self._percent = new, percent
        self._columns: dict[frozenset[int], int] = {}
        self._column: dict[tuple[Holders, int], int] = {}
        self._people: list[list[Counter[str]]] = []
        for layer in self._layers(grounds):
            column = self._numbered(layer)
            for side, who in enumerate(layer.people):
                self._people[column][side][who] += layer.amount
        self._program = _Program(list(self._columns), told)

    def _layers(self, grounds: Iterable[int]) -> Iterator[Layer]:
        for ground in sorted(grounds):
            yield from self._measured.on.get(ground, ())

    def _numbered(self, layer: Layer) -> int:
        key = (layer.holders, layer.ground)
        if key not in self._column:
            over = frozenset(
                row
                for row, each in enumerate(self._told)
                if each.build in layer.holders and layer.ground in each.grounds
            )
            if over not in self._columns:
                self._columns[over] = len(self._columns)
                self._people.append([Counter() for _ in layer.people])
            self._column[key] = self._columns[over]
        return self._column[key]

    def findings(self) -> Iterator[Finding]:
        """One finding per cell and side at most."""
        for cell, grounds in self._places():
            layers = list(self._layers(grounds))
            for side, name in enumerate(self._measured.sides):
                for target in self._targets(layers, side):
                    need = max(1, -(-self._percent * target.value // 100))
                    if not self._hidden(target, need) and (near := self._too_near(target, need)):
                        yield self._finding(cell, grounds, name, near)
                        break

    def _places(self) -> Iterator[tuple[Cell, frozenset[int]]]:
        """The cells of every table, its rows, columns and the whole, each ground set once."""
        seen: set[frozenset[int]] = set()
        for table in self._measured.tables:
            for count in range(len(table), -1, -1):
                for names in combinations(table, count):
                    for labels, under in self._measured.under(names).items():
                        grounds = self._grounds.intersection(under)
                        if grounds and grounds not in seen:
                            seen.add(grounds)
                            yield (names, labels), grounds

    def _targets(self, layers: Sequence[Layer], side: int) -> Iterator[Target]:
        """The part of each contributor: of what the same builds hold, and of all of it."""
        groups: dict[Holders, list[Layer]] = defaultdict(list)
        for layer in layers:
            groups[layer.holders].append(layer)
        whole = _parts(layers, side)
        for some in (*groups.values(), layers) if len(groups) > 1 else (layers,):
            mine: dict[str, list[Layer]] = defaultdict(list)
            for layer in some:
                mine[layer.people[side]].append(layer)
            parts = _parts(some, side)
            for who, own in mine.items():
                attacker = _largest_other(parts, who) or _largest_other(whole, who)
                yield Target(side, who, attacker, tuple(own))

    def _hidden(self, target: Target, need: int) -> bool:
        """Whether others of the same columns could have enough more, and enough less."""
        more = less = 0
        mine: Counter[int] = Counter()
        for layer in target.mine:
            mine[self._column[layer.holders, layer.ground]] += layer.amount
        for column, amount in mine.items():
            people = self._people[column][target.side]
            others = people.total() - people[target.who] - people[target.attacker or ""]
            more += others + people[target.who] - amount
            less += amount if others or people[target.who] > amount else 0
        return more >= need and less >= need

    def _too_near(self, target: Target, need: int) -> float | None:
        """By how much the part stays open on its closer side, if that is less than ``need``; at
        least a little above 0."""
        columns = {self._column[layer.holders, layer.ground] for layer in target.mine}
        own = [
            people[target.side][target.attacker] if target.attacker else 0
            for people in self._people
        ]
        mine: Counter[int] = Counter()
        for layer in target.mine:
            mine[self._column[layer.holders, layer.ground]] += layer.amount
        alone = {
            column
            for column in columns
            if self._people[column][target.side].total() == mine[column] + own[column]
        }
        rest = [
            people[target.side].total() - known
            for people, known in zip(self._people, own, strict=True)
        ]
        low, high = self._program.ends(columns, alone, own, [None if each else 0 for each in rest])
        near = min(high - target.value, target.value - low)
        return None if near >= need - CLOSE else max(near / target.value, CLOSE)

    def _finding(self, cell: Cell, grounds: frozenset[int], side: str, near: float) -> Finding:
        newest = [each for each in self._told if each.build == self._new]
        over = [each for each in newest if not grounds.isdisjoint(each.grounds)] or newest
        hide = tuple((each.figure.names, each.figure.labels) for each in over)
        found = int(100 * near)
        return Finding(
            Kind.TOO_CLOSE, self._measured.measure, side, cell, found, self._percent, hide
        )


class _Program:
    """Between what each told figure lies, as rows over the columns."""

    def __init__(self, columns: Sequence[frozenset[int]], told: Sequence[Told]) -> None:
        import scipy.sparse as sp

        rows = np.zeros((len(told), len(columns)))
        for column, over in enumerate(columns):
            rows[list(over), column] = 1
        ends = np.array([each.figure.between for each in told], dtype=float)
        self._limits = np.concatenate([ends[:, 1], -ends[:, 0]])
        self._rows = sp.csr_array(np.vstack([rows, -rows]))

    def ends(
        self, columns: set[int], alone: set[int], own: Sequence[int], most: Sequence[int | None]
    ) -> tuple[float, float]:
        """The least of the columns ``alone`` and the most of ``columns``, for who has ``own`` of
        each; of the rest of a column there is at most ``most``."""
        limits = self._limits - self._rows @ np.array(own, dtype=float)
        between = [(0, each) for each in most]
        least = self._least(alone, 1, limits, between) if alone else 0.0
        return least, -self._least(columns, -1, limits, between)

    def _least(self, columns: set[int], sign: int, limits: Any, between: Any) -> float:
        from scipy.optimize import linprog

        costs = np.zeros(self._rows.shape[1])
        costs[list(columns)] = sign
        result = linprog(costs, self._rows, limits, bounds=between, method="highs")
        if result.status in (3, 4):  # without limit, or the solver gave up before it found one
            return -np.inf if sign < 0 else 0.0
        # No solution at all cannot be: the truth is one. Whatever it is, it hides nothing.
        return float(result.fun) if result.status == 0 else sign * np.inf


def _parts(layers: Iterable[Layer], side: int) -> Counter[str]:
    parts: Counter[str] = Counter()
    for layer in layers:
        parts[layer.people[side]] += layer.amount
    return parts


def _largest_other(parts: Counter[str], who: str) -> str | None:
    return next((other for other, _ in parts.most_common(2) if other != who), None)
