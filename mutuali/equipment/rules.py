"""What can be shared and under which rules; when it is open."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from mutuali.core.errors import Reason
from mutuali.core.period import NoSuchLocalTime, Period, instant_at, local, local_midnight


class Kind(StrEnum):
    """The one kind a listing is of."""

    KITCHEN = "kitchen"
    VEHICLE = "vehicle"
    COLD_STORAGE = "cold_storage"
    DRY_STORAGE = "dry_storage"
    COOKING = "cooking"
    PREPARATION = "preparation"
    REFRIGERATION = "refrigeration"
    HEAVY_EQUIPMENT = "heavy_equipment"
    SURPLUS = "surplus"
    PEOPLES_TIME = "peoples_time"
    SUBCONTRACTING = "subcontracting"
    OTHER = "other"


class Family(StrEnum):
    """Kinds that belong together, for exports and for fallbacks in search."""

    TRANSPORT = "transport"
    KITCHEN = "kitchen"
    STORAGE = "storage"
    OTHER = "other"


FAMILY: dict[Kind, Family] = {
    Kind.VEHICLE: Family.TRANSPORT,
    Kind.HEAVY_EQUIPMENT: Family.TRANSPORT,
    Kind.KITCHEN: Family.KITCHEN,
    Kind.COOKING: Family.KITCHEN,
    Kind.PREPARATION: Family.KITCHEN,
    Kind.COLD_STORAGE: Family.STORAGE,
    Kind.DRY_STORAGE: Family.STORAGE,
    Kind.REFRIGERATION: Family.STORAGE,
    Kind.SURPLUS: Family.OTHER,
    Kind.PEOPLES_TIME: Family.OTHER,
    Kind.SUBCONTRACTING: Family.OTHER,
    Kind.OTHER: Family.OTHER,
}


class Permit(StrEnum):
    """Permits a lender holds for the thing."""

    MAPAQ = "mapaq"
    HACCP = "haccp"


class Approver(StrEnum):
    """Who decides requests for a listing."""

    NOBODY = "nobody"
    LENDER = "lender"
    COORDINATOR = "coordinator"


class ListingState(StrEnum):
    """Whether a listing can be found."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class PricePer(StrEnum):
    """What a price is for."""

    HOUR = "hour"
    DAY = "day"
    LOAN = "loan"


MOST_UNITS = 10_000
MOST_PHOTOS = 6
MINUTES_PER_DAY = 1440


@dataclass(frozen=True, slots=True, order=True)
class OpenHours:
    """Open on ``weekday`` (Monday 0) from ``opens`` to ``closes``, minutes since local midnight."""

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What a listing offers, as the booking rules need it.

    No ``hours`` means open at any time; ``closures`` are those that may matter.
    """

    listing_id: int
    lender_id: int
    units: int
    published: bool
    approver: Approver
    hold_for: timedelta
    shortest: timedelta
    longest: timedelta
    lead: timedelta
    turnaround: timedelta
    price_cents: int
    price_per: PricePer
    hours: tuple[OpenHours, ...] = ()
    closures: tuple[Period, ...] = field(default=())


def hours_objections(hours: Sequence[OpenHours]) -> tuple[Reason, ...]:
    """Why these weekly hours make no sense."""
    if any(each.opens >= each.closes for each in hours):
        return (Reason("hours.reversed", {}, "hours"),)
    ordered = sorted(hours)
    touching = pairwise(ordered)
    if any(a.weekday == b.weekday and b.opens < a.closes for a, b in touching):
        return (Reason("hours.overlap", {}, "hours"),)
    return ()


def is_open_at(hours: Sequence[OpenHours], instant: datetime, *, ending: bool = False) -> bool:
    """Whether things can change hands at ``instant``; closing time counts for an ``ending``."""
    if not hours:
        return True
    there = local(instant)
    minute = there.hour * 60 + there.minute
    for each in hours:
        if (
            each.weekday == there.weekday()
            and each.opens <= minute <= each.closes
            and (ending or minute < each.closes)
        ):
            return True
        # An end at midnight belongs to the day before.
        midnight_ends_yesterday = (
            ending
            and minute == 0
            and each.closes == MINUTES_PER_DAY
            and each.weekday == (there.weekday() - 1) % 7
        )
        if midnight_ends_yesterday:
            return True
    return False


def open_spans(hours: Sequence[OpenHours], day: date) -> list[tuple[datetime, datetime]]:
    """From when to when things can change hands on ``day``, in order; all day without hours."""
    midnight, next_midnight = local_midnight(day), local_midnight(day + timedelta(days=1))
    if not hours:
        return [(midnight, next_midnight)]
    return [
        (
            _opening(day, each.opens),
            next_midnight if each.closes == MINUTES_PER_DAY else _opening(day, each.closes),
        )
        for each in sorted(hours)
        if each.weekday == day.weekday()
    ]


def next_open_start(
    hours: Sequence[OpenHours], closures: Sequence[Period], after: datetime, *, days: int = 21
) -> list[datetime]:
    """The instants, within ``days``, at which the listing opens at or after ``after``."""
    starts: list[datetime] = []
    day = local(after).date()
    for offset in range(days):
        there = day + timedelta(days=offset)
        openings = [h.opens for h in hours if h.weekday == there.weekday()] if hours else [480]
        for minute in sorted(openings):
            instant = _opening(there, minute)
            if instant >= after and not any(c.contains(instant) for c in closures):
                starts.append(instant)
    return starts


def _opening(day: date, minute: int) -> datetime:
    """When the clock shows ``minute`` on ``day``; on the nights it jumps, the nearest later one."""
    try:
        return instant_at(day, time(minute // 60, minute % 60), fold=0)
    except NoSuchLocalTime as error:
        return error.next_one
