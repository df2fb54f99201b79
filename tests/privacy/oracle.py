"""The slow, obvious way: try every scheme, count with sets, and keep the best."""

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mutuali.privacy.plan import Diversity, Mean, Plan, Role

Row = Mapping[str, str | None]
Levels = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A scheme, its loss to 12 decimals, and how many rows it suppresses."""

    loss: float
    suppressed: int
    levels: Levels


def best(rows: Sequence[Row], plan: Plan) -> Answer | None:
    """The scheme that ranks first among all that keep the plan; None when there is none."""
    quasi = plan.named(Role.QUASI_IDENTIFIER)
    choices = [range(column.generalization.top + 1) for column in quasi]
    answers = [judge(rows, plan, levels) for levels in itertools.product(*choices)]
    limit = math.floor(plan.suppression_limit * len(rows) + 1e-9)
    fitting = [answer for answer in answers if answer.suppressed <= limit]
    return min(fitting, key=lambda a: (a.loss, a.suppressed, a.levels), default=None)


def judge(rows: Sequence[Row], plan: Plan, levels: Levels) -> Answer:
    """What one scheme costs."""
    quasi = plan.named(Role.QUASI_IDENTIFIER)
    classes = defaultdict(list)
    for row in rows:
        labels = (chain(plan, c.name, row[c.name]) for c in quasi)
        key = tuple(labels[level] for labels, level in zip(labels, levels, strict=True))
        classes[key].append(row)
    kept = [row for members in classes.values() if safe(members, plan) for row in members]
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


def safe(members: Sequence[Row], plan: Plan) -> bool:
    """Whether a class keeps every model."""
    present = [column.name for column in plan.named(Role.CONTRIBUTOR)]
    if min(sizes(members, plan)) < plan.k:
        return False
    for person in {row[name] for row in members for name in present} if plan.coalition else ():
        rest = [row for row in members if all(row[name] != person for name in present)]
        if min(sizes(rest, plan)) < plan.k - 1:
            return False
    for model in plan.models:
        if isinstance(model, Diversity):
            values = Counter(row[model.column] for row in members)
            if len(values) < model.distinct:
                return False
            if max(values.values()) > model.most * len(members) + 1e-9:
                return False
    return True


def sizes(members: Sequence[Row], plan: Plan) -> list[int]:
    """What k counts: contributors per side, or rows."""
    return [len({row[side] for row in members}) for side in plan.sides] or [len(members)]
