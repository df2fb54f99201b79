"""What could be had in place of a promise that may come to nothing, the nearest to it first.

Ranked by four things, each only where those before are equal:

1. the kind: the same one before another of the family (a kitchen for a kitchen);
2. attributes: how many of the promised ones are missing (cold, a driver, load, temperature,
   permits), none first;
3. distance from the promised thing, to 0.1 km; the same listing is at 0;
4. time: how far its start is from the promised one; at most a day, see ``FARTHEST_SHIFT``.

Pure: no database, no request, no clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from mutuali.equipment.rules import FAMILY, Kind, Permit

#: A start farther away from the promised one is no substitute.
FARTHEST_SHIFT = timedelta(days=1)
MOST_SUBSTITUTES = 4


class Trait(StrEnum):
    """What a thing has that whoever was promised it may need."""

    REFRIGERATED = "refrigerated"
    DRIVER = "driver"
    PAYLOAD = "payload"
    TEMPERATURE = "temperature"
    MAPAQ = "mapaq"
    HACCP = "haccp"


@dataclass(frozen=True, slots=True)
class Traits:
    """A thing as far as another can stand in for it; payload in kg, temperatures in °C."""

    kind: Kind
    refrigerated: bool = False
    driver_included: bool = False
    payload_kg: int | None = None
    temperature_low: int | None = None
    temperature_high: int | None = None
    permits: tuple[Permit, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that is free: ``number`` says which, ``shift`` how far its start is away."""

    number: int
    traits: Traits
    distance_km: float
    shift: timedelta


def missing(wanted: Traits, offered: Traits) -> tuple[Trait, ...]:
    """What was promised and is not offered."""
    found = []
    if wanted.refrigerated and not offered.refrigerated:
        found.append(Trait.REFRIGERATED)
    if wanted.driver_included and not offered.driver_included:
        found.append(Trait.DRIVER)
    if (wanted.payload_kg or 0) > (offered.payload_kg or 0):
        found.append(Trait.PAYLOAD)
    if not _as_cold(wanted, offered):
        found.append(Trait.TEMPERATURE)
    found += [Trait(each.value) for each in wanted.permits if each not in offered.permits]
    return tuple(found)


def ranked(wanted: Traits, candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates that may stand in, best first: the order that this module describes."""
    fitting = (
        each
        for each in candidates
        if each.shift <= FARTHEST_SHIFT and FAMILY[each.traits.kind] is FAMILY[wanted.kind]
    )
    return sorted(
        fitting,
        key=lambda each: (
            each.traits.kind is not wanted.kind,
            len(missing(wanted, each.traits)),
            round(each.distance_km, 1),
            each.shift,
            each.number,
        ),
    )


def _as_cold(wanted: Traits, offered: Traits) -> bool:
    """Whether what is offered can hold every temperature that was promised."""
    for bound, other, side in (
        (wanted.temperature_low, offered.temperature_low, 1),
        (wanted.temperature_high, offered.temperature_high, -1),
    ):
        if bound is not None and (other is None or (other - bound) * side > 0):
            return False
    return True
