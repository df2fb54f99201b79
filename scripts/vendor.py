"""Fetch the few files of others that the pages use, and say in a manifest exactly which.

Run ``python scripts/vendor.py`` with npm on the path after changing a version or an icon below;
then look at the pages and commit what changed. Nothing of the packages is executed.
"""

import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

STATIC = Path(__file__).resolve().parent.parent / "mutuali" / "static"
VENDOR = STATIC / "vendor"
#: Bootstrap's stylesheet without the rules for what our pages do not have: a sixth of its weight.
BOOTSTRAP = "bootstrap/bootstrap.kept.css"
BOOTSTRAP_CLASSES = frozenset(
    {
        *("btn", "btn-link", "form-control", "form-select", "form-check", "form-check-input"),
        *("form-check-label", "table", "text-nowrap", "visually-hidden"),
    }
)
#: The large texts; they are stored Brotli-compressed beside themselves, for who reads that.
SQUEEZED = {BOOTSTRAP, "htmx/htmx.min.js", "leaflet/leaflet.js"}
SPRITE = STATIC / "img" / "icons.svg"


@dataclass(frozen=True, slots=True)
class Package:
    """One npm package at one version; ``files`` maps its paths to paths under ``vendor/``."""

    name: str
    version: str
    licence: str
    files: dict[str, str]


PACKAGES = (
    Package(
        "bootstrap",
        "5.3.9",
        "MIT",
        {
            "dist/css/bootstrap.min.css": BOOTSTRAP,
            "LICENSE": "bootstrap/LICENSE",
        },
    ),
    Package(
        "htmx.org",
        "2.0.11",
        "0BSD",
        {"dist/htmx.min.js": "htmx/htmx.min.js", "LICENSE": "htmx/LICENSE"},
    ),
    Package(
        "leaflet",
        "1.9.4",
        "BSD-2-Clause",
        {
            "dist/leaflet.js": "leaflet/leaflet.js",
            "dist/leaflet.css": "leaflet/leaflet.css",
            "dist/images/layers.png": "leaflet/images/layers.png",
            "dist/images/layers-2x.png": "leaflet/images/layers-2x.png",
            "dist/images/marker-icon.png": "leaflet/images/marker-icon.png",
            "LICENSE": "leaflet/LICENSE",
        },
    ),
    Package(
        "@fontsource/atkinson-hyperlegible",
        "5.3.0",
        "OFL-1.1",
        {
            "files/atkinson-hyperlegible-latin-400-normal.woff2": "fonts/atkinson-400.woff2",
            "files/atkinson-hyperlegible-latin-700-normal.woff2": "fonts/atkinson-700.woff2",
            "LICENSE": "fonts/LICENSE",
        },
    ),
    # The same letters in the format that a PDF embeds; no page loads them.
    Package(
        "@expo-google-fonts/atkinson-hyperlegible",
        "0.4.1",
        "OFL-1.1",
        {
            "400Regular/AtkinsonHyperlegible_400Regular.ttf": "fonts/atkinson-400.ttf",
            "700Bold/AtkinsonHyperlegible_700Bold.ttf": "fonts/atkinson-700.ttf",
            "LICENSE_FONT": "fonts/LICENSE-ttf",
        },
    ),
)

ICONS = Package("@tabler/icons", "3.51.0", "MIT", {"LICENSE": "tabler-icons/LICENSE"})
ICON_NAMES = (
    "adjustments",
    "alert-triangle",
    "archive",
    "arrow-back-up",
    "arrow-left",
    "arrow-right",
    "arrows-sort",
    "ban",
    "basket",
    "bell",
    "building-community",
    "building-warehouse",
    "calendar-event",
    "calendar-plus",
    "camera",
    "certificate",
    "chart-bar",
    "check",
    "checklist",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle-check",
    "circle-dashed",
    "circle-x",
    "clock",
    "clock-off",
    "coin",
    "database",
    "dots",
    "download",
    "eye-off",
    "file-text",
    "flame",
    "forklift",
    "fridge",
    "heart-handshake",
    "help-circle",
    "history",
    "hourglass",
    "info-circle",
    "key",
    "lock",
    "logout",
    "map-pin",
    "message",
    "package",
    "packages",
    "pencil",
    "phone",
    "photo",
    "plus",
    "printer",
    "qrcode",
    "scale",
    "search",
    "send",
    "settings",
    "shield-check",
    "signature",
    "slice",
    "snowflake",
    "soup",
    "steering-wheel",
    "temperature",
    "tools-kitchen-2",
    "trash",
    "truck",
    "upload",
    "user-circle",
    "users",
    "x",
)


def main() -> None:
    """Write ``vendor/``, ``img/icons.svg`` and ``vendor/manifest.json`` anew."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for package in (*PACKAGES, ICONS):
            with tarfile.open(_packed(package, Path(folder))) as archive:
                for source, target in package.files.items():
                    content = _member(archive, source)
                    if target == BOOTSTRAP:
                        content = kept(content.decode()).encode()
                    rows.append(_written(package, content, VENDOR / target))
                    if target in SQUEEZED:
                        small = pa.Codec("brotli", compression_level=11).compress(content)
                        rows.append(_written(package, small.to_pybytes(), VENDOR / f"{target}.br"))
                if package is ICONS:
                    rows.append(_written(package, _sprite(archive), SPRITE))
    manifest = VENDOR / "manifest.json"
    manifest.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def _packed(package: Package, folder: Path) -> Path:
    command = ["npm", "pack", "--ignore-scripts", "--silent", f"{package.name}@{package.version}"]
    answer = subprocess.run(  # noqa: S603  (the words above are constants of this file)
        command, cwd=folder, check=True, capture_output=True, text=True
    )
    return folder / answer.stdout.split()[-1]


def _member(archive: tarfile.TarFile, path: str) -> bytes:
    stream = archive.extractfile(f"package/{path}")
    if stream is None:
        raise FileNotFoundError(path)
    return stream.read()


def kept(sheet: str) -> str:
    """The rules of a stylesheet that name no class but ours, under its first comment."""
    licence = re.search(r"/\*!.*?\*/", sheet, re.DOTALL)
    if licence is None:
        raise ValueError("the stylesheet does not start with its licence")
    changed = "/* Changed: only some rules are kept, see scripts/vendor.py. */"
    bare = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    return f"{licence[0]}\n{changed}\n{_kept_rules(bare)}\n"


def _kept_rules(sheet: str) -> str:
    rules = []
    for head, body in _rules(sheet):
        if head.startswith(("@media", "@supports")):
            inside = _kept_rules(body)
            rules.append(f"{head}{{{inside}}}" if inside else "")
        elif not head.startswith("@"):
            ours = [
                selector
                for selector in re.split(r",(?![^(]*\))", head)
                if set(re.findall(r"\.([A-Za-z][\w-]*)", selector)) <= BOOTSTRAP_CLASSES
                and "[data-bs-theme=dark]" not in selector
            ]
            rules.append(f"{','.join(ours)}{{{body}}}" if ours else "")
    return "".join(rules)


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """What stands before each outermost brace, and what stands inside."""
    depth = start = inside = 0
    for at, sign in enumerate(sheet):
        if sign == "{":
            depth += 1
            if depth == 1:
                inside = at + 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield sheet[start : inside - 1].rpartition(";")[2].strip(), sheet[inside:at]
                start = at + 1


def _sprite(archive: tarfile.TarFile) -> bytes:
    """The named icons as symbols of one file; the stylesheet says stroke, fill and size."""
    symbols = []
    for name in ICON_NAMES:
        drawing = _member(archive, f"icons/outline/{name}.svg").decode()
        shapes = re.findall(r'<path d="([^"]+)" />', drawing)
        if not shapes:
            raise ValueError(f"icon {name} is not made of paths")
        lines = "".join(f'<path d="{shape}"/>' for shape in shapes)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{lines}</symbol>')
    body = "\n".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n'.encode()


def _written(package: Package, content: bytes, target: Path) -> dict[str, str]:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return {
        "name": package.name,
        "version": package.version,
        "licence": package.licence,
        "file": target.relative_to(STATIC).as_posix(),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


if __name__ == "__main__":
    main()
