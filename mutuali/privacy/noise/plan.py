"""Figures by group with calibrated noise, as data: what is asked, of whom, and at what cost.

What is protected is a contributor with all its rows: two tables are neighbours when one is the
other without the rows of one contributor. ``bounded`` keeps at most ``groups`` groups of each
contributor and ``rows`` rows in each, so that taking one contributor away changes at most
``groups`` groups, each by at most a figure's ``step``.
"""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Any

from mutuali.privacy.errors import PlanError
from mutuali.privacy.noise.budget import Cost, Guarantee
from mutuali.privacy.plan import Column, Role

#: The layout of the canonical JSON; part of the hash.
LAYOUT = 1

#: Values below 2^31 in fewer than 2^31 rows: no sum leaves 64 bits, whatever the table.
MOST_VALUE = 2**31
MOST_ROWS = 2**31

#: Above it the noise would be next to nothing.
MOST_COST = 100

#: Scores of quantiles are counts times this at most.
MOST_DENOMINATOR = 1000


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one contributor may add: ``rows`` rows in each of ``groups`` groups, both >= 1."""

    groups: int
    rows: int

    def __post_init__(self) -> None:
        if not (1 <= self.groups < MOST_ROWS and 1 <= self.rows < MOST_ROWS):
            raise PlanError(f"at least one group and one row of each contributor count: {self}")


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """The groups are known without looking at the table; each is published, empty ones too.

    A key has one text per column of ``NoisePlan.by``, NA as the empty text.
    """

    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class FoundKeys:
    """The groups are found in the table; one is published only if enough contributors are in it.

    ``cost`` pays for their noisy number, which itself is not published; ``delta`` bounds the
    chance that groups of one single contributor show.
    """

    cost: Fraction
    delta: Fraction

    def __post_init__(self) -> None:
        _check_cost("the threshold", self.cost)
        if not 0 < self.delta < 1:
            raise PlanError(f"delta of found keys is {self.delta}; between 0 and 1 please")


Keys = PublicKeys | FoundKeys


@dataclass(frozen=True, slots=True)
class Part:
    """One vector of integers per group: how far a contributor moves each of its groups, at what
    cost. The distance in a group is the sum over its cells, for scores the largest of them."""

    step: int
    cost: Fraction


class Counted(StrEnum):
    """What a count counts."""

    ROWS = "rows"
    CONTRIBUTORS = "contributors"


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows or contributors."""

    name: str
    cost: Fraction
    of: Counted = Counted.ROWS

    def __post_init__(self) -> None:
        _check_cost(self.name, self.cost)

    def parts(self, bounds: Bounds) -> tuple[Part, ...]:
        """The vector that gets noise."""
        return (Part(bounds.rows if self.of is Counted.ROWS else 1, self.cost),)


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of a column of whole numbers, each brought into ``low`` .. ``high`` before."""

    name: str
    column: str
    low: int
    high: int
    cost: Fraction

    def __post_init__(self) -> None:
        _check_cost(self.name, self.cost)
        _check_range(self.name, self.low, self.high)

    def parts(self, bounds: Bounds) -> tuple[Part, ...]:
        """The vector that gets noise."""
        return (Part(bounds.rows * max(abs(self.low), abs(self.high)), self.cost),)


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of a column of whole numbers brought into ``low`` .. ``high``.

    A noisy sum of distances from the ``middle`` over a noisy count of rows with a value;
    ``count_share`` of the cost, between 0 and 1, goes to the count.
    """

    name: str
    column: str
    low: int
    high: int
    cost: Fraction
    count_share: Fraction = Fraction(1, 2)

    def __post_init__(self) -> None:
        _check_cost(self.name, self.cost)
        _check_range(self.name, self.low, self.high)
        if not 0 < self.count_share < 1:
            raise PlanError(f"figure {self.name!r}: both sum and count need a share of the cost")

    @property
    def middle(self) -> int:
        """What the distances are from: half the range moves the sum half as far."""
        return (self.low + self.high) // 2

    def parts(self, bounds: Bounds) -> tuple[Part, ...]:
        """The sum, then the count."""
        reach = max(self.high - self.middle, self.middle - self.low)
        counting = self.cost * self.count_share
        return (
            Part(bounds.rows * reach, self.cost - counting),
            Part(bounds.rows, counting),
        )


@dataclass(frozen=True, slots=True)
class Quantile:
    """The candidate nearest to the ``at`` quantile of a column, as an exponential mechanism finds.

    ``at`` is between 0 and 1, 1/2 for the median; ``candidates`` rise. A candidate c scores
    -|(1 - at) rows below c - at rows above c| (Smith, "Privacy-preserving statistical estimation
    with optimal convergence rates", 2011), times the denominator of ``at`` to stay whole.
    """

    name: str
    column: str
    at: Fraction
    candidates: tuple[int, ...]
    cost: Fraction

    def __post_init__(self) -> None:
        _check_cost(self.name, self.cost)
        _check_rising(self.name, self.candidates, 2)
        if not 0 < self.at < 1 or self.at.denominator > MOST_DENOMINATOR:
            raise PlanError(f"figure {self.name!r}: no quantile at {self.at}")

    @property
    def weights(self) -> tuple[int, int]:
        """What a row below and a row above a candidate weigh."""
        return self.at.denominator - self.at.numerator, self.at.numerator

    def parts(self, bounds: Bounds) -> tuple[Part, ...]:
        """The scores among which noise chooses."""
        return (Part(bounds.rows * max(self.weights), self.cost),)


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many rows have a value below the first edge, from each edge to the next, from the last.

    ``edges`` rise; a value on an edge belongs above it. NA is in no bin.
    """

    name: str
    column: str
    edges: tuple[int, ...]
    cost: Fraction

    def __post_init__(self) -> None:
        _check_cost(self.name, self.cost)
        _check_rising(self.name, self.edges, 1)

    @property
    def bins(self) -> tuple[str, ...]:
        """The names of the bins' columns."""
        between = (f"{self.name}_{low}_to_{high}" for low, high in pairwise(self.edges))
        below, above = f"{self.name}_below_{self.edges[0]}", f"{self.name}_from_{self.edges[-1]}"
        return (below, *between, above)

    def parts(self, bounds: Bounds) -> tuple[Part, ...]:
        """All bins together: a row is in one of them."""
        return (Part(bounds.rows, self.cost),)


Figure = Count | Sum | Mean | Quantile | Histogram


@dataclass(frozen=True, slots=True)
class NoisePlan:
    """The figures of one release, grouped ``by`` columns, under its steward's ``version``.

    ``contributor`` is the column whose values are protected; None protects single rows. All costs
    are in the measure of ``guarantee``, epsilon or rho.

    Raises:
        PlanError: the parts contradict each other.
    """

    version: str
    contributor: str | None
    by: tuple[str, ...]
    keys: Keys
    bounds: Bounds
    guarantee: Guarantee
    figures: tuple[Figure, ...]

    def __post_init__(self) -> None:
        keys = self.keys.groups if isinstance(self.keys, PublicKeys) else ()
        verdicts = {
            "there is no figure": not self.figures,
            "columns of the result share a name": len(set(self.header)) < len(self.header),
            "contributors would be published": self.contributor in self.header,
            "a row has one group and is one row": self.contributor is None
            and self.bounds != Bounds(1, 1),
            "without columns to group by there is one group": not self.by and keys != ((),),
            "public keys have one text per column": any(len(key) != len(self.by) for key in keys),
            "public keys are one or more, each once": isinstance(self.keys, PublicKeys)
            and not 0 < len(keys) == len(set(keys)),
        }
        if problems := [problem for problem, applies in verdicts.items() if applies]:
            raise PlanError("; ".join(problems))
        for name in self.header:
            Column(name, Role.PLAIN)  # refuses a name that a spreadsheet would run

    @property
    def header(self) -> tuple[str, ...]:
        """The columns of the result: keys, then each figure with what is said of its accuracy."""
        return (*self.by, *(name for figure in self.figures for name in published(figure)))

    @property
    def cost(self) -> Cost:
        """What the release takes from a budget."""
        amount = sum((figure.cost for figure in self.figures), Fraction(0))
        if isinstance(self.keys, FoundKeys):
            return Cost(self.guarantee, amount + self.keys.cost, self.keys.delta)
        return Cost(self.guarantee, amount)

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no blanks, UTF-8 characters as they are."""
        content = {"layout": LAYOUT, "kind": "noise", **_content(self)}
        return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON, in hexadecimal."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


def published(figure: Figure) -> tuple[str, ...]:
    """The columns of a figure: value, low and high; for a quantile value and ranks."""
    if isinstance(figure, Quantile):
        return figure.name, f"{figure.name}_ranks"
    names = figure.bins if isinstance(figure, Histogram) else (figure.name,)
    return tuple(f"{name}{end}" for name in names for end in ("", "_low", "_high"))


def _content(plan: NoisePlan) -> dict[str, Any]:
    return {
        "version": plan.version,
        "contributor": plan.contributor,
        "by": plan.by,
        "keys": _fields(plan.keys),
        "bounds": _fields(plan.bounds),
        "guarantee": plan.guarantee.value,
        "figures": [_fields(figure) for figure in plan.figures],
    }


def _fields(part: Keys | Bounds | Figure) -> dict[str, Any]:
    values = {name: getattr(part, name) for name in type(part).__dataclass_fields__}
    texts = {key: str(value) for key, value in values.items() if isinstance(value, Fraction)}
    return {"kind": type(part).__name__.lower(), **values, **texts}


def _check_cost(name: str, cost: Fraction) -> None:
    if not isinstance(cost, Fraction) or not 0 < cost <= MOST_COST:
        raise PlanError(f"{name!r} costs {cost}; a fraction above 0, at most {MOST_COST} please")


def _check_range(name: str, low: int, high: int) -> None:
    if not -MOST_VALUE < low < high < MOST_VALUE:
        raise PlanError(f"figure {name!r}: {low} to {high} is no range within 32 bits")


def _check_rising(name: str, values: tuple[int, ...], least: int) -> None:
    rising = all(before < after for before, after in pairwise(values))
    if len(values) < least or not rising or max(map(abs, values)) >= MOST_VALUE:
        raise PlanError(f"figure {name!r}: {least} or more rising values within 32 bits please")
