"""Make the geography that the product ships, from public files; run it again when they change.

    python scripts/make_places.py FOLDER_WITH_PUBLIC_DATA mutuali/core/places_data

FOLDER holds ``mtl-boroughs/limadmin.geojson`` (Ville de Montréal, CC BY 4.0) and ``mtl-fsa/``:
``geonames_fsa_H.csv`` (GeoNames, CC BY 4.0), ``fsa_to_borough_crosswalk.derived.csv``.
"""

import csv
import json
import math
import sys
import unicodedata
from pathlib import Path

Ring = list[tuple[float, float]]

#: Sectors of the island, west to east; each borough stands in exactly one.
ZONES = {
    "ouest": ("Ouest-de-l’Île", "West Island"),
    "centre-ouest": ("Centre-Ouest", "Central West"),
    "sud-ouest": ("Sud-Ouest", "South West"),
    "centre": ("Centre", "Centre"),
    "nord": ("Nord", "North"),
    "est": ("Est", "East"),
}
ZONE_OF = {
    "L'Île-Bizard-Sainte-Geneviève": "ouest",
    "Pierrefonds-Roxboro": "ouest",
    "Senneville": "ouest",
    "Sainte-Anne-de-Bellevue": "ouest",
    "Baie-d'Urfé": "ouest",
    "Beaconsfield": "ouest",
    "Kirkland": "ouest",
    "Dollard-des-Ormeaux": "ouest",
    "Pointe-Claire": "ouest",
    "Dorval": "ouest",
    "L'Île-Dorval": "ouest",
    "Saint-Laurent": "centre-ouest",
    "Mont-Royal": "centre-ouest",
    "Côte-des-Neiges-Notre-Dame-de-Grâce": "centre-ouest",
    "Côte-Saint-Luc": "centre-ouest",
    "Hampstead": "centre-ouest",
    "Montréal-Ouest": "centre-ouest",
    "Westmount": "centre-ouest",
    "Lachine": "sud-ouest",
    "LaSalle": "sud-ouest",
    "Le Sud-Ouest": "sud-ouest",
    "Verdun": "sud-ouest",
    "Ville-Marie": "centre",
    "Le Plateau-Mont-Royal": "centre",
    "Outremont": "centre",
    "Rosemont-La Petite-Patrie": "centre",
    "Villeray-Saint-Michel-Parc-Extension": "nord",
    "Ahuntsic-Cartierville": "nord",
    "Montréal-Nord": "nord",
    "Saint-Léonard": "nord",
    "Mercier-Hochelaga-Maisonneuve": "est",
    "Anjou": "est",
    "Montréal-Est": "est",
    "Rivière-des-Prairies-Pointe-aux-Trembles": "est",
}
TOLERANCE = 0.0006  # degrees, about 50 m
SMALLEST_RING = 1.5e-6  # square degrees; smaller islets are left out


def slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(part for part in plain.replace("'", "-").replace(" ", "-").split("-") if part)


def simplified(points: Ring) -> Ring:
    """Douglas-Peucker: what remains is at most TOLERANCE from what was."""
    if len(points) < 3:
        return points
    (x1, y1), (x2, y2) = points[0], points[-1]
    width = math.hypot(x2 - x1, y2 - y1)
    far, index = 0.0, 0
    for i, (x, y) in enumerate(points[1:-1], 1):
        away = (
            abs((y2 - y1) * x - (x2 - x1) * y + x2 * y1 - y2 * x1) / width
            if width
            else math.hypot(x - x1, y - y1)
        )
        if away > far:
            far, index = away, i
    if far <= TOLERANCE:
        return [points[0], points[-1]]
    return simplified(points[: index + 1])[:-1] + simplified(points[index:])


def area(ring: Ring) -> float:
    return abs(
        sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True)) / 2
    )


def boroughs(source: Path) -> list[dict[str, object]]:
    features = json.loads(source.read_text(encoding="utf-8"))["features"]
    found = []
    for feature in features:
        name = feature["properties"]["NOM"]
        rings = []
        for polygon in feature["geometry"]["coordinates"]:
            outer = [(float(x), float(y)) for x, y, *_ in polygon[0]]
            if area(outer) >= SMALLEST_RING or len(feature["geometry"]["coordinates"]) == 1:
                rings.append([[round(x, 4), round(y, 4)] for x, y in simplified(outer)])
        rings.sort(key=lambda ring: -area([(x, y) for x, y in ring]))
        kind = "borough" if feature["properties"]["TYPE"] == "Arrondissement" else "city"
        found.append(
            {"slug": slug(name), "name": name, "kind": kind, "zone": ZONE_OF[name], "rings": rings}
        )
    return sorted(found, key=lambda each: str(each["slug"]))


def prefixes(folder: Path) -> dict[str, object]:
    shares: dict[str, list[list[object]]] = {}
    with (folder / "fsa_to_borough_crosswalk.derived.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            parts = [part.rsplit("=", 1) for part in row["all_overlaps"].split(";") if part]
            shares[row["fsa"]] = [[slug(name), float(share)] for name, share in parts]
    found: dict[str, object] = {}
    with (folder / "geonames_fsa_H.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            lat, lon = float(row["latitude"]), float(row["longitude"])
            if shares.get(row["fsa"]) and 45.3 < lat < 45.8 and -74.1 < lon < -73.4:
                found[row["fsa"]] = [round(lat, 4), round(lon, 4), shares[row["fsa"]]]
    return found


def main() -> None:
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    areas = {
        "source": "Limites administratives de l’agglomération de Montréal, Ville de Montréal",
        "licence": "CC BY 4.0",
        "changes": "Outlines simplified to 50 m, coordinates rounded, islets and holes left out, "
        "zones added by MutuAli.",
        "zones": [{"slug": s, "name_fr": fr, "name_en": en} for s, (fr, en) in ZONES.items()],
        "boroughs": boroughs(source / "mtl-boroughs" / "limadmin.geojson"),
    }
    codes = {
        "source": "GeoNames postal codes; shares computed from Statistics Canada’s outlines of "
        "postal prefixes and the boroughs of Ville de Montréal",
        "licence": "CC BY 4.0",
        "changes": "Prefixes of the island only, coordinates rounded, shares of boroughs added.",
        "prefixes": prefixes(source / "mtl-fsa"),
    }
    for name, content in (("boroughs", areas), ("postal_prefixes", codes)):
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"
        (target / f"{name}.json").write_text(text, encoding="utf-8")
        print(f"{name}.json: {len(text)} characters")


if __name__ == "__main__":
    main()
