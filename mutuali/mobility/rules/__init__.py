"""Rules of the public feed of vehicles: what a lender says of one, how long a yes lasts. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from mutuali.bookings.rules import day_parts
from mutuali.core.errors import Reason
from mutuali.core.period import Period, local

#: A yes ends by itself after so many months.
LASTS_MONTHS = 24
#: What a vehicle goes on one charge or tank, in km.
SHORTEST_RANGE, LONGEST_RANGE = 1, 2_000


class Answer(StrEnum):
    """What a lender says of showing a vehicle."""

    YES = "yes"
    NO = "no"


class Shape(StrEnum):
    """What kind of vehicle it is."""

    TRUCK = "truck"
    VAN = "van"
    CAR = "car"
    CARGO_BIKE = "cargo_bike"
    BIKE = "bike"
    OTHER = "other"


class Propulsion(StrEnum):
    """What moves it, in the words of GBFS 3.0."""

    HUMAN = "human"
    ELECTRIC_ASSIST = "electric_assist"
    ELECTRIC = "electric"
    COMBUSTION = "combustion"
    COMBUSTION_DIESEL = "combustion_diesel"
    HYBRID = "hybrid"
    PLUG_IN_HYBRID = "plug_in_hybrid"


@dataclass(frozen=True, slots=True)
class Description:
    """What a lender says of a vehicle with a yes; ``range_km`` is how far it usually goes when it
    is lent, None of one without a motor."""

    shape: Shape
    propulsion: Propulsion
    range_km: int | None = None


def objections(said: Description) -> Iterator[Reason]:
    """Every reason not to take a description as it is."""
    if said.propulsion is not Propulsion.HUMAN and said.range_km is None:
        yield Reason("mobility.range_missing", {}, "range_km")


def ends_at(said_at: datetime) -> datetime:
    """When a yes of ``said_at`` ends by itself."""
    return said_at + relativedelta(months=LASTS_MONTHS)


def given_for_all_before(end: datetime) -> datetime:
    """What was said before this instant had ended before ``end``."""
    return end - relativedelta(months=LASTS_MONTHS)


def part_of(now: datetime) -> Period:
    """The part of a day that the public calendar shows for ``now``: morning, afternoon or evening,
    half-open; at night the morning that comes."""
    today = local(now).date()
    for day in (today, today + timedelta(days=1)):
        for part in day_parts(day):
            if now < part.end:
                return part
    raise AssertionError("the morning of tomorrow ends after now")
