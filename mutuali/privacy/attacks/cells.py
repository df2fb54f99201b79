"""Reconstruction: hidden cells of a table are computed from what is published around them.

Hundepool et al., Statistical Disclosure Control, 2012, chapter 4; the linear programs are those of
``margins.attack``. A hidden cell is disclosed when only its true value is possible.
"""

from collections.abc import Sequence

import numpy as np

from mutuali.privacy.attacks.result import Attack as Played
from mutuali.privacy.attacks.result import AttackResult, Claim, Text, scored
from mutuali.privacy.margins.attack import Attack
from mutuali.privacy.margins.table import BoolArray, Table
from mutuali.privacy.margins.unsafe import Fact

ATTACK = Played(
    "cells",
    Text("Une personne qui additionne et soustrait", "Somebody who adds and subtracts"),
    Text(
        "a calculé les cellules masquées à partir des totaux",
        "computed hidden cells from the totals",
    ),
)


def play(
    table: Table, hidden: BoolArray, *, facts: Sequence[Fact] = (), member: str | None = None
) -> AttackResult:
    """Against the hidden cells; ``facts`` are earlier releases, and a ``member`` knows its part.

    Targets are numbers of cells. ``table`` holds the true values; the programs use those of
    published cells, and hidden ones only as a place to start from.
    """
    attack = Attack(table, hidden, facts)
    own = np.zeros(len(table.value), dtype=np.int64)
    if member is not None:
        own = table.known.of(table.contributors.index(member))
    targets = np.flatnonzero(hidden & (own < table.value)).tolist()
    claims = []
    for cell in targets:
        low, _ = attack.furthest(cell, -1, own)
        high, _ = attack.furthest(cell, 1, own)
        if low == high:
            claims.append(Claim(cell, str(low)))
    right = [claim.value == str(int(table.value[claim.target])) for claim in claims]
    return scored(ATTACK, len(targets), claims, right)
