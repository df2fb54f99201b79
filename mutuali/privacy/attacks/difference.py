"""Difference: a row was withdrawn between two releases; what is missing now must be it.

Xiao and Tao, m-Invariance, SIGMOD 2007. The attacker takes the multiset difference of the files and
keeps what may be its target's: if that is one row, or has one sensitive value, it knows.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from mutuali.privacy.attacks.composition import Published
from mutuali.privacy.attacks.result import Attack, AttackResult, Claim, Text, scored
from mutuali.privacy.attacks.scene import Cover, sensitive, texts
from mutuali.privacy.measures.grouping import group_by
from mutuali.privacy.plan import Role
from mutuali.privacy.recode.histogram import IntArray, text_column

ATTACK = Attack(
    "difference",
    Text(
        "Une personne qui a gardé la version précédente", "Somebody who kept the previous release"
    ),
    Text(
        "et sait qui s’est retiré depuis a cherché ce qui manque",
        "and knows who withdrew since looked for what is missing",
    ),
)


def claims(before: Published, after: Published, known: pa.Table) -> list[Claim]:
    """``known``: the raw quasi-identifiers of each row that was withdrawn.

    A claim without a column is that the one missing row, ``value``, was the target's.
    """
    missing = _missing(before.table, after.table)
    table = before.table.take(pa.array(missing))
    cover = Cover(table, before.plan, known)
    cells = {name: texts(table, name) for name in sensitive(before.plan)}
    found = []
    for target in range(known.num_rows):
        rows = cover.rows(target)
        if len(rows) == 1:
            found.append(Claim(target, str(missing[rows[0]])))
        for name, told in cells.items():
            values = {told[row] for row in rows.tolist()}
            if len(values) == 1:
                found.append(Claim(target, values.pop(), name))
    return found


def _missing(before: pa.Table, after: pa.Table) -> IntArray:
    """The rows of the first table that the second has not as often, told by all their cells."""
    shared = [name for name in before.column_names if name in after.column_names]
    both = pa.concat_tables(
        pa.table({name: text_column(table, name, floats=True) for name in shared})
        for table in (before, after)
    )
    rows = group_by(both, shared)
    was, now = rows.of[: before.num_rows], rows.of[before.num_rows :]
    more = np.bincount(was, minlength=rows.count) - np.bincount(now, minlength=rows.count)
    order = np.argsort(was, kind="stable")
    rank = np.arange(len(was)) - np.searchsorted(was[order], was[order])
    return np.sort(order[rank < more[was[order]]])


def play(
    before: Published,
    after: Published,
    raw: pa.Table,
    withdrawn: Sequence[int],
    witness: IntArray,
) -> AttackResult:
    """Against the ``withdrawn`` rows of the ``raw`` table behind the earlier release.

    ``witness`` names the raw row of each row of that release.
    """
    names = [column.name for column in before.plan.named(Role.QUASI_IDENTIFIER)]
    known = raw.select(names).take(pa.array(list(withdrawn), pa.int64()))
    found = claims(before, after, known)
    truth = {name: texts(raw, name) for name in sensitive(before.plan)}
    place = {int(row): number for number, row in enumerate(witness)}
    right = []
    for claim in found:
        row = int(withdrawn[claim.target])
        if claim.column is not None:
            right.append(truth[claim.column][row] == claim.value)
        else:  # rows of the same cells are the same to everybody
            right.append(row in place and _cells(before, place[row]) == _cells(before, claim.value))
    named = [Claim(int(withdrawn[each.target]), each.value, each.column) for each in found]
    return scored(ATTACK, len(withdrawn), named, right)


def _cells(release: Published, row: int | str | None) -> object:
    return release.table.slice(int(row or 0), 1).to_pylist()
