"""Linkage with a public directory: a class that only one entry of the directory fits is its.

Sweeney, k-Anonymity, IJUFKS 10(5), 2002. The directory is taken for complete: whoever stands behind
a row is in it, with the raw quasi-identifiers that its rows may have, one line for each.
"""

import numpy as np
import pyarrow as pa

from mutuali.privacy.attacks.result import Attack, AttackResult, Claim, Text, scored
from mutuali.privacy.attacks.scene import Cover, Scene, Span
from mutuali.privacy.measures.grouping import values_of
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
    names = values_of(directory, name)
    entries = Span.of(cover.alike.of, names.codes, cover.alike.count)
    example = np.zeros(cover.alike.count, dtype=np.int64)
    example[cover.alike.of] = np.arange(directory.num_rows)
    # All whom a class fits are one where the first and the last of their numbers are.
    low = np.full(cover.classes.count, len(names.texts))
    high = np.full(cover.classes.count, -1)
    for number, entry in enumerate(example.tolist()):
        here = cover.of(entry)
        low[here] = np.minimum(low[here], entries.low[number])
        high[here] = np.maximum(high[here], entries.high[number])
    of = cover.classes.of
    rows = np.flatnonzero((low == high)[of])
    return [
        Claim(row, names.texts[code], name)
        for row, code in zip(rows.tolist(), low[of[rows]].tolist(), strict=True)
    ]


def play(scene: Scene, directory: pa.Table, name: str) -> AttackResult:
    """Against all released rows; ``name`` is a contributor column of the raw table too."""
    found = claims(scene.released, scene.plan, directory, name)
    named = [Claim(int(scene.witness[claim.target]), claim.value, name) for claim in found]
    truth = scene.truth(named)
    right = [told == claim.value for told, claim in zip(truth, named, strict=True)]
    return scored(ATTACK, scene.released.num_rows, named, right)
