#!/usr/bin/env python3
"""Check a sealed log of MutuAli, with Python 3.11 or newer and nothing else.

    python3 verify_log.py chaine.jsonl journal.json [older copies of journal.json ...]

One file that ends in .jsonl is the log, the others are copies of the heads.

``chaine.jsonl`` is the chain that everybody may download, in which each event is only its hash;
``journal.jsonl``, for who may read the log, has the events themselves; both are checked the same
way. ``journal.json`` holds the signed heads: where the chain stood at the end of each day. Copies
of it that you, or somebody you trust, kept from earlier days are the ones that prove something: a
log that was cut or written anew cannot agree with them.

Exit status: 0 all of it holds; 1 something does not, and the first bad line is named; 2 a file
cannot be read.

How it is made. A line is a link: its number, its layout, its event, its seal. In layout 2 the
event counts by its hash, SHA-256 of {"blind", "event", "at", "person", "name", "subject",
"facts"}; the seal is SHA-256 of {"event": hash, "layout": 2, "previous": seal before, "sequence":
number}. In layout 1, of older links, the seal is SHA-256 of {"previous", "event", "at", ...}: these
can be checked only with the events. The first previous seal is 64 zeros. All of it is JSON with
sorted keys and no spaces, in UTF-8. A head is signed by Ed25519 over {"count", "day", "seal",
"signed_at", "what": "mutuali.log.head"}, written the same way; a key is named by the first 16
hex digits of its SHA-256.
"""

import base64
import binascii
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

GENESIS = "0" * 64
CONTENT = ("event", "at", "person", "name", "subject", "facts")
#: A line longer than this is not one of ours.
LONGEST = 1 << 20


class Broken(Exception):
    """Something does not hold; in French and in English."""

    def __init__(self, french: str, english: str) -> None:
        super().__init__(english)
        self.french, self.english = french, english


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


# What a seal covers.


def written(value: Mapping[str, object]) -> bytes:
    """JSON as it is hashed and signed."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _sha256(value: Mapping[str, object]) -> str:
    return hashlib.sha256(written(value)).hexdigest()


@dataclass(frozen=True)
class Link:
    """One line of a log."""

    line: int
    sequence: int
    layout: int
    event: Mapping[str, object] | str | None
    blind: str | None
    seal: str

    def seal_after(self, previous: str, sequence: int) -> str | None:
        """The seal it should carry as link ``sequence``; none when this file cannot tell."""
        if self.layout == 1:
            if not isinstance(self.event, Mapping):
                return None
            return _sha256({"previous": previous, **self.event})
        if isinstance(self.event, Mapping):
            hashed = _sha256({"blind": self.blind, **self.event})
        else:
            hashed = str(self.event)
        covered = {"event": hashed, "layout": 2, "previous": previous, "sequence": sequence}
        return _sha256(covered)

    def holds(self, previous: str, sequence: int) -> bool:
        """Whether it can be link ``sequence`` after the seal ``previous``."""
        made = self.seal_after(previous, sequence)
        return self.sequence == sequence if made is None else made == self.seal


@dataclass(frozen=True)
class Head:
    """Where a log stood at the end of a day, as one copy of the heads says it."""

    day: str
    count: int
    seal: str
    signed_at: str
    key: str
    signature: str
    source: str


@dataclass
class Published:
    """The heads of all copies together."""

    heads: list[Head] = field(default_factory=list)
    keys: dict[str, bytes] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    newest: Mapping[str, Head] = field(default_factory=dict)


# Reading.


def links(path: Path) -> Iterator[Link]:
    """The lines of a log, in their order."""
    with path.open(encoding="utf-8", newline="\n") as file:
        number = 0
        while text := file.readline(LONGEST):
            number += 1
            yield _link(number, text)


def _link(number: int, text: str) -> Link:
    unreadable = Broken(
        f"la ligne {number} ne se lit pas comme un maillon du journal",
        f"line {number} cannot be read as a link of the log",
    )
    try:
        record = json.loads(text)
        sequence, layout, event, seal = (record[n] for n in ("sequence", "layout", "event", "seal"))
    except (ValueError, KeyError, TypeError):
        raise unreadable from None
    if type(sequence) is not int or layout not in (1, 2) or not isinstance(seal, str):
        raise unreadable
    if isinstance(event, dict):
        if set(event) != set(CONTENT):
            raise unreadable
    elif not isinstance(event, str) and layout == 2:
        raise unreadable
    return Link(number, sequence, layout, event, record.get("blind"), seal)


def published(paths: Sequence[Path]) -> Published:
    """The heads that the copies hold; they have to agree, and their signatures to hold."""
    found, by_day = Published(), dict[str, Head]()
    copies = [(path, _heads_file(path)) for path in paths]
    for path, copy in copies:
        for key_id, key in copy["keys"].items():
            found.keys[key_id] = _key(path, key_id, key)
    for path, copy in copies:
        found.missing = [str(day) for day in copy.get("missing", ())]
        for record in copy["heads"]:
            head = _head(path, record)
            _check_signature(head, found.keys)
            known = by_day.setdefault(head.day, head)
            if (known.count, known.seal) != (head.count, head.seal):
                raise Broken(
                    f"le sceau du {head.day} n’est pas le même dans {known.source} "
                    f"et dans {head.source}",
                    f"the head of {head.day} differs between {known.source} and {head.source}",
                )
    found.heads = [by_day[day] for day in sorted(by_day)]
    _check_order(found.heads)
    _check_nothing_gone(copies, found.heads)
    return found


def _heads_file(path: Path) -> Mapping[str, Any]:
    try:
        copy: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(copy["heads"], list) and isinstance(copy["keys"], dict):
            return copy
    except (ValueError, KeyError, TypeError):
        pass
    raise NotReadable(f"{path}: journal.json?")


def _head(path: Path, record: Any) -> Head:
    names = ("day", "count", "seal", "signed_at", "key", "signature")
    if not isinstance(record, dict) or any(name not in record for name in names):
        raise NotReadable(f"{path}: journal.json?")
    return Head(**{name: record[name] for name in names}, source=str(path))


def _key(path: Path, key_id: str, encoded: object) -> bytes:
    try:
        key = base64.b64decode(str(encoded), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if hashlib.sha256(key).hexdigest()[:16] != key_id:
        raise Broken(
            f"la clé {key_id} de {path} n’est pas celle que dit son nom",
            f"the key {key_id} in {path} is not the one its name says",
        )
    return key


def _check_signature(head: Head, keys: Mapping[str, bytes]) -> None:
    message = written(
        {
            "what": "mutuali.log.head",
            "day": head.day,
            "count": head.count,
            "seal": head.seal,
            "signed_at": head.signed_at,
        }
    )
    try:
        signature = base64.b64decode(head.signature, validate=True)
    except (binascii.Error, ValueError, TypeError):
        signature = b""
    if head.key not in keys or not signature_holds(keys[head.key], message, signature):
        raise Broken(
            f"la signature du sceau du {head.day} ({head.source}) ne tient pas",
            f"the signature of the head of {head.day} ({head.source}) does not hold",
        )


def _check_order(heads: Sequence[Head]) -> None:
    for before, after in pairwise(heads):
        if after.count < before.count:
            raise Broken(
                f"le journal était plus court le {after.day} que le {before.day}",
                f"the log was shorter on {after.day} than on {before.day}",
            )


def _check_nothing_gone(
    copies: Sequence[tuple[Path, Mapping[str, Any]]], heads: Sequence[Head]
) -> None:
    """A copy that knows a later day knows all earlier ones that another copy knows."""
    for path, copy in copies:
        days = {str(record["day"]) for record in copy["heads"]}
        for head in heads:
            if days and min(days) <= head.day <= max(days) and head.day not in days:
                raise Broken(
                    f"le sceau du {head.day}, que {head.source} montre, n’est plus dans {path}",
                    f"the head of {head.day}, shown by {head.source}, is gone from {path}",
                )


# Checking.


@dataclass
class Verdict:
    """What was found good: links, those that only their events could prove, heads, days without."""

    links: int
    unproved: int
    heads: int
    missing: Sequence[str]
    last: str


def check(log: Path, copies: Sequence[Path] = ()) -> Verdict:
    """Check a log against itself and against the copies of its heads.

    Raises:
        Broken: something does not hold; the message names the first bad line.
    """
    known = published(copies)
    heads_at: dict[int, list[Head]] = {}
    for head in known.heads:
        heads_at.setdefault(head.count, []).append(head)
    previous, layout, expected, unproved, agreed = GENESIS, 1, 0, 0, 0
    for link in links(log):
        expected += 1
        if link.layout < layout:
            raise Broken(
                f"ligne {link.line}: une forme ancienne après une nouvelle; la ligne a été changée",
                f"line {link.line}: an old layout after a new one; the line was changed",
            )
        if link.sequence != expected or not link.holds(previous, expected):
            raise _explained(log, link, previous, expected)
        for head in heads_at.get(expected, ()):
            if head.seal != link.seal:
                raise _rewritten(link.line, agreed, head)
            agreed = expected
        unproved += link.seal_after(previous, expected) is None
        previous, layout = link.seal, link.layout
    for head in known.heads:
        if head.count > expected:
            raise Broken(
                f"ligne {expected + 1}: elle manque. Le journal s’arrête à {expected}; le sceau du "
                f"{head.day} en comptait {head.count}. La fin a été coupée, ou le fichier est plus "
                "vieux que le sceau",
                f"line {expected + 1}: it is missing. The log ends at {expected}; the head of "
                f"{head.day} counted {head.count}. Its end was cut off, or the file is older than "
                "the head",
            )
    return Verdict(expected, unproved, len(known.heads), known.missing, previous)


def _explained(log: Path, bad: Link, previous: str, expected: int) -> Broken:
    """What was done to a log whose link ``expected`` is not the one that should stand there."""
    rest = [link for link in links(log) if link.line > bad.line]
    following = rest[0] if rest else None
    if bad.sequence > expected:
        later = next((link.line for link in rest if link.sequence == expected), None)
        if later is not None:
            return _out_of_order(bad.line, later)
        return Broken(
            f"ligne {bad.line}: il manque {bad.sequence - expected} maillon(s), du {expected} "
            f"au {bad.sequence - 1}. On a retiré des lignes",
            f"line {bad.line}: {bad.sequence - expected} link(s) are missing, {expected} to "
            f"{bad.sequence - 1}. Lines were taken out",
        )
    if bad.sequence < expected:
        return Broken(
            f"ligne {bad.line}: un maillon de trop, numéroté {bad.sequence}. On a ajouté une ligne",
            f"line {bad.line}: one link too many, numbered {bad.sequence}. A line was inserted",
        )
    if following is not None and _is_link(following, previous, expected):
        if _is_link(bad, following.seal, expected + 1):
            return _out_of_order(bad.line, following.line)
        return Broken(
            f"ligne {bad.line}: on a ajouté cette ligne; la suivante continue celle d’avant",
            f"line {bad.line}: this line was inserted; the next one continues the one before",
        )
    return Broken(
        f"ligne {bad.line}: son sceau ne tient pas. On l’a changée, ou on a retiré ce qui la "
        "précédait",
        f"line {bad.line}: its seal does not hold. It was changed, or what stood before it was "
        "taken out",
    )


def _is_link(link: Link, previous: str, sequence: int) -> bool:
    return link.seal_after(previous, sequence) == link.seal


def _out_of_order(first: int, second: int) -> Broken:
    return Broken(
        f"ligne {first}: ce qui devrait s’y trouver est à la ligne {second}. On a changé l’ordre",
        f"line {first}: what should stand here stands on line {second}. The order was changed",
    )


def _rewritten(line: int, agreed: int, head: Head) -> Broken:
    return Broken(
        f"ligne {line}: ce n’est pas le sceau publié pour le {head.day} ({head.source}). Le "
        f"journal a été récrit entre les lignes {agreed + 1} et {line}",
        f"line {line}: it is not the seal published for {head.day} ({head.source}). The log was "
        f"written anew between lines {agreed + 1} and {line}",
    )


# The command.


def main(arguments: Sequence[str]) -> int:
    """Check the files that are named; the exit status."""
    paths = [Path(argument) for argument in arguments]
    logs = [path for path in paths if path.suffix == ".jsonl"]
    if len(logs) != 1:
        print(__doc__)
        return 2
    try:
        verdict = check(logs[0], [path for path in paths if path not in logs])
    except (OSError, UnicodeDecodeError, NotReadable) as error:
        print(f"Illisible / Cannot be read: {error}")
        return 2
    except Broken as broken:
        print(f"NE TIENT PAS: {broken.french}.")
        print(f"DOES NOT HOLD: {broken.english}.")
        return 1
    for sentence in _told(verdict):
        print(sentence)
    return 0


def _told(verdict: Verdict) -> Iterator[str]:
    yield f"Tout tient: {verdict.links} maillons, {verdict.heads} sceaux de fin de journée."
    yield f"All of it holds: {verdict.links} links, {verdict.heads} heads of days."
    yield f"{verdict.last}"
    if verdict.unproved:
        yield f"{verdict.unproved} maillons anciens ne se vérifient qu’avec le journal complet."
        yield f"{verdict.unproved} older links can be checked only with the whole log."
    if verdict.missing:
        yield f"Jours sans sceau / Days without a head: {', '.join(verdict.missing)}"
    if not verdict.heads:
        yield "Sans sceaux gardés d’avance, une coupure à la fin ne se voit pas."
        yield "Without heads kept from earlier, a cut at the end cannot be seen."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
