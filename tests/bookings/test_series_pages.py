"""The pages and the JSON doors of series, without JavaScript."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from mutuali.bookings.models import Booking, BookingSeries
from mutuali.core.period import Period, local
from mutuali.core.permissions import Actor
from mutuali.equipment.rules import Approver
from tests.factories import World

#: A Tuesday two weeks ahead at least, far from both changes of the clocks or not: it is the same.
TODAY = local(datetime.now(UTC)).date()
FIRST = TODAY + timedelta(days=14 + (1 - TODAY.weekday()) % 7)


def typed(**changes: Any) -> dict[str, Any]:
    """What somebody fills in: four Tuesdays from eight to noon."""
    return {
        "day": str(FIRST),
        "starts": "08:00",
        "ends": "12:00",
        "purpose": "food_delivery",
        "note": "Panier du mardi",
        "repeat": "weekly",
        "times": "4",
        **changes,
    }


def from_eight(day: date) -> datetime:
    """Eight in the morning of a day, on Montréal's clock."""
    from mutuali.core.period import instant_at

    return instant_at(day, datetime.min.time().replace(hour=8))


def hidden(page: TestResponse) -> dict[str, list[str]]:
    """What a form sends back as it was shown: hidden fields and ticked boxes."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", page.text):
        name, value = (re.search(rf' {each}="([^"]*)"', tag) for each in ("name", "value"))
        ticked = 'type="hidden"' in tag or " checked" in tag
        if name and value and ticked and name[1] not in {"csrf_token", "_once"}:
            found.setdefault(name[1], []).append(value[1])
    return found


@pytest.fixture
def now_world(world: World) -> World:
    world.now = datetime.now(UTC)
    return world


@pytest.fixture
def taker(now_world: World, client: FlaskClient) -> Actor:
    actor = now_world.member(now_world.organization()[0])
    now_world.sign_in(client, actor)
    return actor


def test_what_repeats_is_shown_date_by_date_before_it_is_asked_for(
    now_world: World, session: Session, client: FlaskClient, taker: Actor
) -> None:
    truck = now_world.listing(approver=Approver.NOBODY)
    second = from_eight(FIRST + timedelta(days=7))
    now_world.booking(truck, Period(second, second + timedelta(hours=1)))
    session.commit()
    assert "Répéter" in client.get(f"/annonces/{truck}").text

    shown = client.post(f"/annonces/{truck}/demander", data=typed())
    assert shown.status_code == 200
    assert "Chaque semaine, le mardi, 4 fois" in shown.text
    assert shown.text.count('name="kept"') == 3
    assert "Déjà réservé" in shown.text
    assert "Libre ce jour-là" in shown.text
    assert session.scalar(sa.select(sa.func.count(BookingSeries.id))) == 0
    session.commit()

    sent = hidden(shown)
    assert sent["note"] == ["Panier du mardi"]
    asked = client.post(f"/annonces/{truck}/serie", data={**sent, "take": "free"})
    assert asked.status_code == 303
    page = client.get(asked.location)
    assert "3 dates sont demandées" in page.text
    assert page.text.count("Laissée de côté") == 1
    assert page.text.count("Confirmée") == 3
    booked = session.scalars(
        sa.select(Booking.public_id).where(Booking.series_id.is_not(None))
    ).first()
    session.commit()
    single = client.get(f"/reservations/{booked}").text
    assert "Fait partie d’une série" in single
    assert asked.location.split("?")[0] in single


def test_a_date_that_is_unticked_is_left_out(
    now_world: World, session: Session, client: FlaskClient, taker: Actor
) -> None:
    truck = now_world.listing(approver=Approver.NOBODY)
    session.commit()
    sent = hidden(client.post(f"/annonces/{truck}/demander", data=typed()))
    sent["kept"] = sent["kept"][1:]
    asked = client.post(f"/annonces/{truck}/serie", data={**sent, "take": "all"})
    page = client.get(asked.location).text
    assert page.count("Confirmée") == 3
    assert "Laissée de côté" not in page
    assert "sauf 1 date" in page


def test_what_was_taken_while_somebody_read_is_said(
    now_world: World, session: Session, client: FlaskClient, taker: Actor
) -> None:
    truck = now_world.listing(approver=Approver.NOBODY)
    session.commit()
    sent = hidden(client.post(f"/annonces/{truck}/demander", data=typed()))
    first = from_eight(FIRST)
    now_world.booking(truck, Period(first, first + timedelta(hours=1)))
    session.commit()
    again = client.post(f"/annonces/{truck}/serie", data={**sent, "take": "all"})
    assert again.status_code == 409
    assert "Rien n’est fait" in again.text
    assert "Prises pendant que vous lisiez" in again.text
    assert again.text.count('name="kept"') == 3
    asked = client.post(f"/annonces/{truck}/serie", data={**sent, "take": "free"})
    assert "Prises pendant que vous lisiez" in client.get(asked.location).text


def test_the_night_on_which_the_clocks_change_is_asked_about(
    now_world: World, session: Session, client: FlaskClient, taker: Actor
) -> None:
    truck = now_world.listing(approver=Approver.NOBODY)
    session.commit()
    day = _next_lost_hour()
    fields = typed(
        day=str(day - timedelta(days=1)), starts="02:30", ends="04:00", repeat="daily", times="2"
    )
    shown = client.post(f"/annonces/{truck}/demander", data=fields)
    assert "Cette heure n’existe pas" in shown.text
    sent = hidden(shown)
    unanswered = client.post(f"/annonces/{truck}/serie", data={**sent, "take": "all"})
    assert unanswered.status_code == 422
    assert "dites quoi faire" in unanswered.text
    choice = re.findall(r'<option value="([^"]+ later)"', shown.text)
    asked = client.post(f"/annonces/{truck}/serie", data={**sent, "answers": choice, "take": "all"})
    assert asked.status_code == 303
    assert "de 3\u00a0h à 4\u00a0h" in client.get(asked.location).text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"times": "", "until": ""}, "Dites quand cela finit"),
        ({"until": str(FIRST)}, "Dites quand cela finit"),
        ({"times": "201"}, "Choisissez une valeur de 1 à 200"),
        ({"times": "", "until": str(FIRST + timedelta(days=900))}, "Cette date est trop loin"),
        (
            {"repeat": "daily", "times": "", "until": str(FIRST + timedelta(days=300))},
            "plus de 200",
        ),
        ({"ends": "07:00"}, "La fin vient avant le début"),
        ({"repeat": "hourly"}, "Choisissez une des réponses proposées"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept(
    now_world: World,
    session: Session,
    client: FlaskClient,
    taker: Actor,
    changes: dict[str, str],
    sentence: str,
) -> None:
    truck = now_world.listing()
    session.commit()
    page = client.post(f"/annonces/{truck}/demander", data=typed(weekday=["1", "3"], **changes))
    assert page.status_code == 422
    assert sentence in page.text
    assert "Panier du mardi" in page.text
    assert len(re.findall(r'name="weekday" value="[13]" checked', page.text)) == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"weekday": ["3", "1"]}, "Chaque semaine, le mardi et le jeudi, 4 fois"),
        ({"repeat": "two_weeks"}, "Toutes les deux semaines, le mardi, 4 fois"),
        ({"repeat": "daily"}, "Chaque jour, 4 fois"),
        ({"repeat": "month_day"}, f"Le {FIRST.day} du mois"),
        ({"repeat": "nth_weekday"}, " mardi du mois, 4 fois"),
    ],
)
def test_each_rhythm_of_the_page_is_said_back(
    now_world: World,
    session: Session,
    client: FlaskClient,
    taker: Actor,
    changes: dict[str, Any],
    said: str,
) -> None:
    truck = now_world.listing()
    session.commit()
    page = client.post(f"/annonces/{truck}/demander", data=typed(**changes))
    if FIRST.day == 31 or FIRST.day == 1:
        said = said.replace("Le 31", "Le dernier jour").replace("Le 1 ", "Le 1er ")
    assert said in page.text


def test_only_the_parties_see_a_series(
    now_world: World, session: Session, client: FlaskClient, taker: Actor
) -> None:
    lender = now_world.organization()
    truck = now_world.listing(lender)
    session.commit()
    sent = hidden(client.post(f"/annonces/{truck}/demander", data=typed()))
    address = client.post(f"/annonces/{truck}/serie", data={**sent, "take": "all"}).location
    now_world.sign_in(client, now_world.member(lender[0]))
    assert client.get(address).status_code == 200
    now_world.sign_in(client, now_world.member(now_world.organization()[0]))
    assert client.get(address).status_code == 404


class Program:
    """A program with a token, and what it sends."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client, self.headers = client, {"Authorization": f"Bearer {token}"}

    def post(self, path: str, body: dict[str, Any]) -> TestResponse:
        return self.client.post(f"/api/v1{path}", json=body, headers=self.headers)

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"/api/v1{path}", headers=self.headers)


@pytest.fixture
def program(now_world: World, client: FlaskClient) -> Program:
    actor = now_world.member(now_world.organization()[0])
    return Program(client, now_world.api_token(actor))


def body(listing: str, rule: str = "FREQ=WEEKLY;COUNT=4", **more: Any) -> dict[str, Any]:
    return {
        "listing": listing,
        "starts": f"{FIRST}T08:00",
        "ends": f"{FIRST}T12:00",
        "rule": rule,
        "purpose": "cooking",
        **more,
    }


def test_a_program_looks_asks_and_reads(
    now_world: World, session: Session, program: Program
) -> None:
    truck = now_world.listing(approver=Approver.NOBODY)
    first = from_eight(FIRST)
    now_world.booking(truck, Period(first, first + timedelta(hours=1)))
    session.commit()
    looked = program.post("/series/preview", body(truck)).get_json()
    assert looked["possible"] == 3
    assert looked["says"] == "chaque semaine, le mardi, 4 fois"
    taken = looked["dates"][0]
    assert taken["date"] == f"{FIRST}T08:00"
    assert [each["code"] for each in taken["reasons"]] == ["booking.not_enough_units"]
    assert taken["nearest"] is not None

    refused = program.post("/series", body(truck, take="all"))
    assert refused.status_code == 409
    shown = [each["date"] for each in looked["dates"]]
    made = program.post("/series", body(truck, take="free", shown=shown))
    assert made.status_code == 201
    given = made.get_json()
    assert given["lost"] == [f"{FIRST}T08:00"]
    assert [each["date"] for each in given["left_out"]] == given["lost"]
    read = program.get(made.headers["Location"].removeprefix("/api/v1")).get_json()
    assert [each["state"] for each in read["dates"]] == [None, *["approved"] * 3]
    assert read["rule"] == "RRULE:FREQ=WEEKLY;COUNT=4"
    booking = program.get(f"/bookings/{read['dates'][1]['booking']}").get_json()
    assert booking["starts_at"] == read["dates"][1]["span"]["starts_at"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rule": "FREQ=WEEKLY;INTERVAL=0;COUNT=2"}, "rule"),
        ({"rule": "FREQ=MONTHLY;BYSETPOS=-1;BYDAY=MO;COUNT=2"}, "rule"),
        ({"rule": "FREQ=WEEKLY;COUNT=2\x00"}, "rule"),
        ({"rule": "FREQ=DAILY;COUNT=" + "9" * 10_000_000}, "rule"),
        ({"rule": 7}, "rule"),
        ({"starts": "2026-03-03T08:00Z"}, "starts"),
        ({"starts": "2026-02-30T08:00"}, "starts"),
        ({"ends": "0001-01-01T00:00"}, "ends"),
        ({"ends": "2000-01-01T00:00"}, "ends"),
        ({"answers": [{"date": "2026-03-03T08:00", "answer": "skip"}]}, "answers"),
        ({"answers": [{"date": "x", "answer": "skip"}]}, "answers.0.date"),
        ({"units": 0}, "units"),
    ],
)
def test_what_a_program_gets_wrong_is_named_and_costs_no_time(
    now_world: World,
    session: Session,
    program: Program,
    changes: dict[str, Any],
    field: str,
) -> None:
    truck = now_world.listing()
    session.commit()
    started = datetime.now(UTC)
    answer = program.post("/series/preview", body(truck) | changes)
    assert answer.status_code == 422
    assert field in {each.get("field") for each in answer.get_json()["reasons"]}
    assert datetime.now(UTC) - started < timedelta(seconds=2)


def _next_lost_hour() -> date:
    """The next day in Montréal on which half past two does not exist, a week ahead at least."""
    from mutuali.core.period import NoSuchLocalTime, instant_at

    day = TODAY + timedelta(days=8)
    while True:
        try:
            instant_at(day, datetime.min.time().replace(hour=2, minute=30))
        except NoSuchLocalTime:
            return day
        except ValueError:
            pass
        day += timedelta(days=1)
