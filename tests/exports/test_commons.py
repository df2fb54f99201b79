"""Open data for everybody: pages, files one by one, a look into them, and the feed of portals."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import DCAT, DCTERMS, Graph, Literal, URIRef
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.app import create_app
from mutuali.consent import service as consent
from mutuali.exports.models import Export
from mutuali.extensions import db, limiter
from mutuali.web.clock import utc_now
from tests.conftest import settings
from tests.exports.opened import announced, open_agreement, opened
from tests.exports.stored import Network, built, export_row, shared_year, signed, work_through
from tests.exports.test_catalogue import accepted, feed
from tests.factories import World

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

NAME = Dataset.EQUIPMENT_USE.value


def publish(app: Flask, session: Session, dataset: Dataset) -> tuple[Network, Export]:
    """What a partner was given of a dataset, open for everybody; with the open agreement."""
    now = utc_now()
    net = shared_year(session, World(session, now), dataset, now=now)
    given = signed(session, net, built(app, session, net))
    public = open_agreement(session, net, now=utc_now())
    return public, opened(session, public, announced(app, session, public, given))


def test_a_version_has_a_page_its_files_one_by_one_and_a_look_into_them(
    app: Flask, session: Session
) -> None:
    client = app.test_client()
    assert "Rien n’est publié" in client.get("/donnees-ouvertes").text
    public, row = publish(app, session, Dataset.EQUIPMENT_USE)
    here = f"/publications/{row.public_id}"

    assert here in client.get("/donnees-ouvertes").text
    page = client.get(here).text
    for told in (row.file_sha256 or "", "CC BY 4.0", "C’est la seule.", f"{here}/explorer"):
        assert told in page

    whole = client.get(f"{here}/fichier")
    bundle = zipfile.ZipFile(io.BytesIO(whole.data))
    table = next(name for name in bundle.namelist() if name.endswith(".csv")).removesuffix(".csv")
    as_csv = client.get(f"{here}/{table}.csv")
    assert as_csv.data == bundle.read(f"{table}.csv")
    assert as_csv.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(f"{here}/{table}.parquet").data == bundle.read(f"{table}.parquet")
    lines = json.loads(client.get(f"{here}/{table}.json").data)
    read = list(csv.DictReader(io.StringIO(as_csv.text)))
    assert len(lines) == len(read) > 0
    for line, cells in zip(lines, read, strict=True):
        assert line["loans"] == (int(cells["loans"]) if cells["loans"] else None)
        assert line["loans_status"] == cells["loans_status"]
    stays = client.get(f"/jeux-de-donnees/{NAME}/{table}.csv")
    assert stays.status_code == 302
    assert stays.headers["Location"].endswith(f"{here}/{table}.csv")

    key = next(iter(read[0]))
    look = client.get(f"{here}/explorer?tableau={table}&par={key}&mesure=loans")
    assert look.status_code == 200
    assert f"Les {len(read)} lignes du fichier" in look.text
    api = client.get(f"/api/v1/publications/{row.public_id}/tables/{table}?mesure=loans").json
    rows = pq.read_table(io.BytesIO(bundle.read(f"{table}.parquet")))
    assert api is not None
    assert api["count"] == rows.num_rows
    assert sum(each["total"] for each in api["sums"]) == sum(line["loans"] or 0 for line in lines)
    for wrong in (
        f"{here}/explorer?tableau=loans",
        f"{here}/explorer?par=organization",
        f"{here}/explorer?page=0",
        f"{here}/explorer?page=99999",
        f"{here}/explorer?page=²",
        f"{here}/loans.csv",
        f"{here}/MANIFEST.json",
        f"{here}/{table}.geojson",
        "/publications/inconnue",
        f"/jeux-de-donnees/loans/{table}.csv",
    ):
        assert client.get(wrong).status_code == 404, wrong

    graph = feed(client)
    assert accepted(graph)
    downloads = {str(each) for each in graph.objects(None, DCAT.downloadURL)}
    ends = {each.partition(here)[2] for each in downloads if here in each}
    assert ends >= {"/fichier", f"/{table}.csv", f"/{table}.parquet", f"/{table}.json"}
    one = next(graph.subjects(DCTERMS.identifier, Literal(NAME)))
    assert str(graph.value(one, URIRef(f"{DCAT._NS}version"))) == "1"
    assert graph.value(one, DCTERMS.accessRights) == URIRef(
        "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
    )

    # A period copied from a stricter release is rounded to more, and its sums say so.
    wide = [{**each, "base": 20} for each in (row.report or {})["periods"]]
    row.report = {**(row.report or {}), "periods": wide}
    session.commit()
    wider = client.get(f"/api/v1/publications/{row.public_id}/tables/{table}?mesure=loans").json
    assert wider is not None
    for before, after in zip(api["sums"], wider["sums"], strict=True):
        assert after["total"] == before["total"]
        assert after["low"] < before["low"] or before["low"] == before["shown"]

    consent.withdraw(
        session, public.managers[0], public.organizations[0], public.notice_id, now=utc_now()
    )
    session.commit()
    for gone in ("/fichier", f"/{table}.csv", f"/{table}.json", "/explorer"):
        assert client.get(f"{here}{gone}").status_code == 409, gone
    assert client.get(f"/api/v1/publications/{row.public_id}/tables/{table}").status_code == 409
    after = client.get(here)
    assert after.status_code == 200
    assert "Ce qui a été pris ne peut pas être rappelé." in after.text
    assert not [each for each in feed(client).objects(None, DCAT.downloadURL) if here in str(each)]
    work_through(app)
    row = export_row(session, row.public_id)
    assert row.file_key is None
    assert "retirée le" in client.get("/donnees-ouvertes").text


def test_an_analyst_looks_into_sums_that_they_took_and_nobody_else_does(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    now = utc_now()
    world = World(session, now)
    net = shared_year(session, world, Dataset.LENDING_FLOWS, now=now)
    row = signed(session, net, built(app, session, net))
    path = f"/exportations/{row.public_id}/explorer"
    assert client.get(path).status_code == 303
    world.sign_in(client, net.table.analyst)
    refused = client.get(path)
    assert refused.status_code == 409
    assert "Prenez d’abord le fichier" in refused.text
    taken = client.post(f"/exportations/{row.public_id}/telecharger", follow_redirects=True)
    assert taken.data[:2] == b"PK"
    shown = client.get(path)
    assert shown.status_code == 200
    assert "outline-flow" in shown.text or "outline-mark" in shown.text
    assert "D’où à où" in shown.text
    assert f'href="{path}"' in client.get(f"/exportations/{row.public_id}").text

    other = app.test_client()
    world.sign_in(other, net.table.steward)
    assert other.get(path).status_code in (403, 404)
    consent.withdraw(session, net.managers[0], net.organizations[0], net.notice_id, now=utc_now())
    session.commit()
    assert client.get(path).status_code == 409


def test_the_feed_names_no_file_of_what_is_only_announced(app: Flask, session: Session) -> None:
    now = utc_now()
    net = shared_year(session, World(session, now), Dataset.EQUIPMENT_USE, now=now)
    given = signed(session, net, built(app, session, net))
    before = Graph().parse(data=app.test_client().get("/catalogue.ttl").data, format="turtle")
    public = open_agreement(session, net, now=utc_now())
    row = announced(app, session, public, given)
    client = app.test_client()
    after = feed(client)
    assert set(after) == set(before)
    assert client.get(f"/publications/{row.public_id}").status_code == 404
    page = client.get("/donnees-ouvertes").text
    assert "au plus tôt le" in page
    assert "Qui prête quoi, pour tout le monde?" in page


@pytest.mark.parametrize("way", ["/publications/x/explorer", "/api/v1/publications/x/tables/y"])
def test_too_many_looks_in_a_minute_are_turned_away(
    app: Flask, session: Session, database_url: str, tmp_path: Path, way: str
) -> None:
    own = replace(settings(database_url, tmp_path / "mail"), mode="demo")
    limited = create_app(own, TESTING=True)
    try:
        found = [limited.test_client().get(way).status_code for _ in range(121)]
    finally:
        limiter.enabled = False
        with limited.app_context():
            db.engine.dispose()
    assert found == [404] * 120 + [429]
