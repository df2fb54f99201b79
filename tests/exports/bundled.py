"""A bundle of each dataset as it is handed over, made once and read by many tests."""

import hashlib
import io
import json
import pickle
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.app import create_app
from mutuali.exports import service
from mutuali.exports.views.bundle import write_bundle
from mutuali.web.mail import address
from mutuali.web.secrets import mark_key
from tests.exports.networks import FIRST
from tests.exports.stored import KEY, export_row, prepared, shared_year
from tests.factories import World


def work_and_tables(
    app: Flask, session: Session, dataset: Dataset, *, now: datetime
) -> tuple[service.Work, service.Built]:
    """What the build of an export of ``dataset`` reads, and the tables it makes of that."""
    net = shared_year(session, World(session, now), dataset, now=now)
    row = export_row(session, prepared(session, net))
    with app.app_context():
        work = service.read(session, row.id, address=address, key=KEY, now=now)
    assert work is not None
    built = service.build(work.snapshot, FIRST)
    assert isinstance(built, service.Built), built
    return work, built


def bundle_of(app: Flask, work: service.Work, built: service.Built) -> bytes:
    """The one file."""
    out = io.BytesIO()
    with app.app_context():
        write_bundle(work, service.with_numbers(built, mark_key(work.export.public_id)), out)
    return out.getvalue()


@dataclass(frozen=True)
class Files:
    """The entries of a bundle, to be read or tampered with."""

    entries: Mapping[str, bytes]

    def json(self, name: str) -> dict[str, Any]:
        """One entry that is JSON."""
        content: dict[str, Any] = json.loads(self.entries[name])
        return content

    def with_changed(self, **changed: bytes | None) -> "Files":
        """With entries changed, or taken out; a dot of a name is written as two underscores."""
        named = {name.replace("__", "."): data for name, data in changed.items()}
        entries = {**self.entries, **named}
        return Files({name: data for name, data in entries.items() if data is not None})

    def folder(self, path: Path) -> Path:
        """Written below ``path``, as somebody opens a ZIP."""
        path.mkdir()
        for name, data in self.entries.items():
            (path / name).write_bytes(data)
        return path

    def zip(self, path: Path) -> Path:
        """Zipped, as somebody who has no key would."""
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in self.entries.items():
                archive.writestr(name, data)
        return path


def files_of(bundle: bytes) -> Files:
    """The entries of a bundle."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return Files({name: archive.read(name) for name in archive.namelist()})


def main() -> None:
    """Build from what was pickled at each path that is said, and say the SHA-256 of the bundle."""
    for path in map(str.strip, sys.stdin):
        settings, work = pickle.loads(Path(path).read_bytes())  # noqa: S301 - written by our test
        built = service.build(work.snapshot, FIRST)
        assert isinstance(built, service.Built)
        app = create_app(settings, TESTING=True)
        print(hashlib.sha256(bundle_of(app, work, built)).hexdigest(), flush=True)


if __name__ == "__main__":
    main()
