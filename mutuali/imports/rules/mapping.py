"""A mapping: which column of a file is which field, and what its values stand for."""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mutuali.core.errors import Reason, Unreadable
from mutuali.imports.rules.table import Layout
from mutuali.imports.rules.times import Skipped, Times, Twice

_E = TypeVar("_E", bound=StrEnum)


class What(StrEnum):
    """What the rows of a file are."""

    ORGANIZATIONS = "organizations"
    LISTINGS = "listings"
    LOANS = "loans"


#: The fields of each kind of row, and whether a file must have them.
FIELDS: Mapping[What, Mapping[str, bool]] = {
    What.ORGANIZATIONS: {
        "ref": False,
        "name": True,
        "kind": True,
        "sector": True,
        "languages": False,
        "enterprise_number": False,
        "phone": False,
        "email": False,
        "site_name": False,
        "address": True,
        "postal_code": False,
        "borough": False,
        "latitude": False,
        "longitude": False,
        "access_notes": False,
    },
    What.LISTINGS: {
        "ref": False,
        "lender": True,
        "kind": True,
        "units": False,
        "title_fr": False,
        "title_en": False,
        "description_fr": False,
        "description_en": False,
        "conditions_fr": False,
        "conditions_en": False,
        "refrigerated": False,
        "driver_included": False,
        "payload_kg": False,
        "price_cents": False,
        "price_per": False,
        "approver": False,
        "hold": False,
        "shortest": False,
        "longest": False,
        "lead": False,
        "turnaround": False,
        "published_at": False,
    },
    What.LOANS: {
        "ref": False,
        "listing": True,
        "borrower": True,
        "units": False,
        "loaned_at": True,
        "due_at": False,
        "length": False,
        "returned_at": True,
        "purpose": False,
        "meals": False,
        "note": False,
    },
}


@dataclass(frozen=True, slots=True)
class Field:
    """Where the text of a field comes from: columns joined, or a constant; then what it means.

    ``cut`` is removed, ``values`` translates what is left, ``prefix`` goes before it, ``default``
    stands for nothing.
    """

    columns: tuple[str, ...] = ()
    constant: str = ""
    join: str = " "
    cut: re.Pattern[str] | None = None
    values: Mapping[str, str] | None = None
    prefix: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """A box of degrees outside the island in which places may lie, and what it is called."""

    name: str
    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, slots=True)
class FileMapping:
    """All that one needs to know to read a file.

    ``organizations`` and ``listings`` name the source whose references stand in the file; without,
    they are the public ids of addresses.
    """

    what: What
    source: str
    fields: Mapping[str, Field]
    layout: Layout = field(default_factory=Layout)
    times: Times = field(default_factory=Times)
    blank: frozenset[str] = frozenset({""})
    organizations: str | None = None
    listings: str | None = None
    fold: bool = False
    area: Area | None = None

    def column(self, name: str) -> str:
        """What the file calls field ``name``; the field's own name where it has no column."""
        given = self.fields.get(name)
        return " + ".join(given.columns) if given and given.columns else name

    def check_header(self, header: Collection[str]) -> None:
        """Make sure that every column it speaks of is there, once.

        Raises:
            Unreadable: columns are missing or doubled; names them.
        """
        names = list(header)
        wanted = dict.fromkeys(name for each in self.fields.values() for name in each.columns)
        missing = [name for name in wanted if name not in names]
        doubled = [name for name in wanted if names.count(name) > 1]
        if missing:
            raise Unreadable(Reason("import.columns_missing", {"columns": ", ".join(missing)}))
        if doubled:
            raise Unreadable(Reason("import.columns_doubled", {"columns": ", ".join(doubled)}))


def plain_mapping(what: What, source: str, header: Collection[str]) -> FileMapping:
    """What holds without a mapping file: columns are called as the fields.

    Raises:
        Unreadable: a column that every file needs is missing.
    """
    fields = {name: Field((name,)) for name in FIELDS[what] if name in header}
    missing = [name for name, needed in FIELDS[what].items() if needed and name not in fields]
    if missing:
        raise Unreadable(Reason("import.columns_missing", {"columns": ", ".join(missing)}))
    return FileMapping(what, source[:40], fields)


def read_mapping(text: str, what: What) -> FileMapping:
    """The mapping that a TOML file holds; what it does not know it refuses.

    Raises:
        Unreadable: not TOML, for other rows, an unknown key, a value that is none, a field that
            every file needs is missing.
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(Reason("import.mapping_not_toml", {"why": str(error)})) from None
    top = _Table(told, "")
    kind = top.choice("kind", What, what)
    if kind is not what:
        raise Unreadable(Reason("import.mapping_of_others", {"kind": kind.value}))
    source = top.text("source")
    if not 0 < len(source) <= 40:
        raise _wrong("source")
    file, times = top.table("file"), top.table("times")
    references, area = top.table("references"), top.table("area")
    columns = top.table("columns")
    fields = {name: _field(columns.take(name), f"columns.{name}") for name in list(columns.told)}
    for name in fields:
        if name not in FIELDS[what]:
            raise Unreadable(Reason("import.mapping_unknown", {"key": f"columns.{name}"}))
    for name, needed in FIELDS[what].items():
        if needed and name not in fields:
            raise Unreadable(Reason("import.mapping_lacks", {"key": f"columns.{name}"}))
    mapping = FileMapping(
        what,
        source,
        fields,
        Layout(file.text("encoding", "utf-8"), file.text("delimiter", ",")),
        _times(times),
        frozenset({"", *file.texts("blank")}),
        references.text("organizations", "") or None,
        references.text("listings", "") or None,
        top.choice("repeats", _Repeats, _Repeats.REFUSE) is _Repeats.FOLD,
        _area(area) if area.told else None,
    )
    if len(mapping.layout.delimiter) != 1:
        raise _wrong("file.delimiter")
    for table in (top, file, times, references, area):
        table.finish()
    return mapping


class _Repeats(StrEnum):
    REFUSE = "refuse"
    FOLD = "fold"


class _Table:
    """A table of the file; what nobody took out of it is a mistake."""

    def __init__(self, told: Any, name: str) -> None:
        if not isinstance(told, dict):
            raise _wrong(name)
        self.told, self.name = dict(told), name

    def key(self, name: str) -> str:
        return f"{self.name}.{name}" if self.name else name

    def take(self, name: str) -> Any:
        return self.told.pop(name, None)

    def table(self, name: str) -> "_Table":
        return _Table(self.told.pop(name, {}), self.key(name))

    def text(self, name: str, default: str | None = None) -> str:
        value = self.told.pop(name, default)
        if not isinstance(value, str):
            raise _wrong(self.key(name))
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.told.pop(name, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise _wrong(self.key(name))
        return tuple(value)

    def flag(self, name: str) -> bool:
        value = self.told.pop(name, False)
        if not isinstance(value, bool):
            raise _wrong(self.key(name))
        return value

    def degrees(self, name: str) -> float:
        value = self.told.pop(name, None)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _wrong(self.key(name))
        return float(value)

    def choice(self, name: str, kind: type[_E], default: _E) -> _E:
        try:
            return kind(self.told.pop(name, default))
        except ValueError:
            raise _wrong(self.key(name)) from None

    def finish(self) -> None:
        for name in self.told:
            raise Unreadable(Reason("import.mapping_unknown", {"key": self.key(name)}))


def _wrong(key: str) -> Unreadable:
    return Unreadable(Reason("import.mapping_value", {"key": key}))


def _field(told: Any, key: str) -> Field:
    if isinstance(told, str):
        return Field((told,))
    table = _Table(told, key)
    single = table.text("column", "")
    columns = (single,) if single else table.texts("columns")
    constant = table.text("constant", "")
    if bool(columns) == bool(constant):
        raise _wrong(key)
    values = table.table("values")
    translated = {name: values.text(name) for name in list(values.told)}
    try:
        cut = re.compile(table.text("cut", ""))
    except re.error:
        raise _wrong(f"{key}.cut") from None
    found = Field(
        columns,
        constant,
        table.text("join", " "),
        cut if cut.pattern else None,
        translated or None,
        table.text("prefix", ""),
        table.text("default", ""),
    )
    table.finish()
    return found


def _times(told: _Table) -> Times:
    try:
        zone = ZoneInfo(told.text("zone", "America/Toronto"))
    except (ZoneInfoNotFoundError, ValueError):
        raise _wrong("times.zone") from None
    return Times(
        zone,
        told.text("format", ""),
        told.flag("dates_only"),
        told.choice("skipped", Skipped, Skipped.REFUSE),
        told.choice("twice", Twice, Twice.REFUSE),
    )


def _area(told: _Table) -> Area:
    return Area(
        told.text("name"),
        *(told.degrees(side) for side in ("south", "west", "north", "east")),
    )
