"""The files of a GBFS 3.0 feed, made of vehicles. Pure.

https://github.com/MobilityData/gbfs/blob/v3.0/gbfs.md; each function gives what stands under
``data``, and :func:`enveloped` the file.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from mutuali.core.period import local
from mutuali.core.places import Point
from mutuali.equipment.rules import PricePer
from mutuali.mobility.rules import Description, Propulsion, Shape

VERSION = "3.0"
LICENSE = "CC-BY-4.0"
#: Seconds for which an answer may be kept.
TTL = 60
FREE = "free"

_FORM: Mapping[Shape, str] = {
    Shape.TRUCK: "other",
    Shape.VAN: "car",
    Shape.CAR: "car",
    Shape.CARGO_BIKE: "cargo_bicycle",
    Shape.BIKE: "bicycle",
    Shape.OTHER: "other",
}
_NAMES: Mapping[Shape, tuple[str, str]] = {
    Shape.TRUCK: ("Camion", "Truck"),
    Shape.VAN: ("Fourgonnette", "Van"),
    Shape.CAR: ("Voiture", "Car"),
    Shape.CARGO_BIKE: ("Vélo-cargo", "Cargo bike"),
    Shape.BIKE: ("Vélo", "Bicycle"),
    Shape.OTHER: ("Véhicule", "Vehicle"),
}
_MINUTES = {PricePer.HOUR: 60, PricePer.DAY: 1440}
_PER: Mapping[PricePer, tuple[str, str]] = {
    PricePer.HOUR: ("par heure commencée", "per started hour"),
    PricePer.DAY: ("par jour commencé", "per started day"),
    PricePer.LOAN: ("par prêt", "per loan"),
}


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle as everybody may see it: the place is the middle of a cell of 500 m.

    ``id`` changes with every loan; ``is_free`` for the part of the day that the public calendar
    shows. ``payload_kg`` and the price are those of its public listing.
    """

    id: str
    listing: str
    title_fr: str
    title_en: str
    borough: str
    place: Point
    said: Description
    refrigerated: bool
    payload_kg: int | None
    price_cents: int
    price_per: PricePer
    is_free: bool

    def title(self, language: str) -> str:
        """The title in ``language``, or in the other when that one is missing."""
        fr, en = self.title_fr, self.title_en
        return (en or fr) if language == "en" else (fr or en)


def vehicle_id(key: bytes, listing_id: int, loans: int) -> str:
    """A random-looking id of a vehicle that was lent ``loans`` times: whoever has not the key
    cannot tell two ids of one vehicle from those of two."""
    digest = hmac.digest(key, f"{listing_id}:{loans}".encode(), hashlib.sha256)
    return urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def as_free(vehicle: Vehicle) -> Vehicle:
    """The vehicle as it is when it can be had."""
    return replace(vehicle, is_free=True)


def enveloped(data: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """A file of the feed, as of ``now``."""
    return {
        "last_updated": local(now).isoformat(timespec="seconds"),
        "ttl": TTL,
        "version": VERSION,
        "data": data,
    }


def discovery(names: Iterable[str], address: Callable[[str], str]) -> dict[str, Any]:
    """``gbfs.json``: where the other files are; ``address`` of a name."""
    return {"feeds": [{"name": name, "url": address(name)} for name in names]}


def system_information(base_url: str, operator: str, contact: str, page: str) -> dict[str, Any]:
    """Who publishes the feed and under which licence; ``page`` is read by people."""
    host = "_".join(re.findall(r"[a-z0-9-]+", base_url.partition("://")[2].lower()))
    return {
        "system_id": f"mutuali_{host}",
        "languages": ["fr", "en"],
        "name": _both("MutuAli, véhicules à partager", "MutuAli, vehicles to share"),
        "operator": _both(operator, operator),
        # Requests are taken at any hour; each vehicle changes hands in hours of its own.
        "opening_hours": "24/7",
        "url": page,
        "feed_contact_email": contact,
        "timezone": "America/Toronto",
        "license_id": LICENSE,
        "attribution_organization_name": _both(operator, operator),
        "attribution_url": page,
    }


def vehicle_types(vehicles: Sequence[Vehicle]) -> dict[str, Any]:
    """The types of all vehicles that are shown, free or not, so that they do not come and go."""
    return {"vehicle_types": [_type(each) for each in {_type_id(v): v for v in vehicles}.values()]}


def vehicle_status(vehicles: Sequence[Vehicle], address: Callable[[str], str]) -> dict[str, Any]:
    """The vehicles that can be had in this part of the day; ``address`` of a vehicle, by its id.

    What is out, promised, broken or closed is not in it: the specification forbids the first, and
    to tell one from another would say more than the public calendar does.
    """
    return {
        "vehicles": [
            {
                "vehicle_id": each.id,
                "lat": each.place.lat,
                "lon": each.place.lon,
                "is_reserved": False,
                "is_disabled": False,
                "vehicle_type_id": _type_id(each),
                "pricing_plan_id": _plan_id(each),
                "rental_uris": {"web": address(each.id)},
                **_range(each, "current_range_meters"),
            }
            for each in vehicles
            if each.is_free
        ]
    }


def pricing_plans(vehicles: Sequence[Vehicle]) -> dict[str, Any]:
    """What the vehicles cost: nothing, or what their listings ask."""
    free = {
        "plan_id": FREE,
        "name": _both("Prêt gratuit", "Free loan"),
        "currency": "CAD",
        "price": 0,
        "is_taxable": False,
        "description": _both(
            "Le prêt ne coûte rien. Il se demande, et le prêteur répond.",
            "The loan costs nothing. One asks, and the lender answers.",
        ),
    }
    priced = {_plan_id(each): each for each in vehicles if each.price_cents}
    return {"plans": [free, *(_plan(each) for _id, each in sorted(priced.items()))]}


def _type(vehicle: Vehicle) -> dict[str, Any]:
    french, english = _NAMES[vehicle.said.shape]
    if vehicle.refrigerated:
        french, english = f"{french} (froid)", f"{english} (refrigerated)"
    found: dict[str, Any] = {
        "vehicle_type_id": _type_id(vehicle),
        "form_factor": _FORM[vehicle.said.shape],
        "propulsion_type": vehicle.said.propulsion.value,
        "name": _both(french, english),
        "default_pricing_plan_id": FREE,
        **_range(vehicle, "max_range_meters"),
    }
    if vehicle.payload_kg is not None:
        found["cargo_load_capacity"] = vehicle.payload_kg
    return found


def _type_id(vehicle: Vehicle) -> str:
    said = vehicle.said
    parts = [said.shape.value, said.propulsion.value]
    parts += ["cold"] if vehicle.refrigerated else []
    parts += [f"{vehicle.payload_kg}kg"] if vehicle.payload_kg is not None else []
    parts += [f"{said.range_km}km"] if said.range_km is not None else []
    return "-".join(parts)


def _range(vehicle: Vehicle, name: str) -> dict[str, int]:
    """How far it usually goes when it is lent; nobody reads a gauge."""
    said = vehicle.said
    if said.propulsion is Propulsion.HUMAN or said.range_km is None:
        return {}
    return {name: said.range_km * 1000}


def _plan_id(vehicle: Vehicle) -> str:
    if not vehicle.price_cents:
        return FREE
    return f"{vehicle.price_per.value}-{vehicle.price_cents}"


def _plan(vehicle: Vehicle) -> dict[str, Any]:
    dollars = vehicle.price_cents / 100
    french, english = _PER[vehicle.price_per]
    found: dict[str, Any] = {
        "plan_id": _plan_id(vehicle),
        "name": _both(
            f"{dollars:.2f}\u00a0$ {french}".replace(".", ","), f"${dollars:.2f} {english}"
        ),
        "currency": "CAD",
        "price": dollars if vehicle.price_per is PricePer.LOAN else 0,
        "is_taxable": False,
        "description": _both(
            "Ce que l’annonce demande; les autres frais y sont écrits.",
            "What the listing asks for; other costs are written there.",
        ),
    }
    if vehicle.price_per in _MINUTES:
        every = _MINUTES[vehicle.price_per]
        found["per_min_pricing"] = [{"start": 0, "rate": dollars, "interval": every}]
    return found


def _both(french: str, english: str) -> list[dict[str, str]]:
    return [{"text": french, "language": "fr"}, {"text": english, "language": "en"}]
