"""The ``organizations-capacity`` dataset: who lends what, of those who said yes to being named."""

import csv
import io
from array import array
from collections import Counter
from dataclasses import dataclass

from mutuali.equipment.rules import FAMILY, Kind
from mutuali.exports.rules.bands import units_band
from mutuali.exports.rules.catalogue import CAPACITY_TABLE
from mutuali.exports.service.built import BuiltTable, LineWitness
from mutuali.exports.service.snapshot import Snapshot, zone_of
from mutuali.privacy.errors import Disagreement, NothingToRelease, Reason
from mutuali.privacy.text import cell_text, to_csv

VERSION = "organizations-capacity-1"


@dataclass(frozen=True, slots=True, order=True)
class _Line:
    name: str
    family: str
    zone: str
    band: str
    organization_id: int


def table(snapshot: Snapshot) -> BuiltTable:
    """One line per organization and family of equipment that it publishes now.

    Raises:
        NothingToRelease: nobody said yes to being named, or none of them lends anything.
        Disagreement: the bytes are not what they should be.
    """
    import pyarrow as pa

    lines = sorted(_lines(snapshot))
    if not lines:
        raise NothingToRelease(Reason.EMPTY_TABLE, "nobody who lends wants to be named")
    cells = [(line.name, line.family, line.zone, line.band) for line in lines]
    columns = [pa.array(column, pa.string()) for column in zip(*cells, strict=True)]
    made = pa.table(columns, list(CAPACITY_TABLE.column_names))
    data = to_csv(made)
    _confirm(data, snapshot)
    lenders = array("q", (snapshot.contributors[line.organization_id] for line in lines))
    witness = LineWitness({"lender": lenders}, array("q", range(len(lines))))
    parts = made.append_column("lender", pa.array(lenders, pa.int64()))
    return BuiltTable(CAPACITY_TABLE, data, len(lines), witness, parts)


def _lines(snapshot: Snapshot) -> list[_Line]:
    units: Counter[tuple[int, str]] = Counter()
    for listing in _offered_now(snapshot):
        units[listing["lender"], snapshot.families[listing["listing"]]] += listing["units"]
    return [
        _Line(
            snapshot.names[organization_id],
            family,
            zone_of(snapshot.boroughs.get(organization_id)),
            units_band(count),
            organization_id,
        )
        for (organization_id, family), count in units.items()
    ]


def _offered_now(snapshot: Snapshot) -> list[dict[str, int]]:
    now = snapshot.now.timestamp()
    return [
        listing
        for listing in snapshot.offered.to_pylist()
        if listing["published_at"] <= now and not listing["withdrawn_at"]
    ]


def _confirm(data: bytes, snapshot: Snapshot) -> None:
    """Read the bytes again: nobody without a yes is named, and nothing else is said of them."""
    header, *lines = csv.reader(io.StringIO(data.decode()))
    if tuple(header) != CAPACITY_TABLE.column_names:
        raise Disagreement((f"columns {header!r}",))
    allowed = {cell_text(snapshot.names[id_]): id_ for id_ in snapshot.consenting}
    seen = Counter((name, family) for name, family, _, _ in lines)
    wrong = [f"{name!r} did not say yes" for name, *_ in lines if name not in allowed]
    wrong += [f"{name!r} has a family twice" for (name, _), often in seen.items() if often > 1]
    for name, family, zone, band in lines if not wrong else ():
        mine = allowed[name]
        units = sum(
            listing["units"]
            for listing in _offered_now(snapshot)
            if listing["lender"] == mine
            and FAMILY[Kind(snapshot.kinds[listing["listing"]])] == family
        )
        if (zone, band) != (zone_of(snapshot.boroughs.get(mine)), units_band(units)):
            wrong.append(f"{name!r}: {zone!r} and {band!r} of {family!r}")
    if wrong:
        raise Disagreement(tuple(wrong))
