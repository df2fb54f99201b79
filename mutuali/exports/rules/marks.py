"""The mark of a copy: a column of row numbers that say, to who holds the key, whose copy it was.

A number is made of two halves, 48 bits each in hex: the first is drawn for its place in the file,
the second proves the first under the key of the copy (HMAC-SHA-256). So each row stands for itself:
sorted anew, cut down to a sample, without other columns or with values changed, it is still found.
Nobody without the key can make one, or tell one copy's from another's. A row without its number, or
numbered anew, is not found.
"""

import csv
import hmac
import io
from binascii import hexlify
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count

#: What the column is called.
ROW = "row"
#: What is said before the place, and before the first half.
_BY_PLACE, _BY_HALF = b"place ", b"row "
_HALF = 6
_LENGTH = 4 * _HALF
_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Traced:
    """What was found in a file: lines read, and how many of them each copy marked."""

    lines: int
    found: Mapping[int, int]


def number_of(key: bytes, place: int) -> str:
    """The number of the row at ``place``, from 0, in the copy of that key: 24 hex digits."""
    return next(_numbers(key, place)).decode()


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
    for line, added in zip(lines, chain((ROW.encode(),), _numbers(key, 0)), strict=False):
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


def _numbers(key: bytes, first: int) -> Iterator[bytes]:
    """The number of each row from ``first`` on, without end."""
    # What the key does to the start of each message is done once and copied: a third less time.
    of_place, of_row = (hmac.new(key, name, "sha256") for name in (_BY_PLACE, _BY_HALF))
    for place in count(first):
        drawing, proving = of_place.copy(), of_row.copy()
        drawing.update(b"%d" % place)
        drawn = drawing.digest()[:_HALF]
        proving.update(drawn)
        yield hexlify(drawn + proving.digest()[:_HALF])


def _proof(key: bytes, drawn: bytes) -> bytes:
    return hmac.digest(key, _BY_HALF + drawn, "sha256")[:_HALF]


def _delimiter(text: str) -> str:
    """What a spreadsheet put between the cells: the most frequent in the first line."""
    first = text.partition("\n")[0]
    return max(",;\t|", key=first.count)
