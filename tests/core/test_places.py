"""The public learns the cell and never the door; people may name a place as they like."""

import csv
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuali.core.places import (
    Point,
    borough_at,
    boroughs,
    coarse,
    distance_km,
    find_borough,
    locate,
    normalize_postal_code,
    postal_boroughs,
    public_distance_km,
)

ISLAND = st.builds(Point, st.floats(45.41, 45.71), st.floats(-73.98, -73.47))


@given(ISLAND)
@settings(derandomize=True, deadline=None)
def test_a_coarse_point_is_its_own_coarse_point(point: Point) -> None:
    assert coarse(coarse(point)) == coarse(point)


@given(ISLAND)
@settings(derandomize=True, deadline=None)
def test_a_coarse_point_is_half_a_diagonal_away_at_most(point: Point) -> None:
    assert round(distance_km(point, coarse(point)) * 1000) <= 354


@given(ISLAND, ISLAND, st.floats(-0.0015, 0.0015), st.floats(-0.0015, 0.0015))
@settings(derandomize=True, deadline=None)
def test_everything_in_one_cell_is_as_far_for_the_public(
    origin: Point, home: Point, north: float, east: float
) -> None:
    middle = coarse(home)
    neighbour = Point(middle.lat + north, middle.lon + east)
    assert coarse(neighbour) == middle
    assert public_distance_km(origin, neighbour) == public_distance_km(origin, home)


def test_distances_are_those_of_the_map() -> None:
    city_hall, olympic_stadium = Point(45.5088, -73.5540), Point(45.5579, -73.5515)
    assert distance_km(city_hall, olympic_stadium) == pytest.approx(5.46, abs=0.02)
    assert distance_km(city_hall, city_hall) == 0


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("Villeray–Saint-Michel–Parc-Extension", "villeray-saint-michel-parc-extension"),
        ("villeray", "villeray-saint-michel-parc-extension"),
        ("NDG", "cote-des-neiges-notre-dame-de-grace"),
        ("Côte-des-Neiges", "cote-des-neiges-notre-dame-de-grace"),
        ("hochelaga", "mercier-hochelaga-maisonneuve"),
        ("  le PLATEAU ", "le-plateau-mont-royal"),
        ("Pointe-Saint-Charles", "le-sud-ouest"),
    ],
)
def test_a_borough_is_found_by_the_names_people_use(typed: str, slug: str) -> None:
    found = find_borough(typed)
    assert found is not None
    assert found.slug == slug


def test_every_borough_is_found_by_its_own_name_and_lies_where_it_says() -> None:
    for slug, borough in boroughs().items():
        assert find_borough(borough.name) is borough
        located = locate(borough.name)
        assert located is not None
        assert located[1] == slug


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("h2x1y4", "H2X 1Y4"),
        (" H2X 1Y4 ", "H2X 1Y4"),
        ("H2X-1Y4", "H2X 1Y4"),
        ("h2x", "H2X"),
        ("H2X 1Y", None),
        ("D2X 1Y4", None),
        ("H2O 1Y4", None),
        ("", None),
    ],
)
def test_a_postal_code_is_read_as_people_type_it(typed: str, code: str | None) -> None:
    assert normalize_postal_code(typed) == code


def test_a_postal_code_stands_for_a_point_in_a_borough_it_covers() -> None:
    located = locate("h2x1y4")
    assert located is not None
    point, slug = located
    assert slug in {name for name, _share in postal_boroughs("H2X 1Y4")}
    inside = borough_at(point)
    assert inside is not None
    assert inside.slug == slug


@pytest.mark.parametrize("typed", ["G1A 1A1", "Laval-sur-mer", ""])
def test_a_place_off_the_island_is_not_guessed(typed: str) -> None:
    assert locate(typed) is None


def test_a_point_in_the_open_is_in_no_borough() -> None:
    assert borough_at(Point(46.8, -71.2)) is None


@pytest.mark.skipif(
    "MUTUALI_REAL_DATA" not in os.environ, reason="needs mtl-orgs in MUTUALI_REAL_DATA"
)
def test_real_organizations_fall_in_the_borough_they_state() -> None:
    path = Path(os.environ["MUTUALI_REAL_DATA"]) / "mtl-orgs" / "organisations.dev.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 234
    right = 0
    for row in rows:
        stated = find_borough(row["borough"])
        there = borough_at(Point(float(row["lat"]), float(row["lon"])))
        right += stated is not None and there is not None and stated.slug == there.slug
    assert right / len(rows) >= 0.97
