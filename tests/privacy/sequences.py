"""Small builds made by hand or by dice, and an attacker who writes down every unknown there is."""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from mutuali.privacy.cells.scheme import Status
from mutuali.privacy.sequences.told import Build, Entry, Figure

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

SIDES = ("lender", "borrower")
FAMILIES, QUARTERS, ZONES = ("truck", "room"), ("2026-Q1", "2026-Q2"), ("east", "west")

#: (lender, borrower, ground labels) -> loans.
Loans = Mapping[tuple[str, str, tuple[tuple[str, str], ...]], int]


def ground(
    family: str = "truck", quarter: str = "2026-Q1", zone: str = "east"
) -> Mapping[str, str]:
    half = f"{quarter[:4]}-H{(int(quarter[-1]) + 1) // 2}"
    return {"family": family, "quarter": quarter, "half_year": half, "zone": zone}


def build(
    loans: Loans,
    tables: Iterable[tuple[str, ...]],
    *,
    base: int = 1,
    hidden: Iterable[tuple[str, ...]] = (),
    only: Mapping[str, str] | None = None,
) -> Build:
    """What is told of ``loans`` in ``tables``, each cell but the ``hidden`` ones; ``only`` under
    these labels."""
    kept = {
        key: amount
        for key, amount in loans.items()
        if all(dict(key[2])[name] == label for name, label in (only or {}).items())
    }
    grounds = sorted({key[2] for key in kept})
    entries = tuple(
        Entry((lender, borrower), grounds.index(where), amount)
        for (lender, borrower, where), amount in sorted(kept.items())
    )
    figures = []
    for names in tables:
        sums: dict[tuple[str, ...], int] = defaultdict(int)
        for (_, _, where), amount in kept.items():
            sums[tuple(dict(where)[name] for name in names)] += amount
        for labels, total in sorted(sums.items()):
            show = labels not in set(hidden)
            status = Status.PUBLISHED if show else Status.SUPPRESSED
            value = (total + base // 2) // base * base if show else None
            figures.append(Figure(names, labels, "loans", status, value, base))
    return Build(
        tuple(dict(where) for where in grounds),
        {"loans": SIDES},
        {"loans": entries},
        tuple(figures),
    )


def some_loans(
    dice: random.Random, people: Sequence[str], count: int
) -> dict[tuple[str, str, tuple[tuple[str, str], ...]], int]:
    loans: dict[tuple[str, str, tuple[tuple[str, str], ...]], int] = defaultdict(int)
    home = {who: dice.choice(ZONES) for who in people}
    for _ in range(count):
        lender, borrower = dice.sample(people, 2)
        where = ground(dice.choice(FAMILIES), dice.choice(QUARTERS), home[borrower])
        loans[lender, borrower, tuple(sorted(where.items()))] += dice.choice((1, 1, 2, 9))
    return loans


def of(loans: Loans, people: Iterable[str]) -> Loans:
    """The loans between these people."""
    kept = set(people)
    return {key: n for key, n in loans.items() if {key[0], key[1]} <= kept}


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """The unknowns, whose they are, and between what the figures lie that ``rows`` sum."""

    who: npt.NDArray[np.str_]
    values: FloatArray
    rows: FloatArray
    low: FloatArray
    high: FloatArray


def known_too_closely(builds: Sequence[Build], percent: int) -> bool:
    """Whether the largest other contributor gets within ``percent`` % of anybody's part, in a cell,
    a row, a column or the whole of a table: one unknown per contributor, ground and holders."""
    truth: dict[tuple[tuple[str, ...], tuple[tuple[str, str], ...]], frozenset[int]] = {}
    amount = {}
    for number, each in enumerate(builds):
        for entry in each.entries["loans"]:
            key = (entry.people, tuple(sorted(each.grounds[entry.ground].items())))
            truth[key] = truth.get(key, frozenset()) | {number}
            amount[key] = entry.amount
    told = [(n, f) for n, each in enumerate(builds) for f in each.figures if f.told]
    names = {f.names for _, f in told}
    places = {
        tuple(zip(some, (dict(where)[n] for n in some), strict=True))
        for _, where in truth
        for table in names
        for count in range(len(table) + 1)
        for some in combinations(table, count)
    }
    for side in range(2):
        unknowns: dict[tuple[str, tuple[tuple[str, str], ...], frozenset[int]], int] = defaultdict(
            int
        )
        for (people, where), holders in truth.items():
            unknowns[people[side], where, holders] += amount[people, where]
        keys = list(unknowns)
        values = np.array([unknowns[key] for key in keys], dtype=float)
        rows = np.array(
            [
                [
                    float(n in holders and set(zip(f.names, f.labels, strict=True)) <= set(where))
                    for _, where, holders in keys
                ]
                for n, f in told
            ]
        ).reshape(len(told), len(keys))
        low, high = np.array([f.between for _, f in told], dtype=float).reshape(-1, 2).T
        known = _Known(np.array([key[0] for key in keys]), values, rows, low, high)
        for place in places:
            inside = np.array([set(place) <= set(where) for _, where, _ in keys])
            for some in {
                frozenset(holders for _, _, holders in keys),
                *(frozenset({holders}) for _, _, holders in keys),
            }:
                here = inside & np.array([holders in some for _, _, holders in keys])
                if _attacked(known, here, inside, percent):
                    return True
    return False


def _attacked(known: _Known, here: BoolArray, inside: BoolArray, percent: int) -> bool:
    who, values = known.who, known.values
    for target in set(who[here]):
        mine = here & (who == target)
        value = values[mine].sum()
        largest = _largest(known, here, target) or _largest(known, inside, target)
        own = who == largest
        bounds = [(v, v) if fixed else (0, None) for v, fixed in zip(values, own, strict=True)]
        ends = []
        for sign in (1, -1):
            found = linprog(
                sign * mine.astype(float),
                np.vstack([known.rows, -known.rows]),
                np.concatenate([known.high, -known.low]),
                bounds=bounds,
            )
            ends.append(sign * found.fun if found.status == 0 else sign * -np.inf)
        need = max(1, -(-percent * int(value) // 100))
        if ends[1] < value + need - 1e-6 or ends[0] > value - need + 1e-6:
            return True
    return False


def _largest(known: _Known, here: BoolArray, target: str) -> str | None:
    sums: dict[str, float] = defaultdict(float)
    for name, value in zip(known.who[here], known.values[here], strict=True):
        if name != target:
            sums[name] += value
    return max(sums, key=lambda name: sums[name]) if sums else None
