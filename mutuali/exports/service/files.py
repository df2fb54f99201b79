"""Where bundles are kept: a local folder, or any S3-compatible store; never overwritten."""

import hashlib
import io
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from obstore import ReadableFile
    from obstore.store import ObjectStore


def put(files_url: str, key: str, data: bytes | IO[bytes]) -> None:
    """Keep ``data``, or the rest of a file, under a key that nothing has yet, whole or not at all.

    Raises:
        obstore.exceptions.AlreadyExistsError: something is kept there.
    """
    import obstore

    # In one part: only then does a store refuse a key that is taken.
    obstore.put(_store(files_url), key, data, mode="create", use_multipart=False)


def get(files_url: str, key: str) -> bytes:
    """What is kept under ``key``.

    Raises:
        FileNotFoundError: nothing is.
    """
    import obstore

    return bytes(obstore.get(_store(files_url), key).bytes())


class NotAsSignedError(Exception):
    """What is kept has another hash than what was signed."""


def get_signed(files_url: str, key: str, sha256: str) -> bytes:
    """What is kept under ``key``, once its hash, in hex, is what was signed.

    Raises:
        FileNotFoundError: nothing is.
        NotAsSignedError: something else is.
    """
    data = get(files_url, key)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise NotAsSignedError
    return data


def get_range(files_url: str, key: str, start: int, length: int) -> bytes:
    """So many bytes from ``start`` on of what is kept under ``key``.

    Raises:
        FileNotFoundError: nothing is.
    """
    import obstore

    return bytes(obstore.get_range(_store(files_url), key, start=start, length=length))


def opened(files_url: str, key: str) -> IO[bytes]:
    """What is kept under ``key``, to be read from any place on without all of it in memory.

    Raises:
        FileNotFoundError: nothing is.
    """
    import obstore

    return io.BufferedReader(_Seekable(obstore.open_reader(_store(files_url), key)))


def delete(files_url: str, key: str) -> None:
    """Forget what is kept under ``key``; nothing there is fine."""
    import obstore

    try:
        obstore.delete(_store(files_url), key)
    except FileNotFoundError:
        return


def names(files_url: str, folder: str) -> list[str]:
    """The keys of everything that is kept in ``folder``."""
    import obstore

    found = obstore.list(_store(files_url), folder)
    return sorted(each["path"] for some in found for each in some)


def sweep(files_url: str, folder: str, *, keep: frozenset[str], before: datetime) -> int:
    """Forget what lies in ``folder`` under a key outside of ``keep`` since before an instant.

    ``before`` lies so far back that no build which put a file then can still be about to name it.
    Returns how many files went.
    """
    import obstore

    store = _store(files_url)
    orphans = [
        found["path"]
        for some in obstore.list(store, folder)
        for found in some
        if found["path"] not in keep and found["last_modified"] < before
    ]
    for key in orphans:
        delete(files_url, key)
    return len(orphans)


class _Seekable(io.RawIOBase):
    """A reader of the store as Python's own files are."""

    def __init__(self, reader: "ReadableFile") -> None:
        self._reader = reader

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._reader.seek(offset, whence)

    def tell(self) -> int:
        return self._reader.tell()

    def readinto(self, into: Any) -> int:
        read = bytes(self._reader.read(len(into)))
        into[: len(read)] = read
        return len(read)


def _store(files_url: str) -> "ObjectStore":
    from obstore.store import LocalStore, from_url

    scheme, _, place = files_url.partition(":")
    if scheme == "file":
        folder = Path(place)
        folder.mkdir(parents=True, exist_ok=True)
        return LocalStore(folder)
    return from_url(files_url)
