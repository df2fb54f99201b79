"""Places on the island of Montréal: boroughs, postal codes, coarse points, distances. Pure.

The tables are made by ``scripts/make_places.py`` from public data; their files name the source.
"""

import json
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_EARTH_KM = 6371.0088
#: Size of the cells that public points are snapped to, in metres.
GRID_METRES = 500.0
_ORIGIN_LAT, _ORIGIN_LON = 45.4, -74.0
_METRES_PER_LAT = _EARTH_KM * 1000 * math.pi / 180
# One factor for the whole island keeps the grid fixed; the error over 40 km is below one percent.
_METRES_PER_LON = _METRES_PER_LAT * math.cos(math.radians(45.53))
#: How far outside every simplified outline a point may lie and still belong to the nearest.
_NEAR_DEGREES = 0.004


@dataclass(frozen=True, slots=True)
class Point:
    """A place on Earth, in degrees (WGS 84)."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Zone:
    """A sector of the island: several boroughs."""

    slug: str
    name_fr: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Borough:
    """A borough, or a city linked to Montréal; ``rings`` are its outline, (lon, lat) each."""

    slug: str
    name: str
    zone: str
    rings: tuple[tuple[tuple[float, float], ...], ...]


@cache
def _table(name: str) -> Mapping[str, Any]:
    path = files("mutuali.core") / "places_data" / f"{name}.json"
    table: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return table


@cache
def zones() -> Mapping[str, Zone]:
    """Every zone by slug, west to east."""
    return {each["slug"]: Zone(**each) for each in _table("boroughs")["zones"]}


@cache
def boroughs() -> Mapping[str, Borough]:
    """Every borough and linked city by slug, in alphabetical order."""
    return {
        each["slug"]: Borough(
            each["slug"],
            each["name"],
            each["zone"],
            tuple(tuple((x, y) for x, y in ring) for ring in each["rings"]),
        )
        for each in _table("boroughs")["boroughs"]
    }


def borough_name(slug: str) -> str:
    """The name of a borough; the slug itself when there is none."""
    found = boroughs().get(slug)
    return found.name if found else slug


def borough_at(point: Point) -> Borough | None:
    """The borough in which ``point`` lies, or whose outline is within some 300 m; else None."""
    nearest: tuple[float, Borough] | None = None
    for borough in boroughs().values():
        for ring in borough.rings:
            if _inside(point, ring):
                return borough
            away = min(math.hypot(x - point.lon, y - point.lat) for x, y in ring)
            if nearest is None or away < nearest[0]:
                nearest = (away, borough)
    return nearest[1] if nearest and nearest[0] <= _NEAR_DEGREES else None


def normalize_postal_code(text: str) -> str | None:
    """``h2x1y4`` -> ``H2X 1Y4``, ``h2x`` -> ``H2X``; None when it is neither."""
    plain = re.sub(r"[\s-]", "", text).upper()
    if re.fullmatch(r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z]", plain):
        return plain
    if re.fullmatch(r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z]\d[ABCEGHJ-NPRSTV-Z]\d", plain):
        return f"{plain[:3]} {plain[3:]}"
    return None


def postal_point(code: str) -> Point | None:
    """The middle of a postal code's prefix; None off the island."""
    entry = _table("postal_prefixes")["prefixes"].get(code[:3])
    return Point(entry[0], entry[1]) if entry else None


def postal_boroughs(code: str) -> list[tuple[str, float]]:
    """The boroughs that a prefix covers, with its share in each: a prefix is not in one borough."""
    entry = _table("postal_prefixes")["prefixes"].get(code[:3])
    return [(slug, share) for slug, share in entry[2]] if entry else []


_ALIASES = {
    "ndg": "cote-des-neiges-notre-dame-de-grace",
    "notre dame de grace": "cote-des-neiges-notre-dame-de-grace",
    "cdn": "cote-des-neiges-notre-dame-de-grace",
    "cote des neiges": "cote-des-neiges-notre-dame-de-grace",
    "homa": "mercier-hochelaga-maisonneuve",
    "hochelaga": "mercier-hochelaga-maisonneuve",
    "maisonneuve": "mercier-hochelaga-maisonneuve",
    "mercier": "mercier-hochelaga-maisonneuve",
    "plateau": "le-plateau-mont-royal",
    "le plateau": "le-plateau-mont-royal",
    "rosemont": "rosemont-la-petite-patrie",
    "petite patrie": "rosemont-la-petite-patrie",
    "villeray": "villeray-saint-michel-parc-extension",
    "saint michel": "villeray-saint-michel-parc-extension",
    "parc extension": "villeray-saint-michel-parc-extension",
    "ahuntsic": "ahuntsic-cartierville",
    "cartierville": "ahuntsic-cartierville",
    "sud ouest": "le-sud-ouest",
    "saint henri": "le-sud-ouest",
    "pointe saint charles": "le-sud-ouest",
    "pierrefonds": "pierrefonds-roxboro",
    "rdp": "riviere-des-prairies-pointe-aux-trembles",
    "pointe aux trembles": "riviere-des-prairies-pointe-aux-trembles",
    "riviere des prairies": "riviere-des-prairies-pointe-aux-trembles",
    "tmr": "mont-royal",
    "ville mont royal": "mont-royal",
    "centre ville": "ville-marie",
}


def find_borough(text: str) -> Borough | None:
    """The borough somebody means, whatever the accents, dashes and capitals."""
    plain = _plain(text)
    if plain in _ALIASES:
        return boroughs()[_ALIASES[plain]]
    for borough in boroughs().values():
        if plain in {_plain(borough.name), _plain(borough.slug)}:
            return borough
    return None


def locate(text: str) -> tuple[Point, str] | None:
    """The point and borough slug that a postal code or the name of a borough stands for."""
    code = normalize_postal_code(text)
    if code and (point := postal_point(code)):
        shares = postal_boroughs(code)
        inside = borough_at(point)
        return point, inside.slug if inside else max(shares, key=lambda each: each[1])[0]
    borough = find_borough(text)
    return (_middle(borough), borough.slug) if borough else None


def coarse(point: Point) -> Point:
    """The middle of the 500 m cell in which ``point`` lies: the only point the public sees.

    Always the same for the same cell, so that asking twice reveals nothing more.
    """
    row = math.floor((point.lat - _ORIGIN_LAT) * _METRES_PER_LAT / GRID_METRES)
    column = math.floor((point.lon - _ORIGIN_LON) * _METRES_PER_LON / GRID_METRES)
    return Point(
        round(_ORIGIN_LAT + (row + 0.5) * GRID_METRES / _METRES_PER_LAT, 6),
        round(_ORIGIN_LON + (column + 0.5) * GRID_METRES / _METRES_PER_LON, 6),
    )


def distance_km(a: Point, b: Point) -> float:
    """The great-circle distance (haversine)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    chord = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    )
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))


def public_distance_km(origin: Point, exact: Point) -> float:
    """How far ``exact`` is as the public learns it: from its coarse point, to 0.1 km."""
    return round(distance_km(origin, coarse(exact)), 1)


def outline_paths(width: int = 600) -> dict[str, str]:
    """SVG path data of each borough by slug, in a box ``width`` by :func:`outline_height`."""
    west, north, scale_x, scale_y, _ = _frame(width)
    return {
        borough.slug: "".join(
            "M"
            + "L".join(f"{(x - west) * scale_x:.1f} {(north - y) * scale_y:.1f}" for x, y in ring)
            + "Z"
            for ring in borough.rings
        )
        for borough in boroughs().values()
    }


def outline_height(width: int = 600) -> int:
    """The height of the box in which :func:`outline_paths` draws."""
    return _frame(width)[4]


@cache
def _frame(width: int) -> tuple[float, float, float, float, int]:
    points = [point for b in boroughs().values() for ring in b.rings for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    scale_x = width / (east - west)
    scale_y = scale_x * _METRES_PER_LAT / _METRES_PER_LON
    return west, north, scale_x, scale_y, math.ceil((north - south) * scale_y)


@cache
def _middle(borough: Borough) -> Point:
    ring = borough.rings[0]
    total = lat = lon = 0.0
    for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
        cross = x1 * y2 - x2 * y1
        total += cross
        lon += (x1 + x2) * cross
        lat += (y1 + y2) * cross
    return Point(round(lat / (3 * total), 5), round(lon / (3 * total), 5))


def _inside(point: Point, ring: Sequence[tuple[float, float]]) -> bool:
    inside = False
    previous = ring[-1]
    for current in ring:
        (x1, y1), (x2, y2) = previous, current
        crosses = (y1 > point.lat) != (y2 > point.lat)
        if crosses and point.lon < (x2 - x1) * (point.lat - y1) / (y2 - y1) + x1:
            inside = not inside
        previous = current
    return inside


def _plain(text: str) -> str:
    letters = (
        c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c)
    )
    return " ".join(re.split(r"[^a-z0-9]+", "".join(letters))).strip()
