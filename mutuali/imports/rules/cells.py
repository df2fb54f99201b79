"""The fields of one row: text cleaned, numbers and instants read, every objection kept."""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TypeVar

from mutuali.core.errors import Reason
from mutuali.core.period import NoSuchLocalTime, TwoSuchLocalTimes
from mutuali.imports.rules.mapping import FileMapping
from mutuali.imports.rules.table import Objection, Row
from mutuali.imports.rules.times import read_length

_E = TypeVar("_E", bound=StrEnum)

_YES = frozenset({"1", "true", "yes", "oui", "vrai"})
_NO = frozenset({"", "0", "false", "no", "non", "faux"})


class Cells:
    """Reads one row by a mapping; what cannot be read is noted in ``objections``, all at once."""

    def __init__(self, mapping: FileMapping, row: Row) -> None:
        self.mapping, self.row = mapping, row
        self.objections: list[Objection] = []

    def object(self, name: str, reason: Reason) -> None:
        """Note why field ``name`` is refused, under the file's own column."""
        self.objections.append(Objection(self.row.line, self.mapping.column(name), reason))

    def raw(self, name: str) -> str:
        """What the file says for ``name`` after its mapping; empty when it says nothing."""
        field = self.mapping.fields.get(name)
        if field is None:
            return ""
        if field.columns:
            blank, cells = self.mapping.blank, self.row.cells
            said = [cells[column].strip() for column in field.columns]
            value = field.join.join(text for text in said if text not in blank)
        else:
            value = field.constant
        if field.cut is not None:
            value = field.cut.sub("", value).strip()
        if field.values is not None and value:
            if value not in field.values:
                self.object(name, Reason("import.value_unknown", {"value": value[:80]}))
                return ""
            value = field.values[value]
        return field.prefix + value if value else field.default

    def text(self, name: str, longest: int, *, needed: bool = False, lines: bool = False) -> str:
        """Text of at most ``longest`` characters; on one line unless ``lines``."""
        if name not in self.mapping.fields and not needed:
            return ""
        before = len(self.objections)
        value = self.raw(name)
        if not lines:
            value = " ".join(value.split())
        if not (value.isascii() and value.isprintable()):  # nearly every cell of a large file is
            value = unicodedata.normalize("NFC", value)
            if any(unicodedata.category(c) == "Cc" and c not in "\n\r\t" for c in value):
                self.object(name, Reason("field.control_character"))
        if len(value) > longest:
            self.object(name, Reason("field.too_long", {"max": longest}))
        if needed and not value and len(self.objections) == before:
            self.object(name, Reason("field.missing"))
        return value

    def ref(self, longest: int) -> str:
        """What identifies the row in its source: its own reference, else a digest of its cells."""
        if "ref" in self.mapping.fields:
            return self.text("ref", longest, needed=True)
        content = "\x1f".join(f"{name}\x1e{cell}" for name, cell in self.row.cells.items())
        return sha256(content.encode()).hexdigest()[:32]

    def choice(self, name: str, kind: type[_E], default: _E) -> _E:
        """One of the words of ``kind``; ``default`` where nothing is said."""
        before = len(self.objections)
        value = self.raw(name)
        if not value:
            if len(self.objections) == before and name in self.mapping.fields:
                self.object(name, Reason("field.missing"))
            return default
        try:
            return kind(value)
        except ValueError:
            self.object(name, Reason("import.value_unknown", {"value": value[:80]}))
            return default

    def flag(self, name: str) -> bool:
        """Yes or no, in French or English; nothing means no."""
        value = self.raw(name).lower()
        if value not in _YES and value not in _NO:
            self.object(name, Reason("import.value_unknown", {"value": value[:80]}))
        return value in _YES

    def number(self, name: str) -> float | None:
        """A number with a point or a comma; None where nothing is said."""
        value = self.raw(name)
        if not value:
            return None
        if not re.fullmatch(r"[+-]?\d{1,12}([.,]\d{1,20})?", value, re.ASCII):
            self.object(name, Reason("field.not_a_number"))
            return None
        return float(value.replace(",", "."))

    def whole(self, name: str, low: int, high: int) -> int | None:
        """A whole number, ``4.0`` too, from ``low`` to ``high``; None where nothing is said."""
        value = self.number(name)
        if value is None:
            return None
        if value != int(value) or not low <= value <= high:
            self.object(name, Reason("field.out_of_range", {"min": low, "max": high}))
            return None
        return int(value)

    def length(self, name: str) -> timedelta | None:
        """How long, as ``3 days``; None where nothing is said."""
        value = self.raw(name)
        length = read_length(value) if value else None
        if value and length is None:
            self.object(name, Reason("import.not_a_length"))
        return length

    def moment(self, name: str, read: Callable[[str], datetime]) -> datetime | None:
        """An instant, read by one of the ways of the mapping's times; None where nothing is."""
        value = self.raw(name)
        if not value:
            return None
        try:
            return read(value)
        except NoSuchLocalTime as error:
            self.object(name, Reason("time.does_not_exist", {"next": error.next_one}))
        except TwoSuchLocalTimes:
            self.object(name, Reason("time.exists_twice"))
        except (ValueError, OverflowError):
            self.object(name, Reason("import.not_a_moment"))
        return None
