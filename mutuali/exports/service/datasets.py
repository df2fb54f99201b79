"""From a snapshot to the tables of its dataset: the one place that knows who makes what."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from mutuali.agreements.rules import Dataset
from mutuali.exports.rules.bands import coverage_band
from mutuali.exports.rules.catalogue import LOANS_TABLE, DeclaredTable
from mutuali.exports.service import capacity, demand, flows, loans, use
from mutuali.exports.service.built import Built, BuiltTable
from mutuali.exports.service.loans import Before
from mutuali.exports.service.snapshot import Snapshot
from mutuali.exports.service.sums import Summed
from mutuali.privacy.progress import Progress, unheard

_Told: TypeAlias = tuple[Sequence[BuiltTable], dict[str, Any]]


def make(snapshot: Snapshot, before: Before, progress: Progress = unheard) -> Built:
    """The tables of the dataset, measured again from their own bytes.

    Rows follow what left ``before``; sums are held against it period by period (``closed``).
    ``progress`` hears the stages "decide", "write" and "check" and how far all is.

    Raises:
        PrivacyError: nothing may leave, or the bytes are not what they should be.
    """
    if snapshot.dataset is Dataset.LOANS:
        return _loans(snapshot, before, progress)
    tables, described = _OTHERS[snapshot.dataset](snapshot, progress)
    companions = maps(snapshot.dataset, tables)
    report = {**_common(snapshot, tables), **described}
    report["files"] += companions
    return Built(tuple(tables), report, companions)


def maps(dataset: Dataset, tables: Sequence[BuiltTable]) -> dict[str, bytes]:
    """The tables of flows once more as GeoJSON, by file name; no other dataset has a map."""
    if dataset is not Dataset.LENDING_FLOWS:
        return {}
    return {f"{each.table.name}.geojson": flows.as_map(each) for each in tables}


def _loans(snapshot: Snapshot, before: Before, progress: Progress) -> Built:
    plan = loans.plan(snapshot)
    made = loans.release(snapshot, plan, before, progress)
    table = BuiltTable(LOANS_TABLE, made.data, made.report.rows_out, made.witness, made.parts)
    report = {
        **_common(snapshot, [table]),
        "plan_version": plan.version,
        "plan_hash": made.report.plan_hash,
        "rows_eligible": made.eligible,
        "rows_released": made.report.rows_out,
        "loss": made.report.loss,
        "columns": [
            {"name": each.name, "level": each.level_name, "loss": each.loss}
            for each in made.report.columns
        ],
        "measured": made.measured.to_dict(),
        "findings": [{"kind": means, "rows": rows} for means, rows in made.held.items()],
    }
    return Built((table,), report, record=made.record.to_json().encode())


def _use(snapshot: Snapshot, progress: Progress) -> _Told:
    return _sums(snapshot, use.VERSION, *use.tables(snapshot, progress))


def _flows(snapshot: Snapshot, progress: Progress) -> _Told:
    return _sums(snapshot, flows.VERSION, *flows.tables(snapshot, progress))


def _demand(snapshot: Snapshot, progress: Progress) -> _Told:
    return _sums(snapshot, demand.VERSION, *demand.tables(snapshot, progress))


def _capacity(snapshot: Snapshot, progress: Progress) -> _Told:
    table = capacity.table(snapshot)
    return (table,), {"plan_version": capacity.VERSION, "rows_released": table.lines}


def _sums(
    snapshot: Snapshot, version: str, kept: Sequence[Summed], withheld: Sequence[DeclaredTable]
) -> _Told:
    return [each.built for each in kept], {
        "plan_version": version,
        "rung": snapshot.rung.value,
        "tables": [
            {
                "name": each.built.table.name,
                "share_kept": each.share_kept,
                **each.measured.to_dict(),
            }
            for each in kept
        ],
        "withheld_tables": [table.name for table in withheld],
    }


_OTHERS: Mapping[Dataset, Callable[[Snapshot, Progress], _Told]] = {
    Dataset.EQUIPMENT_USE: _use,
    Dataset.LENDING_FLOWS: _flows,
    Dataset.ORGANIZATIONS_CAPACITY: _capacity,
    Dataset.UNMET_DEMAND: _demand,
}


def _common(snapshot: Snapshot, tables: Sequence[BuiltTable]) -> dict[str, Any]:
    return {
        "layout": 1,
        "k": snapshot.settings.k,
        "base": snapshot.settings.base,
        "share_percent": snapshot.settings.share_percent,
        "from": snapshot.window.start.isoformat(),
        "until": snapshot.window.end.isoformat(),
        "as_of": snapshot.now.isoformat(),
        "coverage": coverage_band(len(snapshot.consenting), snapshot.members),
        "files": [f"{built.table.name}.csv" for built in tables],
    }
