"""What each model of a sensitive column says of a class, from its counts per value.

``counts[c, v]`` is what class c has of value v (rows, or contributors), each class something;
``whole[v]`` is the share of v in the whole table, above 0. A *figure* is the parameter that a class
just keeps: the distance of a class that is 0.2 away from the table is 0.2.

All models but delta-disclosure are closed under merging, counted in rows: what two passing classes
keep, their union keeps. So of a class that fails, no finer scheme keeps all rows; how many it can
keep at most follows from *ceilings*: a group of N rows keeps the model only if it has at most
``ceiling[v] * N`` of each value, up to ``slack * N`` rows in all.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from mutuali.privacy.errors import BadTable, PlanError
from mutuali.privacy.plan import (
    ANY,
    AttributeModel,
    BetaLikeness,
    Closeness,
    DeltaDisclosure,
    Distance,
    Diversity,
    EntropyDiversity,
    RecursiveDiversity,
    exact,
)
from mutuali.privacy.recode.classes import BoolArray
from mutuali.privacy.recode.histogram import IntArray
from mutuali.privacy.recode.loss import FloatArray

#: Figures that differ by less are equal: they come from sums of shares.
NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Ceilings:
    """At most ``each[v]`` of a group may be of value v, but for a part ``slack`` of the group."""

    each: FloatArray
    slack: float = 0.0

    def most_kept(self, counts: IntArray) -> IntArray:
        """Per class, the rows of its largest part that can keep the ceilings.

        A part of N rows can where sum(min(counts, each * N)) >= (1 - slack) * N. The left side is
        the least of its linear pieces, one for each set of values that are exhausted first.
        """
        with np.errstate(divide="ignore"):
            exhausted = np.argsort(counts / self.each, axis=1, kind="stable")
        taken = np.cumsum(np.take_along_axis(counts, exhausted, axis=1), axis=1)
        growing = self.each.sum() - np.cumsum(self.each[exhausted], axis=1)
        need = 1 - self.slack - growing
        with np.errstate(divide="ignore", invalid="ignore"):
            most = np.where(need > NEAR, taken / need, np.inf).min(axis=1)
        kept = np.minimum(np.floor(most + NEAR), counts.sum(axis=1))
        return kept.astype(np.int64)


def ceilings(model: AttributeModel, whole: FloatArray) -> Ceilings | None:
    """What a group must respect to keep the model; None where that says nothing."""
    values = len(whole)
    match model:
        case Diversity():
            return Ceilings(np.full(values, model.most))
        case EntropyDiversity():
            return Ceilings(np.full(values, _highest_share(model.l, values)))
        case RecursiveDiversity():
            return Ceilings(np.full(values, model.c / (1 + model.c)))
        case Closeness(distance=Distance.EQUAL):
            return Ceilings(whole, model.t)
        case BetaLikeness():
            gain = np.full(values, model.beta)
            if model.enhanced:
                gain = np.minimum(gain, -np.log(whole))
            return Ceilings((1 + gain) * whole)
        case _:
            return None


def _highest_share(l: float, values: int) -> float:  # noqa: E741 - the field's name
    """The largest share that one of ``values`` values can have where the entropy is log(l).

    The others are then even, and the entropy falls as the share rises from 1 / values.
    """
    low, high = 1 / values, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        rest = (1 - middle) / max(values - 1, 1)
        entropy = -sum(share * np.log(share) for share in (middle, *[rest] * (values - 1)) if share)
        low, high = (middle, high) if entropy >= np.log(l) - NEAR else (low, middle)
    return high


@dataclass(frozen=True, slots=True)
class Figure:
    """The parameter that each class just keeps; the least of a release is worst, or the highest."""

    name: str
    of_class: FloatArray
    least_is_worst: bool = False

    def worst(self) -> float:
        """The figure of a release of all these classes; of none, what no class is worse than."""
        if not len(self.of_class):
            return np.inf if self.least_is_worst else -np.inf
        return float(self.of_class.min() if self.least_is_worst else self.of_class.max())


class Judge:
    """One model of one column, asked about many classes.

    Raises:
        BadTable: a value that the order or the hierarchy of a distance does not name.
    """

    def __init__(
        self, model: AttributeModel, whole: FloatArray, texts: Sequence[str | None]
    ) -> None:
        self.model = model
        self.ceilings = ceilings(model, whole)
        self._whole = whole
        self._ground = _ground(model, texts) if isinstance(model, Closeness) else None

    def keeps(self, counts: IntArray) -> BoolArray:
        """Which classes keep the model; counts are compared without rounding where they can be."""
        match self.model:
            case Diversity(distinct=distinct, most=most):
                share = exact(most)
                few = (counts > 0).sum(axis=1) < distinct
                total = counts.sum(axis=1)
                much = counts.max(axis=1) * share.denominator > total * share.numerator
                kept: BoolArray = ~few & ~much
            case RecursiveDiversity(c=c, l=l):
                first, rest = _first_and_rest(counts, l)
                kept = first * exact(c).denominator < rest * exact(c).numerator
            case EntropyDiversity(l=l):
                kept = self.figures(counts)[0].of_class >= l - NEAR
            case Closeness(t=t):
                kept = self.figures(counts)[0].of_class <= t + NEAR
            case DeltaDisclosure(delta=delta):
                kept = self.figures(counts)[0].of_class < delta
            case BetaLikeness(beta=beta):
                kept = self.figures(counts)[0].of_class <= beta + NEAR
        return kept

    def figures(self, counts: IntArray) -> list[Figure]:
        """What the classes keep."""
        total = counts.sum(axis=1, keepdims=True)
        shares = counts / total
        name = self.model.name
        match self.model:
            case Diversity():
                distinct = (counts > 0).sum(axis=1).astype(np.float64)
                return [
                    Figure("distinct", distinct, least_is_worst=True),
                    Figure("highest share", counts.max(axis=1) / total[:, 0]),
                ]
            case EntropyDiversity():
                logs = np.log(shares, where=counts > 0, out=np.zeros_like(shares))
                return [Figure(name, np.exp(-(shares * logs).sum(axis=1)), least_is_worst=True)]
            case RecursiveDiversity(l=l):
                first, rest = _first_and_rest(counts, l)
                with np.errstate(divide="ignore"):
                    return [Figure(name, first / rest)]
            case Closeness():
                return [Figure(name, self._distance(shares))]
            case DeltaDisclosure():
                times = np.log2(shares / self._whole, where=counts > 0, out=np.zeros_like(shares))
                return [Figure(name, np.abs(times).max(axis=1))]
            case BetaLikeness(enhanced=enhanced):
                gain = (shares - self._whole) / self._whole
                most = np.maximum(gain.max(axis=1), 0)
                if enhanced:
                    beyond = (gain > -np.log(self._whole) + NEAR).any(axis=1)
                    most = np.where(beyond, np.inf, most)
                return [Figure(name, most)]

    def _distance(self, shares: FloatArray) -> FloatArray:
        """The earth mover's distance to the whole table."""
        extra = shares - self._whole
        if self._ground is None:
            distance: FloatArray = np.maximum(extra, 0).sum(axis=1)
            return distance
        return self._ground(extra)


def _first_and_rest(counts: IntArray, l: int) -> tuple[IntArray, IntArray]:  # noqa: E741
    """The count of the most frequent value, and of the l-th and all rarer ones together."""
    ordered = np.sort(counts, axis=1)[:, ::-1]
    return ordered[:, 0], ordered[:, l - 1 :].sum(axis=1)


def _ground(
    model: Closeness, texts: Sequence[str | None]
) -> Callable[[FloatArray], FloatArray] | None:
    """How far the surplus of some values must be moved to fill the want of others."""
    match model.distance:
        case Distance.EQUAL:
            return None
        case Distance.ORDERED:
            return _along_an_order(model, texts)
        case Distance.HIERARCHICAL:
            return _up_a_hierarchy(model, texts)


def _along_an_order(
    model: Closeness, texts: Sequence[str | None]
) -> Callable[[FloatArray], FloatArray]:
    place = {text: position for position, text in enumerate(model.order)}
    _require_known(model, texts, place)
    places = [place[text] for text in texts]

    def distance(extra: FloatArray) -> FloatArray:
        along = np.zeros((len(extra), len(place)))
        along[:, places] = extra
        carried = np.abs(np.cumsum(along, axis=1)).sum(axis=1)
        return np.asarray(carried / max(len(place) - 1, 1))

    return distance


def _up_a_hierarchy(
    model: Closeness, texts: Sequence[str | None]
) -> Callable[[FloatArray], FloatArray]:
    """What stays over below a label is moved to its neighbours, at a price of level / top."""
    if model.hierarchy is None:
        raise PlanError(f"closeness of {model.column!r}: no hierarchy")
    top = model.hierarchy.top
    chains = {None: (*(None,) * top, ANY)} | {c[0]: c for c in model.hierarchy.chains}
    _require_known(model, texts, chains)
    steps, names = [], list(texts)
    for level in range(1, top + 1):
        parent = {chains[text][level - 1]: chains[text][level] for text in texts}
        above = [parent[name] for name in names]
        names = list(dict.fromkeys(above))
        steps.append(np.array([[name == label for name in names] for label in above], np.float64))

    def distance(extra: FloatArray) -> FloatArray:
        moved = np.zeros(len(extra))
        for level, member in enumerate(steps, start=1):
            surplus, want = np.maximum(extra, 0) @ member, np.maximum(-extra, 0) @ member
            moved += level / top * np.minimum(surplus, want).sum(axis=1)
            extra = extra @ member
        return moved

    return distance


def _require_known(
    model: Closeness, texts: Sequence[str | None], known: Collection[str | None]
) -> None:
    unknown = [text for text in texts if text not in known]
    if unknown:
        raise BadTable(f"the distance knows no value {unknown[0]!r}", column=model.column)
