"""The doors of exports, as an analyst, a steward and everybody else meets them."""

import io
import zipfile
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.exports.models import Export, ExportDownload
from mutuali.exports.rules.catalogue import CATALOGUE
from mutuali.jobs.jobs import HANDLERS_KEY, run_once
from mutuali.web.clock import utc_now
from tests.exports.stored import ANSWERS, Network, shared_year
from tests.factories import World

#: What the API is sent with a signature.
READ = {"remarks_read": True}


@pytest.fixture
def net(session: Session) -> Network:
    now = utc_now()
    return shared_year(session, World(session, now), Dataset.EQUIPMENT_USE, now=now)


def signed_in(app: Flask, session: Session, actor: object) -> FlaskClient:
    client = app.test_client()
    World(session).sign_in(client, actor)  # type: ignore[arg-type]
    return client


def form(net: Network) -> dict[str, str]:
    return {
        "agreement_id": net.agreement_id,
        "dataset": "equipment-use",
        "purpose": "network_statistics",
        "question": "Où manque-t-il des camions?",
        **ANSWERS.to_dict(),
    }


def asked(app: Flask, session: Session, net: Network) -> tuple[FlaskClient, str]:
    analyst = signed_in(app, session, net.table.analyst)
    answer = analyst.post("/exportations/nouvelle", data=form(net))
    assert answer.status_code == 303, answer.text
    return analyst, answer.headers["Location"]


def test_an_analyst_asks_a_steward_signs_and_the_analyst_takes_the_bundle(
    app: Flask, session: Session, net: Network
) -> None:
    analyst, address = asked(app, session, net)
    steward = signed_in(app, session, net.table.steward)
    assert "Où manque-t-il des camions?" in steward.get(address).text

    assert steward.post(f"{address}/preparer").status_code == 303
    assert "se prépare" in analyst.get(address).text
    while run_once(app, app.extensions[HANDLERS_KEY]):
        pass
    waiting = analyst.get(address).text
    assert "L’intendance examine l’exportation" in waiting
    assert f"{address}/telecharger" not in waiting
    assert analyst.post(f"{address}/signer").status_code == 403
    assert steward.post(f"{address}/signer", data={"remarks_read": "1"}).status_code == 303
    page = analyst.get(address).text
    assert f"{address}/telecharger" in page
    taken = analyst.post(f"{address}/telecharger", follow_redirects=True)

    assert taken.headers["Cache-Control"] == "no-store"
    names = zipfile.ZipFile(io.BytesIO(taken.data)).namelist()
    assert "use-by-family-and-half-year.csv" in names
    assert session.scalars(sa.select(sa.func.count(ExportDownload.id))).one() == 1


def test_a_steward_sees_the_bundle_but_cannot_take_it(
    app: Flask, session: Session, net: Network
) -> None:
    _, address = asked(app, session, net)
    steward = signed_in(app, session, net.table.steward)

    assert steward.post(f"{address}/telecharger").status_code == 403
    manager = signed_in(app, session, net.managers[0])
    assert manager.get(address).status_code == 403


def test_declining_needs_a_reason_that_the_analyst_reads(
    app: Flask, session: Session, net: Network
) -> None:
    analyst, address = asked(app, session, net)
    steward = signed_in(app, session, net.table.steward)

    refused = steward.post(f"{address}/refuser", data={"note": ""})
    assert (refused.status_code, "Dites pourquoi" in refused.text) == (422, True)
    steward.post(f"{address}/refuser", data={"note": "Trop tôt dans l’année."})

    assert "Trop tôt dans l’année." in analyst.get(address).text


def test_returning_needs_a_reason_and_nothing_leaves(
    app: Flask, session: Session, net: Network
) -> None:
    analyst, address = asked(app, session, net)
    steward = signed_in(app, session, net.table.steward)
    steward.post(f"{address}/preparer")
    while run_once(app, app.extensions[HANDLERS_KEY]):
        pass

    refused = steward.post(f"{address}/retourner", data={"note": ""})
    assert (refused.status_code, "Dites pourquoi" in refused.text) == (422, True)
    steward.post(f"{address}/retourner", data={"note": "Un secteur est trop petit."})

    assert "Un secteur est trop petit." in analyst.get(address).text
    assert analyst.post(f"{address}/telecharger").status_code == 409


def test_a_refused_request_keeps_what_was_typed(app: Flask, session: Session, net: Network) -> None:
    analyst = signed_in(app, session, net.table.analyst)

    answer = analyst.post("/exportations/nouvelle", data={**form(net), "dataset": "loans"})

    assert answer.status_code == 422
    assert "Cette entente ne couvre pas ce jeu de données" in answer.text
    assert "Où manque-t-il des camions?" in answer.text
    assert session.scalars(sa.select(sa.func.count(Export.id))).one() == 0


def test_a_double_click_asks_once(app: Flask, session: Session, net: Network) -> None:
    analyst = signed_in(app, session, net.table.analyst)
    once = {**form(net), "_once": "une-seule-fois"}

    first, second = (analyst.post("/exportations/nouvelle", data=once) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert session.scalars(sa.select(sa.func.count(Export.id))).one() == 1


@pytest.mark.parametrize("path", ["/jeux-de-donnees", "/jeux-de-donnees/loans"])
def test_the_catalogue_is_for_everybody_in_both_languages(client: FlaskClient, path: str) -> None:
    french = client.get(path)
    english = client.get(path, headers={"Accept-Language": "en"})

    assert (french.status_code, english.status_code) == (200, 200)
    assert ">Prêts<" in french.text
    assert ">Loans<" in english.text
    assert client.get("/jeux-de-donnees/inconnu").status_code == 404


def test_the_api_asks_decides_and_hands_over(app: Flask, session: Session, net: Network) -> None:
    client = app.test_client()
    world = World(session)
    analyst = {"Authorization": f"Bearer {world.api_token(net.table.analyst)}"}
    steward = {"Authorization": f"Bearer {world.api_token(net.table.steward)}"}

    asked_for = {**form(net), "question": "Où les quartiers défavorisés manquent-ils de camions?"}
    made = client.post("/api/v1/exports", json=asked_for, headers=analyst)
    assert made.status_code == 201, made.text
    address = made.headers["Location"]
    assert client.post(f"{address}/prepare", headers=analyst).status_code == 403
    assert client.post(f"{address}/links", headers=analyst).status_code == 409
    assert client.post(f"{address}/prepare", headers=steward).get_json()["state"] == "building"
    while run_once(app, app.extensions[HANDLERS_KEY]):
        pass
    assert client.get(address, headers=analyst).get_json()["report"] is None
    assert client.post(f"{address}/links", headers=analyst).status_code == 409
    assert client.post(f"{address}/sign", headers=analyst, json=READ).status_code == 403
    remarks = client.get(f"{address}/remarks", headers=steward).get_json()
    assert [each["about"] for each in remarks] == ["Question posée"]
    assert client.get(f"{address}/remarks", headers=analyst).status_code == 403
    unread = client.post(f"{address}/sign", headers=steward, json={"remarks_read": False})
    assert (unread.status_code, unread.get_json()["reasons"][0]["code"]) == (
        422,
        "export.remarks_unread",
    )
    assert (
        client.post(f"{address}/sign", headers=steward, json=READ).get_json()["outcome"] == "sign"
    )
    ready = client.get(address, headers=analyst).get_json()

    assert ready["state"] == "ready"
    assert ready["report"]["k"] == 5
    link = client.post(f"{address}/links", headers=analyst).get_json()["address"]
    bundle = client.get(link, headers=analyst)
    assert (bundle.status_code, bundle.mimetype) == (200, "application/zip")
    assert client.post(f"{address}/links", headers=steward).status_code == 403
    assert len(client.get("/api/v1/datasets").get_json()) == len(CATALOGUE)


def test_a_token_without_the_scope_takes_nothing(
    app: Flask, session: Session, net: Network
) -> None:
    client = app.test_client()
    narrow = World(session).api_token(net.table.analyst, "export.request", "export.read")
    made = client.post(
        "/api/v1/exports", json=form(net), headers={"Authorization": f"Bearer {narrow}"}
    )
    address = made.headers["Location"]

    taken = client.post(f"{address}/links", headers={"Authorization": f"Bearer {narrow}"})
    assert taken.status_code == 403


def test_an_e_mail_tells_the_steward_and_then_the_analyst(
    app: Flask, session: Session, net: Network
) -> None:
    _, address = asked(app, session, net)
    steward = signed_in(app, session, net.table.steward)
    steward.post(f"{address}/refuser", data={"note": "Pas cette fois."})
    while run_once(app, app.extensions[HANDLERS_KEY]):
        pass

    folder = app.config["SETTINGS"].mail_url.removeprefix("file:")
    sent = [message_from_bytes(path.read_bytes()) for path in Path(folder).glob("*.eml")]
    about = {mail["To"]: mail["Subject"] for mail in sent if address in text_of(mail)}
    assert about.keys() >= {"intendance@exemple.org", "analyste@exemple.org"}


def text_of(mail: Message) -> str:
    payload = mail.get_payload(decode=True)
    return payload.decode() if isinstance(payload, bytes) else ""


def test_the_review_page_shows_the_risk_its_checks_and_the_green_comparison(
    app: Flask, session: Session, net: Network
) -> None:
    analyst, address = asked(app, session, net)
    steward = signed_in(app, session, net.table.steward)

    def work() -> None:
        while run_once(app, app.extensions[HANDLERS_KEY]):
            pass

    steward.post(f"{address}/preparer")
    work()
    page = steward.get(f"{address}/examen").text
    for words in (
        "1. Projet",
        "5. Résultats",
        "Que pourrait deviner un voisin?",
        "Les trois critères",
        "C’est la première fois",
        "Ce que le deuxième peut estimer du premier",
        "<svg",
    ):
        assert words in page, words
    assert "Pas passée" not in page
    english = steward.get(f"{address}/examen", headers={"Accept-Language": "en"}).text
    assert "What could a neighbour guess?" in english
    assert analyst.get(f"{address}/examen").status_code == 403
    assert steward.post(f"{address}/signer", data={"remarks_read": "1"}).status_code == 303

    answer = analyst.post(f"{address}/refaire")
    assert answer.status_code == 303, answer.text
    again = answer.headers["Location"]
    work()
    assert "Comme la dernière fois" in steward.get(f"{again}/examen").text


def test_an_assessment_is_written_in_two_steps_and_gets_its_opinion(
    app: Flask, session: Session, net: Network
) -> None:
    steward = signed_in(app, session, net.table.steward)
    form = "/intendance/evaluations/nouvelle"
    low = dict.fromkeys(("sensitivity", "purpose", "quantity", "distribution", "medium"), "low")

    assert "Que reste-t-il comme risque" not in steward.get(form).text
    short = steward.get(form, query_string={"dataset": "loans", **low}).text
    assert "Forme courte" in short
    long = steward.get(form, query_string={"dataset": "loans", **low, "medium": "high"}).text
    assert "Que reste-t-il comme risque" in long
    refused = steward.post(form, data={"dataset": "loans", **low})
    assert refused.status_code == 422
    answers = {
        f"answer_{name}": "Ce qui est prévu protège assez."
        for name in ("purpose", "risks", "measures")
    }
    made = steward.post(form, data={"dataset": "loans", **low, **answers})
    assert made.status_code == 303, made.text
    page = steward.get(made.headers["Location"]).text
    assert "Attend l’avis" in page
    assert "Dominique Roy" in page
    today = utc_now().date()
    opinion = {
        "opinion": "favourable",
        "text": "Cela me convient.",
        "given_by": "Dominique Roy",
        "given_on": today.isoformat(),
        "valid_until": today.replace(year=today.year + 1).isoformat(),
    }
    noted = steward.post(f"{made.headers['Location']}/avis", data=opinion)
    assert noted.status_code in (303, 422)
    assert "En vigueur" in steward.get("/intendance/evaluations").text
