"""What each class says of its sensitive values, counted again in plain Python.

Written apart from ``recode.attribute_models``: from the definitions, value by value.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, inf, isfinite, log, log2
from typing import Protocol

from mutuali.privacy.check.reread import Cells, helpers, taken
from mutuali.privacy.plan import (
    AttributeModel,
    BetaLikeness,
    Closeness,
    DeltaDisclosure,
    Distance,
    Diversity,
    EntropyDiversity,
    Plan,
    RecursiveDiversity,
)

#: Shares are sums of fractions; promises are kept up to this.
_NEAR = 1e-9

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class MeasuredModel:
    """A figure of a model: what was promised, and the worst of any class, as the report has it."""

    model: str
    column: str | None
    unit: str
    name: str
    promised: float
    figure: float
    without_one: float | None = None

    @property
    def key(self) -> str:
        """What the figure is called among the measures."""
        where = f"{self.column}, {self.unit}" if self.column else self.unit
        return f"{where}: {self.name}"


@dataclass(frozen=True, slots=True)
class Seen:
    """The values of one sensitive column in some lines, who met in each, and its rows: one each."""

    values: Sequence[str]
    meetings: Sequence[Cells]
    rows: Sequence[int] | None = None

    def of(self, lines: Iterable[int]) -> "Seen":
        """Some of the lines."""
        lines = list(lines)
        return Seen(
            [self.values[n] for n in lines],
            [self.meetings[n] for n in lines],
            None if self.rows is None else [self.rows[n] for n in lines],
        )

    def _lines(self) -> Iterator[tuple[str, Cells, int]]:
        rows = [1] * len(self.values) if self.rows is None else self.rows
        return zip(self.values, self.meetings, rows, strict=True)

    def counts(self, side: int | None) -> Counter[str]:
        """Rows of each value, or contributors of a side."""
        if side is None:
            counts: Counter[str] = Counter()
            for value, _, rows in self._lines():
                counts[value] += rows
            return counts
        pairs = zip(self.values, self.meetings, strict=True)
        return Counter(value for value, _ in {(value, met[side]) for value, met in pairs})

    def without_each(self, side: int | None) -> Iterator[Counter[str]]:
        """The same counts, after each contributor in turn has left with its rows.

        Who takes the same as another leaves the same, so that is told once.
        """
        whole = self.counts(side)
        gone: dict[str, dict[str, int]] = {}
        if not any(self.meetings):
            gone = {value: {value: 1} for value in whole}
        elif side is None:
            for value, met, rows in self._lines():
                for person in set(met):
                    lost = gone.setdefault(person, {})
                    lost[value] = lost.get(value, 0) + rows
        else:
            bound_to: dict[tuple[str, str], set[str]] = {}
            for value, met in zip(self.values, self.meetings, strict=True):
                pair = (value, met[side])
                if (bound := bound_to.get(pair)) is None:
                    bound_to[pair] = set(met)
                elif len(bound) > 1:  # whose row it is stays
                    bound &= set(met)
            for (value, _), people in bound_to.items():
                for person in people:
                    lost = gone.setdefault(person, {})
                    lost[value] = lost.get(value, 0) + 1
        for lost in {frozenset(lost.items()): lost for lost in gone.values()}.values():
            left = ((value, count - lost.get(value, 0)) for value, count in whole.items())
            if rest := Counter({value: count for value, count in left if count > 0}):
                yield rest

    def values_left(self, coalition: int) -> int:
        """The values that stay at least when a coalition leaves."""
        met: dict[str, set[Cells]] = defaultdict(set)
        for value, meeting in zip(self.values, self.meetings, strict=True):
            met[value].add(meeting)
        takes: Counter[str] = Counter()
        for meetings in met.values():
            takes.update(helpers(sorted(meetings), coalition))
        return len(met) - taken(takes, coalition)


class Counted(Protocol):
    """One sensitive column: of each value the rows, where ``side`` is None, or the contributors of
    that side."""

    def whole(self, side: int | None) -> Counts:
        """What all raw rows have."""

    def classes(self, side: int | None) -> Iterable[Counts]:
        """What each class has."""

    def without_each(self, side: int | None) -> Iterable[Counts]:
        """What is left of the classes after each contributor in turn has left with its rows, where
        anything is; what several leave behind may be told once."""

    def values_left(self, coalition: int) -> Iterable[int]:
        """The values that stay at least in each class when a coalition leaves."""


@dataclass(frozen=True, slots=True)
class _Lines:
    """A column counted line by line."""

    everything: Seen
    seen: Sequence[Seen]

    def whole(self, side: int | None) -> Counts:
        return self.everything.counts(side)

    def classes(self, side: int | None) -> Iterator[Counts]:
        return (here.counts(side) for here in self.seen)

    def without_each(self, side: int | None) -> Iterator[Counts]:
        return (rest for here in self.seen for rest in here.without_each(side))

    def values_left(self, coalition: int) -> Iterator[int]:
        return (here.values_left(coalition) for here in self.seen)


def remeasure_models(
    plan: Plan,
    contributors: Sequence[str],
    released: Mapping[str, Seen],
    everything: Mapping[str, Seen],
    classes: Sequence[Sequence[int]],
) -> tuple[list[MeasuredModel], list[str]]:
    """The figures of all models of sensitive columns, and which classes break a promise.

    ``released`` and ``everything`` give each sensitive column in the released rows and in all raw
    rows; ``classes`` are lines of the released rows.
    """
    counted = {
        name: _Lines(everything[name], [seen.of(lines) for lines in classes])
        for name, seen in released.items()
    }
    return judge_models(plan, contributors, counted, [lines[0] for lines in classes])


def judge_models(
    plan: Plan,
    contributors: Sequence[str],
    counted: Mapping[str, Counted],
    classes: Sequence[int],
) -> tuple[list[MeasuredModel], list[str]]:
    """The same of sensitive columns that were counted; ``classes`` are the first line of each."""
    measured, findings = [], []
    for model in plan.attribute_models:
        column = counted[model.column]
        for side in ("rows", *plan.sides):
            place = None if side == "rows" else contributors.index(side)
            whole = column.whole(place)
            shares = {value: count / sum(whole.values()) for value, count in whole.items()}
            counts = list(column.classes(place))
            rests = list(column.without_each(place))
            for figure in _figures(model, shares):
                found = [figure.of(here) for here in counts]
                left = [figure.of(rest) for rest in rests]
                without = figure.worst(left, default=inf)
                measured.append(
                    MeasuredModel(
                        model.name,
                        model.column,
                        side,
                        figure.name,
                        figure.promised,
                        float(figure.worst(found)),
                        float(without) if isfinite(without) else None,
                    )
                )
                findings += [
                    f"class of line {first + 2}: {figure.name} of {model.column!r} on {side!r}"
                    f" is {value:.6g}; {figure.promised:.6g} is promised"
                    for value, first in zip(found, classes, strict=True)
                    if not figure.keeps(value)
                ]
        findings += _too_few_left(plan, contributors, model, column, classes)
    return measured, findings


def _too_few_left(
    plan: Plan,
    contributors: Sequence[str],
    model: AttributeModel,
    column: Counted,
    classes: Sequence[int],
) -> list[str]:
    """Classes with too few values when a coalition leaves; one value stays whatever happens."""
    if not (isinstance(model, Diversity) and contributors and plan.coalition):
        return []
    least = model.distinct - plan.coalition
    if least <= 1:
        return []
    return [
        f"class of line {first + 2}: {left} values of {model.column!r} without a coalition"
        for left, first in zip(column.values_left(plan.coalition), classes, strict=True)
        if left < least
    ]


@dataclass(frozen=True, slots=True)
class _Figure:
    name: str
    promised: float
    of: Callable[[Counts], float]
    least: bool = False
    strictly: bool = False

    def worst(self, found: Sequence[float], default: float = 0.0) -> float:
        return (min if self.least else max)(found, default=default)

    def keeps(self, value: float) -> bool:
        if self.least:
            return value >= self.promised - _NEAR
        return value < self.promised if self.strictly else value <= self.promised + _NEAR


def _figures(model: AttributeModel, whole: Mapping[str, float]) -> list[_Figure]:
    name = model.name
    match model:
        case Diversity(distinct=distinct, most=most):
            return [
                _Figure("distinct", distinct, len, least=True),
                _Figure("highest share", most, lambda c: max(c.values()) / sum(c.values())),
            ]
        case EntropyDiversity(l=l):
            return [_Figure(name, l, lambda c: exp(_entropy(c)), least=True)]
        case RecursiveDiversity(c=limit, l=l):
            return [_Figure(name, limit, lambda c: _first_to_rest(c, l), strictly=True)]
        case Closeness(t=t):
            return [_Figure(name, t, lambda c: _distance(model, _extra(c, whole)))]
        case DeltaDisclosure(delta=delta):
            return [_Figure(name, delta, lambda c: _disclosure(c, whole), strictly=True)]
        case BetaLikeness(beta=beta):
            return [_Figure(name, beta, lambda c: _gain(model, c, whole))]


def _shares(counts: Counts) -> dict[str, float]:
    total = sum(counts.values())
    return {value: count / total for value, count in counts.items()}


def _entropy(counts: Counts) -> float:
    return -sum(share * log(share) for share in _shares(counts).values())


def _first_to_rest(counts: Counts, l: int) -> float:  # noqa: E741 - the field's name
    first, *others = sorted(counts.values(), reverse=True)
    rest = sum(others[l - 2 :])
    return first / rest if rest else inf


def _disclosure(counts: Counts, whole: Mapping[str, float]) -> float:
    return max(abs(log2(share / whole[value])) for value, share in _shares(counts).items())


def _gain(model: BetaLikeness, counts: Counts, whole: Mapping[str, float]) -> float:
    most = 0.0
    for value, share in _shares(counts).items():
        gain = share / whole[value] - 1
        if model.enhanced and gain > -log(whole[value]) + _NEAR:
            return inf
        most = max(most, gain)
    return most


def _extra(counts: Counts, whole: Mapping[str, float]) -> dict[str, float]:
    shares = _shares(counts)
    return {value: shares.get(value, 0) - share for value, share in whole.items()}


def _distance(model: Closeness, extra: Mapping[str, float]) -> float:
    match model.distance:
        case Distance.EQUAL:
            return sum(abs(much) for much in extra.values()) / 2
        case Distance.ORDERED:
            carried = moved = 0.0
            for value in model.order:
                carried += extra.get(value or "", 0)
                moved += abs(carried)
            return moved / max(len(model.order) - 1, 1)
        case Distance.HIERARCHICAL:
            return _up(model, extra)


def _up(model: Closeness, extra: Mapping[str, float]) -> float:
    """Below each label, surplus fills want; what is left over is moved on, a level higher."""
    chains = {chain[0] or "": chain for chain in model.hierarchy.chains} if model.hierarchy else {}
    top = len(next(iter(chains.values()))) - 1
    chains.setdefault("", (None,) * top + ("*",))
    here: dict[tuple[str | None, ...], float] = {
        chains[value]: much for value, much in extra.items()
    }
    moved = 0.0
    for level in range(1, top + 1):
        below: dict[tuple[str | None, ...], list[float]] = defaultdict(list)
        for chain, much in here.items():
            below[chain[1:]].append(much)
        for parts in below.values():
            surplus = sum(part for part in parts if part > 0)
            want = -sum(part for part in parts if part < 0)
            moved += min(surplus, want) * level / top
        here = {chain: sum(parts) for chain, parts in below.items()}
    return moved
