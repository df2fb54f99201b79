"""Searches that somebody keeps, and when one looks for what is new to them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from mutuali.core.errors import Reason
from mutuali.core.period import Period, instant_at, local
from mutuali.equipment.rules import Kind, Permit


class Pace(StrEnum):
    """How often somebody wants to hear."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


#: Distances to choose from, in kilometres.
RADII = (2, 5, 10, 25)
MOST_SEARCHES = 20
#: A search for no dates is kept this long.
KEPT_FOR = timedelta(days=365)
#: So many of what is new are named; the rest is counted.
MOST_TOLD = 10
#: What is to be told at once is looked for this often.
LOOK_EVERY = timedelta(minutes=15)
#: When a digest is made, on the clock of Montréal: the clocks never change then.
_MORNING = time(7)
_MONDAY = 0


@dataclass(frozen=True, slots=True)
class SearchDraft:
    """What somebody looks for; no ``period`` means whenever, ``place`` is as they typed it."""

    name: str
    period: Period | None
    units: int = 1
    kinds: tuple[Kind, ...] = ()
    place: str = ""
    radius_km: int | None = None
    refrigerated: bool = False
    driver_included: bool = False
    free_of_charge: bool = False
    payload_kg: int = 0
    permits: tuple[Permit, ...] = ()
    words: str = ""
    pace: Pace = Pace.DAILY
    by_mail: bool = True


def search_objections(draft: SearchDraft, now: datetime) -> list[Reason]:
    """Why a search cannot be kept like this."""
    found: list[Reason] = []
    if not draft.name:
        found.append(Reason("field.missing", {}, "name"))
    if draft.radius_km is not None and not draft.place:
        found.append(Reason("search.radius_without_place", {}, "place"))
    if draft.period is not None and draft.period.start <= now:
        found.append(Reason("booking.in_the_past", {}, "day"))
    return found


def ends_at(draft: SearchDraft, now: datetime) -> datetime:
    """Until when a search is kept: until what it is for begins, or for a year."""
    return min(draft.period.start if draft.period else now + KEPT_FOR, now + KEPT_FOR)


def next_look(pace: Pace, now: datetime) -> datetime:
    """When to look next, after ``now``: soon, the next morning, or the morning of a Monday."""
    if pace is Pace.AT_ONCE:
        return now + LOOK_EVERY
    day = local(now).date()
    while True:
        morning = instant_at(day, _MORNING)
        if morning > now and (pace is Pace.DAILY or day.weekday() == _MONDAY):
            return morning
        day += timedelta(days=1)


def news(found: Sequence[int], seen: Collection[int]) -> tuple[int, ...]:
    """What was not there when one looked last, in the order in which it was found."""
    before = set(seen)
    return tuple(id_ for id_ in found if id_ not in before)
