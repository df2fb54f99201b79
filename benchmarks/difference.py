"""One withdrawal between two releases of the field's table: what their difference tells.

The experiment behind "147 of 150": each trial withdraws one row, releases again, and takes the
multiset difference of the two files. Once with nothing done about it, once with the releases
compared and mended first. The attacker knows the quasi-identifiers of who withdrew, and counts as
having succeeded when the missing row, or its sensitive value, is certain and true.
"""

import os
from collections import Counter
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow as pa

from mutuali.privacy.attacks import difference
from mutuali.privacy.attacks.composition import Published
from mutuali.privacy.engine import deidentify
from mutuali.privacy.plan import Column, Diversity, KAnonymity, Mean, Plan, Role
from mutuali.privacy.releases.record import record_of
from mutuali.privacy.releases.remedy import Means, remedy
from tests.privacy import adult

_TRIALS = 150
_KEY = b"no secret: the key of a bench"


def report(_: Path) -> bool:
    """Print what was disclosed and what it cost; whether nothing was."""
    if "MUTUALI_REAL_DATA" not in os.environ:
        print("MUTUALI_REAL_DATA is unset: the difference of two releases was not measured")
        return True
    print(
        f"Adult, one row withdrawn, {_TRIALS} trials: 8 quasi-identifiers, occupation sensitive,"
        " k 5, limit 2%"
    )
    table = adult.adult()
    table = table.append_column("id", pa.array([f"r{row}" for row in range(table.num_rows)]))
    quasi = tuple(each for each in adult.QUASI_IDENTIFIERS if each != "occupation")
    plan = Plan(
        version="adult",
        columns=(
            Column("id", Role.IDENTIFIER),
            *adult.quasi_identifiers(quasi),
            Column("occupation", Role.SENSITIVE),
        ),
        # As published: k alone; a class may hold one occupation.
        models=(KAnonymity(5), Diversity("occupation", distinct=1, most=1.0)),
        suppression_limit=0.02,
        mean=Mean.GEOMETRIC,
    )
    first = deidentify(table, plan)
    levels = [column.level for column in first.report.columns]
    record = record_of(first, table, plan, key=_KEY, row_id="id")
    before = Published(first.table, plan)
    rng = np.random.default_rng(2026)
    disclosed: Counter[str] = Counter()
    lost, means = [], Counter[Means]()
    unchanged = 0
    for row in rng.integers(table.num_rows, size=_TRIALS).tolist():
        left = table.take(pa.array(np.delete(np.arange(table.num_rows), row)))
        second = deidentify(left, plan)
        unchanged += [column.level for column in second.report.columns] == levels
        mended = remedy([record], second, left, plan, key=_KEY, row_id="id")
        for way, released in (("alone", second.table), ("mended", mended.table)):
            after = Published(released, plan)
            disclosed[way] += difference.play(before, after, table, [row], first.witness).disclosed
        lost.append(mended.loss)
        means.update(step.means for step in mended.steps)
    met = disclosed["mended"] == 0
    kept = len(record.to_json()) / len(record.rows)
    print(
        f"  recoding unchanged {unchanged}; disclosed without the check {disclosed['alone']},"
        f" with it {disclosed['mended']}, goal 0: {'met' if met else 'short'}"
    )
    print(
        f"  rows held back: median {median(lost):.0f}, most {max(lost):.0f} of"
        f" {first.table.num_rows:,}; classes mended {means[Means.HOLD_BACK]}, kept out"
        f" {means[Means.KEEP_OUT]}, untouched {sum(not each for each in lost)};"
        f" record {kept:.0f} bytes a row"
    )
    return met
