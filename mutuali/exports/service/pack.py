"""The one file that is handed over: a ZIP whose every entry is hashed while it is written."""

import hashlib
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

from mutuali.core.canonical import canonical

#: Every entry carries this moment: same content, same bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
#: Bytes that are read together.
_PIECE = 1 << 20
#: What the bundle says of itself, and who signed that; the only entry that is not in it.
MANIFEST = "MANIFEST.json"


class Pack:
    """Writes the entries of a bundle to ``out`` in the order they are given.

    ``hashes`` and ``sizes`` are those of the entries so far, by name.
    """

    def __init__(self, out: IO[bytes]) -> None:
        self._archive = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)
        self.hashes: dict[str, str] = {}
        self.sizes: dict[str, int] = {}

    def add(self, name: str, data: bytes) -> None:
        """One entry whose content is at hand."""
        with self.entry(name) as out:
            out.write(data)

    @contextmanager
    def entry(self, name: str, *, squeezed: bool = True) -> Iterator["_Hashed"]:
        """One entry that is written piece by piece; not ``squeezed`` when it is already."""
        info = zipfile.ZipInfo(name, _EPOCH)
        info.create_system = _UNIX
        info.compress_type = zipfile.ZIP_DEFLATED if squeezed else zipfile.ZIP_STORED
        info.external_attr = 0o644 << 16
        with self._archive.open(info, "w", force_zip64=True) as out:
            hashed = _Hashed(out)
            yield hashed
        self.hashes[name], self.sizes[name] = hashed.sha256, hashed.written

    def close(self) -> None:
        """Write the directory: the file is whole."""
        self._archive.close()


class _Hashed:
    """What is written goes on to ``out``; its size and hash are known afterwards."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out, self._hash, self.written, self.closed = out, hashlib.sha256(), 0, False

    def write(self, data: bytes) -> int:
        """Pass some bytes on."""
        self._hash.update(data)
        self.written += len(data)
        return self._out.write(data)

    def flush(self) -> None:
        """Nothing waits here."""

    @property
    def sha256(self) -> str:
        """Of all that was written, hex."""
        return self._hash.hexdigest()


def manifest(said: Mapping[str, object], hashes: Mapping[str, str]) -> dict[str, Any]:
    """What the signature covers: what the bundle is, and the SHA-256 of each other entry."""
    return {"what": "mutuali.bundle", **said, "files": dict(sorted(hashes.items()))}


def signed_bytes(content: Mapping[str, object]) -> bytes:
    """A manifest as it is signed."""
    return canonical(content)


def checksums(hashes: Mapping[str, str]) -> bytes:
    """One line per entry, as ``sha256sum -c`` reads it."""
    return "".join(f"{hashed}  {name}\n" for name, hashed in sorted(hashes.items())).encode()


def digest_of(file: IO[bytes]) -> tuple[str, int]:
    """SHA-256, hex, and length of a whole file; the file is at its start again afterwards."""
    file.seek(0)
    hashed = hashlib.sha256()
    while piece := file.read(_PIECE):
        hashed.update(piece)
    size = file.tell()
    file.seek(0)
    return hashed.hexdigest(), size
