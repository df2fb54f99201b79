"""The ``loans`` dataset: one coarse line per loan, hidden among contributors on each side."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mutuali.bookings.rules import State
from mutuali.core.places import BOROUGHS
from mutuali.equipment.rules import Family
from mutuali.exports.rules.bands import (
    DURATION_EDGES,
    DURATION_LADDER,
    LEAD_EDGES,
    LEAD_LADDER,
    MEALS_EDGES,
    MEALS_LADDER,
    UNITS_EDGES,
    UNITS_LADDER,
    UNKNOWN,
    outcome,
)
from mutuali.exports.rules.catalogue import ELSEWHERE
from mutuali.exports.rules.seasons import quarter_ladder
from mutuali.exports.service.built import LineWitness
from mutuali.exports.service.columns import coded, labelled, past_edges, seasons
from mutuali.exports.service.snapshot import Snapshot, area_of, loan_quarters
from mutuali.privacy.check.of_bytes import recount_bytes
from mutuali.privacy.check.remeasure import Measured
from mutuali.privacy.plan import Column, Diversity, Hierarchy, KAnonymity, Plan, Role
from mutuali.privacy.progress import Progress, unheard
from mutuali.privacy.report import Report
from mutuali.privacy.text import to_csv

if TYPE_CHECKING:
    import pyarrow as pa

    from mutuali.privacy.releases.record import ReleaseRecord

VERSION = "loans-1"
SIDES = ("lender", "borrower")
#: At most this share of the eligible rows may be left out for the others' sake.
SUPPRESSION_LIMIT = 0.1

#: What names a row from one release to the next, and who asked for its loan; the plan names
#: neither, so they never leave.
ROW, PERSON = "booking", "person"

_LEVELS = ("band", "wide", "any")


def plan(snapshot: Snapshot, *, sides: tuple[str, ...] = SIDES) -> Plan:
    """What the release must promise: k contributors on each of ``sides``, two outcomes each."""
    areas = {
        **{slug: borough.zone for slug, borough in BOROUGHS.items()},
        ELSEWHERE: ELSEWHERE,
    }
    quarters = loan_quarters(snapshot.now, snapshot.settings.years)
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
        models=(KAnonymity(snapshot.settings.k), Diversity("outcome", distinct=2)),
        suppression_limit=SUPPRESSION_LIMIT,
        sides=sides,
    )


def eligible(snapshot: Snapshot) -> "pa.Table":
    """The snapshot's loans as the plan reads them: bands, and who stands on each side.

    Rows whose story is not over, or that start outside the complete quarters, are not eligible.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    loans = snapshot.loans
    starts, ends = loans.column("starts_at"), loans.column("ends_at")
    people = {id_: str(stands_for) for id_, stands_for in snapshot.contributors.items()}
    areas = {id_: area_of(borough) for id_, borough in snapshot.boroughs.items()}
    until = pc.coalesce(loans.column("returned_at"), ends)
    asked = pc.if_else(
        pc.cast(loans.column("is_history"), pa.bool_()),
        -1,
        pc.subtract(starts, loans.column("created_at")),
    )
    columns = {
        ROW: loans.column(ROW),
        PERSON: loans.column(PERSON),
        "lender": labelled(loans.column("lender"), people),
        "borrower": labelled(loans.column("borrower"), people),
        "family": labelled(loans.column("listing"), snapshot.families),
        "quarter": seasons(starts, loan_quarters(snapshot.now, snapshot.settings.years)),
        "duration_band": coded(
            [rung[0] for rung in DURATION_LADDER],
            past_edges(pc.subtract(until, starts), DURATION_EDGES),
        ),
        # Below zero, nobody wrote it down; so says lead_band.
        "lead_band": coded(
            [UNKNOWN, *(rung[0] for rung in LEAD_LADDER if rung[0] != UNKNOWN)],
            past_edges(asked, (0, *LEAD_EDGES)),
        ),
        "units_band": coded(
            [rung[0] for rung in UNITS_LADDER], past_edges(loans.column("units"), UNITS_EDGES)
        ),
        "meals_band": coded(
            [rung[0] for rung in MEALS_LADDER],
            past_edges(pc.fill_null(loans.column("meals"), 0), (1, *MEALS_EDGES)),
        ),
        "borrower_area": labelled(loans.column("borrower"), areas, ELSEWHERE),
        "outcome": _outcomes(snapshot),
    }
    over = pc.and_(pc.is_valid(columns["quarter"]), pc.is_valid(columns["outcome"]))
    return pa.table(columns).filter(over)


def _outcomes(snapshot: Snapshot) -> "pa.Array":
    """How each loan ended, NA while it goes on: the rule asked once per state, end and return."""
    import pyarrow as pa
    import pyarrow.compute as pc

    loans = snapshot.loans
    ends = loans.column("ends_at")
    states = loans.column("state").combine_chunks().dictionary_encode()
    ended = pc.less(ends, int(snapshot.now.timestamp()))
    late = pc.fill_null(pc.greater(loans.column("returned_at"), ends), False)
    labels: list[str | None] = []
    for state in states.dictionary.to_pylist():
        for end in (1, -1):
            for returned in (None, end + 1):
                found = outcome(State(state), end, returned, 0)
                labels.append(found.value if found else None)
    numbers = [pc.cast(flag, pa.int32()) for flag in (ended, late)]
    places = pc.add(pc.multiply(states.indices, 4), pc.add(pc.multiply(numbers[0], 2), numbers[1]))
    return coded(labels, places.combine_chunks())


@dataclass(frozen=True, slots=True)
class Before:
    """What was let out of the dataset before, to anyone, oldest first, under the secret key that
    its records were made with."""

    key: bytes
    records: Sequence["ReleaseRecord"] = ()


@dataclass(frozen=True, slots=True)
class Released:
    """The file, what was done, what an independent count of the file's bytes found, the
    contributors behind each line, and the rows it was made from.

    ``eligible`` counts the rows before the remedy of earlier releases, ``held`` those that it left
    out, by means; ``record`` is what the next release is held against.
    """

    data: bytes
    report: Report
    measured: Measured
    witness: LineWitness
    parts: "pa.Table"
    eligible: int
    held: Mapping[str, int]
    record: "ReleaseRecord"


def release(
    snapshot: Snapshot, plan: Plan, before: Before, progress: Progress = unheard
) -> Released:
    """The loans that may leave under ``plan`` after what left before; ``progress`` hears "decide",
    "write", "check".

    Raises:
        PrivacyError: nothing can leave, or the bytes are not what they should be.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    from mutuali.privacy.releases.after import release_after

    progress("decide", 0.0)
    rows = eligible(snapshot)
    followed = release_after(before.records, rows, plan, key=before.key, row_id=ROW)
    made, table = followed.release, followed.table
    progress("write", 0.5)
    data = to_csv(made.table)
    progress("check", 0.6)
    measured = recount_bytes(data, table, followed.plan, made.report)
    progress("check", 1.0)
    sides = {
        side: array("q", pc.cast(table.column(side), pa.int64()).to_numpy()[made.witness].tobytes())
        for side in SIDES
    }
    witness = LineWitness(sides, array("q", made.witness.astype("int64").tobytes()))
    held = Counter[str]()
    for step in followed.steps:
        held[step.means.value] += step.rows
    return Released(
        data, made.report, measured, witness, table, rows.num_rows, held, followed.record
    )


def _quasi(name: str, ladder: tuple[tuple[str, ...], ...], levels: tuple[str, ...]) -> Column:
    return Column(name, Role.QUASI_IDENTIFIER, Hierarchy.table(ladder, levels))
