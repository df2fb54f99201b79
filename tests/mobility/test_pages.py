"""The pages: what a lender is shown before its yes, and what everybody reads."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Role
from mutuali.web.clock import utc_now
from tests.factories import World
from tests.mobility.made import shown

TRUCK = {"shape": "truck", "propulsion": "combustion_diesel", "range_km": "350"}


@pytest.fixture
def engine_name() -> str:
    """A page does not know which engine stored what it says."""
    return "sqlite"


@pytest.fixture
def lender(app: Flask, session: Session) -> tuple[FlaskClient, str, Actor]:
    world = World(session, utc_now())
    organization = world.organization()
    manager = world.member(organization[0])
    public_id = world.listing(organization)
    client = app.test_client()
    world.sign_in(client, manager)
    return client, f"/annonces/{public_id}/en-direct", manager


def test_a_lender_sees_the_very_entry_says_yes_and_takes_it_back_in_one_tap(
    lender: tuple[FlaskClient, str, Actor],
) -> None:
    client, here, _ = lender
    page = client.get(here).text
    assert "Ce qui a été lu ne peut pas être rappelé." in page
    assert "Un non ne change rien" in page
    assert "vehicle_id" not in page

    seen = client.get(here, query_string=TRUCK).text
    assert "&#34;lat&#34;: 45." in seen
    assert '/en-direct/oui"' in seen
    assert client.get("/gbfs/3/vehicle_status.json").get_json()["data"]["vehicles"] == []

    assert client.post(f"{here}/oui", data=TRUCK).status_code == 303
    assert "Ce véhicule est public" in client.get(here).text
    (entry,) = client.get("/gbfs/3/vehicle_types.json").get_json()["data"]["vehicle_types"]
    assert entry["max_range_meters"] == 350_000

    assert client.post(f"{here}/non").status_code == 303
    assert client.get("/gbfs/3/vehicle_types.json").get_json()["data"]["vehicle_types"] == []
    assert "Ce véhicule est public" not in client.get(here).text


@pytest.mark.parametrize("way", ["get", "post"])
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    lender: tuple[FlaskClient, str, Actor], way: str
) -> None:
    client, here, _ = lender
    typed = {"shape": "van", "propulsion": "electric"}
    answer = (
        client.get(here, query_string=typed)
        if way == "get"
        else client.post(f"{here}/oui", data=typed)
    )
    assert answer.status_code == 422
    assert "Dites combien de kilomètres" in answer.text
    assert '<option value="electric" selected' in answer.text
    odd = client.get(here, query_string={"shape": "boat", "propulsion": "electric"})
    assert odd.status_code == 422


def test_a_member_reads_the_page_and_a_manager_answers(
    app: Flask, session: Session, lender: tuple[FlaskClient, str, Actor]
) -> None:
    _, here, manager = lender
    world = World(session, utc_now())
    world._numbers = iter(range(900, 999))  # type: ignore[assignment]
    member = world.member(manager.organization_id or 0, Role.MEMBER)
    client = app.test_client()
    world.sign_in(client, member)
    page = client.get(here, query_string=TRUCK).text
    assert "Une personne gestionnaire de votre organisme répond." in page
    assert client.post(f"{here}/oui", data=TRUCK).status_code == 403


def test_everybody_reads_who_is_in_it_and_finds_it_from_other_pages(
    app: Flask, session: Session
) -> None:
    manager, _ = shown(World(session, utc_now()))
    session.commit()
    client = app.test_client()
    page = client.get("/vehicules-en-direct")
    assert "1 véhicule y est" in page.text
    assert "CC BY 4.0" in page.text
    assert 'rel="gbfs"' in page.text
    english = client.get("/vehicules-en-direct", headers={"Accept-Language": "en"}).text
    assert "Vehicles, live" in english
    for path in ("/transparence", "/jeux-de-donnees"):
        assert 'href="/vehicules-en-direct"' in client.get(path).text
    World(session).sign_in(client, manager)
    assert "Véhicules que tout le monde voit" in client.get("/organisme").text
