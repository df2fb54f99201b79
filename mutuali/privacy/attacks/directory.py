"""Linkage with a public directory: a class that only one entry of the directory fits is its.

Sweeney, k-Anonymity, IJUFKS 10(5), 2002. The directory is taken for complete: whoever stands behind
a row is in it, with the raw quasi-identifiers that its rows may have, one line for each.
"""

import pyarrow as pa

from mutuali.privacy.attacks.result import Attack, AttackResult, Claim, Text, scored
from mutuali.privacy.attacks.scene import Cover, Scene, texts
from mutuali.privacy.plan import Plan

ATTACK = Attack(
    "directory",
    Text("Une personne munie d’un répertoire public", "Somebody with a public directory"),
    Text(
        "a cherché les lignes qui ne vont qu’avec une seule inscription",
        "looked for rows that fit a single entry",
    ),
)


def claims(released: pa.Table, plan: Plan, directory: pa.Table, name: str) -> list[Claim]:
    """``directory``: columns among the quasi-identifiers, raw, and ``name``, whose entry it is.

    Targets are released rows.
    """
    cover = Cover(released, plan, directory)
    names = texts(directory, name)
    fitting: list[set[str | None]] = [set() for _ in range(cover.classes.count)]
    for entry in range(directory.num_rows):
        for number in cover.of(entry).tolist():
            fitting[number].add(names[entry])
    return [
        Claim(row, next(iter(fitting[number])), name)
        for row, number in enumerate(cover.classes.of.tolist())
        if len(fitting[number]) == 1
    ]


def play(scene: Scene, directory: pa.Table, name: str) -> AttackResult:
    """Against all released rows; ``name`` is a contributor column of the raw table too."""
    found = claims(scene.released, scene.plan, directory, name)
    whose = texts(scene.raw, name)
    sources = scene.witness.tolist()
    right = [whose[sources[claim.target]] == claim.value for claim in found]
    named = [Claim(sources[claim.target], claim.value, name) for claim in found]
    return scored(ATTACK, scene.released.num_rows, named, right)
