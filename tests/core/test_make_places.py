"""The script that makes the geography, and the tables that it made."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "mutuali" / "core" / "places_data"


def test_shipped_tables_say_where_they_come_from_and_stay_small() -> None:
    for name in ("boroughs", "postal_prefixes"):
        header = json.loads((SHIPPED / f"{name}.json").read_text(encoding="utf-8"))["header"]
        assert {"title", "by", "licence"} <= set.intersection(*map(set, header["source"]))
        assert "CC BY 4.0" in {each["licence"] for each in header["source"]}
        assert header["changes"]
    assert sum((SHIPPED / f).stat().st_size for f in os.listdir(SHIPPED)) < 60_000


def make_places(source: Path, target: Path) -> None:
    script = ROOT / "scripts" / "make_places.py"
    subprocess.run([sys.executable, script, source, target], check=True, capture_output=True)


@pytest.mark.skipif("MUTUALI_REAL_DATA" not in os.environ, reason="needs the public files")
def test_shipped_tables_are_what_the_script_makes_of_the_public_files(tmp_path: Path) -> None:
    make_places(Path(os.environ["MUTUALI_REAL_DATA"]), tmp_path)
    for made in sorted(tmp_path.iterdir()):
        assert made.read_bytes() == (SHIPPED / made.name).read_bytes()


def feature(key: str, value: str, *rings: Sequence[Sequence[float]], **more: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {key: value, **more},
        "geometry": {"type": "MultiPolygon", "coordinates": [rings]},
    }


def write_public_files(folder: Path) -> None:
    """Two cities side by side, a third along both, an island in a hole, five prefixes."""
    # Two capes of the same 31 m: which one stays depends on the end that one starts from.
    border = [[-73.75, 45.4], [-73.7496, 45.42], [-73.7496, 45.48], [-73.75, 45.5]]
    # A shore that wavers by 8 m.
    shore = [[-73.8 + (i % 2) * 0.0001, 45.5 - i * 0.005] for i in range(21)]
    west = [*border, *shore, border[0]]
    east = [*border[::-1], [-73.7, 45.4], [-73.7, 45.5], border[-1]]
    north = [shore[0], border[-1], [-73.7, 45.5], [-73.7, 45.55], [-73.8, 45.55], shore[0]]
    island = [[-73.78, 45.43], [-73.77, 45.43], [-73.77, 45.44], [-73.78, 45.44], [-73.78, 45.43]]
    turned = [*island[2:-1], *island[:3]]
    (folder / "mtl-boroughs").mkdir()
    (folder / "mtl-fsa").mkdir()
    areas = [
        feature("NOM", "Dorval", west, island[::-1], TYPE="Ville liée"),
        feature("NOM", "L'Île-Dorval", turned, TYPE="Ville liée"),
        feature("NOM", "Lachine", east, TYPE="Arrondissement"),
        feature("NOM", "Saint-Laurent", north, TYPE="Arrondissement"),
    ]
    (folder / "mtl-boroughs" / "limadmin.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": areas}), encoding="utf-8"
    )
    box = [[-73.79, 45.3], [-73.76, 45.3], [-73.76, 45.42], [-73.79, 45.42], [-73.79, 45.3]]
    (folder / "mtl-fsa" / "fsa_polygons_H.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature("CFSAUID", "H9P", box)]}),
        encoding="utf-8",
    )
    (folder / "mtl-fsa" / "geonames_fsa_H.csv").write_text(
        "fsa,name,province,latitude,longitude,accuracy\n"
        "H0H,Reserved (Santa Claus),Quebec,90.0,0.0,\n"
        "H0M,Another region,Quebec,45.45,-73.72,\n"
        "H8S,Lachine East,Quebec,45.45,-73.72,1\n"
        "H9P,Dorval in the river,Quebec,45.35,-73.77,1\n"
        "H5B,One tower,Quebec,45.46,-73.71,\n",
        encoding="utf-8",
    )
    (folder / "mtl-fsa" / "fsa_to_borough_crosswalk.derived.csv").write_text(
        "fsa,all_overlaps\nH0H,\nH0M,\nH8S,Lachine=0.6;Dorval=0.2\nH9P,Dorval=0.5\nH5B,\n",
        encoding="utf-8",
    )


def test_the_script_keeps_holes_and_common_borders_and_leaves_out_what_is_not_real(
    tmp_path: Path,
) -> None:
    source, target = tmp_path / "public", tmp_path / "made"
    source.mkdir()
    write_public_files(source)
    make_places(source, target)
    text = {file.stem: file.read_text(encoding="utf-8") for file in target.iterdir()}
    assert not [name for name, content in text.items() if str(tmp_path) in content]

    areas = {each["slug"]: each for each in json.loads(text["boroughs"])["boroughs"]}
    corners = {
        slug: [{(x, y) for x, y in ring} for ring in each["rings"]] for slug, each in areas.items()
    }
    assert {each["name"] for each in areas.values()} == {
        "Dorval",
        "L’Île-Dorval",
        "Lachine",
        "Saint-Laurent",
    }
    assert areas["l-ile-dorval"]["kind"] == "ville liée"
    outer, hole = corners["dorval"]
    assert corners["l-ile-dorval"] == [hole]
    # Of the border both sides keep its ends and the same cape; of the shore only its ends stay.
    border = outer & corners["lachine"][0]
    assert outer - border == {(-73.8, 45.4), (-73.8, 45.5)}
    assert corners["lachine"][0] - border == {(-73.7, 45.4), (-73.7, 45.5)}
    assert {(-73.75, 45.4), (-73.75, 45.5)} < border
    assert len(border) == 3
    # Three meet where the border ends: a corner for the third too, though its line runs straight.
    assert (-73.75, 45.5) in corners["saint-laurent"][0]

    codes = {each["prefix"]: each for each in json.loads(text["postal_prefixes"])["prefixes"]}
    assert set(codes) == {"H8S", "H9P", "H5B"}
    assert codes["H8S"]["boroughs"] == [["lachine", 0.75], ["dorval", 0.25]]
    assert codes["H5B"]["boroughs"] == [["lachine", 1.0]]
    lat, lon = codes["H9P"]["centre"]
    assert 45.4 < lat < 45.42
    assert -73.79 < lon < -73.76
