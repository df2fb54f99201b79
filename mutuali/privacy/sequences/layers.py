"""Which builds hold which part of what was ever told, and which cells lie over it.

What the same people add on the same ground is the same in every build that holds them, unless it
was corrected meanwhile: then each part belongs to the builds that hold at least as much. Parts that
the same builds hold hide each other for whoever has all releases; others do not.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from mutuali.privacy.sequences.told import Build, Figure, Labels, Names

#: The builds that hold something, by their position.
Holders = frozenset[int]

#: The names of a table's keys and the labels of one of its cells.
Cell = tuple[Names, Labels]


@dataclass(frozen=True, slots=True)
class Layer:
    """What ``people`` add on a ground in each of the builds ``holders``."""

    people: tuple[str, ...]
    ground: int
    holders: Holders
    amount: int


class Measured:
    """One measure over all builds, oldest first: its layers, and the figures that tell of them."""

    def __init__(self, builds: Sequence[Build], measure: str) -> None:
        self.measure = measure
        self.sides = next(b.sides[measure] for b in reversed(builds) if measure in b.sides)
        self._number: dict[tuple[tuple[str, str], ...], int] = {}
        self.grounds: list[Mapping[str, str]] = []
        self.layers = tuple(self._layers(builds))
        #: Cell -> build -> the figure that it told there; hidden ones are figures too.
        self.figures: dict[Cell, dict[int, Figure]] = defaultdict(dict)
        for number, build in enumerate(builds):
            for figure in build.figures:
                if figure.measure == measure:
                    self.figures[figure.names, figure.labels][number] = figure

    def _layers(self, builds: Sequence[Build]) -> Iterator[Layer]:
        amounts: dict[tuple[tuple[str, ...], int], dict[int, int]] = defaultdict(dict)
        for number, build in enumerate(builds):
            places = [self._ground(labels) for labels in build.grounds]
            for entry in build.entries.get(self.measure, ()):
                held = amounts[entry.people, places[entry.ground]]
                held[number] = held.get(number, 0) + entry.amount
        for (people, ground), held in amounts.items():
            below = 0
            for amount in sorted(set(held.values())):
                holders = frozenset(number for number, most in held.items() if most >= amount)
                yield Layer(people, ground, holders, amount - below)
                below = amount

    def _ground(self, labels: Mapping[str, str]) -> int:
        key = tuple(sorted(labels.items()))
        if key not in self._number:
            self._number[key] = len(self.grounds)
            self.grounds.append(labels)
        return self._number[key]

    @cached_property
    def on(self) -> dict[int, list[Layer]]:
        """The layers of each ground."""
        found: dict[int, list[Layer]] = defaultdict(list)
        for layer in self.layers:
            found[layer.ground].append(layer)
        return found

    @cached_property
    def tables(self) -> tuple[Names, ...]:
        """The tables in which the measure was ever told."""
        return tuple(sorted({names for names, _ in self.figures}))

    def labels(self, names: Names, ground: int) -> Labels | None:
        """The cell of a table that a ground lies in; None where it has no such label."""
        here = self.grounds[ground]
        return tuple(here[name] for name in names) if all(n in here for n in names) else None

    @cached_property
    def _under(self) -> dict[Names, dict[Labels, tuple[int, ...]]]:
        return {}

    def under(self, names: Names) -> Mapping[Labels, tuple[int, ...]]:
        """The grounds under each choice of labels for ``names``."""
        if names not in self._under:
            found: dict[Labels, list[int]] = defaultdict(list)
            for ground in range(len(self.grounds)):
                if (labels := self.labels(names, ground)) is not None:
                    found[labels].append(ground)
            self._under[names] = {labels: tuple(some) for labels, some in found.items()}
        return self._under[names]

    def told(self, cell: Cell) -> dict[int, Figure]:
        """Build -> the figure of a cell, where it was told."""
        return {n: each for n, each in self.figures.get(cell, {}).items() if each.told}


def linked(groups: Sequence[Sequence[int]], count: int) -> list[int]:
    """A number per ground, the same for grounds that a group links, directly or through others."""
    parent = list(range(count))

    def root(ground: int) -> int:
        while parent[ground] != ground:
            parent[ground] = parent[parent[ground]]
            ground = parent[ground]
        return ground

    for group in groups:
        for ground in group[1:]:
            parent[root(ground)] = root(group[0])
    return [root(ground) for ground in range(count)]
