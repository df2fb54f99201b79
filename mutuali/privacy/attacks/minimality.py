"""Minimality: the method would have kept finer labels if the sensitive values had allowed them.

Wong, Fu, Wang and Pei, Minimality Attack in Privacy Preserving Data Publishing, VLDB 2007. The
attacker has the quasi-identifiers of everybody (a public register), knows the plan, and goes
through the possible worlds: all ways to hand the values of a class to its members. In each it asks
what the method decides one level finer in each column. Worlds in which it would have kept a finer
scheme are struck out; the share of the others in which the target has a value is how sure the
attacker is of it.

With one level per column a finer scheme is given up if it fails in any class; with levels per class
a finer class is given up if it fails itself. Levels that were fixed beforehand strike out nothing.
A simple version: schemes one step finer, failing outright (suppression is not weighed), and classes
with few worlds; a class with too many is taken to fail everywhere, which strikes out nothing.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from mutuali.privacy.attacks.result import Attack, AttackResult, Claim, Text
from mutuali.privacy.attacks.scene import Cover, Scene, sensitive
from mutuali.privacy.measures.grouping import values_of
from mutuali.privacy.models import Diversity
from mutuali.privacy.plan import Plan, RecodingModel, Role
from mutuali.privacy.recode.histogram import IntArray

ATTACK = Attack(
    "minimality",
    Text(
        "Une personne qui connaît la méthode et un registre public",
        "Somebody who knows the method and a public register",
    ),
    Text(
        "a écarté les mondes où la méthode aurait gardé plus de détail",
        "struck out the worlds in which the method would have kept more detail",
    ),
)

#: A class with more ways to hand out its values is not gone through.
MOST_WORLDS = 20_000

#: Counts of each value in each cell of a class.
World = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class _Class:
    """Members (known rows) by cell, the values to hand out, and the finer groups of cells.

    ``finer[n]`` is one partition of the cells per column that can be finer.
    """

    cells: tuple[tuple[int, ...], ...]
    values: tuple[str | None, ...]
    counts: tuple[int, ...]
    finer: dict[int, tuple[tuple[int, ...], ...]]


def claims(released: pa.Table, plan: Plan, known: pa.Table) -> list[Claim]:
    """``known``: the raw quasi-identifiers of everybody, suppressed or not.

    A value is claimed when it is likelier than the plan lets a value of a class be frequent.
    """
    fixed = plan.recoding not in (RecodingModel.FULL_DOMAIN, RecodingModel.LOCAL)
    models = {model.column: model for model in plan.models if isinstance(model, Diversity)}
    if fixed or len(sensitive(plan)) != 1 or not models or plan.sides:
        return []
    (model,) = models.values()
    classes = _classes(released, plan, known, model.column)
    whole = (1 << len(plan.named(Role.QUASI_IDENTIFIER))) - 1
    worlds = [_weighed(each, plan, model, whole) for each in classes]
    if plan.recoding is RecodingModel.LOCAL:
        others = [{0: 1.0}] * len(classes)
    else:
        others = list(_others(worlds, whole))
    found: list[Claim] = []
    for each, masks, other in zip(classes, worlds, others, strict=True):
        if masks is not None:
            found += _likely(each, masks, other, whole, model)
    return found


#: Per set of finer schemes that fail (a bit per column): worlds with their weights.
_Masks = dict[int, list[tuple[World, float]]]


def _classes(released: pa.Table, plan: Plan, known: pa.Table, column: str) -> list[_Class]:
    """The classes of which it is known who is in them."""
    quasi = plan.named(Role.QUASI_IDENTIFIER)
    cover = Cover(released, plan, known)
    inside: dict[int, list[int]] = defaultdict(list)
    for target in range(known.num_rows):
        fitting = cover.of(target)
        if len(fitting) == 1:
            inside[int(fitting[0])].append(target)
    values = values_of(released, column)
    labels = [values_of(released, each.name) for each in quasi]
    raw = [values_of(known, each.name) for each in quasi]
    chains = [{chain[0]: chain for chain in each.generalization.chains} for each in quasi]
    found = []
    for number, members in sorted(inside.items()):
        rows = cover.members(np.array([number]))
        if len(rows) != len(members):
            continue
        steps: list[list[str | None]] = []
        places = []
        for place, (cells, own, chain) in enumerate(zip(labels, raw, chains, strict=True)):
            label = cells.texts[cells.codes[rows[0]]]
            texts = [own.texts[own.codes[member]] for member in members]
            if any(text not in chain for text in texts):
                break  # NA that no chain names: left aside
            level = min(
                n
                for n in range(len(chain[texts[0]]))
                if all(chain[text][n] == label for text in texts)
            )
            if level:
                places.append(place)
                steps.append([chain[text][level - 1] for text in texts])
        else:
            tally = Counter(values.texts[code] for code in values.codes[rows].tolist())
            found.append(_class(members, places, steps, tally))
    return found


def _class(
    members: Sequence[int],
    places: Sequence[int],
    steps: Sequence[Sequence[str | None]],
    tally: Counter[str | None],
) -> _Class:
    cells: dict[tuple[str | None, ...], list[int]] = defaultdict(list)
    for position, member in enumerate(members):
        cells[tuple(step[position] for step in steps)].append(member)
    finer = {}
    for order, place in enumerate(places):
        groups: dict[str | None, list[int]] = defaultdict(list)
        for cell, key in enumerate(cells):
            groups[key[order]].append(cell)
        finer[place] = tuple(map(tuple, groups.values()))
    ordered = sorted(tally.items(), key=lambda each: (-each[1], str(each[0])))
    return _Class(
        cells=tuple(map(tuple, cells.values())),
        values=tuple(value for value, _ in ordered),
        counts=tuple(count for _, count in ordered),
        finer=finer,
    )


def _weighed(one: _Class, plan: Plan, model: Diversity, whole: int) -> _Masks | None:
    """The worlds of a class by the finer schemes that fail in it; None when there are too many.

    A column that cannot be finer is not a scheme: its bit counts as failing.
    """
    sizes = tuple(map(len, one.cells))
    ways = math.prod(math.comb(count + len(sizes) - 1, count) for count in one.counts)
    if ways > MOST_WORLDS:
        return None
    masks: _Masks = defaultdict(list)
    local = plan.recoding is RecodingModel.LOCAL
    closed = whole
    for place in one.finer:
        closed &= ~(1 << place)
    for world in _worlds(sizes, one.counts):
        mask = closed
        for place, groups in one.finer.items():
            failing = [_fails(world, group, plan.k, model) for group in groups]
            if all(failing) if local else any(failing):
                mask |= 1 << place
        masks[mask].append((world, _weight(world)))
    return masks


def _worlds(sizes: tuple[int, ...], counts: tuple[int, ...]) -> Iterator[World]:
    """All tables of counts, value by cell, with these sums; given per value."""
    if len(counts) == 1:
        yield (sizes,)
        return
    for first in _shares(sizes, counts[0]):
        left = tuple(size - used for size, used in zip(sizes, first, strict=True))
        for rest in _worlds(left, counts[1:]):
            yield (first, *rest)


def _shares(sizes: tuple[int, ...], count: int) -> Iterator[tuple[int, ...]]:
    if len(sizes) == 1:
        if count <= sizes[0]:
            yield (count,)
        return
    for here in range(max(0, count - sum(sizes[1:])), min(sizes[0], count) + 1):
        for rest in _shares(sizes[1:], count - here):
            yield (here, *rest)


def _weight(world: World) -> float:
    """In how many ways the members of the cells can have these values."""
    weight = 1
    for cell in zip(*world, strict=True):
        left = sum(cell)
        for count in cell:
            weight *= math.comb(left, count)
            left -= count
    return float(weight)


def _fails(world: World, group: Sequence[int], k: int, model: Diversity) -> bool:
    counts = [sum(value[cell] for cell in group) for value in world]
    total = sum(counts)
    distinct = sum(count > 0 for count in counts)
    return total < k or distinct < model.distinct or max(counts) > model.most * total + 1e-9


def _others(worlds: Sequence[_Masks | None], whole: int) -> Iterator[dict[int, float]]:
    """For each class, how likely each set of schemes fails in the other classes together."""
    alone = [
        {whole: 1.0}
        if masks is None
        else _shared({mask: sum(w for _, w in found) for mask, found in masks.items()})
        for masks in worlds
    ]
    before = [{0: 1.0}]
    for each in alone:
        before.append(_joined(before[-1], each))
    after = [{0: 1.0}]
    for each in reversed(alone):
        after.append(_joined(after[-1], each))
    for position in range(len(alone)):
        yield _joined(before[position], after[len(alone) - 1 - position])


def _shared(weights: dict[int, float]) -> dict[int, float]:
    total = sum(weights.values())
    return {mask: weight / total for mask, weight in weights.items()}


def _joined(one: dict[int, float], other: dict[int, float]) -> dict[int, float]:
    joined: dict[int, float] = defaultdict(float)
    for mask, share in one.items():
        for more, part in other.items():
            joined[mask | more] += share * part
    return joined


def _likely(
    one: _Class, masks: _Masks, others: dict[int, float], whole: int, model: Diversity
) -> Iterator[Claim]:
    """What is likelier than the plan allows, cell by cell."""
    chance = {
        mask: sum(share for other, share in others.items() if mask | other == whole)
        for mask in masks
    }
    total = 0.0
    held = np.zeros((len(one.values), len(one.cells)))
    for mask, found in masks.items():
        for world, weight in found:
            total += weight * chance[mask]
            held += weight * chance[mask] * np.array(world)
    if not total:
        return  # the method did something else than this version of it
    for cell, members in enumerate(one.cells):
        share = held[:, cell] / total / len(members)
        best = int(share.argmax())
        if share[best] > model.most + 1e-9 or share[best] > 1 - 1e-9:
            for member in members:
                yield Claim(member, one.values[best], model.column)


def play(scene: Scene, rows: Sequence[int] | IntArray) -> AttackResult:
    """Against the raw ``rows``, with the quasi-identifiers of all."""
    everybody = scene.known(np.arange(scene.raw.num_rows))
    place = {int(row): target for target, row in enumerate(rows)}
    found = [
        Claim(place[claim.target], claim.value, claim.column)
        for claim in claims(scene.released, scene.plan, everybody)
        if claim.target in place
    ]
    return scene.score(ATTACK, rows, found)
