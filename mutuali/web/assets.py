"""Static files under content-hashed addresses: cached for good, compressed once."""

import gzip
import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort, request

FOLDER = Path(__file__).resolve().parent.parent / "static"
_COMPRESSIBLE = {".css", ".js", ".svg", ".json", ".txt"}
_TYPES = {".js": "text/javascript; charset=utf-8", ".woff2": "font/woff2"}


def init_assets(app: Flask) -> None:
    """Serve ``mutuali/static`` and give templates ``asset(path)``."""
    app.jinja_env.globals["asset"] = asset
    app.add_url_rule("/static/<hash_>/<path:name>", "static", _serve)


@cache
def asset(name: str) -> str:
    """The address of a static file; it changes when the content does.

    Raises:
        FileNotFoundError: there is no such file.
    """
    return f"/static/{hashlib.sha256(_content(name)).hexdigest()[:12]}/{name}"


@cache
def _content(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


@cache
def _compressed(name: str) -> bytes:
    return gzip.compress(_content(name), 9, mtime=0)


def _serve(hash_: str, name: str) -> Response:
    path = (FOLDER / name).resolve()
    if not path.is_relative_to(FOLDER) or not path.is_file():
        abort(404)
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    squeezed = path.suffix in _COMPRESSIBLE and request.accept_encodings.find("gzip") >= 0
    response = Response(_compressed(name) if squeezed else _content(name), content_type=kind)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Vary"] = "Accept-Encoding"
    if squeezed:
        response.headers["Content-Encoding"] = "gzip"
    return response


_serve.door = "public"  # type: ignore[attr-defined]
