"""The pages of webhooks, as managers and programs meet them."""

import re
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor
from mutuali.jobs.jobs import work_through
from mutuali.webhooks.models import Webhook, WebhookDelivery
from tests.factories import World
from tests.webhooks.made import ADDRESS, documented, listening

HOME = "/organisme/webhooks"


@pytest.fixture
def manager(world: World, client: FlaskClient) -> Actor:
    world.now = datetime.now(UTC)
    actor = world.member(world.organization()[0])
    world.sign_in(client, actor)
    return actor


def add(client: FlaskClient) -> tuple[str, str]:
    """(address of its page, secret)."""
    made = client.post(HOME, data={"address": ADDRESS, "events": ["booking", "trip"]})
    assert made.status_code == 303
    page = client.get(made.location).text
    found = re.search(r"whsec_[\w+/=]+", page)
    assert found is not None
    return made.location, found[0]


def test_the_secret_is_shown_once_and_stored_as_nobody_reads_it(
    client: FlaskClient, session: Session, manager: Actor
) -> None:
    page, secret = add(client)
    assert "whsec_" not in client.get(page).text
    row = session.scalars(sa.select(Webhook)).one()
    assert secret not in row.sealed_secret
    assert ADDRESS not in row.sealed_address
    assert (row.host, row.events) == ("logiciel.example", ["booking", "trip"])
    stored = session.execute(sa.text("SELECT body, headers FROM answer_once")).all()
    assert "whsec_" not in str(stored)
    session.commit()
    assert "logiciel.example" in client.get(HOME).text
    client.post(f"{page}/secret")
    newer = re.search(r"whsec_[\w+/=]+", client.get(page).text)
    assert newer is not None
    assert newer[0] != secret


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("http://logiciel.example/", "https"),
        ("https://127.0.0.1/", "champ-address"),
        ("https://[::1]/", "champ-address"),
        ("https://10.0.0.7/", "champ-address"),
        ("https://a:b@logiciel.example/", "champ-address"),
        ("", "champ-address"),
    ],
)
def test_an_address_that_could_not_be_called_is_refused_where_it_is_typed(
    client: FlaskClient, manager: Actor, address: str, says: str
) -> None:
    answer = client.post(HOME, data={"address": address, "events": ["booking"]})
    assert answer.status_code == 422
    assert says in answer.text


def test_a_test_is_sent_seen_sent_again_paused_and_taken_away(
    app: Flask, client: FlaskClient, session: Session, manager: Actor
) -> None:
    page, secret = add(client)
    with listening(app) as program:
        program.statuses = [500]
        sent = client.post(f"{page}/essai", follow_redirects=True).text
        assert "webhook.test" in sent
        assert "Pas encore envoyé." in sent
        work_through(app)
        assert "Dernière réponse\u00a0: 500" in client.get(page).text
        id_ = session.scalars(sa.select(WebhookDelivery.public_id)).one()
        session.commit()
        client.post(f"{page}/envois/{id_}/renvoyer")
        work_through(app)
        assert "Dernière réponse\u00a0: 204" in client.get(page).text
        assert all(documented()(secret, each.headers, each.body) for each in program.heard)
    client.post(f"{page}/annonces", data={"events": ["outage"]})
    assert client.post(f"{page}/annonces", data={}).status_code == 422
    assert "l’a suspendu" in client.post(f"{page}/suspendre", follow_redirects=True).text
    assert client.post(f"{page}/essai").status_code == 409
    client.post(f"{page}/reprendre")
    assert client.post(f"{page}/supprimer", follow_redirects=True).status_code == 200
    assert client.get(page).status_code == 404


def test_a_program_reads_its_hooks_and_what_was_sent(
    app: Flask, client: FlaskClient, world: World, manager: Actor
) -> None:
    page, _ = add(client)
    headers = {"Authorization": f"Bearer {world.api_token(manager)}"}
    hook = f"/api/v1/webhooks/{page.rpartition('/')[2]}"
    (found,) = list(client.get("/api/v1/webhooks", headers=headers).json or ())
    assert (found["host"], found["events"]) == ("logiciel.example", ["booking", "trip"])
    assert "secret" not in str(found)
    assert client.post(f"{hook}/test", headers=headers).status_code == 204
    with listening(app) as program:
        program.statuses = [404]
        work_through(app)
        (told,) = list(client.get(f"{hook}/deliveries", headers=headers).json or ())
        assert (told["status"], told["state"], told["attempts"]) == (404, "waiting", 1)
        again = f"{hook}/deliveries/{told['id']}/again"
        assert client.post(again, headers=headers).status_code == 204
        work_through(app)
        (told,) = list(client.get(f"{hook}/deliveries", headers=headers).json or ())
        assert told["state"] == "delivered"
    events = {"events": ["report"]}
    assert client.put(f"{hook}/events", json=events, headers=headers).status_code == 204
    for deed in ("pause", "resume"):
        assert client.post(f"{hook}/{deed}", headers=headers).status_code == 204
    assert client.delete(hook, headers=headers).status_code == 204
    assert client.get("/api/v1/webhooks", headers=headers).json == []
