"""Which dates a rule of RFC 5545 means, on the clock of the wall.

Whether a day is in a rule depends on that day and the first one alone, so it is decided day by
day: no rule, however odd, costs more than the days that one can book ahead. Local dates and times
are naive here, to the minute; :mod:`mutuali.bookings.rules.series` makes instants of them.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NoReturn

from mutuali.core.errors import Reason, Refused
from mutuali.core.period import LOCAL_ZONE, local, local_midnight

#: The most dates of one series.
MOST_DATES = 200
#: The longest text of a rule; two hundred dates to leave out fit.
LONGEST_RULE = 8000
#: No date that a rule names lies outside these years.
_YEARS = range(2000, 2101)


class Frequency(StrEnum):
    """How a rule counts time."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


#: (which one of the month: 1 the first, -1 the last, 0 each of them; weekday, Monday 0)
Weekday = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule as it is kept: what recurs, until when, and dates beside the rule.

    Either ``count`` or ``last_day`` says where it ends; ``month_days`` count from 1, or from the
    end when negative; ``extra`` and ``left_out`` are local starts.
    """

    frequency: Frequency
    interval: int = 1
    weekdays: tuple[Weekday, ...] = ()
    month_days: tuple[int, ...] = ()
    week_start: int = 0
    count: int | None = None
    last_day: date | None = None
    extra: tuple[datetime, ...] = ()
    left_out: tuple[datetime, ...] = ()


def in_rule(rule: Recurrence, first: date, day: date) -> bool:
    """Whether the rule that begins on ``first`` means ``day``, wherever it ends."""
    named = not rule.weekdays or any(_is_nth(day, *each) for each in rule.weekdays)
    numbered = not rule.month_days or any(_is_month_day(day, each) for each in rule.month_days)
    if rule.frequency is Frequency.DAILY:
        return (day - first).days % rule.interval == 0 and named and numbered
    if rule.frequency is Frequency.WEEKLY:
        weeks = (_week(day, rule.week_start) - _week(first, rule.week_start)).days // 7
        by_day = named if rule.weekdays else day.weekday() == first.weekday()
        return weeks % rule.interval == 0 and by_day
    months = (day.year - first.year) * 12 + day.month - first.month
    if not rule.weekdays and not rule.month_days:
        numbered = day.day == first.day
    return months % rule.interval == 0 and named and numbered


def dates_of(rule: Recurrence, starts: datetime, *, last: date) -> list[datetime]:
    """The local starts that ``rule`` means from ``starts`` on, in order, none after ``last``."""
    end = min(last, rule.last_day or last)
    found: list[datetime] = []
    for day in _days(starts.date(), end):
        if rule.count is not None and len(found) == rule.count:
            break
        if in_rule(rule, starts.date(), day):
            found.append(datetime.combine(day, starts.time()))
    extra = {each for each in rule.extra if each.date() <= last}
    return sorted({*found, *extra} - {*rule.left_out})


def bounded_dates(rule: Recurrence, starts: datetime, *, last: date) -> list[datetime]:
    """:func:`dates_of` a series: one to two hundred of them, none beyond ``last``.

    Raises:
        Refused: there are none, too many, or some beyond; or ``starts`` is not in the rule.
    """
    if starts.date() > last:
        raise Refused(Reason("time.too_far", {}, "starts"))
    if rule.last_day is not None and rule.last_day > last:
        raise Refused(Reason("time.too_far", {}, "rule"))
    if not in_rule(rule, starts.date(), starts.date()):
        first = first_in(rule, starts, last=last)
        if first is None:
            raise Refused(Reason("series.no_dates", {}, "rule"))
        raise Refused(Reason("series.starts_outside", {"first": first.date()}, "starts"))
    found = dates_of(rule, starts, last=last)
    beyond = any(each.date() > last for each in rule.extra)
    if beyond or (rule.count is not None and _counted(rule, starts, last) < rule.count):
        raise Refused(Reason("time.too_far", {}, "rule"))
    if not found:
        raise Refused(Reason("series.no_dates", {}, "rule"))
    if len(found) > MOST_DATES:
        raise Refused(Reason("series.too_many", {"most": MOST_DATES}, "rule"))
    return found


def first_in(rule: Recurrence, starts: datetime, *, last: date) -> datetime | None:
    """The first local start from ``starts`` on whose day the rule means; None up to ``last``.

    A rule that names its days begins on the first of them, whatever day somebody typed.
    """
    for day in _days(starts.date(), last):
        if in_rule(rule, day, day):
            return datetime.combine(day, starts.time())
    return None


def parse_rule(written: str, starts: datetime) -> Recurrence:
    """A rule out of its content lines: ``RRULE`` (its name may be left out), ``EXDATE``, ``RDATE``.

    A date without a time stands for that day at the time of ``starts``; UTC is read on Montréal's
    clock.

    Raises:
        Refused: it cannot be read, or names what is not taken here; the reason names the part.
    """
    lines = [line for line in _FOLD.sub("", written).split("\n") if line]
    rule: dict[str, str] | None = None
    beside: dict[str, list[datetime]] = {"EXDATE": [], "RDATE": []}
    for line in lines:
        name, parameters, value = _line(line)
        if name == "RRULE":
            if rule is not None or parameters:
                _unreadable(line)
            rule = _parts(value)
        elif name in beside:
            _only_local(parameters, line)
            beside[name] += [_moment(each, starts, line) for each in value.split(",")]
        else:
            _unknown(name)
    if rule is None:
        raise Refused(Reason("field.missing", {}, "rule"))
    return _recurrence(rule, starts, beside)


def written_rule(rule: Recurrence) -> str:
    """``rule`` as RFC 5545 writes it, a content line per kind; the text that is kept."""
    parts = [f"FREQ={rule.frequency}"]
    if rule.interval != 1:
        parts.append(f"INTERVAL={rule.interval}")
    if rule.weekdays:
        parts.append("BYDAY=" + ",".join(f"{n or ''}{_DAYS[day]}" for n, day in rule.weekdays))
    if rule.month_days:
        parts.append("BYMONTHDAY=" + ",".join(map(str, rule.month_days)))
    if rule.week_start:
        parts.append(f"WKST={_DAYS[rule.week_start]}")
    if rule.count is not None:
        parts.append(f"COUNT={rule.count}")
    if rule.last_day is not None:
        # RFC 5545 wants UTC beside a start that names its zone: the last second of that day.
        end = local_midnight(rule.last_day + timedelta(days=1)) - timedelta(seconds=1)
        parts.append(f"UNTIL={end:%Y%m%dT%H%M%SZ}")
    lines = ["RRULE:" + ";".join(parts)]
    for name, dates in (("RDATE", rule.extra), ("EXDATE", rule.left_out)):
        if dates:
            said = ",".join(f"{each:%Y%m%dT%H%M00}" for each in dates)
            lines.append(f"{name};TZID={LOCAL_ZONE.key}:{said}")
    return "\n".join(lines)


_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_TAKEN = ("FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "WKST", "COUNT", "UNTIL")
_FOLD = re.compile(r"\n[ \t]")
_WEEKDAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_MONTH_DAY = re.compile(r"[+-]?(0?[1-9]|[12][0-9]|3[01])", re.ASCII)
_NUMBER = re.compile(r"0{0,3}[1-9][0-9]{0,2}", re.ASCII)
_MOMENT = re.compile(r"([0-9]{8})(?:T([0-9]{2})([0-9]{2})[0-9]{2}(Z?))?", re.ASCII)


def _recurrence(
    parts: Mapping[str, str], starts: datetime, beside: Mapping[str, list[datetime]]
) -> Recurrence:
    if "FREQ" not in parts:
        raise Refused(Reason("series.part_missing", {"part": "FREQ"}, "rule"))
    if parts["FREQ"] not in set(Frequency):
        _unknown(f"FREQ={parts['FREQ']}")
    frequency = Frequency(parts["FREQ"])
    weekdays = tuple(_weekday(each) for each in _listed(parts, "BYDAY"))
    month_days = tuple(_month_day(each) for each in _listed(parts, "BYMONTHDAY"))
    if frequency is not Frequency.MONTHLY and any(n for n, _day in weekdays):
        _unknown(f"BYDAY={parts['BYDAY']}")  # the second Monday of a week is no day
    if frequency is Frequency.WEEKLY and month_days:
        _unknown("BYMONTHDAY")
    if ("COUNT" in parts) == ("UNTIL" in parts):
        raise Refused(Reason("series.end_once", {}, "rule"))
    count = _number(parts, "COUNT")
    if count is not None and count > MOST_DATES:
        raise Refused(Reason("series.too_many", {"most": MOST_DATES}, "rule"))
    if "WKST" in parts and parts["WKST"] not in _DAYS:
        _unreadable(f"WKST={parts['WKST']}")
    return Recurrence(
        frequency=frequency,
        interval=_number(parts, "INTERVAL") or 1,
        weekdays=tuple(dict.fromkeys(weekdays)),
        month_days=tuple(dict.fromkeys(month_days)),
        week_start=_DAYS.index(parts.get("WKST", "MO")),
        count=count,
        last_day=_last_day(parts["UNTIL"], starts) if "UNTIL" in parts else None,
        extra=tuple(sorted(set(beside["RDATE"]))),
        left_out=tuple(sorted(set(beside["EXDATE"]))),
    )


def _line(line: str) -> tuple[str, str, str]:
    """(name, parameters, value) of a content line; a bare rule has no name."""
    head, colon, value = line.upper().partition(":")
    if not colon:
        return "RRULE", "", head
    name, _, parameters = head.partition(";")
    return name, parameters, value


def _parts(value: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in value.removesuffix(";").split(";"):
        name, equals, said = part.partition("=")
        if not equals or not said or name in found:
            _unreadable(part)
        if name not in _TAKEN:
            _unknown(name)
        found[name] = said
    return found


def _only_local(parameters: str, line: str) -> None:
    known = {"", f"TZID={LOCAL_ZONE.key}".upper(), "VALUE=DATE", "VALUE=DATE-TIME"}
    if not set(parameters.split(";")) <= known:
        _unreadable(line)


def _listed(parts: Mapping[str, str], name: str) -> list[str]:
    return parts[name].split(",") if name in parts else []


def _number(parts: Mapping[str, str], name: str) -> int | None:
    """A whole number from 1 to 999."""
    if name not in parts:
        return None
    if not _NUMBER.fullmatch(parts[name]):
        if name == "COUNT" and parts[name].isdecimal() and parts[name].strip("0"):
            raise Refused(Reason("series.too_many", {"most": MOST_DATES}, "rule"))
        _unreadable(f"{name}={parts[name]}")
    return int(parts[name])


def _weekday(said: str) -> Weekday:
    found = _WEEKDAY.fullmatch(said)
    if found is None:
        _unreadable(f"BYDAY={said}")
    return int(found[1] or 0), _DAYS.index(found[2])


def _month_day(said: str) -> int:
    if not _MONTH_DAY.fullmatch(said):
        _unreadable(f"BYMONTHDAY={said}")
    return int(said)


def _moment(said: str, starts: datetime, part: str) -> datetime:
    """A local date and time, to the minute; a date alone is at the time of ``starts``."""
    found = _MOMENT.fullmatch(said)
    if found is None:
        _unreadable(part)
    day, hour, minute, utc = found.groups()
    try:
        clock = time(int(hour), int(minute)) if hour else starts.time()
        wall = datetime.combine(date.fromisoformat(day), clock)
    except ValueError:
        _unreadable(part)
    if wall.year not in _YEARS:
        raise Refused(Reason("time.too_far", {}, "rule"))
    return local(wall.replace(tzinfo=UTC)).replace(tzinfo=None) if utc else wall


def _last_day(said: str, starts: datetime) -> date:
    """The last day on which something can start before or at ``UNTIL``."""
    until = _moment(said, starts, f"UNTIL={said}")
    return until.date() if until.time() >= starts.time() else until.date() - timedelta(days=1)


def _unknown(part: str) -> NoReturn:
    raise Refused(Reason("series.part_not_taken", {"part": part[:40]}, "rule"))


def _unreadable(part: str) -> NoReturn:
    raise Refused(Reason("series.part_unreadable", {"part": part[:40]}, "rule"))


def _counted(rule: Recurrence, starts: datetime, last: date) -> int:
    """How many of the dates that ``rule`` counts come up to ``last``."""
    alone = Recurrence(
        rule.frequency,
        rule.interval,
        rule.weekdays,
        rule.month_days,
        rule.week_start,
        count=rule.count,
    )
    return len(dates_of(alone, starts, last=last))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _week(day: date, week_start: int) -> date:
    """The day on which the week of ``day`` begins."""
    return day - timedelta(days=(day.weekday() - week_start) % 7)


def _is_nth(day: date, n: int, weekday: int) -> bool:
    if day.weekday() != weekday:
        return False
    from_end = -((_days_of_month(day) - day.day) // 7 + 1)
    return n == 0 or n in {(day.day - 1) // 7 + 1, from_end}


def _is_month_day(day: date, n: int) -> bool:
    return day.day == (n if n > 0 else _days_of_month(day) + 1 + n)


def _days_of_month(day: date) -> int:
    return monthrange(day.year, day.month)[1]
