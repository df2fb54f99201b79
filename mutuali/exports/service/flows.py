"""The ``lending-flows`` dataset: how many loans go from one zone to another, also as a map."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from mutuali.core.places import BOROUGHS, ZONES
from mutuali.exports.rules.catalogue import DeclaredTable
from mutuali.exports.rules.ladder import tables_at
from mutuali.exports.service.built import BuiltTable
from mutuali.exports.service.snapshot import Snapshot
from mutuali.exports.service.sums import Summed, made, those_that_speak
from mutuali.exports.service.use import keyed, loans_lent
from mutuali.privacy.errors import NothingToRelease, Reason
from mutuali.privacy.progress import Progress, unheard

VERSION = "lending-flows-1"


def tables(
    snapshot: Snapshot, progress: Progress = unheard
) -> tuple[list[Summed], list[DeclaredTable]]:
    """The table of the network's step.

    Raises:
        NothingToRelease: too few said yes for this step to have one, or nothing in it may be said.
        PrivacyError: the bytes are not what they should be.
    """
    import pyarrow as pa

    declared = tables_at(snapshot.dataset, snapshot.rung)
    if not declared:
        raise NothingToRelease(
            Reason.TOO_FEW_CONTRIBUTORS, "a table from zone to zone needs more contributors"
        )
    lent = loans_lent(snapshot)
    found = []
    for table in declared:
        rows = keyed(snapshot, table, lent)
        rows = rows.append_column("trips", pa.nulls(rows.num_rows, pa.int64()))
        names = [*table.keys, *table.figures, "lender", "borrower"]
        found.append(made(snapshot, table, rows.select(names), declared, progress))
    return those_that_speak(found)


def as_map(built: BuiltTable) -> bytes:
    """A table of flows as GeoJSON (RFC 7946), made from the bytes that were measured.

    A feature per line: from the middle of the lender's zone to the middle of the borrower's, a
    point where they are one, and no geometry where either is elsewhere. Longitude first, WGS 84.
    """
    lines = csv.DictReader(io.StringIO(built.data.decode()))
    content = {"type": "FeatureCollection", "features": [_feature(line) for line in lines]}
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _feature(line: dict[str, str]) -> dict[str, Any]:
    ends = [_middle(line["lender_zone"]), _middle(line["borrower_zone"])]
    figures = {
        name: int(value) if value.isdecimal() and f"{name}_status" in line else value or None
        for name, value in line.items()
    }
    return {"type": "Feature", "geometry": _geometry(ends), "properties": figures}


def _geometry(ends: Sequence[list[float] | None]) -> dict[str, Any] | None:
    start, end = ends
    if start is None or end is None:
        return None
    if start == end:
        return {"type": "Point", "coordinates": start}
    return {"type": "LineString", "coordinates": [start, end]}


def _middle(zone: str) -> list[float] | None:
    """Where people of a zone live, on average over its boroughs; None elsewhere."""
    if zone not in ZONES:
        return None
    points = [borough.label for borough in BOROUGHS.values() if borough.zone == zone]
    return [
        round(sum(point.lon for point in points) / len(points), 4),
        round(sum(point.lat for point in points) / len(points), 4),
    ]
