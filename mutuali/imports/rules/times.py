"""Dates and clock readings of a file, turned into instants by its time zone."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from mutuali.core.period import LOCAL_ZONE, NoSuchLocalTime, TwoSuchLocalTimes, instant_at

_LENGTH = re.compile(r"(\d{1,5}) (minute|hour|day)s?")


class Skipped(StrEnum):
    """What to do with a local time that clocks jump over."""

    REFUSE = "refuse"
    LATER = "later"


class Twice(StrEnum):
    """Which instant a local time means that clocks show twice."""

    REFUSE = "refuse"
    FIRST = "first"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Times:
    """How a file writes instants; with ``dates_only`` a day stands for all of itself."""

    zone: ZoneInfo = LOCAL_ZONE
    pattern: str = ""
    dates_only: bool = False
    skipped: Skipped = Skipped.REFUSE
    twice: Twice = Twice.REFUSE

    def reading(self, text: str) -> datetime:
        """What is written, before any zone is applied. Raises ValueError."""
        if self.pattern:
            return datetime.strptime(text, self.pattern)  # noqa: DTZ007 - the zone comes after
        return datetime.fromisoformat(text)

    def instant(self, text: str) -> datetime:
        """The instant that is written; its own offset, where it has one, beats the zone.

        Raises:
            ValueError: not a time; its children where the clock has none or two.
        """
        read = self.reading(text)
        if read.tzinfo is not None:
            return read.astimezone(UTC)
        if self.zone.key == "UTC":
            return read.replace(tzinfo=UTC)
        try:
            return instant_at(read.date(), read.time(), zone=self.zone)
        except NoSuchLocalTime as error:
            if self.skipped is Skipped.REFUSE:
                raise
            return error.next_one
        except TwoSuchLocalTimes as error:
            if self.twice is Twice.REFUSE:
                raise
            return error.choices[self.twice is Twice.SECOND]

    def midnight(self, day: date) -> datetime:
        """When ``day`` begins: where midnight itself is skipped, at the first clock reading."""
        try:
            return instant_at(day, time(), fold=0, zone=self.zone)
        except NoSuchLocalTime as error:
            return error.next_one

    def start(self, text: str) -> datetime:
        """When something that begins "then" begins. Raises as :meth:`instant`."""
        if self.dates_only:
            return self.midnight(self.reading(text).date())
        return self.instant(text)

    def end(self, text: str) -> datetime:
        """When something that ends "then" is over: of a day, its last instant. Raises likewise."""
        if self.dates_only:
            return self.midnight(self.reading(text).date() + timedelta(days=1))
        return self.instant(text)

    def after(self, text: str, length: timedelta) -> datetime:
        """When a loan that begins "then" is due; in dates only, at the end of the day it falls on.

        Raises as :meth:`instant`.
        """
        if self.dates_only:
            return self.midnight(self.reading(text).date() + timedelta(days=length.days + 1))
        return self.instant(text) + length


@lru_cache(maxsize=256)
def read_length(text: str) -> timedelta | None:
    """``30 minutes``, ``3 hours``, ``1 day``; None when it is none."""
    found = _LENGTH.fullmatch(text)
    if found is None:
        return None
    return int(found[1]) * timedelta(**{f"{found[2]}s": 1})
