"""A month of many listings at once."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.bookings.rules import (
    DayWord,
    OpenDays,
    Taken,
    blocked_kits,
    month_words,
    open_days,
    seconds,
)
from mutuali.bookings.service.taken import read_taken
from mutuali.core.period import Period, local_midnight
from mutuali.core.permissions import Actor, Permission, require
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import ANY_TIME, Kind, Outage

LISTINGS_PER_PAGE = 200


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A listing and its word for each day."""

    listing: equipment.ListingLine
    words: Sequence[DayWord]


@dataclass(frozen=True, slots=True)
class Month:
    """One page of listings over the days of a month; ``total`` listings on all pages."""

    days: tuple[date, ...]
    total: int
    page: int
    pages: int
    rows: tuple[MonthRow, ...]


def month(
    session: Session,
    actor: Actor,
    first: date,
    *,
    kind: Kind | None = None,
    borough: str = "",
    page: int = 1,
    per_page: int = LISTINGS_PER_PAGE,
    now: datetime,
) -> Month:
    """How free each published listing is on each day of the month that begins with ``first``.

    The number of queries depends on neither the listings nor the bookings. Raises Forbidden.
    """
    require(actor, Permission.AVAILABILITY_READ)
    length = monthrange(first.year, first.month)[1]
    days = tuple(date(first.year, first.month, n + 1) for n in range(length))
    whole = open_days(ANY_TIME, days, now=now)
    span = Period(local_midnight(days[0]), local_midnight(days[-1] + timedelta(days=1)))
    total = equipment.count_published(session, kind=kind, borough=borough)
    pages = max(1, -(-total // per_page))
    page = min(page, pages)
    lines = equipment.published_lines(
        session,
        kind=kind,
        borough=borough,
        period=span,
        offset=(page - 1) * per_page,
        limit=per_page,
    )
    ids = {line.id for line in lines}
    ids |= {part.listing_id for line in lines for part in line.parts}
    # Where one page shows all there is, everything taken in the month is asked for by its span
    # alone: an index of spans answers that in a fifth of the time of one of listings and spans.
    shows_all = kind is None and not borough and pages == 1
    taken = read_taken(session, None if shows_all else sorted(ids), span, now=now)
    # By identity: listings that are open alike share their timetable, and hashing it each time
    # would cost as much as reckoning with it.
    opened: dict[int, OpenDays] = {id(ANY_TIME): whole}
    rows = []
    for line in lines:
        shared = opened.get(id(line.timetable))
        if shared is None:
            shared = opened[id(line.timetable)] = open_days(line.timetable, days, now=now)
        mine = _taken_of(line, taken)
        words: Sequence[DayWord] = shared.words
        if mine or line.closures:
            words = month_words(shared, line.units, mine or (), line.closures)
        rows.append(MonthRow(line, words))
    return Month(days, total, page, pages, tuple(rows))


def _taken_of(
    line: equipment.ListingLine, taken: Mapping[int, Sequence[Taken]]
) -> Sequence[Taken] | None:
    """What is taken of a listing, by bookings or because it is broken; of a kit, by its parts."""
    if not line.parts:
        mine = taken.get(line.id)
        return (*(mine or ()), *_broken(line.outages)) if line.outages else mine
    of_parts = [
        (
            part.units,
            part.needed,
            (*taken.get(part.listing_id, ()), *_broken(part.outages)),
        )
        for part in line.parts
    ]
    return (*blocked_kits(line.units, of_parts), *_broken(line.outages))


def _broken(outages: Sequence[Outage]) -> list[Taken]:
    return [(each.units, seconds(each.period.start), seconds(each.period.end)) for each in outages]
