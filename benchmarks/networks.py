"""What loans keep in networks of each size, scheme by scheme, with k = 5 on both sides."""

import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mutuali.agreements.rules import Dataset
from mutuali.exports.service import loans
from mutuali.privacy.engine import deidentify
from mutuali.privacy.errors import NothingToRelease
from mutuali.privacy.plan import Plan, Role
from mutuali.privacy.recode import histogram
from mutuali.privacy.recode.census import Census
from mutuali.privacy.recode.loss import Loss, ladder
from tests.exports.networks import network

#: Organizations of a network; each lends and borrows with a long tail.
SIZES = (30, 100, 300)
LOANS_EACH = 25

#: So many of the best safe schemes are printed.
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class _Safe:
    """A scheme within the limit: what it loses, and the share of loans that it keeps."""

    loss: float
    levels: tuple[str, ...]
    kept: float


def report(_: Path) -> bool:
    """Print the schemes of each network; whether the proposed one is the best of all safe ones."""
    print("`loans` in seeded networks, k = 5 on both sides: the share of loans kept per scheme")
    met = [_sized(size) for size in SIZES]
    return all(met)


def _sized(organizations: int) -> bool:
    snapshot = network(Dataset.LOANS, organizations, loans=organizations * LOANS_EACH)
    plan, table = loans.plan(snapshot), loans.eligible(snapshot)
    tried = _tried(plan, histogram.build(table, plan))
    print(f"  {organizations} organizations, {table.num_rows:,} loans: {len(tried)} safe schemes")
    for scheme in tried[:_SHOWN]:
        names = ", ".join(scheme.levels)
        print(f"    {scheme.kept:6.1%} kept, loss {scheme.loss:.4f}: {names}")
    try:
        proposed = deidentify(table, plan).report
    except NothingToRelease:
        print("    nothing is proposed")
        return not tried
    best = bool(tried) and abs(proposed.loss - tried[0].loss) < 1e-9
    kept = proposed.rows_out / proposed.rows_in
    print(
        f"    proposed: {kept:.1%} kept, loss {proposed.loss:.4f}; trying all schemes"
        f" {'finds none better' if best else 'FINDS A BETTER ONE'}"
    )
    return best


def _tried(plan: Plan, grouped: histogram.Histogram) -> list[_Safe]:
    """Every scheme that keeps the plan, the smallest loss first."""
    quasi = plan.named(Role.QUASI_IDENTIFIER)
    ladders = [ladder(column.generalization) for column in quasi]
    census = Census(grouped, ladders, plan)
    loss = Loss(quasi, ladders, census.leaves, census.rows, plan.mean)
    total = int(census.rows.sum())
    safe = []
    for levels in itertools.product(*(range(len(step.texts)) for step in ladders)):
        classes = census.classes(levels)
        failing = census.failing(classes)
        suppressed = int(classes.rows[failing].sum())
        if suppressed > plan.suppression_limit * total or suppressed == total:
            continue
        columns = loss.scores_without(np.flatnonzero(failing[classes.of]))
        score = sum(float(column[level]) for column, level in zip(columns, levels, strict=True))
        names = tuple(
            f"{column.name} {column.generalization.names[level]}"
            for column, level in zip(quasi, levels, strict=True)
            if level < column.generalization.top
        )
        safe.append(_Safe(loss.total(score), names, 1 - suppressed / total))
    return sorted(safe, key=lambda scheme: scheme.loss)
