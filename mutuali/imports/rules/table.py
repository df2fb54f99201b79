"""Rows of a CSV file, one at a time, with their line numbers; what cannot be read is said."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from mutuali.core.errors import Reason, Unreadable

_GZIP = b"\x1f\x8b"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Layout:
    """How the bytes of a file are written; UTF-8 may begin with a byte order mark."""

    encoding: str = "utf-8"
    delimiter: str = ","


@dataclass(frozen=True, slots=True)
class Objection:
    """Why the row that begins on ``line`` is refused; ``column`` is the file's own name for it."""

    line: int
    column: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row by column; ``line`` is where it begins, the header being line 1."""

    line: int
    cells: dict[str, str]


@contextmanager
def open_table(stream: BinaryIO, layout: Layout) -> Iterator[tuple[list[str], "Rows"]]:
    """The names of the columns, and the rows that follow, of a file; closes ``stream``.

    ``stream`` may be compressed by gzip; it is read as far as the rows are.

    Raises:
        Unreadable: empty, UTF-16, a header that is not text, or a broken archive.
    """
    # An archive does not close the bytes it unpacks.
    with io.BufferedReader(stream) as buffered, _text(buffered, layout) as text:  # type: ignore[type-var,arg-type]
        rows = Rows(csv.reader(text, delimiter=layout.delimiter, strict=True))
        header = rows.header()
        if not header:
            raise Unreadable(Reason("import.file_empty"))
        if "\0" in "".join(header) or not _is_text("".join(header)):
            raise Unreadable(Reason("import.not_text", {"encoding": layout.encoding}))
        yield header, rows


class Rows(Iterator[Row | Objection]):
    """The rows under a header; a row that cannot be read comes as an objection."""

    def __init__(self, reader: Iterator[list[str]]) -> None:
        self._reader = reader
        self._names: list[str] = []

    def header(self) -> list[str]:
        """Read the names of the columns, which the rows then carry."""
        try:
            self._names = [name.strip() for name in next(self._reader, [])]
        except csv.Error:
            raise Unreadable(Reason("import.file_empty")) from None
        except (EOFError, OSError, zlib.error):
            raise Unreadable(Reason("import.archive_broken")) from None
        return self._names

    def __next__(self) -> Row | Objection:
        while True:
            line = self._lines_read() + 1
            try:
                cells = next(self._reader)
            except csv.Error:
                params = {"last": self._lines_read()}
                return Objection(line, "", Reason("import.quotes_broken", params))
            except (EOFError, OSError, zlib.error):
                raise Unreadable(Reason("import.archive_broken")) from None
            if cells:  # an empty line is no row
                return self._row(line, cells)

    def _lines_read(self) -> int:
        return int(self._reader.line_num)  # type: ignore[attr-defined]

    def _row(self, line: int, cells: Sequence[str]) -> Row | Objection:
        if len(cells) != len(self._names):
            params = {"found": len(cells), "expected": len(self._names)}
            return Objection(line, "", Reason("import.column_count", params))
        joined = "".join(cells)
        if "\0" in joined:
            column = next(n for n, c in zip(self._names, cells, strict=True) if "\0" in c)
            return Objection(line, column, Reason("field.control_character"))
        if not _is_text(joined):
            column = next(n for n, c in zip(self._names, cells, strict=True) if not _is_text(c))
            return Objection(line, column, Reason("import.bytes_unreadable"))
        return Row(line, dict(zip(self._names, cells, strict=True)))


def _text(stream: io.BufferedReader, layout: Layout) -> io.TextIOWrapper:
    """The characters of ``stream``; bytes that are none become lone surrogates, found later."""
    start = stream.peek(2)[:2]
    encoding = "utf-8-sig" if layout.encoding == "utf-8" else layout.encoding
    try:
        if start in _UTF16:
            raise LookupError
        plain = gzip.GzipFile(fileobj=stream) if start == _GZIP else stream
        return io.TextIOWrapper(plain, encoding, errors="surrogateescape", newline="")
    except LookupError:
        raise Unreadable(Reason("import.not_text", {"encoding": layout.encoding})) from None


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
