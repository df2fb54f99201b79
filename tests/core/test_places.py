"""Where things are: the right borough, the same names for everybody, and no point too exact."""

import csv
import json
import math
import os
import re
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mutuali.core.places import (
    BOROUGHS,
    GRID_METRES,
    NEAR_METRES,
    ZONES,
    Borough,
    Point,
    borough_at,
    borough_name,
    coarse,
    distance_km,
    find_borough,
    locate,
    normalize_postal_code,
    outline_paths,
    outline_position,
    outline_viewbox,
    postal_boroughs,
    postal_point,
    public_distance_km,
    suggestions,
)

ROOT = Path(__file__).parents[2]
PREFIXES = ROOT / "mutuali" / "core" / "places_data" / "postal_prefixes.json"

ISLAND_POINTS = st.builds(Point, st.floats(45.39, 45.72), st.floats(-74.0, -73.45))

METRES_PER_LAT = 111_195.08
METRES_PER_LON = METRES_PER_LAT * math.cos(math.radians(45.53))


def moved(point: Point, *, north: float = 0.0, east: float = 0.0) -> Point:
    """``point`` after so many metres."""
    return Point(point.lat + north / METRES_PER_LAT, point.lon + east / METRES_PER_LON)


def prefixes() -> list[str]:
    """Every prefix that the product knows."""
    table = json.loads(PREFIXES.read_text(encoding="utf-8"))
    return [each["prefix"] for each in table["prefixes"]]


def edges(borough: Borough) -> list[frozenset[tuple[float, float]]]:
    return [frozenset(ends) for ring in borough.rings for ends in pairwise(ring)]


# Boroughs and sectors


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


# Which borough a point is in


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
    near = borough_at(moved(tip, north=NEAR_METRES - 10))
    assert near is BOROUGHS["riviere-des-prairies-pointe-aux-trembles"]
    assert borough_at(moved(tip, north=NEAR_METRES + 10)) is None


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


# Postal codes


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("h2x1y4", "H2X 1Y4"),
        (" H2X 1Y4 ", "H2X 1Y4"),
        ("H2X-1Y4", "H2X 1Y4"),
        ("H2X\u00a01y4", "H2X 1Y4"),
        ("h2x", "H2X"),
        ("H2X1", None),
        ("H2X 1Y", None),
        ("2HX 1Y4", None),
        ("D2X 1Y4", None),
        ("H2O 1Y4", None),
        ("H٢X 1Y4", None),
        ("H2X 1Y4 H2X 1Y4", None),
        ("", None),
    ],
)
def test_a_postal_code_is_read_however_it_is_typed(typed: str, meant: str | None) -> None:
    assert normalize_postal_code(typed) == meant


@given(st.text() | st.from_regex(r"[a-zA-Z][0-9][a-zA-Z]( ?[0-9][a-zA-Z][0-9])?", fullmatch=True))
def test_a_postal_code_that_was_read_reads_the_same_again(text: str) -> None:
    code = normalize_postal_code(text)
    assume(code)
    assert code is not None
    assert normalize_postal_code(code) == code
    assert normalize_postal_code(code.lower().replace(" ", "")) == code


def test_a_code_is_placed_by_its_prefix() -> None:
    assert postal_point("h2x 1y4") == postal_point("H2X") is not None
    assert postal_boroughs("h2x1y4") == postal_boroughs("H2X")


@pytest.mark.parametrize("off", ["H0H 0H0", "H0M", "H7N 1A1", "G1R 2B5", "K1A", "nowhere", ""])
def test_codes_off_the_island_and_reserved_ones_have_no_place(off: str) -> None:
    assert postal_point(off) is None
    assert postal_boroughs(off) == ()
    assert locate(off) is None


def test_every_prefix_names_its_boroughs_largest_first_and_its_middle_lies_in_one() -> None:
    for prefix in prefixes():
        shares = postal_boroughs(prefix)
        middle = postal_point(prefix)
        assert middle is not None
        around = borough_at(middle)
        assert around is not None
        assert around.slug in dict(shares)
        assert sum(share for _, share in shares) == pytest.approx(1, abs=0.005)
        assert [share for _, share in shares] == sorted((s for _, s in shares), reverse=True)


def test_a_prefix_may_lie_in_several_boroughs() -> None:
    assert dict(postal_boroughs("H4N")).keys() == {"saint-laurent", "ahuntsic-cartierville"}
    split = [prefix for prefix in prefixes() if postal_boroughs(prefix)[0][1] < 0.95]
    assert len(split) > 30


# Names that people type


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


# Coarse points and distances


@given(ISLAND_POINTS)
def test_a_coarse_point_is_its_own_coarse_point(point: Point) -> None:
    assert coarse(coarse(point)) == coarse(point)


@given(ISLAND_POINTS)
def test_coarse_moves_a_point_by_at_most_half_the_diagonal_of_its_cell(point: Point) -> None:
    # One metre for the flat map and the rounding.
    assert distance_km(point, coarse(point)) * 1000 <= GRID_METRES / math.sqrt(2) + 1


@given(ISLAND_POINTS, ISLAND_POINTS, st.floats(-249, 249), st.floats(-249, 249))
def test_two_points_in_one_cell_show_the_same_distance_from_anywhere(
    origin: Point, point: Point, north: float, east: float
) -> None:
    other = moved(coarse(point), north=north, east=east)
    assert coarse(other) == coarse(point)
    assert public_distance_km(origin, other) == public_distance_km(origin, point)


def test_the_grid_stays_where_it_was_when_it_was_first_published() -> None:
    # A grid that moves gives every place away: two cells overlap in less than one.
    assert coarse(Point(45.5089, -73.5617)) == Point(45.510167, -73.560312)
    assert coarse(Point(45.4315, -73.9)) == Point(45.433725, -73.900509)


@given(ISLAND_POINTS, ISLAND_POINTS)
def test_a_public_distance_has_one_decimal_and_is_off_by_no_more_than_the_cell(
    origin: Point, exact: Point
) -> None:
    shown = public_distance_km(origin, exact)
    assert shown == round(shown, 1)
    assert abs(shown - distance_km(origin, exact)) <= 0.354 + 0.05 + 0.001


@given(
    st.builds(Point, st.floats(-90, 90), st.floats(-180, 180)),
    st.builds(Point, st.floats(-90, 90), st.floats(-180, 180)),
)
def test_distance_agrees_with_the_angle_between_two_vectors(a: Point, b: Point) -> None:
    def vector(point: Point) -> tuple[float, float, float]:
        lat, lon = math.radians(point.lat), math.radians(point.lon)
        return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)

    u, v = vector(a), vector(b)
    across = math.hypot(
        u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]
    )
    angle = math.atan2(across, sum(x * y for x, y in zip(u, v, strict=True)))
    assert distance_km(a, b) == pytest.approx(6371.0088 * angle, abs=1e-3)


# The map


@pytest.mark.parametrize("width", [320, 600])
def test_every_borough_is_drawn_inside_the_box_that_all_share(width: int) -> None:
    left, top, right, bottom = (int(each) for each in outline_viewbox(width).split())
    assert (left, top, right) == (0, 0, width)
    paths = outline_paths(width)
    assert list(paths) == list(BOROUGHS)
    drawn = [corners(path) for path in paths.values()]
    xs, ys = zip(*(corner for path in drawn for corner in path), strict=True)
    assert (min(xs), min(ys), max(xs)) == (0, 0, width)
    assert bottom - 1 <= max(ys) <= bottom
    assert all(path.count("M") == len(BOROUGHS[slug].rings) for slug, path in paths.items())


def corners(path: str) -> list[tuple[float, float]]:
    assert re.fullmatch(r"(M[\d.]+ [\d.]+(L[\d.]+ [\d.]+)+Z)+", path)
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", path)]


def test_a_mark_stands_among_the_corners_of_its_borough() -> None:
    paths = outline_paths()
    for slug, borough in BOROUGHS.items():
        xs, ys = zip(*corners(paths[slug]), strict=True)
        x, y = outline_position(borough.label)
        assert min(xs) < x < max(xs)
        assert min(ys) < y < max(ys)


def test_the_map_keeps_the_shape_of_the_land() -> None:
    a, b = Point(45.5, -73.6), Point(45.6, -73.6)
    c = moved(a, east=0.1 * METRES_PER_LAT)
    (ax, ay), (_, by), (cx, cy) = (outline_position(each, 2000) for each in (a, b, c))
    assert ay == cy
    assert ay - by == pytest.approx(cx - ax, abs=0.3)
