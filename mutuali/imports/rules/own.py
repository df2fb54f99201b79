"""What an organization keeps in spreadsheets of its own, line by line: what a cell may say.

Every file names its listings by their public ids; ``title`` is for who reads it, and is not read.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from mutuali.bookings.rules import Purpose
from mutuali.bookings.rules.recurrence import LONGEST_RULE, Recurrence, parse_rule, written_rule
from mutuali.core.errors import DomainError, Reason, Refused
from mutuali.core.period import (
    ClockSpan,
    NoSuchLocalTime,
    Period,
    TwoSuchLocalTimes,
    instant_at,
    local,
)
from mutuali.equipment.rules import MOST_QUOTA, MOST_UNITS, Counts, Per, UnitCondition
from mutuali.organizations.rules import DocumentKind, Need

#: Lines and bytes that one file may have.
MOST_LINES = 2000
MOST_BYTES = 500_000
#: No instant outside these years is anybody's business here.
_FIRST, _LAST = 2000, 2100
_SPAN = re.compile(r"([0-2]?\d):([0-5]\d)-([0-2]?\d):([0-5]\d)")
#: How a time of the clock on the wall is written.
WALL = "%Y-%m-%dT%H:%M"
_ENUM = TypeVar("_ENUM", bound=StrEnum)


class OwnKind(StrEnum):
    """The files that an organization takes along and brings back."""

    UNITS = "units"
    KITS = "kits"
    DAYS = "days"
    CLOSURES = "closures"
    QUOTAS = "quotas"
    DEMANDS = "demands"
    SERIES = "series"


class Fate(StrEnum):
    """What became of a line."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"


#: The columns of each file, in order.
COLUMNS: Mapping[OwnKind, tuple[str, ...]] = {
    OwnKind.UNITS: ("listing", "title", "code", "condition", "note"),
    OwnKind.KITS: ("kit", "title", "part", "part_title", "units"),
    OwnKind.DAYS: ("listing", "title", "day", "hours"),
    OwnKind.CLOSURES: ("listing", "title", "starts", "ends"),
    OwnKind.QUOTAS: ("listing", "title", "per", "counts", "most"),
    OwnKind.DEMANDS: ("listing", "title", "document", "detail"),
    OwnKind.SERIES: (
        *("listing", "title", "starts", "ends", "rule", "units", "purpose", "meals", "note"),
    ),
}
#: The optional question of the forms that each of these columns answers.
QUESTIONS: Mapping[OwnKind, Mapping[str, str]] = {
    OwnKind.UNITS: {"note": "unit_note"},
    OwnKind.SERIES: {"meals": "meals", "note": "note"},
}
#: Columns that only people read.
FOR_PEOPLE = frozenset({"title", "part_title"})


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One thing by its code."""

    listing: str
    code: str
    condition: UnitCondition
    note: str


@dataclass(frozen=True, slots=True)
class PartLine:
    """So many of a listing in each kit."""

    kit: str
    part: str
    units: int


@dataclass(frozen=True, slots=True)
class DayLine:
    """The hours of one day, of a listing or (empty) of all; none: closed all day."""

    listing: str
    day: date
    hours: tuple[ClockSpan, ...]


@dataclass(frozen=True, slots=True)
class ClosureLine:
    """A span that is closed, of a listing or (empty) of all."""

    listing: str
    period: Period


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """How much each borrower may have, of a listing or (empty) of all."""

    listing: str
    per: Per
    counts: Counts
    most: int


@dataclass(frozen=True, slots=True)
class DemandLine:
    """A document that a listing demands of its borrower."""

    listing: str
    need: Need


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """What is asked for again and again, of whomever: the first date on Montréal's clock, and a
    rule of RFC 5545."""

    listing: str
    starts: datetime
    ends: datetime
    rule: Recurrence
    units: int
    purpose: Purpose
    meals: int | None
    note: str


OwnLine = UnitLine | PartLine | DayLine | ClosureLine | QuotaLine | DemandLine | SeriesLine


def own_line(kind: OwnKind, cells: Mapping[str, str]) -> OwnLine:
    """What a line says.

    Raises:
        Refused: every cell that says nothing possible, each with its column.
    """
    return _Cells(cells).read(_READERS[kind])


def reference(line: OwnLine) -> tuple[object, ...]:
    """What a line is about: two lines of a file about the same are one too many."""
    if isinstance(line, UnitLine):
        return line.listing, line.code
    if isinstance(line, PartLine):
        return line.kit, line.part
    if isinstance(line, DayLine):
        return line.listing, line.day
    if isinstance(line, ClosureLine):
        return line.listing, line.period
    if isinstance(line, DemandLine):
        return line.listing, line.need
    if isinstance(line, SeriesLine):
        return line.listing, line.starts, written_rule(line.rule)
    return line.listing, line.per, line.counts


def hours_cell(spans: tuple[ClockSpan, ...]) -> str:
    """``09:00-12:00 13:00-17:00``; empty: closed all day."""
    return " ".join(f"{_clock(span.opens)}-{_clock(span.closes)}" for span in spans)


def moment_cell(instant: datetime) -> str:
    """``2026-03-03T08:00:00-05:00``: Montréal's clock, with the offset that makes it exact."""
    return local(instant).isoformat()


class _Cells:
    """The cells of one line, and what is wrong with them."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells, self._wrong = cells, list[Reason]()

    def read(self, reader: Callable[["_Cells"], OwnLine | None]) -> OwnLine:
        line = reader(self)
        if self._wrong or line is None:
            raise Refused.because(self._wrong)
        return line

    def text(self, name: str, longest: int, *, needed: bool = True) -> str:
        value = self._cells[name].replace("\r\n", "\n").replace("\r", "\n").strip()
        if needed and not value:
            self.refuse("field.missing", name)
        if len(value) > longest:
            self.refuse("field.too_long", name, max=longest)
        return value

    def number(self, name: str, low: int, high: int) -> int:
        value = self._cells[name].strip()
        if not re.fullmatch(r"[0-9]{1,9}", value) or not low <= int(value) <= high:
            self.refuse("field.out_of_range", name, min=low, max=high)
            return low
        return int(value)

    def one_of(self, name: str, choices: type[_ENUM]) -> _ENUM:
        try:
            return choices(self._cells[name].strip())
        except ValueError:
            self.refuse("import.value_unknown", name, value=self._cells[name].strip()[:40])
            return next(iter(choices))

    def day(self, name: str) -> date:
        try:
            found = date.fromisoformat(self._cells[name].strip())
        except ValueError:
            found = date.min
        if not _FIRST <= found.year <= _LAST:
            self.refuse("field.not_a_date", name)
        return found

    def moment(self, name: str) -> datetime | None:
        try:
            found = datetime.fromisoformat(self._cells[name].strip())
            if not _FIRST < found.year < _LAST:
                raise ValueError
            if found.tzinfo is not None:
                return found
            return instant_at(found.date(), found.time())
        except NoSuchLocalTime as error:
            self.refuse("time.does_not_exist", name, next=error.next_one)
        except TwoSuchLocalTimes:
            self.refuse("time.exists_twice", name)
        except ValueError:
            self.refuse("import.not_a_moment", name)
        return None

    def wall(self, name: str) -> datetime | None:
        """A date and a time of the clock on the wall, without an offset."""
        try:
            found = datetime.strptime(self._cells[name].strip(), WALL)  # noqa: DTZ007
            if _FIRST <= found.year < _LAST:
                return found
        except ValueError:
            pass
        self.refuse("field.not_a_local_time", name)
        return None

    def rule(self, name: str, starts: datetime) -> Recurrence | None:
        try:
            return parse_rule(self.text(name, LONGEST_RULE), starts)
        except DomainError as refusal:
            self._wrong += [replace(each, field=name) for each in refusal.reasons]
            return None

    def spans(self, name: str) -> tuple[ClockSpan, ...]:
        found = []
        for part in self._cells[name].split():
            match = _SPAN.fullmatch(part)
            if match is None:
                self.refuse("import.not_hours", name)
                return ()
            opens, closes = (int(match[n]) * 60 + int(match[n + 1]) for n in (1, 3))
            if max(opens, closes) > 1440:
                self.refuse("import.not_hours", name)
                return ()
            found.append(ClockSpan(opens, closes))
        return tuple(sorted(found))

    def period(self) -> Period | None:
        start, end = self.moment("starts"), self.moment("ends")
        if start is None or end is None:
            return None
        if end <= start:
            self.refuse("time.end_before_start", "ends")
            return None
        return Period(start, end)

    def refuse(self, code: str, name: str, **params: object) -> None:
        self._wrong.append(Reason(code, params, name))


def _unit(cells: _Cells) -> OwnLine:
    return UnitLine(
        cells.text("listing", 22),
        cells.text("code", 20),
        cells.one_of("condition", UnitCondition),
        cells.text("note", 300, needed=False),
    )


def _part(cells: _Cells) -> OwnLine:
    return PartLine(
        cells.text("kit", 22), cells.text("part", 22), cells.number("units", 1, MOST_UNITS)
    )


def _day(cells: _Cells) -> OwnLine:
    listing = cells.text("listing", 22, needed=False)
    return DayLine(listing, cells.day("day"), cells.spans("hours"))


def _closure(cells: _Cells) -> OwnLine | None:
    listing, period = cells.text("listing", 22, needed=False), cells.period()
    return ClosureLine(listing, period) if period else None


def _quota(cells: _Cells) -> OwnLine:
    return QuotaLine(
        cells.text("listing", 22, needed=False),
        cells.one_of("per", Per),
        cells.one_of("counts", Counts),
        cells.number("most", 1, MOST_QUOTA),
    )


def _demand(cells: _Cells) -> OwnLine:
    kind, detail = cells.one_of("document", DocumentKind), ""
    if kind in (DocumentKind.DRIVING_LICENCE, DocumentKind.TRAINING):
        detail = cells.text("detail", 120)
    return DemandLine(cells.text("listing", 22), Need(kind, detail))


def _series(cells: _Cells) -> OwnLine | None:
    listing, starts, ends = cells.text("listing", 22), cells.wall("starts"), cells.wall("ends")
    if starts is None or ends is None:
        return None
    if ends <= starts:
        cells.refuse("time.end_before_start", "ends")
    rule = cells.rule("rule", starts)
    if rule is None:
        return None
    return SeriesLine(
        listing,
        starts,
        ends,
        rule,
        cells.number("units", 1, MOST_UNITS),
        cells.one_of("purpose", Purpose),
        cells.number("meals", 0, 1_000_000) if cells.text("meals", 9, needed=False) else None,
        cells.text("note", 1000, needed=False),
    )


_READERS: Mapping[OwnKind, Callable[[_Cells], OwnLine | None]] = {
    OwnKind.UNITS: _unit,
    OwnKind.KITS: _part,
    OwnKind.DAYS: _day,
    OwnKind.CLOSURES: _closure,
    OwnKind.QUOTAS: _quota,
    OwnKind.DEMANDS: _demand,
    OwnKind.SERIES: _series,
}


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
