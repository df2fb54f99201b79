"""A lender reads its own numbers and nobody else's; the coordination what operations need."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.bookings.rules import RefusedAs
from mutuali.core.errors import Forbidden
from mutuali.core.period import Period
from mutuali.core.permissions import Role
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver
from mutuali.numbers import service
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World, at, span


class Shared:
    """A lender with one thing that was lent, refused, missed and late, and another lender."""

    def __init__(self, world: World) -> None:
        self.session, now = world.session, world.now
        self.lender = world.organization("La Corbeille")
        self.giver = world.member(self.lender[0])
        self.coordinator = world.person(role=Role.COORDINATOR)
        hour, self.now = timedelta(hours=1), now + timedelta(days=4)
        truck = world.listing(self.lender, title_fr="Camion", no_show_hours=1)
        self.takers = [world.member(world.organization(f"Cuisine {n}")[0]) for n in range(3)]

        def book(number: int, days: float, hours: float = 2) -> str:
            start = now + timedelta(days=days)
            period = Period(start, start + hours * hour)
            return world.booking(truck, period, borrower=self.takers[number]).public_id

        lent, missed, rival = book(0, 1, 3), book(1, 2), book(2, 1, 3)
        refused = book(2, 3)
        at_ = {name: now + n * hour for n, name in enumerate("abcdef")}
        bookings.approve(self.session, self.giver, lent, now=at_["c"])
        bookings.approve(self.session, self.giver, missed, now=at_["d"])
        bookings.decline(self.session, self.giver, refused, "En réparation", now=at_["e"])
        out = now + timedelta(days=1)
        bookings.hand_over(self.session, self.giver, lent, now=out)
        bookings.take_back(self.session, self.giver, lent, now=out + 4 * hour)
        bookings.release_no_shows(self.session, now=now + timedelta(days=2, hours=1))
        self.rival = rival
        other = world.organization("Autre prêteur")
        self.other = world.member(other[0])
        world.listing(other, title_fr="Chapiteau de l’autre")


@pytest.fixture
def shared(world: World) -> Shared:
    return Shared(world)


def test_a_lender_reads_hours_answers_refusals_no_shows_and_delays_of_its_own(
    shared: Shared,
) -> None:
    found = service.lender_numbers(shared.session, shared.giver, shared.lender[0], now=shared.now)
    month = found.months[-1]
    (one,) = found.listings
    numbers = one.months[month]
    assert one.listing.draft.title_fr == "Camion"
    assert (numbers.hours.offered, numbers.hours.lent) == (96 * 3600, 4 * 3600)
    assert numbers.requests == 4
    assert numbers.refused == {RefusedAs.PERSON: 1, RefusedAs.RIVAL: 1}
    assert (numbers.no_shows, numbers.overdue) == (1, 1)
    assert numbers.response == timedelta(hours=3)
    assert found.total[month] == numbers
    assert found.total[found.months[0]].requests == 0


def test_nobody_reads_another_lenders_numbers(shared: Shared) -> None:
    for actor in (shared.other, shared.coordinator, shared.takers[0]):
        with pytest.raises(Forbidden):
            service.lender_numbers(shared.session, actor, shared.lender[0], now=shared.now)
    own = service.lender_numbers(
        shared.session, shared.other, shared.other.organization_id or 0, now=shared.now
    )
    assert [each.listing.draft.title_fr for each in own.listings] == ["Chapiteau de l’autre"]
    assert own.total[own.months[-1]].requests == 0


def test_what_is_broken_or_closed_is_not_offered_and_a_kit_counts_once_in_all(
    world: World, session: Session
) -> None:
    lender = world.organization()
    giver = world.member(lender[0])
    tent, kit = world.listing(lender, units=2), world.listing(lender, approver=Approver.NOBODY)
    tent_id = equipment.listing_id_of(session, tent)
    kit_id = equipment.listing_id_of(session, kit)
    equipment.set_parts(session, giver, kit_id, [(tent, 1)], now=NOW)
    booked = world.booking(kit, span(1, 2))
    bookings.hand_over(session, giver, booked.public_id, now=at(1))
    bookings.take_back(session, giver, booked.public_id, now=at(1, 2))
    outage = equipment.OutageDraft(1, at(2), at(3))
    equipment.take_out(session, giver, tent_id, outage, public_id=new_public_id(), now=NOW)
    scope = equipment.Scope(lender[0], tent_id)
    equipment.close(session, giver, scope, Period(at(4), at(5)), now=NOW)
    found = service.lender_numbers(session, giver, lender[0], now=at(5))
    month = found.months[-1]
    total = found.total[month].hours
    assert total.offered == (2 * 4 * 24 - 24) * 3600
    assert total.lent == 2 * 3600
    assert found.total[month].requests == 1


def test_the_coordination_reads_what_waits_and_who_is_slow(shared: Shared, world: World) -> None:
    world.now = shared.now
    waiting = world.listing(shared.lender)
    world.booking(waiting, Period(at(9), at(10)))
    found = service.network_numbers(
        shared.session, shared.coordinator, now=shared.now + timedelta(hours=5)
    )
    assert found.waiting == [0, 1, 0, 0]
    assert (found.requests, found.no_shows, found.overdue, found.at_risk) == (5, 1, 0, 0)
    assert [(each.lender, each.requests, each.silent) for each in found.answering] == [
        ("La Corbeille", 5, 0)
    ]
    assert found.answering[0].response == timedelta(hours=3)
    assert [(each.requests, each.lost) for each in found.supply] == [(5, 1)]
    with pytest.raises(Forbidden):
        service.network_numbers(shared.session, shared.giver, now=shared.now)


def test_the_pages_show_pictures_with_tables_and_the_file_holds_ones_own_lines(
    world: World, client: FlaskClient
) -> None:
    world.now = utc_now() - timedelta(days=4)
    shared = Shared(world)
    world.sign_in(client, shared.giver)
    page = client.get("/organisme/chiffres").text
    assert page.count("<svg") >= 3
    assert page.count("Les nombres en tableau") == 3
    assert "Camion" in page
    assert "Chapiteau de l’autre" not in page
    assert "/organisme/chiffres" in client.get("/organisme").text
    month = f"{world.now:%Y-%m}"
    assert client.get(f"/organisme/chiffres?mois={month}").status_code == 200
    assert client.get("/organisme/chiffres?mois=hier").status_code == 200
    file = client.get("/organisme/chiffres.csv")
    assert file.mimetype == "text/csv"
    lines = file.text.splitlines()
    assert len(lines) == 13
    assert "Cuisine" not in file.text
    assert client.get("/coordination/chiffres").status_code == 403
    world.sign_in(client, shared.coordinator)
    network = client.get("/coordination/chiffres").text
    assert "La Corbeille" in network
    assert "csv" not in network


def test_programs_read_their_own_months(world: World, client: FlaskClient) -> None:
    world.now = utc_now() - timedelta(days=4)
    shared = Shared(world)
    token = {"Authorization": f"Bearer {world.api_token(shared.giver)}"}
    rows: Any = client.get("/api/v1/numbers", headers=token).json
    assert len(rows) == 12
    assert sum(row["requests"] for row in rows) == 4
    assert sum(row["lost_to_rival"] for row in rows) == 1
