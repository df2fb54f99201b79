"""Static files under content-hashed addresses: cached for good, compressed once."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from posixpath import dirname, join, normpath

from flask import Flask, Response, abort, request

FOLDER = Path(__file__).resolve().parent.parent / "static"

#: The kinds of file we serve, and which of them shrink; any other is not served.
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_SHRINKING = {".css", ".js", ".json", ".svg"}

_DIGEST = re.compile("[0-9a-f]{12}")
_FOR_GOOD = "public, max-age=31536000, immutable"

#: ``url(...)`` to a neighbour file; not ``data:``, not ``#part``, not an address with a scheme.
_NEIGHBOUR = re.compile(r"""url\((["']?)(?!data:|#|/|[a-z]+:)([^"')#]+)\1\)""")


@dataclass(frozen=True, slots=True)
class _File:
    """What is sent for one name.

    ``squeezed`` is ``content`` by encoding, the smallest first; ``digest`` is 12 hex digits of the
    SHA-256 of ``content``.
    """

    content: bytes
    squeezed: dict[str, bytes]
    kind: str
    digest: str


def init_assets(app: Flask) -> None:
    """Serve ``mutuali/static`` and give templates ``asset(path)``."""
    app.jinja_env.globals["asset"] = asset
    app.add_url_rule("/static/<digest>/<path:name>", "static", _serve)


def asset(name: str) -> str:
    """The address of a static file, as ``css/mutuali.css``; it changes when the content does.

    Raises:
        FileNotFoundError: there is no such file, or it is of a kind that we do not serve.
    """
    return f"/static/{_file(name).digest}/{name}"


@cache
def _names() -> frozenset[str]:
    return frozenset(
        path.relative_to(FOLDER).as_posix()
        for path in FOLDER.rglob("*")
        if path.suffix in _TYPES and path.is_file()
    )


@cache
def _file(name: str) -> _File:
    if name not in _names():
        raise FileNotFoundError(name)
    stored = content = (FOLDER / name).read_bytes()
    suffix = Path(name).suffix
    if suffix == ".css":
        content = _with_hashed_neighbours(name, content.decode()).encode()
    squeezed = {}
    beside = FOLDER / f"{name}.br"
    if content == stored and beside.is_file():
        squeezed["br"] = beside.read_bytes()
    if suffix in _SHRINKING:
        squeezed["gzip"] = gzip.compress(content, 9, mtime=0)
    return _File(
        content=content,
        squeezed=squeezed,
        kind=_TYPES[suffix],
        digest=hashlib.sha256(content).hexdigest()[:12],
    )


def _with_hashed_neighbours(name: str, sheet: str) -> str:
    """A stylesheet whose fonts and pictures are named by their own hashed addresses."""
    return _NEIGHBOUR.sub(
        lambda found: f"url({asset(normpath(join(dirname(name), found[2])))})", sheet
    )


def _serve(digest: str, name: str) -> Response:
    if not _DIGEST.fullmatch(digest) or name not in _names():
        abort(404)
    file = _file(name)
    asked = request.accept_encodings
    encoding = next((name for name in file.squeezed if asked.quality(name) > 0), None)
    response = Response(
        file.squeezed[encoding] if encoding else file.content, content_type=file.kind
    )
    # A page from before an update still finds its files, but nobody keeps today's under that name.
    current = digest == file.digest
    response.headers["Cache-Control"] = _FOR_GOOD if current else "no-cache"
    response.headers["Vary"] = "Accept-Encoding"
    if encoding:
        response.headers["Content-Encoding"] = encoding
    return response


_serve.door = "public"  # type: ignore[attr-defined]
