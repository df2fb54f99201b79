"""Spans of time: half-open, aware, in UTC; and the local clock that people read."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: The clock on the wall of everybody who uses this network.
LOCAL_ZONE = ZoneInfo("America/Toronto")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From ``start`` up to and not including ``end``; both aware, kept in UTC.

    Raises:
        ValueError: a bound has no time zone, or ``end`` is not after ``start``.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a period needs aware bounds")
        if self.end <= self.start:
            raise ValueError("a period ends after it starts")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))

    @property
    def length(self) -> timedelta:
        """How long the period lasts; always positive."""
        return self.end - self.start

    def overlaps(self, other: "Period") -> bool:
        """Whether some instant is in both; periods that only touch share none."""
        return self.start < other.end and other.start < self.end

    def contains(self, instant: datetime) -> bool:
        """Whether ``instant`` lies inside, the start included and the end not."""
        return self.start <= instant < self.end

    def shifted(self, by: timedelta) -> "Period":
        """The same length, ``by`` later."""
        return Period(self.start + by, self.end + by)


@dataclass(frozen=True, slots=True, order=True)
class ClockSpan:
    """From one time of the clock to a later one, in minutes since midnight; 1440 ends the day."""

    opens: int
    closes: int


class NoSuchLocalTime(ValueError):
    """The clock jumps over this local time in March; ``next_one`` is the first that exists."""

    def __init__(self, next_one: datetime) -> None:
        self.next_one = next_one
        super().__init__("this local time does not exist")


class TwoSuchLocalTimes(ValueError):
    """The clock shows this local time twice in November; ``choices`` are both instants, in UTC."""

    def __init__(self, choices: tuple[datetime, datetime]) -> None:
        self.choices = choices
        super().__init__("this local time exists twice")


def instant_at(
    day: date, clock: time, *, fold: int | None = None, zone: ZoneInfo = LOCAL_ZONE
) -> datetime:
    """The instant, in UTC, at which clocks of ``zone`` (Montréal's) show ``clock`` on ``day``.

    ``fold`` answers which of the two when the clock shows it twice: 0 the first, 1 the second.

    Raises:
        NoSuchLocalTime: clocks jump over it.
        TwoSuchLocalTimes: clocks show it twice and ``fold`` is not given.
    """
    wall = datetime.combine(day, clock.replace(tzinfo=None))
    first, second = (wall.replace(tzinfo=zone, fold=n) for n in (0, 1))
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
        # In the gap, fold=1 uses the later offset, which lands just before it: fold=0 lands after.
        jump = first.utcoffset() or timedelta()
        later = second.utcoffset() or timedelta()
        start_of_gap = _gap_start(wall, abs(later - jump), zone)
        raise NoSuchLocalTime(start_of_gap)
    if first.utcoffset() != second.utcoffset():
        choices = (first.astimezone(UTC), second.astimezone(UTC))
        if fold is None:
            raise TwoSuchLocalTimes(choices)
        return choices[fold]
    return first.astimezone(UTC)


def _gap_start(wall: datetime, width: timedelta, zone: ZoneInfo) -> datetime:
    """The first instant after the jump that skips ``wall``; the jump is ``width`` wide."""
    probe = wall.replace(minute=0, second=0, microsecond=0)
    step = timedelta(minutes=15)
    for _ in range(int(width / step) * 2 + 8):
        back = probe.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
        if probe >= wall and back.replace(tzinfo=None) == probe:
            return back.astimezone(UTC)
        probe += step
    raise AssertionError("no local time exists near a gap")


def local(instant: datetime) -> datetime:
    """What the clock on the wall shows at ``instant``."""
    return instant.astimezone(LOCAL_ZONE)


def local_midnight(day: date) -> datetime:
    """The instant, in UTC, at which ``day`` begins in Montréal."""
    return datetime.combine(day, time(), LOCAL_ZONE).astimezone(UTC)
