"""An organization leaves with its data, its yeses end, and its board gets one page."""

import json
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.consent import service as consent
from mutuali.consent.rules import Answer
from mutuali.core.errors import Forbidden
from mutuali.core.permissions import Actor, Role
from mutuali.equipment.models import Listing
from mutuali.governance import service
from mutuali.organizations.models import Organization
from tests.consent.made import STATISTICS, published, set_table
from tests.factories import NOW, World, at, span


def test_leaving_ends_every_yes_at_once_and_membership_thirty_days_later(
    session: Session, world: World
) -> None:
    table = set_table(world)
    lender = world.organization("La Corbeille")
    manager = world.member(lender[0])
    world.listing(lender)
    id_ = manager.organization_id or 0
    notice = published(session, table)
    consent.answer(session, manager, id_, notice, Answer.GIVEN, now=NOW)
    assert consent.consenting(session, STATISTICS, table.partner_id, now=NOW) == {id_}
    with pytest.raises(Forbidden):
        service.leave(session, world.member(id_, Role.MEMBER), id_, now=at(1))
    ends_at = service.leave(session, manager, id_, now=at(1))
    assert ends_at == at(31)
    assert consent.consenting(session, STATISTICS, table.partner_id, now=at(1)) == frozenset()
    assert service.waiting_to_leave(session, manager, id_) == ends_at
    assert service.end_participations(session, now=ends_at - timedelta(seconds=1)) == []
    states = select(Listing.state).where(Listing.lender_id == id_)
    assert session.scalars(states).all() == ["published"]
    assert service.end_participations(session, now=ends_at) == [id_]
    assert session.scalars(states).all() == ["withdrawn"]
    assert session.get_one(Organization, id_).state == "left"


def test_our_data_is_ours_with_no_name_of_anybody_elses(
    client: FlaskClient, session: Session, world: World
) -> None:
    lender = world.organization("La Corbeille")
    manager = world.member(lender[0])
    world.booking(world.listing(lender), span(2))
    world.listing(world.organization("Un autre organisme"), title_fr="Le camion des autres")
    world.sign_in(client, manager)
    told = json.loads(client.get("/organisme/nos-donnees.json").text)["tables"]
    assert [row["name"] for row in told["organization"]] == ["La Corbeille"]
    assert [row["title_fr"] for row in told["listing"]] == ["Camion réfrigéré"]
    assert len(told["booking"]) == 1
    text = json.dumps(told, ensure_ascii=False)
    assert "Un autre organisme" not in text
    assert "des autres" not in text
    assert client.get("/organisme/nos-donnees.zip").data[:2] == b"PK"
    program = {"Authorization": f"Bearer {world.api_token(manager)}"}
    assert json.loads(client.get("/api/v1/our-data", headers=program).text)["tables"] == told
    assert client.get("/api/v1/our-data.zip", headers=program).data[:2] == b"PK"


def test_the_board_reads_what_is_asked_and_what_to_adopt(
    client: FlaskClient, session: Session, world: World
) -> None:
    table = set_table(world)
    manager = world.member(world.organization("La Corbeille")[0])
    published(session, table)
    world.sign_in(client, manager)
    shown = client.get("/organisme/conseil").text
    for words in ("Ce qui est demandé", "Ce qu’un non change", "Résolution à adopter"):
        assert words in shown
    assert "Ville-Essai" in shown
    assert "24 mois" in shown
    assert client.get("/organisme/conseil.pdf").data[:5] == b"%PDF-"


def test_notice_is_given_on_a_page(client: FlaskClient, session: Session, world: World) -> None:
    manager = world.member(world.organization("La Corbeille")[0])
    world.sign_in(client, manager)
    assert "Donner notre préavis" in client.get("/organisme/quitter").text
    assert client.post("/organisme/quitter").status_code == 303
    shown = client.get("/organisme/quitter").text
    assert "Vous partez" in shown
    assert "Donner notre préavis" not in shown
    assert (
        session.scalars(
            select(Organization.state).where(Organization.id == manager.organization_id)
        ).one()
        == "accepted"
    )


def test_a_visitor_of_no_organization_has_no_page(client: FlaskClient, world: World) -> None:
    coordinator: Actor = world.person(role=Role.COORDINATOR)
    world.sign_in(client, coordinator)
    assert client.get("/organisme/conseil").status_code == 403
