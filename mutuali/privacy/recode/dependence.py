"""What goes when a coalition goes: the largest part of a class that hangs on a few contributors.

A member of the network knows its own rows, on whichever side it stands in them, and can take them
out of any class it is in; members who pool what they know can take out theirs together. What is
left must still hide everybody else.

Which coalition takes most is a covering problem. Each contributor gets a weight for what it could
help to take, in parts of a whole, such that the weights of any coalition add up to what it takes at
least: the heaviest together are then an upper bound, and exact for a coalition of one.
"""

import math
from collections.abc import Sequence

import numpy as np

from mutuali.privacy.recode.histogram import IntArray
from mutuali.privacy.recode.keys import KEY_LIMIT, fold, renumbered, summed


def rows_lost(
    of: IntArray,
    meetings: Sequence[IntArray],
    rows: IntArray,
    people: int,
    count: int,
    coalition: int = 1,
) -> IntArray:
    """Per class, the most rows in which a coalition of so many stands; exact for one.

    Entry i belongs to class ``of[i]``, stands for ``rows[i]`` rows, and is the meeting of the
    contributors ``meetings[0][i]``, ``meetings[1][i]``, ...; codes run below ``people``.
    """
    key, entry = each_contributor(of, meetings, people)
    found, together = summed(key, rows[entry])
    return _heaviest(found // people, together, count, coalition)


def contributors_lost(
    of: IntArray,
    meetings: Sequence[IntArray],
    side: int,
    people: int,
    count: int,
    coalition: int = 1,
) -> IntArray:
    """Per class, the most contributors of ``meetings[side]`` that vanish with a coalition.

    Whoever meets nobody but the coalition vanishes with it, and so do its own members.
    """
    if coalition == 1 and len(meetings) == 2:
        return _pairs_lost(of, meetings[side], meetings[1 - side], people, count)
    unit = math.lcm(*range(1, coalition + 1))
    group, classes, theirs = _groups(of, meetings[side], people)
    key, weight = _taken(group, meetings, people, coalition, but=meetings[side])
    # Each contributor of the side takes itself along in full.
    others = classes[key // people] * people + key % people
    whose = np.concatenate((others, classes * people + theirs))
    weights = np.concatenate((weight, np.full(len(classes), unit)))
    found, together = summed(whose, weights)
    return _heaviest(found // people, together, count, coalition) // unit


def _pairs_lost(of: IntArray, here: IntArray, there: IntArray, people: int, count: int) -> IntArray:
    """The same for one contributor and meetings of two: who meets one other alone goes with it."""
    if not len(of):
        return np.zeros(count, dtype=np.int64)
    bound = count * people
    if bound * people >= KEY_LIMIT:
        group, bound = renumbered(of * people + here)
        example = np.zeros(bound, dtype=np.int64)
        example[group] = np.arange(len(group))
        whose = (of * people + here)[example]
    else:
        group, whose = of * people + here, None
    keys = np.sort(group * people + there)
    groups = keys // people
    first = np.flatnonzero(np.diff(groups, prepend=-1))
    last = np.append(first[1:], len(keys)) - 1
    own = groups[first] if whose is None else whose[groups[first]]
    other = keys[first] % people
    hanging = (other == keys[last] % people) & (other != own % people)
    takers = np.concatenate((own, own[hanging] // people * people + other[hanging]))
    takers.sort()
    starts = np.flatnonzero(np.diff(takers, prepend=-1))
    taken = np.diff(np.append(starts, len(takers)))
    return most_per_class(takers[starts] // people, taken, count)


def values_lost(
    of: IntArray,
    values: IntArray,
    meetings: Sequence[IntArray],
    people: int,
    count: int,
    coalition: int = 1,
) -> IntArray:
    """Per class, the most values that vanish with a coalition."""
    unit = math.lcm(*range(1, coalition + 1))
    group, classes, _ = _groups(of, values, int(values.max(initial=0)) + 1)
    key, weight = _taken(group, meetings, people, coalition)
    found, together = summed(classes[key // people] * people + key % people, weight)
    return _heaviest(found // people, together, count, coalition) // unit


def hanging_on_one(
    group: IntArray, meetings: Sequence[IntArray], people: int
) -> tuple[IntArray, IntArray]:
    """(group, contributor) pairs in which all entries of the group have the contributor."""
    entries = np.bincount(group)
    key, _ = each_contributor(group, meetings, people)
    found, shared = np.unique(key, return_counts=True)
    all_of_it = found[shared == entries[found // people]]
    return all_of_it // people, all_of_it % people


def each_contributor(
    group: IntArray, meetings: Sequence[IntArray], people: int
) -> tuple[IntArray, IntArray]:
    """(group, contributor) keys and entry of each, once per entry that the contributor is in."""
    keys, entries = [], []
    base, every = group * people, np.arange(len(group))
    for position, codes in enumerate(meetings):
        twice = np.zeros(len(codes), dtype=np.bool_)
        for earlier in meetings[:position]:
            twice |= codes == earlier
        once = every if not twice.any() else np.flatnonzero(~twice)
        keys.append(base + codes if once is every else base[once] + codes[once])
        entries.append(once)
    return np.concatenate(keys), np.concatenate(entries)


def _groups(of: IntArray, codes: IntArray, bound: int) -> tuple[IntArray, IntArray, IntArray]:
    """The group of each entry by class and code, and the class and the code of each group."""
    group, many = renumbered(*fold([of, codes], [int(of.max(initial=0)) + 1, bound]))
    example = np.zeros(many, dtype=np.int64)
    example[group] = np.arange(len(group))
    return group, of[example], codes[example]


def _taken(
    group: IntArray,
    meetings: Sequence[IntArray],
    people: int,
    coalition: int,
    *,
    but: IntArray | None = None,
) -> tuple[IntArray, IntArray]:
    """(group, contributor) keys, and the part of the group that each could help to take.

    A group goes when the coalition is in all of its entries. Where no contributor is in more than d
    of its e entries, that takes at least e / d, rounded up, of them; so each counts for one part in
    as many, if others as large could do the rest. ``but`` names one per entry who does not count.
    """
    unit = math.lcm(*range(1, coalition + 1))
    entries = np.bincount(group)
    key, entry = each_contributor(group, meetings, people)
    if but is not None:
        key = key[key % people != but[entry]]
    found, shared = np.unique(key, return_counts=True)
    of_group = found // people
    most = np.zeros(len(entries), dtype=np.int64)
    np.maximum.at(most, of_group, shared)
    needed = -(-entries[of_group] // most[of_group])
    could = shared + (coalition - 1) * most[of_group] >= entries[of_group]
    helps = could & (needed <= coalition)
    return found[helps], unit // needed[helps]


def most_per_class(classes: IntArray, amounts: IntArray, count: int) -> IntArray:
    """The largest amount of each of ``count`` classes; 0 where there is none."""
    most = np.zeros(count, dtype=np.int64)
    np.maximum.at(most, classes, amounts)
    return most


def _heaviest(classes: IntArray, weights: IntArray, count: int, coalition: int) -> IntArray:
    """The sum of the largest few weights of each of ``count`` classes."""
    if coalition == 1:
        return most_per_class(classes, weights, count)
    order = np.lexsort((-weights, classes))
    ordered = classes[order]
    rank = np.arange(len(ordered)) - np.searchsorted(ordered, np.arange(count))[ordered]
    first = rank < coalition
    return np.bincount(ordered[first], weights[order][first], minlength=count).astype(np.int64)
