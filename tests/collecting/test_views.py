"""A steward sees what is not needed, drops a question, and asks it again."""

import csv
import json
from datetime import time, timedelta
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking
from mutuali.collecting import service
from mutuali.collecting.models import CollectionChoice
from mutuali.collecting.rules import Question
from mutuali.collecting.views import signed, unread_columns
from mutuali.core.canonical import canonical
from mutuali.core.period import Period, instant_at, local
from mutuali.core.permissions import Actor, Role
from mutuali.equipment.models import Unit
from mutuali.equipment.rules import Approver
from mutuali.jobs.jobs import work_through
from mutuali.web import signing
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from tests.factories import World
from tests.imports.commands import run_import, write_csv
from tests.imports.test_loans import LOANS, MAPPING, Network

HERE = "/intendance/en-avons-nous-besoin"
LESS = "/intendance/recueillir-moins"


@pytest.fixture
def today(session: Session) -> World:
    return World(session, utc_now())


@pytest.fixture
def steward(today: World, client: FlaskClient) -> Actor:
    actor = today.person(role=Role.STEWARD)
    today.sign_in(client, actor)
    return actor


def dropped(app: Flask, session: Session, steward: Actor, question: Question) -> str:
    """Drop a question as the page does."""
    with app.app_context():
        done = service.ask_less(
            session, steward, question, sign=signed, public_id=new_public_id(), now=utc_now()
        )
    session.commit()
    return done.public_id


def test_the_page_shows_its_lists_in_both_languages_and_the_way_to_it(
    session: Session, today: World, steward: Actor, client: FlaskClient
) -> None:
    assert HERE in client.get("/intendance/registres").text
    shown = client.get(HERE).text
    for words in ("Ce que rien ne lit", "document.checked_by", "Comment nous le savons", LESS):
        assert words in shown
    assert "3 ans et 3 mois" in shown
    assert "Do we need this?" in client.get(f"{HERE}?lang=en").text


def test_each_column_that_is_called_unread_is_read_by_no_page() -> None:
    """What the page says today of the code as it is; a new one is looked at before it is kept."""
    app = Flask(__name__, template_folder=str(Path(__file__).parents[2] / "templates"))
    with app.app_context():
        unread_columns.cache_clear()
        told = {f"{each.table}.{each.column}" for each in unread_columns()}
    assert told == {
        "agreement_suspension.lifted_by",
        "assessment.recorded_by",
        "document.added_by",
        "document.checked_by",
    }


def test_programs_read_the_report(
    session: Session, today: World, steward: Actor, client: FlaskClient
) -> None:
    headers = {"Authorization": f"Bearer {today.api_token(steward)}"}
    told = client.get("/api/v1/data-needs", headers=headers).get_json()
    assert {"unread", "empty", "due", "unused", "questions"} == set(told)
    meals = next(each for each in told["questions"] if each["question"] == "meals")
    assert meals["is_asked"] is True
    assert "loans" in meals["datasets"]
    assert meals["seen"] == ["organization", "parties"]


def test_a_question_goes_after_the_effect_is_seen_and_a_word_is_typed(
    app: Flask, session: Session, today: World, steward: Actor, client: FlaskClient
) -> None:
    unit = Unit(
        public_id=new_public_id(),
        listing_id=_listing_id(session, today.listing()),
        code="C-1",
        note="Demandez Zoé",
        created_at=utc_now(),
    )
    session.add(unit)
    session.commit()
    address = f"{LESS}/unit_note"
    shown = client.get(address).text
    assert "1 sur 1" in shown
    assert "ne reviennent pas" in shown
    for typed in ("", "oui", "x" * 21):
        refused = client.post(address, data={"word": typed})
        assert refused.status_code == 422
        assert "champ-word" in refused.text
    session.refresh(unit)
    assert unit.note == "Demandez Zoé"
    session.rollback()
    done = client.post(address, data={"word": "Moins"})
    assert done.status_code == 303
    session.refresh(unit)
    assert unit.note == ""
    session.rollback()
    assert client.post(address, data={"word": "less"}).status_code == 409
    shown = client.get(HERE).text
    assert "N’est plus posée." in shown
    assert "Demandez Zoé" not in shown


def test_the_certificate_is_signed_and_printed_in_both_languages(
    app: Flask, session: Session, steward: Actor, client: FlaskClient
) -> None:
    public_id = dropped(app, session, steward, Question.TRIP_NOTE)
    told = json.loads(client.get(f"{LESS}/certificats/{public_id}.json").data)
    with app.app_context():
        signature = signing.Signature(told["key_id"], told["signature"])
        assert signing.verifies(canonical(told["certificate"]), signature)
    assert told["certificate"]["question"] == "trip_note"
    papers = [
        client.get(f"{LESS}/certificats/{public_id}.pdf?lang={lang}") for lang in ("fr", "en")
    ]
    assert all(each.data.startswith(b"%PDF-") for each in papers)
    assert papers[0].data != papers[1].data
    for answer in papers:
        assert answer.headers["Cache-Control"] == "no-store"
    for ending in ("json", "pdf"):
        assert client.get(f"{LESS}/certificats/{'x' * 22}.{ending}").status_code == 404


def test_a_question_that_a_dataset_needs_says_why_it_stays(
    steward: Actor, client: FlaskClient
) -> None:
    shown = client.get(f"{LESS}/meals").text
    assert "est fait de ces réponses" in shown
    assert 'name="word"' not in shown
    refused = client.post(f"{LESS}/meals", data={"word": "moins"})
    assert refused.status_code == 422
    assert "est fait de ces réponses" in refused.text
    for name in ("inconnue", "booking.note", "NOTE"):
        assert client.get(f"{LESS}/{name}").status_code == 404
        assert client.post(f"{LESS}/{name}", data={"word": "moins"}).status_code == 404
        assert client.get(f"{LESS}/{name}/de-nouveau").status_code == 404


def test_asking_again_takes_three_answers_and_keeps_what_was_typed(
    app: Flask, session: Session, steward: Actor, client: FlaskClient
) -> None:
    dropped(app, session, steward, Question.TRIP_NOTE)
    address = f"{LESS}/trip_note/de-nouveau"
    good = {
        "purpose": "Dire ce qui monte.",
        "keep": "inventory.keep.loan",
        "seen": "members",
    }
    for wrong, field in (
        ({"purpose": ""}, "purpose"),
        ({"purpose": "court"}, "purpose"),
        ({"purpose": "x" * 301}, "purpose"),
        ({"keep": "toujours"}, "keep"),
        ({"keep": "inventory.keep.log"}, "keep"),
        ({"seen": ""}, "seen"),
        ({"seen": "everybody"}, "seen"),
    ):
        refused = client.post(address, data=good | wrong)
        assert refused.status_code == 422
        assert f'href="#champ-{field}"' in refused.text
        if field != "purpose":
            assert "Dire ce qui monte." in refused.text
    assert client.post(address, data=good).status_code == 303
    assert "Dire ce qui monte." in client.get(HERE).text
    assert client.post(address, data=good).status_code == 409
    [less, again] = session.scalars(sa.select(CollectionChoice).order_by(CollectionChoice.id))
    assert (less.collects, again.collects) == (False, True)


def test_neither_a_page_nor_a_program_nor_a_file_writes_what_is_asked_no_more(
    app: Flask, session: Session, steward: Actor, client: FlaskClient, tmp_path: Path
) -> None:
    network = Network(app, session, tmp_path)
    network.mapping.write_text(f'{MAPPING}note = "note"\n', "utf-8")
    dropped(app, session, steward, Question.NOTE)
    world = World(session, utc_now())
    truck = world.listing(approver=Approver.NOBODY)
    taker = world.member(world.organization()[0])
    headers = {"Authorization": f"Bearer {world.api_token(taker)}"}
    day = local(world.now).date() + timedelta(days=3)
    period = Period(instant_at(day, time(9)), instant_at(day, time(11)))
    asked = client.post(
        "/api/v1/bookings",
        json={
            "listing": truck,
            "starts_at": period.start.isoformat(),
            "ends_at": period.end.isoformat(),
            "purpose": "event",
            "note": "Par un programme",
        },
        headers=headers,
    )
    assert asked.status_code == 201
    assert "Par un programme" not in asked.text
    browser = app.test_client()
    world.sign_in(browser, taker)
    assert 'name="note"' not in browser.get(f"/annonces/{truck}").text
    assert 'name="meals"' in browser.get(f"/annonces/{truck}").text
    form = {"day": str(day), "starts": "13:00", "ends": "15:00", "purpose": "event"}
    sent = browser.post(f"/annonces/{truck}/demander", data=form | {"note": "Par la page"})
    assert sent.status_code == 303
    network.crates()
    columns = (*LOANS, "note")
    row = (*network.loan("1", "2018-09-01 09:00", "2018-09-01 10:00"), "Par un fichier")
    file = write_csv(tmp_path / "prets.csv", columns, [row])
    said = run_import(app, "loans", file, mapping=network.mapping)
    assert said.status == 0, said
    assert 'column note: left out. "note" is asked no more.' in said.report
    session.rollback()
    stored = session.scalars(sa.select(Booking.note)).all()
    assert list(stored) == ["", "", ""]
    with Path(file).open(encoding="utf-8") as lines:
        assert "Par un fichier" in {cell for line in csv.reader(lines) for cell in line}


def test_a_spreadsheet_says_which_of_its_answers_were_left_out(
    app: Flask, session: Session, steward: Actor, today: World
) -> None:
    dropped(app, session, steward, Question.UNIT_NOTE)
    owner = today.organization()
    lender, truck = today.member(owner[0]), today.listing(owner, units=3)
    session.commit()
    content = "".join(
        f"{line}\r\n"
        for line in (
            "listing,title,code,condition,note",
            f"{truck},,C-1,good,Roue de secours",
            f"{truck},,C-2,good,",
            f"{truck},,C-3,good,Pneus d’hiver",
        )
    )
    browser = app.test_client()
    today.sign_in(browser, lender)
    looked = browser.post(
        "/organisme/fichiers", data={"kind": "units", "file": (BytesIO(content.encode()), "u.csv")}
    )
    assert "Colonne «\u00a0note\u00a0»\u00a0: 2 réponses laissées de côté" in looked.text
    assert "3 lignes nouvelles" in looked.text

    headers = {"Authorization": f"Bearer {today.api_token(lender)}"}
    body = {"content": content}
    first = app.test_client().post("/api/v1/own-files/units", json=body, headers=headers)
    again = app.test_client().post("/api/v1/own-files/units", json=body, headers=headers)

    assert first.get_json()["left_out"] == [{"column": "note", "answers": 2}]
    assert (first.get_json()["added"], again.get_json()["same"]) == (3, 3)


def test_a_restored_backup_has_them_removed_again(
    app: Flask, session: Session, today: World, steward: Actor
) -> None:
    dropped(app, session, steward, Question.UNIT_NOTE)
    work_through(app)
    # As a backup from before would bring them back: no decision, and an answer.
    listing_id = _listing_id(session, today.listing())
    _forget_decisions(session)
    session.add(
        Unit(
            public_id=new_public_id(),
            listing_id=listing_id,
            code="C-1",
            note="Demandez Zoé",
            created_at=utc_now(),
        )
    )
    session.commit()
    assert list(session.scalars(sa.select(Unit.note))) == ["Demandez Zoé"]
    session.rollback()
    said = app.test_cli_runner().invoke(args=["collecting", "reapply"])
    assert said.output.strip() == "1 questions are asked no more, 1 removed again"
    session.rollback()
    assert list(session.scalars(sa.text("SELECT note FROM unit"))) == [""]
    session.rollback()
    again = app.test_cli_runner().invoke(args=["collecting", "reapply"])
    assert "0 removed again" in again.output


def _listing_id(session: Session, public_id: str) -> int:
    found = session.scalar(
        sa.text("SELECT id FROM listing WHERE public_id = :id").bindparams(id=public_id)
    )
    return int(found)


def _forget_decisions(session: Session) -> None:
    """What the guard refuses to everybody, a restore does."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("ALTER TABLE collection_choice DISABLE TRIGGER ALL"))
        session.execute(sa.text("DELETE FROM collection_choice"))
        session.execute(sa.text("ALTER TABLE collection_choice ENABLE TRIGGER ALL"))
        return
    kept = session.scalar(
        sa.text("SELECT sql FROM sqlite_master WHERE name = 'collection_choice_no_delete'")
    )
    session.execute(sa.text("DROP TRIGGER collection_choice_no_delete"))
    session.execute(sa.text("DELETE FROM collection_choice"))
    session.execute(sa.text(str(kept)))
