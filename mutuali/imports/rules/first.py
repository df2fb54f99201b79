"""The first organizations of a network: a file whose columns people name in their own words."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import BinaryIO, cast

from mutuali.core.errors import Reason, Unreadable
from mutuali.core.folding import folded
from mutuali.imports.rules.mapping import Field, FileMapping, What
from mutuali.imports.rules.organizations import OrganizationRow, organization_row
from mutuali.imports.rules.reading import Reading, read_file
from mutuali.imports.rules.table import Layout
from mutuali.organizations.rules import OrganizationKind, Sector

#: Bytes and lines: a network begins with its neighbours.
MOST_BYTES, MOST_LINES = 200_000, 500
#: Kept with each row, so that the same file adds nothing twice.
SOURCE = "premiers-organismes"

#: What each column may be called, first in French, then in English.
COLUMNS: Mapping[str, tuple[str, str]] = {
    "name": ("nom", "name"),
    "kind": ("genre", "kind"),
    "sector": ("secteur", "sector"),
    "address": ("adresse", "address"),
    "postal_code": ("code postal", "postal code"),
    "borough": ("arrondissement", "borough"),
    "phone": ("téléphone", "phone"),
    "email": ("courriel", "email"),
    "enterprise_number": ("neq", "enterprise number"),
}
_NEEDED = ("name", "address")

#: What a cell may say besides our own codes.
KINDS: Mapping[OrganizationKind, tuple[str, ...]] = {
    OrganizationKind.FOOD_BANK: ("banque alimentaire", "comptoir alimentaire", "food bank"),
    OrganizationKind.COMMUNITY_KITCHEN: ("cuisine", "cuisine communautaire", "community kitchen"),
    OrganizationKind.CATERER: ("traiteur", "caterer"),
    OrganizationKind.GROWER: ("ferme", "producteur", "jardin", "grower"),
    OrganizationKind.GROCERY: ("épicerie", "grocery"),
    OrganizationKind.SCHOOL: ("école", "school"),
    OrganizationKind.COMMUNITY_CENTRE: ("centre communautaire", "community centre"),
    OrganizationKind.OTHER: ("autre", "other"),
}
SECTORS: Mapping[Sector, tuple[str, ...]] = {
    Sector.COMMUNITY: ("communautaire", "community"),
    Sector.SOCIAL_ECONOMY: ("économie sociale", "social economy"),
    Sector.PUBLIC: ("public",),
    Sector.PRIVATE: ("privé", "private"),
}


class _Words(dict[str, str]):
    """Words that mean a code, however they are typed."""

    def __contains__(self, word: object) -> bool:
        return super().__contains__(_key(str(word)))

    def __getitem__(self, word: str) -> str:
        return super().__getitem__(_key(word))


def read_first(content: bytes) -> Reading[OrganizationRow]:
    """Every row of a file of first organizations; commas or semicolons.

    Raises:
        Unreadable: it cannot be read at all, lacks a column, or is too long.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(Reason("import.too_large", {"most": MOST_BYTES // 1000}))
    first = content.partition(b"\n")[0]
    layout = Layout(delimiter=";" if first.count(b";") > first.count(b",") else ",")
    stream = cast(BinaryIO, BytesIO(content))
    reading = read_file(
        stream, What.ORGANIZATIONS, SOURCE, _mapping, organization_row, lambda: None, layout
    )
    if reading.read > MOST_LINES:
        raise Unreadable(Reason("import.too_many_lines", {"most": MOST_LINES}))
    return reading


def _mapping(header: Sequence[str]) -> FileMapping:
    fields: dict[str, Field] = {}
    for name, called in COLUMNS.items():
        keys = {_key(name), *map(_key, called)}
        columns = [column for column in header if _key(column) in keys]
        if len(columns) > 1:
            params = {"columns": ", ".join(columns)}
            raise Unreadable(Reason("import.columns_doubled", params))
        if columns:
            fields[name] = Field((columns[0],))
    lacking = [COLUMNS[name][0] for name in _NEEDED if name not in fields]
    if lacking:
        raise Unreadable(Reason("import.columns_missing", {"columns": ", ".join(lacking)}))
    fields["kind"] = _choice(fields.get("kind"), _words(KINDS), OrganizationKind.OTHER)
    fields["sector"] = _choice(fields.get("sector"), _words(SECTORS), Sector.COMMUNITY)
    return FileMapping(What.ORGANIZATIONS, SOURCE, fields)


def _choice(given: Field | None, words: _Words, default: str) -> Field:
    if given is None:
        return Field(constant=default)
    return Field(given.columns, values=words, default=default)


def _words(
    meanings: Mapping[OrganizationKind, tuple[str, ...]] | Mapping[Sector, tuple[str, ...]],
) -> _Words:
    found = _Words()
    for code, said in meanings.items():
        for each in (code.value, *said):
            found[_key(each)] = code.value
    return found


def _key(word: str) -> str:
    return " ".join(folded(word).replace("_", " ").split())
