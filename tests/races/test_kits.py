"""Kits, parts and baskets at one moment: nobody gets what another has or waits in a circle."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from mutuali.bookings.models import Booking
from mutuali.bookings.rules import Hold, peak_units
from mutuali.core.period import Period
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver
from tests.factories import World
from tests.races.clients import Shot, fire, rounds
from tests.races.test_races import ROUNDS, ask, borrowers


def market(world: World) -> tuple[str, str, str]:
    """A kit of a tent and two of five crates; the tent and the crates also stand alone."""
    lender = world.organization()
    giver = world.member(lender[0])
    free = {"approver": Approver.NOBODY, "longest_minutes": 10_000}
    kit = world.listing(lender, title_fr="Marché", **free)
    tent = world.listing(lender, title_fr="Chapiteau", **free)
    crates = world.listing(lender, title_fr="Caisses", units=5, **free)
    kit_id = equipment.listing_id_of(world.session, kit)
    equipment.set_parts(world.session, giver, kit_id, [(tent, 1), (crates, 2)], now=world.now)
    return kit, tent, crates


def peaks(world: World) -> dict[int, int]:
    """The most units of each listing that anybody has at one instant."""
    world.session.rollback()
    rows = world.session.execute(
        sa.select(Booking.listing_id, Booking.units, Booking.starts_at, Booking.occupied_until)
    ).all()
    ever = Period(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    found: dict[int, list[Hold]] = {}
    for row in rows:
        hold = Hold(row.units, Period(row.starts_at, row.occupied_until))
        found.setdefault(row.listing_id, []).append(hold)
    return {listing: peak_units(holds, ever) for listing, holds in found.items()}


def test_a_kit_and_its_part_at_once_have_exactly_one_winner(
    race_world: World, server: Callable[[], str]
) -> None:
    kit, tent, _crates = market(race_world)
    people = borrowers(race_world, 6)
    race_world.session.commit()
    wanted = [kit, tent] * 3
    clients = [
        [Shot("/api/v1/bookings", ask(listing, day), token) for day in range(1, ROUNDS + 1)]
        for listing, (_actor, token) in zip(wanted, people, strict=True)
    ]
    for statuses in rounds(fire(server(), clients)):
        assert statuses == {201: 1, 409: 5}
    assert max(peaks(race_world).values()) <= 2


def test_kits_and_lots_never_take_more_than_there_is(
    race_world: World, server: Callable[[], str]
) -> None:
    kit, _tent, crates = market(race_world)
    people = borrowers(race_world, 8)
    race_world.session.commit()
    wanted = [(kit, 1)] * 4 + [(crates, 1), (crates, 2), (crates, 3), (crates, 4)]
    clients = [
        [Shot("/api/v1/bookings", ask(listing, day, units), token) for day in range(1, ROUNDS + 1)]
        for (listing, units), (_actor, token) in zip(wanted, people, strict=True)
    ]
    answers = fire(server(), clients)
    assert {status for each in answers for status in each} <= {201, 409}
    crates_id = equipment.listing_id_of(race_world.session, crates)
    assert peaks(race_world)[crates_id] <= 5


def test_baskets_that_name_the_same_things_the_other_way_round_never_wait_in_a_circle(
    race_world: World, server: Callable[[], str]
) -> None:
    kit, tent, crates = market(race_world)
    truck = race_world.listing(approver=Approver.NOBODY)
    people = borrowers(race_world, 6)
    race_world.session.commit()
    ways = [[truck, kit], [kit, truck], [tent, truck], [truck, crates, tent], [crates, kit], [kit]]

    def basket(listings: list[str], day: int) -> dict[str, Any]:
        return {"lines": [ask(listing, day) for listing in listings]}

    clients = [
        [Shot("/api/v1/baskets", basket(way, day), token) for day in range(1, ROUNDS + 1)]
        for way, (_actor, token) in zip(ways, people, strict=True)
    ]
    answers = fire(server(), clients)
    assert {status for each in answers for status in each} <= {201, 409}
    # Whoever comes first on a day gets all of theirs.
    for day in range(ROUNDS):
        assert 201 in {each[day] for each in answers}
    ids = {
        each: equipment.listing_id_of(race_world.session, each) for each in (truck, tent, crates)
    }
    found = peaks(race_world)
    assert found[ids[truck]] <= 1
    assert found[ids[tent]] <= 1
    assert found[ids[crates]] <= 5
