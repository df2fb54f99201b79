"""Boroughs and sectors: which there are, what people call them, which one a point is in."""

import csv
import math
import os
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuali.core.places import (
    BOROUGHS,
    ZONES,
    Borough,
    Point,
    borough_at,
    borough_name,
    find_borough,
    locate,
    postal_point,
    suggestions,
)

ROOT = Path(__file__).parents[2]

ISLAND_POINTS = st.builds(Point, st.floats(45.39, 45.72), st.floats(-74.0, -73.45))

METRES_PER_LAT = 111_195.08
METRES_PER_LON = METRES_PER_LAT * math.cos(math.radians(45.53))


def moved(point: Point, *, north: float = 0.0, east: float = 0.0) -> Point:
    """``point`` after so many metres."""
    return Point(point.lat + north / METRES_PER_LAT, point.lon + east / METRES_PER_LON)


def edges(borough: Borough) -> list[frozenset[tuple[float, float]]]:
    return [frozenset(ends) for ring in borough.rings for ends in pairwise(ring)]


def test_the_island_has_19_boroughs_and_15_linked_cities() -> None:
    assert Counter(each.kind for each in BOROUGHS.values()) == {
        "arrondissement": 19,
        "ville liée": 15,
    }


def test_names_carry_their_accents_and_the_long_dash_between_neighbourhoods() -> None:
    assert borough_name("mercier-hochelaga-maisonneuve") == "Mercier–Hochelaga-Maisonneuve"
    assert borough_name("l-ile-bizard-sainte-genevieve") == "L’Île-Bizard–Sainte-Geneviève"
    assert borough_name("montreal-est") == "Montréal-Est"
    assert all("'" not in each.name for each in BOROUGHS.values())


def test_a_slug_that_is_no_borough_names_itself() -> None:
    assert borough_name("laval") == "laval"


def test_every_borough_stands_in_one_of_six_to_eight_sectors_and_none_is_empty() -> None:
    assert 6 <= len(ZONES) <= 8
    assert {each.zone for each in BOROUGHS.values()} == set(ZONES)
    assert all(zone.name_fr and zone.name_en for zone in ZONES.values())


@pytest.mark.parametrize("zone", list(ZONES))
def test_a_sector_is_one_piece_of_land(zone: str) -> None:
    waiting = {slug for slug, each in BOROUGHS.items() if each.zone == zone}
    front = [waiting.pop()]
    while front:
        lines = set(edges(BOROUGHS[front.pop()]))
        touching = {slug for slug in waiting if lines & set(edges(BOROUGHS[slug]))}
        waiting -= touching
        front += touching
    assert not waiting


def test_a_borough_is_read_once() -> None:
    assert BOROUGHS["anjou"] is BOROUGHS["anjou"]


def test_importing_places_reads_no_file() -> None:
    looked = "from mutuali.core import places; print(places._table.cache_info().currsize)"
    run = subprocess.run(
        [sys.executable, "-c", looked], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "0"


def real_organizations() -> list[dict[str, str]]:
    """Organizations with the borough their city gives; made up when there are no real ones."""
    if folder := os.environ.get("MUTUALI_REAL_DATA"):
        with (Path(folder) / "mtl-orgs" / "organisations.dev.csv").open(encoding="utf-8") as file:
            return list(csv.DictReader(file))
    # Corners of streets well inside their borough, as any map shows them.
    return [
        {"name": name, "borough": borough, "lat": lat, "lon": lon}
        for name, borough, lat, lon in (
            ("Cuisine du Marché", "Rosemont–La Petite-Patrie", "45.5362", "-73.6148"),
            ("Table du Stade", "Mercier–Hochelaga-Maisonneuve", "45.5515", "-73.5400"),
            ("Panier de Monkland", "Côte-des-Neiges–Notre-Dame-de-Grâce", "45.4730", "-73.6210"),
            ("Frigo de la Main", "Le Plateau-Mont-Royal", "45.5180", "-73.5830"),
            ("Dépannage Atwater", "Le Sud-Ouest", "45.4795", "-73.5790"),
            ("Popote Wellington", "Verdun", "45.4590", "-73.5690"),
            ("Entraide Jean-Talon", "Saint-Léonard", "45.5880", "-73.5960"),
            ("Moisson du Bout", "Rivière-des-Prairies–Pointe-aux-Trembles", "45.6500", "-73.5050"),
        )
    ]


def test_organizations_are_placed_in_the_borough_their_city_gives() -> None:
    rows = [row for row in real_organizations() if find_borough(row["borough"])]
    placed = [
        borough_at(Point(float(row["lat"]), float(row["lon"]))) is find_borough(row["borough"])
        for row in rows
    ]
    share = sum(placed) / len(placed)
    print(f"{sum(placed)} of {len(placed)} organizations in their borough ({share:.1%})")
    assert len(rows) == len(real_organizations()), "a borough's name was not understood"
    assert share >= 0.97


@given(ISLAND_POINTS)
@settings(derandomize=True, deadline=None)
def test_no_point_is_in_two_boroughs(point: Point) -> None:
    around = [slug for slug, each in BOROUGHS.items() if crossings(point, each) % 2]
    assert len(around) <= 1
    if around:
        assert borough_at(point) is BOROUGHS[around[0]]


def crossings(point: Point, borough: Borough) -> int:
    """How many lines of the outline a ray to the east meets: odd inside."""
    met = 0
    for ring in borough.rings:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if min(y1, y2) <= point.lat < max(y1, y2):
                met += x1 + (point.lat - y1) * (x2 - x1) / (y2 - y1) > point.lon
    return met


def test_neighbours_share_the_same_line_so_that_no_gap_opens_between_them() -> None:
    lines = Counter(line for each in BOROUGHS.values() for line in edges(each))
    assert max(lines.values()) == 2
    # Simplified each for itself, the outlines shared 299 lines.
    assert sum(1 for times in lines.values() if times == 2) > 500


def test_an_island_inside_a_city_is_not_part_of_that_city() -> None:
    assert borough_at(BOROUGHS["l-ile-dorval"].label) is BOROUGHS["l-ile-dorval"]


@pytest.mark.parametrize("slug", list(BOROUGHS))
def test_the_label_of_a_borough_lies_in_it(slug: str) -> None:
    assert borough_at(BOROUGHS[slug].label) is BOROUGHS[slug]


def test_a_point_just_outside_belongs_to_the_nearest_borough_and_one_further_to_none() -> None:
    lat, lon = max((lat, lon) for b in BOROUGHS.values() for ring in b.rings for lon, lat in ring)
    tip = Point(lat, lon)
    near = borough_at(moved(tip, north=290))
    assert near is BOROUGHS["riviere-des-prairies-pointe-aux-trembles"]
    assert borough_at(moved(tip, north=310)) is None


def test_near_a_long_straight_shore_the_distance_is_to_the_line_not_to_its_ends() -> None:
    for borough in BOROUGHS.values():
        for ring in borough.rings:
            for (x1, y1), (x2, y2) in pairwise(ring):
                dx, dy = (x2 - x1) * METRES_PER_LON, (y2 - y1) * METRES_PER_LAT
                length = math.hypot(dx, dy)
                for side in (-100, 100):
                    half_way = Point((y1 + y2) / 2, (x1 + x2) / 2)
                    beside = moved(half_way, east=-side * dy / length, north=side * dx / length)
                    assert borough_at(beside) is not None


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("NDG", "cote-des-neiges-notre-dame-de-grace"),
        ("CDN", "cote-des-neiges-notre-dame-de-grace"),
        ("HoMa", "mercier-hochelaga-maisonneuve"),
        ("Hochelaga-Maisonneuve", "mercier-hochelaga-maisonneuve"),
        ("Saint-Laurent", "saint-laurent"),
        ("ville st-laurent", "saint-laurent"),
        ("St-Léonard", "saint-leonard"),
        ("ste anne de bellevue", "sainte-anne-de-bellevue"),
        ("  VILLE   MARIE ", "ville-marie"),
        ("Mercier-Hochelaga-Maisonneuve", "mercier-hochelaga-maisonneuve"),
        ("plateau mont royal", "le-plateau-mont-royal"),
        ("Le Plateau", "le-plateau-mont-royal"),
        ("Mont-Royal", "mont-royal"),
        ("TMR", "mont-royal"),
        ("parc ex", "villeray-saint-michel-parc-extension"),
        ("l'ile-bizard", "l-ile-bizard-sainte-genevieve"),
        ("Baie d’Urfé", "baie-d-urfe"),
        ("Île des Sœurs", "verdun"),
        ("Montreal West", "montreal-ouest"),
        ("DDO", "dollard-des-ormeaux"),
    ],
)
def test_a_borough_is_found_by_what_people_call_it(typed: str, slug: str) -> None:
    assert find_borough(typed) is BOROUGHS[slug]


def test_every_borough_is_found_by_its_name_its_slug_and_each_of_its_neighbourhoods() -> None:
    for slug, borough in BOROUGHS.items():
        for said in (borough.name, slug, borough.name.upper(), *borough.name.split("–")):
            assert find_borough(said) is borough
            assert borough in suggestions(said)


@pytest.mark.parametrize("said", ["Montréal", "Laval", "", "–", "saint", "\x00", "😀", "H2X"])
def test_what_names_no_borough_finds_none(said: str) -> None:
    assert find_borough(said) is None


@given(st.text())
@settings(derandomize=True, deadline=None)
def test_any_text_may_be_looked_up(text: str) -> None:
    find_borough(text)
    locate(text)
    assert all(isinstance(each, Borough) for each in suggestions(text))


def test_suggestions_begin_a_word_and_are_all_boroughs_while_nothing_is_typed() -> None:
    assert suggestions("  ") == list(BOROUGHS.values())
    assert [each.slug for each in suggestions("mais")] == ["mercier-hochelaga-maisonneuve"]
    assert [each.slug for each in suggestions("ndg")] == ["cote-des-neiges-notre-dame-de-grace"]
    assert BOROUGHS["le-plateau-mont-royal"] in suggestions("Le P")
    assert suggestions("aisonneuve") == []


def test_a_place_is_located_by_postal_code_or_by_borough() -> None:
    assert locate("h2x 1y4") == (postal_point("H2X"), "ville-marie")
    assert locate("verdun") == (BOROUGHS["verdun"].label, "verdun")
