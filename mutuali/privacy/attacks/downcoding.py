"""Downcoding: a label is as coarse as it is because finer ones were not possible for its rows.

Cohen, Attacks on Deidentification's Defenses, USENIX Security 2022: every minimal, hierarchical
method gives away part of what it hides to who knows the distribution of the data. The simple case:
a combination of values that fits a finer class left with it, so it is not in the coarse class
around it. The attacker knows how common each combination is, as a census says; what is left for a
coarse class speaks for one finer label where, before looking at the finer classes, another one was
the likelier. Only such changes of mind count: guessing the commonest label needs no release.

One level per column leaves no finer class inside a coarse one, so nothing follows.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from mutuali.privacy.attacks.result import Attack, AttackResult, Claim, Text, scored
from mutuali.privacy.attacks.scene import Cover, Scene, texts
from mutuali.privacy.measures.grouping import group_by, values_of
from mutuali.privacy.plan import Plan, Role
from mutuali.privacy.recode.histogram import IntArray

ATTACK = Attack(
    "downcoding",
    Text(
        "Une personne qui connaît la méthode et un recensement",
        "Somebody who knows the method and a census",
    ),
    Text(
        "a lu dans les classes plus fines ce que les étiquettes larges ne veulent pas dire",
        "read in finer classes what coarse labels do not mean",
    ),
)

#: A finer label is claimed when this share of what is left speaks for it.
LIKELY = 0.8


def claims(released: pa.Table, plan: Plan, census: pa.Table) -> list[Claim]:
    """``census``: raw quasi-identifiers, a line for everybody, in any order and without names.

    Targets are released rows; the value claimed is a label finer than the one released.
    """
    quasi = plan.named(Role.QUASI_IDENTIFIER)
    combinations = group_by(census, [column.name for column in quasi])
    example = np.zeros(combinations.count, dtype=np.int64)
    example[combinations.of] = np.arange(census.num_rows)
    distinct = census.take(pa.array(example))
    cover = Cover(released, plan, distinct)
    fits, stays = _fitting(cover, released, plan, distinct.num_rows)
    found = []
    for column in quasi:
        chains = {chain[0]: chain for chain in column.generalization.chains}
        raw = texts(distinct, column.name)
        cells = values_of(released, column.name)
        for number, members in enumerate(fits):
            rows = cover.members(np.array([number]))
            label = cells.texts[cells.codes[rows[0]]]
            below = [_below(chains.get(raw[each], (raw[each],)), label) for each in members]
            before: Counter[str | None] = Counter()
            after: Counter[str | None] = Counter()
            for each, finer, here in zip(members, below, stays[number], strict=True):
                before[finer] += int(combinations.sizes[each])
                after[finer] += int(combinations.sizes[each]) * here
            guess, count = max(after.items(), key=lambda each: each[1], default=(label, 0))
            changed = before[guess] < max(before.values(), default=0)
            if changed and count >= LIKELY * sum(after.values()):
                found += [Claim(row, guess, column.name) for row in rows.tolist()]
    return found


def _below(chain: Sequence[str | None], label: str | None) -> str | None:
    """The label right below one in a chain; itself where there is none."""
    return chain[max(chain.index(label) - 1, 0)] if label in chain else label


def _fitting(
    cover: Cover, released: pa.Table, plan: Plan, combinations: int
) -> tuple[list[list[int]], list[list[bool]]]:
    """Per class the combinations that it covers, and which of them no class inside it covers."""
    finer = _Inside(cover, released, plan)
    fits: list[list[int]] = [[] for _ in range(cover.classes.count)]
    stays: list[list[bool]] = [[] for _ in range(cover.classes.count)]
    for each in range(combinations):
        classes = cover.of(each).tolist()
        for number, alone in zip(classes, finer.without_inner(classes), strict=True):
            fits[number].append(each)
            stays[number].append(alone)
    return fits, stays


class _Inside:
    """Whether all labels of one class are, or stand below, those of another."""

    def __init__(self, cover: Cover, released: pa.Table, plan: Plan) -> None:
        example = np.zeros(cover.classes.count, dtype=np.int64)
        example[cover.classes.of] = np.arange(released.num_rows)
        self._covered = []
        for column in plan.named(Role.QUASI_IDENTIFIER):
            cells = values_of(released, column.name)
            chains = column.generalization.chains
            under = [sum(text in chain for chain in chains) for text in cells.texts]
            self._covered.append(np.array(under)[cells.codes[example]])

    def without_inner(self, classes: Sequence[int]) -> Iterator[bool]:
        """For classes that cover one combination: which of them has none of the others inside.

        Labels that cover the same value are nested, so the smaller one is below the larger.
        """
        sizes = [np.array([under[number] for under in self._covered]) for number in classes]
        for own in sizes:
            yield not any((other <= own).all() and (other < own).any() for other in sizes)


def play(scene: Scene) -> AttackResult:
    """Against all released rows; the census is that of the raw table."""
    census = scene.known(np.arange(scene.raw.num_rows))
    found = claims(scene.released, scene.plan, census)
    chains = {
        column.name: {chain[0]: chain for chain in column.generalization.chains}
        for column in scene.plan.named(Role.QUASI_IDENTIFIER)
    }
    raw = {claim.column: texts(scene.raw, claim.column) for claim in found if claim.column}
    sources: IntArray = scene.witness
    right = []
    for claim in found:
        column = claim.column or ""
        value = raw[column][int(sources[claim.target])]
        right.append(claim.value in chains[column].get(value, (value,)))
    named = [Claim(int(sources[each.target]), each.value, each.column) for each in found]
    return scored(ATTACK, scene.released.num_rows, named, right)
