"""What an organization keeps in spreadsheets: taken along, and brought back all or not at all.

A line goes through the use case that the pages go through, so that a file can do nothing that a
person could not.
"""

import io
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.bookings.rules.recurrence import written_rule
from mutuali.bookings.rules.series import Take
from mutuali.bookings.service import series
from mutuali.core.errors import DomainError, Reason, Refused, Unreadable
from mutuali.core.permissions import Actor
from mutuali.core.spreadsheets import plain
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import OtherHours, Quota
from mutuali.imports.rules.own import (
    COLUMNS,
    FOR_PEOPLE,
    MOST_BYTES,
    MOST_LINES,
    WALL,
    ClosureLine,
    DayLine,
    DemandLine,
    Fate,
    OwnKind,
    OwnLine,
    PartLine,
    QuotaLine,
    SeriesLine,
    UnitLine,
    hours_cell,
    moment_cell,
    own_line,
    reference,
)
from mutuali.imports.rules.table import Layout, Objection, open_table

Cells = Sequence[object]


@dataclass(slots=True)
class OwnReport:
    """What became of a file: how many lines of each fate, and why lines are refused. With one
    objection nothing is written. ``left_out``: how many answers of each column were not read."""

    fates: Counter[Fate] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    objections: list[Objection] = field(default_factory=list)
    written: bool = False


def own_rows(
    session: Session, actor: Actor, organization_id: int, kind: OwnKind, *, now: datetime
) -> Iterator[Cells]:
    """The lines of an organization's own file, as :func:`bring_back` takes them; of days and
    closures, those to come. Raises Forbidden."""
    kept = _Kept(session, actor, organization_id, now)
    return iter(_WRITTEN[kind](kept))


def bring_back(
    session: Session,
    actor: Actor,
    organization_id: int,
    kind: OwnKind,
    content: bytes,
    *,
    dry: bool,
    left_out: Collection[str],
    new_public_id: Callable[[], str],
    now: datetime,
) -> OwnReport:
    """Write what a file says: all of it, or (``dry``, or with one bad line) nothing. What the file
    does not name stays; a line that says what is stored already changes nothing. Columns that are
    ``left_out``, since the network asks that question no more, are read as empty and counted.

    Raises:
        Forbidden: the actor does not lend for the organization.
        Unreadable: it is no such file, or too large.
    """
    kept = _Kept(session, actor, organization_id, now)
    report = OwnReport()
    lines = kept.known(_read(kind, content, left_out, report), report)
    with session.begin_nested() as whole:
        for number, group in _together(lines):
            try:
                with session.begin_nested():
                    report.fates[kept.write(group, new_public_id)] += len(group)
            except DomainError as refusal:
                session.expire_all()
                report.objections += [
                    Objection(number, reason.field or "", reason) for reason in refusal.reasons
                ]
        report.written = not dry and not report.objections
        if not report.written:
            whole.rollback()
    session.expire_all()
    report.objections.sort(key=lambda each: each.line)
    return report


def _read(
    kind: OwnKind, content: bytes, left_out: Collection[str], report: OwnReport
) -> list[tuple[int, OwnLine]]:
    """The lines that can be read; what cannot is noted. Raises Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable(Reason("import.too_large", {"most": MOST_BYTES // 1000}))
    first = content.split(b"\n", 1)[0]
    layout = Layout(delimiter=";" if first.count(b";") > first.count(b",") else ",")
    found: list[tuple[int, OwnLine]] = []
    seen: dict[tuple[object, ...], int] = {}
    with open_table(io.BytesIO(content), layout) as (header, rows):
        missing = [e for e in COLUMNS[kind] if e not in header and e not in FOR_PEOPLE]
        if missing:
            raise Unreadable(Reason("import.columns_missing", {"columns": ", ".join(missing)}))
        for row in rows:
            if isinstance(row, Objection):
                report.objections.append(row)
                continue
            if len(found) + len(report.objections) >= MOST_LINES:
                raise Unreadable(Reason("import.too_many_lines", {"most": MOST_LINES}))
            cells = {name: plain(cell) for name, cell in row.cells.items()}
            for name in left_out:
                if cells[name]:
                    report.left_out[name] += 1
                    cells[name] = ""
            try:
                line = own_line(kind, cells)
            except DomainError as refusal:
                report.objections += [
                    Objection(row.line, each.field or "", each) for each in refusal.reasons
                ]
                continue
            before = seen.setdefault(reference(line), row.line)
            if before != row.line:
                reason = Reason("import.repeated", {"line": before})
                report.objections.append(Objection(row.line, "", reason))
                continue
            found.append((row.line, line))
    return found


def _together(lines: Sequence[tuple[int, OwnLine]]) -> list[tuple[int, list[OwnLine]]]:
    """Lines that are written at once, with the number of the first: the parts of one kit, what
    one listing demands."""
    groups: dict[object, tuple[int, list[OwnLine]]] = {}
    for number, line in lines:
        whose: object = number
        if isinstance(line, PartLine):
            whose = line.kit
        elif isinstance(line, DemandLine):
            whose = line.listing
        groups.setdefault(whose, (number, []))[1].append(line)
    return list(groups.values())


class _Kept:
    """What an organization has, by the names that its files use."""

    def __init__(self, session: Session, actor: Actor, organization_id: int, now: datetime) -> None:
        self.session, self.actor, self.now = session, actor, now
        self.organization_id = organization_id
        #: The series that it asked for; None: not read yet.
        self.asked: list[series.SeriesDraft] | None = None
        found = equipment.listings_of(session, actor, organization_id)
        self.listings = {each.public_id: each for each in sorted(found, key=lambda e: e.id)}
        #: Of all, under the empty name, then of each listing.
        self.scopes = {"": equipment.Scope(organization_id)}
        for name, each in self.listings.items():
            self.scopes[name] = equipment.Scope(organization_id, each.id)

    def title(self, listing: str) -> str:
        return self.listings[listing].title("fr") if listing else ""

    def write(self, group: Sequence[OwnLine], new_public_id: Callable[[], str]) -> Fate:
        """Write lines that belong together. Raises DomainError."""
        line = group[0]
        if isinstance(line, UnitLine):
            return self._unit(line, new_public_id())
        if isinstance(line, PartLine):
            return self._kit([each for each in group if isinstance(each, PartLine)])
        if isinstance(line, DemandLine):
            return self._demands([each for each in group if isinstance(each, DemandLine)])
        if isinstance(line, DayLine):
            return self._day(line)
        if isinstance(line, ClosureLine):
            return self._closure(line)
        if isinstance(line, SeriesLine):
            return self._series(line, new_public_id)
        return self._quota(line)

    def known(
        self, lines: Sequence[tuple[int, OwnLine]], report: OwnReport
    ) -> list[tuple[int, OwnLine]]:
        """The lines about listings of its own; of all others it is noted."""
        found = []
        for number, line in lines:
            wrong = [
                Objection(number, column, Reason("import.listing_unknown", {}, column))
                for column, name in _names(line)
                if name not in self.listings
            ]
            report.objections += wrong
            if not wrong:
                found.append((number, line))
        return found

    def _unit(self, line: UnitLine, public_id: str) -> Fate:
        listing_id = self.listings[line.listing].id
        draft = equipment.UnitDraft(line.code, line.condition, line.note)
        stored = equipment.units_of(self.session, [listing_id]).get(listing_id, [])
        same = next((each for each in stored if each.code == line.code), None)
        if same is None:
            equipment.add_unit(
                self.session, self.actor, listing_id, draft, public_id=public_id, now=self.now
            )
            return Fate.ADDED
        if (same.condition, same.note) == (line.condition, line.note):
            return Fate.SAME
        equipment.edit_unit(self.session, self.actor, same.public_id, draft, now=self.now)
        return Fate.CHANGED

    def _kit(self, lines: Sequence[PartLine]) -> Fate:
        kit_id = self.listings[lines[0].kit].id
        stored = equipment.kit_parts(self.session, kit_id)
        parts = {line.part: line.units for line in lines}
        if {each.listing.public_id: each.units for each in stored} == parts:
            return Fate.SAME
        equipment.set_parts(self.session, self.actor, kit_id, list(parts.items()), now=self.now)
        return Fate.CHANGED if stored else Fate.ADDED

    def _demands(self, lines: Sequence[DemandLine]) -> Fate:
        listing = self.listings[lines[0].listing]
        needs, stored = {line.need for line in lines}, set(listing.draft.demands)
        if needs == stored:
            return Fate.SAME
        draft = replace(listing.draft, demands=tuple(sorted(needs)))
        equipment.edit_listing(
            self.session, self.actor, listing.id, draft, version=None, now=self.now
        )
        return Fate.CHANGED if stored else Fate.ADDED

    def _day(self, line: DayLine) -> Fate:
        scope, said = self.scopes[line.listing], OtherHours(line.day, line.hours)
        stored = equipment.differing_days(self.session, scope, after=self.now)
        before = next((each for _, each in stored if each.day == line.day), None)
        if before == said:
            return Fate.SAME
        equipment.differ(self.session, self.actor, scope, said, now=self.now)
        return Fate.CHANGED if before else Fate.ADDED

    def _closure(self, line: ClosureLine) -> Fate:
        scope = self.scopes[line.listing]
        stored = equipment.closures(self.session, scope, after=self.now)
        if any(period == line.period for _, period in stored):
            return Fate.SAME
        equipment.close(self.session, self.actor, scope, line.period, now=self.now)
        return Fate.ADDED

    def _quota(self, line: QuotaLine) -> Fate:
        scope = self.scopes[line.listing]
        asked = Quota(line.per, line.counts, line.most, of_all=scope.listing_id is None)
        stored = [quota for _, quota in equipment.quotas(self.session, scope)]
        if asked in stored:
            return Fate.SAME
        equipment.limit(self.session, self.actor, scope, asked, now=self.now)
        known = any((each.per, each.counts) == (line.per, line.counts) for each in stored)
        return Fate.CHANGED if known else Fate.ADDED

    def _series(self, line: SeriesLine, new_public_id: Callable[[], str]) -> Fate:
        """Ask for every date of it, or be refused; one that is there already is no file's to
        change: its dates were answered one by one."""
        asked = series.SeriesDraft(
            line.listing,
            line.units,
            line.starts,
            line.ends,
            line.rule,
            line.purpose,
            line.meals,
            line.note,
        )
        if self.asked is None:
            found = series.series_of(self.session, self.actor, self.organization_id, now=self.now)
            self.asked = [draft for _, draft in found]
        known = (asked.listing_public_id, asked.starts, asked.rule)
        for each in self.asked:
            if (each.listing_public_id, each.starts, each.rule) == known:
                if each == asked:
                    return Fate.SAME
                raise Refused(Reason("import.series_changes", {}, "rule"))
        series.request_series(
            self.session,
            self.actor,
            self.organization_id,
            asked,
            take=Take.ALL,
            new_public_id=new_public_id,
            now=self.now,
        )
        return Fate.ADDED


def _names(line: OwnLine) -> list[tuple[str, str]]:
    """(column, listing) of each listing that a line names and that has to be its own."""
    if isinstance(line, PartLine):
        return [("kit", line.kit), ("part", line.part)]
    if isinstance(line, SeriesLine):
        return []
    if line.listing or isinstance(line, UnitLine | DemandLine):
        return [("listing", line.listing)]
    return []


def _units(kept: _Kept) -> Iterator[Cells]:
    ids = [each.id for each in kept.listings.values()]
    stored = equipment.units_of(kept.session, ids)
    for name, listing in kept.listings.items():
        for unit in stored.get(listing.id, []):
            yield name, kept.title(name), unit.code, unit.condition.value, unit.note


def _kits(kept: _Kept) -> Iterator[Cells]:
    for name, listing in kept.listings.items():
        if listing.is_kit:
            for part in equipment.kit_parts(kept.session, listing.id):
                title = part.listing.title("fr")
                yield name, kept.title(name), part.listing.public_id, title, part.units


def _days(kept: _Kept) -> Iterator[Cells]:
    for name, scope in kept.scopes.items():
        for _, other in equipment.differing_days(kept.session, scope, after=kept.now):
            yield name, kept.title(name), other.day, hours_cell(other.spans)


def _closures(kept: _Kept) -> Iterator[Cells]:
    for name, scope in kept.scopes.items():
        for _, period in equipment.closures(kept.session, scope, after=kept.now):
            yield name, kept.title(name), moment_cell(period.start), moment_cell(period.end)


def _quotas(kept: _Kept) -> Iterator[Cells]:
    for name, scope in kept.scopes.items():
        for _, quota in equipment.quotas(kept.session, scope):
            yield name, kept.title(name), quota.per.value, quota.counts.value, quota.most


def _demands(kept: _Kept) -> Iterator[Cells]:
    for name, listing in kept.listings.items():
        for need in sorted(listing.draft.demands):
            yield name, kept.title(name), need.kind.value, need.detail


def _all_series(kept: _Kept) -> Iterator[Cells]:
    asked = series.series_of(kept.session, kept.actor, kept.organization_id, now=kept.now)
    for listing, each in asked:
        yield (
            *(listing.public_id, listing.title("fr")),
            *(each.starts.strftime(WALL), each.ends.strftime(WALL), written_rule(each.rule)),
            *(each.units, each.purpose.value, "" if each.meals is None else each.meals, each.note),
        )


_WRITTEN: Mapping[OwnKind, Callable[[_Kept], Iterator[Cells]]] = {
    OwnKind.UNITS: _units,
    OwnKind.KITS: _kits,
    OwnKind.DAYS: _days,
    OwnKind.CLOSURES: _closures,
    OwnKind.QUOTAS: _quotas,
    OwnKind.DEMANDS: _demands,
    OwnKind.SERIES: _all_series,
}
