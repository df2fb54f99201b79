"""The pages of trips, as people and programs meet them."""

import email
from datetime import UTC, datetime, timedelta
from email import policy
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.core.period import local
from mutuali.jobs.jobs import work_through
from mutuali.trips import service
from mutuali.trips.rules import Load
from tests.factories import World
from tests.how_many import how_many
from tests.trips.made import Shared, joiner, shared


@pytest.fixture
def truck(world: World) -> Shared:
    """A truck that is booked from the day after tomorrow, by the clock of the pages."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    world.now = now
    start = (now + timedelta(days=2)).replace(hour=13)
    return shared(world, from_=start)


def typed(instant: datetime) -> str:
    return f"{local(instant):%Y-%m-%dT%H:%M}"


def form(truck: Shared, **said: str) -> dict[str, str]:
    rows: dict[str, str] = {}
    for n, stop in enumerate(truck.stops):
        rows |= {f"stops.{n}.borough": stop.borough, f"stops.{n}.at": typed(stop.at)}
    return {**rows, "pallets": "3", "join_by": typed(truck.capacity().join_by), **said}


def test_who_borrows_a_truck_offers_what_is_left_from_its_page(
    client: FlaskClient, world: World, truck: Shared
) -> None:
    page = f"/reservations/{truck.booking.public_id}"
    world.sign_in(client, truck.taker)
    assert f"{page}/trajet" in client.get(page).text
    assert client.get(f"{page}/trajet").text.count("<select") == 8
    wrong = client.post(f"{page}/trajet", data=form(truck, pallets="", note="514 555-0199"))
    assert wrong.status_code == 422
    assert "Dites combien de palettes" in wrong.text
    assert "Retirez le téléphone" in wrong.text
    assert 'value="saint-laurent" selected' in wrong.text
    gap = form(truck) | {"stops.1.at": ""}
    assert client.post(f"{page}/trajet", data=gap).status_code == 422
    offered = client.post(f"{page}/trajet", data=form(truck), follow_redirects=True)
    assert "C’est offert." in offered.text
    assert offered.text.count("3 palettes") == 4  # the offer, and each of three legs
    assert "Un trajet est offert" in client.get(page).text
    assert client.get(f"{page}/trajet").status_code == 404
    assert client.post(f"{page}/trajet", data=form(truck)).status_code == 409


def test_another_organization_finds_the_trip_asks_and_is_answered(
    client: FlaskClient, session: Session, world: World, truck: Shared
) -> None:
    truck.offer()
    who = joiner(world, "Le Frigo")
    world.sign_in(client, who)
    here = f"/trajets/{truck.id}"
    found = client.get("/trajets?from_borough=saint-laurent&to_borough=&day=&pallets=4&kg=")
    assert here in found.text
    assert here not in client.get("/trajets?from_borough=verdun").text
    assert client.get("/trajets?day=jamais").status_code == 200
    too_much = {"from_stop": "0", "to_stop": "2", "pallets": "5", "kg": "100"}
    refused = client.post(f"{here}/places", data=too_much)
    assert refused.status_code == 409
    assert "reste 800 kg; palettes\u00a0: 4" in refused.text
    asked = client.post(
        f"{here}/places",
        data={**too_much, "pallets": "2", "load_at": "Porte 3-canari"},
        follow_redirects=True,
    )
    assert "C’est demandé." in asked.text
    world.sign_in(client, truck.taker)
    assert "1 place demandée dans vos trajets" in client.get("/a-faire").text
    page = client.get(here).text
    assert "Le Frigo" in page
    assert "canari" not in page
    place = truck.seen(truck.taker).places[0].public_id
    session.commit()
    done = client.post(f"{here}/places/{place}/accepter", follow_redirects=True)
    assert "C’est répondu." in done.text
    assert "Porte 3-canari" in done.text
    assert client.post(f"{here}/places/{place}/refuser").status_code == 409
    world.sign_in(client, who)
    assert "2 palettes" in client.get("/trajets/les-notres").text
    given = client.post(f"{here}/places/{place}/rendre", follow_redirects=True)
    assert "La place est rendue." in given.text
    assert client.post(f"{here}/places/{place}/rendre").status_code == 409


def test_the_offer_is_changed_and_called_off_by_its_organization_alone(
    client: FlaskClient, world: World, truck: Shared
) -> None:
    truck.offer()
    here = f"/trajets/{truck.id}"
    world.sign_in(client, joiner(world))
    assert client.get(f"{here}/modifier").status_code == 404
    assert client.post(f"{here}/annuler").status_code == 404
    world.sign_in(client, truck.taker)
    assert 'value="800"' in client.get(f"{here}/modifier").text
    said = {"pallets": "6", "join_by": typed(truck.capacity().join_by), "at_once": "1"}
    changed = client.post(f"{here}/modifier", data=said, follow_redirects=True)
    assert "6 palettes" in changed.text
    assert client.post(f"{here}/modifier", data={**said, "pallets": "99"}).status_code == 422
    assert "Ce trajet est annulé" in client.post(f"{here}/annuler", follow_redirects=True).text


def test_a_program_offers_joins_and_answers(
    client: FlaskClient, world: World, truck: Shared
) -> None:
    who = joiner(world)
    takers = {"Authorization": f"Bearer {world.api_token(truck.taker)}"}
    joiners = {"Authorization": f"Bearer {world.api_token(who)}"}
    body = {
        "stops": [{"borough": s.borough, "at": s.at.isoformat()} for s in truck.stops],
        "pallets": 3,
        "join_by": truck.capacity().join_by.isoformat(),
    }
    made = client.post(
        f"/api/v1/bookings/{truck.booking.public_id}/trips", json=body, headers=takers
    )
    assert made.status_code == 201, made.text
    address = made.headers["Location"]
    asked = client.post(
        f"{address}/places", json={"from_stop": 0, "to_stop": 2, "pallets": 2}, headers=joiners
    )
    assert (asked.status_code, dict(asked.json or {})["state"]) == (201, "asked")
    place = f"/api/v1/places/{dict(asked.json or {})['id']}"
    assert client.post(f"{place}/accept", headers=joiners).status_code == 404
    assert client.post(f"{place}/accept", headers=takers).status_code == 204
    more = {"from_stop": 0, "to_stop": 3, "pallets": 2}
    full = client.post(f"{address}/places", json=more, headers=joiners)
    assert full.status_code == 409
    assert [each["code"] for each in dict(full.json or {})["reasons"]] == [
        "trip.leg_full",
        "trip.leg_full",
        "trip.fits_instead",
    ]
    seen = dict(client.get(address, headers=joiners).json or {})
    assert [each["pallets"] for each in seen["left"]] == [1, 1, 3]
    assert seen["booking"] is None
    less = {"pallets": 1, "join_by": body["join_by"]}
    assert client.put(address, json=less, headers=takers).status_code == 409
    assert client.put(address, json={**less, "pallets": 2}, headers=takers).status_code == 200
    listed = client.get("/api/v1/trips?from_borough=Saint-Laurent&pallets=1", headers=joiners)
    assert listed.json == []
    mine = list(client.get("/api/v1/my-trips", headers=joiners).json or ())
    assert [each["state"] for each in mine[0]["places"]] == ["accepted"]
    assert client.post(f"{place}/withdraw", headers=joiners).status_code == 204
    assert client.post(f"{place}/decline", headers=takers).status_code == 409
    assert client.post(f"{address}/cancel", headers=takers).status_code == 204


def test_the_letters_name_boroughs_and_no_address(
    app: Flask, client: FlaskClient, world: World, truck: Shared, session: Session, tmp_path: Path
) -> None:
    truck.offer()
    who = joiner(world)
    place, _ = truck.ask(who, load_at="Porte 3-canari", note="Merci")
    session.commit()
    work_through(app)
    truck.accept(place)
    session.commit()
    work_through(app)
    bookings.cancel(session, truck.taker, truck.booking.public_id, now=world.now)
    session.commit()
    work_through(app)
    assert truck.seen(who).offered.room == Load(4, 800)
    letters = [
        email.message_from_bytes(each.read_bytes(), policy=policy.default)
        for each in sorted((tmp_path / "mail").iterdir())
    ]
    subjects = [str(each["Subject"]) for each in letters]
    found = [each for each in subjects if "Saint-Laurent" in each]
    assert [each.split(" :")[0] for each in found] == [
        "Une place demandée dans votre trajet",
        "Votre place est acceptée",
        "Un trajet est annulé",
    ]
    bodies = [each.get_content() for each in letters]
    assert "canari" not in " ".join(bodies)
    (last,) = [body for body in bodies if "n’est plus réservé" in body]
    assert how_many(service.count_waiting, session, truck.taker, world.now) == 0
    assert f"/trajets/{truck.id}" in last
