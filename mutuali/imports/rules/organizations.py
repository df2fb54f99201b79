"""Rows about organizations, and which of them are the same one twice."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from mutuali.core.errors import Reason
from mutuali.core.folding import folded
from mutuali.core.places import (
    Borough,
    Point,
    borough_at,
    distance_km,
    find_borough,
    locate,
    normalize_postal_code,
)
from mutuali.imports.rules.cells import Cells
from mutuali.imports.rules.mapping import Area
from mutuali.organizations.rules import (
    OrganizationKind,
    Sector,
    enterprise_number_objections,
    kind_objections,
)

#: Places nearer than this are one place, where the name is the same too.
SAME_PLACE_KM = 0.25
#: How alike two names at one place must be to be one organization, spelling mistakes included.
SAME_NAME = 0.9
_CELL = 0.005
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[a-zA-Z][^@\s,;<>]+")
_NOWHERE = Point(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """An organization with one place, as a file tells it."""

    line: int
    ref: str
    name: str
    kind: OrganizationKind
    sector: Sector
    languages: tuple[str, ...]
    enterprise_number: str
    phone: str
    email: str
    site_name: str
    address: str
    postal_code: str
    borough: str
    point: Point
    access_notes: str


def organization_row(cells: Cells) -> OrganizationRow:
    """What a row says of an organization; objections are left in ``cells``."""
    kind = cells.choice("kind", OrganizationKind, OrganizationKind.OTHER)
    number = cells.text("enterprise_number", 10)
    for reason in (*kind_objections(kind), *enterprise_number_objections(number)):
        cells.object(reason.field or "", Reason(reason.code, reason.params))
    languages = tuple(cells.raw("languages").replace(",", " ").split()) or ("fr",)
    if not set(languages) <= {"fr", "en"}:
        cells.object("languages", Reason("import.value_unknown", {"value": " ".join(languages)}))
    code = cells.text("postal_code", 7)
    if code and normalize_postal_code(code) is None:
        cells.object("postal_code", Reason("import.not_a_postal_code"))
    point, borough = _place(cells, code)
    return OrganizationRow(
        cells.row.line,
        cells.ref(80),
        cells.text("name", 160, needed=True),
        kind,
        cells.choice("sector", Sector, Sector.COMMUNITY),
        languages,
        number,
        cells.text("phone", 30),
        _email(cells),
        cells.text("site_name", 120) or "Lieu principal",
        cells.text("address", 200, needed=True),
        normalize_postal_code(code) or "",
        borough,
        point,
        cells.text("access_notes", 1000, lines=True),
    )


def _email(cells: Cells) -> str:
    """Who is to manage it; as loose as an address can be, the letter tells the rest."""
    email = cells.text("email", 254)
    if email and not _EMAIL.fullmatch(email):
        cells.object("email", Reason("field.not_an_email"))
    return email


def _place(cells: Cells, code: str) -> tuple[Point, str]:
    """Where it is: the point of the file, else the middle of its postal prefix or borough."""
    lat, lon = cells.number("latitude"), cells.number("longitude")
    said = cells.raw("borough")
    named = find_borough(said) if said else None
    if said and named is None:
        cells.object("borough", Reason("import.borough_unknown", {"value": said[:80]}))
    if lat is not None and lon is not None:
        return _checked(cells, Point(lat, lon), named)
    located = locate(code) or (locate(said) if named else None)
    if located is None:
        cells.object("address", Reason("import.place_missing"))
        return _NOWHERE, ""
    return located


def _checked(cells: Cells, point: Point, named: Borough | None) -> tuple[Point, str]:
    area = cells.mapping.area
    if area is not None:
        if _within(area, point):
            return point, area.name
        cells.object("latitude", Reason("import.place_outside"))
        return _NOWHERE, ""
    found = borough_at(point) if -90 <= point.lat <= 90 and -180 <= point.lon <= 180 else None
    if found is None:
        cells.object("latitude", Reason("import.place_outside"))
        return _NOWHERE, ""
    if named is not None and named.slug != found.slug:
        cells.object("borough", Reason("import.borough_elsewhere", {"found": found.name}))
    return point, found.slug


def _within(area: Area, point: Point) -> bool:
    return area.south <= point.lat <= area.north and area.west <= point.lon <= area.east


def name_key(text: str) -> str:
    """Letters and digits of a name alone: capitals, accents, signs, "and", "et" do not count."""
    joined = re.sub(r"['`&]", "", folded(text))
    words = [word for word in re.findall(r"\w+", joined) if word not in {"and", "et"}]
    return "".join(words)


class Known:
    """Organizations seen so far, to find who is one of them; names and places only."""

    def __init__(self) -> None:
        self._by_address: defaultdict[str, list[int]] = defaultdict(list)
        self._by_cell: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        self._seen: list[tuple[str, str, Point, str]] = []

    def add(self, label: str, name: str, address: str, point: Point) -> None:
        """Remember one as ``label``."""
        n = len(self._seen)
        self._seen.append((name_key(name), name_key(address), point, label))
        self._by_address[name_key(address)].append(n)
        self._by_cell[_cell(point)].append(n)

    def twin(self, name: str, address: str, point: Point) -> str | None:
        """The label of the first with the same or nearly the same name at the same place."""
        key, where = name_key(name), name_key(address)
        for n in self._around(where, point):
            other, _, there, label = self._seen[n]
            here = self._seen[n][1] == where or distance_km(point, there) <= SAME_PLACE_KM
            if here and (other == key or _alike(other, key)):
                return label
        return None

    def neighbour(self, address: str) -> str | None:
        """The label of the first at the very same address, whatever its name."""
        found = self._by_address.get(name_key(address))
        return self._seen[found[0]][3] if found else None

    def _around(self, address: str, point: Point) -> Iterator[int]:
        row, column = _cell(point)
        near = {
            n
            for r in (row - 1, row, row + 1)
            for c in (column - 1, column, column + 1)
            for n in self._by_cell.get((r, c), ())
        }
        yield from sorted(near.union(self._by_address.get(address, ())))


def _cell(point: Point) -> tuple[int, int]:
    """Squares of 0.005 degrees: more than 350 m each way up to 50° north."""
    return int(point.lat // _CELL), int(point.lon // _CELL)


def _alike(a: str, b: str) -> bool:
    if min(len(a), len(b)) < 8 or re.sub(r"\D", "", a) != re.sub(r"\D", "", b):
        return False
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.real_quick_ratio() >= SAME_NAME and matcher.ratio() >= SAME_NAME
