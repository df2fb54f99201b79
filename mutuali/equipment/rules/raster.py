"""The instants at which a loan may start and end: so many minutes apart on Montréal's clock."""

from bisect import bisect_left, bisect_right
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from mutuali.core.period import (
    NoSuchLocalTime,
    TwoSuchLocalTimes,
    instant_at,
    local,
    local_midnight,
)

#: Minutes between two instants, counted from midnight: a quarter of an hour to a day.
GRANULARITIES = (15, 30, 60, 120, 240, 720, 1440)


def stands_on(instant: datetime, minutes: int) -> bool:
    """Whether the clock shows a multiple of ``minutes`` since midnight, to the second."""
    there = local(instant)
    past = (there.hour * 60 + there.minute) % minutes
    return past == there.second == there.microsecond == 0


def raster_before(instant: datetime, minutes: int) -> datetime:
    """The last instant of the raster at or before ``instant``; midnight always is one."""
    found = raster_of(local(instant).date(), minutes)
    return found[bisect_right(found, instant) - 1]


def raster_after(instant: datetime, minutes: int) -> datetime:
    """The first instant of the raster at or after ``instant``."""
    day = local(instant).date()
    found = raster_of(day, minutes)
    at = bisect_left(found, instant)
    return found[at] if at < len(found) else local_midnight(day + timedelta(days=1))


@lru_cache(maxsize=4096)
def raster_of(day: date, minutes: int) -> tuple[datetime, ...]:
    """The instants of one day, in order: a time that clocks jump over is left out, one that they
    show twice is there twice."""
    found: list[datetime] = []
    for minute in range(0, 1440, minutes):
        try:
            found.append(instant_at(day, time(*divmod(minute, 60))))
        except NoSuchLocalTime:
            continue
        except TwoSuchLocalTimes as twice:
            found += twice.choices
    return tuple(sorted(found))
