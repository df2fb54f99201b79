"""From built tables to the one file that is handed over: CSV, description, report, checksums."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mutuali.exports.rules.catalogue import ColumnRole, DeclaredColumn
from mutuali.exports.service.built import BuiltTable

#: Every entry carries this moment: same content, same bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)

#: (kind of word, value) -> what it is called, both languages.
Say = Callable[[str, str], str]


def describe(
    tables: Sequence[BuiltTable],
    *,
    name: str,
    title: str,
    description: str,
    created: str,
    licence_title: str,
    report_path: str,
    say: Say,
) -> bytes:
    """``datapackage.json`` (Data Package v2) of the tables."""
    content = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": name,
        "title": title,
        "description": description,
        "created": created,
        "licenses": [{"name": "LicenseRef-agreement", "title": licence_title, "path": report_path}],
        "resources": [_resource(built, say) for built in tables],
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def checksums(files: Mapping[str, bytes]) -> bytes:
    """One line per file, as ``sha256sum -c`` reads it."""
    lines = (
        f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())
    )
    return "".join(lines).encode()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """All files in one ZIP; same files, same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return out.getvalue()


def _resource(built: BuiltTable, say: Say) -> dict[str, Any]:
    return {
        "name": built.table.name,
        "type": "table",
        "path": f"{built.table.name}.csv",
        "title": say("exports.table", built.table.name),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(built.data),
        "hash": f"sha256:{hashlib.sha256(built.data).hexdigest()}",
        "schema": {
            "fields": [_field(column, say) for column in built.table.columns],
            "missingValues": [""],
        },
    }


def _field(column: DeclaredColumn, say: Say) -> dict[str, Any]:
    return {
        "name": column.name,
        "type": "integer" if column.role is ColumnRole.FIGURE else "string",
        "title": say("exports.column", column.name.removesuffix("_status")),
        "description": say("exports.column_role", column.role.value),
    }
