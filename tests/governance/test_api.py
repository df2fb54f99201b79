"""A program asks for its person, with the right to, and never sees anybody else."""

import io
import zipfile

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.accounts.models import Person
from mutuali.core.permissions import Permission, Role
from mutuali.governance import service
from mutuali.governance.rules import Answer, Identity
from mutuali.web.clock import utc_now
from tests.factories import World


@pytest.fixture
def world(session: Session) -> World:
    return World(session, utc_now())


def bearer(world: World, actor: object, *scopes: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {world.api_token(actor, *scopes)}"}  # type: ignore[arg-type]


def test_a_person_asks_reads_and_takes_along_through_a_program(
    client: FlaskClient, session: Session, world: World
) -> None:
    person = world.member(world.organization()[0], Role.MEMBER)
    headers = bearer(world, person, Permission.DATA_OWN.value)
    body = {
        "kind": "rectification",
        "words": "Ma carte le montre.",
        "field": "person.email",
        "value": "apres@exemple.org",
    }
    wrong = client.post("/api/v1/my-requests", json={**body, "value": "rien"}, headers=headers)
    assert wrong.status_code == 422
    other = client.post("/api/v1/my-requests", json={**body, "kind": "access"}, headers=headers)
    assert other.status_code == 422
    made = client.post("/api/v1/my-requests", json=body, headers=headers)
    assert made.status_code == 201
    told = made.get_json()
    assert made.headers["Location"] == f"/api/v1/my-requests/{told['id']}"
    assert client.post("/api/v1/my-requests", json=body, headers=headers).status_code == 409
    steward = world.person(role=Role.STEWARD)
    service.answer_request(
        session,
        steward,
        told["id"],
        Identity.ACCOUNT,
        Answer.GRANTED,
        "",
        tombstone_key=b"a key of tests",
        now=utc_now(),
    )
    session.commit()
    read = client.get(f"/api/v1/my-requests/{told['id']}", headers=headers).get_json()
    assert (read["answer"], read["value"]) == ("granted", "")
    assert client.get("/api/v1/my-requests", headers=headers).get_json() == [read]
    tables = client.get("/api/v1/my-data", headers=headers).get_json()["tables"]
    assert tables["person"][0]["email"] == "apres@exemple.org"
    assert "created_at" not in tables["person"][0]
    everything = client.get("/api/v1/my-data?everything=true", headers=headers).get_json()
    assert "created_at" in everything["tables"]["person"][0]
    packed = client.get("/api/v1/my-data.zip", headers=headers)
    assert packed.headers["Cache-Control"] == "no-store"
    names = zipfile.ZipFile(io.BytesIO(packed.data)).namelist()
    assert {"person.csv", "person_request.csv"} <= set(names)


def test_a_program_without_the_right_learns_nothing_and_nobody_reads_anothers(
    client: FlaskClient, session: Session, world: World
) -> None:
    organization_id = world.organization()[0]
    person = world.member(organization_id, Role.MEMBER)
    manager = world.member(organization_id)
    steward = world.person(role=Role.STEWARD)
    full = bearer(world, person)
    mine = client.post("/api/v1/my-requests", json={"kind": "access"}, headers=full).get_json()
    narrow = bearer(world, person, Permission.BOOKING_READ.value)
    for path in ("my-requests", f"my-requests/{mine['id']}", "my-data", "my-data.zip"):
        assert client.get(f"/api/v1/{path}", headers=narrow).status_code == 403
        assert client.get(f"/api/v1/{path}").status_code == 401
    email = session.get_one(Person, person.person_id).email
    session.rollback()
    for other in (manager, steward):
        headers = bearer(world, other)
        found = client.get(f"/api/v1/my-requests/{mine['id']}", headers=headers)
        assert found.status_code == 404
        assert client.get("/api/v1/my-requests", headers=headers).get_json() == []
        assert email not in client.get("/api/v1/my-data?everything=true", headers=headers).text
