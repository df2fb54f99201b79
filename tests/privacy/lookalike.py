"""Seeded tables that look like the loans of a network: long tails, few regulars."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mutuali.privacy.plan import (
    Column,
    Diversity,
    Hierarchy,
    KAnonymity,
    Mean,
    Model,
    Plan,
    Role,
)


def tree(width: int, *groups: int) -> Hierarchy:
    """``width`` values "v000".. in nested groups of the given sizes, then '*'."""
    rows = [
        (f"v{value:03}", *(f"{size}g{value // size:03}" for size in groups), "*")
        for value in range(width)
    ]
    return Hierarchy.table(rows)


#: Width and group sizes of seven quasi-identifiers, 3 to 4 levels each.
SEVEN = ((34, 6), (12, 3), (11, 3), (8, 2, 4), (20, 5), (6, 2), (24, 4, 12))


def skewed(
    rng: np.random.Generator, rows: int, width: int, power: float = 1.1
) -> npt.NDArray[np.int64]:
    """Values 0 to ``width`` - 1, the first ones far more often (Zipf)."""
    weights = 1 / np.arange(1, width + 1) ** power
    return np.asarray(rng.choice(width, size=rows, p=weights / weights.sum()))


def loans(rows: int, lenders: int, borrowers: int, *, seed: int = 7) -> pa.Table:
    """Loans with the seven quasi-identifiers "q0".., a sensitive "state" and a plain "units"."""
    rng = np.random.default_rng(seed)
    columns: dict[str, list[str] | list[int]] = {
        f"q{position}": [f"v{value:03}" for value in skewed(rng, rows, width)]
        for position, (width, *_) in enumerate(SEVEN)
    }
    columns["lender"] = [f"org{value}" for value in skewed(rng, rows, lenders)]
    columns["borrower"] = [f"org{value}" for value in skewed(rng, rows, borrowers)]
    columns["state"] = [f"s{value}" for value in skewed(rng, rows, 5, 0.8)]
    columns["units"] = [int(value) + 1 for value in skewed(rng, rows, 9)]
    columns["phone"] = [f"514-555-{number:06}" for number in range(rows)]
    return pa.table(columns)


def loan_plan(
    *sides: str, k: int = 5, limit: float = 0.1, diverse: bool = True, mean: Mean = Mean.ARITHMETIC
) -> Plan:
    """The plan of :func:`loans`; the sides named are its contributors."""
    models: list[Model] = [KAnonymity(k)]
    if diverse:
        models.append(Diversity("state"))
    return Plan(
        version="test",
        columns=(
            Column("phone", Role.IDENTIFIER),
            *(Column(side, Role.CONTRIBUTOR) for side in sides),
            *(
                Column(f"q{position}", Role.QUASI_IDENTIFIER, tree(width, *groups))
                for position, (width, *groups) in enumerate(SEVEN)
            ),
            Column("state", Role.SENSITIVE if diverse else Role.PLAIN),
            Column("units", Role.PLAIN),
        ),
        models=tuple(models),
        suppression_limit=limit,
        sides=sides,
        mean=mean,
    )
