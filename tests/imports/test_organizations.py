"""Organizations come in once each, at a place that exists, or their line says why not."""

from pathlib import Path

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.organizations.models import Organization, Site
from tests.factories import World
from tests.imports.commands import MAPPINGS, real_file, run_import, write_csv

HEADER = (
    "ref",
    "name",
    "kind",
    "sector",
    "address",
    "postal_code",
    "borough",
    "latitude",
    "longitude",
)
KITCHEN = ("1", "Cuisine du Parc", "community_kitchen", "community", "4200, rue Drolet", "H2W 2L6")


def row(ref: str, name: str, address: str, code: str = "", *place: object) -> tuple[object, ...]:
    rest = (*place, "", "", "")[:3]
    return (ref, name, "food_bank", "community", address, code, *rest)


def file_of(folder: Path, *rows: tuple[object, ...]) -> Path:
    return write_csv(folder / "orgs.csv", HEADER, rows)


def count(session: Session, model: type) -> int:
    found = session.scalar(select(func.count()).select_from(model)) or 0
    session.rollback()  # what the commands write next must not wait
    return found


def test_a_file_without_a_mapping_names_its_columns_as_we_do(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    file = file_of(tmp_path, row("1", "Cuisine  du\nParc", "4200, rue Drolet", "h2w2l6"))
    said = run_import(app, "organizations", file)
    assert said.status == 0, said
    stored = session.scalars(select(Organization)).one()
    site = session.scalars(select(Site)).one()
    assert (stored.name, stored.state, stored.source, stored.source_ref) == (
        "Cuisine du Parc",
        "accepted",
        "orgs",
        "1",
    )
    assert (site.postal_code, site.borough) == ("H2W 2L6", "le-plateau-mont-royal")


def test_each_refused_row_is_reported_by_line_and_column_with_all_that_is_wrong(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    file = file_of(
        tmp_path,
        row("1", "Bonne", "1, rue A", "H2W 2L6"),
        row("2", "", "2, rue A", "94107"),
        row("3", "Au large", "3, rue A", "", "", "45.5", "-70"),
        row("4", "Ailleurs", "4, rue A", "", "Verdun", "45.53", "-73.6"),
        row("5", "Nulle part", "5, rue A"),
        row("6", "x" * 161, "6, rue A", "H2W 2L6"),
        ("7", "Partenaire", "partner", "public", "7, rue A", "H2W 2L6", "", "", ""),
        row("1", "Même numéro", "8, rue B", "H4C 1E1"),
        row("9", "Virgule", "9, rue A", "", "", "quarante-cinq", "-73.6"),
    )
    said = run_import(app, "organizations", file)
    assert said.status == 1
    assert {line.partition(":")[0] for line in said.refused} == {
        "line 3, column name",
        "line 3, column postal_code",
        "line 3, column address",
        "line 4, column latitude",
        "line 5, column borough",
        "line 6, column address",
        "line 7, column name",
        "line 8, column kind",
        "line 9, column ref",
        "line 10, column latitude",
        "line 10, column address",
    }
    assert said.counts["refused"] == 8
    assert "Same reference as on line 2." in said.report
    assert "Nothing is written" in said.report
    assert count(session, Organization) == 0


def test_keep_good_writes_the_others_and_still_says_that_something_was_refused(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    file = file_of(
        tmp_path, row("1", "Bonne", "1, rue A", "H2W 2L6"), row("2", "", "2, rue A", "H2W 2L6")
    )
    said = run_import(app, "organizations", file, "--keep-good")
    assert (said.status, count(session, Organization)) == (1, 1)


def test_a_dry_run_checks_all_and_writes_nothing(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    file = file_of(tmp_path, row("1", "Bonne", "1, rue A", "H2W 2L6"))
    said = run_import(app, "organizations", file, "--dry-run")
    assert (said.status, said.counts["good"]) == (0, 1)
    assert (count(session, Organization), count(session, AuditEvent)) == (0, 0)


def test_the_same_file_twice_adds_nothing_and_says_so(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    file = file_of(tmp_path, row("1", "Bonne", "1, rue A", "H2W 2L6"))
    run_import(app, "organizations", file)
    said = run_import(app, "organizations", file)
    assert (said.status, said.counts["known"], said.counts["good"]) == (0, 1, 0)
    assert "Nothing new to write." in said.report
    assert (count(session, Organization), count(session, Site)) == (1, 1)


def test_one_organization_told_twice_is_found_by_name_and_place(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    there = ("", "45.5300", "-73.6000")
    file = file_of(
        tmp_path,
        row("1", "L’Entraide & Amis", "10, rue A", "", *there),
        row("2", "L'ENTRAIDE ET AMIS", "12, rue A", "", "", "45.5310", "-73.6000"),
        row("3", "L’Entraide et Amis", "10 rue a", "", "", "45.56", "-73.6000"),
        row("4", "Lentraide et amiss", "11, rue A", "", "", "45.5301", "-73.6001"),
        row("5", "L’Entraide et Amis", "10, rue B", "", "", "45.56", "-73.6000"),
        row("6", "Le Garde-manger", "10, rue A", "", *there),
        row("7", "Magasin 12", "20, rue C", "", "", "45.54", "-73.6000"),
        row("8", "Magasin 13", "20, rue C", "", "", "45.54", "-73.6000"),
    )
    said = run_import(app, "organizations", file, "--keep-good")
    assert [(line.split(",")[0], line.split()[-2:]) for line in said.refused] == [
        ("line 3", ["line", "2."]),
        ("line 4", ["line", "2."]),
        ("line 5", ["line", "2."]),
    ]
    assert [line.split(",")[0] for line in said.noticed] == ["line 7", "line 9"]
    assert count(session, Organization) == 5


def test_an_organization_that_is_stored_already_is_a_duplicate_too(
    app: Flask, session: Session, world: World, tmp_path: Path
) -> None:
    world.organization("Les Bocaux")
    session.commit()
    file = file_of(tmp_path, row("1", "les bocaux", "x", "", "", "45.5301", "-73.6001"))
    said = run_import(app, "organizations", file)
    assert said.counts["import.duplicate"] == 1
    public_id = session.scalars(select(Organization.public_id)).one()
    assert public_id in said.report


def test_one_event_names_the_kind_the_source_and_the_counts_and_no_names(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    file = file_of(
        tmp_path, row("1", "Bonne", "1, rue A", "H2W 2L6"), row("2", "", "2, rue A", "H2W 2L6")
    )
    run_import(app, "organizations", file, "--keep-good")
    event = session.scalars(select(AuditEvent)).one()
    assert event.name == "import.written"
    assert event.facts == {
        "kind": "organizations",
        "source": "orgs",
        "read": 2,
        "written": 1,
        "known": 0,
        "refused": 1,
        "history": 0,
    }


def test_a_file_that_cannot_be_read_is_exit_status_2(app: Flask, tmp_path: Path) -> None:
    empty = tmp_path / "vide.csv"
    empty.write_bytes(b"")
    assert run_import(app, "organizations", empty).status == 2
    lacking = write_csv(tmp_path / "manque.csv", ("name", "kind"), [("A", "other")])
    said = run_import(app, "organizations", lacking)
    assert said.status == 2
    assert "sector, address" in said.progress


def test_the_city_s_list_comes_in_whole(app: Flask, session: Session, tmp_path: Path) -> None:
    """234 organizations, each in the borough that the city states; 8 share an address."""
    real = real_file("mtl-orgs/organisations.dev.csv")
    file = real or write_csv(tmp_path / "city.csv", CITY, CITY_ROWS)
    said = run_import(app, "organizations", file, mapping=MAPPINGS / "mtl-orgs.toml")
    expected = 234 if real else len(CITY_ROWS)
    assert (said.status, said.counts["read"], said.counts["good"]) == (0, expected, expected)
    assert len(said.noticed) == (8 if real else 1)
    assert count(session, Organization) == expected
    kinds = dict(
        session.execute(select(Organization.kind, func.count()).group_by(Organization.kind)).all()
    )
    assert kinds == (
        {"community_centre": 170, "grower": 64} if real else {"community_centre": 2, "grower": 1}
    )
    blank = session.scalars(select(Site).where(Site.address == "Adresse à préciser")).all()
    assert len(blank) == (9 if real else 1)
    session.rollback()
    again = run_import(app, "organizations", file, mapping=MAPPINGS / "mtl-orgs.toml")
    assert (again.status, again.counts["known"]) == (0, expected)
    assert count(session, Organization) == expected


def test_the_dirty_list_loses_its_duplicates_and_impossible_rows_and_nothing_else(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    """1,515 rows: 9 duplicates, 7 points on other continents, 4 telephones that are sentences."""
    real = real_file("foodorgs-pittsburgh/merged_datasets.2021.05.18-02.49.15.csv")
    file = real or write_csv(tmp_path / "dirty.csv", DIRTY, DIRTY_ROWS)
    mapping = MAPPINGS / "foodorgs-pittsburgh.toml"
    refused = run_import(app, "organizations", file, mapping=mapping)
    assert (refused.status, count(session, Organization)) == (1, 0)
    said = run_import(app, "organizations", file, "--keep-good", mapping=mapping)
    if real:
        assert said.counts == {
            "read": 1515,
            "good": 1495,
            "known": 0,
            "refused": 20,
            "import.duplicate": 9,
            "import.place_outside": 7,
            "field.too_long": 4,
        }
    else:
        assert said.counts == {
            "read": 4,
            "good": 1,
            "known": 0,
            "refused": 3,
            "import.duplicate": 1,
            "import.place_outside": 1,
            "field.too_long": 1,
        }
    assert count(session, Organization) == said.counts["good"]
    phones = session.scalars(select(Organization.phone)).all()
    session.rollback()
    assert not [phone for phone in phones if phone.endswith(".0")]
    again = run_import(app, "organizations", file, "--keep-good", mapping=mapping)
    assert again.counts["known"] == said.counts["good"]
    assert again.counts["good"] == 0


CITY = ("id", "name", "type", "civic", "street", "unit", "postal_code", "borough", "lat", "lon")
CITY_ROWS = [
    ("1", "Jardin Essai", "Jardin communautaire", "", "", "", "", "Verdun", 45.4584, -73.5716),
    ("2", "Centre Essai", "Organisme communautaire et centre de loisirs", "10", "rue A", "2e étage",
     "H2W 2L6", "Le Plateau-Mont-Royal", 45.5200, -73.5790),
    ("3", "Autre Essai", "Organisme communautaire et centre de loisirs", "10", "rue A", "2e étage",
     "", "Le Plateau-Mont-Royal", 45.5200, -73.5790),
]  # fmt: skip
DIRTY = ("id", "type", "name", "address", "city", "phone", "latitude", "longitude")
DIRTY_ROWS = [
    ("1", "", "Ann's Pantry", "1 A Street", "Pittsburgh", "4122443911.0", 40.44, -79.99),
    ("2", "food bank site", "ANNS PANTRY", "1 A Street", "Pittsburgh", "", 40.4401, -79.99),
    ("3", "supermarket", "Far Market", "2 B Street", "Pittsburgh", "NA", 0, 0),
    ("4", "fresh access", "Wordy", "3 C Street", "Pittsburgh", "Please call " * 9, 40.45, -79.9),
]
