"""Les fichiers et les intervalles / the files and the intervals.

Aucun chiffre n’est exact, et chaque réponse est un intervalle qui contient le vrai: un chiffre
publié a été arrondi; un chiffre supprimé vaut au moins 0, et au plus ce que les autres tableaux du
même fichier lui laissent; une tranche de repas a deux bords, et la dernière est ouverte.

No figure is exact, and each answer is an interval that holds the true one: a published figure was
rounded; a suppressed one is at least 0, and at most what the other tables of the same file leave
for it; a band of meals has two edges, and the last one is open.
"""

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

#: The lowest and the highest it can be; no highest where nothing says so.
Interval = tuple[int, int | None]
Row = dict[str, str]


@dataclass(frozen=True)
class Bundle:
    """A file as it was received: its report and its tables; ``lines`` of loans that are alike."""

    dataset: str
    sha256: str
    report: Mapping[str, Any]
    tables: Mapping[str, Sequence[Row]]
    lines: Mapping[tuple[str, ...], int]


#: What counts as alike in a file of loans: all but the number that marks the copy.
ALIKE = (
    *("family", "quarter", "duration_band", "lead_band", "units_band", "meals_band"),
    *("borrower_area", "outcome"),
)


def bundle_from(entries: Mapping[str, bytes], sha256: str = "") -> Bundle:
    """What the entries of a bundle say.

    Raises:
        KeyError, ValueError: they are of no bundle.
    """
    report = json.loads(entries["report.json"])
    tables: dict[str, list[Row]] = {}
    lines: Counter[tuple[str, ...]] = Counter()
    for name in report["files"]:
        if name.endswith(".csv"):
            rows = csv.DictReader(io.StringIO(entries[name].decode()))
            if report["dataset"] == "loans":
                lines.update(tuple(row[column] for column in ALIKE) for row in rows)
            else:
                tables[name.removesuffix(".csv")] = list(rows)
    return Bundle(report["dataset"], sha256, report, tables, lines)


def latest(bundles: Iterable[Bundle]) -> dict[str, Bundle]:
    """The latest bundle of each dataset, by its name."""
    return {each.dataset: each for each in sorted(bundles, key=lambda each: each.report["as_of"])}


#: The widest rounding that an agreement may ask for.
WIDEST_BASE = 25
TIMES = {"quarter": 0, "half_year": 1, "year": 2}
#: How many periods of one length make one of another: quarters, half-years, years.
MAKE = {(0, 0): 1, (0, 1): 2, (0, 2): 4, (1, 1): 1, (1, 2): 2, (2, 2): 1}
FAMILY_OF = {
    **dict.fromkeys(("vehicle", "heavy_equipment"), "transport"),
    **dict.fromkeys(("kitchen", "cooking", "preparation"), "kitchen"),
    **dict.fromkeys(("cold_storage", "dry_storage", "refrigeration"), "storage"),
    **dict.fromkeys(("surplus", "peoples_time", "subcontracting", "other"), "other"),
}


def plus(some: Iterable[Interval]) -> Interval:
    """The sum of some."""
    low, high = 0, 0
    still: int | None = high
    for low_, high_ in some:
        low += low_
        still = None if still is None or high_ is None else still + high_
    return low, still


def minus(whole: Interval, part: Interval) -> Interval:
    """What is left of a whole without a part; never below 0."""
    low = 0 if part[1] is None else max(0, whole[0] - part[1])
    return low, None if whole[1] is None else max(0, whole[1] - part[0])


def percent(part: Interval, rest: Interval) -> Interval:
    """How many of 100 a part makes of itself and the rest, in whole numbers, outwards."""
    low = 100 * part[0] // (part[0] + rest[1]) if part[0] and rest[1] is not None else 0
    if part[1] is None:
        return low, 100
    return low, -(-100 * part[1] // (part[1] + rest[0])) if part[1] else 0


@dataclass(frozen=True)
class Cell:
    """A figure of a table: what it is crossed by, its period, and the interval it lies in."""

    table: str
    figure: str
    keys: Mapping[str, str]
    period: str
    status: str
    interval: Interval
    is_new: bool

    @property
    def length(self) -> int:
        """Of its period: 0 a quarter, 1 a half-year, 2 a year."""
        return 0 if "Q" in self.period else 1 if "H" in self.period else 2


def cells_of(bundle: Bundle) -> list[Cell]:
    """Every figure of a bundle with its interval, made narrower by the other tables."""
    new = {
        (each["table"], each["period"])
        for each in bundle.report["periods"]
        if each["follow"] == "build"
    }
    found = []
    for name, rows in bundle.tables.items():
        time = next(column for column in rows[0] if column.removeprefix("asked_") in TIMES)
        base = {
            period: _base(bundle.report["base"], rows, time, period, (name, period) in new)
            for period in {row[time] for row in rows}
        }
        for row in rows:
            keys = {key: value for key, value in row.items() if key.endswith(("family", "zone"))}
            if "category" in row:
                keys["family"] = FAMILY_OF[row["category"]]
            for figure in (key for key in row if f"{key}_status" in row):
                status, period = row[f"{figure}_status"], row[time]
                interval = as_interval(row[figure], status, base[period])
                is_new = (name, period) in new
                found.append(Cell(name, figure, keys, period, status, interval, is_new))
    return narrowed(found)


def _base(base: int, rows: Sequence[Row], time: str, period: str, is_new: bool) -> int:
    """What a period was rounded to; one that is copied from an earlier file perhaps to more."""
    if is_new:
        return base
    values = [
        int(row[key])
        for row in rows
        if row[time] == period
        for key in row
        if row.get(f"{key}_status") == "published"
    ]
    wider = range(base, max(base, WIDEST_BASE) + 1, base)
    return max(each for each in wider if each == base or not any(v % each for v in values))


def as_interval(value: str, status: str, base: int) -> Interval:
    """Where the true figure lies: a half is rounded up, and nothing published is 0."""
    if status == "zero":
        return 0, 0
    if status != "published":
        return 0, None
    return max(1, int(value) - base // 2), int(value) + base - 1 - base // 2


def narrowed(cells: Sequence[Cell]) -> list[Cell]:
    """Cells bounded by each other: two tables of one file that sum the same rows have one sum.

    Only of periods that were made anew for this file: one copied from an earlier file, when others
    had said yes, may sum other rows.
    """
    intervals = [cell.interval for cell in cells]
    by_table: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, cell in enumerate(cells):
        by_table[cell.figure, cell.table].append(n)
    for (figure, one), (other_figure, other) in combinations(sorted(by_table), 2):
        if figure != other_figure:
            continue
        pair = (by_table[figure, one], by_table[figure, other])
        first, second = (_groups(cells, mine, yours) for mine, yours in (pair, pair[::-1]))
        for group in sorted(first.keys() & second.keys()):
            for _ in range(3):
                _narrow(intervals, first[group], second[group])
                _narrow(intervals, second[group], first[group])
    return [replace(cell, interval=each) for cell, each in zip(cells, intervals, strict=True)]


def _groups(
    cells: Sequence[Cell], mine: Sequence[int], yours: Sequence[int]
) -> dict[tuple[str, ...], list[int]]:
    """The cells of a table by what the other table can be summed by too; whole groups only."""
    here, there = cells[mine[0]], cells[yours[0]]
    common = sorted(here.keys.keys() & there.keys.keys())
    length = max(here.length, there.length)
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for n in mine:
        wide = wider(cells[n].period, length)
        groups[(*(cells[n].keys[key] for key in common), wide)].append(n)
    needed = MAKE[here.length, length]
    return {
        group: some
        for group, some in groups.items()
        if all(cells[n].is_new for n in some) and len({cells[n].period for n in some}) == needed
    }


def wider(period: str, length: int) -> str:
    """The period of a length that one lies in."""
    if length == 1 and "Q" in period:
        return f"{period[:4]}-H{(int(period[-1]) + 1) // 2}"
    return period[:4] if length == 2 else period


def _narrow(intervals: list[Interval], group: Sequence[int], same: Sequence[int]) -> None:
    """Bound each cell of a group by what another group sums to, less the rest of its own."""
    whole = plus(intervals[n] for n in same)
    for n in group:
        left = minus(whole, plus(intervals[other] for other in group if other != n))
        low, high = intervals[n]
        highs = [each for each in (high, left[1]) if each is not None]
        intervals[n] = max(low, left[0]), min(highs) if highs else None


@dataclass
class Figures:
    """The figures of a bundle, to be summed; ``hidden`` of ``read`` cells said nothing."""

    cells: Sequence[Cell]
    read: int = 0
    hidden: int = 0

    def by(self, figure: str, keys: Sequence[str], **only: str) -> dict[tuple[str, ...], Interval]:
        """A figure by some keys ("family", "zone", "from", "period"), from the table with the
        fewest others; nothing where no table is that fine."""
        wanted = {*keys, *only} - {"period"}
        fine = [cell for cell in self.cells if cell.figure == figure and wanted <= _named(cell)]
        if not fine:
            return {}
        table = min((len(cell.keys), cell.table) for cell in fine)[1]
        groups: dict[tuple[str, ...], list[Interval]] = defaultdict(list)
        for cell in fine:
            if cell.table == table and all(value_of(cell, k) == v for k, v in only.items()):
                groups[tuple(value_of(cell, key) for key in keys)].append(cell.interval)
                self.read += 1
                self.hidden += cell.status not in ("published", "zero")
        return {group: plus(some) for group, some in groups.items()}


def value_of(cell: Cell, key: str) -> str:
    """What a cell is crossed by under the short name of a key."""
    return cell.period if key == "period" else cell.keys[_LONG.get(key, key)]


_LONG = {"zone": "borrower_zone", "from": "lender_zone"}


def _named(cell: Cell) -> set[str]:
    short = {long: short for short, long in _LONG.items()}
    return {short.get(key, key) for key in cell.keys}
