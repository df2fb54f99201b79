"""When a file of RFC 5545 says that somebody is busy.

Only times are read: what events are called, where they are and who comes stays where it is.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from mutuali.calendars.rules.lines import Line, content_lines
from mutuali.calendars.rules.recurring import (
    Account,
    NotARule,
    NotRead,
    Rule,
    parse_rule,
    starts_of,
)
from mutuali.core.errors import Reason, Refused
from mutuali.core.period import LOCAL_ZONE, Period

#: The most events that one file may mean within the span that is read.
MOST_BUSY = 5000
#: The name of a zone -> the zone; None: nobody knows it.
ZoneOf = Callable[[str], tzinfo | None]

_MOMENT = re.compile(r"([0-9]{8})(?:T([0-9]{2})([0-9]{2})([0-9]{2})(Z)?)?", re.ASCII)
_LENGTH = re.compile(
    r"[+]?P(?=[0-9T])(?:([0-9]{1,5})W|(?:([0-9]{1,5})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,6})H)?(?:([0-9]{1,8})M)?(?:([0-9]{1,8})S)?)?)",
    re.ASCII,
)
#: Years that are somebody's; outside them, clocks cannot be told.
_YEARS = range(1000, 9000)
#: What is read of an event; what may stand once only.
_ONCE = frozenset(
    {
        *("UID", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "STATUS", "TRANSP"),
    }
)
_OFTEN = frozenset({"RRULE", "RDATE", "EXDATE", "EXRULE"})
#: Events that came from here: who subscribes to our feed and hands it back is not busy twice.
_OURS = re.compile(r"[\w-]{22}@mutuali", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Moment:
    """A time as a file says it: on the clock of ``zone``; of a whole day, its midnight here."""

    wall: datetime
    zone: tzinfo
    all_day: bool

    @property
    def instant(self) -> datetime:
        """In UTC; what the clock jumps over is read with the offset before the jump (3.3.5)."""
        return self.wall.replace(tzinfo=self.zone).astimezone(UTC)


@dataclass(slots=True)
class _Event:
    """The lines of a VEVENT that tell when."""

    begins_at: int
    once: dict[str, Line] = field(default_factory=dict)
    often: defaultdict[str, list[Line]] = field(default_factory=lambda: defaultdict(list))

    def says(self, name: str) -> str:
        line = self.once.get(name)
        return line.value.strip().upper() if line else ""

    @property
    def is_busy(self) -> bool:
        uid = self.once.get("UID")
        ours = uid is not None and _OURS.fullmatch(uid.value.strip())
        return not (
            ours or self.says("TRANSP") == "TRANSPARENT" or self.says("STATUS") == "CANCELLED"
        )


def busy_periods(file: bytes, span: Period, zone_of: ZoneOf) -> list[Period]:
    """When ``file`` says busy within ``span``: in order, apart, what overlaps or touches made one.

    Floating times and whole days are Montréal's.

    Raises:
        Refused: it cannot be read, with the line and why; it means too much.
    """
    events = list(_events(content_lines(file)))
    reader = _Reader(span, zone_of, events)
    found = sorted(period for event in events for period in reader.busy(event))
    return _merged(found)


def _merged(periods: Iterable[Period]) -> list[Period]:
    merged: list[Period] = []
    for period in periods:
        if merged and period.start <= merged[-1].end:
            merged[-1] = Period(merged[-1].start, max(merged[-1].end, period.end))
        else:
            merged.append(period)
    return merged


def _events(lines: Iterator[Line]) -> Iterator[_Event]:
    """The events of a file; whatever else it holds is only held to its beginnings and ends."""
    inside: list[str] = []
    event: _Event | None = None
    last = 1
    for line in lines:
        last = line.number
        named = line.value.strip().upper()
        if not inside and (line.name != "BEGIN" or named != "VCALENDAR"):
            raise Refused(Reason("ical.not_a_calendar", {"line": line.number}, "file"))
        if line.name == "BEGIN":
            inside.append(named)
            if inside == ["VCALENDAR", "VEVENT"]:
                event = _Event(line.number)
        elif line.name == "END":
            if inside.pop() != named:
                raise line.wrong("ical.not_its_end")
            if event is not None and len(inside) == 1:
                yield event
                event = None
        elif event is not None and len(inside) == 2:
            _note(event, line)
    if inside or last == 1:
        code = "ical.unfinished" if inside else "ical.not_a_calendar"
        raise Refused(Reason(code, {"line": last}, "file"))


def _note(event: _Event, line: Line) -> None:
    if line.name in _OFTEN:
        event.often[line.name].append(line)
    elif line.name in _ONCE:
        if line.name in event.once:
            raise line.wrong("ical.said_twice")
        event.once[line.name] = line


class _Reader:
    """Reads the events of one file; what it may cost is counted over all of them."""

    def __init__(self, span: Period, zone_of: ZoneOf, events: Sequence[_Event]) -> None:
        self._span, self._zone_of = span, zone_of
        self._account, self._count = Account(), 0
        #: Of each UID, the instances that an event of their own stands for.
        self._moved: defaultdict[str, set[datetime | date]] = defaultdict(set)
        for event in events:
            line = event.once.get("RECURRENCE-ID")
            if line is not None:
                if "RANGE" in line.parameters:
                    raise line.wrong("ical.not_read")
                self._moved[self._uid(event)].add(_key(self._moment(line)))

    def busy(self, event: _Event) -> Iterator[Period]:
        """When an event says busy, within the span."""
        if "DTSTART" not in event.once:
            raise Refused(Reason("ical.no_start", {"line": event.begins_at}, "file"))
        starts = self._moment(event.once["DTSTART"])
        length = self._length(event, starts)
        for line in event.often["EXRULE"]:
            raise line.wrong("ical.not_read")
        left_out: set[datetime | date] = set()
        for line in event.often["EXDATE"]:
            left_out |= {_key(each) for each in self._moments(line)}
        if "RECURRENCE-ID" not in event.once:
            left_out |= self._moved[self._uid(event)]
        rules = [(line, self._rule(line, starts)) for line in event.often["RRULE"]]
        beside = [each for line in event.often["RDATE"] for each in self._beside(line, length)]
        if not event.is_busy:
            return
        seen: set[datetime] = set()
        for moment, lasts in (*self._instances(starts, length, rules), *beside):
            start = moment.instant
            if start in seen or start in left_out or moment.wall.date() in left_out:
                continue
            seen.add(start)
            end = lasts(moment)
            if start < end and start < self._span.end and end > self._span.start:
                self._count += 1
                if self._count > MOST_BUSY:
                    raise Refused(Reason("ical.too_many", {"most": MOST_BUSY}, "file"))
                yield Period(max(start, self._span.start), min(end, self._span.end))

    def _instances(
        self, starts: _Moment, length: "_Length", rules: Sequence[tuple[Line, Rule]]
    ) -> Iterator[tuple[_Moment, "_Length"]]:
        """The event itself, and what its rules make of it around the span."""
        yield starts, length
        # An instance that began before the span may reach into it; zones are a day apart at most.
        longest = length(starts) - starts.instant + timedelta(days=2)
        try:
            first = (self._span.start - longest).date()
        except OverflowError:
            first = date(1000, 1, 1)
        last = (self._span.end + timedelta(days=2)).date()
        for _, rule in rules:
            for wall in starts_of(rule, starts.wall, first, last, self._account):
                yield _Moment(wall, starts.zone, starts.all_day), length

    def _rule(self, line: Line, starts: _Moment) -> Rule:
        def until_of(said: str) -> datetime | None:
            try:
                moment = self._read(said, starts.zone, line)
            except Refused:
                return None
            if moment.all_day:
                return datetime.combine(moment.wall.date(), time.max)
            if moment.zone is UTC:
                return moment.instant.astimezone(starts.zone).replace(tzinfo=None)
            return moment.wall

        try:
            return parse_rule(line.value.strip(), until_of)
        except NotRead:
            raise line.wrong("ical.not_read") from None
        except NotARule:
            raise line.wrong("ical.not_a_rule") from None

    def _length(self, event: _Event, starts: _Moment) -> "_Length":
        if "DTEND" in event.once:
            if "DURATION" in event.once:
                raise event.once["DURATION"].wrong("ical.said_twice")
            ends = self._moment(event.once["DTEND"])
            if ends.instant < starts.instant:
                raise event.once["DTEND"].wrong("ical.ends_before")
            if starts.all_day:
                return _days_long(ends.wall - starts.wall)
            return _lasting(ends.instant - starts.instant)
        if "DURATION" in event.once:
            line = event.once["DURATION"]
            return self._said_length(line.value.strip(), line)
        return _days_long(timedelta(days=1)) if starts.all_day else _lasting(timedelta())

    def _said_length(self, said: str, line: Line) -> "_Length":
        found = _LENGTH.fullmatch(said)
        if found is None:
            raise line.wrong("ical.not_a_length")
        weeks, days, hours, minutes, seconds = (int(each or 0) for each in found.groups())
        exact = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        return _days_long(timedelta(weeks=weeks, days=days), exact)

    def _beside(self, line: Line, length: "_Length") -> Iterator[tuple[_Moment, "_Length"]]:
        """The dates of a RDATE, each with how long it lasts."""
        if line.parameters.get("VALUE", "").upper() != "PERIOD":
            yield from ((moment, length) for moment in self._moments(line))
            return
        zone = self._zone(line)
        for said in line.value.strip().split(","):
            start, _, end = said.partition("/")
            moment = self._read(start, zone, line)
            if end.startswith(("P", "+P")):
                yield moment, self._said_length(end, line)
                continue
            lasts = self._read(end, zone, line).instant - moment.instant
            if lasts < timedelta():
                raise line.wrong("ical.ends_before")
            yield moment, _lasting(lasts)

    def _moments(self, line: Line) -> list[_Moment]:
        zone = self._zone(line)
        return [self._read(said, zone, line) for said in line.value.strip().split(",")]

    def _moment(self, line: Line) -> _Moment:
        return self._read(line.value.strip(), self._zone(line), line)

    def _zone(self, line: Line) -> tzinfo:
        name = line.parameters.get("TZID")
        zone = LOCAL_ZONE if name is None else self._zone_of(name)
        if zone is None:
            raise Line(line.number, "TZID", name or "").wrong("ical.unknown_zone")
        return zone

    def _read(self, said: str, zone: tzinfo, line: Line) -> _Moment:
        found = _MOMENT.fullmatch(said)
        if found is None:
            raise line.wrong("ical.not_a_time")
        day, hour, minute, second, utc = found.groups()
        try:
            # A leap second counts as the one before.
            clock = time(int(hour), int(minute), min(int(second), 59)) if hour else time()
            wall = datetime.combine(date.fromisoformat(day), clock)
        except ValueError:
            raise line.wrong("ical.not_a_time") from None
        if wall.year not in _YEARS:
            raise line.wrong("ical.not_a_time")
        if not hour:
            return _Moment(wall, LOCAL_ZONE, all_day=True)
        return _Moment(wall, UTC if utc else zone, all_day=False)

    @staticmethod
    def _uid(event: _Event) -> str:
        line = event.once.get("UID")
        return line.value.strip() if line else ""


#: From the start of an instance to its end.
_Length = Callable[[_Moment], datetime]


def _key(moment: _Moment) -> datetime | date:
    """What EXDATE and RECURRENCE-ID name: an instant, or of whole days the day."""
    return moment.wall.date() if moment.all_day else moment.instant


def _lasting(length: timedelta) -> _Length:
    """As long on any day, whatever the clock does meanwhile."""
    return lambda moment: _limited(lambda: moment.instant + length)


def _days_long(days: timedelta, exact: timedelta = timedelta()) -> _Length:
    """So many days of the calendar, and then some time."""

    def end(moment: _Moment) -> datetime:
        shifted = _Moment(moment.wall + days, moment.zone, moment.all_day)
        return shifted.instant + exact

    return lambda moment: _limited(lambda: end(moment))


def _limited(end: Callable[[], datetime]) -> datetime:
    """What would end after all calendars ends with them."""
    try:
        return end()
    except (OverflowError, ValueError):
        return datetime.max.replace(tzinfo=UTC)
