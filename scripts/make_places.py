"""Make the geography that the product ships, from public files; run it again when they change.

    python scripts/make_places.py FOLDER_WITH_PUBLIC_DATA mutuali/core/places_data

The folder holds ``mtl-boroughs/limadmin.geojson`` and, in ``mtl-fsa/``, ``geonames_fsa_H.csv``,
``fsa_polygons_H.geojson`` and ``fsa_to_borough_crosswalk.derived.csv``. The same files give the
same bytes. Sources, licences and what is changed: docs/decisions/0003-places.md.
"""

import argparse
import csv
import json
import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

#: (lon, lat) in degrees, as GeoJSON has it.
Vertex = tuple[float, float]
Line = list[Vertex]

#: Sectors of the island, west to east; each borough stands in exactly one.
ZONES = {
    "ouest": (
        "Ouest-de-l’Île",
        "West Island",
        "baie-d-urfe beaconsfield dollard-des-ormeaux dorval kirkland "
        "l-ile-bizard-sainte-genevieve l-ile-dorval pierrefonds-roxboro pointe-claire "
        "sainte-anne-de-bellevue senneville",
    ),
    "centre-ouest": (
        "Centre-Ouest",
        "West-Central",
        "cote-des-neiges-notre-dame-de-grace cote-saint-luc hampstead mont-royal "
        "montreal-ouest saint-laurent westmount",
    ),
    "sud-ouest": ("Sud-Ouest", "Southwest", "lachine lasalle le-sud-ouest verdun"),
    "centre": (
        "Centre",
        "Central",
        "le-plateau-mont-royal outremont rosemont-la-petite-patrie ville-marie",
    ),
    "nord": (
        "Nord",
        "North",
        "ahuntsic-cartierville montreal-nord saint-leonard villeray-saint-michel-parc-extension",
    ),
    "est": (
        "Est",
        "East",
        "anjou mercier-hochelaga-maisonneuve montreal-est riviere-des-prairies-pointe-aux-trembles",
    ),
}
ZONE_OF = {slug: zone for zone, (*_, slugs) in ZONES.items() for slug in slugs.split()}

#: Names as the city writes them: a long dash between neighbourhoods, which the file has lost.
NAMES = {
    "baie-d-urfe": "Baie-D’Urfé",
    "cote-des-neiges-notre-dame-de-grace": "Côte-des-Neiges–Notre-Dame-de-Grâce",
    "l-ile-bizard-sainte-genevieve": "L’Île-Bizard–Sainte-Geneviève",
    "l-ile-dorval": "L’Île-Dorval",
    "mercier-hochelaga-maisonneuve": "Mercier–Hochelaga-Maisonneuve",
    "riviere-des-prairies-pointe-aux-trembles": "Rivière-des-Prairies–Pointe-aux-Trembles",
    "rosemont-la-petite-patrie": "Rosemont–La Petite-Patrie",
    "villeray-saint-michel-parc-extension": "Villeray–Saint-Michel–Parc-Extension",
}

TOLERANCE_METRES = 25.0
_LAT_METRES = 111_195.0
_LON_METRES = _LAT_METRES * math.cos(math.radians(45.53))

_CITY = {
    "title": "Limites administratives de l’agglomération de Montréal "
    "(arrondissements et villes liées)",
    "by": "Ville de Montréal",
    "address": "https://donnees.montreal.ca/dataset/limites-administratives-agglomeration",
    "licence": "CC BY 4.0",
}
_BOROUGHS_HEADER = {
    "source": [_CITY],
    "changes": "Outlines simplified to 25 m, neighbours sharing the same line; coordinates rounded "
    "to 4 decimals; typography of names restored; label points and zones added. "
    "The city does not endorse this use.",
}
_PREFIXES_HEADER = {
    "source": [
        {
            "title": "Postal codes of Canada",
            "by": "GeoNames",
            "address": "https://www.geonames.org/",
            "licence": "CC BY 4.0",
        },
        _CITY,
        {
            "title": "Outlines of postal prefixes (canadianmaps 2.0.0, after Statistics Canada)",
            "by": "Joelle Cayen",
            "address": "https://github.com/joellecayen/canadianmaps",
            "licence": "MIT",
        },
    ],
    "changes": "Prefixes of the island only, without reserved ones; coordinates rounded; centres "
    "that fell into no borough moved into the borough that holds most of the prefix; shares of "
    "boroughs computed by overlap, scaled to 1 (the river is left out); one misread "
    "accent put right in names.",
}


def slug_of(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(part for part in plain.replace("'", "-").replace(" ", "-").split("-") if part)


def metres_to_segment(point: Vertex, start: Vertex, end: Vertex) -> float:
    """How far ``point`` lies from the nearest point between ``start`` and ``end``."""
    px, py = (point[0] - start[0]) * _LON_METRES, (point[1] - start[1]) * _LAT_METRES
    dx, dy = (end[0] - start[0]) * _LON_METRES, (end[1] - start[1]) * _LAT_METRES
    length = dx * dx + dy * dy
    along = max(0.0, min(1.0, (px * dx + py * dy) / length)) if length else 0.0
    return math.hypot(px - along * dx, py - along * dy)


def simplified(line: Line) -> Line:
    """Douglas-Peucker: no vertex that goes lies further than TOLERANCE_METRES from what stays."""
    away, index = max(
        ((metres_to_segment(vertex, line[0], line[-1]), i) for i, vertex in enumerate(line)),
        default=(0.0, 0),
    )
    if away <= TOLERANCE_METRES:
        return [line[0], line[-1]]
    return simplified(line[: index + 1])[:-1] + simplified(line[index:])


def junctions(rings: Sequence[Line]) -> set[Vertex]:
    """The vertices where more than two lines meet: they must stay, for every neighbour."""
    beside: dict[Vertex, set[Vertex]] = defaultdict(set)
    for ring in rings:
        for one, other in pairwise(ring):
            beside[one].add(other)
            beside[other].add(one)
    return {vertex for vertex, others in beside.items() if len(others) > 2}


def simplified_ring(ring: Line, fixed: set[Vertex]) -> Line:
    """A closed ring, simplified arc by arc, so that both sides of a border keep the same line."""
    corners = ring[:-1]
    first = next((i for i, v in enumerate(corners) if v in fixed), corners.index(min(corners)))
    turned = [*corners[first:], *corners[: first + 1]]
    cuts = [i for i, v in enumerate(turned) if v in fixed or i in (0, len(turned) - 1)]
    kept = [turned[0]]
    for start, end in pairwise(cuts):
        arc = turned[start : end + 1]
        # One direction for both neighbours: on a tie the search keeps the same vertex for both.
        backwards = arc[::-1] < arc
        short = simplified(arc[::-1] if backwards else arc)
        kept += (short[::-1] if backwards else short)[1:]
    rounded = [(round(x, 4), round(y, 4)) for x, y in kept]
    return [rounded[0], *(b for a, b in pairwise(rounded) if a != b)]


def inside(point: Vertex, rings: Sequence[Line]) -> bool:
    """Even-odd: a hole is outside."""
    crossed = False
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > point[1]) != (y2 > point[1]):
                crossed ^= point[0] < (x2 - x1) * (point[1] - y1) / (y2 - y1) + x1
    return crossed


def grid_inside(rings: Sequence[Line], steps: int = 60) -> Iterator[Vertex]:
    """The points of a ``steps`` by ``steps`` grid over ``rings`` that lie in them."""
    xs, ys = zip(*(vertex for ring in rings for vertex in ring), strict=True)
    for row in range(steps):
        for column in range(steps):
            point = (
                min(xs) + (column + 0.5) * (max(xs) - min(xs)) / steps,
                min(ys) + (row + 0.5) * (max(ys) - min(ys)) / steps,
            )
            if inside(point, rings):
                yield point


def label_point(rings: Sequence[Line], centres: Sequence[Vertex]) -> Vertex:
    """The middle of the postal prefixes centred in an outline: where its people are.

    Outlines reach far into the river, so their own middle is often in the water. Without such a
    prefix, or when that middle is outside, the grid point that is furthest from every border.
    """
    homes = [centre for centre in centres if inside(centre, rings)]
    if homes and inside(mean := middle(homes), rings):
        return mean

    def room(point: Vertex) -> float:
        return min(metres_to_segment(point, a, b) for ring in rings for a, b in pairwise(ring))

    return max(grid_inside(rings), key=room)


def middle(points: Sequence[Vertex]) -> Vertex:
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def rings_of(geometry: Mapping[str, Any]) -> list[Line]:
    return [
        [(float(x), float(y)) for x, y, *_ in ring]
        for polygon in geometry["coordinates"]
        for ring in polygon
    ]


def read_outlines(path: Path, key: str) -> dict[str, tuple[Mapping[str, Any], list[Line]]]:
    """Properties and rings of each feature, by its property ``key``."""
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {
        each["properties"][key]: (each["properties"], rings_of(each["geometry"]))
        for each in features
    }


def boroughs(
    outlines: Mapping[str, tuple[Mapping[str, Any], list[Line]]], centres: Sequence[Vertex]
) -> list[dict[str, Any]]:
    """One entry per borough; ``centres`` are those of all postal prefixes."""
    fixed = junctions([ring for _, rings in outlines.values() for ring in rings])
    found = []
    for name, (properties, rings) in outlines.items():
        slug = slug_of(name)
        short = [simplified_ring(ring, fixed) for ring in rings]
        lon, lat = label_point(short, centres)
        found.append(
            {
                "slug": slug,
                "name": NAMES.get(slug, name),
                "kind": properties["TYPE"].lower(),
                "zone": ZONE_OF[slug],
                "label": [round(lat, 4), round(lon, 4)],
                "rings": short,
            }
        )
    return sorted(found, key=lambda each: str(each["slug"]))


def prefixes(folder: Path, areas: Mapping[str, list[Line]]) -> list[dict[str, Any]]:
    """One entry per prefix; ``areas`` are the full outlines of the boroughs by their slug."""
    outlines = read_outlines(folder / "fsa_polygons_H.geojson", "CFSAUID")
    with (folder / "fsa_to_borough_crosswalk.derived.csv").open(encoding="utf-8") as file:
        crosswalk = {row["fsa"]: row for row in csv.DictReader(file)}
    with (folder / "geonames_fsa_H.csv").open(encoding="utf-8") as file:
        published = list(csv.DictReader(file))
    found = []
    for row in published:
        code, overlaps = row["fsa"], crosswalk[row["fsa"]]["all_overlaps"]
        centre = (float(row["longitude"]), float(row["latitude"]))
        around = next((slug for slug, rings in areas.items() if inside(centre, rings)), None)
        if overlaps:
            parts = [part.rsplit("=", 1) for part in overlaps.split(";")]
            shares = {slug_of(name): float(share) for name, share in parts}
        else:  # one large building has a prefix of its own, and no outline
            shares = {around: 1.0} if around else {}
        # A zero marks rural and reserved prefixes (H0H is Santa Claus): none is on the island.
        if code[1] == "0" or not shares:
            continue
        if around is None:
            most = max(shares, key=shares.__getitem__)
            centre = middle_of_overlap(outlines[code][1], areas[most])
        whole = sum(shares.values())
        found.append(
            {
                "prefix": code,
                "name": row["name"].replace("GrÔce", "Grâce"),  # misread when it was published
                "centre": [round(centre[1], 4), round(centre[0], 4)],
                "boroughs": [[slug, round(part / whole, 3)] for slug, part in shares.items()],
            }
        )
    return found


def middle_of_overlap(one: Sequence[Line], other: Sequence[Line]) -> Vertex:
    """The grid point in both outlines that lies nearest to the middle of what they share."""
    both = [point for point in grid_inside(one) if inside(point, other)]
    heart = middle(both)
    return min(both, key=lambda point: metres_to_segment(point, heart, heart))


def write(path: Path, header: Mapping[str, Any], lists: Mapping[str, Sequence[Any]]) -> None:
    """Compact JSON with one entry to a line, so that a change shows as the lines it touches."""

    def compact(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    blocks = [
        f'"{name}":[\n' + ",\n".join(compact(entry) for entry in entries) + "\n]"
        for name, entries in lists.items()
    ]
    text = "{\n" + ",\n".join([f'"header":{compact(header)}', *blocks]) + "\n}\n"
    path.write_text(text, encoding="utf-8")
    print(f"{path.name}: {len(text.encode())} bytes")


def main() -> None:
    arguments = argparse.ArgumentParser(description="Make the geography that the product ships.")
    arguments.add_argument("source", type=Path, help="folder with mtl-boroughs and mtl-fsa")
    arguments.add_argument("target", type=Path, help="folder that the two files go to")
    given = arguments.parse_args()
    outlines = read_outlines(given.source / "mtl-boroughs" / "limadmin.geojson", "NOM")
    areas = {slug_of(name): rings for name, (_, rings) in outlines.items()}
    zones = [{"slug": s, "name_fr": fr, "name_en": en} for s, (fr, en, _) in ZONES.items()]
    codes = prefixes(given.source / "mtl-fsa", areas)
    centres = [(code["centre"][1], code["centre"][0]) for code in codes]
    given.target.mkdir(parents=True, exist_ok=True)
    write(
        given.target / "boroughs.json",
        _BOROUGHS_HEADER,
        {"zones": zones, "boroughs": boroughs(outlines, centres)},
    )
    write(
        given.target / "postal_prefixes.json",
        _PREFIXES_HEADER,
        {"prefixes": codes},
    )


if __name__ == "__main__":
    main()
