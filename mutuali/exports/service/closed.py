"""Closed periods are released once: what a new export of tables of sums copies, builds, leaves out.

Everything here works on values; what is stored is read before and written after.
"""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mutuali.agreements.rules import ReleaseSettings
from mutuali.exports.rules.catalogue import DeclaredTable
from mutuali.exports.rules.lineage import Behind, Follow, Part, follow
from mutuali.exports.service import datasets
from mutuali.exports.service.built import Built, BuiltTable, CellWitness, LineWitness
from mutuali.exports.service.grounds import build_of, contents
from mutuali.exports.service.lineage import behind_of
from mutuali.exports.service.loans import PERSON, Before
from mutuali.exports.service.snapshot import Snapshot, people_behind, time_of
from mutuali.exports.service.sums import share_kept
from mutuali.privacy.cells.scheme import Status
from mutuali.privacy.errors import Disagreement, NothingToRelease, Reason
from mutuali.privacy.sequences.findings import Finding
from mutuali.privacy.sequences.remedy import mend
from mutuali.privacy.sequences.told import Build, Figure, to_bytes

#: The cells of a line, as text.
Line = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredPart:
    """A part that was let out, and its lines."""

    part: Part
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a new export has to follow: the parts let out so far, oldest first, the records of all
    builds, whoever they went to, and who says yes today."""

    parts: Mapping[tuple[str, str], tuple[StoredPart, ...]] = field(default_factory=dict)
    builds: tuple[Build, ...] = ()
    yes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NewPart:
    """A part that this export would let out for the first time."""

    table: str
    period: str
    lines: tuple[Line, ...]
    behind: Behind


@dataclass(frozen=True, slots=True)
class Followed:
    """What may leave after all that left before, what is new in it, what the next one is held
    against, and everybody who is in it."""

    built: Built
    parts: tuple[NewPart, ...]
    record: bytes | None
    behind: Behind


@dataclass(frozen=True, slots=True)
class _Period:
    """One closed period of one table: what becomes of it, its lines, and what they are rounded
    to."""

    table: DeclaredTable
    name: str
    follow: Follow
    lines: tuple[Line, ...]
    behind: Behind
    base: int


def follow_earlier(
    snapshot: Snapshot, built: Built, earlier: Earlier, settings: ReleaseSettings, key: bytes
) -> Followed:
    """``built`` so that it follows what was let out before.

    Raises:
        NothingToRelease: no figure of it may follow.
        PrivacyError: as ``datasets.make``, for a period that is made again without who left.
    """
    periods: list[_Period] = []
    groups: dict[frozenset[int] | None, list[_Period]] = {None: []}
    for made in built.tables:
        for name, lines in _by_period(made).items():
            stored = earlier.parts.get((made.table.name, name), ())
            what, part = follow([each.part for each in stored], earlier.yes, settings)
            if what is Follow.BUILD:
                behind = _behind(snapshot, made, lines, key)
                period = _Period(made.table, name, what, lines, behind, settings.base)
                groups[None].append(period)
            elif what is Follow.REPLACE and part is not None:
                among = _still_there(snapshot, part, key)
                period = _remade(snapshot, made.table, name, among, key)
                groups.setdefault(among, []).append(period)
            else:
                source = next((each for each in stored if each.part is part), None)
                copied = source.lines if source else ()
                behind = part.behind if part else {}
                # Copied from a stricter release, it may be rounded to more.
                base = part.settings.base if part else settings.base
                period = _Period(made.table, name, what, copied, behind, base)
            periods.append(period)
    return _finished(snapshot, built, periods, groups, earlier, settings, key)


def follow_rows(snapshot: Snapshot, built: Built, key: bytes) -> Followed:
    """Lines of loans or of organizations, with everybody who is in them."""
    behind = _together(
        [behind_of(snapshot, made.contributors(), _people_in(made), key) for made in built.tables]
    )
    return Followed(built, (), built.record, behind)


def _people_in(made: BuiltTable) -> frozenset[int]:
    """Who asked for the loans that are lines of a table; nobody where its lines are no loans."""
    import pyarrow as pa

    if not isinstance(made.witness, LineWitness) or PERSON not in made.parts.column_names:
        return frozenset()
    people = made.parts.column(PERSON).take(pa.array(made.witness.rows, pa.int64())).drop_null()
    return frozenset(people.unique().to_pylist())


def _finished(
    snapshot: Snapshot,
    built: Built,
    periods: list[_Period],
    groups: Mapping[frozenset[int] | None, list[_Period]],
    earlier: Earlier,
    settings: ReleaseSettings,
    key: bytes,
) -> Followed:
    """The new periods held against all records, then everything put together."""
    builds, findings, hidden = list[Build](), list[Finding](), set[tuple[Any, str]]()
    changed: dict[tuple[str, str], tuple[Line, ...]] = {}
    for among, some in groups.items():
        if not some:
            continue
        found = contents(snapshot if among is None else _only(snapshot, among), key)
        record = build_of(found, [figure for each in some for figure in _figures(each, settings)])
        mended = mend(
            [*earlier.builds, *builds], record, k=settings.k, percent=settings.share_percent
        )
        builds.append(mended.build)
        findings += mended.findings
        hidden |= mended.hidden
        for each in some:
            changed[each.table.name, each.name] = tuple(
                _hidden(each.table, line, mended.hidden) for line in each.lines
            )
    final = [
        replace(each, lines=changed.get((each.table.name, each.name), each.lines))
        for each in periods
    ]
    told = [each for each in final if _tells(each)]
    if not told:
        raise NothingToRelease(Reason.ALL_SUPPRESSED, "no figure may follow earlier releases")
    tables = [
        made
        for one in built.tables
        if (made := _assembled(one, [each for each in told if each.table is one.table]))
    ]
    new = [each for each in told if each.follow in (Follow.BUILD, Follow.REPLACE)]
    maps = datasets.maps(snapshot.dataset, tables)
    report = {**built.report, **_report(built, final, told, tables)}
    report["findings"] = [_finding(each) for each in findings]
    report["held_back"] = [
        {"measure": measure, "cell": dict(zip(*cell, strict=True))}
        for cell, measure in sorted(hidden)
    ]
    report["files"] += maps
    return Followed(
        Built(tuple(tables), report, maps),
        tuple(NewPart(each.table.name, each.name, each.lines, each.behind) for each in new),
        to_bytes(builds) if builds else None,
        _together([each.behind for each in told]),
    )


def _by_period(made: BuiltTable) -> dict[str, tuple[Line, ...]]:
    """The lines of each closed period of a table, in their order."""
    at = _time_at(made.table)
    found: dict[str, list[Line]] = {}
    for line in _read(made.data):
        found.setdefault(line[at], []).append(line)
    return {name: tuple(lines) for name, lines in found.items()}


def _read(data: bytes) -> list[Line]:
    _, *lines = csv.reader(io.StringIO(data.decode()))
    return [tuple(line) for line in lines]


def _time_at(table: DeclaredTable) -> int:
    return next(n for n, key in enumerate(table.keys) if time_of(key) is not None)


def _behind(snapshot: Snapshot, made: BuiltTable, lines: Sequence[Line], key: bytes) -> Behind:
    """Everybody behind these lines of a table."""
    at = _time_at(made.table)
    wanted = {line[: len(made.table.keys)] for line in lines}
    asked = frozenset[int]().union(
        *(
            people_behind(snapshot, made.table.keys[at], name)
            for name in {line[at] for line in lines}
        )
    )
    sides: dict[str, set[int]] = {}
    for cell in _witness(made):
        if cell.keys in wanted:
            for side, people in cell.sides.items():
                sides.setdefault(side, set()).update(people)
    return behind_of(snapshot, sides, asked, key)


def _witness(made: BuiltTable) -> tuple[CellWitness, ...]:
    return () if isinstance(made.witness, LineWitness) else made.witness


def _still_there(snapshot: Snapshot, part: Part, key: bytes) -> frozenset[int]:
    """The organizations behind a part that still say yes: who came since is not among them."""
    were = frozenset().union(*part.behind.values())
    known = behind_of(
        snapshot, {str(id_): [snapshot.contributors[id_]] for id_ in snapshot.consenting}, (), key
    )
    return frozenset(int(id_) for id_, some in known.items() if some & were)


def _only(snapshot: Snapshot, among: frozenset[int]) -> Snapshot:
    """The snapshot as if only these organizations had said yes."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kept = pa.array(sorted(among), pa.int64())
    loans, offered = snapshot.loans, snapshot.offered
    for side in ("lender", "borrower"):
        loans = loans.filter(pc.is_in(loans.column(side), kept))
    return replace(
        snapshot,
        consenting=among,
        loans=loans,
        offered=offered.filter(pc.is_in(offered.column("lender"), kept)),
    )


def _remade(
    snapshot: Snapshot, table: DeclaredTable, name: str, among: frozenset[int], key: bytes
) -> _Period:
    """A closed period made again without who left; nothing where nothing of it may be said."""
    only = _only(snapshot, among)
    try:
        tables = datasets.make(only, Before(key)).tables
    except NothingToRelease:
        tables = ()
    made = next((each for each in tables if each.table is table), None)
    lines = _by_period(made).get(name, ()) if made else ()
    behind = _behind(only, made, lines, key) if made else {}
    what = Follow.REPLACE if lines else Follow.LEAVE_OUT
    return _Period(table, name, what, lines, behind, snapshot.settings.base)


def _figures(period: _Period, settings: ReleaseSettings) -> list[Figure]:
    table, keys = period.table, len(period.table.keys)
    return [
        Figure(
            table.keys,
            line[:keys],
            measure,
            Status(line[keys + 2 * n + 1]),
            int(line[keys + 2 * n]) if line[keys + 2 * n] else None,
            settings.base,
        )
        for line in period.lines
        for n, measure in enumerate(table.figures)
    ]


def _hidden(table: DeclaredTable, line: Line, hide: frozenset[Any]) -> Line:
    keys = len(table.keys)
    cells = list(line)
    for n, measure in enumerate(table.figures):
        if ((table.keys, line[:keys]), measure) in hide:
            cells[keys + 2 * n : keys + 2 * n + 2] = ["", Status.SUPPRESSED.value]
    return tuple(cells)


def _tells(period: _Period) -> bool:
    return any(Status.PUBLISHED.value in line for line in period.lines)


def _assembled(made: BuiltTable, told: Sequence[_Period]) -> BuiltTable | None:
    """A table of its copied and its new periods, in the order in which it was built.

    Raises:
        Disagreement: a figure that is neither copied nor as it was measured.
    """
    at, keys = _time_at(made.table), len(made.table.keys)
    lines = {line[:keys]: line for each in told for line in each.lines}
    fresh = {each.name for each in told if each.follow is Follow.BUILD}
    order = [line for line in _read(made.data) if line[:keys] in lines]
    for line in order:
        pairs = zip(line[keys:], lines[line[:keys]][keys:], strict=True)
        changed = {after for before, after in pairs if after != before}
        if line[at] in fresh and not changed <= {"", Status.SUPPRESSED.value}:
            raise Disagreement((f"{line[:keys]!r} is not as it was measured",))
    if not order:
        return None
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        [made.table.column_names, *(lines[line[:keys]] for line in order)]
    )
    kept = {line[:keys] for line in order}
    witness = tuple(cell for cell in _witness(made) if cell.keys in kept)
    return replace(made, data=out.getvalue().encode(), lines=len(order), witness=witness)


def _together(some: Sequence[Behind]) -> Behind:
    found: dict[str, frozenset[str]] = {}
    for behind in some:
        for side, people in behind.items():
            found[side] = found.get(side, frozenset()) | people
    return found


def _report(
    built: Built,
    final: Sequence[_Period],
    told: Sequence[_Period],
    tables: Sequence[BuiltTable],
) -> dict[str, Any]:
    """What the report says otherwise than that of a first release."""
    named = [each.table.name for each in tables]
    figures = {each.table.name: _counted(each) for each in tables}
    return {
        "files": [f"{name}.csv" for name in named],
        "tables": [
            {**each, **figures[each["name"]]}
            for each in built.report["tables"]
            if each["name"] in named
        ],
        "withheld_tables": [
            *built.report["withheld_tables"],
            *(each.table.name for each in built.tables if each.table.name not in named),
        ],
        "periods": [
            {
                "table": each.table.name,
                "period": each.name,
                "follow": (each.follow if each in told else Follow.LEAVE_OUT).value,
                "base": each.base,
            }
            for each in final
        ],
    }


def _counted(made: BuiltTable) -> dict[str, Any]:
    """How many figures have which code, and how much of the first one is still told."""
    lines = [dict(zip(made.table.column_names, line, strict=True)) for line in _read(made.data)]
    codes = Counter(line[f"{figure}_status"] for line in lines for figure in made.table.figures)
    return {
        "share_kept": share_kept(lines, made.parts, made.table),
        **{status.value: codes[status.value] for status in Status},
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind.value,
        "measure": finding.measure,
        "side": finding.side,
        "cell": dict(zip(*finding.cell, strict=True)),
        "found": finding.found,
        "needed": finding.needed,
    }
