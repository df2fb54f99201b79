"""The arrows of the house, read from the imports themselves."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "mutuali"

#: A file's name (or its folder's) is its layer. It may import layers up to its own number.
LAYER = {
    "rules": 0,
    "models": 1,
    "guard": 1,
    "sources": 2,
    "service": 2,
    "schemas": 3,
    "views": 4,
    "api": 4,
    "cli": 4,
    "jobs": 4,
}

#: What each layer may know beyond the standard library.
KNOWS: dict[int, set[str]] = {
    0: {"dateutil"},
    1: {"sqlalchemy"},
    2: {"sqlalchemy"},
    3: {"marshmallow"},
    4: {
        "flask",
        "flask_babel",
        "flask_login",
        "flask_smorest",
        "click",
        "markupsafe",
        "marshmallow",
        "sqlalchemy",
    },
}
ENGINE = {"numpy", "scipy", "pyarrow", "duckdb", "ibis", "opendp"}

#: The features in their order: each uses only rules and services of those before it.
ORDER = (
    "jobs",
    "audit",
    "accounts",
    "organizations",
    "network",
    "notifications",
    "equipment",
    "bookings",
    "imports",
    "loans",
    "waiting",
    "mishaps",
    "messages",
    "reviews",
    "trips",
    "calendars",
    "webhooks",
    "inventory",
    "mobility",
    "consent",
    "agreements",
    "exports",
    "charter",
    "learning",
    "checkin",
    "owndata",
    "founding",
    "governance",
    "collecting",
    "numbers",
    "voices",
    "transparency",
    "demo",
)

#: Folders without layers of their own, and the layer they stand on.
WHOLE = {"core": 0, "privacy": 0, "web": 4}

#: The door of the engine, which is used alone: click and the disk, and nothing else in its folder.
ENGINE_DOOR = ("privacy", "cli")

#: What brings in the outside world: modules and calls for doors only.
WORLD = {"os", "random", "secrets", "socket", "subprocess", "time", "urllib"}
DOOR_CALLS = {"commit", "now", "today", "utcnow"}

FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE)


def feature_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


def layer_of(path: Path) -> int | None:
    """The layer of a file; None for a feature's ``__init__``, which only says what it is."""
    feature, *rest = path.relative_to(PACKAGE).with_suffix("").parts
    if (feature, *rest[:1]) == ENGINE_DOOR:
        return LAYER["cli"]
    if feature in WHOLE:
        return WHOLE[feature]
    return None if rest == ["__init__"] else LAYER.get(rest[0], -1)


def imported(path: Path) -> Iterator[str]:
    """Every module that ``path`` imports, inside functions and TYPE_CHECKING blocks too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                place = PACKAGE.parent / Path(*name.split("."))
                yield (
                    name
                    if place.with_suffix(".py").exists() or place.is_dir()
                    else str(node.module)
                )


def complaints(path: Path) -> list[str]:
    """Every import of ``path`` that runs against the order."""
    feature, layer = feature_of(path), layer_of(path)
    if layer == -1:
        return [f"{path.name} is no layer"]
    found = []
    for name in imported(path):
        top, _, rest = name.partition(".")
        if top != "mutuali":
            known = KNOWS[layer or 0] | (ENGINE if feature == "privacy" else set())
            if feature == "privacy" and layer == 4:
                known = ENGINE | {"click"}
            elif layer == 4:
                known = known | {"sqlalchemy"}  # the type of a session, nothing more
            if feature == "web":
                known = known | {
                    "apispec",
                    "argon2",
                    "cryptography",
                    "fpdf",
                    "itsdangerous",
                    "pyotp",
                    "segno",
                    "webauthn",
                    "PIL",
                    "werkzeug",
                    "flask_wtf",
                    "babel",
                }
            if feature == "exports" and layer == 2:
                known = known | {"obstore", "pyarrow", "rdflib"}
            if feature == "calendars" and layer == 2:
                known = known | {"icalendar"}
            if feature == "demo" and layer == 4:
                known = known | {"PIL"}
            if top not in sys.stdlib_module_names and top not in known:
                found.append(f"layer {layer} does not know {name}")
            continue
        target, *inside = rest.split(".")
        if (target, *inside[:1]) == ENGINE_DOOR and not (feature == "privacy" and layer == 4):
            found.append(f"{name} stands above")
        elif feature == "privacy":
            if target not in {"core", "privacy"}:
                found.append(f"{name} is none of the engine's business")
        elif target == feature:
            inner = LAYER.get(inside[0], 0) if inside and feature not in WHOLE else 0
            if inner > (layer or 0):
                found.append(f"{name} stands above")
        elif target in {"core", "privacy"}:
            if (target == "privacy" and layer not in {2, 4}) or feature == "core":
                found.append(f"{feature} does not use {target}")
        elif target == "web":
            if (layer or 0) < 3 or (layer == 3 and inside[:1] != ["parsing"]):
                found.append(f"layer {layer} does not use web")
        elif target == "storage":
            if layer not in {1, 2, 4}:
                found.append(f"layer {layer} does not use storage")
        elif target == "counts":
            if layer not in {2, 4}:
                found.append(f"layer {layer} counts nothing")
        elif target in {"extensions", "config", "transactions"}:
            if feature != "web" and layer != 4:
                found.append(f"layer {layer} does not use {target}")
        elif target in ORDER:
            before = ORDER[: ORDER.index(feature)] if feature in ORDER else ()
            if target not in before:
                found.append(f"{feature} comes before {target}")
            elif inside[:1] not in (["rules"], ["service"]):
                found.append(f"{name} is private")
            elif LAYER[inside[0]] > (layer or 0):
                found.append(f"{name} stands above")
        else:
            found.append(f"{name} is nowhere in the order")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_arrows_run_one_way(path: Path) -> None:
    feature = feature_of(path)
    assert feature in {*WHOLE, *ORDER, "translations", "static"}, (
        "a feature takes its place in ORDER"
    )
    assert complaints(path) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_world_stays_at_the_door(path: Path) -> None:
    if layer_of(path) == 4:
        return
    calls = {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not calls & DOOR_CALLS
    assert not {name.partition(".")[0] for name in imported(path)} & WORLD


def test_an_arrow_that_runs_back_would_be_caught(tmp_path: Path) -> None:
    """The test above would notice: each of these lines stands against the order."""
    folder = PACKAGE / "equipment"
    engine = PACKAGE / "privacy"
    for name, line in (
        ("cli.py", "import flask"),
        ("cli.py", "from mutuali.storage import db"),
        ("engine.py", "import click"),
        ("engine.py", "from mutuali.privacy import cli"),
        ("engine.py", "from mutuali.privacy.cli import privacy"),
    ):
        assert _complains(engine / name, line), line
    for name, line in (
        ("rules.py", "import sqlalchemy"),
        ("rules.py", "from mutuali.web import clock"),
        ("models.py", "from mutuali.bookings import rules"),
        ("service.py", "from mutuali.bookings import service"),
        ("service.py", "from mutuali.organizations import models"),
        ("service.py", "import flask"),
        ("schemas.py", "from mutuali.extensions import db"),
    ):
        assert _complains(folder / name, line), line


def _complains(path: Path, line: str) -> bool:
    class Pretended(type(path)):  # type: ignore[misc]
        def read_text(self, *_: object, **__: object) -> str:
            return line

    return bool(complaints(Pretended(path)))
