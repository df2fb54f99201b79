"""Sums that all releases tell of the same ground: they differ in nobody, or in at least k.

A sum is told where every cell of a table over the ground is; which build told a cell may differ
from cell to cell (the first quarter in April, the second in July, the half-year in July as well).
Whoever takes one sum from the other sees what the difference holds: on each side of it nobody, or
at least k contributors, in both directions. Counted by the people, not by the figures: rounding
does not make seven of one organization into less than seven.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement

from mutuali.privacy.sequences.findings import Finding, Kind
from mutuali.privacy.sequences.layers import Cell, Layer, Measured, linked
from mutuali.privacy.sequences.told import Build, Names

#: Ground -> the build whose content is meant.
_Version = dict[int, int]


def differences(builds: Sequence[Build], k: int) -> list[Finding]:
    """Everything that the last of ``builds`` tells by a difference, oldest build first."""
    found: dict[tuple[object, ...], Finding] = {}
    for measure in builds[-1].sides:
        look = _Look(builds, measure, k)
        for one, other in combinations_with_replacement(look.measured.tables, 2):
            for finding in look.findings(one, other):
                found.setdefault((finding.measure, finding.cell, finding.side), finding)
    return list(found.values())


class _Look:
    """One measure, seen from the newest build."""

    def __init__(self, builds: Sequence[Build], measure: str, k: int) -> None:
        self.measured = Measured(builds, measure)
        self._new = len(builds) - 1
        self._k = k

    def findings(self, one: Names, other: Names) -> Iterator[Finding]:
        """What two tables, or a table and itself in another build, tell of the same ground."""
        for block in self._blocks(one, other):
            versions = [list(self._versions(names, block)) for names in (one, other)]
            seen = set()
            for first in versions[0]:
                for second in versions[1]:
                    newest = self._new in first.values() or self._new in second.values()
                    key = (tuple(first.values()), tuple(second.values()))
                    if newest and first != second and key not in seen:
                        seen |= {key, key[::-1]} if one == other else {key}
                        yield from self._short(one, other, first, second)

    def _blocks(self, one: Names, other: Names) -> Iterator[list[int]]:
        """The smallest grounds that both tables tell the sum of."""
        groups = [*self.measured.under(one).values(), *self.measured.under(other).values()]
        block: dict[int, list[int]] = defaultdict(list)
        for ground, number in enumerate(linked(groups, len(self.measured.grounds))):
            block[number].append(ground)
        for grounds in block.values():
            if all(self._told(names, ground) for names in (one, other) for ground in grounds):
                yield grounds

    def _told(self, names: Names, ground: int) -> bool:
        labels = self.measured.labels(names, ground)
        return labels is not None and bool(self.measured.told((names, labels)))

    def _versions(self, names: Names, block: Sequence[int]) -> Iterator[_Version]:
        """Which build a table's cells are read from: one where it told the cell, else the latest
        that did."""
        told = {}
        for ground in block:
            labels = self.measured.labels(names, ground)
            told[ground] = sorted(self.measured.told((names, labels or ())))
        for build in sorted({number for numbers in told.values() for number in numbers}):
            yield {
                ground: build if build in numbers else numbers[-1]
                for ground, numbers in told.items()
            }

    def _short(
        self, one: Names, other: Names, first: _Version, second: _Version
    ) -> Iterator[Finding]:
        for more, less in ((first, second), (second, first)):
            changed: list[Layer] = [
                layer
                for ground in more
                for layer in self.measured.on.get(ground, ())
                if more[ground] in layer.holders and less[ground] not in layer.holders
            ]
            for side, name in enumerate(self.measured.sides if changed else ()):
                people = {layer.people[side] for layer in changed}
                if len(people) < self._k:
                    where = changed[0].ground
                    cell = (one, self.measured.labels(one, where) or ())
                    hide = self._newest(one, first) + self._newest(other, second)
                    yield Finding(
                        Kind.TOO_FEW,
                        self.measured.measure,
                        name,
                        cell,
                        len(people),
                        self._k,
                        tuple(dict.fromkeys(hide)),
                    )

    def _newest(self, names: Names, version: _Version) -> list[Cell]:
        return [
            (names, self.measured.labels(names, ground) or ())
            for ground, build in version.items()
            if build == self._new
        ]
