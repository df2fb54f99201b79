#!/usr/bin/env python3
"""Vérifier un fichier reçu de MutuAli / check a file received from MutuAli.

    python3 verify_bundle.py FICHIER.zip [journal.json]

Python 3.11 ou plus récent suffit. Le ZIP peut aussi être un dossier où il a été ouvert.
journal.json, pris à l'adresse /transparence/journal.json de l'instance (ou gardé d'avant), dit
quelles clés sont les siennes; sans lui, seule la cohérence du fichier est vérifiée.

Python 3.11 or newer is enough. The ZIP may also be a folder into which it was opened. journal.json,
from the address /transparence/journal.json of the instance (or kept from earlier), says which keys
are its own; without it only the coherence of the file is checked.

0: tout tient / all of it holds. 1: quelque chose ne tient pas, ou la copie devait être détruite /
something does not hold, or the copy had to be destroyed. 2: illisible / cannot be read.

How it is made: MANIFEST.json holds "signed" (what the bundle is, and the SHA-256 of every other
file), "key" (the first 16 hex digits of the SHA-256 of the public key), "public_key" and
"signature" (Ed25519, base64) over "signed", written as JSON with sorted keys and no spaces, UTF-8.
"""

import base64
import binascii
import hashlib
import json
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, Protocol

MANIFEST = "MANIFEST.json"
_PIECE = 1 << 20


class NotReadable(Exception):
    """A file is missing, or not what it should be."""


# Ed25519 (RFC 8032, section 5.1), verification only: slow, and it needs no library.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)

#: A point of the curve as (X, Y, Z, T) with x = X/Z, y = Y/Z, x*y = T/Z.
Point = tuple[int, int, int, int]


def _add(a: Point, b: Point) -> Point:
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _add(total, point)
        point = _add(point, point)
        number >>= 1
    return total


def _x_of(y: int, odd: int) -> int | None:
    """The x of a point from its y and the last bit of x; none when there is no such point."""
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and odd):
        return None
    return P - x if x & 1 != odd else x


def _point(encoded: bytes) -> Point | None:
    number = int.from_bytes(encoded, "little")
    y, odd = number & ((1 << 255) - 1), number >> 255
    x = _x_of(y, odd) if y < P else None
    return None if x is None else (x, y, 1, x * y % P)


def _encoded(point: Point) -> bytes:
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


_BASE_Y = 4 * pow(5, P - 2, P) % P
_BASE_X = _x_of(_BASE_Y, 0) or 0
BASE: Point = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % P)


def signature_holds(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether ``signature``, 64 bytes, of ``message`` was made with the key of ``public_key``."""
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key = _point(public_key)
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or scalar >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    # -A is (P - x, y): the signature holds when [s]B - [k]A is the R that it carries.
    minus_key: Point = (P - key[0], key[1], 1, P - key[3])
    made = _add(_times(scalar, BASE), _times(challenge, minus_key))
    return _encoded(made) == signature[:32]


# Reading.


class Bundle(Protocol):
    """A ZIP, or the folder that it was opened into."""

    def names(self) -> Sequence[str]:
        """Every file, with slashes; twice where it is there twice."""

    def open(self, name: str) -> IO[bytes]:
        """One file."""


class Zip:
    """The file as it was downloaded."""

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path)

    def names(self) -> Sequence[str]:
        """Every entry that is no folder."""
        return [each.filename for each in self._archive.infolist() if not each.is_dir()]

    def open(self, name: str) -> IO[bytes]:
        """One entry."""
        return self._archive.open(name)


class Folder:
    """The file after it was opened."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> Sequence[str]:
        """Every file below the folder."""
        found = (each for each in self._path.rglob("*") if each.is_file())
        return sorted(each.relative_to(self._path).as_posix() for each in found)

    def open(self, name: str) -> IO[bytes]:
        """One file."""
        return (self._path / name).open("rb")


def opened(path: Path) -> Bundle:
    """What is at ``path``. Raises NotReadable."""
    try:
        return Folder(path) if path.is_dir() else Zip(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise NotReadable(f"{path}: {error}") from None


def _json(data: bytes, name: str) -> Mapping[str, Any]:
    try:
        content = json.loads(data)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise NotReadable(name)
    return content


def _read(bundle: Bundle, name: str) -> Mapping[str, Any]:
    if name not in bundle.names():
        raise NotReadable(f"{name}?")
    with bundle.open(name) as file:
        return _json(file.read(), name)


def _hash(bundle: Bundle, name: str) -> str:
    hashed = hashlib.sha256()
    try:
        with bundle.open(name) as file:
            while piece := file.read(_PIECE):
                hashed.update(piece)
    except (zipfile.BadZipFile, OSError, EOFError):
        return ""
    return hashed.hexdigest()


# Checking.

#: A sentence in French and in English.
Words = tuple[str, str]


@dataclass
class Verdict:
    """What holds, what does not, and what the reader should know besides."""

    good: list[Words] = field(default_factory=list)
    bad: list[Words] = field(default_factory=list)
    told: list[Words] = field(default_factory=list)


def check(bundle: Bundle, journal: Mapping[str, Any] | None, today: date) -> Verdict:
    """Check a bundle: its signature, every file, and whether it may still be kept.

    Raises:
        NotReadable: it has no manifest, or one of another form.
    """
    verdict = Verdict()
    manifest = _read(bundle, MANIFEST)
    signed = manifest.get("signed")
    if not isinstance(signed, dict) or not isinstance(signed.get("files"), dict):
        raise NotReadable(MANIFEST)
    _check_signature(manifest, signed, journal, verdict)
    _check_files(bundle, signed["files"], verdict)
    _check_expiry(bundle, signed, today, verdict)
    return verdict


def _check_signature(
    manifest: Mapping[str, Any],
    signed: Mapping[str, Any],
    journal: Mapping[str, Any] | None,
    verdict: Verdict,
) -> None:
    key, key_id = _bytes(manifest.get("public_key")), str(manifest.get("key"))
    content = json.dumps(signed, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    named = hashlib.sha256(key).hexdigest()[:16] == key_id
    if not named or not signature_holds(key, content.encode(), _bytes(manifest.get("signature"))):
        verdict.bad.append(("La signature ne tient pas", "The signature does not hold"))
        return
    if journal is None:
        verdict.told.append(
            (
                f"Signé par la clé {key_id}. Comparez-la à celles de /transparence/journal.json",
                f"Signed by the key {key_id}. Compare it with those of /transparence/journal.json",
            )
        )
    elif _bytes(journal.get("keys", {}).get(key_id)) != key:
        verdict.bad.append(
            (
                f"La clé {key_id} n’est pas une clé de l’instance",
                f"The key {key_id} is not a key of the instance",
            )
        )
        return
    verdict.good.append(("La signature tient", "The signature holds"))


def _check_files(bundle: Bundle, listed: Mapping[str, Any], verdict: Verdict) -> None:
    names = [name for name in bundle.names() if name != MANIFEST]
    for name in sorted(set(names) | set(listed)):
        if name not in listed:
            verdict.bad.append((f"{name}: ajouté, il n’en était pas", f"{name}: added"))
        elif name not in names:
            verdict.bad.append((f"{name}: il manque", f"{name}: missing"))
        elif names.count(name) > 1:
            verdict.bad.append((f"{name}: il y est deux fois", f"{name}: there twice"))
        elif _hash(bundle, name) != listed[name]:
            verdict.bad.append((f"{name}: changé", f"{name}: changed"))
    if bundle.names().count(MANIFEST) > 1:
        verdict.bad.append((f"{MANIFEST}: il y est deux fois", f"{MANIFEST}: there twice"))
    verdict.good.append((f"{len(listed)} fichiers regardés", f"{len(listed)} files looked at"))


def _check_expiry(bundle: Bundle, signed: Mapping[str, Any], today: date, verdict: Verdict) -> None:
    until = _day(signed.get("destroy_by"))
    if until is None:
        verdict.told.append(
            ("Ouvert: aucune date de destruction", "Open: to be destroyed by no date")
        )
    elif until < today:
        verdict.bad.append(
            (
                f"Cette copie devait être détruite au plus tard le {until}. Détruisez-la, puis "
                "dites-le à la page de l’exportation",
                f"This copy had to be destroyed by {until}. Destroy it, then say so on the page "
                "of the export",
            )
        )
    else:
        verdict.told.append(
            (f"À détruire au plus tard le {until}", f"To be destroyed by {until} at the latest")
        )
    if "expiry.json" in bundle.names():
        address = _read(bundle, "expiry.json").get("withdrawals")
        verdict.told.append(
            (f"Qui s’est retiré depuis: {address}", f"Who withdrew since: {address}")
        )


def _bytes(encoded: object) -> bytes:
    try:
        return base64.b64decode(str(encoded), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _day(text: object) -> date | None:
    try:
        return None if text is None else date.fromisoformat(str(text))
    except ValueError:
        raise NotReadable(f"{MANIFEST}: destroy_by?") from None


# The command.


def main(arguments: Sequence[str], today: date) -> int:
    """Check the file that is named; the exit status."""
    if not 1 <= len(arguments) <= 2:
        print(__doc__)
        return 2
    try:
        bundle = opened(Path(arguments[0]))
        journal = _json(Path(arguments[1]).read_bytes(), arguments[1]) if arguments[1:] else None
        verdict = check(bundle, journal, today)
    except (OSError, NotReadable) as error:
        print(f"Illisible / Cannot be read: {error}")
        return 2
    for french, english in _lines(verdict):
        print(french)
        print(english)
    return 1 if verdict.bad else 0


def _lines(verdict: Verdict) -> Iterator[Words]:
    for french, english in verdict.bad:
        yield f"NON: {french}.", f"NO: {english}."
    for french, english in verdict.good if not verdict.bad else ():
        yield f"OUI: {french}.", f"YES: {english}."
    yield from verdict.told


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], datetime.now().astimezone().date()))
