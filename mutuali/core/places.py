"""Places on the island of Montréal: boroughs, postal codes, coarse points, distances. Pure.

The tables are made by ``scripts/make_places.py`` from public data; their headers name the sources.
"""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Literal, TypeVar

from mutuali.core.folding import folded

_EARTH_KM = 6371.0088
#: Size of the cells that public points are snapped to, in metres.
GRID_METRES = 500.0
#: How far outside every outline a point may lie and still belong to the nearest, in metres.
NEAR_METRES = 300.0

_ORIGIN_LAT, _ORIGIN_LON = 45.4, -74.0
_METRES_PER_LAT = _EARTH_KM * 1000 * math.pi / 180
# One factor for the whole island keeps the grid fixed; on the island it errs by 0.4 % at most.
_METRES_PER_LON = _METRES_PER_LAT * math.cos(math.radians(45.53))

_V = TypeVar("_V")


@dataclass(frozen=True, slots=True)
class Point:
    """A place on Earth, in degrees (WGS 84)."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Zone:
    """A sector of the island: several whole boroughs."""

    slug: str
    name_fr: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Borough:
    """A borough of Montréal, or a city linked to it.

    ``zone`` is the slug of its sector; ``label`` lies inside, near the middle of where people
    live; ``rings`` are its outline, closed, (lon, lat) each, by the even-odd rule.
    """

    slug: str
    name: str
    kind: Literal["arrondissement", "ville liée"]
    zone: str
    label: Point
    rings: tuple[tuple[tuple[float, float], ...], ...]


class _Shelf(Mapping[str, _V]):
    """A table that is read when it is first looked at."""

    def __init__(self, read: Callable[[], dict[str, _V]]) -> None:
        self._read = read

    def __getitem__(self, key: str) -> _V:
        return self._read()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


@cache
def _table(name: str) -> Mapping[str, Any]:
    path = files("mutuali.core") / "places_data" / f"{name}.json"
    table: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return table


@cache
def zones() -> dict[str, Zone]:
    """What :data:`ZONES` holds, read from its file."""
    return {each["slug"]: Zone(**each) for each in _table("boroughs")["zones"]}


@cache
def boroughs() -> dict[str, Borough]:
    """What :data:`BOROUGHS` holds, read from its file."""
    return {
        each["slug"]: Borough(
            each["slug"],
            each["name"],
            each["kind"],
            each["zone"],
            Point(*each["label"]),
            tuple(tuple((x, y) for x, y in ring) for ring in each["rings"]),
        )
        for each in _table("boroughs")["boroughs"]
    }


@cache
def _prefixes() -> dict[str, tuple[Point, tuple[tuple[str, float], ...]]]:
    return {
        each["prefix"]: (
            Point(*each["centre"]),
            tuple((slug, share) for slug, share in each["boroughs"]),
        )
        for each in _table("postal_prefixes")["prefixes"]
    }


#: Every sector by slug, west to east.
ZONES: Mapping[str, Zone] = _Shelf(zones)
#: Every borough and linked city by slug, in the order of the slugs.
BOROUGHS: Mapping[str, Borough] = _Shelf(boroughs)


def borough_name(slug: str) -> str:
    """The name of a borough; the slug itself when there is none."""
    found = BOROUGHS.get(slug)
    return found.name if found else slug


def borough_at(point: Point) -> Borough | None:
    """The borough in which ``point`` lies, else the nearest within NEAR_METRES, else None.

    Outlines are simplified to 25 m: that near a border the neighbour may be named.
    """
    for borough in BOROUGHS.values():
        if _inside(point, borough):
            return borough
    away, slug = min((_metres_to(point, borough), borough.slug) for borough in BOROUGHS.values())
    return BOROUGHS[slug] if away <= NEAR_METRES else None


def normalize_postal_code(text: str) -> str | None:
    """``h2x1y4`` -> ``H2X 1Y4``, ``h2x`` -> ``H2X``; None when it is neither.

    Says nothing about whether the code exists or is on the island.
    """
    plain = re.sub(r"[\s-]", "", text).upper()
    if not re.fullmatch(
        r"[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z]([0-9][ABCEGHJ-NPRSTV-Z][0-9])?", plain
    ):
        return None
    return f"{plain[:3]} {plain[3:]}".rstrip()


def postal_point(code: str) -> Point | None:
    """The middle of the prefix of a postal code; None off the island or when it is no code."""
    known = _prefixes().get((normalize_postal_code(code) or "")[:3])
    return known[0] if known else None


def postal_boroughs(code: str) -> tuple[tuple[str, float], ...]:
    """Slug and share of each borough that a prefix covers, largest first: often more than one.

    Shares are of the prefix's land on the island and sum to 1; empty where
    :func:`postal_point` is None.
    """
    known = _prefixes().get((normalize_postal_code(code) or "")[:3])
    return known[1] if known else ()


#: What people say, beside the names and their parts; in the form that :func:`_plain` gives.
_ALIASES: Mapping[str, tuple[str, ...]] = {
    "ahuntsic-cartierville": ("ahuntsic", "cartierville"),
    "anjou": ("ville d anjou",),
    "cote-des-neiges-notre-dame-de-grace": ("cdn", "ndg", "cdn ndg"),
    "dollard-des-ormeaux": ("ddo", "dollard"),
    "l-ile-bizard-sainte-genevieve": ("bizard island",),
    "lasalle": ("la salle", "ville lasalle"),
    "le-plateau-mont-royal": ("plateau", "le plateau", "the plateau", "mile end", "pmr"),
    "le-sud-ouest": (
        "southwest",
        "saint henri",
        "pointe saint charles",
        "petite bourgogne",
        "little burgundy",
        "griffintown",
        "ville emard",
        "cote saint paul",
    ),
    "mercier-hochelaga-maisonneuve": (
        "homa",
        "mhm",
        "hochelaga",
        "maisonneuve",
        "mercier est",
        "mercier ouest",
    ),
    "mont-royal": ("tmr", "vmr", "ville mont royal", "ville de mont royal", "town of mount royal"),
    "montreal-est": ("montreal east",),
    "montreal-nord": ("montreal north",),
    "montreal-ouest": ("montreal west",),
    "pierrefonds-roxboro": ("pierrefonds", "roxboro"),
    "riviere-des-prairies-pointe-aux-trembles": ("rdp", "pat", "rdp pat"),
    "rosemont-la-petite-patrie": ("rpp", "petite italie", "little italy"),
    "saint-laurent": ("vsl", "ville saint laurent"),
    "verdun": ("ile des soeurs", "nuns island", "nun s island"),
    "ville-marie": (
        "centre ville",
        "downtown",
        "centre sud",
        "vieux montreal",
        "old montreal",
        "chinatown",
        "quartier chinois",
    ),
    "villeray-saint-michel-parc-extension": (
        "vsmpe",
        "vsp",
        "parc ex",
        "park ex",
        "park extension",
    ),
}


@cache
def _spoken_names() -> dict[str, tuple[str, ...]]:
    """Slug -> every plain form of its name: whole, by neighbourhood, without article, aliases."""
    spoken = {}
    for slug, borough in BOROUGHS.items():
        whole = [_plain(name) for name in (borough.name, *borough.name.split("–"))]
        bare = [re.sub(r"^(le|la|l) ", "", name) for name in whole]
        spoken[slug] = tuple(dict.fromkeys([*whole, *bare, *_ALIASES.get(slug, ())]))
    return spoken


def find_borough(text: str) -> Borough | None:
    """The borough somebody means by its name, a neighbourhood or a nickname; None when unknown.

    Accents, capitals, dashes, spaces and the abbreviations "St" and "Ste" make no difference.
    """
    plain = _plain(text)
    for slug, names in _spoken_names().items():
        if plain in names:
            return BOROUGHS[slug]
    return None


def suggestions(text: str) -> list[Borough]:
    """The boroughs one may be typing: a word of one of their names begins with ``text``.

    In the order of their slugs; all of them while nothing is typed.
    """
    plain = _plain(text)
    return [
        BOROUGHS[slug]
        for slug, names in _spoken_names().items()
        if any(f" {plain}" in f" {name}" for name in names)
    ]


def locate(text: str) -> tuple[Point, str] | None:
    """The point and borough slug that a postal code or the name of a borough stands for.

    The postal prefix is as fine as it gets. None when it is neither, or off the island.
    """
    if point := postal_point(text):
        around = borough_at(point)
        return point, around.slug if around else postal_boroughs(text)[0][0]
    borough = find_borough(text)
    return (borough.label, borough.slug) if borough else None


def coarse(point: Point) -> Point:
    """The middle of the 500 m cell in which ``point`` lies: the only point the public sees.

    The grid is fixed, so asking twice reveals nothing more. On the island a point moves by 354 m
    at most, half the diagonal of a cell.
    """
    row, column = cell_of(point)
    return Point(
        round(_ORIGIN_LAT + (row + 0.5) * GRID_METRES / _METRES_PER_LAT, 6),
        round(_ORIGIN_LON + (column + 0.5) * GRID_METRES / _METRES_PER_LON, 6),
    )


def cells_from(point: Point) -> tuple[float, float]:
    """How many cells north and east of the corner of the grid ``point`` lies."""
    return (
        (point.lat - _ORIGIN_LAT) * _METRES_PER_LAT / GRID_METRES,
        (point.lon - _ORIGIN_LON) * _METRES_PER_LON / GRID_METRES,
    )


def cell_of(point: Point) -> tuple[int, int]:
    """The row and the column of the cell in which ``point`` lies."""
    north, east = cells_from(point)
    return math.floor(north), math.floor(east)


def distance_km(a: Point, b: Point) -> float:
    """The great-circle distance in kilometres (haversine, mean radius of the Earth)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    chord = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    )
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))


def public_distance_km(origin: Point, exact: Point) -> float:
    """How far ``exact`` is as the public learns it: from its coarse point, to 0.1 km."""
    return round(distance_km(origin, coarse(exact)), 1)


def outline_viewbox(width: int = 600) -> str:
    """The ``viewBox`` in which :func:`outline_paths` draws; ``width`` > 0."""
    return f"0 0 {width} {_frame(width)[3]}"


def outline_paths(width: int = 600) -> dict[str, str]:
    """SVG path data of each borough by slug, north up; holes run against their outer ring."""
    return {
        borough.slug: "".join(
            "M"
            + "L".join(
                f"{x:g} {y:g}"
                for x, y in (outline_position(Point(lat, lon), width) for lon, lat in ring[:-1])
            )
            + "Z"
            for ring in borough.rings
        )
        for borough in BOROUGHS.values()
    }


def outline_position(point: Point, width: int = 600) -> tuple[float, float]:
    """Where ``point`` stands in the box of :func:`outline_viewbox`: x to the right, y down."""
    west, north, scale, _ = _frame(width)
    return (
        round((point.lon - west) * _METRES_PER_LON * scale, 1),
        round((north - point.lat) * _METRES_PER_LAT * scale, 1),
    )


@cache
def _frame(width: int) -> tuple[float, float, float, int]:
    """West, north, units per metre, height."""
    corners = [corner for b in BOROUGHS.values() for ring in b.rings for corner in ring]
    lons, lats = zip(*corners, strict=True)
    scale = width / ((max(lons) - min(lons)) * _METRES_PER_LON)
    height = math.ceil((max(lats) - min(lats)) * _METRES_PER_LAT * scale)
    return min(lons), max(lats), scale, height


def _inside(point: Point, borough: Borough) -> bool:
    inside = False
    for ring in borough.rings:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > point.lat) != (y2 > point.lat):
                inside ^= point.lon < (x2 - x1) * (point.lat - y1) / (y2 - y1) + x1
    return inside


def _metres_to(point: Point, borough: Borough) -> float:
    """How far the outline of ``borough`` is, on the flat map."""
    nearest = math.inf
    for ring in borough.rings:
        for (x1, y1), (x2, y2) in pairwise(ring):
            px, py = (point.lon - x1) * _METRES_PER_LON, (point.lat - y1) * _METRES_PER_LAT
            dx, dy = (x2 - x1) * _METRES_PER_LON, (y2 - y1) * _METRES_PER_LAT
            along = max(0.0, min(1.0, (px * dx + py * dy) / (dx * dx + dy * dy)))
            nearest = min(nearest, math.hypot(px - along * dx, py - along * dy))
    return nearest


def _plain(text: str) -> str:
    """Lower-case words of letters and digits, without accents, "st" and "ste" written out."""
    words = re.findall(r"[a-z0-9]+", folded(text))
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in words)
