"""Tables of sums: from rows, keys and figures to bytes that were counted twice."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

from mutuali.agreements.rules import Dataset
from mutuali.bookings.rules import ANY_FAMILY
from mutuali.core.places import ZONES
from mutuali.equipment.rules import FAMILY, Family, Kind
from mutuali.exports.rules.catalogue import ELSEWHERE, DeclaredTable
from mutuali.exports.rules.seasons import Season, half_of
from mutuali.exports.service.built import BuiltTable, CellWitness
from mutuali.exports.service.snapshot import Snapshot, seasons_of, time_of
from mutuali.privacy.cells.tabulate import (
    CellScheme,
    Coarser,
    Expected,
    Measure,
    Status,
    tabulate,
)
from mutuali.privacy.check.recount_cells import recount_cells
from mutuali.privacy.check.remeasure import MeasuredCells
from mutuali.privacy.errors import NothingToRelease, Reason
from mutuali.privacy.progress import Progress
from mutuali.privacy.text import to_csv

if TYPE_CHECKING:
    import pyarrow as pa

#: Whom each figure hides.
SIDES: Mapping[str, tuple[str, ...]] = {
    "loans": ("lender", "borrower"),
    "unit_hours_lent": ("lender", "borrower"),
    "unit_hours_offered": ("lender",),
    "trips": ("lender", "borrower"),
    "searches": ("searcher",),
    "requests": ("lender", "borrower"),
}
#: Nobody records these.
NOT_RECORDED = frozenset({"trips"})

#: From the finest label to the widest, for keys that say the same more or less closely.
_AXES = (
    ("category", "family"),
    ("quarter", "half_year", "year"),
    ("asked_quarter", "asked_half_year", "asked_year"),
)


@dataclass(frozen=True, slots=True)
class Summed:
    """One table as it leaves; ``share_kept`` is the share, 0 to 1, of the first figure of
    consenting organizations that a published cell speaks of."""

    built: BuiltTable
    measured: MeasuredCells
    share_kept: float


def made(
    snapshot: Snapshot,
    table: DeclaredTable,
    rows: "pa.Table",
    beside: Sequence[DeclaredTable],
    progress: Progress,
) -> Summed:
    """Sum ``rows`` into the cells of ``table`` and measure its bytes.

    ``rows`` has the table's keys and figures and a column per side; ``beside`` are all tables of
    the same release, which could be summed to look into this one. ``progress`` hears how far
    the tables are: "decide", "write", "check".

    Raises:
        PrivacyError: the bytes are not what they should be.
    """
    rule = scheme(snapshot, table, beside)
    expected = list(_expected(snapshot, table))
    before = beside.index(table) / len(beside)
    progress("decide", before)
    cells = tabulate(rows, rule, expected)
    progress("write", before)
    data = to_csv(cells.table)
    progress("check", before)
    measured = recount_cells(data, rows, rule, expected)
    progress("decide", before + 1 / len(beside))
    lines = cells.table.to_pylist()
    built = BuiltTable(table, data, len(lines), _witness(lines, rows, rule), rows)
    return Summed(built, measured, share_kept(lines, rows, table))


def those_that_speak(made: Sequence[Summed]) -> tuple[list[Summed], list[DeclaredTable]]:
    """The tables that say something, and those withheld because nothing in them may be said.

    Raises:
        NothingToRelease: every table is empty.
    """
    kept = [each for each in made if each.measured.published]
    if not kept:
        raise NothingToRelease(Reason.ALL_SUPPRESSED, "no figure of any table may be published")
    return kept, [each.built.table for each in made if not each.measured.published]


def scheme(snapshot: Snapshot, table: DeclaredTable, beside: Sequence[DeclaredTable]) -> CellScheme:
    """The fixed rule of a table, in the numbers of the agreement; nobody has more than half.

    No sum that the table itself, or another of the release, gives away has one hidden part.
    """
    measures = tuple(
        Measure(name, SIDES[name], collected=name not in NOT_RECORDED) for name in table.figures
    )
    links = {keys for size in range(1, len(table.keys)) for keys in combinations(table.keys, size)}
    links |= {_common(table, other) for other in beside if other is not table}
    links -= {(), table.keys}
    named = {name for names in links for name in names} - set(table.keys)
    return CellScheme(
        table.keys,
        measures,
        tuple(sorted(links)),
        k=snapshot.settings.k,
        base=snapshot.settings.base,
        percent=snapshot.settings.share_percent,
        coarser={name: _coarser(snapshot, table, name) for name in sorted(named)},
    )


def _common(table: DeclaredTable, other: DeclaredTable) -> tuple[str, ...]:
    """By what both tables can be summed, under the names of the wider of each two keys."""
    common = [key for key in table.keys if key in other.keys]
    for axis in _AXES:
        places = [[axis.index(key) for key in one.keys if key in axis] for one in (table, other)]
        if all(places) and places[0] != places[1]:
            common.append(axis[max(place for (place,) in places)])
    return tuple(common)


def _coarser(snapshot: Snapshot, table: DeclaredTable, name: str) -> Coarser:
    if name == "family":
        return Coarser("category", {kind.value: FAMILY[kind].value for kind in Kind})
    of = next(key for key in table.keys if time_of(key) is not None)
    widen = half_of if time_of(name) == "half_year" else _year_of
    seasons = seasons_of(snapshot.dataset, of, snapshot.now)
    return Coarser(of, {season.name: widen(season.name) for season in seasons})


def _year_of(season: str) -> str:
    return season[:4]


def _expected(snapshot: Snapshot, table: DeclaredTable) -> Iterator[Expected]:
    """Every cell of a table in its order, whether or not anything falls into it."""
    labels = [_labels(snapshot, key) for key in table.keys]
    for cell in product(*labels):
        season = next(each for each in cell if isinstance(each, Season))
        since = snapshot.collected_since
        yield Expected(
            tuple(each.name if isinstance(each, Season) else each for each in cell),
            collected=since is not None and since < season.period.end,
        )


def _labels(snapshot: Snapshot, key: str) -> Sequence[str | Season]:
    if time_of(key) is not None:
        return seasons_of(snapshot.dataset, key, snapshot.now)
    if key == "family":
        anything = (ANY_FAMILY,) if snapshot.dataset is Dataset.UNMET_DEMAND else ()
        return [*(family.value for family in Family), *anything]
    if key == "category":
        return [kind.value for kind in Kind]
    return (*ZONES, ELSEWHERE)


def _witness(
    lines: Sequence[Mapping[str, Any]], rows: "pa.Table", rule: CellScheme
) -> tuple[CellWitness, ...]:
    """Who stands behind the published figures of each line; searchers are known to nobody."""
    import pyarrow.compute as pc

    behind: dict[tuple[str, ...], dict[str, set[int]]] = {
        tuple(line[key] for key in rule.keys): {} for line in lines
    }
    for measure in rule.measures:
        shown = {
            tuple(line[key] for key in rule.keys)
            for line in lines
            if line[f"{measure.name}_status"] == Status.PUBLISHED
        }
        carried = rows.filter(pc.is_valid(rows.column(measure.name)))
        for side in (side for side in measure.sides if side != "searcher"):
            cells = carried.group_by(rule.keys).aggregate([(side, "distinct")])
            keys = zip(*(cells[name].to_pylist() for name in rule.keys), strict=True)
            for key, people in zip(keys, cells[f"{side}_distinct"].to_pylist(), strict=True):
                if key in shown:
                    behind[key].setdefault(side, set()).update(people)
    return tuple(
        CellWitness(key, {side: frozenset(people) for side, people in sides.items()})
        for key, sides in behind.items()
    )


def share_kept(lines: Iterable[Mapping[str, Any]], rows: "pa.Table", table: DeclaredTable) -> float:
    """The share, 0 to 1, of a table's first figure that its published cells speak of."""
    figure = table.figures[0]
    summed = rows.group_by(list(table.keys)).aggregate([(figure, "sum")]).to_pydict()
    exact = dict(
        zip(
            zip(*(summed[key] for key in table.keys), strict=True),
            (value or 0 for value in summed[f"{figure}_sum"]),
            strict=True,
        )
    )
    kept = sum(
        exact.get(tuple(line[key] for key in table.keys), 0)
        for line in lines
        if line[f"{figure}_status"] == Status.PUBLISHED
    )
    total = sum(exact.values())
    return kept / total if total else 0.0
