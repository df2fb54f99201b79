"""The ``equipment-use`` dataset: fixed, published tables of sums, the same every time."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mutuali.bookings.rules import State
from mutuali.equipment.rules import FAMILY, Kind
from mutuali.exports.rules.bands import HOUR, LENT
from mutuali.exports.rules.catalogue import DeclaredTable
from mutuali.exports.rules.ladder import tables_at
from mutuali.exports.service.columns import labelled, seasons
from mutuali.exports.service.snapshot import Snapshot, seasons_of, time_of, zone_of
from mutuali.exports.service.sums import Summed, made, those_that_speak
from mutuali.privacy.progress import Progress, unheard

if TYPE_CHECKING:
    import pyarrow as pa

VERSION = "equipment-use-2"


def tables(
    snapshot: Snapshot, progress: Progress = unheard
) -> tuple[list[Summed], list[DeclaredTable]]:
    """The tables of the network's step that say something, and those withheld as empty.

    Raises:
        NothingToRelease: every table is empty.
        PrivacyError: the bytes are not what they should be.
    """
    declared = tables_at(snapshot.dataset, snapshot.rung)
    lent = loans_lent(snapshot)
    return those_that_speak(
        [
            made(snapshot, table, _rows(snapshot, table, lent), declared, progress)
            for table in declared
        ]
    )


def loans_lent(snapshot: Snapshot) -> "pa.Table":
    """Loans that really took place, with what each moved and who stands on each side."""
    import pyarrow as pa
    import pyarrow.compute as pc

    loans, now = snapshot.loans, int(snapshot.now.timestamp())
    lent = pc.is_in(loans.column("state"), pa.array([state.value for state in LENT]))
    loans = loans.filter(pc.and_(lent, pc.less_equal(loans.column("starts_at"), now)))
    out = pc.equal(loans.column("state"), State.ON_LOAN.value)
    due = loans.column("ends_at")
    end = pc.coalesce(
        loans.column("returned_at"), pc.if_else(out, pc.max_element_wise(due, now), due)
    )
    seconds = pc.max_element_wise(pc.subtract(end, loans.column("starts_at")), 0)
    return pa.table(
        {
            "listing": loans.column("listing"),
            "starts_at": loans.column("starts_at"),
            "lender_id": loans.column("lender"),
            "borrower_id": loans.column("borrower"),
            "lender": stand_for(snapshot, loans.column("lender")),
            "borrower": stand_for(snapshot, loans.column("borrower")),
            "loans": pa.array([1], pa.int64()).take(pa.array([0] * len(loans), pa.int32())),
            "unit_hours_lent": pc.multiply(
                loans.column("units"), pc.divide(pc.add(seconds, HOUR - 1), HOUR)
            ),
        }
    )


def stand_for(snapshot: Snapshot, organizations: "pa.ChunkedArray") -> "pa.Array":
    """The contributor that each organization counts as."""
    import pyarrow as pa

    encoded = organizations.combine_chunks().dictionary_encode()
    known = [snapshot.contributors[id_] for id_ in encoded.dictionary.to_pylist()]
    return pa.array(known, pa.int64()).take(encoded.indices)


def keyed(snapshot: Snapshot, table: DeclaredTable, rows: "pa.Table") -> "pa.Table":
    """``rows`` with the keys of ``table``; those outside its seasons are not in it.

    ``rows`` has ``listing``, ``starts_at``, ``lender_id`` and ``borrower_id``.
    """
    import pyarrow.compute as pc

    for key in table.keys:
        if time_of(key) is not None:
            named = seasons(
                rows.column("starts_at"), seasons_of(snapshot.dataset, key, snapshot.now)
            )
        elif key == "family":
            named = labelled(rows.column("listing"), snapshot.families)
        elif key == "category":
            named = labelled(rows.column("listing"), snapshot.kinds)
        else:
            zones = {id_: zone_of(borough) for id_, borough in snapshot.boroughs.items()}
            side = "lender_id" if key == "lender_zone" else "borrower_id"
            named = labelled(rows.column(side), zones, zone_of(None))
        rows = rows.append_column(key, named)
    inside = next(key for key in table.keys if time_of(key) is not None)
    return rows.filter(pc.is_valid(rows.column(inside)))


def _rows(snapshot: Snapshot, table: DeclaredTable, lent: "pa.Table") -> "pa.Table":
    import pyarrow as pa

    names = [*table.keys, *table.figures, "lender", "borrower"]
    rows = keyed(snapshot, table, lent)
    if "unit_hours_offered" not in table.figures:
        return rows.select(names)
    kinds = {name: rows.schema.field(name).type for name in (*table.keys, "lender", "borrower")}
    schema = pa.schema([(name, kinds.get(name, pa.int64())) for name in names])
    empty = pa.nulls(rows.num_rows, pa.int64())
    rows = rows.append_column("unit_hours_offered", empty).select(names).cast(schema)
    offered = pa.Table.from_pylist(list(_offered(snapshot, table)), schema)
    return pa.concat_tables([rows, offered]).unify_dictionaries()


def _offered(snapshot: Snapshot, table: DeclaredTable) -> Iterator[dict[str, Any]]:
    """Hours on the calendar during which a listing could be found, times its units."""
    time = next(key for key in table.keys if time_of(key) is not None)
    spans = [
        (season.name, season.period.start.timestamp(), season.period.end.timestamp())
        for season in seasons_of(snapshot.dataset, time, snapshot.now)
    ]
    for listing in snapshot.offered.to_pylist():
        kind = snapshot.kinds[listing["listing"]]
        named = {"category": kind, "family": FAMILY[Kind(kind)].value}
        until = listing["withdrawn_at"] or snapshot.now.timestamp()
        for season, first, last in spans:
            start, end = max(listing["published_at"], first), min(until, last)
            if start < end:
                yield {
                    **{key: named[key] for key in table.keys if key in named},
                    time: season,
                    "unit_hours_offered": listing["units"] * int(-(-(end - start) // HOUR)),
                    "lender": snapshot.contributors[listing["lender"]],
                }
