"""Published cells as multiples of a base that still add up.

Cox and Ernst, Controlled rounding, INFOR 20, 1982, as a program in whole numbers. It sees published
cells alone: a hidden one only has to have some multiple. What is rounded is so made from what could
be published anyway, and tells nothing more.
"""

from typing import Any

import numpy as np

from mutuali.privacy.errors import CannotRound, PlanError
from mutuali.privacy.margins.table import BoolArray, Key, Table, equations

#: Up to as many cells the least sum of differences is found; above, a search for it took minutes.
FEW_CELLS = 600

#: In larger tables a rounding will do that is within this share of the best bound known.
GAP = 0.1

#: A search ends after as many nodes: a count, so that it ends the same each time.
NODES = 1_000


def rounded(table: Table, base: int, hidden: BoolArray) -> dict[Key, int]:
    """Each cell that is not hidden as one of its two nearest multiples of ``base``.

    A multiple stays itself. Of all roundings that add up, one whose sum of differences is the least
    in a small table, and near it in a large one.

    Raises:
        PlanError: a base below 2.
        CannotRound: no such rounding was found; in three dimensions there may be none.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    if base < 2:
        raise PlanError(f"base {base} is below 2 and rounds nothing")
    below, above = np.divmod(table.value, base)
    below[hidden] = 0
    # 1 is one multiple up: by choice where a cell lies between two, without limit where hidden.
    most = np.where(hidden, np.inf, (above > 0).astype(np.float64))
    adds_up = equations(table.dimensions)
    shown = -(adds_up @ below.astype(np.float64))
    result: Any = milp(
        np.where(hidden, 0, base - 2 * above),
        integrality=np.ones(len(below)),
        bounds=Bounds(0, most),
        constraints=LinearConstraint(adds_up, shown, shown),
        options={"mip_rel_gap": 0 if len(below) <= FEW_CELLS else GAP, "node_limit": NODES},
    )
    if result.x is None:
        raise CannotRound(f"no nearest multiples of {base} that add up were found")
    multiples = base * (below + np.rint(result.x).astype(np.int64))
    return {table.key(cell): int(multiples[cell]) for cell in map(int, np.flatnonzero(~hidden))}
