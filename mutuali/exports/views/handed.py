"""A bundle on its way: whole or in ranges (RFC 9110, 14), stopped when a yes ends meanwhile."""

import csv
import io
import json
import re
import zipfile
from base64 import b64encode
from collections.abc import Callable, Iterator

from flask import Response, current_app, request
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor
from mutuali.exports import service
from mutuali.exports.rules.life import LINK_LASTS, RESUME_WITHIN
from mutuali.web.clock import utc_now
from mutuali.web.doors import transaction
from mutuali.web.identity import actor_later, holder_hash
from mutuali.web.secrets import fingerprint_key, read_signed_link, signed_link_token

#: Bytes that are in memory at a time; before each piece the gate is asked again.
PIECE = 1 << 20

_PURPOSE = "download"
_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
}
_ONE_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})", re.IGNORECASE)


class DownloadStopped(ConnectionError):
    """The gate closed while the file was on its way; the connection is cut, the file not whole."""


def token_of(link: service.Link) -> str:
    """The signed end of a link's address."""
    return signed_link_token(_PURPOSE, str(link.id))


def handed(session: Session, actor: Actor, token: str) -> Response:
    """The file behind a link, or the part of it that was asked for.

    Raises:
        NotFound, Forbidden, Conflict: as ``service.use_link``.
    """
    link_id, holder = _link_in(token), holder_hash()
    found = service.use_link(
        session,
        actor,
        link_id,
        holder=holder,
        takes=request.method != "HEAD",
        resumes="Range" in request.headers,
        key=fingerprint_key(),
        now=utc_now(),
    )
    return _answer(found, _asking_again(link_id, holder))


def handed_to_anybody(session: Session, dataset: Dataset) -> Response:
    """The publication of an open dataset, or the part of it that was asked for.

    Raises:
        NotFound, Conflict: as ``service.take_published``.
    """
    found = service.take_published(session, dataset, key=fingerprint_key(), now=utc_now())
    return handed_version(session, found.public_id)


def handed_version(session: Session, public_id: str) -> Response:
    """One version of what is published, or the part of it that was asked for.

    Raises:
        NotFound, Conflict: as ``service.take_version``.
    """
    found, file = service.take_version(session, public_id, key=fingerprint_key(), now=utc_now())
    return _answer(file, _while_published(found.export_id))


def handed_entry(session: Session, public_id: str, table: str, form: str) -> Response:
    """One table of what is published: a file as it stands in the bundle, or its lines as JSON.

    Raises:
        NotFound: there is no such version, or no such file in it.
        Conflict: as ``service.take_version``.
    """
    found, file = service.take_version(session, public_id, key=fingerprint_key(), now=utc_now())
    name = f"{table}.{'csv' if form == 'json' else form}"
    if f"{table}.csv" not in found.report.get("files", ()):
        raise NotFound
    bundle = zipfile.ZipFile(service.opened(_files_url(), file.key))
    if name not in bundle.namelist():
        raise NotFound
    may_go_on = _while_published(found.export_id)
    is_json = form == "json"
    pieces = as_json_lines(bundle, name) if is_json else _entry(bundle, name)
    day = found.released_at.date().isoformat()
    return Response(
        _as_long_as(may_go_on, pieces),
        content_type=_MEDIA[form],
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="mutuali-{table}-{day}.{form}"',
            # Anybody may read it, from a page of theirs too.
            "Access-Control-Allow-Origin": "*",
        },
        direct_passthrough=True,
    )


def as_json_lines(bundle: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The lines of a CSV file as one JSON array of objects; figures are numbers, or null."""
    with bundle.open(name) as entry:
        lines = csv.DictReader(io.TextIOWrapper(entry, "utf-8", newline=""))
        yield b"["
        for number, line in enumerate(lines):
            cells = {
                column: (int(value) if value else None) if f"{column}_status" in line else value
                for column, value in line.items()
            }
            yield (",\n" if number else "\n").encode() + json.dumps(
                cells, ensure_ascii=False
            ).encode()
        yield b"\n]\n"


def _entry(bundle: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with bundle.open(name) as entry:
        while piece := entry.read(PIECE):
            yield piece


def _as_long_as(may_go_on: Callable[[], bool], pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces, gathered; before each gathering the gate is asked again."""
    gathered = bytearray()
    for piece in pieces:
        gathered += piece
        if len(gathered) >= PIECE:
            if not may_go_on():
                raise DownloadStopped
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        if not may_go_on():
            raise DownloadStopped
        yield bytes(gathered)


def _while_published(export_id: int) -> Callable[[], bool]:
    """Whether a publication is still offered, asked when the request itself is over."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def may_go_on() -> bool:
        with app.app_context(), transaction(reads=True) as again:
            return service.still_published(again, export_id, key=fingerprint_key(), now=utc_now())

    return may_go_on


def _answer(found: service.Handed, may_go_on: Callable[[], bool]) -> Response:
    """The file in whole or in part; ``may_go_on`` is asked before each piece of it."""
    takes = request.method != "HEAD"
    etag = f'"{found.sha256}"'
    headers: dict[str, str] = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{found.filename}"',
        "ETag": etag,
        "Repr-Digest": f"sha-256=:{b64encode(bytes.fromhex(found.sha256)).decode()}:",
    }
    start, end = 0, found.size
    if takes:
        asked, version = (request.headers.get(name) for name in ("Range", "If-Range"))
        start, end = asked_span(asked or "", version or etag, size=found.size, etag=etag)
    if start >= end:
        return Response(status=416, headers={**headers, "Content-Range": f"bytes */{found.size}"})
    part = (start, end) != (0, found.size)
    if part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{found.size}"
    headers["Content-Length"] = str(end - start)
    pieces = _pieces(_files_url(), found.key, start, end, may_go_on) if takes else iter(())
    return Response(
        pieces,
        status=206 if part else 200,
        mimetype="application/zip",
        headers=headers,
        direct_passthrough=True,
    )


def asked_span(asked: str, of_version: str, *, size: int, etag: str) -> tuple[int, int]:
    """From and up to which byte is asked for: all, unless one range of this very file is named.

    Empty (416) where the range lies behind the end. Several ranges, a range that cannot be read and
    one of another version of the file are answered with all of it, as RFC 9110 lets a server do.
    """
    named = _ONE_RANGE.fullmatch(asked.strip())
    if named is None or of_version.strip() != etag:
        return 0, size
    first, last = named.groups()
    if (first and last and int(first) > int(last)) or not (first or last):
        return 0, size
    if not first:  # so many of the last bytes
        return max(size - int(last), 0), size
    return int(first), min(int(last) + 1, size) if last else size


def _pieces(
    files_url: str, key: str, start: int, end: int, may_go_on: Callable[[], bool]
) -> Iterator[bytes]:
    for at in range(start, end, PIECE):
        if not may_go_on():
            raise DownloadStopped
        yield service.get_range(files_url, key, at, min(PIECE, end - at))


def _files_url() -> str:
    return str(current_app.config["SETTINGS"].files_url)


def _asking_again(link_id: int, holder: str) -> Callable[[], bool]:
    """Whether the gate is still open, asked when the request itself is over."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    actor_now = actor_later()

    def may_go_on() -> bool:
        with app.app_context(), transaction(reads=True) as session:
            actor = actor_now(session)
            return service.still_open(
                session, actor, link_id, holder=holder, key=fingerprint_key(), now=utc_now()
            )

    return may_go_on


def _link_in(token: str) -> int:
    most = int(RESUME_WITHIN.total_seconds()) + int(LINK_LASTS.total_seconds())
    reference = read_signed_link(_PURPOSE, token, max_age_seconds=most)
    if reference is None or not reference.isdecimal():
        raise NotFound
    return int(reference)
