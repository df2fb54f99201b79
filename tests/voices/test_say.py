"""Anybody says something without an account; programs are turned away, and people lose nothing."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from mutuali.app import create_app
from mutuali.audit.models import AuditEvent
from mutuali.extensions import db, limiter
from mutuali.storage import Base
from mutuali.voices.models import Voice
from mutuali.voices.rules import MOST_A_DAY
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from tests.factories import World
from tests.voices.made import WORDS, everything, form, says

SAY = "/dites-nous"
MINE = "Où va ce que j’écris, et qui d’autre que vous le lit?"


def how_much(session: Session) -> dict[str, int]:
    """How many rows every table holds."""
    session.rollback()
    found = {
        table.name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }
    session.rollback()
    return found


def kept(answer: TestResponse) -> bool:
    """Whether the page shows all that was typed once more."""
    page = html.unescape(answer.text)
    return MINE in page and 'value="zoe@exemple.org"' in page and 'value="/aide"' in page


def voices(session: Session) -> list[Voice]:
    session.rollback()
    found = list(session.scalars(sa.select(Voice).order_by(Voice.id)))
    session.expunge_all()
    session.rollback()
    return found


def test_somebody_without_an_account_says_something_about_a_page(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    page = client.get(f"{SAY}?page=/aide&lang=fr").text
    assert 'name="page" value="/aide"' in page
    assert "répond en 30 jours" in html.unescape(page)
    typed = form(app, words=MINE, email="zoe@exemple.org", leave="yes", page="/aide")
    answer = client.post(f"{SAY}?lang=fr", data=typed)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{SAY}/merci?courriel=1")
    assert "s’effacera" in html.unescape(client.get(answer.headers["Location"]).text)
    (found,) = voices(session)
    assert (found.words, found.topic, found.page, found.language) == (MINE, "kept", "/aide", "fr")
    assert (found.email, found.may_publish, found.state) == ("zoe@exemple.org", True, "waiting")


def test_no_address_no_yes_and_no_page_are_the_default(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    sent = form(app)
    del sent["leave"]
    assert client.post(f"{SAY}?lang=en", data=sent).headers["Location"] == f"{SAY}/merci"
    (found,) = voices(session)
    assert (found.email, found.may_publish, found.page, found.language) == (None, False, "", "en")
    shown = re.findall(r'name="leave" value="(\w+)"( checked)?', client.get(SAY).text)
    assert shown == [("no", " checked"), ("yes", "")]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"website": "https://boites.example"}, "Un champ caché s’est rempli"),
        ({"words": f"{MINE} http://a.ca http://b.ca http://c.ca"}, "Retirez des liens"),
        ({"topic": ""}, "Remplissez ce champ"),
        ({"topic": "hello"}, "Choisissez une des réponses"),
        ({"leave": "maybe"}, "Choisissez une des réponses"),
    ],
)
def test_a_refusal_says_what_to_do_keeps_what_was_typed_and_stores_nothing(
    app: Flask, session: Session, client: FlaskClient, wrong: dict[str, str], said: str
) -> None:
    before = how_much(session)
    typed = form(app, words=MINE, email="zoe@exemple.org", page="/aide", _once=new_public_id())
    answer = client.post(f"{SAY}?lang=fr", data={**typed, **wrong})
    assert answer.status_code == 422
    assert said in html.unescape(answer.text)
    assert kept(answer)
    assert "boites.example" not in answer.text
    assert how_much(session) == before


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(seconds=1), "plus vite qu’une personne"),
        (timedelta(days=1, seconds=5), "ouverte trop longtemps"),
    ],
)
def test_a_form_is_sent_neither_at_once_nor_days_later(
    app: Flask, session: Session, client: FlaskClient, ago: timedelta, said: str
) -> None:
    before = how_much(session)
    typed = form(app, ago, words=MINE, email="zoe@exemple.org", page="/aide")
    answer = client.post(f"{SAY}?lang=fr", data=typed)
    assert answer.status_code == 422
    assert said in html.unescape(answer.text)
    assert kept(answer)
    assert how_much(session) == before


@pytest.mark.parametrize("token", ["", "forged", "eyJhIjoxfQ.abc.def"])
def test_a_form_that_we_did_not_write_is_written_anew(
    app: Flask, session: Session, client: FlaskClient, token: str
) -> None:
    typed = form(app, words=MINE, email="zoe@exemple.org", page="/aide")
    answer = client.post(f"{SAY}?lang=fr", data={**typed, "token": token})
    assert answer.status_code == 422
    assert kept(answer)
    assert token_in(answer) not in {token, ""}
    assert voices(session) == []


def token_in(answer: TestResponse) -> str:
    return re.findall(r'name="token" value="([^"]*)"', answer.text)[0]


def test_whoever_corrects_a_word_does_not_wait_again_and_a_spent_form_is_replaced(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    typed = form(app, words="Court")
    answer = client.post(f"{SAY}?lang=fr", data=typed)
    assert "Écrivez au moins 10 caractères" in answer.text
    assert token_in(answer) == typed["token"]
    assert client.post(SAY, data={**typed, "words": MINE}).status_code == 303
    again = client.post(f"{SAY}?lang=fr", data={**typed, "words": "Une deuxième chose à dire"})
    assert again.status_code == 422
    assert "a déjà servi" in html.unescape(again.text)
    assert token_in(again) != typed["token"]
    assert len(voices(session)) == 1


def test_a_double_click_says_it_once(app: Flask, session: Session, client: FlaskClient) -> None:
    typed = form(app, words=MINE, _once=new_public_id())
    first, second = (client.post(SAY, data=typed) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert len(voices(session)) == 1


def test_the_same_words_are_refused_and_stay_in_the_form(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    says(session, MINE, now=utc_now())
    session.commit()
    typed = form(app, words=MINE.upper(), email="zoe@exemple.org", page="/aide")
    answer = client.post(f"{SAY}?lang=fr", data=typed)
    assert answer.status_code == 422
    assert "déjà arrivés" in html.unescape(answer.text)
    assert MINE.upper() in html.unescape(answer.text)
    assert len(voices(session)) == 1


def test_a_full_day_says_so_and_keeps_what_was_typed(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    for number in range(MOST_A_DAY):
        says(session, f"Question numéro {number} de la journée", now=utc_now())
    session.commit()
    typed = form(app, words=MINE, email="zoe@exemple.org", page="/aide")
    answer = client.post(f"{SAY}?lang=fr", data=typed)
    assert answer.status_code == 422
    assert "de nouveau demain" in html.unescape(answer.text)
    assert kept(answer)
    assert len(voices(session)) == MOST_A_DAY


def test_people_do_not_see_the_field_that_must_stay_empty(client: FlaskClient) -> None:
    page = client.get(SAY).text
    (around,) = re.findall(
        r"<div([^>]*)>\s*<label[^>]*>[^<]*</label><input([^>]*website[^>]*)>", page
    )
    assert 'class="visually-hidden"' in around[0]
    assert 'aria-hidden="true"' in around[0]
    assert 'tabindex="-1"' in around[1]
    assert 'autocomplete="off"' in around[1]
    assert 'value=""' in around[1]


@pytest.fixture
def limited(app: Flask) -> Iterator[Flask]:
    """The application as it runs: with its limits, and asking each form where it stood."""
    own = replace(app.config["SETTINGS"], mode="demo")
    running = create_app(own, TESTING=True)
    yield running
    limiter.enabled = False
    with running.app_context():
        db.engine.dispose()


def in_our_page(client: FlaskClient) -> dict[str, str]:
    """What a form of ours carries against other sites."""
    (token,) = set(re.findall(r'name="csrf_token" value="([^"]*)"', client.get(SAY).text))
    return {"csrf_token": token}


def test_from_one_address_five_are_taken_in_an_hour_and_the_next_loses_nothing(
    limited: Flask, session: Session
) -> None:
    client = limited.test_client()
    client.environ_base["REMOTE_ADDR"] = "203.0.113.77"
    guard = in_our_page(client)
    refused = form(limited, words="Court", **guard)
    statuses = [client.post(SAY, data=refused).status_code for _ in range(3)]
    for number in range(5):
        typed = form(limited, words=f"Ma question numéro {number}", **guard)
        statuses.append(client.post(SAY, data=typed).status_code)
    # What was refused does not count.
    assert statuses == [422] * 3 + [303] * 5
    typed = form(limited, words=MINE, email="zoe@exemple.org", page="/aide", **guard)
    answer = client.post(f"{SAY}?lang=fr", data=typed)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 3601
    assert "attendez une heure" in html.unescape(answer.text)
    assert kept(answer)
    assert len(voices(session)) == 5
    # Somebody else may still speak; and nothing of the address is stored, nor counted by.
    other = limited.test_client()
    other.environ_base["REMOTE_ADDR"] = "203.0.113.78"
    typed = form(limited, words=MINE, **in_our_page(other))
    assert other.post(SAY, data=typed).status_code == 303
    assert "203.0.113" not in everything(session)
    counted = repr(vars(limiter.storage))
    assert "LIMITER" in counted
    assert "203.0.113" not in counted


def test_a_form_of_another_site_is_refused_and_a_person_who_waited_loses_nothing(
    limited: Flask, session: Session
) -> None:
    client = limited.test_client()
    typed = form(limited, words=MINE, email="zoe@exemple.org", page="/aide")
    answer = client.post(f"{SAY}?lang=fr", data=typed)
    assert answer.status_code == 422
    assert "ouverte trop longtemps" in html.unescape(answer.text)
    assert kept(answer)
    assert voices(session) == []


def test_who_is_signed_in_says_it_without_their_name(
    app: Flask, world: World, session: Session, client: FlaskClient
) -> None:
    member = world.member(world.organization()[0])
    world.sign_in(client, member)
    assert client.post(SAY, data=form(app, words=MINE)).status_code == 303
    session.rollback()
    event = session.scalars(sa.select(AuditEvent).where(AuditEvent.name == "voice.received")).one()
    assert event.person_id is None
    (found,) = voices(session)
    people = {column.name for column in Voice.__table__.columns if column.foreign_keys}
    assert {name: getattr(found, name) for name in people} == {
        "closed_by": None,
        "public_answer_id": None,
    }


@pytest.mark.parametrize(
    "page", ["//evil.example/", "https://evil.example", "javascript:alert(1)", "/a?jeton=secret"]
)
def test_a_page_that_is_none_of_ours_is_left_out(
    app: Flask, session: Session, client: FlaskClient, page: str
) -> None:
    assert 'name="page"' not in client.get(SAY, query_string={"page": page}).text
    assert client.post(SAY, data=form(app, page=page)).status_code == 303
    assert voices(session)[0].page == ""


def foot(answer: TestResponse) -> str:
    """Where the way to say something at the foot of a page leads."""
    (found,) = re.findall(r'<a href="(/dites-nous[^"]*)"', answer.text.partition("<footer")[2])
    return html.unescape(found)


def about(answer: TestResponse) -> str:
    """The page that it says it is about."""
    return parse_qs(urlsplit(foot(answer)).query).get("page", [""])[0]


def test_every_public_page_leads_to_the_form_about_itself(
    world: World, session: Session, client: FlaskClient
) -> None:
    listing = world.listing()
    session.commit()
    for path in ("/", "/aide", "/transparence", f"/annonces/{listing}", "/connexion"):
        assert about(client.get(path)) == path
        assert f'name="page" value="{path}"' in client.get(foot(client.get(path))).text
    assert about(client.get("/nulle-part")) == ""
    assert foot(client.get(SAY)) == SAY


def test_a_page_that_only_some_read_or_a_secret_address_is_named_by_its_kind(
    world: World, session: Session, client: FlaskClient
) -> None:
    assert about(client.get("/confirmer/un-secret")) == "/confirmer"
    assert about(client.get("/conduite/un-secret")) == "/conduite"
    world.now = utc_now()
    member = world.member(world.organization()[0])
    listing = world.listing((member.organization_id or 0, 1))
    world.sign_in(client, member)
    assert about(client.get(f"/annonces/{listing}/modifier")) == "/annonces"
    assert about(client.get("/reservations")) == "/reservations"


def test_hostile_text_comes_back_as_it_went_in_or_names_its_field(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    for text in ("<script>alert(1)</script>", "{{ 7*7 }} {% raw %}", "' OR 1=1 -- x", "🙂" * 12):
        assert client.post(SAY, data=form(app, words=text)).status_code == 303
        assert voices(session)[-1].words == text
    for text in ("dix lettres\x00", "x" * 2001, "          "):
        assert client.post(SAY, data=form(app, words=text)).status_code == 422
    for field in ("topic", "leave", "email"):
        answer = client.post(SAY, data=form(app, **{field: "\x00<b>no</b>"}))
        assert answer.status_code == 422
        assert "<b>no" not in answer.text
    assert client.post(SAY, data=form(app, words=WORDS, page="\x00")).status_code == 303
