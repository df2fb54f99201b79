"""Twenty-four quasi-identifiers: what is found in a second, in ten, and how far it could be off."""

import os
import time
from dataclasses import replace
from pathlib import Path

from mutuali.privacy.plan import KAnonymity, Mean, Plan, Role
from mutuali.privacy.recode import histogram
from mutuali.privacy.recode.anytime import Anytime
from mutuali.privacy.recode.census import Census
from mutuali.privacy.recode.loss import Loss, ladder
from tests.privacy import many_columns

#: Suppression limit: the geometric loss to reach, and that of the best of ARX's three heuristics.
GOALS = {0.05: (0.66, 0.6707), 1.0: (0.60, 0.6152)}

#: Seconds after which a search is ended; the goals are for the last.
LIMITS = (0.5, 1, 2, 5, 10)


def report(_: Path) -> bool:
    """Print the loss and its bound after each time limit; whether the goals are met."""
    if "MUTUALI_REAL_DATA" not in os.environ:
        print("MUTUALI_REAL_DATA is unset: the table of many columns was not measured")
        return True
    table = many_columns.accounts()
    columns = many_columns.quasi_identifiers(table.column_names)
    unlimited = Plan("accounts", columns, (KAnonymity(5),), mean=Mean.GEOMETRIC)
    grouped = histogram.build(table, unlimited)
    print(f"{table.num_rows:,} accounts, {len(columns)} quasi-identifiers, k 5, geometric loss")
    met = []
    for limit, (goal, theirs) in GOALS.items():
        plan = replace(unlimited, suppression_limit=limit)
        for seconds in LIMITS:
            loss, bound, looks, took = _found(grouped, plan, seconds)
            print(
                f"  limit {limit:4.0%}, {took:5.2f} s of {seconds}: loss {loss:.4f},"
                f" none below {bound:.4f}; {looks:,} looks"
            )
        met.append(loss <= goal)
        verdict = "met" if met[-1] else "short"
        print(f"  limit {limit:4.0%}: loss {loss:.4f}, goal {goal}, ARX {theirs}: {verdict}")
    return all(met)


def _found(
    grouped: histogram.Histogram, plan: Plan, seconds: float
) -> tuple[float, float, int, float]:
    """Loss, its lower bound, looks and seconds of a search that a clock ends."""
    quasi = plan.named(Role.QUASI_IDENTIFIER)
    ladders = [ladder(column.generalization) for column in quasi]
    census = Census(grouped, ladders, plan)
    loss = Loss(quasi, ladders, census.leaves, census.rows, plan.mean)
    start = time.perf_counter()
    search = Anytime(
        census, loss, plan, ladders, expired=lambda: time.perf_counter() - start > seconds
    )
    found = search.run()
    took = time.perf_counter() - start
    return loss.total(found.score), search.bound, search.looks, took
