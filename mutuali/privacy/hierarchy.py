"""How a value becomes coarser, one level at a time, up to '*'."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mutuali.privacy.errors import BadChain, PlanError

#: The label that covers every value.
ANY = "*"

#: What a hierarchy may be asked about; see :func:`leaf_text`.
Leaf = str | int | datetime.date | None


def leaf_text(value: Leaf) -> str | None:
    """The text by which a value is looked up: 3 is "3", True is "true", a date is ISO, NA is None.

    An empty text counts as NA, because a cell of a CSV file cannot tell the two apart.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """A chain of ever coarser labels per value: ``(value, label, ..., '*')``, one name per level.

    Level 0 is the value itself. NA (None) is a value of its own: where no chain begins with it, it
    stays NA below '*' and does not count in the domain. Chains are nested: two values that
    share a label share all coarser ones, so that a higher level never splits a class.

    Raises:
        PlanError: fewer than two levels, or none at all.
        BadChain: a chain of another length, a value twice, an empty label, a chain that does not
            end in '*', or chains that are not nested; the first that does not fit.
    """

    names: tuple[str, ...]
    chains: tuple[tuple[str | None, ...], ...]

    def __post_init__(self) -> None:
        if len(self.names) < 2 or len(set(self.names)) < len(self.names):
            raise PlanError(
                f"a hierarchy needs two or more levels of different names: {self.names}"
            )
        if not self.chains:
            raise PlanError("a hierarchy needs at least one value")
        coarser: list[dict[str | None, str | None]] = [{} for _ in self.names[1:]]
        values: set[str | None] = set()
        for number, chain in enumerate(self.chains):
            problem = self._problem(chain) or self._not_nested(chain, coarser)
            if not problem and chain[0] in values:
                problem = f"the hierarchy names the same value twice: {chain[0]!r}"
            if problem:
                raise BadChain(problem, number=number)
            values.add(chain[0])

    def _problem(self, chain: tuple[str | None, ...]) -> str:
        if len(chain) != len(self.names):
            return f"{chain!r} has {len(chain)} labels for {len(self.names)} levels"
        if chain[-1] != ANY:
            return f"the chain of {chain[0]!r} does not end in {ANY!r}"
        if "" in chain or (chain[0] is not None and None in chain):
            return f"the chain of {chain[0]!r} has an empty label"
        return ""

    def _not_nested(
        self, chain: tuple[str | None, ...], coarser: list[dict[str | None, str | None]]
    ) -> str:
        """Why the chain parts from those before it; ``coarser`` holds them, level by level."""
        for level, above in enumerate(coarser):
            label = chain[level + 1]
            if above.setdefault(chain[level], label) != label:
                return (
                    f"not nested: {chain[level]!r} at level {self.names[level]!r} belongs to "
                    f"both {above[chain[level]]!r} and {label!r}"
                )
        return ""

    @classmethod
    def table(
        cls, rows: Iterable[Sequence[Leaf]], names: Sequence[str] | None = None
    ) -> "Hierarchy":
        """The field's layout: per value one row, the value first and '*' last.

        Without ``names`` the levels are called "0", "1", ...
        """
        chains = tuple(tuple(leaf_text(label) for label in row) for row in rows)
        width = len(chains[0]) if chains else 0
        return cls(tuple(names or map(str, range(width))), chains)

    @classmethod
    def of(
        cls, coarser: Mapping[Leaf, Sequence[str]], names: Sequence[str] | None = None
    ) -> "Hierarchy":
        """From each value to its coarser labels, '*' last."""
        return cls.table(((value, *labels) for value, labels in coarser.items()), names)

    @classmethod
    def bands(
        cls,
        values: Sequence[str | int],
        starts: Sequence[Iterable[str | int]],
        names: Sequence[str] | None = None,
    ) -> "Hierarchy":
        """Ordered values in ever wider bands: ``starts[i]`` lists the values that open a band.

        The first value always opens one. A band is labelled "first-last", or "first" when it holds
        one value; '*' is added above. ``bands(range(1, 101), [range(1, 101, 10), (1, 51)])`` makes
        single values, tens, halves and '*'.

        Raises:
            PlanError: a band opens at a value that is not listed, or bands are not nested.
        """
        columns = [_band_labels(values, set(openers)) for openers in starts]
        labels = zip(values, *columns, strict=True)
        return cls.table(((*row, ANY) for row in labels), names)

    @property
    def top(self) -> int:
        """The level on which everything is '*'."""
        return len(self.names) - 1


def _band_labels(values: Sequence[str | int], openers: set[str | int]) -> list[str]:
    if unknown := openers - set(values):
        raise PlanError(f"bands open at values that are not listed: {sorted(map(str, unknown))}")
    bands: list[list[str | int]] = []
    for value in values:
        if not bands or value in openers:
            bands.append([])
        bands[-1].append(value)
    return [
        str(band[0]) if len(band) == 1 else f"{band[0]}-{band[-1]}" for band in bands for _ in band
    ]
