"""The ``loans`` dataset: one coarse line per loan, hidden among contributors on each side."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mutuali.bookings.rules import State
from mutuali.core.places import BOROUGHS
from mutuali.equipment.rules import Family
from mutuali.exports.rules.bands import (
    DURATION_LADDER,
    LEAD_LADDER,
    MEALS_LADDER,
    UNITS_LADDER,
    duration_band,
    lead_band,
    meals_band,
    outcome,
    units_band,
)
from mutuali.exports.rules.catalogue import ELSEWHERE
from mutuali.exports.rules.seasons import complete_quarters, quarter_ladder, season_finder
from mutuali.exports.service.built import LineWitness
from mutuali.exports.service.snapshot import LOANS_QUARTERS, Snapshot, area_of
from mutuali.privacy.check.raw import Rows
from mutuali.privacy.check.remeasure import Measured, remeasure
from mutuali.privacy.engine import deidentify
from mutuali.privacy.plan import Column, Diversity, Hierarchy, KAnonymity, Plan, Role
from mutuali.privacy.report import Report
from mutuali.privacy.text import to_csv

if TYPE_CHECKING:
    import pyarrow as pa

VERSION = "loans-1"
SIDES = ("lender", "borrower")
#: At most this share of the eligible rows may be left out for the others' sake.
SUPPRESSION_LIMIT = 0.1

_LEVELS = ("band", "wide", "any")


def plan(snapshot: Snapshot, *, sides: tuple[str, ...] = SIDES) -> Plan:
    """What the release must promise: k contributors on each of ``sides``, two outcomes each."""
    areas = {
        **{slug: borough.zone for slug, borough in BOROUGHS.items()},
        ELSEWHERE: ELSEWHERE,
    }
    quarters = complete_quarters(snapshot.now, LOANS_QUARTERS)
    return Plan(
        version=VERSION,
        columns=(
            *(Column(side, Role.CONTRIBUTOR) for side in sides),
            _quasi("family", tuple((family.value, "*") for family in Family), ("family", "any")),
            _quasi("quarter", quarter_ladder(quarters), ("quarter", "half-year", "year", "any")),
            _quasi("duration_band", DURATION_LADDER, _LEVELS),
            _quasi("lead_band", LEAD_LADDER, _LEVELS),
            _quasi("units_band", UNITS_LADDER, _LEVELS),
            _quasi("meals_band", MEALS_LADDER, _LEVELS),
            _quasi(
                "borrower_area",
                tuple((slug, zone, "*") for slug, zone in areas.items()),
                ("borough", "zone", "any"),
            ),
            Column("outcome", Role.SENSITIVE),
        ),
        models=(KAnonymity(snapshot.k), Diversity("outcome", distinct=2)),
        suppression_limit=SUPPRESSION_LIMIT,
        sides=sides,
    )


def eligible(snapshot: Snapshot) -> "pa.Table":
    """The snapshot's loans as the plan reads them: bands, and who stands on each side.

    Rows whose story is not over, or that start outside the complete quarters, are not eligible.
    """
    import pyarrow as pa

    names = ("lender", "borrower", *_COLUMNS)
    columns: list[list[str]] = [[] for _ in names]
    for row in _rows(snapshot):
        for values, value in zip(columns, row, strict=True):
            values.append(value)
    return pa.table(
        [pa.array(values, pa.string()).dictionary_encode() for values in columns], names
    )


@dataclass(frozen=True, slots=True)
class Released:
    """The file, what was done, what an independent count of the file's bytes found, the
    contributors behind each line, and the rows it was made from."""

    data: bytes
    report: Report
    measured: Measured
    witness: LineWitness
    parts: "pa.Table"


def release(snapshot: Snapshot, plan: Plan) -> Released:
    """The loans that may leave under ``plan``.

    Raises:
        PrivacyError: nothing can leave, or the bytes are not what they should be.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    table = eligible(snapshot)
    made = deidentify(table, plan)
    data = to_csv(made.table)
    measured = remeasure(
        data, made.witness.tolist(), Rows(table), plan, claimed=made.report.measures()
    )
    sides = {
        side: array("q", pc.cast(table.column(side), pa.int64()).to_numpy()[made.witness].tobytes())
        for side in ("lender", "borrower")
    }
    rows = array("q", made.witness.astype("int64").tobytes())
    return Released(data, made.report, measured, LineWitness(sides, rows), table)


_COLUMNS = (
    "family",
    "quarter",
    "duration_band",
    "lead_band",
    "units_band",
    "meals_band",
    "borrower_area",
    "outcome",
)


def _quasi(name: str, ladder: tuple[tuple[str, ...], ...], levels: tuple[str, ...]) -> Column:
    return Column(name, Role.QUASI_IDENTIFIER, Hierarchy.table(ladder, levels))


def _rows(snapshot: Snapshot) -> Iterator[tuple[str, ...]]:
    season_at = season_finder(complete_quarters(snapshot.now, LOANS_QUARTERS))
    now = snapshot.now.timestamp()
    people = {id_: str(stands_for) for id_, stands_for in snapshot.contributors.items()}
    areas = {id_: area_of(borough) for id_, borough in snapshot.boroughs.items()}
    families = snapshot.families
    states = {state.value: state for state in State}
    for batch in snapshot.loans.to_batches():
        for loan in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            listing, lender, borrower, units, starts_at, ends_at, *rest = loan
            returned_at, created_at, state, meals, is_history = rest
            ended = outcome(states[state], ends_at, returned_at, now)
            quarter = season_at(starts_at)
            if ended is None or quarter is None:
                continue
            yield (
                people[lender],
                people[borrower],
                families[listing],
                quarter,
                duration_band((returned_at or ends_at) - starts_at),
                lead_band(None if is_history else starts_at - created_at),
                units_band(units),
                meals_band(meals),
                areas.get(borrower, ELSEWHERE),
                ended.value,
            )
