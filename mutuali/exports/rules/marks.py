"""The mark of a copy: a column of row numbers that say, to who holds the key, whose copy it was.

A number is made of two halves, 48 bits each in hex: the first is drawn for its place in the file
(SHAKE256, FIPS 202), the second proves the first under the key of the copy (keyed BLAKE2b, RFC
7693). So each row stands for itself:
sorted anew, cut down to a sample, without other columns or with values changed, it is still found.
Nobody without the key can make one, or tell one copy's from another's. A row without its number, or
numbered anew, is not found.
"""

import csv
import hashlib
import hmac
import io
from binascii import hexlify
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count

#: What the column is called.
ROW = "row"
#: What keeps the two uses of a key apart.
_PLACES, _PROOF = b"mutuali.places", b"mutuali.row"
_HALF = 6
#: First halves are drawn for so many places at once.
_DRAWN = 4096
_LENGTH = 4 * _HALF
_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Traced:
    """What was found in a file: lines read, and how many of them each copy marked."""

    lines: int
    found: Mapping[int, int]


def number_of(key: bytes, place: int) -> str:
    """The number of the row at ``place``, from 0, in the copy of that key: 24 hex digits."""
    drawn = _drawn(key, place // _DRAWN)[place % _DRAWN]
    return hexlify(drawn + _proof(key, drawn)).decode()


def is_of(key: bytes, number: str) -> bool:
    """Whether a number was made under ``key``; by chance, once in 2**48."""
    if len(number) != _LENGTH or not _HEX.issuperset(number):
        return False
    whole = bytes.fromhex(number)
    return hmac.compare_digest(whole[_HALF:], _proof(key, whole[:_HALF]))


def marked(lines: Iterable[bytes], key: bytes) -> Iterator[bytes]:
    """The lines of a CSV file, header first, with the column of numbers at their end.

    What stood in a line is not touched. No value holds a line end: datasets are made of codes.
    """
    for line, added in zip(lines, chain((ROW.encode(),), _numbers(key)), strict=False):
        body = line.rstrip(b"\r\n")
        yield body + b"," + added + line[len(body) :]


def unmarked(lines: Iterable[bytes]) -> Iterator[bytes]:
    """What :func:`marked` took."""
    for line in lines:
        body = line.rstrip(b"\r\n")
        yield body.rpartition(b",")[0] + line[len(body) :]


def trace(text: str, keys: Mapping[int, bytes]) -> Traced:
    """How many lines of a file that was found somewhere each copy marked, by the copy's id.

    Any cell may hold the number: columns move and are renamed when a file travels.
    """
    lines, found = 0, dict.fromkeys(keys, 0)
    for row in csv.reader(io.StringIO(text), delimiter=_delimiter(text)):
        lines += 1
        numbers = [cell for cell in (each.strip().lower() for each in row) if len(cell) == _LENGTH]
        for copy_id, key in keys.items():
            found[copy_id] += any(is_of(key, number) for number in numbers)
    return Traced(lines, {copy_id: count for copy_id, count in found.items() if count})


def _numbers(key: bytes) -> Iterator[bytes]:
    """The number of each row from the first on, without end."""
    for block in count():
        for drawn in _drawn(key, block):
            yield hexlify(drawn + _proof(key, drawn))


def _drawn(key: bytes, block: int) -> list[bytes]:
    """The first halves of the places of a block."""
    seed = hmac.digest(key, b"%s %d" % (_PLACES, block), "sha256")
    stream = hashlib.shake_256(seed).digest(_HALF * _DRAWN)
    return [stream[at : at + _HALF] for at in range(0, len(stream), _HALF)]


def _proof(key: bytes, drawn: bytes) -> bytes:
    return hashlib.blake2b(drawn, digest_size=_HALF, key=key, person=_PROOF).digest()


def _delimiter(text: str) -> str:
    """What a spreadsheet put between the cells: the most frequent in the first line."""
    first = text.partition("\n")[0]
    return max(",;\t|", key=first.count)
