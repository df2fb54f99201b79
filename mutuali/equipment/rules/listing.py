"""What can be shared and under which rules."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from mutuali.core.period import Period
from mutuali.equipment.rules.hours import ANY_TIME, Timetable
from mutuali.equipment.rules.quota import Quota
from mutuali.organizations.rules import Need


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


class UnitCondition(StrEnum):
    """How one physical thing looks."""

    GOOD = "good"
    WORN = "worn"
    DAMAGED = "damaged"


class PricePer(StrEnum):
    """What a price is for."""

    HOUR = "hour"
    DAY = "day"
    LOAN = "loan"


MOST_UNITS = 10_000
MOST_PHOTOS = 6
MOST_PARTS = 12
MOST_DEMANDS = 12


@dataclass(frozen=True, slots=True)
class Outage:
    """So many ``units`` (>= 1) out of service over ``period``."""

    units: int
    period: Period


@dataclass(frozen=True, slots=True)
class Part:
    """What each kit takes of one listing: ``needed`` (>= 1) of its ``units``."""

    listing_id: int
    needed: int
    units: int
    outages: tuple[Outage, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """What a listing offers, as the booking rules need it.

    ``closures`` (the listing's and its lender's) and ``outages`` are those that may matter.
    A kit has ``parts``; its closures and days that differ are theirs too, its turnaround is the
    longest among them.
    ``two_decide``: two different persons have to say yes; ``trusted_at_once``: nobody has to, for
    whom the lender trusts.
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
    #: Starts and ends stand so many minutes apart from midnight; None: anywhere.
    granularity: int | None = None
    timetable: Timetable = ANY_TIME
    quotas: tuple[Quota, ...] = ()
    closures: tuple[Period, ...] = ()
    outages: tuple[Outage, ...] = ()
    parts: tuple[Part, ...] = ()
    two_decide: bool = False
    trusted_at_once: bool = False
    deposit_cents: int = 0
    #: A booking that nobody came for is released so many hours after its start; None: never.
    no_show_hours: int | None = None
    #: What a borrower must have; of a kit, what its parts ask for too.
    demands: tuple[Need, ...] = ()
