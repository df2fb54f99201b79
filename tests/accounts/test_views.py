"""Getting in, getting out, and one's account, as a browser sees them."""

import email
import email.policy
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from mutuali.accounts.models import ApiToken, Login, OneTimeLink, Person
from mutuali.core.permissions import Role
from mutuali.extensions import db
from mutuali.jobs.jobs import HANDLERS_KEY, run_once
from mutuali.web.once import AnswerOnce
from mutuali.web.secrets import signed_link_token
from tests.factories import PASSWORD, World

ADA = "ada@exemple.org"


def sign_up(client: FlaskClient, **changes: str) -> int:
    form = {"name": "Ada", "email": ADA, "password": PASSWORD, "language": "fr", "notice": "1"}
    return client.post("/inscription", data=form | changes).status_code


def sign_in(client: FlaskClient, password: str = PASSWORD, **more: str) -> str:
    """Where the browser is sent; the page itself when it is refused."""
    answer = client.post("/connexion", data={"email": ADA, "password": password, **more})
    assert answer.status_code in {303, 422}
    return answer.headers.get("Location") or answer.text


def mails(app: Flask, tmp_path: Path) -> list[tuple[str, str, str]]:
    """Carry out every job; (to, subject, body) of what was sent, oldest first."""
    while run_once(app, app.extensions[HANDLERS_KEY]):
        pass
    found = []
    for path in sorted((tmp_path / "mail").glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        found.append((message["To"], message["Subject"], message.get_content()))
    return found


def stored(session: Session, statement: Select[Any]) -> list[Any]:
    """What is in the database now; the transaction ends, so that SQLite lets others write."""
    found = session.scalars(statement.execution_options(populate_existing=True)).all()
    session.commit()
    return list(found)


def link_in(body: str) -> str:
    found = re.search(r"http://127\.0\.0\.1(/\S+)", body)
    assert found
    return found[1]


def join(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    """An account with a confirmed address."""
    sign_up(client)
    client.post(link_in(mails(app, tmp_path)[-1][2]))


def test_an_account_works_once_its_address_is_confirmed(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    assert sign_up(client) == 303
    assert "Confirmez d’abord votre adresse" in sign_in(client)
    to, subject, body = mails(app, tmp_path)[0]
    assert (to, subject) == (ADA, "Confirmez votre adresse")
    link = link_in(body)
    assert "c’est bien mon adresse" in client.get(link).text
    assert client.post(link).headers["Location"] == "/connexion"
    assert client.post(link).status_code == 409
    assert sign_in(client, suite="/compte") == "/compte"
    assert ADA in client.get("/compte").text


def test_opening_a_link_does_not_spend_it(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    sign_up(client)
    link = link_in(mails(app, tmp_path)[0][2])
    for _ in range(3):
        assert client.get(link).status_code == 200
    assert client.post(link).status_code == 303


def test_the_notice_says_who_answers_and_has_to_be_accepted(client: FlaskClient) -> None:
    shown = client.get("/inscription").text
    for words in ("Réseau d’essai", "vie-privee@mutuali.example", "Vos droits", "Combien de temps"):
        assert words in shown
        assert words in client.get("/confidentialite").text
    answer = client.post("/inscription", data={"email": "rien", "password": "court"})
    assert answer.status_code == 422
    for field in ("name", "email", "password", "notice"):
        assert f'href="#champ-{field}"' in answer.text
    assert "court" not in answer.text


def test_a_known_address_gets_the_same_page_and_a_link_to_a_new_password(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    first = client.post("/inscription", data={})
    assert first.status_code == 422
    assert sign_up(client) == sign_up(client, name="Une autre", password="tout autre chose ici")
    subjects = [subject for _, subject, _ in mails(app, tmp_path)]
    assert subjects == ["Confirmez votre adresse", "Choisir un nouveau mot de passe"]


def test_whoever_took_an_address_first_loses_it_to_its_owner(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    sign_up(client, password="le mot de passe de l’autre")
    sign_up(client)
    client.post(link_in(mails(app, tmp_path)[-1][2]), data={"password": PASSWORD})
    assert "inexact" in sign_in(client, "le mot de passe de l’autre")
    assert sign_in(client) == "/"


def test_five_failures_lock_an_address_known_or_not(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    join(app, client, tmp_path)
    for _ in range(5):
        assert "inexact" in sign_in(client, "ce n’est pas cela")
    assert "attendez 1 minute" in sign_in(client)
    for _ in range(5):
        client.post("/connexion", data={"email": "nul@exemple.org", "password": "x"})
    unknown = client.post("/connexion", data={"email": "nul@exemple.org", "password": "x"})
    assert "attendez 1 minute" in unknown.text


@pytest.mark.parametrize(
    ("asked", "taken"),
    [
        ("/reservations?etat=a%20venir", "/reservations?etat=a%20venir"),
        ("https://ailleurs.example/", "/"),
        ("//ailleurs.example/", "/"),
        ("/\\ailleurs.example/", "/"),
        ("/\t/ailleurs.example/", "/"),
        ("/\n/ailleurs.example/", "/"),
        ("compte", "/"),
    ],
)
def test_signing_in_never_leads_away(
    app: Flask, client: FlaskClient, tmp_path: Path, asked: str, taken: str
) -> None:
    join(app, client, tmp_path)
    assert sign_in(client, suite=asked) == taken


def test_a_closed_page_leads_through_sign_in_and_back(client: FlaskClient) -> None:
    answer = client.get("/compte?x=é")
    assert answer.status_code == 303
    form = client.get(answer.headers["Location"]).text
    assert 'name="suite" value="/compte?x=é"' in form


def test_the_sign_in_form_has_no_one_time_token(client: FlaskClient) -> None:
    form = client.get("/connexion").text
    assert "csrf_token" in form
    assert "_once" not in form.split("<main")[1]


def test_a_new_password_ends_every_login_and_every_other_link(
    app: Flask, client: FlaskClient, tmp_path: Path, session: Session
) -> None:
    join(app, client, tmp_path)
    sign_in(client)
    other = app.test_client()
    for _ in range(2):
        other.post("/mot-de-passe", data={"email": ADA.upper()})
    older, newer = (link_in(body) for _, _, body in mails(app, tmp_path)[-2:])
    assert other.post(newer, data={"password": "court"}).status_code == 422
    new = " une toute nouvelle phrase "
    assert other.post(newer, data={"password": new}).status_code == 303
    assert other.post(older, data={"password": PASSWORD}).status_code == 409
    assert client.get("/compte").status_code == 303
    assert "inexact" in sign_in(client)
    assert sign_in(client, new) == "/"


def test_an_unknown_address_asks_for_a_password_and_nobody_learns_it(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    answer = client.post("/mot-de-passe", data={"email": "nul@exemple.org"}, follow_redirects=True)
    assert "Si cette adresse a un compte" in answer.text
    assert mails(app, tmp_path) == []


def test_a_link_serves_its_own_purpose_only(
    app: Flask, client: FlaskClient, tmp_path: Path, session: Session
) -> None:
    sign_up(client)
    [link] = stored(session, select(OneTimeLink))
    with app.app_context():
        token = signed_link_token("confirm", str(link.id))
    for forged in (token, "n’importe quoi"):
        answer = client.post(f"/mot-de-passe/{forged}", data={"password": PASSWORD})
        assert answer.status_code == 409
    assert stored(session, select(Person.confirmed_at)) == [None]


def test_signing_out_everywhere_ends_the_other_browser(
    app: Flask, client: FlaskClient, tmp_path: Path, session: Session
) -> None:
    join(app, client, tmp_path)
    other = app.test_client()
    assert sign_in(client) == sign_in(other) == "/"
    assert client.post("/deconnexion").status_code == 303
    assert client.get("/compte").status_code == 303
    assert other.get("/compte").status_code == 200
    sign_in(client)
    client.post("/deconnexion/partout")
    assert other.get("/compte").status_code == 303
    assert all(login.revoked_at for login in stored(session, select(Login)))


def test_a_token_is_shown_once_and_stored_nowhere(
    app: Flask, client: FlaskClient, world: World, session: Session
) -> None:
    world.sign_in(client, world.member(world.organization()[0]))
    form = {"name": "tableur", "scopes": ["booking.read", "listing.edit"], "_once": "a" * 22}
    answer = client.post("/compte/jetons", data=form)
    assert answer.headers["Location"] == "/compte"
    shown = client.get("/compte").text
    found = re.search(r"<code>([\w-]{43})</code>", shown)
    assert found
    assert "Lire les réservations" in shown
    assert found[1] not in client.get("/compte").text
    answers = stored(session, select(AnswerOnce.body))
    assert len(answers) == 1
    assert found[1].encode() not in answers[0]
    bearer = {"Authorization": f"Bearer {found[1]}"}
    assert client.get("/api/v1/bookings", headers=bearer).status_code == 200
    [token] = stored(session, select(ApiToken))
    assert client.post(f"/compte/jetons/{token.id}/revoquer").status_code == 303
    assert client.get("/api/v1/bookings", headers=bearer).status_code == 401


def test_a_token_gets_no_scope_that_its_owner_lacks(client: FlaskClient, world: World) -> None:
    world.sign_in(client, world.member(world.organization()[0], Role.MEMBER))
    for scopes in ([], ["export.decide"]):
        answer = client.post("/compte/jetons", data={"name": "tableur", "scopes": scopes})
        assert answer.status_code == 422
        assert 'id="champ-scopes-erreur"' in answer.text


def test_nobody_revokes_the_token_of_somebody_else(
    app: Flask, client: FlaskClient, world: World, session: Session
) -> None:
    owner = world.member(world.organization()[0])
    world.api_token(owner)
    world.sign_in(client, world.member(world.organization()[0]))
    [token] = stored(session, select(ApiToken))
    assert client.post(f"/compte/jetons/{token.id}/revoquer").status_code == 404


def test_e_mails_speak_the_language_one_chose(
    app: Flask, client: FlaskClient, tmp_path: Path, session: Session
) -> None:
    join(app, client, tmp_path)
    sign_in(client)
    client.post("/compte/langue", data={"language": "en"})
    assert stored(session, select(Person.language)) == ["en"]


@pytest.mark.parametrize(
    "address",
    [
        "rien",
        "a@b",
        "a b@exemple.org",
        "a@exemple.org, b@exemple.org",
        "A <a@exemple.org>",
        "é@é.é",
    ],
)
def test_what_cannot_get_e_mail_is_no_address(client: FlaskClient, address: str) -> None:
    assert sign_up(client, email=address) == 422


def test_help_and_privacy_are_open_to_all(client: FlaskClient) -> None:
    for path in ("/aide", "/confidentialite", "/inscription/merci"):
        assert client.get(path).status_code == 200


def test_the_first_person_comes_from_the_command(app: Flask, client: FlaskClient) -> None:
    run = app.test_cli_runner().invoke
    add = ["people", "add", ADA, "Ada", "--role", "administrator", "--password"]
    assert run(args=[*add, PASSWORD]).exit_code == 0
    assert sign_in(client, suite="/coordination/adhesions") == "/coordination/adhesions"
    waiting = client.get("/coordination/adhesions")
    assert waiting.status_code == 403
    assert "Ajouter une application de codes" in waiting.text
    again = run(args=[*add, PASSWORD])
    assert again.exit_code == 1
    assert "déjà un compte" in again.output
    weak = run(args=["people", "add", "b@exemple.org", "B", "--password", "court"])
    assert weak.exit_code == 1
    with app.app_context():
        assert db.session.scalars(select(Person.email)).all() == [ADA]
