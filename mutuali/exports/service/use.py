"""The ``equipment-use`` dataset: fixed, published tables of sums, the same every time."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mutuali.bookings.rules import State
from mutuali.core.places import ZONES
from mutuali.equipment.rules import Family
from mutuali.exports.rules.bands import HOUR, LENT
from mutuali.exports.rules.catalogue import BY_FAMILY, BY_ZONE, ELSEWHERE, DeclaredTable
from mutuali.exports.rules.seasons import Season, complete_halves, complete_quarters, season_finder
from mutuali.exports.service.built import CellWitness
from mutuali.exports.service.snapshot import USE_HALVES, USE_QUARTERS, Snapshot, zone_of
from mutuali.privacy.cells.tabulate import CellScheme, Expected, Measure, Status, tabulate
from mutuali.privacy.check.remeasure import MeasuredCells, remeasure_cells
from mutuali.privacy.errors import NothingToRelease, Reason
from mutuali.privacy.text import to_csv

VERSION = "equipment-use-1"
#: Figures are multiples of this.
BASE = 5

Row = Mapping[str, Any]
_LOANS = Measure("loans", ("lender", "borrower"))
_LENT = Measure("unit_hours_lent", ("lender", "borrower"))
_OFFERED = Measure("unit_hours_offered", ("lender",))


@dataclass(frozen=True, slots=True)
class UseTable:
    """One table as it leaves; ``share_kept`` is the share, 0 to 1, of the loans of consenting
    organizations that a published figure speaks of."""

    table: DeclaredTable
    data: bytes
    measured: MeasuredCells
    share_kept: float
    witness: tuple[CellWitness, ...]


def tables(snapshot: Snapshot) -> tuple[list[UseTable], list[DeclaredTable]]:
    """The tables that say something, and those withheld because nothing in them may be said.

    Raises:
        NothingToRelease: every table is empty.
        PrivacyError: the bytes are not what they should be.
    """
    made = (_by_family(snapshot), _by_zone(snapshot))
    kept = [each for each in made if each.measured.published]
    if not kept:
        raise NothingToRelease(Reason.ALL_SUPPRESSED, "no figure of any table may be published")
    return kept, [each.table for each in made if not each.measured.published]


def scheme(table: DeclaredTable, k: int) -> CellScheme:
    """The fixed rule of a table: k contributors on each side, nobody over half, multiples of 5.

    No row and no column of it hides exactly one figure: another table could give its sum.
    """
    keys = table.column_names[:2]
    measures = (_LOANS, _LENT, _OFFERED) if table is BY_FAMILY else (_LOANS, _LENT)
    return CellScheme(keys, measures, ((keys[0],), (keys[1],)), k=k, base=BASE)


def _by_family(snapshot: Snapshot) -> UseTable:
    quarters = complete_quarters(snapshot.now, USE_QUARTERS)
    season_at = season_finder(quarters)
    rows: list[Row] = [
        {
            "family": snapshot.families[loan["listing"]],
            "quarter": season_at(loan["starts_at"]),
            "unit_hours_offered": None,
            **_lent(snapshot, loan),
        }
        for loan in _lent_in(snapshot, season_at)
    ]
    rows += _offered(snapshot, quarters)
    keys = [(family.value, season) for family in Family for season in quarters]
    return _made(snapshot, BY_FAMILY, rows, keys)


def _by_zone(snapshot: Snapshot) -> UseTable:
    halves = complete_halves(snapshot.now, USE_HALVES)
    season_at = season_finder(halves)
    rows: list[Row] = [
        {
            "borrower_zone": zone_of(snapshot.boroughs.get(loan["borrower"])),
            "half_year": season_at(loan["starts_at"]),
            **_lent(snapshot, loan),
        }
        for loan in _lent_in(snapshot, season_at)
    ]
    keys = [(zone, season) for zone in (*ZONES, ELSEWHERE) for season in halves]
    return _made(snapshot, BY_ZONE, rows, keys)


def _made(
    snapshot: Snapshot,
    table: DeclaredTable,
    rows: list[Row],
    keys: list[tuple[str, Season]],
) -> UseTable:
    since = snapshot.collected_since
    expected = [
        Expected(
            (first, season.name),
            collected=since is not None and since < season.period.end,
        )
        for first, season in keys
    ]
    rule = scheme(table, snapshot.k)
    made = tabulate(rows, rule, expected)
    data = to_csv(made.table)
    measured = remeasure_cells(data, rows, rule, expected)
    spoken_of = {
        (line[rule.keys[0]], line[rule.keys[1]])
        for line in made.table.to_pylist()
        if line["loans_status"] == Status.PUBLISHED
    }
    loans = [row for row in rows if row["loans"] is not None]
    kept = sum((row[rule.keys[0]], row[rule.keys[1]]) in spoken_of for row in loans)
    witness = _witness(made.table.to_pylist(), rows, rule)
    return UseTable(table, data, measured, kept / len(loans) if loans else 0.0, witness)


def _witness(
    lines: list[dict[str, Any]], rows: list[Row], rule: CellScheme
) -> tuple[CellWitness, ...]:
    """Who stands behind the published figures of each line."""
    shown = {
        tuple(line[key] for key in rule.keys): [
            measure
            for measure in rule.measures
            if line[f"{measure.name}_status"] == Status.PUBLISHED
        ]
        for line in lines
    }
    behind: dict[tuple[str, ...], dict[str, set[int]]] = {key: {} for key in shown}
    for row in rows:
        key = tuple(row[name] for name in rule.keys)
        for measure in shown[key]:
            if row[measure.name] is not None:
                for side in measure.sides:
                    behind[key].setdefault(side, set()).add(row[side])
    return tuple(
        CellWitness(key, {side: frozenset(people) for side, people in sides.items()})
        for key, sides in behind.items()
    )


def _lent_in(snapshot: Snapshot, season_at: Callable[[float], str | None]) -> Iterator[Row]:
    """Loans that really took place, by the season in which they began."""
    lent = {state.value for state in LENT}
    begun = snapshot.now.timestamp()
    for loan in snapshot.loans.to_pylist():
        if loan["state"] in lent and loan["starts_at"] <= begun and season_at(loan["starts_at"]):
            yield loan


def _lent(snapshot: Snapshot, loan: Row) -> dict[str, Any]:
    still_out = loan["state"] == State.ON_LOAN.value
    end = loan["returned_at"] or (
        max(loan["ends_at"], int(snapshot.now.timestamp())) if still_out else loan["ends_at"]
    )
    return {
        "loans": 1,
        "unit_hours_lent": loan["units"] * _started_hours(end - loan["starts_at"]),
        "lender": snapshot.contributors[loan["lender"]],
        "borrower": snapshot.contributors[loan["borrower"]],
    }


def _offered(snapshot: Snapshot, quarters: tuple[Season, ...]) -> Iterator[Row]:
    """Hours on the calendar during which a listing could be found, times its units."""
    for listing in snapshot.offered.to_pylist():
        until = listing["withdrawn_at"] or snapshot.now.timestamp()
        for quarter in quarters:
            start = max(listing["published_at"], quarter.period.start.timestamp())
            end = min(until, quarter.period.end.timestamp())
            if start < end:
                yield {
                    "family": snapshot.families[listing["listing"]],
                    "quarter": quarter.name,
                    "loans": None,
                    "unit_hours_lent": None,
                    "unit_hours_offered": listing["units"] * _started_hours(end - start),
                    "lender": snapshot.contributors[listing["lender"]],
                    "borrower": None,
                }


def _started_hours(seconds: float) -> int:
    return int(-(-seconds // HOUR))
