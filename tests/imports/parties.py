"""Gives the real files their lenders and borrowers, and fills databases with them.

The library's files name nobody: lenders and borrowers are drawn among the city's organizations,
by a seed, long-tailed (Zipf: the n-th most active borrows 1/n as often as the first). The trips
name a home ZIP: that is the borrower, and one operator lends; so plans over trips count borrowers
only. Where MUTUALI_REAL_DATA is unset, small look-alikes are filled instead.
"""

import csv
import gzip
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mutuali.app import create_app
from mutuali.core.permissions import SYSTEM
from mutuali.core.places import BOROUGHS
from mutuali.extensions import db
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import OrganizationKind, Sector
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from tests.imports import lookalikes
from tests.imports.commands import MAPPINGS, Said, real_file, run_import, write_csv

SEED = 2018
#: As the mapping of the trips reads them.
ZIP = re.compile(r"(\d{5})(-\d{4})?")


class Zipf:
    """Draws among ``members``, the first of a seeded order most often, the n-th 1/n as often."""

    def __init__(self, members: list[str], dice: random.Random) -> None:
        self.order = dice.sample(members, len(members))
        self._weights = list(accumulate(1 / n for n in range(1, len(members) + 1)))
        self._dice = dice

    def draw(self, besides: str = "") -> str:
        """One of them, never ``besides``."""
        while True:
            found = self._dice.choices(self.order, cum_weights=self._weights)[0]
            if found != besides:
                return found


@dataclass(frozen=True, slots=True)
class ReedFiles:
    """The library's files with their parties."""

    organizations: Path
    catalogue: Path
    loans: Path


def reed_files(folder: Path, *, seed: int = SEED) -> ReedFiles:
    """The city's organizations, and the library's two files with a column more each."""
    orgs = real_file("mtl-orgs/organisations.dev.csv") or lookalikes.city_organizations(folder)
    catalogue = real_file("reed-library-loans/reed_equipment_catalogue.derived.csv")
    loans = real_file("reed-library-loans/reed_equipment_loans.dev.csv")
    dice = random.Random(seed)
    with orgs.open(encoding="utf-8", newline="") as file:
        ids = [row["id"] for row in csv.DictReader(file)]
    lenders, borrowers = Zipf(ids[: len(ids) // 4], dice), Zipf(ids, dice)
    lender_of: dict[tuple[str, str], str] = {}
    header, rows = _table(catalogue or lookalikes.reed_catalogue(folder))
    told = []
    for row in rows:
        lender = lender_of[row[0].strip(), row[1]] = lenders.draw()
        told.append([*row, lender])
    with_lenders = write_csv(folder / "catalogue-lenders.csv", [*header, "lender"], told)
    header, rows = _table(loans or lookalikes.reed_loans(folder))
    title, place = header.index("Title"), header.index("Location")
    told = [[*row, borrowers.draw(lender_of[row[title].strip(), row[place]])] for row in rows]
    with_borrowers = write_csv(folder / "loans-borrowers.csv", [*header, "borrower"], told)
    return ReedFiles(orgs, with_lenders, with_borrowers)


def fill_reed(app: Flask, folder: Path, *options: str, seed: int = SEED) -> Said:
    """Organizations, 128 titles and their loans into the database of ``app``; good rows are kept.

    ``options`` are those of the loans, such as ``--history`` or ``--open-loans``. Returns what
    the import of the loans said.
    """
    files = reed_files(folder, seed=seed)
    first = run_import(
        app, "organizations", files.organizations, mapping=MAPPINGS / "mtl-orgs.toml"
    )
    listings = MAPPINGS / "reed-library-listings.toml"
    second = run_import(app, "listings", files.catalogue, mapping=listings)
    assert (first.status, second.status) == (0, 0), (first, second)
    loans = MAPPINGS / "reed-library-loans.toml"
    return run_import(app, "loans", files.loans, "--keep-good", *options, mapping=loans)


def trips_file(folder: Path, *, one_in: int = 1) -> Path:
    """The trips as they are; with ``one_in`` n > 1 those of every n-th bike."""
    path = real_file("babs-2014-trips/batrips.dev.csv.gz") or lookalikes.trips(folder)
    if one_in == 1:
        return path
    header, rows = _table(path)
    bike = header.index("bike_id")
    kept = [row for row in rows if int(row[bike]) % one_in == 1]
    return write_csv(folder / "some-trips.csv", header, kept)


def fill_trips(app: Flask, folder: Path, *, one_in: int = 1) -> Said:
    """ZIPs as organizations, bikes and their trips; returns what the import of the trips said."""
    file = trips_file(folder, one_in=one_in)
    _add_zips(app, file)
    bikes = run_import(app, "listings", file, mapping=MAPPINGS / "babs-2014-bikes.toml")
    assert bikes.status == 0, bikes
    return run_import(app, "loans", file, "--keep-good", mapping=MAPPINGS / "babs-2014-trips.toml")


@contextmanager
def populated(kind: str, database_url: str, folder: Path) -> Iterator[Engine]:
    """An engine on an empty database at ``database_url``, migrated and filled with ``kind``.

    ``reed``: loans with their history and those still out; ``trips``: all trips.
    """
    from tests.conftest import settings  # it imports every feature

    app = create_app(settings(database_url, folder / "mail"), TESTING=True)
    with app.app_context():
        upgrade()
        engine = db.engine
    said = (
        fill_reed(app, folder, "--history", "--open-loans")
        if kind == "reed"
        else fill_trips(app, folder)
    )
    assert said.counts["good"] > 0, said
    yield engine
    engine.dispose()


def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, rows


def _add_zips(app: Flask, file: Path) -> None:
    """One organization per ZIP of ``file``, "unknown" and "operator", each in some borough."""
    header, rows = _table(file)
    column = header.index("zip_code")
    codes = {found[1] for row in rows if (found := ZIP.fullmatch(row[column].strip()))}
    boroughs = list(BOROUGHS.values())
    told = []
    for n, ref in enumerate(["operator", "unknown", *sorted(codes)]):
        borough = boroughs[n % len(boroughs)]
        kind = OrganizationKind.OTHER
        told.append(
            organizations.ImportedOrganization(
                ref,
                new_public_id(),
                new_public_id(),
                organizations.OrganizationDraft(f"ZIP {ref}", kind, Sector.PUBLIC, ("en",)),
                organizations.SiteDraft("Lieu", ref, "", borough.slug, borough.label),
            )
        )
    with app.app_context():
        engine = db.engine
    with Session(engine) as session, session.begin():
        organizations.add_imported(session, SYSTEM, "babs-2014", told, now=utc_now())
