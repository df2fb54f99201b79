"""Programs make and close addresses of agendas, and bring in agendas kept elsewhere."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.calendars.models import CalendarFeed, ExternalCalendar
from mutuali.core.period import Period
from mutuali.core.permissions import Actor
from mutuali.organizations import service as organizations
from mutuali.web.once import AnswerOnce
from tests.calendars.test_external import ADDRESS, event
from tests.calendars.test_reading import ics
from tests.factories import World


class Program:
    """A lender with a truck and a loan of it, and programs that speak for its people."""

    def __init__(self, world: World) -> None:
        world.now = datetime.now(UTC)
        self.world = world
        self.lender = world.organization("Le Grand Panier")
        self.lends = world.member(self.lender[0])
        self.stranger = world.member(world.organization()[0])
        self.truck = world.listing(self.lender)
        start = world.now + timedelta(days=2)
        self.booking = world.booking(self.truck, Period(start, start + timedelta(hours=2)))
        id_ = organizations.organization(world.session, self.lender[0]).public_id
        self.home = f"/api/v1/organizations/{id_}"
        self.bearer = self.of(self.lends)

    def of(self, actor: Actor, *scopes: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.world.api_token(actor, *scopes)}"}

    def count(self, model: Any) -> int:
        self.world.session.rollback()
        found = self.world.session.scalar(sa.select(sa.func.count(model.id))) or 0
        self.world.session.rollback()
        return found


@pytest.fixture
def program(world: World) -> Program:
    return Program(world)


@pytest.mark.parametrize("whose", ["own", "of the organization"])
def test_the_address_of_a_feed_is_answered_once_and_works_until_it_is_closed(
    client: FlaskClient, session: Session, program: Program, whose: str
) -> None:
    home = "/api/v1/feeds" if whose == "own" else f"{program.home}/feeds"
    once = {**program.bearer, "Idempotency-Key": "feed-1"}
    first, second = (client.post(home, json={"name": "Bureau"}, headers=once) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201), first.text
    made: Any = first.json
    assert second.json == {**made, "address": None}
    assert "/agendas/" not in str(session.scalars(sa.select(AnswerOnce.body)).all())
    session.rollback()
    path = made["address"].removeprefix("http://127.0.0.1")
    assert program.booking.public_id in client.get(path).text
    (listed,) = list(client.get(home, headers=program.bearer).json or ())
    assert (listed["id"], listed["name"], "address" in listed) == (made["id"], "Bureau", False)
    outside = client.delete(f"{home}/{made['id']}", headers=program.of(program.stranger))
    assert outside.status_code in {403, 404}
    assert client.delete(f"{home}/{made['id']}", headers=program.bearer).status_code == 204
    assert client.get(path).status_code == 404


def test_no_token_makes_an_address_where_others_read_what_it_may_not(
    client: FlaskClient, program: Program
) -> None:
    narrow = program.of(program.lends, "listing.edit")
    for home in ("/api/v1/feeds", f"{program.home}/feeds"):
        assert client.post(home, json={"name": "Bureau"}, headers=narrow).status_code == 403
    stranger = program.of(program.stranger)
    answer = client.post(f"{program.home}/feeds", json={"name": "Bureau"}, headers=stranger)
    assert answer.status_code == 403
    assert program.count(CalendarFeed) == 0


@pytest.mark.parametrize(
    ("home", "sent", "field", "code"),
    [
        ("own", {"name": "a\x00b"}, "name", "field.control_character"),
        ("own", {"name": "B", "listing": "x"}, "listing", "field.unknown"),
        ("ours", {"name": "x" * 81}, "name", "field.too_long"),
        ("ours", {"name": "B", "language": "de"}, "language", "field.not_a_choice"),
    ],
)
def test_a_feed_that_cannot_be_is_refused_by_its_field(
    client: FlaskClient, program: Program, home: str, sent: Any, field: str, code: str
) -> None:
    address = "/api/v1/feeds" if home == "own" else f"{program.home}/feeds"
    answer = client.post(address, json=sent, headers=program.bearer)
    told: Any = answer.json
    assert answer.status_code == 422
    assert [(each["field"], each["code"]) for each in told["reasons"]] == [(field, code)]
    assert program.count(CalendarFeed) == 0


def test_a_booking_is_taken_along_as_a_file(client: FlaskClient, program: Program) -> None:
    address = f"/api/v1/bookings/{program.booking.public_id}/agenda.ics"
    found = client.get(address, headers=program.bearer)
    assert (found.mimetype, program.booking.public_id in found.text) == ("text/calendar", True)
    assert client.get(address, headers=program.of(program.stranger)).status_code == 404


def test_an_agenda_elsewhere_closes_a_listing_from_an_address_or_a_file(
    client: FlaskClient, program: Program
) -> None:
    home = f"{program.home}/external-agendas"
    body = {"name": "Camion", "listing": program.truck, "address": ADDRESS}
    added: Any = client.post(home, json=body, headers=program.bearer).json
    assert (added["host"], added["busy"]) == ("agenda.example", 0)
    assert "secret-4711" not in client.get(home, headers=program.bearer).text
    form = {"name": "Fichier", "listing": program.truck, "file": (BytesIO(ics(event(9))), "a.ics")}
    filed: Any = client.post(home, data=form, headers=program.bearer).json
    assert (filed["host"], filed["busy"]) == ("", 1)
    listed: Any = client.get(home, headers=program.bearer).json
    assert [each["id"] for each in listed] == [filed["id"], added["id"]]
    outside = program.of(program.stranger)
    assert client.get(home, headers=outside).status_code == 403
    for one in (f"{home}/{added['id']}", f"{home}/{filed['id']}"):
        assert client.delete(one, headers=outside).status_code == 403
        assert client.delete(one, headers=program.bearer).status_code == 204
    assert client.get(home, headers=program.bearer).json == []


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": "Camion"}, "address"),
        ({"name": "Camion", "address": "http://agenda.example/a.ics"}, "address"),
        ({"name": "Camion", "address": "https://agenda.example/\x00"}, "address"),
        ({"name": "", "address": ADDRESS}, "name"),
    ],
)
def test_an_agenda_that_cannot_be_read_is_refused_by_its_field(
    client: FlaskClient, program: Program, sent: Any, field: str
) -> None:
    home = f"{program.home}/external-agendas"
    answer = client.post(home, json=sent, headers=program.bearer)
    told: Any = answer.json
    assert answer.status_code == 422
    assert [each["field"] for each in told["reasons"]] == [field]
    assert program.count(ExternalCalendar) == 0
