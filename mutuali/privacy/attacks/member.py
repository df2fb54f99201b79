"""A member knows its own rows: it takes them out of each class and looks at what is left.

What is left is a single row, or has one sensitive value: then the member knows about whoever else
is in the class.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from mutuali.privacy.attacks.result import Attack, AttackResult, Claim, Text, scored
from mutuali.privacy.attacks.scene import Cover, Scene, sensitive, texts
from mutuali.privacy.measures.grouping import values_of
from mutuali.privacy.plan import Plan, Role
from mutuali.privacy.recode.classes import BoolArray
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
    numbers = cover.span(np.arange(released.num_rows), rest)
    values = {name: values_of(released, name) for name in sensitive(plan)}
    spans = {name: cover.span(each.codes, rest) for name, each in values.items()}
    found = []
    for target in range(known.num_rows):
        classes = cover.of(target)
        if (row := numbers.only(classes)) is not None:
            found.append(Claim(target, str(row)))
        for name, span in spans.items():
            if (code := span.only(classes)) is not None:
                found.append(Claim(target, values[name].texts[code], name))
    return found


def _without(released: pa.Table, plan: Plan, own: pa.Table) -> BoolArray:
    """Which released rows are left when, for each own row, one that looks like it is taken out.

    Where labels are on mixed levels, one of the smallest class that fits.
    """
    cover = Cover(released, plan, own)
    quasi = {column.name for column in plan.named(Role.QUASI_IDENTIFIER)}
    others = [name for name in released.column_names if name not in quasi]
    told = [values_of(released, name) for name in others]
    code_of = [{text: code for code, text in enumerate(each.texts)} for each in told]
    mine = [
        [codes.get(text, -1) for text in texts(own, name)]
        for codes, name in zip(code_of, others, strict=True)
    ]
    left = np.ones(released.num_rows, dtype=np.bool_)
    sizes = cover.classes.sizes
    for target in range(own.num_rows):
        for number in sorted(cover.of(target).tolist(), key=lambda each: (sizes[each], each)):
            rows = cover.members(np.array([number]))
            alike = left[rows]
            for values, codes in zip(told, mine, strict=True):
                alike &= values.codes[rows] == codes[target]
            if alike.any():
                left[rows[alike.argmax()]] = False
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
    named = [Claim(int(others[each.target]), each.value, each.column) for each in found]
    right = [
        int(scene.witness[int(claim.value or 0)]) == claim.target
        if claim.column is None
        else told == claim.value
        for claim, told in zip(named, scene.truth(named), strict=True)
    ]
    return scored(ATTACK, len(others), named, right)
