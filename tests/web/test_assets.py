"""Static files: named by their content, compressed, kept for good, and small enough."""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from flask import Flask
from flask.testing import FlaskClient

from mutuali.web.assets import FOLDER, asset, init_assets

SHEET = "css/mutuali.css"
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"

#: What every page asks for on a first visit, beside its own HTML.
FIRST_VISIT = (
    "css/mutuali.css",
    "img/icons.svg",
    "img/mark.svg",
    "js/mutuali.js",
    "vendor/bootstrap/bootstrap.kept.css",
    "vendor/fonts/atkinson-400.woff2",
    "vendor/fonts/atkinson-700.woff2",
    "vendor/htmx/htmx.min.js",
)


@pytest.fixture
def files() -> Iterator[FlaskClient]:
    app = Flask("mutuali", static_folder=None)
    init_assets(app)
    with app.test_client() as client:
        yield client


def _manifest() -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads((FOLDER / "vendor/manifest.json").read_text("utf-8"))
    return rows


def test_an_address_carries_twelve_digits_of_the_content(files: FlaskClient) -> None:
    found = re.fullmatch(r"/static/([0-9a-f]{12})/css/mutuali\.css", asset(SHEET))
    assert found
    content = files.get(asset(SHEET)).data
    assert hashlib.sha256(content).hexdigest().startswith(found[1])


def test_a_file_under_its_own_digest_is_kept_for_good(files: FlaskClient) -> None:
    answer = files.get(asset(SHEET))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_a_page_from_before_an_update_finds_its_file_but_does_not_keep_it(
    files: FlaskClient,
) -> None:
    answer = files.get(f"/static/000000000000/{SHEET}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


def test_whoever_accepts_gzip_gets_the_same_content_smaller(files: FlaskClient) -> None:
    plain = files.get(asset(SHEET))
    small = files.get(asset(SHEET), headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data
    assert len(small.data) < len(plain.data) / 2


def test_what_was_compressed_ahead_goes_to_whoever_accepts_brotli(files: FlaskClient) -> None:
    name = "vendor/bootstrap/bootstrap.kept.css"
    answer = files.get(asset(name), headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "br"
    assert answer.data == (FOLDER / f"{name}.br").read_bytes()


@pytest.mark.parametrize(
    "stored", [path.relative_to(FOLDER).as_posix() for path in sorted(FOLDER.rglob("*.br"))]
)
def test_what_was_compressed_ahead_is_the_file_it_stands_beside(stored: str) -> None:
    plain = (FOLDER / stored.removesuffix(".br")).read_bytes()
    ahead = (FOLDER / stored).read_bytes()
    assert pa.decompress(ahead, len(plain), codec="brotli", asbytes=True) == plain


def test_gzip_is_not_sent_to_whoever_refuses_it(files: FlaskClient) -> None:
    answer = files.get(asset(SHEET), headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (SHEET, "text/css; charset=utf-8"),
        ("js/mutuali.js", "text/javascript; charset=utf-8"),
        ("img/icons.svg", "image/svg+xml"),
        ("vendor/fonts/atkinson-400.woff2", "font/woff2"),
        ("vendor/leaflet/images/layers.png", "image/png"),
    ],
)
def test_each_file_says_what_it_is(files: FlaskClient, name: str, kind: str) -> None:
    assert files.get(asset(name)).headers["Content-Type"] == kind


@pytest.mark.parametrize(
    "path",
    [
        "/static/000000000000/css/none.css",
        "/static/000000000000/../web/assets.py",
        "/static/000000000000/%2e%2e/web/assets.py",
        "/static/000000000000/vendor/htmx/LICENSE",
        "/static/zzzzzzzzzzzz/css/mutuali.css",
        "/static/0000/css/mutuali.css",
        "/static/css/mutuali.css",
    ],
)
def test_anything_else_is_not_found(files: FlaskClient, path: str) -> None:
    assert files.get(path).status_code == 404


def test_naming_a_file_that_does_not_exist_fails_while_the_page_is_built() -> None:
    with pytest.raises(FileNotFoundError):
        asset("css/none.css")


@pytest.mark.parametrize(
    "sheet", [path.relative_to(FOLDER).as_posix() for path in sorted(FOLDER.rglob("*.css"))]
)
def test_fonts_and_pictures_of_a_stylesheet_are_found_by_their_digests(
    files: FlaskClient, sheet: str
) -> None:
    named = re.findall(r"url\(([^)]+)\)", files.get(asset(sheet)).get_data(as_text=True))
    ours = [url for url in named if not url.startswith(("data:", '"data:', "#"))]
    assert [url for url in ours if not url.startswith("/static/")] == []
    for url in ours:
        assert "immutable" in files.get(url).headers["Cache-Control"], url


def test_the_view_is_open_to_the_public(files: FlaskClient) -> None:
    assert getattr(files.application.view_functions["static"], "door", None) == "public"


def test_a_first_visit_leaves_room_for_its_html_under_90_kb(files: FlaskClient) -> None:
    accepting = {"Accept-Encoding": "gzip"}
    weights = {name: len(files.get(asset(name), headers=accepting).data) for name in FIRST_VISIT}
    assert sum(weights.values()) < 76_000, weights


def test_the_manifest_tells_the_truth_about_every_file_of_others() -> None:
    told = {row["file"]: row["sha256"] for row in _manifest()}
    there = {
        path.relative_to(FOLDER).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (*FOLDER.glob("vendor/*/**/*"), FOLDER / "img/icons.svg")
        if path.is_file()
    }
    assert told == there


def test_every_package_of_others_comes_with_its_licence_text() -> None:
    licensed = {row["name"] for row in _manifest() if "/LICENSE" in row["file"]}
    assert licensed == {row["name"] for row in _manifest()}


def test_every_icon_that_a_component_or_the_frame_names_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (FOLDER / "img/icons.svg").read_text("utf-8")))
    named = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r"\bicon(?:_name)?(?:\(|=)'([a-z0-9-]+)'", path.read_text("utf-8"))
    }
    assert named
    assert named <= drawn


def test_no_page_holds_a_style_or_a_script_that_the_policy_would_block() -> None:
    # The report of an export is a file of its bundle, read without our pages.
    read_alone = {"exports/report.html"}
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\bsrc=)")
    blocked = [
        path.relative_to(TEMPLATES).as_posix()
        for path in sorted(TEMPLATES.rglob("*.html"))
        if inline.search(path.read_text("utf-8"))
    ]
    assert set(blocked) - read_alone == set()
