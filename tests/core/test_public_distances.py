"""What the public may measure: a grid that never moves, one decimal, the same from every door."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuali.core.places import Point, coarse, distance_km, public_distance_km

ISLAND_POINTS = st.builds(Point, st.floats(45.39, 45.72), st.floats(-74.0, -73.45))

METRES_PER_LAT = 111_195.08
METRES_PER_LON = METRES_PER_LAT * math.cos(math.radians(45.53))


def moved(point: Point, *, north: float = 0.0, east: float = 0.0) -> Point:
    """``point`` after so many metres."""
    return Point(point.lat + north / METRES_PER_LAT, point.lon + east / METRES_PER_LON)


@given(ISLAND_POINTS, ISLAND_POINTS, st.floats(-249, 249), st.floats(-249, 249))
@settings(derandomize=True, deadline=None)
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
@settings(derandomize=True, deadline=None)
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
@settings(derandomize=True, deadline=None)
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
