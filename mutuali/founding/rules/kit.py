"""A governance kit: one ZIP, the same bytes for the same content, and what is wrong with one.

Nothing in it is unpacked to a disk: it is read in memory, file by file, within bounds.
"""

import io
import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mutuali.core.canonical import sha256
from mutuali.core.errors import Reason, Refused

#: Bytes: of the whole file as it comes, of all that is in it, of one file in it.
MOST_BYTES, MOST_UNPACKED, MOST_IN_FILE = 1_400_000, 3_000_000, 500_000
MOST_FILES = 150
FORMAT = 1
KIND = "mutuali-governance-kit"
LICENCE = "CC BY 4.0"
LICENCE_LINK = "https://creativecommons.org/licenses/by/4.0/"
MANIFEST = "manifest.json"
#: How files in a kit may be packed; other ways are hardly ever used, and less looked at.
_PACKED_BY = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
#: The first instant that a ZIP can say: a kit has no time of its own.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


class Part(StrEnum):
    """What another network can take out of a kit."""

    ACTIONS = "actions"
    NOTICES = "notices"
    SETTINGS = "settings"
    LESSONS = "lessons"


ACTIONS_FILE, SETTINGS_FILE, LESSONS_FILE = "actions.csv", "settings.json", "lessons.json"
#: How a notice's file is called: whom it asks, for which purpose, in which language.
NOTICE = re.compile(r"notices/([a-z_]{1,12})\.([a-z_]{1,30})\.(fr|en)\.txt")
#: Every file that a kit of this format may hold.
_KNOWN = re.compile(
    r"README\.(fr|en)\.md|LICENCE\.txt|manifest\.json"
    r"|agreements/(data-sharing|participation)\.(fr|en)\.txt"
    rf"|{NOTICE.pattern}"
    r"|actions\.csv|settings\.json|lessons\.json|lessons\.(fr|en)\.md"
    r"|checkin\.(fr|en)\.md|retention\.(fr|en)\.csv"
)


@dataclass(frozen=True, slots=True)
class Kit:
    """A kit that was read: which network made it, and its files by path, all of them text."""

    network: str
    files: Mapping[str, str]


def pack(network: str, files: Mapping[str, str], versions: Mapping[str, str]) -> bytes:
    """One ZIP of ``files``, with a manifest of their SHA-256: the same content, the same bytes.

    Files are stored as they are: compressors differ from one machine to the next.
    """
    contents = {path: words.encode() for path, words in files.items()}
    manifest = {
        "kind": KIND,
        "format": FORMAT,
        "network": network,
        "licence": LICENCE,
        "licence_link": LICENCE_LINK,
        "versions": dict(versions),
        "files": {
            path: {"sha256": sha256(data), "bytes": len(data)}
            for path, data in sorted(contents.items())
        },
    }
    contents[MANIFEST] = written(manifest).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(contents):
            entry = zipfile.ZipInfo(path, _NO_TIME)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, contents[path])
    return packed.getvalue()


def written(value: object) -> str:
    """A value as the files of a kit hold it: readable, keys in order."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def unpack(data: bytes, *, field: str = "file") -> Kit:
    """What is in a kit, once every file is known, whole and text.

    Raises:
        Refused: all that is wrong with it, each file by its name.
    """
    if len(data) > MOST_BYTES:
        raise Refused(Reason("kit.too_large", {"kb": MOST_BYTES // 1000}, field))
    contents = _contents(data, field)
    network, listed = _manifest(contents, field)
    reasons = [
        Reason("kit.file_unlisted", {"path": path}, field)
        for path in sorted(set(contents) - set(listed) - {MANIFEST})
    ]
    reasons += [
        Reason("kit.file_missing", {"path": _shown(path)}, field)
        for path in sorted(set(listed) - set(contents))
    ]
    files = {}
    for path in sorted(set(listed) & set(contents)):
        told = listed[path]
        if not isinstance(told, dict) or told.get("sha256") != sha256(contents[path]):
            reasons.append(Reason("kit.hash_differs", {"path": path}, field))
            continue
        try:
            files[path] = contents[path].decode()
        except UnicodeDecodeError:
            reasons.append(Reason("kit.not_text", {"path": path}, field))
            continue
        if "\0" in files[path]:
            reasons.append(Reason("kit.not_text", {"path": path}, field))
    if reasons:
        raise Refused.because(reasons)
    return Kit(network, files)


def _contents(data: bytes, field: str) -> dict[str, bytes]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError):
        raise Refused(Reason("kit.not_a_zip", {}, field)) from None
    if len(entries) > MOST_FILES:
        raise Refused(Reason("kit.too_many_files", {"most": MOST_FILES}, field))
    reasons = []
    seen: set[str] = set()
    for entry in entries:
        path = entry.filename
        if path in seen:
            reasons.append(Reason("kit.file_twice", {"path": path[:80]}, field))
        elif not _KNOWN.fullmatch(path):
            # Neither a folder, nor a way out of it, nor anything else that we do not know.
            reasons.append(Reason("kit.file_unknown", {"path": _shown(path)}, field))
        elif entry.compress_type not in _PACKED_BY:
            reasons.append(Reason("kit.file_broken", {"path": path}, field))
        elif entry.file_size > MOST_IN_FILE:
            params = {"path": path, "kb": MOST_IN_FILE // 1000}
            reasons.append(Reason("kit.file_too_large", params, field))
        seen.add(path)
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        reasons.append(Reason("kit.too_large", {"kb": MOST_UNPACKED // 1000}, field))
    if reasons:
        raise Refused.because(reasons)
    contents = {}
    for entry in entries:
        try:
            # What an entry says of its size may be a lie: no more than that is read.
            with archive.open(entry) as stream:
                read = stream.read(MOST_IN_FILE + 1)
        except (
            *(zipfile.BadZipFile, zlib.error, EOFError, RuntimeError),
            *(NotImplementedError, OSError, ValueError),
        ):
            reasons.append(Reason("kit.file_broken", {"path": entry.filename}, field))
            continue
        if len(read) != entry.file_size:
            reasons.append(Reason("kit.file_broken", {"path": entry.filename}, field))
        contents[entry.filename] = read
    if reasons:
        raise Refused.because(reasons)
    return contents


def _manifest(contents: Mapping[str, bytes], field: str) -> tuple[str, dict[str, Any]]:
    """The network that made it, and what it says of each file."""
    unreadable = Refused(Reason("kit.no_manifest", {"path": MANIFEST}, field))
    try:
        found = json.loads(contents[MANIFEST])
    except (KeyError, ValueError, RecursionError):
        raise unreadable from None
    if not isinstance(found, dict) or found.get("kind") != KIND:
        raise unreadable
    if found.get("format") != FORMAT:
        raise Refused(Reason("kit.other_format", {"format": str(found.get("format"))[:20]}, field))
    network = found.get("network")
    if not isinstance(found.get("files"), dict) or not isinstance(network, str):
        raise unreadable
    called = " ".join(_shown(network).split())
    if not called:
        raise unreadable
    return called, found["files"]


def _shown(path: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in path[:160])
