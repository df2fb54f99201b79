"""Codes that say more with each character: H2X 1Y4 -> H2X -> H2 -> H -> '*', or H2X****."""

from collections.abc import Sequence
from itertools import pairwise

from mutuali.privacy.hierarchy import ANY, Hierarchy
from mutuali.privacy.plans.problems import Misfit


def prefix_hierarchy(values: Sequence[str], lengths: Sequence[int]) -> Hierarchy:
    """The first characters of each value, fewer at each level; a shorter value stays whole.

    Blanks at the end of a prefix are left out: "H2X 1Y4" to four characters is "H2X".

    Raises:
        Misfit: no values, or lengths that do not descend to 1 or more.
    """
    _check(values, lengths)
    return _table(
        values, lengths, "first {}", [[text[:n].rstrip() for n in lengths] for text in values]
    )


def mask_hierarchy(values: Sequence[str], lengths: Sequence[int], mask: str = "*") -> Hierarchy:
    """As :func:`prefix_hierarchy`, with the characters left out shown by ``mask``, one for one.

    Raises:
        Misfit: as there, or a mask that is not one character.
    """
    _check(values, lengths)
    if len(mask) != 1:
        raise Misfit("mask_not_one", mask=mask)
    labels = [[text[:n] + mask * (len(text) - n) for n in lengths] for text in values]
    return _table(values, lengths, "first {} shown", labels)


def _check(values: Sequence[str], lengths: Sequence[int]) -> None:
    if not values:
        raise Misfit("empty_domain")
    if not lengths or lengths[-1] < 1 or any(a <= b for a, b in pairwise(lengths)):
        raise Misfit("lengths_do_not_descend", lengths=", ".join(map(str, lengths)))


def _table(
    values: Sequence[str], lengths: Sequence[int], name: str, labels: Sequence[Sequence[str]]
) -> Hierarchy:
    rows = sorted((text, *row, ANY) for text, row in zip(values, labels, strict=True))
    return Hierarchy.table(rows, ("value", *(name.format(length) for length in lengths), ANY))
