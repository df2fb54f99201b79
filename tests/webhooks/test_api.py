"""Programs keep hooks as managers do on the pages: no token hears more by one than it may ask."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Role
from mutuali.jobs.jobs import work_through
from mutuali.webhooks.models import Webhook
from mutuali.webhooks.rules import MOST_HOOKS
from tests.factories import World
from tests.webhooks.made import ADDRESS, documented, listening

HOOKS = "/api/v1/webhooks"
HOOK = {"address": ADDRESS, "events": ["booking", "outage"]}


@pytest.fixture
def manager(world: World) -> Actor:
    world.now = datetime.now(UTC)
    return world.member(world.organization()[0])


def bearer(world: World, actor: Actor, *scopes: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {world.api_token(actor, *scopes)}"}


def kept(session: Session) -> list[Webhook]:
    session.rollback()
    rows = list(session.scalars(sa.select(Webhook).order_by(Webhook.id)))
    session.expunge_all()
    session.rollback()  # else nobody else writes on SQLite
    return rows


def test_the_secret_of_a_new_hook_is_answered_once_and_signs_what_is_sent(
    app: Flask, client: FlaskClient, session: Session, world: World, manager: Actor
) -> None:
    headers = {**bearer(world, manager), "Idempotency-Key": "hook-1"}
    answer = client.post(HOOKS, json=HOOK, headers=headers)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    made: Any = answer.json
    assert (made["host"], made["events"]) == ("logiciel.example", ["booking", "outage"])
    twice = client.post(HOOKS, json=HOOK, headers=headers)
    assert (twice.status_code, twice.json) == (201, {**made, "secret": None})
    assert twice.headers["Location"] == answer.headers["Location"] == f"{HOOKS}/{made['id']}"
    (row,) = kept(session)
    assert made["secret"] not in row.sealed_secret
    stored = session.execute(sa.text("SELECT body, headers FROM answer_once")).all()
    assert made["id"] in str(stored)
    assert "whsec_" not in str(stored)
    session.commit()
    alone = {"Authorization": headers["Authorization"]}
    read: Any = client.get(f"{HOOKS}/{made['id']}", headers=alone).json
    assert read == {name: value for name, value in made.items() if name != "secret"}
    assert client.post(f"{HOOKS}/{made['id']}/test", headers=alone).status_code == 204
    with listening(app) as program:
        work_through(app)
        (heard,) = program.heard
        assert documented()(made["secret"], heard.headers, heard.body)


def test_a_changed_secret_is_answered_once_and_signs_beside_the_former(
    app: Flask, client: FlaskClient, session: Session, world: World, manager: Actor
) -> None:
    headers = bearer(world, manager)
    made: Any = client.post(HOOKS, json=HOOK, headers=headers).json
    assert made["former_signs_until"] is None
    change = f"{HOOKS}/{made['id']}/secret"
    once = {**headers, "Idempotency-Key": "rotation-1"}
    changed: Any = client.post(change, headers=once).json
    again: Any = client.post(change, headers=once).json
    assert changed["secret"] not in {None, made["secret"]}
    assert changed["former_signs_until"] is not None
    assert again == {**changed, "secret": None}
    stored = session.execute(sa.text("SELECT body FROM answer_once")).all()
    assert "whsec_" not in str(stored)
    session.commit()
    client.post(f"{HOOKS}/{made['id']}/test", headers=headers)
    with listening(app) as program:
        work_through(app)
        (heard,) = program.heard
    for secret in (made["secret"], changed["secret"]):
        assert documented()(secret, heard.headers, heard.body)


@pytest.mark.parametrize(
    ("sent", "field", "code"),
    [
        ({"address": "http://logiciel.example/"}, "address", "outside.not_https"),
        ({"address": "https://10.0.0.7/"}, "address", "outside.internal"),
        ({"address": "https://[::1]/"}, "address", "outside.internal"),
        ({"address": "https://a:b@logiciel.example/"}, "address", "outside.has_password"),
        ({"address": "https://logiciel.example/\x00"}, "address", "field.control_character"),
        ({"address": "https://logiciel.example/" + "a" * 2000}, "address", "field.too_long"),
        ({"address": 7}, "address", "field.invalid"),
        ({"address": None}, "address", "field.missing"),
        ({"events": []}, "events", "webhook.no_event"),
        ({"events": ["message"]}, "events.0", "field.not_a_choice"),
        ({"secret": "whsec_AAAA"}, "secret", "field.unknown"),
    ],
)
def test_a_hook_that_cannot_be_is_refused_by_its_field(
    client: FlaskClient,
    session: Session,
    world: World,
    manager: Actor,
    sent: dict[str, Any],
    field: str,
    code: str,
) -> None:
    answer = client.post(HOOKS, json={**HOOK, **sent}, headers=bearer(world, manager))
    told: Any = answer.json
    assert answer.status_code == 422
    assert [(each.get("field"), each["code"]) for each in told["reasons"]] == [(field, code)]
    assert kept(session) == []


def test_one_more_hook_than_there_may_be_is_refused(
    client: FlaskClient, session: Session, world: World, manager: Actor
) -> None:
    headers = bearer(world, manager)
    answers = [client.post(HOOKS, json=HOOK, headers=headers) for _ in range(MOST_HOOKS + 1)]
    assert [each.status_code for each in answers] == [201] * MOST_HOOKS + [422]
    told: Any = answers[-1].json
    assert told["reasons"][0]["code"] == "webhook.too_many"
    assert len(kept(session)) == MOST_HOOKS


def test_no_token_has_told_what_it_may_not_read(
    client: FlaskClient, session: Session, world: World, manager: Actor
) -> None:
    narrow = bearer(world, manager, "organization.edit", "listing.edit")
    for events in (["booking"], ["trip"], ["report"], ["outage", "booking"]):
        answer = client.post(HOOKS, json={**HOOK, "events": events}, headers=narrow)
        assert answer.status_code == 403, events
    assert kept(session) == []
    made: Any = client.post(HOOKS, json={**HOOK, "events": ["outage"]}, headers=narrow).json
    widen = client.put(f"{HOOKS}/{made['id']}/events", json={"events": ["report"]}, headers=narrow)
    assert widen.status_code == 403
    assert [each.events for each in kept(session)] == [["outage"]]


def test_only_managers_with_the_scope_keep_hooks_and_only_their_own(
    client: FlaskClient, session: Session, world: World, manager: Actor
) -> None:
    (organization_id,) = manager.memberships
    made: Any = client.post(HOOKS, json=HOOK, headers=bearer(world, manager)).json
    before = kept(session)[0].sealed_secret
    member = bearer(world, world.member(organization_id, Role.MEMBER))
    unscoped = bearer(world, manager, "booking.read", "listing.edit")
    stranger = bearer(world, world.member(world.organization()[0]))
    for headers, status in ((member, 403), (unscoped, 403), (stranger, 404), ({}, 401)):
        for method, path in (("GET", ""), ("POST", "/secret"), ("DELETE", "")):
            answer = client.open(f"{HOOKS}/{made['id']}{path}", method=method, headers=headers)
            assert answer.status_code == status, (method, path)
    for headers, status in ((member, 403), (unscoped, 403), ({}, 401)):
        assert client.post(HOOKS, json=HOOK, headers=headers).status_code == status
    (row,) = kept(session)
    assert row.sealed_secret == before
