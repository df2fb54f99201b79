"""From a table and a noise plan to figures that may leave.

What is said of accuracy follows from the plan alone. It is about the bounded table: what bounds on
contributions and clamping left out is not said, because only an exact count could say it.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from mutuali.privacy.noise.budget import Cost, Guarantee
from mutuali.privacy.noise.mechanisms import CONFIDENCE, Choice, Noise
from mutuali.privacy.noise.plan import (
    Count,
    Counted,
    Figure,
    FoundKeys,
    Mean,
    NoisePlan,
    Quantile,
    published,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from mutuali.privacy.recode.histogram import IntArray


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The noise of one part of a figure, and how far it reaches in 95 of 100 releases.

    ``reach`` is in the unit of the part: of a mean first the sum, then the count, both together in
    95 of 100; of a quantile the rows by which the best candidate may have been missed.
    """

    figure: str
    scale: float
    reach: int


@dataclass(frozen=True, slots=True)
class NoisyReport:
    """What was done, all of it known before the table was read; ``threshold`` of found keys."""

    plan_hash: str
    plan_version: str
    guarantee: str
    cost: str
    delta: str
    threshold: int | None
    accuracy: tuple[Accuracy, ...]

    def to_dict(self) -> dict[str, object]:
        """The report as JSON-able values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class NoisyRelease:
    """What may leave. ``table`` has the columns of ``NoisePlan.header``, a row per group.

    Counts and sums can be negative: noise of zero mean, so that cells still add up. Means stay
    within their range. Public groups stand in the order of the plan, found ones in text order;
    where no found group reaches the threshold there is no row.
    """

    table: "pa.Table"
    cost: Cost
    report: NoisyReport


def release(table: "pa.Table", plan: NoisePlan, key: bytes) -> NoisyRelease:
    """The figures of ``plan`` with fresh noise; ``key`` decides which rows bounds leave out.

    The ``key``, at most 64 bytes, is told to nobody. Each call draws new noise: charge the ledger
    with ``plan.cost`` first, and show one result only.

    Raises:
        BadTable: a missing column, a type that cannot be handled, a row without its contributor.
        TooManyRows: 2^31 rows or more.
        PlanError: bounds and costs that need noise too large for 64 bits.
    """
    report = _report(plan)
    import numpy as np
    import pyarrow as pa

    from mutuali.privacy.noise.bounded import exact, keep

    kept = keep(table, plan, key)
    shown = np.arange(len(kept.groups))
    if isinstance(plan.keys, FoundKeys):
        people = exact(kept, Count("contributors", plan.keys.cost, Counted.CONTRIBUTORS))[0]
        noisy = _presence(plan, plan.keys).added(people)[:, 0]
        shown = np.flatnonzero(noisy >= _threshold(plan, plan.keys))
    columns: dict[str, Any] = {
        name: pa.array([kept.groups[group][position] for group in shown], pa.string())
        for position, name in enumerate(plan.by)
    }
    for figure in plan.figures:
        parts = [part[shown] for part in exact(kept, figure)]
        said = [each for each in report.accuracy if each.figure == figure.name]
        noisy_columns = _columns(figure, plan.guarantee, parts, said)
        columns |= dict(zip(published(figure), noisy_columns, strict=True))
    return NoisyRelease(pa.table(columns), plan.cost, report)


def _report(plan: NoisePlan) -> NoisyReport:
    return NoisyReport(
        plan_hash=plan.hash,
        plan_version=plan.version,
        guarantee=plan.guarantee.value,
        cost=str(plan.cost.amount),
        delta=str(plan.cost.delta),
        threshold=_threshold(plan, plan.keys) if isinstance(plan.keys, FoundKeys) else None,
        accuracy=tuple(said for figure in plan.figures for said in _accuracy(figure, plan)),
    )


def _presence(plan: NoisePlan, keys: FoundKeys) -> Noise:
    """The noise on the number of contributors: each adds at most 1 to each of its groups."""
    return Noise.hiding(plan.guarantee, plan.bounds.groups, 1, keys.cost)


def _threshold(plan: NoisePlan, keys: FoundKeys) -> int:
    return _presence(plan, keys).threshold(plan.bounds.groups, keys.delta)


def _accuracy(figure: Figure, plan: NoisePlan) -> Iterator[Accuracy]:
    parts = figure.parts(plan.bounds)
    confidence = 1 - (1 - CONFIDENCE) / len(parts)  # all parts are within reach together
    for part in parts:
        moved = (plan.guarantee, plan.bounds.groups, part.step, part.cost)
        if isinstance(figure, Quantile):
            choice = Choice.hiding(*moved)
            missed = choice.regret(len(figure.candidates), confidence)
            yield Accuracy(figure.name, choice.scale, -(-missed // figure.at.denominator))
        else:
            noise = Noise.hiding(*moved)
            yield Accuracy(figure.name, noise.scale, noise.half_width(confidence))


def _columns(
    figure: Figure, guarantee: Guarantee, parts: "Sequence[IntArray]", said: Sequence[Accuracy]
) -> "Iterator[Sequence[int] | Sequence[float] | IntArray]":
    """The columns of a figure, in the order of ``published``."""
    if isinstance(figure, Quantile):
        chosen = Choice(guarantee, said[0].scale).least(parts[0])
        yield [figure.candidates[position] for position in chosen]
        yield [said[0].reach] * len(chosen)
        return
    noisy = [Noise(guarantee, s.scale).added(part) for part, s in zip(parts, said, strict=True)]
    if isinstance(figure, Mean):
        sums, counts = (part[:, 0].tolist() for part in noisy)
        reach = said[0].reach, said[1].reach
        means = [bounded_mean(figure, *pair, *reach) for pair in zip(sums, counts, strict=True)]
        yield from ([mean[end] for mean in means] for end in range(3))
        return
    for cells in noisy[0].T:
        yield from (cells, cells - said[0].reach, cells + said[0].reach)


def bounded_mean(
    figure: Mean, total: int, count: int, far: int, off: int
) -> tuple[float, float, float]:
    """The mean, its low and its high: every mean of some rows that what is known allows.

    The sum of distances from the middle is within ``far`` of ``total``, the number of rows within
    ``off`` of ``count``; the values of all rows are in the range of ``figure``.
    """
    if count + off < 1:
        ends = [Fraction(figure.low), Fraction(figure.high)]
    else:
        ends = [
            figure.middle + Fraction(sums, counts)
            for sums in (total - far, total + far)
            for counts in (max(count - off, 1), count + off)
        ]
    middle = float(figure.middle + Fraction(total, max(count, 1)))
    low = math.nextafter(float(min(ends)), -math.inf)
    high = math.nextafter(float(max(ends)), math.inf)
    return (
        min(max(middle, figure.low), figure.high),
        min(max(low, figure.low), figure.high),
        min(max(high, figure.low), figure.high),
    )
