"""Homogeneity: all rows that may be the target's have the same sensitive value.

Machanavajjhala, Kifer, Gehrke and Venkitasubramaniam, l-Diversity, TKDD 1(1), 2007.
"""

from collections.abc import Sequence

import pyarrow as pa

from mutuali.privacy.attacks.result import Attack, AttackResult, Claim, Text
from mutuali.privacy.attacks.scene import Cover, Scene, sensitive
from mutuali.privacy.measures.grouping import values_of
from mutuali.privacy.plan import Plan
from mutuali.privacy.recode.histogram import IntArray

ATTACK = Attack(
    "homogeneity",
    Text("Une personne du voisinage", "A neighbour"),
    Text(
        "qui sait ce que tout le monde voit d’une ligne a cherché une classe où il n’y a qu’une"
        " valeur sensible",
        "who knows what everybody sees of a row looked for a class with a single sensitive value",
    ),
)


def claims(released: pa.Table, plan: Plan, known: pa.Table) -> list[Claim]:
    """``known``: the raw quasi-identifiers of each target."""
    cover = Cover(released, plan, known)
    found = []
    for name in sensitive(plan):
        values = values_of(released, name)
        span = cover.span(values.codes)
        for target in range(known.num_rows):
            if (code := span.only(cover.of(target))) is not None:
                found.append(Claim(target, values.texts[code], name))
    return found


def play(scene: Scene, rows: Sequence[int] | IntArray) -> AttackResult:
    """Against the raw ``rows``."""
    return scene.score(ATTACK, rows, claims(scene.released, scene.plan, scene.known(rows)))
