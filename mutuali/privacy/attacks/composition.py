"""Composition: the target stands in several releases, and their classes have one value in common.

Ganta, Kasiviswanathan and Smith, Composition Attacks and Auxiliary Information in Data Privacy, KDD
2008. Where a column tells most rows apart in two releases, their rows are linked by it first.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from mutuali.privacy.attacks.result import Attack, AttackResult, Claim, Text
from mutuali.privacy.attacks.scene import Cover, Scene, sensitive, texts
from mutuali.privacy.plan import Plan, Role
from mutuali.privacy.recode.histogram import IntArray
from mutuali.privacy.releases.record import row_keys

ATTACK = Attack(
    "composition",
    Text("Une personne qui a gardé les versions précédentes", "Somebody who kept earlier releases"),
    Text(
        "a croisé les classes où se trouve la cible dans chacune",
        "intersected the classes that the target is in, release by release",
    ),
)


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """A released table and the plan it was published with."""

    table: pa.Table
    plan: Plan


def claims(releases: Sequence[Published], known: pa.Table) -> list[Claim]:
    """``known``: the raw quasi-identifiers of targets that stand in every release."""
    covers = [Cover(each.table, each.plan, known) for each in releases]
    names = set.intersection(*(set(sensitive(each.plan)) for each in releases))
    keys = _shared_keys(releases)
    linked = [_key_cells(each.table, keys) for each in releases]
    found = []
    for name in sorted(names):
        cells = [texts(each.table, name) for each in releases]
        tallies = [cover.tallies(told) for cover, told in zip(covers, cells, strict=True)]
        for target in range(known.num_rows):
            sets = [set(cover.tally(target, t)) for cover, t in zip(covers, tallies, strict=True)]
            values = set.intersection(*sets)
            if keys and len(values) > 1:
                values &= _of_linked_rows(target, covers, linked, cells[0])
            if len(values) == 1:
                found.append(Claim(target, values.pop(), name))
    return found


def _of_linked_rows(
    target: int,
    covers: Sequence[Cover],
    linked: Sequence[Sequence[tuple[str | None, ...]]],
    cells: Sequence[str | None],
) -> set[str | None]:
    """The values, in the first release, of rows that may be the target's in every release."""
    rows = [cover.rows(target).tolist() for cover in covers]
    same = set.intersection(
        *({key[row] for row in here} for key, here in zip(linked, rows, strict=True))
    )
    return {cells[row] for row in rows[0] if linked[0][row] in same}


def _shared_keys(releases: Sequence[Published]) -> list[str]:
    keys = [set(row_keys(each.table, each.plan)) for each in releases]
    return sorted(set.intersection(*keys)) if len(keys) > 1 else []


def _key_cells(table: pa.Table, keys: Sequence[str]) -> list[tuple[str | None, ...]]:
    return list(zip(*(texts(table, name) for name in keys), strict=True)) if keys else []


def play(
    scene: Scene, rows: Sequence[int] | IntArray, earlier: Sequence[Published]
) -> AttackResult:
    """Against those raw ``rows`` that were released; ``earlier`` releases had them too."""
    stayed = np.intersect1d(np.asarray(rows, dtype=np.int64), scene.witness)
    releases = [*earlier, Published(scene.released, scene.plan)]
    names = [column.name for column in scene.plan.named(Role.QUASI_IDENTIFIER)]
    known = scene.raw.select([*dict.fromkeys(names + _other_names(earlier, scene))])
    return scene.score(ATTACK, stayed, claims(releases, known.take(pa.array(stayed))))


def _other_names(earlier: Sequence[Published], scene: Scene) -> list[str]:
    """Quasi-identifiers of other plans, where the raw table still has them."""
    return [
        column.name
        for each in earlier
        for column in each.plan.named(Role.QUASI_IDENTIFIER)
        if column.name in scene.raw.column_names
    ]
