"""The island as it is drawn on the server: one box, every borough, nothing stretched."""

import re

import pytest

from mutuali.core.places import (
    BOROUGHS,
    Point,
    distance_km,
    outline_paths,
    outline_position,
    outline_viewbox,
)


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
    north, south, east = Point(45.6, -73.6), Point(45.5, -73.6), Point(45.5, -73.5)
    (_, top), (left, bottom), (right, _) = (
        outline_position(each, 2000) for each in (north, south, east)
    )
    on_map = (bottom - top) / (right - left)
    assert on_map == pytest.approx(distance_km(north, south) / distance_km(south, east), rel=0.005)
