"""The page of the five questions reads what its reader took and might take now, no more."""

import csv
import io

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.consent import service as consent
from mutuali.core.permissions import Role
from mutuali.exports import service
from mutuali.exports.models import Export, ExportDownload
from mutuali.exports.rules.five.program import unzipped
from mutuali.exports.service import five
from mutuali.web.clock import utc_now
from tests.exports.bundled import files_of
from tests.exports.stored import KEY, Network, built, shared_year, signed, work_through
from tests.factories import World

PAGE = "/exportations/cinq-questions"


def _network(session: Session, dataset: Dataset = Dataset.EQUIPMENT_USE) -> Network:
    now = utc_now()
    return shared_year(session, World(session, now), dataset, now=now)


def _ready(app: Flask, session: Session, net: Network) -> Export:
    return signed(session, net, built(app, session, net))


def _taken(session: Session, net: Network, row: Export) -> None:
    service.hand_over(session, net.table.analyst, row.public_id, key=KEY, now=utc_now())
    session.commit()


def _as(app: Flask, session: Session, actor: object) -> FlaskClient:
    client = app.test_client()
    World(session).sign_in(client, actor)  # type: ignore[arg-type]
    return client


def test_who_took_nothing_is_told_the_first_step(app: Flask, session: Session) -> None:
    net = _network(session)
    _ready(app, session, net)
    page = _as(app, session, net.table.analyst).get(PAGE)
    assert page.status_code == 200
    assert "Aucun fichier à lire" in page.text
    assert "heures sans être prêtées" not in page.text
    assert "/jeux-de-donnees/cinq-questions/cinq-questions.ipynb" in page.text


def test_an_analyst_reads_the_answers_of_what_was_taken_and_from_where(
    app: Flask, session: Session
) -> None:
    net = _network(session)
    row = _ready(app, session, net)
    _taken(session, net, row)
    analyst = _as(app, session, net.table.analyst)
    page = analyst.get(PAGE).text
    assert "heures sans être prêtées" in page
    assert str(row.file_sha256) in page
    assert f"/exportations/{row.public_id}" in page
    assert "Il manque un fichier pour répondre\u00a0: unmet-demand. Ce n’est pas un zéro." in page
    assert "<svg" in page
    assert PAGE in analyst.get("/exportations").text
    assert PAGE in analyst.get(f"/exportations/{row.public_id}").text
    english = analyst.get(f"{PAGE}?lang=en").text
    assert "hours without being lent" in english


def test_who_did_not_take_it_reads_nothing_of_it(app: Flask, session: Session) -> None:
    net = _network(session)
    row = _ready(app, session, net)
    _taken(session, net, row)
    other = World(session).person(role=Role.ANALYST, email="autre@exemple.org")
    for actor in (other, net.table.steward):
        page = _as(app, session, actor).get(PAGE).text
        assert str(row.file_sha256) not in page
        assert "heures sans être prêtées" not in page
    assert "L’intendance n’en prend pas" in _as(app, session, net.table.steward).get(PAGE).text
    assert _as(app, session, net.managers[0]).get(PAGE).status_code == 403


def test_a_bundle_whose_yes_was_taken_back_is_read_no_more(app: Flask, session: Session) -> None:
    net = _network(session)
    row = _ready(app, session, net)
    _taken(session, net, row)
    analyst = _as(app, session, net.table.analyst)
    assert "heures sans être prêtées" in analyst.get(PAGE).text
    consent.withdraw(session, net.managers[0], net.organizations[0], net.notice_id, now=utc_now())
    session.commit()
    for _ in ("at once", "after the recall"):
        page = analyst.get(PAGE).text
        assert "Ce fichier n’est plus lu." in page
        assert "heures sans être prêtées" not in page
        assert str(row.file_sha256) not in page
        work_through(app)


def test_without_a_second_step_nothing_is_read(app: Flask, session: Session) -> None:
    net = _network(session)
    row = _ready(app, session, net)
    _taken(session, net, row)
    analyst = _as(app, session, net.table.analyst)
    session.execute(sa.text("UPDATE login SET second_factor_at = NULL"))
    session.commit()
    assert "heures sans être prêtées" not in analyst.get(PAGE).text


def test_a_kept_file_that_was_changed_is_not_read(app: Flask, session: Session) -> None:
    net = _network(session)
    row = _ready(app, session, net)
    _taken(session, net, row)
    five._parsed.cache_clear()
    session.execute(sa.update(Export).where(Export.id == row.id).values(file_sha256="0" * 64))
    session.commit()
    page = _as(app, session, net.table.analyst).get(PAGE).text
    assert "Le fichier gardé n’est pas celui qui a été signé." in page
    assert "heures sans être prêtées" not in page


def test_of_loans_only_sums_are_shown_and_never_a_mark(app: Flask, session: Session) -> None:
    net = _network(session, Dataset.LOANS)
    row = _ready(app, session, net)
    _taken(session, net, row)
    page = _as(app, session, net.table.analyst).get(PAGE).text
    assert "Les prêts de ce fichier ont permis" in page
    data = service.get(app.config["SETTINGS"].files_url, str(row.file_key))
    (bundle,) = unzipped(data)
    assert bundle.lines
    assert bundle.tables == {}
    marks = _marks(data)
    assert len(marks) > 100
    assert not any(mark in page for mark in marks)


def _marks(data: bytes) -> set[str]:
    rows = files_of(data).entries["loans.csv"].decode()
    return {row["row"] for row in csv.DictReader(io.StringIO(rows))}


def test_looking_is_no_download(app: Flask, session: Session) -> None:
    net = _network(session)
    row = _ready(app, session, net)
    _taken(session, net, row)
    _as(app, session, net.table.analyst).get(PAGE)
    assert session.scalar(sa.select(sa.func.count(ExportDownload.id))) == 1
