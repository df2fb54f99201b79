"""What the review page says of earlier releases: to who answers for the bundle, and nobody else."""

import io
import json
import re
import zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.exports import service
from mutuali.exports.models import Export
from mutuali.exports.views.followed import followed
from mutuali.web.clock import utc_now
from tests.exports.bundled import bundle_of, work_and_tables
from tests.exports.stored import Network, built, export_row, shared_year, signed
from tests.factories import NOW, World

FINDINGS = [
    {
        "kind": "sequences.too_few",
        "measure": "loans",
        "side": "lender",
        "cell": {"family": "transport", "half_year": "2025-H2"},
        "found": 2,
        "needed": 5,
    },
    {
        "kind": "sequences.too_close",
        "measure": "unit_hours_lent",
        "side": "borrower",
        "cell": {"borrower_zone": "nord", "year": "2025"},
        "found": 3,
        "needed": 10,
    },
]
HELD_BACK = [{"measure": "loans", "cell": {"family": "kitchen", "half_year": "2025-H1"}}]


@pytest.fixture
def engine_name() -> str:
    """A page does not know which engine stored what it says."""
    return "sqlite"


@pytest.fixture
def net(session: Session) -> Network:
    now = utc_now()
    return shared_year(session, World(session, now), Dataset.EQUIPMENT_USE, now=now)


def signed_in(app: Flask, session: Session, actor: object) -> FlaskClient:
    client = app.test_client()
    World(session).sign_in(client, actor)  # type: ignore[arg-type]
    return client


def found_in(session: Session, row: Export) -> Export:
    """The built export, as if comparing it with earlier releases had found something."""
    row.report = {**(row.report or {}), "findings": FINDINGS, "held_back": HELD_BACK}
    session.commit()
    return row


def test_new_periods_and_those_taken_over_are_told_apart(
    app: Flask, session: Session, net: Network
) -> None:
    first = built(app, session, net)
    steward = signed_in(app, session, net.table.steward)
    page = steward.get(f"/exportations/{first.public_id}/examen").text
    assert "Nouvelles\u00a0: jamais sorties" in page
    assert "Reprises telles quelles" not in page
    table = "Par famille d’équipement et semestre"
    assert re.search(rf"{table}\u00a0: (2e semestre.20\d\d, )?1er semestre.20\d\d", page)
    assert "rien ne se recoupe" in page

    signed(session, net, export_row(session, first.public_id))
    second = built(app, session, net)
    page = steward.get(f"/exportations/{second.public_id}/examen").text
    assert "Reprises telles quelles de ce qui est déjà sorti" in page
    assert "jamais sorties" not in page


def test_what_comparing_found_and_what_it_hid_is_said_plainly_in_both_languages(
    app: Flask, session: Session, net: Network
) -> None:
    row = found_in(session, built(app, session, net))
    steward = signed_in(app, session, net.table.steward)

    page = steward.get(f"/exportations/{row.public_id}/examen").text
    for words in (
        "Le moteur a trouvé 2 recoupements.",
        "Pour y parer, 1 valeur est masquée.",
        "Cuisine, 1er semestre\u00a02025, Nombre de prêts",
        "Transport, 2e semestre\u00a02025, Nombre de prêts\u00a0: la différence tient à 2 "
        "(prêteurs); il en faut 5.",
        "la part d’un seul se devinerait à 3\u00a0% près (emprunteurs); il faut 10\u00a0%.",
    ):
        assert words in page, words
    assert "rien ne se recoupe" not in page
    english = steward.get(
        f"/exportations/{row.public_id}/examen", headers={"Accept-Language": "en"}
    ).text
    assert "Kitchen, 1st half of\u00a02025, Number of loans" in english


def test_the_decision_comes_first_and_says_in_six_lines_what_it_is_about(
    app: Flask, session: Session, net: Network
) -> None:
    row = built(app, session, net)
    page = (
        signed_in(app, session, net.table.steward).get(f"/exportations/{row.public_id}/examen").text
    )

    before, _, after = page.partition("/signer")
    for words in (
        "faites, toutes passées",
        "C’est la première fois",
        "Rien ne se recoupe",
        "avant,",
    ):
        assert words in before, words
    for n, part in enumerate(("Projet", "Personnes", "Environnement", "Données", "Résultats"), 1):
        assert f"<summary><h2>{n}. {part}</h2>" in after
    found_in(session, row)
    page = (
        signed_in(app, session, net.table.steward).get(f"/exportations/{row.public_id}/examen").text
    )
    assert "Recoupements trouvés; 1 valeur masquée" in page.partition("/signer")[0]


def test_a_kind_of_finding_that_nobody_named_is_shown_all_the_same(app: Flask) -> None:
    with app.test_request_context():
        shown = followed({"findings": [{"kind": "rows.met_again", "column": "outcome"}, {}]})

    assert shown.count == 2
    assert [each.what for each in shown.found] == ["Un recoupement avec ce qui est déjà sorti"]
    assert shown.found[0].lines == ("Comment la demande a fini", "Tout le fichier")


def test_neither_the_analyst_nor_the_bundle_hears_by_how_few_two_releases_differ(
    app: Flask, session: Session, net: Network
) -> None:
    row = found_in(session, signed(session, net, built(app, session, net)))
    analyst = {"Authorization": f"Bearer {World(session).api_token(net.table.analyst)}"}
    steward = {"Authorization": f"Bearer {World(session).api_token(net.table.steward)}"}
    path = f"/api/v1/exports/{row.public_id}"

    told = app.test_client().get(path, headers=analyst).get_json()["report"]
    assert "periods" in told
    assert not {"findings", "held_back"} & told.keys()
    assert app.test_client().get(path, headers=steward).get_json()["report"]["findings"]


def test_the_report_in_the_bundle_leaves_out_what_comparing_found(
    app: Flask, session: Session
) -> None:
    work, made = work_and_tables(app, session, Dataset.EQUIPMENT_USE, now=NOW)
    report = {**made.report, "findings": FINDINGS, "held_back": HELD_BACK}
    bundle = bundle_of(app, work, service.Built(made.tables, report, made.companions))

    told = json.loads(zipfile.ZipFile(io.BytesIO(bundle)).read("report.json"))
    assert told["k"] == 5
    assert not {"findings", "held_back"} & told.keys()
