"""Where one person is the organization, what is about it is about that person."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.core.errors import Forbidden
from mutuali.core.permissions import Role
from mutuali.organizations import service
from tests.factories import NOW, World


def test_its_manager_or_a_coordinator_flags_it_and_nobody_else(
    session: Session, world: World
) -> None:
    manager = world.member(world.organization()[0])
    id_ = manager.organization_id or 0
    assert service.sole_operators(session) == {}
    for other in (
        world.member(world.organization()[0]),
        world.member(id_, Role.MEMBER),
        world.person(role=Role.STEWARD),
    ):
        with pytest.raises(Forbidden):
            service.flag_sole_operator(session, other, id_, sole=True, now=NOW)
    service.flag_sole_operator(session, manager, id_, sole=True, now=NOW)
    assert service.sole_operators(session) == {id_: frozenset({manager.person_id})}
    coordinator = world.person(role=Role.COORDINATOR)
    service.flag_sole_operator(session, coordinator, id_, sole=False, now=NOW)
    service.flag_sole_operator(session, coordinator, id_, sole=False, now=NOW)
    assert service.sole_operators(session) == {}
    events = session.scalars(
        select(AuditEvent.facts).where(AuditEvent.name == "organization.sole_operator_flagged")
    ).all()
    assert events == [{"sole": True}, {"sole": False}]


def test_it_is_said_on_a_page_and_to_programs(
    client: FlaskClient, session: Session, world: World
) -> None:
    manager = world.member(world.organization()[0])
    world.sign_in(client, manager)
    assert client.post("/organisme/personne-seule", data={"sole": "1"}).status_code == 303
    assert set(service.sole_operators(session)) == {manager.organization_id}
    public_id = service.organization(session, manager.organization_id or 0).public_id
    session.rollback()
    token = {"Authorization": f"Bearer {world.api_token(manager)}"}
    path = f"/api/v1/organizations/{public_id}"
    told = client.get(path, headers=token).get_json()
    assert told["is_sole_operator"] is True
    answer = client.post(f"{path}/sole-operator", headers=token, json={"sole": False})
    assert answer.get_json()["is_sole_operator"] is False
