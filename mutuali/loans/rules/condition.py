"""What is looked at when a thing changes hands, what is missing from a report, what two differ in.

Temperatures are tenths of a degree Celsius, whole; distances whole kilometres.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mutuali.core.errors import Reason
from mutuali.equipment.rules import Kind


class Direction(StrEnum):
    """Which way the thing goes."""

    OUT = "out"
    BACK = "back"


class Side(StrEnum):
    """Which of the two parties speaks; a driver speaks for the borrower or the lender."""

    LENDER = "lender"
    BORROWER = "borrower"


class Item(StrEnum):
    """One thing to look at."""

    FUEL = "fuel"
    TYRES = "tyres"
    LIGHTS = "lights"
    CARGO = "cargo"
    KEYS = "keys"
    PAPERS = "papers"
    DOOR_SEAL = "door_seal"
    SURFACES = "surfaces"
    HOOD = "hood"
    FLOOR = "floor"
    WASTE = "waste"
    COUNT = "count"
    INTACT = "intact"
    CLEAN = "clean"
    AS_AGREED = "as_agreed"


class Settled(StrEnum):
    """Who settled what the parties disagreed about."""

    BOTH = "both"
    COORDINATION = "coordination"


class Standing(StrEnum):
    """What the reports of one direction amount to."""

    #: Nobody wrote one.
    MISSING = "missing"
    #: One side wrote, the other may still answer.
    WAITING = "waiting"
    #: Both say the same.
    AGREED = "agreed"
    #: One side wrote and the other let its time pass: silence is no yes.
    ALONE = "alone"
    DISPUTED = "disputed"
    SETTLED = "settled"


#: How long the other side has to say whether a report is right.
CONFIRM_WITHIN = timedelta(hours=48)
MOST_REPORT_PHOTOS = 6
MOST_KM = 2_000_000
#: What a thermometer of ours can show, in tenths of a degree.
COLDEST_AND_WARMEST = (-600, 1000)
#: Cold food is kept at four degrees at most (MAPAQ), unless a listing says more.
_COLD_ENOUGH = 40
#: Two thermometers, or two minutes, differ by less than this without anybody being wrong.
_SAME_TEMPERATURE = 20

_VEHICLE = (Item.FUEL, Item.TYRES, Item.LIGHTS, Item.CARGO, Item.KEYS, Item.PAPERS)
_KITCHEN = (Item.SURFACES, Item.HOOD, Item.FLOOR, Item.WASTE)
_GENERIC = (Item.COUNT, Item.INTACT, Item.CLEAN)
_OF_KIND: Mapping[Kind, tuple[Item, ...]] = {
    Kind.VEHICLE: (*_VEHICLE, Item.INTACT),
    Kind.KITCHEN: (*_KITCHEN, Item.INTACT),
    Kind.COOKING: (*_KITCHEN, Item.INTACT),
    Kind.COLD_STORAGE: (Item.INTACT, Item.CLEAN),
    Kind.REFRIGERATION: _GENERIC,
    Kind.PEOPLES_TIME: (Item.AS_AGREED,),
    Kind.SUBCONTRACTING: (Item.AS_AGREED,),
}
_COLD_KINDS = frozenset({Kind.COLD_STORAGE, Kind.REFRIGERATION})


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which temperatures a thing has to be, both included; None where there is no bound."""

    low: int | None
    high: int | None

    def holds(self, temperature: int) -> bool:
        """Whether ``temperature`` is within."""
        return (self.low is None or temperature >= self.low) and (
            self.high is None or temperature <= self.high
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """What a listing asks of a report: the things to look at, and the temperatures it must show.

    No ``bounds``: cold does not matter. ``moves``: it has an odometer.
    """

    items: tuple[Item, ...]
    bounds: Bounds | None
    moves: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was looked at; ``word`` says what is wrong when it is not ``ok``."""

    item: Item
    ok: bool
    word: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """What one side says of a thing when it changes hands, signed with a typed name."""

    items: tuple[Checked, ...]
    signed_by: str
    temperature: int | None = None
    cleaned: bool = False
    odometer_km: int | None = None
    note: str = ""


def checklist(kind: Kind, *, cold: bool) -> tuple[Item, ...]:
    """What to look at on a thing of this kind, in the order in which one walks around it."""
    items = _OF_KIND.get(kind, _GENERIC)
    if cold or kind in _COLD_KINDS:
        items = (Item.DOOR_SEAL, *items)
    return items


def bounds(*, refrigerated: bool, low: int | None, high: int | None) -> Bounds | None:
    """The temperatures of a listing whose range is ``low`` to ``high`` whole degrees.

    A refrigerated one that names no range keeps food at four degrees at most.
    """
    if low is None and high is None:
        return Bounds(None, _COLD_ENOUGH) if refrigerated else None
    return Bounds(None if low is None else low * 10, None if high is None else high * 10)


def has_odometer(kind: Kind) -> bool:
    """Whether a thing of this kind counts the kilometres that it is driven."""
    return kind is Kind.VEHICLE


def objections(
    condition: Condition, seen: Seen, *, driven_from: int | None = None
) -> tuple[Reason, ...]:
    """Everything that is missing from a report or cannot be.

    ``driven_from`` is what the odometer showed when the thing went out, as far as anybody said.
    """
    reasons: list[Reason] = []
    said = {each.item: each for each in condition.items}
    for item in seen.items:
        found = said.get(item)
        if found is None:
            reasons.append(Reason("condition.item_missing", {}, item.value))
        elif not found.ok and not found.word:
            reasons.append(Reason("condition.word_missing", {}, f"{item.value}_word"))
    if set(said) - set(seen.items) or len(said) < len(condition.items):
        reasons.append(Reason("condition.other_items", {}, "items"))
    if seen.bounds is not None and condition.temperature is None:
        reasons.append(Reason("condition.temperature_missing", {}, "temperature"))
    if not condition.signed_by:
        reasons.append(Reason("condition.signature_missing", {}, "signed_by"))
    driven_to = condition.odometer_km
    if driven_from is not None and driven_to is not None and driven_to < driven_from:
        params = {"out": driven_from}
        reasons.append(Reason("condition.odometer_below", params, "odometer_km"))
    return tuple(reasons)


def differences(one: Condition, another: Condition) -> frozenset[str]:
    """The names of what two reports of the same moment do not say alike.

    What only one of them says is no difference; words are not compared.
    """
    found = {
        each.item.value
        for each in one.items
        for there in another.items
        if each.item is there.item and each.ok is not there.ok
    }
    both = (one.temperature, another.temperature)
    if None not in both and abs((both[0] or 0) - (both[1] or 0)) > _SAME_TEMPERATURE:
        found.add("temperature")
    if one.cleaned is not another.cleaned:
        found.add("cleaned")
    km = {each.odometer_km for each in (one, another)} - {None}
    if len(km) > 1:
        found.add("odometer_km")
    return frozenset(found)


def standing(
    noted_at: Iterable[datetime],
    *,
    confirmed: bool,
    disputed: bool,
    settled: bool,
    now: datetime,
) -> Standing:
    """What the reports noted at these instants amount to."""
    instants = sorted(noted_at)
    if settled:
        return Standing.SETTLED
    if disputed:
        return Standing.DISPUTED
    if not instants:
        return Standing.MISSING
    if confirmed or len(instants) > 1:
        return Standing.AGREED
    return Standing.WAITING if now < instants[0] + CONFIRM_WITHIN else Standing.ALONE


def other(side: Side) -> Side:
    """The other one of the two parties."""
    return Side.BORROWER if side is Side.LENDER else Side.LENDER
