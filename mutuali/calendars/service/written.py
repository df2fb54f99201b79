"""Events as a file of RFC 5545."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from icalendar import Calendar, Component, Timezone, TimezoneDaylight, TimezoneStandard
from icalendar import Event as EventComponent

from mutuali.calendars.rules import Event, plain
from mutuali.core.period import LOCAL_ZONE, Period, local

_PRODUCT = "-//MutuAli//MutuAli//FR"
_HOUR = timedelta(hours=1)


def written(events: Sequence[Event], *, name: str, language: str) -> bytes:
    """A calendar of ``events``, called ``name``, in UTF-8 with lines of 75 octets at most."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for known_as in ("name", "x-wr-calname"):
        calendar.add(known_as, plain(name), {"language": f"{language}-CA"})
    calendar.add("refresh-interval", _HOUR, {"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    if events:
        bounds = [bound for event in events for bound in (event.period.start, event.period.end)]
        years = local(min(bounds)).year, local(max(bounds)).year
        calendar.add_component(_zone(*years))
    for event in events:
        calendar.add_component(_event(event, language))
    return calendar.to_ical()


def digest(events: Sequence[Event], *, name: str, language: str) -> str:
    """SHA-256, hex, of what :func:`written` would write, without writing it."""
    return hashlib.sha256(repr((_PRODUCT, name, language, *events)).encode()).hexdigest()


def _event(event: Event, language: str) -> EventComponent:
    found = EventComponent()
    found.add("uid", event.uid)
    found.add("dtstamp", event.changed_at.replace(microsecond=0))
    found.add("last-modified", event.changed_at.replace(microsecond=0))
    found.add("sequence", event.sequence)
    start, end = _bounds(event.period)
    found.add("dtstart", start)
    found.add("dtend", end)
    found.add("summary", plain(event.summary), {"language": f"{language}-CA"})
    found.add("status", event.status.value)
    if event.location:
        found.add("location", plain(event.location))
    found.add("url", event.url)
    return found


def _bounds(period: Period) -> tuple[datetime, datetime]:
    """Both on Montréal's clock; in UTC where that clock shows one of them for the second time,
    which a time with a zone cannot say."""
    there = local(period.start), local(period.end)
    if any(bound.fold for bound in there):
        return period.start, period.end
    return there


@lru_cache(maxsize=64)
def _zone(first: int, last: int) -> Component:
    """Montréal's clock over these years, change by change: right whatever its rules become.

    Each change says the time that the clock showed before it, as RFC 5545 asks (3.6.5).
    """
    zone = Timezone()
    zone.add("tzid", LOCAL_ZONE.key)
    changes = defaultdict[tuple[timedelta, timedelta, str], list[datetime]](list)
    start = datetime(first, 1, 1, tzinfo=UTC)
    there = local(start)
    changes[_offset(there), _offset(there), str(there.tzname())].append(there.replace(tzinfo=None))
    for instant in _changes(start, datetime(last + 1, 1, 1, tzinfo=UTC)):
        before, after = local(instant - _HOUR), local(instant)
        shown = (instant + _offset(before)).replace(tzinfo=None)
        changes[_offset(before), _offset(after), str(after.tzname())].append(shown)
    for (offset_before, offset_after, called), times in changes.items():
        part = TimezoneDaylight() if offset_after > offset_before else TimezoneStandard()
        part.add("dtstart", times[0])
        if times[1:]:
            part.add("rdate", times[1:])
        part.add("tzoffsetfrom", offset_before)
        part.add("tzoffsetto", offset_after)
        part.add("tzname", called)
        zone.add_component(part)
    return zone


def _changes(start: datetime, end: datetime) -> Iterator[datetime]:
    """The instants from ``start`` to ``end`` at which Montréal's clock is set anew."""
    day = timedelta(days=1)
    while start < end:
        if _offset(local(start)) != _offset(local(start + day)):
            low, high = start, start + day
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
                same = _offset(local(middle)) == _offset(local(start))
                low, high = (middle, high) if same else (low, middle)
            yield high
        start += day


def _offset(there: datetime) -> timedelta:
    return there.utcoffset() or timedelta()
