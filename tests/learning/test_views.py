"""The pages of learning, the card offered on others', and the JSON doors."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.core.charter import Principle
from mutuali.core.permissions import Actor
from mutuali.learning import service
from mutuali.learning.models import LearnedCard
from mutuali.learning.rules import CARDS
from mutuali.web.once import AnswerOnce
from tests.agreements.made import in_force
from tests.agreements.made import set_table as set_agreement_table
from tests.consent.made import published, set_table
from tests.exports.ready import ready
from tests.factories import World

CARD = CARDS["ask-less"]
ADDRESS = f"/apprendre/{CARD.code}"
WRONG = CARD.right % 3 + 1
FRENCH, ENGLISH = CARD.texts["fr"], CARD.texts["en"]


@pytest.fixture
def reader(world: World) -> Actor:
    world.now = datetime.now(UTC)
    return world.member(world.organization()[0])


def stored(session: Session) -> int:
    session.expire_all()
    return session.scalar(sa.select(sa.func.count()).select_from(LearnedCard)) or 0


def test_anybody_reads_every_card_under_its_principle(client: FlaskClient) -> None:
    page = client.get("/apprendre").text
    assert len(re.findall(r'<section aria-labelledby="\w+"><h3', page)) == len(Principle)
    for card in CARDS.values():
        assert f'href="/apprendre/{card.code}"' in page
        assert client.get(f"/apprendre/{card.code}").status_code == 200
    assert "rien n’est gardé" in page
    assert "Mon attestation" not in page
    english = client.get(f"{ADDRESS}?lang=en").text
    assert ENGLISH.title in english
    assert ENGLISH.example in english
    assert client.get("/apprendre/nulle-part").status_code == 404


def test_a_card_reads_aloud(client: FlaskClient) -> None:
    """Headings in order, the question as the legend of its choices, the picture in words."""
    page = client.get(ADDRESS).text
    main = page[page.index("<main") : page.index("</main>")]
    assert re.findall(r"<h(\d)", main) == ["1", "2", "2"]
    assert FRENCH.question in re.search(r"<legend[^>]*>(.*?)</legend>", main, re.S)[1]  # type: ignore[index]
    assert main.count('type="radio"') == 3
    assert re.search(r'<svg class="drawing"[^>]*role="img" aria-labelledby="(\S+) (\S+)"', main)
    assert re.search(r'<title id="dessin-titre">[^<]+</title><desc id="dessin-dit">[^<]+', main)
    page = client.get(f"{ADDRESS}?choice={WRONG}").text
    assert 'role="status"' in page[page.index("<main") :]
    assert "<title>Pas tout à fait" in page


def test_a_visitor_answers_and_nothing_is_stored(client: FlaskClient, session: Session) -> None:
    answer = client.post(ADDRESS, data={"choice": WRONG, "_once": "x" * 22})
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).text
    assert FRENCH.choices[WRONG - 1].feedback in page
    assert FRENCH.choices[CARD.right - 1].feedback in page
    assert "Pas tout à fait" in page
    assert "rien n’est gardé" in page
    assert stored(session) == 0
    for table in (AuditEvent, AnswerOnce):
        assert session.scalars(sa.select(table)).all() == []


def test_an_answer_of_somebody_signed_in_is_kept_and_can_be_given_again(
    world: World, client: FlaskClient, session: Session, reader: Actor
) -> None:
    world.sign_in(client, reader)
    page = client.post(ADDRESS, data={"choice": WRONG}, follow_redirects=True).text
    assert "Pas tout à fait" in page
    assert "À relire" in client.get("/apprendre").text
    page = client.post(ADDRESS, data={"choice": CARD.right}, follow_redirects=True).text
    assert "C’est juste" in page
    assert "Carte suivante" in page
    assert stored(session) == 1
    assert "Bien répondu" in client.get(ADDRESS).text
    listed = client.get("/apprendre").text
    assert "1 carte lue sur 26" in listed
    assert "/apprendre/attestation" in listed


def test_an_answer_without_a_choice_is_asked_for_beside_the_question(
    world: World, client: FlaskClient, session: Session, reader: Actor
) -> None:
    world.sign_in(client, reader)
    for data in ({}, {"choice": "4"}, {"choice": "deux"}):
        answer = client.post(ADDRESS, data=data)
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text
        assert FRENCH.question in answer.text
    assert client.get(f"{ADDRESS}?choice=9").status_code == 422
    assert stored(session) == 0


def test_the_certificate_says_who_read_what_and_that_it_is_no_diploma(
    world: World, client: FlaskClient, session: Session, reader: Actor
) -> None:
    assert client.get("/apprendre/attestation").status_code == 303
    world.sign_in(client, reader)
    assert "Aucune carte lue" in client.get("/apprendre/attestation").text
    now = datetime.now(UTC)
    for code in ("ask-less", "letting-go", "no-name"):
        service.answer(session, reader, code, CARDS[code].right, now=now)
    session.commit()
    page = client.get("/apprendre/attestation").text
    (name,) = session.execute(
        sa.text("SELECT name FROM person WHERE id = :id"), {"id": reader.person_id}
    ).one()
    assert f"{name} a lu 3 cartes" in page
    assert "3 sur 26" in page
    assert "2 sur 13" in page
    assert "ni un diplôme" in page
    assert "Sobriété numérique" in page


def test_the_footer_the_transparency_page_and_ones_organization_lead_to_the_cards(
    world: World, client: FlaskClient, reader: Actor
) -> None:
    assert client.get("/").text.count('href="/apprendre"') == 1
    assert client.get("/transparence").text.count('href="/apprendre"') == 2
    world.sign_in(client, reader)
    page = client.get("/organisme").text
    assert page.count('href="/apprendre"') == 2
    assert "sur 26" not in page
    client.post(ADDRESS, data={"choice": 1})
    assert "1 carte lue sur 26" in client.get("/organisme").text


def test_a_card_is_offered_before_the_first_answer_about_consent_and_leads_back(
    world: World, client: FlaskClient, session: Session, reader: Actor
) -> None:
    home = "/organisme/consentements"
    world.sign_in(client, reader)
    assert "Avant votre première réponse" not in client.get(home).text
    published(session, set_table(world), now=world.now)
    session.commit()
    page = client.get(home).text
    assert "Avant votre première réponse" in page
    (card,) = re.findall(r'href="(/apprendre/free-yes\?[^"]+)"', page)
    page = client.get(card.replace("&amp;", "&")).text
    sent = dict(re.findall(r'type="hidden" name="(moment|subject)" value="([^"]*)"', page))
    sent["choice"] = "1"
    page = client.post("/apprendre/free-yes", data=sent, follow_redirects=True).text
    assert f'href="{home}"' in page
    assert "Revenir où j’étais" in page
    assert "Avant votre première réponse" not in client.get(home).text


def test_later_puts_the_card_away_and_goes_on_where_one_was(
    world: World, client: FlaskClient, session: Session, reader: Actor
) -> None:
    home = "/organisme/consentements"
    published(session, set_table(world), now=world.now)
    world.sign_in(client, reader)
    answer = client.post("/apprendre/free-yes/plus-tard", data={"moment": "consent"})
    assert (answer.status_code, answer.headers["Location"]) == (303, home)
    assert "Avant votre première réponse" not in client.get(home).text
    assert "Plus tard" in client.get("/apprendre").text
    assert stored(session) == 1


def test_a_card_is_offered_on_the_first_question_of_an_agreement_only(
    world: World, client: FlaskClient, session: Session, reader: Actor
) -> None:
    table = set_agreement_table(world)
    world.sign_in(client, table.steward)
    assert "Avant d’écrire une entente" in client.get("/ententes/nouvelle").text
    partner = session.execute(
        sa.text("SELECT public_id FROM organization WHERE id = :id"), {"id": table.partner_id}
    ).scalar_one()
    session.commit()
    second = client.post("/ententes/nouvelle", data={"partner": partner}).headers["Location"]
    assert second.endswith("/questions/2")
    assert "Avant d’écrire une entente" not in client.get(second).text
    first = second.replace("/questions/2", "/questions/1")
    page = client.get(first).text
    assert "Avant d’écrire une entente" in page
    sent = dict(re.findall(r'type="hidden" name="(moment|subject)" value="([^"]*)"', page))
    answer = client.post("/apprendre/four-answers/plus-tard", data=sent)
    assert answer.headers["Location"] == first
    for address in (first, "/ententes/nouvelle"):
        assert "Avant d’écrire une entente" not in client.get(address).text


def test_a_card_is_offered_to_whoever_answers_for_a_release(
    app: Flask, world: World, client: FlaskClient, session: Session, reader: Actor
) -> None:
    table = set_agreement_table(world)
    now = world.now
    days = {
        "starts_on": now.date() - timedelta(days=1),
        "ends_on": now.date() + timedelta(days=99),
    }
    agreement = in_force(session, table, now=now, **days)
    staged: dict[str, Any] = {
        "state": "in_review",
        "file_key": None,
        "staged_key": f"exports/{'s' * 22}.zip",
    }
    unsaid: dict[str, Any] = dict.fromkeys(("signed_by", "released_at", "ended_at"))
    export = ready(app, session, table, agreement, b"x", now=now, **staged, **unsaid)
    world.sign_in(client, table.steward)
    address = f"/exportations/{export}/examen"
    page = client.get(address).text
    assert "Avant de laisser sortir des données" in page
    answer = client.post(
        "/apprendre/no-name", data={"choice": 2, "moment": "release", "subject": export}
    )
    assert f'href="{address}"' in client.get(answer.headers["Location"]).text
    assert "Avant de laisser sortir" not in client.get(address).text


def test_where_a_card_leads_back_to_is_always_a_page_of_ours(
    world: World, client: FlaskClient, reader: Actor
) -> None:
    world.sign_in(client, reader)
    later = "/apprendre/no-name/plus-tard"
    for subject in ("//ailleurs.example", "../..", "\\\\ailleurs.example"):
        sent = {"moment": "release", "subject": subject}
        where = client.post(later, data=sent).headers["Location"]
        assert re.fullmatch(r"/exportations/[^/]+/examen", where), where
    assert client.post(later, data={}).headers["Location"] == "/apprendre"
    assert client.post(later, data={"moment": "nowhere"}).status_code == 422


def test_a_program_reads_cards_answers_and_reads_how_far_it_is(
    world: World, client: FlaskClient, session: Session, reader: Actor
) -> None:
    listed = client.get("/api/v1/learning").get_json()
    assert (listed["answered"], listed["total"], listed["next"]) == (0, 26, "no-name")
    assert [each["code"] for each in listed["cards"]] == list(CARDS)
    assert {each["outcome"] for each in listed["cards"]} == {None}
    one = client.get(f"/api/v1/learning/{CARD.code}").get_json()
    assert one["fr"]["paragraphs"] == list(FRENCH.paragraphs)
    assert one["en"]["choices"] == [each.text for each in ENGLISH.choices]
    assert "right" not in str(sorted(one))
    assert client.get("/api/v1/learning/nowhere").status_code == 404

    session.commit()
    address = f"/api/v1/learning/{CARD.code}/answer"
    assert client.post(address, json={"choice": 1}).status_code == 401
    headers = {"Authorization": f"Bearer {world.api_token(reader, 'data.own')}"}
    said = client.post(address, json={"choice": WRONG}, headers=headers)
    assert said.get_json() == {
        "is_right": False,
        "right_choice": CARD.right,
        "feedback_fr": FRENCH.choices[WRONG - 1].feedback,
        "feedback_en": ENGLISH.choices[WRONG - 1].feedback,
    }
    assert client.post(address, json={"choice": 4}, headers=headers).status_code == 422
    listed = client.get("/api/v1/learning", headers=headers).get_json()
    assert listed["answered"] == 1
    assert [each["code"] for each in listed["cards"] if each["outcome"] == "wrong"] == [CARD.code]
    narrow = {"Authorization": f"Bearer {world.api_token(reader, 'booking.read')}"}
    assert client.get("/api/v1/learning", headers=narrow).get_json()["answered"] == 0
    assert client.post(address, json={"choice": 1}, headers=narrow).status_code == 403
