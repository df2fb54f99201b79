"""Organizations by the API: read, change with If-Match, places, people, delegations."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Role
from mutuali.organizations import service
from mutuali.web.clock import utc_now
from tests.factories import World


@pytest.fixture
def now_world(session: Session) -> World:
    return World(session, utc_now())


@pytest.fixture
def manager(now_world: World) -> Actor:
    return now_world.member(now_world.organization("La Corbeille")[0])


def bearer(world: World, actor: Actor, *scopes: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {world.api_token(actor, *scopes)}"}


def address(session: Session, actor: Actor) -> str:
    public_id = service.organization(session, actor.organization_id or 0).public_id
    session.rollback()
    return f"/api/v1/organizations/{public_id}"


def test_a_change_needs_the_version_that_was_read(
    client: FlaskClient, session: Session, now_world: World, manager: Actor
) -> None:
    headers, own = bearer(now_world, manager), address(session, manager)
    read = client.get(own, headers=headers)
    etag = read.headers["ETag"]

    assert client.patch(own, json={"phone": "514 555-0100"}, headers=headers).status_code == 428
    changed = client.patch(
        own, json={"phone": "514 555-0100"}, headers={**headers, "If-Match": etag}
    )
    stale = client.patch(own, json={"name": "Autre"}, headers={**headers, "If-Match": etag})

    assert (changed.status_code, stale.status_code) == (200, 412)
    assert changed.get_json()["phone"] == "514 555-0100"
    assert changed.get_json()["name"] == "La Corbeille"
    assert changed.headers["ETag"] != etag


@pytest.mark.parametrize("sent", ['"abc-1"', '""', '"", ""', "*", 'W/"abc-1"', '"-"', '"abc-٣"'])
def test_a_version_that_is_none_of_this_thing_is_refused(
    client: FlaskClient, session: Session, now_world: World, manager: Actor, sent: str
) -> None:
    headers, own = bearer(now_world, manager), address(session, manager)

    answer = client.patch(own, json={"name": "A"}, headers={**headers, "If-Match": sent})

    assert answer.status_code == 412
    assert client.get(own, headers=headers).get_json()["name"] == "La Corbeille"


def test_somebody_elses_organization_is_not_there(
    client: FlaskClient, session: Session, now_world: World, manager: Actor
) -> None:
    other = now_world.member(now_world.organization()[0])
    headers = bearer(now_world, manager)
    theirs = address(session, other)

    for path in ("", "/sites", "/members", "/invitations", "/delegations"):
        assert client.get(f"{theirs}{path}", headers=headers).status_code == 404
    found = client.get("/api/v1/organizations", headers=headers).get_json()
    assert [each["name"] for each in found] == ["La Corbeille"]


def test_a_coordinator_reads_all_and_answers_applications(
    client: FlaskClient, session: Session, now_world: World, manager: Actor
) -> None:
    applicant = now_world.member(now_world.organization("Les Bocaux", accepted=False)[0])
    headers = bearer(now_world, now_world.person(role=Role.COORDINATOR))
    applied = address(session, applicant)

    assert client.get(applied, headers=headers).get_json()["state"] == "applied"
    assert client.post(f"{applied}/accept", headers=headers).get_json()["state"] == "accepted"
    assert client.post(f"{applied}/refuse", headers=headers).status_code == 409
    assert len(client.get("/api/v1/organizations", headers=headers).get_json()) == 2
    assert client.post(f"{applied}/accept", headers=bearer(now_world, manager)).status_code == 403


def test_places_people_and_delegations(
    client: FlaskClient, session: Session, now_world: World, manager: Actor
) -> None:
    headers, own = bearer(now_world, manager), address(session, manager)
    delegate = now_world.person(email="deleguee@exemple.org")
    member = now_world.member(manager.organization_id or 0, Role.MEMBER)
    session.commit()
    site = {"site_name": "Cuisine", "address": "1, rue Saint-Denis", "place": "H2X 1Y4"}

    made = client.post(f"{own}/sites", json=site, headers=headers)
    assert (made.status_code, made.get_json()["postal_code"]) == (201, "H2X 1Y4")
    wrong = client.post(f"{own}/sites", json={**site, "place": "Paris"}, headers=headers)
    assert (wrong.status_code, wrong.get_json()["reasons"][0]["field"]) == (422, "place")
    assert len(client.get(f"{own}/sites", headers=headers).get_json()) == 2

    ends_on = (utc_now() + timedelta(days=20)).date().isoformat()
    given = {"delegate": "deleguee@exemple.org", "ends_on": ends_on}
    assert client.post(f"{own}/delegations", json=given, headers=headers).status_code == 204
    [delegation] = client.get(f"{own}/delegations", headers=headers).get_json()
    ended = client.delete(f"/api/v1/delegations/{delegation['id']}", headers=headers)
    assert (ended.status_code, ended.data) == (204, b"")
    assert client.get(f"{own}/delegations", headers=headers).get_json() == []

    invited = {"email": "nouvelle@exemple.org", "role": "manager"}
    assert client.post(f"{own}/invitations", json=invited, headers=headers).status_code == 204
    [waiting] = client.get(f"{own}/invitations", headers=headers).get_json()
    assert (waiting["email"], waiting["role"]) == ("nouvelle@exemple.org", "manager")

    people = client.get(f"{own}/members", headers=headers).get_json()
    gone = next(each for each in people if each["role"] == "member")
    assert client.delete(f"{own}/members/{gone['id']}", headers=headers).status_code == 204
    last = client.delete(f"{own}/members/{people[0]['id']}", headers=headers)
    assert (last.status_code, last.get_json()["reasons"][0]["code"]) == (
        422,
        "member.last_manager",
    )
    assert delegate.person_id != member.person_id


def test_a_narrow_token_does_no_more_than_it_says(
    client: FlaskClient, session: Session, now_world: World, manager: Actor
) -> None:
    headers, own = bearer(now_world, manager, "organization.read"), address(session, manager)

    assert client.get(own, headers=headers).status_code == 200
    changed = client.patch(own, json={"name": "X"}, headers={**headers, "If-Match": '"x-1"'})
    assert changed.status_code == 403
    me = client.get("/api/v1/me", headers=headers).get_json()
    assert me["scopes"] == ["organization.read"]
    assert [each["name"] for each in me["organizations"]] == ["La Corbeille"]
