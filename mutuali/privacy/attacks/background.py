"""Background knowledge: the attacker rules out some values of its target, and one is left.

Machanavajjhala, Kifer, Gehrke and Venkitasubramaniam, l-Diversity, TKDD 1(1), 2007: l different
values withstand who can rule out l - 2 of them.
"""

from collections import Counter
from collections.abc import Collection, Sequence

import pyarrow as pa

from mutuali.privacy.attacks.result import Attack, AttackResult, Claim, Text
from mutuali.privacy.attacks.scene import Cover, Scene, sensitive, texts
from mutuali.privacy.plan import Plan
from mutuali.privacy.recode.histogram import IntArray

ATTACK = Attack(
    "background",
    Text("Une personne proche", "An acquaintance"),
    Text(
        "qui sait aussi ce que la cible n’a pas a écarté des valeurs jusqu’à ce qu’il n’en reste"
        " qu’une",
        "who also knows what the target does not have ruled out values until one was left",
    ),
)

#: What an attacker knows that a target does not have, by sensitive column.
NotTheirs = dict[str, Collection[str | None]]


def claims(
    released: pa.Table, plan: Plan, known: pa.Table, not_theirs: Sequence[NotTheirs]
) -> list[Claim]:
    """``known``: the raw quasi-identifiers of targets; ``not_theirs``: values they do not have."""
    cover = Cover(released, plan, known)
    found = []
    for name in sensitive(plan):
        tallies = cover.tallies(texts(released, name))
        for target in range(known.num_rows):
            left = set(cover.tally(target, tallies)) - set(not_theirs[target].get(name, ()))
            if len(left) == 1:
                found.append(Claim(target, left.pop(), name))
    return found


def play(scene: Scene, rows: Sequence[int] | IntArray, rules_out: int) -> AttackResult:
    """Against raw ``rows``, by who can rule out the ``rules_out`` most frequent other values."""
    known = scene.known(rows)
    cover = Cover(scene.released, scene.plan, known)
    not_theirs: list[NotTheirs] = [{} for _ in rows]
    for name in sensitive(scene.plan):
        tallies, truth = cover.tallies(texts(scene.released, name)), texts(scene.raw, name)
        for target, row in enumerate(rows):
            around = Counter(cover.tally(target, tallies))
            del around[truth[int(row)]]
            not_theirs[target][name] = [value for value, _ in around.most_common(rules_out)]
    return scene.score(ATTACK, rows, claims(scene.released, scene.plan, known, not_theirs))
