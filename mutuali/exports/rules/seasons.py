"""Quarters, half-years and years on Montréal's calendar: the only times that leave."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mutuali.core.period import Period, local, local_midnight


@dataclass(frozen=True, slots=True)
class Season:
    """A quarter (``2026-Q1``), a half-year (``2026-H1``) or a year and the instants it spans."""

    name: str
    period: Period


def complete_quarters(now: datetime, count: int) -> tuple[Season, ...]:
    """The last ``count`` quarters that are over at ``now``, oldest first."""
    return _complete(now, count, months=3, letter="Q")


def complete_halves(now: datetime, count: int) -> tuple[Season, ...]:
    """The last ``count`` half-years that are over at ``now``, oldest first."""
    return _complete(now, count, months=6, letter="H")


def complete_years(now: datetime, count: int) -> tuple[Season, ...]:
    """The last ``count`` calendar years that are over at ``now``, oldest first."""
    return tuple(
        Season(season.name[:4], season.period)
        for season in _complete(now, count, months=12, letter="Y")
    )


def half_of(quarter: str) -> str:
    """The half-year of a quarter, by their names."""
    return f"{quarter[:4]}-H{(int(quarter[-1]) + 1) // 2}"


def season_finder(seasons: Sequence[Season]) -> Callable[[float], str | None]:
    """What tells the name of the season that a second since 1970 falls in; None outside of all.

    ``seasons`` follow one another without a gap.
    """
    starts = [season.period.start.timestamp() for season in seasons]
    end = seasons[-1].period.end.timestamp()

    def season_at(second: float) -> str | None:
        at = bisect_right(starts, second) - 1
        return seasons[at].name if at >= 0 and second < end else None

    return season_at


def quarter_ladder(quarters: Sequence[Season]) -> tuple[tuple[str, ...], ...]:
    """(quarter, half-year, year, "*") for each quarter."""
    return tuple((each.name, half_of(each.name), each.name[:4], "*") for each in quarters)


def _complete(now: datetime, count: int, *, months: int, letter: str) -> tuple[Season, ...]:
    today = local(now)
    # Months since year 0 up to the start of the season that still runs.
    end = (today.year * 12 + today.month - 1) // months * months
    return tuple(
        Season(
            f"{start // 12}-{letter}{start % 12 // months + 1}",
            Period(_midnight(start), _midnight(start + months)),
        )
        for start in range(end - count * months, end, months)
    )


def _midnight(months: int) -> datetime:
    return local_midnight(date(months // 12, months % 12 + 1, 1))
