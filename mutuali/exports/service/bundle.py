"""The description of a bundle's tables: a Data Package of version 2."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from mutuali.core.charter import CURRENT, Principle
from mutuali.exports.rules.catalogue import ColumnRole, DeclaredColumn, DeclaredTable
from mutuali.exports.rules.values import values_of

#: (kind of word, value) -> what it is called, in the language of the file.
Say = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Written:
    """An entry of a bundle: its path, how many bytes, and their SHA-256 in hex."""

    path: str
    size: int
    sha256: str


#: A table with its CSV and its Parquet file.
Described: TypeAlias = tuple[DeclaredTable, Written, Written]


def describe(
    tables: Sequence[Described],
    *,
    name: str,
    title: str,
    description: str,
    created: str,
    licence: Mapping[str, str],
    sources: Sequence[Mapping[str, str]],
    principles: Sequence[Principle],
    say: Say,
) -> bytes:
    """``datapackage.json`` of the tables."""
    content = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": name,
        "title": title,
        "description": description,
        "created": created,
        "licenses": [licence],
        "sources": list(sources),
        # What the release was held against: Montréal's Digital Data Charter.
        "charter": {"version": CURRENT.value, "principles": [each.value for each in principles]},
        "resources": [_resource(*each, say) for each in tables],
    }
    return as_json(content)


def as_json(content: Mapping[str, Any]) -> bytes:
    """JSON for people to read: indented, in the order given, a line feed at the end."""
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _resource(table: DeclaredTable, csv: Written, parquet: Written, say: Say) -> dict[str, Any]:
    return {
        "name": table.name,
        "type": "table",
        "path": csv.path,
        "title": say("exports.table", table.name),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": csv.size,
        "hash": f"sha256:{csv.sha256}",
        "schema": {
            "fields": [_field(column, say) for column in table.columns],
            "missingValues": [""],
        },
        # A property of our own: a resource has one file, and this is the same table once more.
        "alternatives": [
            {
                "path": parquet.path,
                "format": "parquet",
                "mediatype": "application/vnd.apache.parquet",
                "bytes": parquet.size,
                "hash": f"sha256:{parquet.sha256}",
            }
        ],
    }


def _field(column: DeclaredColumn, say: Say) -> dict[str, Any]:
    field = {
        "name": column.name,
        "type": "integer" if column.role is ColumnRole.FIGURE else "string",
        "title": say("exports.column", column.name.removesuffix("_status")),
        "description": say("exports.column_role", column.role.value),
    }
    values = values_of(column)
    return field if values is None else {**field, "categories": list(values)}
