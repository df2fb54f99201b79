"""Changing and cancelling dates of a series by its pages and by a program."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking
from mutuali.core.permissions import Actor
from mutuali.equipment.rules import Approver
from tests.bookings.test_series_pages import FIRST, Program, body, hidden, typed
from tests.factories import World


@pytest.fixture
def now_world(world: World) -> World:
    world.now = datetime.now(UTC)
    return world


@pytest.fixture
def taker(now_world: World, client: FlaskClient) -> Actor:
    actor = now_world.member(now_world.organization()[0])
    now_world.sign_in(client, actor)
    return actor


@pytest.fixture
def series(now_world: World, session: Session, client: FlaskClient, taker: Actor) -> str:
    """The address of four Tuesdays that are confirmed."""
    truck = now_world.listing(units=3, approver=Approver.NOBODY)
    session.commit()
    sent = hidden(client.post(f"/annonces/{truck}/demander", data=typed()))
    made = client.post(f"/annonces/{truck}/serie", data={**sent, "take": "all"})
    return str(made.location.split("?")[0])


def test_the_hours_of_a_date_and_those_that_follow_are_changed(
    client: FlaskClient, series: str
) -> None:
    page = client.get(f"{series}/changer").text
    dates = re.findall(r'<option value="([^"]+)">', page)
    assert len(dates) == 4
    asked = {"deed": "move", "scope": "following", "date": dates[1], "starts": "13:00"}
    shown = client.post(f"{series}/changer", data={**asked, "ends": "16:30"})
    assert shown.status_code == 200
    assert shown.text.count("de 13\u00a0h à 16\u00a0h\u00a030") == 3
    assert "Rien n’est encore changé." in shown.text
    done = client.post(f"{series}/changer/confirmer", data={**hidden(shown), "take": "all"})
    assert done.status_code == 303
    after = client.get(series).text
    assert "3 dates sont changées." in after
    assert after.count("de 13\u00a0h à 16\u00a0h\u00a030") == 3


def test_all_dates_are_cancelled_with_the_reason(
    session: Session, client: FlaskClient, series: str
) -> None:
    asked = {"deed": "cancel", "scope": "all", "reason": "Le camion n’est plus utile."}
    shown = client.post(f"{series}/changer", data=asked)
    assert "Annuler 4 dates" in shown.text
    client.post(f"{series}/changer/confirmer", data={**hidden(shown), "take": "all"})
    page = client.get(series).text
    assert page.count("Annulée") == 4
    assert "Changer ou annuler des dates" not in page
    single = session.scalars(sa.select(Booking.public_id)).first()
    session.commit()
    assert "Le camion n’est plus utile." in client.get(f"/reservations/{single}").text
    nothing = client.post(f"{series}/changer", data=asked)
    assert nothing.status_code == 422
    assert "Aucune date à venir ne peut changer" in nothing.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"deed": "move", "starts": "13:00"}, "ends"),
        ({"deed": "units"}, "units"),
        ({"deed": "units", "units": "4"}, ""),
        ({"deed": "move", "starts": "8 h", "ends": "12:00"}, "starts"),
        ({"deed": "cancel", "scope": "one"}, "date"),
        ({}, "deed"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    client: FlaskClient, series: str, changes: dict[str, str], field: str
) -> None:
    answer = client.post(f"{series}/changer", data={"scope": "all", **changes})
    if field:
        assert answer.status_code == 422
        assert f'id="champ-{field}-erreur"' in answer.text
    else:
        # More units than there are: the page says so of each date.
        assert answer.status_code == 200
        assert answer.text.count("Choisissez une valeur de 1 à 3.") == 4


def test_a_program_changes_and_cancels(
    now_world: World, session: Session, client: FlaskClient
) -> None:
    actor = now_world.member(now_world.organization()[0])
    program = Program(client, now_world.api_token(actor))
    truck = now_world.listing(units=3, approver=Approver.NOBODY)
    session.commit()
    made = program.post("/series", body(truck, take="all")).get_json()
    address = f"/series/{made['id']}/changes"
    dates = [each["date"] for each in made["dates"]]

    wanted: dict[str, Any] = {"deed": "units", "scope": "following", "date": dates[2], "units": 3}
    looked = program.post(f"{address}/preview", wanted).get_json()
    assert looked["possible"] == 2
    assert [each["units"] for each in looked["dates"]] == [3, 3]
    done = program.post(address, {**wanted, "take": "all", "shown": dates[2:]}).get_json()
    assert [each["date"] for each in done["changed"]] == dates[2:]

    moved = {"deed": "move", "scope": "all", "starts": "09:00", "ends": "11:00", "take": "all"}
    assert program.post(address, moved).status_code == 200
    cancelled = {"deed": "cancel", "scope": "one", "date": dates[0], "take": "all"}
    assert program.post(address, cancelled).status_code == 200
    read = program.get(f"/series/{made['id']}").get_json()
    assert [each["state"] for each in read["dates"]] == ["cancelled", *["approved"] * 3]
    assert read["dates"][0]["date"] == f"{FIRST}T08:00"

    for wrong, field in (
        ({"deed": "move", "scope": "all", "take": "all"}, "starts"),
        ({"deed": "cancel", "scope": "one", "take": "all"}, "date"),
        ({"deed": "cancel", "scope": "one", "date": "2001-01-01T00:00", "take": "all"}, "date"),
        ({"deed": "units", "scope": "all", "units": 0, "take": "all"}, "units"),
        ({"deed": "cancel", "scope": "all"}, "take"),
    ):
        refused = program.post(address, wrong)
        assert refused.status_code == 422
        assert field in {each.get("field") for each in refused.get_json()["reasons"]}
