"""Which days a RRULE of RFC 5545 means, period by period, with an account of the work it takes.

What recurs more often than daily, and a few parts that agendas in use do not write (BYWEEKNO,
BYYEARDAY, BYHOUR and finer), are not read: a refusal says which, so that nothing is taken for
something else.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from mutuali.core.errors import Reason, Refused


class Frequency(StrEnum):
    """How a rule counts time."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


#: (which one: 1 the first, -1 the last, 0 each of them; weekday, Monday 0)
Weekday = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rule:
    """A RRULE; ``until`` is a time of the event's own clock, included."""

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[Weekday, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0


class Account:
    """How many days may still be looked at for one file: its rules, however odd, end in time."""

    #: Some seconds of work.
    MOST_DAYS = 600_000

    def __init__(self) -> None:
        self._left = self.MOST_DAYS

    def spend(self, days: int) -> None:
        """Look at so many days. Raises Refused: there were too many."""
        self._left -= days
        if self._left < 0:
            raise Refused(Reason("ical.too_much_recurs", {}, "file"))


def starts_of(
    rule: Rule, starts: datetime, first: date, last: date, account: Account
) -> Iterator[datetime]:
    """The starts on the event's own clock from ``first`` to ``last`` that ``rule`` means, in order.

    ``starts`` is always one of them, as RFC 5545 wants it to be in the rule (3.8.5.3).
    """
    if first <= starts.date() <= last:
        yield starts
    days = _days(rule, starts.date(), first, last, account)
    for counted, day in enumerate(days, 1):
        there = datetime.combine(day, starts.time())
        if rule.until is not None and there > rule.until:
            return
        if rule.count is not None and counted > rule.count:
            return
        if day >= first and there != starts:
            yield there


def parse_rule(value: str, until_of: Callable[[str], datetime | None]) -> Rule:
    """A rule as RFC 5545 writes it; ``until_of`` reads its UNTIL on the event's own clock.

    Raises:
        NotARule: the part that cannot be read; NotRead: the part that is not taken here.
    """
    parts: dict[str, str] = {}
    for part in value.upper().removesuffix(";").split(";"):
        name, equals, said = part.partition("=")
        if not equals or not said or name in parts:
            raise NotARule(part)
        if name not in _TAKEN:
            raise NotRead(name)
        parts[name] = said
    said = parts.get("FREQ", "")
    if said not in set(Frequency):
        raise NotRead(f"FREQ={said}") if said in _FINER else NotARule(f"FREQ={said}")
    if "COUNT" in parts and "UNTIL" in parts:
        raise NotARule("COUNT, UNTIL")
    rule = Rule(
        Frequency(said),
        _number(parts, "INTERVAL") or 1,
        _number(parts, "COUNT"),
        _until(parts["UNTIL"], until_of) if "UNTIL" in parts else None,
        _numbers(parts, "BYMONTH", 1, 12),
        _numbers(parts, "BYMONTHDAY", -31, 31),
        tuple(_weekday(each) for each in _listed(parts, "BYDAY")),
        _numbers(parts, "BYSETPOS", -366, 366),
        _week_start(parts.get("WKST", "MO")),
    )
    if any(n for n, _ in rule.weekdays) and rule.frequency in (Frequency.DAILY, Frequency.WEEKLY):
        raise NotARule(f"BYDAY={parts['BYDAY']}")
    if rule.month_days and rule.frequency is Frequency.WEEKLY:
        raise NotARule("BYMONTHDAY")
    return rule


class NotARule(ValueError):
    """The part of a rule that cannot be read."""


class NotRead(ValueError):
    """The part of a rule that is right, and not taken here."""


_TAKEN = frozenset(
    {
        *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"),
        *("BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS"),
    }
)
_FINER = frozenset({"HOURLY", "MINUTELY", "SECONDLY"})
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
_SIGNED = re.compile(r"[+-]?[0-9]{1,3}", re.ASCII)


def _listed(parts: Mapping[str, str], name: str) -> list[str]:
    return parts[name].split(",") if name in parts else []


def _number(parts: Mapping[str, str], name: str) -> int | None:
    if name not in parts:
        return None
    if not _NUMBER.fullmatch(parts[name]) or not int(parts[name]):
        raise NotARule(f"{name}={parts[name]}")
    return int(parts[name])


def _numbers(parts: Mapping[str, str], name: str, low: int, high: int) -> tuple[int, ...]:
    found = []
    for said in _listed(parts, name):
        if not _SIGNED.fullmatch(said) or not low <= int(said) <= high or not int(said):
            raise NotARule(f"{name}={said}")
        found.append(int(said))
    return tuple(sorted(set(found)))


def _weekday(said: str) -> Weekday:
    found = _WEEKDAY.fullmatch(said)
    if found is None or (found[1] and not 1 <= abs(int(found[1])) <= 53):
        raise NotARule(f"BYDAY={said}")
    return int(found[1] or 0), _DAYS.index(found[2])


def _week_start(said: str) -> int:
    if said not in _DAYS:
        raise NotARule(f"WKST={said}")
    return _DAYS.index(said)


def _until(said: str, until_of: Callable[[str], datetime | None]) -> datetime:
    found = until_of(said)
    if found is None:
        raise NotARule(f"UNTIL={said}")
    return found


def _days(rule: Rule, start: date, first: date, last: date, account: Account) -> Iterator[date]:
    """The days from ``start`` to ``last`` that the rule means, in order; where nothing is counted,
    those long before ``first`` are jumped over."""
    jump = first if rule.count is None and first > start else start
    for period in _periods(rule, start, jump, last):
        found = sorted({*_candidates(rule, start, period, account)})
        if rule.positions:
            at = {n - 1 if n > 0 else len(found) + n for n in rule.positions}
            found = [day for n, day in enumerate(found) if n in at]
        yield from (day for day in found if start <= day <= last)


def _periods(rule: Rule, start: date, jump: date, last: date) -> Iterator[date]:
    """The first day of each period that the rule counts, from the one of ``jump`` on."""
    if rule.frequency in (Frequency.DAILY, Frequency.WEEKLY):
        weekly = rule.frequency is Frequency.WEEKLY
        length = 7 if weekly else 1
        begin = start.toordinal() - ((start.weekday() - rule.week_start) % 7 if weekly else 0)
        step = length * rule.interval
        begin += (jump.toordinal() - begin) // step * step
        for day in range(max(begin, 1), last.toordinal() + 1, step):
            yield date.fromordinal(day)
        return
    months = 12 if rule.frequency is Frequency.YEARLY else 1
    step = months * rule.interval
    begin = start.year * 12 + (start.month - 1 if months == 1 else 0)
    begin += (jump.year * 12 + jump.month - 1 - begin) // step * step
    for month in range(begin, last.year * 12 + last.month, step):
        yield date(month // 12, month % 12 + 1, 1)


def _candidates(rule: Rule, start: date, period: date, account: Account) -> Iterator[date]:
    """The days of one period that the rule names."""
    if rule.frequency in (Frequency.DAILY, Frequency.WEEKLY):
        length = 7 if rule.frequency is Frequency.WEEKLY else 1
        account.spend(length)
        weekdays = {weekday for _, weekday in rule.weekdays}
        if length == 7 and not weekdays:
            weekdays = {start.weekday()}
        for ordinal in range(period.toordinal(), period.toordinal() + length):
            if ordinal > date.max.toordinal():
                return
            day = date.fromordinal(ordinal)
            is_named = not weekdays or day.weekday() in weekdays
            in_month = not rule.months or day.month in rule.months
            if is_named and in_month and _is_numbered(rule, day):
                yield day
        return
    if rule.frequency is Frequency.MONTHLY:
        if not rule.months or period.month in rule.months:
            yield from _of_month(rule, start, period.year, period.month, account)
        return
    if not rule.months and rule.weekdays:
        yield from _of_year(rule, period.year, account)
        return
    every_month = tuple(range(1, 13)) if rule.month_days else (start.month,)
    for month in rule.months or every_month:
        yield from _of_month(rule, start, period.year, month, account)


def _of_month(rule: Rule, start: date, year: int, month: int, account: Account) -> Iterator[date]:
    length = monthrange(year, month)[1]
    if not rule.month_days and not rule.weekdays:
        account.spend(1)
        if start.day <= length:
            yield date(year, month, start.day)
        return
    account.spend(length)
    for number in range(1, length + 1):
        day = date(year, month, number)
        named = not rule.weekdays or _is_named(rule, day, number - 1, length)
        if named and _is_numbered(rule, day):
            yield day


def _of_year(rule: Rule, year: int, account: Account) -> Iterator[date]:
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    account.spend(last - first + 1)
    for ordinal in range(first, last + 1):
        day = date.fromordinal(ordinal)
        if _is_named(rule, day, ordinal - first, last - first + 1) and _is_numbered(rule, day):
            yield day


def _is_named(rule: Rule, day: date, offset: int, length: int) -> bool:
    """Whether a weekday of the rule is this day, ``offset`` days into a span of ``length``."""
    weekday = day.weekday()
    nth, nth_last = offset // 7 + 1, -((length - 1 - offset) // 7 + 1)
    return any(named == weekday and (n == 0 or n in (nth, nth_last)) for n, named in rule.weekdays)


def _is_numbered(rule: Rule, day: date) -> bool:
    """Whether a number of the rule, from the start of the month or its end, is this day."""
    length = monthrange(day.year, day.month)[1]
    return not rule.month_days or not {day.day, day.day - length - 1}.isdisjoint(rule.month_days)
