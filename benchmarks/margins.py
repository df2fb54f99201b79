"""Hiding in a table with all its margins: seconds, cells, and how far from the least that is."""

import time
from pathlib import Path

import numpy as np

from mutuali.privacy.margins.audit import audit
from mutuali.privacy.margins.choice import quick_choice
from mutuali.privacy.margins.demands import Room, demands, ties
from mutuali.privacy.margins.hiding import hide
from mutuali.privacy.margins.lightest import lighten
from mutuali.privacy.margins.unsafe import Protection, Rules, unsafe
from tests.privacy.small_margins import long_tailed

#: 34 places x 11 kinds x 12 months, by rows and contributors: from mostly unsafe to mostly safe.
LOADS = [(5_000, 150), (20_000, 150), (100_000, 300)]
SIZES = (34, 11, 12)

#: Goals: seconds to hide and audit; cells hidden, against the proved least of small tables.
SECONDS = 20.0
RATIO = 1.15

#: Small tables whose least can be proved: sizes, rows, seeds.
SMALL = [((4, 4), 60, range(20, 28)), ((3, 5), 80, range(20, 28)), ((2, 3, 2), 120, (20, 21, 22))]


def report(folder: Path) -> bool:
    """Print what tables of three densities take, and the ratio; whether the goals are met."""
    del folder
    return all([*(_large(rows, people) for rows, people in LOADS), _small()])


def _large(rows: int, people: int) -> bool:
    table = long_tailed(SIZES, rows, people, 1, most=1_000)
    start = time.monotonic()
    secret = unsafe(table, Rules())
    found = hide(table, secret)
    hidden = time.monotonic()
    looked = audit(table, found.hidden, secret, patterns=found.patterns)
    end = time.monotonic()
    met = end - start < SECONDS
    print(
        f"Margins of {' x '.join(map(str, SIZES))}, {rows} rows of {people} contributors: "
        f"{len(secret)} cells, {np.count_nonzero(secret)} unsafe, {found.weight} more hidden in "
        f"{hidden - start:.1f} s; audited against {looked.attackers} attackers in "
        f"{end - hidden:.1f} s; goal {SECONDS:.0f} s: {'met' if met else 'short'}"
    )
    return met


def _small() -> bool:
    quick, least = [], []
    for sizes, rows, seeds in SMALL:
        for seed in seeds:
            table = long_tailed(sizes, rows, 9, seed)
            secret = unsafe(table, Rules(k=3, share=70))
            room, weights = Room(table, ()), np.ones(len(secret), dtype=np.int64)
            asked = demands(table, secret, room, Protection())
            choice = quick_choice(table, secret, room, ties(table, ()), weights, asked)
            cells = np.count_nonzero(choice.hidden)
            if lighten(choice, Protection()) == choice.weight and cells:
                quick.append(cells)
                least.append(np.count_nonzero(choice.hidden))
    ratios = np.array(quick) / np.array(least)
    met = bool(ratios.max() <= RATIO)
    print(
        f"Cells hidden without a proof, of {len(ratios)} small tables with a proved least: "
        f"{sum(quick) / sum(least):.3f} of it, at worst {ratios.max():.3f}; goal {RATIO}: "
        f"{'met' if met else 'short'}"
    )
    return met
