"""What stands behind tables of sums, on the smallest grounds that any of them tells apart.

All tables of a dataset, on whatever step of the ladder, sum the same rows; a row has a label under
every key that any of them uses, so that a half-year of one can be held against quarters of another.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mutuali.agreements.rules import Dataset
from mutuali.equipment.rules import FAMILY
from mutuali.equipment.rules import Kind as Thing
from mutuali.exports.rules.lineage import Kind, fingerprints
from mutuali.exports.rules.seasons import complete_quarters, half_of
from mutuali.exports.service.columns import labelled, seasons
from mutuali.exports.service.demand import unmet_requests
from mutuali.exports.service.snapshot import Snapshot, zone_of
from mutuali.exports.service.use import loans_lent
from mutuali.privacy.sequences.told import Build, Entry, Figure

if TYPE_CHECKING:
    import pyarrow as pa

#: Quarters back to which grounds are told apart: further than any dataset looks.
_QUARTERS = 40
_BOTH = ("lender", "borrower")
_KEYS = ("category", "quarter", "borrower_zone", "lender_zone")


@dataclass(frozen=True, slots=True)
class Contents:
    """One measure: what each meeting of contributors adds on each smallest ground.

    ``rows`` are (contributor per side, labels, amount >= 1).
    """

    measure: str
    sides: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], Mapping[str, str], int], ...]


def contents(snapshot: Snapshot, key: bytes) -> tuple[Contents, ...]:
    """What the tables of a snapshot sum, by measure; contributors by their fingerprints.

    What is offered is not in it: anybody reads it off the public listings.
    """
    known = fingerprints(key, Kind.ORGANIZATION, set(snapshot.contributors.values()))
    return _CONTENTS[snapshot.dataset](snapshot, known)


def build_of(found: Iterable[Contents], figures: Sequence[Figure]) -> Build:
    """The record of figures and of what lies under them, and nothing else."""
    under = {figure.names for figure in figures}, {(f.names, f.labels) for f in figures}
    numbers: dict[tuple[tuple[str, str], ...], int] = {}
    grounds: list[Mapping[str, str]] = []
    sides, entries = {}, {}
    for each in found:
        kept = []
        for people, labels, amount in each.rows:
            if not _lies_under(labels, *under):
                continue
            ground = tuple(sorted(labels.items()))
            if ground not in numbers:
                numbers[ground] = len(grounds)
                grounds.append(labels)
            kept.append(Entry(people, numbers[ground], amount))
        sides[each.measure], entries[each.measure] = each.sides, tuple(kept)
    measured = tuple(figure for figure in figures if figure.measure in sides)
    return Build(tuple(grounds), sides, entries, measured)


def _lies_under(
    labels: Mapping[str, str],
    tables: Iterable[tuple[str, ...]],
    cells: frozenset[object] | set[tuple[tuple[str, ...], tuple[str, ...]]],
) -> bool:
    return any(
        all(name in labels for name in names)
        and (names, tuple(labels[name] for name in names)) in cells
        for names in tables
    )


def _lent(snapshot: Snapshot, known: Mapping[int, str]) -> tuple[Contents, ...]:
    rows = _labelled(snapshot, loans_lent(snapshot))
    return tuple(_summed(rows, measure, known) for measure in ("loans", "unit_hours_lent"))


def _wanted(snapshot: Snapshot, known: Mapping[int, str]) -> tuple[Contents, ...]:
    """Searches by tokens that lead to nobody any more, and requests by who stands on each side."""
    asked = _summed(_labelled(snapshot, unmet_requests(snapshot)), "requests", known)
    return (
        Contents(
            "searches",
            ("searcher",),
            tuple(
                (
                    (row["token"],),
                    _when_asked(
                        {"family": row["family"], "borrower_zone": row["zone"]}, row["quarter"]
                    ),
                    row["searches"],
                )
                for row in snapshot.searches.to_pylist()
            ),
        ),
        replace(
            asked,
            rows=tuple(
                (people, _when_asked(labels, labels["quarter"]), amount)
                for people, labels, amount in asked.rows
            ),
        ),
    )


def _when_asked(labels: Mapping[str, str], quarter: str) -> dict[str, str]:
    times = {"quarter": quarter, "half_year": half_of(quarter), "year": quarter[:4]}
    return {**labels, **{f"asked_{name}": label for name, label in times.items()}}


def _labelled(snapshot: Snapshot, rows: "pa.Table") -> "pa.Table":
    zones = {id_: zone_of(borough) for id_, borough in snapshot.boroughs.items()}
    quarters = complete_quarters(snapshot.now, _QUARTERS)
    for name, column in (
        ("category", labelled(rows.column("listing"), snapshot.kinds)),
        ("quarter", seasons(rows.column("starts_at"), quarters)),
        ("borrower_zone", labelled(rows.column("borrower_id"), zones, zone_of(None))),
        ("lender_zone", labelled(rows.column("lender_id"), zones, zone_of(None))),
    ):
        rows = rows.append_column(name, column)
    return rows


def _summed(rows: "pa.Table", measure: str, known: Mapping[int, str]) -> Contents:
    import pyarrow.compute as pc

    rows = rows.filter(pc.is_valid(rows.column("quarter")))
    rows = rows.select([*_KEYS, *_BOTH, measure])
    found = rows.group_by([*_KEYS, *_BOTH]).aggregate([(measure, "sum")]).to_pydict()
    columns = [found[name] for name in (*_KEYS, *_BOTH, f"{measure}_sum")]
    return Contents(
        measure,
        _BOTH,
        tuple(
            sorted(
                (
                    ((known[lender], known[borrower]), _labels(category, quarter, to, of), amount)
                    for category, quarter, to, of, lender, borrower, amount in zip(
                        *columns, strict=True
                    )
                    if amount
                ),
                key=lambda row: (row[0], sorted(row[1].items())),
            )
        ),
    )


def _labels(category: str, quarter: str, borrower_zone: str, lender_zone: str) -> dict[str, str]:
    return {
        "category": category,
        "family": FAMILY[Thing(category)].value,
        "quarter": quarter,
        "half_year": half_of(quarter),
        "year": quarter[:4],
        "borrower_zone": borrower_zone,
        "lender_zone": lender_zone,
    }


_CONTENTS: Mapping[Dataset, Callable[[Snapshot, Mapping[int, str]], tuple[Contents, ...]]] = {
    Dataset.EQUIPMENT_USE: _lent,
    Dataset.LENDING_FLOWS: _lent,
    Dataset.UNMET_DEMAND: _wanted,
}
