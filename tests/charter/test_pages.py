"""The pages of the Charter, as people and programs meet them."""

from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.charter import service
from mutuali.charter.models import ActionAnswer, ActionList
from mutuali.charter.rules import COLUMNS, Answer, Fact, Said, Size, as_csv
from mutuali.charter.service import starter
from mutuali.charter.views.assessed import EVIDENCE
from mutuali.core.charter import Principle
from mutuali.core.permissions import Role
from mutuali.core.spreadsheets import csv_bytes
from mutuali.facts import FACTS
from mutuali.organizations.models import Organization
from tests.factories import World


def test_a_passer_by_reads_what_the_charter_asks_and_sees_live_proofs(
    client: FlaskClient, session: Session, world: World
) -> None:
    world.listing(title_en="Truck")
    world.listing()
    session.commit()
    page = client.get("/charte").text
    assert page.count('<details class="part"') == 13
    assert "1 annonces sur 2" in page
    assert "La première empreinte du journal paraîtra demain." in page
    assert "/charte" in client.get("/transparence").text
    english = client.get("/charte?lang=en").text
    assert english.count('<details class="part"') == 13


def test_a_manager_sees_where_they_stand_answers_and_takes_the_paper(
    client: FlaskClient, session: Session, world: World
) -> None:
    id_, _ = world.organization("La Corbeille")
    manager = world.member(id_)
    world.sign_in(client, manager)
    assert "/organisme/charte" in client.get("/organisme").text
    page = client.get("/organisme/charte").text
    assert "La prochaine chose à faire" in page
    assert "par les faits" in page
    assert client.get("/organisme/charte/lock_paper_lists").status_code == 200
    sent = {"answer": "done", "sentence": "<b>Oui</b>"}
    assert client.post("/organisme/charte/lock_paper_lists", data=sent).status_code == 303
    again = client.get("/organisme/charte/lock_paper_lists").text
    assert "&lt;b&gt;Oui&lt;/b&gt;" in again
    paper = client.get("/organisme/charte/bilan.pdf")
    assert paper.mimetype == "application/pdf"
    assert paper.data.startswith(b"%PDF")
    assert paper.data.count(b"/Type /Page\n") == 1


def test_the_paper_has_a_dash_where_too_few_others_answered(
    app: Flask, client: FlaskClient, session: Session, world: World
) -> None:
    """A large organization is asked for what nobody else is."""
    world.sign_in(client, world.person(role=Role.STEWARD))
    listed = (
        "code,principle,theme_fr,theme_en,family,depth,minutes,who,"
        "action_fr,action_en,why_fr,why_en,proof_fr,proof_en,fact\n"
        "lists,privacy,,,access,first,5,member,Rangez.,,,,,,\n"
        "tests,access,,,access,full,5,member,Essayez.,,,,,,\n"
    )
    sent = {"name": "La nôtre", "source": "Nous", "file": (BytesIO(listed.encode()), "a.csv")}
    assert client.post("/intendance/actions", data=sent).status_code == 303
    managers = [world.member(world.organization()[0]) for _ in range(10)]
    said = Said(Answer.DONE, "")
    for each in managers:
        service.say(session, each, each.organization_id or 0, "lists", said, now=world.now)
    largest = managers[0]
    service.set_size(session, largest, largest.organization_id or 0, Size.MANY, now=world.now)
    service.note_marks(session, questions=FACTS, now=world.now)
    session.commit()
    browser = app.test_client()
    world.sign_in(browser, largest)
    paper = browser.get("/organisme/charte/bilan.pdf")
    assert paper.status_code == 200
    found = service.assess(
        session, largest, largest.organization_id or 0, questions=FACTS, now=world.now
    )
    assert (Principle.PRIVACY in found.network, Principle.ACCESS in found.network) == (True, False)
    assert found.shares[Principle.ACCESS].of == 1


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "answer"),
        ({"answer": "perhaps"}, "answer"),
        ({"answer": "done", "sentence": "x" * 301}, "sentence"),
        ({"answer": "done", "sentence": "a\x00b"}, "sentence"),
    ],
)
def test_a_bad_answer_is_refused_by_its_field_and_nothing_is_stored(
    client: FlaskClient, session: Session, world: World, sent: dict[str, str], field: str
) -> None:
    world.sign_in(client, world.member(world.organization()[0]))
    answer = client.post("/organisme/charte/lock_paper_lists", data=sent)
    assert answer.status_code == 422
    assert f'href="#champ-{field}' in answer.text
    assert session.scalar(sa.select(sa.func.count()).select_from(ActionAnswer)) == 0


def test_a_fact_is_shown_with_a_way_to_its_evidence(
    client: FlaskClient, session: Session, world: World
) -> None:
    id_, _ = world.organization()
    world.sign_in(client, world.member(id_))
    page = client.get("/organisme/charte/two_managers").text
    assert "Pas encore\u00a0: 1 à voir" in page
    assert 'href="/organisme"' in page
    world.member(id_)
    session.commit()
    assert "C’est fait" in client.get("/organisme/charte/two_managers").text


def test_every_fact_has_its_evidence_one_click_away(
    client: FlaskClient, session: Session, world: World
) -> None:
    assert set(EVIDENCE) == set(Fact)
    world.sign_in(client, world.member(world.organization()[0]))
    for address in sorted(set(EVIDENCE.values())):
        assert client.get(address).status_code == 200, address


def test_a_steward_brings_a_list_takes_it_along_and_goes_back(
    client: FlaskClient, session: Session, world: World
) -> None:
    world.sign_in(client, world.person(role=Role.STEWARD))
    page = client.get("/intendance/actions").text
    assert "celle de départ" in page
    taken = client.get("/intendance/actions.csv").data
    assert taken == csv_bytes(COLUMNS, as_csv(starter()))
    changed = taken.replace("Rangez sous clé".encode(), "Gardez sous clé".encode())
    sent = {"name": "La nôtre", "source": "Nous", "file": (BytesIO(changed), "a.csv")}
    assert client.post("/intendance/actions", data=sent).status_code == 303
    assert "La nôtre" in client.get("/intendance/actions").text
    assert client.get("/intendance/actions.csv").data == changed
    assert client.post("/intendance/actions/de-depart").status_code == 303
    assert "celle de départ" in client.get("/intendance/actions").text


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"code\n", b'"', b"x" * 400_001])
def test_a_file_that_is_no_list_is_refused_and_what_was_typed_stays(
    client: FlaskClient, session: Session, world: World, content: bytes
) -> None:
    world.sign_in(client, world.person(role=Role.STEWARD))
    sent = {"name": "La nôtre", "source": "Nous", "file": (BytesIO(content), "a.csv")}
    answer = client.post("/intendance/actions", data=sent)
    assert answer.status_code == 422
    assert 'value="La nôtre"' in answer.text
    assert session.scalar(sa.select(sa.func.count()).select_from(ActionList)) == 0


def test_a_program_reads_and_answers(client: FlaskClient, session: Session, world: World) -> None:
    id_, _ = world.organization()
    session.execute(sa.update(Organization).where(Organization.id == id_).values(phone="514"))
    token = world.api_token(world.member(id_))
    headers = {"Authorization": f"Bearer {token}"}
    found = client.get("/api/v1/charter", headers=headers).json
    assert isinstance(found, list)
    by_code = {each["code"]: each for each in found}
    assert by_code["two_managers"] | {"answer": "not_yet", "amiss": 1} == by_code["two_managers"]
    said = {"answer": "done", "sentence": "Oui."}
    answer = client.put("/api/v1/charter/lock_paper_lists", json=said, headers=headers)
    assert answer.json == by_code["lock_paper_lists"] | said
    refused = client.put("/api/v1/charter/two_managers", json=said, headers=headers)
    assert refused.status_code == 409
    assert client.put("/api/v1/charter/none", json=said, headers=headers).status_code == 404
