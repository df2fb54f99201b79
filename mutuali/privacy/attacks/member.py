"""A member knows its own rows: it takes them out of each class and looks at what is left.

What is left is a single row, or has one sensitive value: then the member knows about whoever else
is in the class.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from mutuali.privacy.attacks.result import Attack, AttackResult, Claim, Text, scored
from mutuali.privacy.attacks.scene import Cover, Scene, sensitive, texts
from mutuali.privacy.plan import Plan, Role
from mutuali.privacy.recode.histogram import IntArray

ATTACK = Attack(
    "member",
    Text("Un organisme membre", "A member organization"),
    Text(
        "a retiré ses propres lignes de chaque classe pour lire celles des autres",
        "took its own rows out of each class to read those of the others",
    ),
)


def claims(released: pa.Table, plan: Plan, own: pa.Table, known: pa.Table) -> list[Claim]:
    """``own``: the member's raw rows, with what leaves of them; ``known``: the raw
    quasi-identifiers of each target.

    A claim without a column is that the released row ``value`` is the target's.
    """
    rest = _without(released, plan, own)
    cover = Cover(released, plan, known)
    numbers = cover.tallies([str(row) for row in range(released.num_rows)], rest)
    cells = {name: cover.tallies(texts(released, name), rest) for name in sensitive(plan)}
    found = []
    for target in range(known.num_rows):
        rows = cover.tally(target, numbers)
        if len(rows) == 1:
            found.append(Claim(target, next(iter(rows))))
        for name, tallies in cells.items():
            values = cover.tally(target, tallies)
            if len(values) == 1:
                found.append(Claim(target, next(iter(values)), name))
    return found


def _without(released: pa.Table, plan: Plan, own: pa.Table) -> list[bool]:
    """Which released rows are left when, for each own row, one that looks like it is taken out.

    Where labels are on mixed levels, one of the smallest class that fits.
    """
    cover = Cover(released, plan, own)
    quasi = {column.name for column in plan.named(Role.QUASI_IDENTIFIER)}
    others = [name for name in released.column_names if name not in quasi]
    told = [texts(released, name) for name in others]
    mine = [texts(own, name) for name in others]
    left = [True] * released.num_rows
    for target in range(own.num_rows):
        sizes = cover.classes.sizes
        for number in sorted(cover.of(target).tolist(), key=lambda each: (sizes[each], each)):
            alike = [
                row
                for row in cover.members(np.array([number])).tolist()
                if left[row] and all(t[row] == m[target] for t, m in zip(told, mine, strict=True))
            ]
            if alike:
                left[alike[0]] = False
                break
    return left


def play(
    scene: Scene, rows: Sequence[int] | IntArray, own: Sequence[int] | IntArray
) -> AttackResult:
    """By who has the raw rows ``own``, against those of ``rows`` that are not among them."""
    others = np.setdiff1d(np.asarray(rows, dtype=np.int64), np.asarray(own, dtype=np.int64))
    names = list(scene.plan.released)
    mine = scene.raw.select(names).take(pa.array(np.asarray(own, dtype=np.int64)))
    found = claims(scene.released, scene.plan, mine, scene.known(others))
    truth = {name: texts(scene.raw, name) for name in sensitive(scene.plan)}
    right = []
    for claim in found:
        row = int(others[claim.target])
        if claim.column is None:
            right.append(int(scene.witness[int(claim.value or 0)]) == row)
        else:
            right.append(truth[claim.column][row] == claim.value)
    named = [Claim(int(others[each.target]), each.value, each.column) for each in found]
    return scored(ATTACK, len(others), named, right)
