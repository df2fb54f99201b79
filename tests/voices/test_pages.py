"""What waits is answered on a page; everybody reads what was published, and nothing else."""

import html
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from mutuali.core.permissions import Actor, Role
from mutuali.voices import service
from mutuali.voices.models import PublicAnswer, Voice
from mutuali.voices.rules import Draft, Junk, Leave, Topic
from mutuali.web.clock import utc_now
from tests.factories import World
from tests.voices.made import WORDS, published, row, says
from tests.web.test_route_by_role import ROUTES

DESK = "/intendance/paroles"
PUBLIC = "/questions-et-reponses"
ANSWER = {"heading_fr": "Ce qui reste d’un passage", "words_fr": "Rien du tout."}


@pytest.fixture
def desk(world: World, client: FlaskClient) -> Actor:
    """A coordinator, signed in."""
    world.now = utc_now()
    actor = world.person(role=Role.COORDINATOR)
    world.sign_in(client, actor)
    return actor


def said_now(session: Session, words: str = WORDS, **more: Any) -> str:
    id_ = says(session, words, now=utc_now(), **more)
    session.commit()
    return id_


def read(answer: TestResponse) -> str:
    """A page as its reader reads it."""
    assert answer.status_code in {200, 409, 422}, answer.status_code
    return html.unescape(answer.text)


def test_a_question_is_answered_in_public_from_the_list_of_what_waits(
    session: Session, client: FlaskClient, desk: Actor
) -> None:
    id_ = said_now(session, page="/aide", email="zoe@exemple.org")
    assert "1 question ou remarque du public attend" in read(client.get("/a-faire?lang=fr"))
    shown = read(client.get(f"{DESK}?lang=fr"))
    assert f"{DESK}/{id_}" in shown
    assert "encore 30 jours" in shown
    page = read(client.get(f"{DESK}/{id_}?lang=fr"))
    assert WORDS in page
    assert 'href="/aide"' in page
    assert "il ne se montre pas" in page
    assert "zoe@exemple.org" not in shown + page
    answer = client.post(f"{DESK}/{id_}/publier", data={"shown": WORDS, **ANSWER})
    assert (answer.status_code, answer.headers["Location"]) == (303, DESK)
    public = read(client.get(f"{PUBLIC}?lang=fr"))
    for words in (WORDS, *ANSWER.values(), "Ce qui est gardé"):
        assert words in public
    assert "du public attend" not in read(client.get("/a-faire?lang=fr"))


def test_words_that_lead_to_somebody_come_with_a_warning_and_a_version_without_them(
    session: Session, client: FlaskClient, desk: Actor
) -> None:
    words = "Zoé, au 514 555-0199 ou zoe@exemple.org, demande combien de temps."
    id_ = said_now(session, words)
    page = read(client.get(f"{DESK}/{id_}?lang=fr"))
    assert "Ces mots mènent à quelqu’un" in page
    assert "un numéro de téléphone" in page
    assert "Zoé, au […] ou […], demande combien de temps.</textarea>" in page
    sent = {"shown": words, **ANSWER}
    refused = client.post(f"{DESK}/{id_}/publier?lang=fr", data=sent)
    assert refused.status_code == 422
    again = read(refused)
    assert "y est encore. Retirez-le" in again
    assert f"{words}</textarea>" in again
    assert ANSWER["words_fr"] in again
    sent["shown"] = "Quelqu’un demande combien de temps."
    assert client.post(f"{DESK}/{id_}/publier", data=sent).status_code == 303
    public = read(client.get(f"{PUBLIC}?lang=fr"))
    assert "Quelqu’un demande combien de temps." in public
    assert "des mots furent retirés" in public
    assert "555-0199" not in public
    assert "zoe@" not in public


def test_a_question_joins_an_answer_that_stands(
    session: Session, client: FlaskClient, desk: Actor
) -> None:
    answer_id = published(session, desk, says(session, now=utc_now()), now=utc_now())
    second = said_now(session, "Et mon nom, le gardez-vous aussi?")
    assert "Ce qui reste d’un passage</option>" in read(client.get(f"{DESK}/{second}"))
    sent = {"shown": "Et mon nom, le gardez-vous aussi?", "under": answer_id}
    assert client.post(f"{DESK}/{second}/publier", data=sent).status_code == 303
    public = read(client.get(PUBLIC))
    assert public.count(f'id="{answer_id}"') == 1
    assert WORDS in public
    assert "Et mon nom, le gardez-vous aussi?" in public


def test_only_the_ways_that_are_open_are_offered(
    session: Session, client: FlaskClient, desk: Actor
) -> None:
    def offered(id_: str) -> set[str]:
        return set(re.findall(rf'action="{DESK}/{id_}/(\w+)"', client.get(f"{DESK}/{id_}").text))

    silent = said_now(session, leave=Leave.NO)
    by_mail = said_now(session, "Par courriel seulement.", leave=Leave.NO, email="z@exemple.org")
    open_to_all = said_now(session, "Publiez ma question.", email="z@exemple.org")
    assert offered(silent) == {"lu", "ecarter"}
    assert offered(by_mail) == {"repondre", "ecarter"}
    assert offered(open_to_all) == {"publier", "repondre", "ecarter"}
    refused = client.post(f"{DESK}/{silent}/publier?lang=fr", data={"shown": WORDS, **ANSWER})
    assert refused.status_code == 409
    assert "il faut un accord pour publier" in read(refused)
    assert client.post(f"{DESK}/{silent}/lu").status_code == 303
    assert offered(silent) == set()


def test_what_is_no_question_is_set_aside_with_a_reason_and_taken_up_again(
    session: Session, client: FlaskClient, desk: Actor
) -> None:
    id_ = said_now(session)
    assert client.post(f"{DESK}/{id_}/ecarter", data={}).status_code == 422
    assert client.post(f"{DESK}/{id_}/ecarter", data={"junk": "nonsense"}).status_code == 303
    page = read(client.get(f"{DESK}/{id_}?lang=fr"))
    assert "Des mots sans suite" in page
    assert client.post(f"{DESK}/{id_}/reprendre").status_code == 303
    assert row(session, id_).state == "waiting"
    session.rollback()
    assert client.post(f"{DESK}/{id_}/reprendre").status_code == 409


def test_a_private_answer_is_asked_for_its_words_and_leaves_by_mail(
    session: Session, client: FlaskClient, desk: Actor
) -> None:
    id_ = said_now(session, leave=Leave.NO, email="zoe@exemple.org")
    assert client.post(f"{DESK}/{id_}/repondre", data={}).status_code == 422
    sent = {"words": "Seulement pour vous."}
    assert client.post(f"{DESK}/{id_}/repondre", data=sent).status_code == 303
    assert "Seulement pour vous." in read(client.get(f"{DESK}/{id_}"))
    assert "Seulement pour vous." not in client.get(PUBLIC).text


def test_what_changed_is_added_later_with_a_page_where_it_is_seen(
    session: Session, client: FlaskClient, desk: Actor
) -> None:
    answer_id = published(session, desk, says(session, now=utc_now()), now=utc_now())
    session.commit()
    here = f"{DESK}/reponses/{answer_id}"
    assert here in client.get(PUBLIC).text
    assert "Rien du tout.</textarea>" in read(client.get(here))
    changed = {**ANSWER, "changed_fr": "L’avis le dit.", "changed_link": "https://evil.example"}
    refused = client.post(f"{here}?lang=fr", data=changed)
    assert refused.status_code == 422
    assert "L’avis le dit." in read(refused)
    changed["changed_link"] = "/confidentialite"
    assert client.post(here, data=changed).status_code == 303
    public = read(client.get(f"{PUBLIC}?lang=fr"))
    assert "L’avis le dit." in public
    assert '<a href="/confidentialite">Voir ce qui a changé</a>' in public


def test_a_question_is_taken_off_the_public_page(
    session: Session, client: FlaskClient, desk: Actor
) -> None:
    answer_id = published(session, desk, says(session, now=utc_now()), now=utc_now())
    (question,) = service.answers(session).answers[0].questions
    session.commit()
    here = f"{DESK}/reponses/{answer_id}"
    assert client.post(f"{here}/retirer", data={"question": "x"}).status_code == 422
    answer = client.post(f"{here}/retirer", data={"question": question.id})
    assert (answer.status_code, answer.headers["Location"]) == (303, DESK)
    assert WORDS not in read(client.get(PUBLIC))
    assert client.get(here).status_code == 404


def test_nobody_else_opens_these_pages(
    app: Flask, world: World, session: Session, desk: Actor
) -> None:
    id_ = said_now(session, leave=Leave.NO)
    client = app.test_client()
    assert client.get(f"{DESK}/{id_}").status_code == 303
    world.sign_in(client, world.member(world.organization()[0]))
    for answer in (
        client.get(DESK),
        client.get(f"{DESK}/{id_}"),
        client.post(f"{DESK}/{id_}/lu"),
        client.post(f"{DESK}/{id_}/ecarter", data={"junk": "abuse"}),
    ):
        assert answer.status_code == 403
        assert WORDS not in answer.text
    assert row(session, id_).state == "waiting"


def test_before_anybody_asked_the_public_pages_say_so(client: FlaskClient) -> None:
    assert "Personne n’a encore posé de question" in read(client.get(f"{PUBLIC}?lang=fr"))
    assert "Rien encore sur ce sujet" in read(client.get(f"{PUBLIC}?topic=idea&lang=fr"))
    assert "Personne n’a encore rien demandé" in read(client.get("/transparence?lang=fr"))
    assert client.get(f"{PUBLIC}?topic=gossip").status_code == 422


def test_the_page_of_transparency_shows_the_numbers_and_the_three_latest_answers(
    world: World, session: Session, client: FlaskClient
) -> None:
    desk = world.person(role=Role.COORDINATOR)
    now = utc_now()
    for number in range(4):
        id_ = says(session, f"Question numéro {number}", now=now)
        published(session, desk, id_, Draft(f"Titre {number}", "Mots"), now=now)
    says(session, "Une question qui attend", now=now)
    session.commit()
    page = read(client.get("/transparence?lang=fr"))
    assert "Titre 0" not in page
    assert all(f"Titre {number}" in page for number in (1, 2, 3))
    assert f'href="{PUBLIC}"' in page
    assert "Une question qui attend" not in page
    facts = dict(re.findall(r"<dt>([^<]+)</dt>\s*<dd>([^<]+)</dd>", page))
    assert facts["Reçu en tout"] == "5"
    assert facts["Répondu en public"] == "4"
    assert facts["Attend une réponse"] == "moins de 5"
    assert facts["Répondu à une personne seule, ou lu"] == "moins de 5"


def test_a_page_on_one_subject_shows_that_subject_and_every_language_says_its_own(
    world: World, session: Session, client: FlaskClient
) -> None:
    desk = world.person(role=Role.COORDINATOR)
    kept = says(session, "What do you keep?", language="en", topic=Topic.KEPT)
    both = Draft("Ce qui est gardé ici", "Peu.", "What is kept here", "Little.")
    published(session, desk, kept, both, shown="What do you keep?")
    idea = says(session, "Une idée de rien du tout", topic=Topic.IDEA)
    published(session, desk, idea, Draft("Une idée", "Merci."), shown="Une idée de rien du tout")
    session.commit()
    page = read(client.get(f"{PUBLIC}?topic=kept&lang=en"))
    assert "What is kept here" in page
    assert "Ce qui est gardé ici" not in page
    assert "Merci." not in page
    french = read(client.get(f"{PUBLIC}?lang=fr"))
    assert "Ce qui est gardé ici" in french
    assert '<blockquote class="prose" lang="en">What do you keep?' in french
    assert '<h3 lang="fr">Une idée</h3>' in read(client.get(f"{PUBLIC}?lang=en"))


def test_what_people_wrote_is_shown_as_text(
    session: Session, client: FlaskClient, desk: Actor
) -> None:
    evil = "<script>alert('x')</script><img src=x onerror=alert(1)>"
    id_ = said_now(session, evil)
    sent = {"heading_fr": evil, "words_fr": evil, "changed_fr": evil, "shown": evil}
    assert client.post(f"{DESK}/{id_}/publier", data=sent).status_code == 303
    answer_id = session.scalars(sa.select(PublicAnswer.public_id)).one()
    said_now(session, f"{evil} encore")
    for path in (
        *(PUBLIC, "/transparence", DESK, f"{DESK}/{id_}", f"{DESK}/reponses/{answer_id}"),
        "/a-faire",
    ):
        text = client.get(path).text
        assert "<script>alert" not in text, path
        assert "<img src=x" not in text, path
    assert "&lt;script&gt;alert" in client.get(PUBLIC).text


def test_programs_read_what_was_published_and_the_numbers(
    world: World, session: Session, client: FlaskClient
) -> None:
    desk = world.person(role=Role.COORDINATOR)
    now = utc_now()
    draft = Draft("Titre", "Mots", changed_fr="Ceci.", changed_link="/aide")
    answer_id = published(session, desk, says(session, now=now), draft, now=now)
    idea = says(session, "Une idée de rien du tout", topic=Topic.IDEA, now=now)
    published(session, desk, idea, Draft("Une idée", "Merci."), now=now)
    says(session, "Une question qui attend", now=now)
    session.commit()
    told = client.get("/api/v1/voices?topic=kept").get_json()
    assert told["numbers"] == {
        "received": 3,
        "answered_in_public": 2,
        "answered_in_private": {"least": 0, "most": 4},
        "waiting": {"least": 0, "most": 4},
        "median_days": 0,
        "oldest_days": 0,
    }
    assert (told["count"], told["page"], told["pages"]) == (1, 1, 1)
    (answer,) = told["answers"]
    assert answer.pop("published_at")
    (question,) = answer.pop("questions")
    assert re.fullmatch(r"\d{4}-\d{2}", question.pop("asked"))
    assert question == {"words": WORDS, "language": "fr", "is_edited": False}
    assert answer == {
        "id": answer_id,
        "topic": "kept",
        "heading_fr": "Titre",
        "heading_en": "",
        "answer_fr": "Mots",
        "answer_en": "",
        "changed": {"fr": "Ceci.", "en": "", "link": "http://127.0.0.1/aide"},
    }
    assert client.get("/api/v1/voices").get_json()["count"] == 2
    assert client.get("/api/v1/voices?topic=gossip").status_code == 422


CANARY = "canari-4711"


def test_private_words_stand_on_no_public_page_and_on_no_page_of_a_member(
    app: Flask, world: World, session: Session
) -> None:
    """Whatever became of them: waiting, answered alone, read, set aside, or published otherwise."""
    desk = world.person(role=Role.COORDINATOR)
    now = utc_now()

    def whispers(number: int, **more: Any) -> str:
        return says(session, f"Je le dis à vous seuls, {CANARY}-{number}", now=now, **more)

    address = {"email": f"{CANARY}@exemple.org"}
    whispers(0, **address)
    whispers(1, leave=Leave.NO)
    alone = whispers(2, leave=Leave.NO, **address)
    service.answer_in_private(session, desk, alone, f"À vous seul, {CANARY}", now=now)
    service.mark_read(session, desk, whispers(3, leave=Leave.NO), now=now)
    service.set_aside(session, desk, whispers(4), Junk.ABUSE, now=now)
    answer_id = published(session, desk, whispers(5, **address), shown="Autrement dit.", now=now)
    joined = whispers(6, leave=Leave.NO, **address)
    service.answer_in_private(session, desk, joined, "", under=answer_id, now=now)
    member = world.member(world.organization()[0])
    listing = world.listing()
    session.commit()
    assert len(session.scalars(sa.select(Voice)).all()) == 7
    visitor, signed_in = app.test_client(), app.test_client()
    world.sign_in(signed_in, member)
    paths = {
        rule
        for (method, rule), audience in ROUTES.items()
        if method == "GET" and audience in {"public", "signed_in"} and "<" not in rule
    } | {f"/annonces/{listing}", f"{PUBLIC}?topic=kept", f"{PUBLIC}?topic=other"}
    assert {PUBLIC, "/transparence", "/api/v1/voices", "/transparence/chaine.jsonl"} <= paths
    for path in sorted(paths):
        for client in (visitor, signed_in):
            assert CANARY.encode() not in client.get(path).data, path
    assert "Autrement dit." in visitor.get(PUBLIC).text
