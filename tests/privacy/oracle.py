"""The slow, obvious way: try every scheme, count with sets, and keep the best."""

import itertools
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mutuali.privacy.check.remeasure_models import Seen, remeasure_models
from mutuali.privacy.plan import AverageRisk, DeltaPresence, Diversity, KMap, Mean, Plan, Role

Row = Mapping[str, str | None]
Levels = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A scheme, its loss to 12 decimals, and how many rows it suppresses."""

    loss: float
    suppressed: int
    levels: Levels


def best(rows: Sequence[Row], plan: Plan, population: Sequence[Row] = ()) -> Answer | None:
    """The scheme that ranks first among all that keep the plan; None when there is none."""
    quasi = plan.named(Role.QUASI_IDENTIFIER)
    choices = [range(column.generalization.top + 1) for column in quasi]
    answers = [judge(rows, plan, levels, population) for levels in itertools.product(*choices)]
    limit = math.floor(plan.suppression_limit * len(rows) + 1e-9)
    fitting = [answer for answer in answers if answer.suppressed <= limit]
    return min(fitting, key=lambda a: (a.loss, a.suppressed, a.levels), default=None)


def judge(
    rows: Sequence[Row], plan: Plan, levels: Levels, population: Sequence[Row] = ()
) -> Answer:
    """What one scheme costs."""
    quasi = plan.named(Role.QUASI_IDENTIFIER)
    classes, outside = grouped(rows, plan, levels), grouped(population, plan, levels)
    fine = {
        key: members
        for key, members in classes.items()
        if safe(members, rows, plan) and in_population(len(members), len(outside[key]), plan)
    }
    for model in plan.models:
        if isinstance(model, DeltaPresence) and model.low and outside.keys() - fine.keys():
            fine = {}
    kept = [row for members in less_risky(fine, plan) for row in members]
    suppressed = len(rows) - len(kept)
    losses = [
        (sum(share(plan, c.name, row[c.name], level) for row in kept) + suppressed) / len(rows)
        for c, level in zip(quasi, levels, strict=True)
    ]
    weights = [column.weight for column in quasi]
    if plan.mean is Mean.ARITHMETIC:
        loss = sum(w * v for w, v in zip(weights, losses, strict=True)) / sum(weights)
    else:
        product = math.prod((v + 1) ** w for w, v in zip(weights, losses, strict=True))
        loss = product ** (1 / sum(weights)) - 1
    return Answer(round(loss, 12), suppressed, levels)


def chain(plan: Plan, name: str, value: str | None) -> tuple[str | None, ...]:
    """The labels of a value, level by level."""
    hierarchy = next(c.generalization for c in plan.columns if c.name == name)
    for labels in hierarchy.chains:
        if labels[0] == value:
            return labels
    assert value is None
    return (*(None for _ in range(hierarchy.top)), "*")


def share(plan: Plan, name: str, value: str | None, level: int) -> float:
    """The share of the other leaves that the label of a value covers as well."""
    hierarchy = next(c.generalization for c in plan.columns if c.name == name)
    label = chain(plan, name, value)[level]
    covered = sum(labels[level] == label for labels in hierarchy.chains)
    return max(covered - 1, 0) / max(len(hierarchy.chains) - 1, 1)


def grouped(rows: Sequence[Row], plan: Plan, levels: Levels) -> dict[object, list[Row]]:
    """The classes of a scheme."""
    quasi = plan.named(Role.QUASI_IDENTIFIER)
    classes: dict[object, list[Row]] = defaultdict(list)
    for row in rows:
        labels = (chain(plan, c.name, row[c.name]) for c in quasi)
        key = tuple(labels[level] for labels, level in zip(labels, levels, strict=True))
        classes[key].append(row)
    return classes


def safe(members: Sequence[Row], everybody: Sequence[Row], plan: Plan) -> bool:
    """Whether a class keeps every model that looks at one class."""
    present = [column.name for column in plan.named(Role.CONTRIBUTOR)]
    if min(sizes(members, plan)) < plan.k:
        return False
    people = {row[name] for row in members for name in present}
    for gone in people if plan.coalition else ():
        rest = [row for row in members if all(row[name] != gone for name in present)]
        if min(sizes(rest, plan)) < plan.k - 1:
            return False
        for model in plan.models:
            if isinstance(model, Diversity) and model.distinct - 1 > (
                len({row[model.column] for row in rest})
            ):
                return False
    _, findings = remeasure_models(
        plan,
        present,
        seen(members, plan),
        seen(everybody, plan),
        [range(len(members))],
    )
    return not findings


def seen(rows: Sequence[Row], plan: Plan) -> dict[str, Seen]:
    """The sensitive columns of rows, and who met."""
    present = [column.name for column in plan.named(Role.CONTRIBUTOR)]
    meetings = [tuple(row[name] or "" for name in present) for row in rows]
    return {
        column.name: Seen([row[column.name] or "" for row in rows], meetings)
        for column in plan.named(Role.SENSITIVE)
    }


def in_population(rows: int, people: int, plan: Plan) -> bool:
    """Whether a class of so many rows is hidden in so many people."""
    for model in plan.models:
        if isinstance(model, KMap) and people < model.k:
            return False
        if isinstance(model, DeltaPresence) and not (
            model.low * people - 1e-9 <= rows <= model.high * people + 1e-9
        ):
            return False
    return True


def less_risky(classes: Mapping[object, Sequence[Row]], plan: Plan) -> list[Sequence[Row]]:
    """The classes less the smallest ones, until the average risk is low enough."""
    kept = list(classes.values())
    for model in plan.models:
        if isinstance(model, AverageRisk):
            for side in range(max(len(plan.sides), 1)):
                while kept:
                    counts = [sizes(members, plan)[side] for members in kept]
                    if len(kept) <= model.most * sum(counts) + 1e-9:
                        break
                    least = min(counts)
                    kept = [m for m, count in zip(kept, counts, strict=True) if count > least]
    return kept


def sizes(members: Sequence[Row], plan: Plan) -> list[int]:
    """What k counts: contributors per side, or rows."""
    return [len({row[side] for row in members}) for side in plan.sides] or [len(members)]
