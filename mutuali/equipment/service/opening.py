"""When listings are open and when they are closed, for many at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, Integer, bindparam, cast, func, null, or_, select, union_all
from sqlalchemy.orm import Session

from mutuali.core.period import Period
from mutuali.equipment.models import Closure, Listing, WeeklyHours
from mutuali.equipment.models import Outage as OutageRow
from mutuali.equipment.rules import OpenHours, Outage
from mutuali.storage import (
    Ids,
    UtcDateTime,
    ask,
    gathered,
    is_one_of,
    spans_overlap,
    table_of,
)

LISTING, _HOURS, _CLOSURE = table_of(Listing), table_of(WeeklyHours), table_of(Closure)
_OUTAGE = table_of(OutageRow)


def _openings() -> CompoundSelect[*tuple[Any, ...]]:
    """Weekly hours, a row per listing; closures and outages that meet a span, a row each."""
    ids = bindparam("ids", type_=Ids())
    low, high = (bindparam(name, type_=UtcDateTime()) for name in ("low", "high"))
    no_instant, no_units = cast(null(), UtcDateTime), cast(null(), Integer)
    hours = (
        select(
            _HOURS.c.listing_id,
            *(gathered(each) for each in (_HOURS.c.weekday, _HOURS.c.opens, _HOURS.c.closes)),
            *(no_instant.label("starts_at"), no_instant.label("ends_at"), no_units.label("units")),
        )
        .where(is_one_of(_HOURS.c.listing_id, ids))
        .group_by(_HOURS.c.listing_id)
    )
    closures = select(
        *(_CLOSURE.c.listing_id, null(), null(), null()),
        *(_CLOSURE.c.starts_at, _CLOSURE.c.ends_at, no_units),
    ).where(
        is_one_of(_CLOSURE.c.listing_id, ids),
        spans_overlap(_CLOSURE.c.starts_at, _CLOSURE.c.ends_at, low, high),
    )
    outages = select(
        *(_OUTAGE.c.listing_id, null(), null(), null()),
        *(_OUTAGE.c.starts_at, func.coalesce(_OUTAGE.c.ends_at, high), _OUTAGE.c.units),
    ).where(
        is_one_of(_OUTAGE.c.listing_id, ids),
        _OUTAGE.c.starts_at < high,
        or_(_OUTAGE.c.ends_at.is_(None), _OUTAGE.c.ends_at > low),
    )
    return union_all(hours, closures, outages)


_OPENINGS = _openings()


#: By listing; a listing without any has an empty tuple.
Hours = Mapping[int, tuple[OpenHours, ...]]


Closures = Mapping[int, tuple[Period, ...]]


Outages = Mapping[int, tuple[Outage, ...]]


@dataclass(frozen=True, slots=True)
class Openings:
    """When listings can be had around a span; of the rest, what meets that span, in order.

    An outage without an end lasts to the end of the span.
    """

    hours: Hours
    closures: Closures
    outages: Outages


def openings(session: Session, ids: Sequence[int], period: Period) -> Openings:
    """The hours of each listing, its closures and outages that meet ``period``: one question."""
    hours: dict[int, list[tuple[int, int, int]]] = {}
    closed: defaultdict[int, list[Period]] = defaultdict(list)
    broken: defaultdict[int, list[Outage]] = defaultdict(list)
    rows = ask(session, _OPENINGS, ids=ids, low=period.start, high=period.end)
    for listing_id, weekdays, opens, closes, start, end, units in rows.all():
        if weekdays is not None:
            hours[listing_id] = list(zip(weekdays, opens, closes, strict=True))
        elif units is not None:
            broken[listing_id].append(Outage(units, Period(start, end)))
        else:
            closed[listing_id].append(Period(start, end))
    return Openings(
        _shared(hours),
        defaultdict(tuple, {n: tuple(sorted(each)) for n, each in closed.items()}),
        defaultdict(tuple, {n: tuple(each) for n, each in broken.items()}),
    )


def hours_of(session: Session, ids: Sequence[int]) -> Hours:
    """The weekly hours of each listing; none for one that is open at any time."""
    found: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
    rows = session.execute(
        select(
            WeeklyHours.listing_id, WeeklyHours.weekday, WeeklyHours.opens, WeeklyHours.closes
        ).where(is_one_of(WeeklyHours.listing_id, ids))
    )
    for listing_id, *span in rows:
        found[listing_id].append((span[0], span[1], span[2]))
    return _shared(found)


def _shared(hours: Mapping[int, list[tuple[int, int, int]]]) -> Hours:
    """The hours of each listing in order; many have the same, and then share them."""
    made: dict[tuple[tuple[int, int, int], ...], tuple[OpenHours, ...]] = {}
    found: defaultdict[int, tuple[OpenHours, ...]] = defaultdict(tuple)
    for listing_id, spans in hours.items():
        key = tuple(sorted(spans))
        if key not in made:
            made[key] = tuple(OpenHours(*span) for span in key)
        found[listing_id] = made[key]
    return found


def write_hours(session: Session, listing_id: int, hours: Iterable[OpenHours]) -> None:
    """Keep the weekly hours of a new listing, or of one whose old hours are gone."""
    session.add_all(
        WeeklyHours(listing_id=listing_id, weekday=h.weekday, opens=h.opens, closes=h.closes)
        for h in hours
    )
