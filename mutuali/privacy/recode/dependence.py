"""What goes when one contributor goes: the largest part of a class that hangs on a single one.

A member of the network knows its own rows, on whichever side it stands in them, and can take them
out of any class it is in. What is left must still hide everybody else.
"""

from collections.abc import Sequence

import numpy as np

from mutuali.privacy.recode.histogram import IntArray


def rows_lost(
    of: IntArray, meetings: Sequence[IntArray], rows: IntArray, people: int, count: int
) -> IntArray:
    """Per class, the most rows in which a single contributor stands.

    Entry i belongs to class ``of[i]``, stands for ``rows[i]`` rows, and is the meeting of the
    contributors ``meetings[0][i]``, ``meetings[1][i]``, ...; codes run below ``people``.
    """
    key, entry = _each_contributor(of, meetings, people)
    found, position = np.unique(key, return_inverse=True)
    together = np.bincount(position, weights=rows[entry]).astype(np.int64)
    return most_per_class(found // people, together, count)


def contributors_lost(
    of: IntArray, meetings: Sequence[IntArray], side: int, people: int, count: int
) -> IntArray:
    """Per class, the most contributors of ``meetings[side]`` that vanish with a single contributor.

    A contributor y vanishes with x when x stands in all of y's entries of the class; each at least
    with itself.
    """
    pairs, pair = np.unique(of * people + meetings[side], return_inverse=True)
    entries = np.bincount(pair)
    key, _ = _each_contributor(pair, meetings, people)
    found, shared = np.unique(key, return_counts=True)
    vanishing = found[shared == entries[found // people]]
    klass = pairs[vanishing // people] // people
    gone, together = np.unique(klass * people + vanishing % people, return_counts=True)
    return most_per_class(gone // people, together, count)


def _each_contributor(
    group: IntArray, meetings: Sequence[IntArray], people: int
) -> tuple[IntArray, IntArray]:
    """(group, contributor) keys and entry of each, once per entry that the contributor is in."""
    keys, entries = [], []
    for position, codes in enumerate(meetings):
        first = np.ones(len(codes), dtype=np.bool_)
        for earlier in meetings[:position]:
            first &= codes != earlier
        keys.append(group[first] * people + codes[first])
        entries.append(np.flatnonzero(first))
    return np.concatenate(keys), np.concatenate(entries)


def most_per_class(classes: IntArray, amounts: IntArray, count: int) -> IntArray:
    """The largest amount of each of ``count`` classes; 0 where there is none."""
    most = np.zeros(count, dtype=np.int64)
    np.maximum.at(most, classes, amounts)
    return most
