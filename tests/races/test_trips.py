"""The last pallet of a leg, accepts and a smaller offer at one moment: nobody rides on the roof."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from http.client import HTTPConnection
from typing import Any

import sqlalchemy as sa

from mutuali.trips.models import Trip, TripPlace
from mutuali.trips.rules import Load, Ride, taken
from tests.factories import World
from tests.races.clients import Shot, at_once, fire, rounds
from tests.races.test_races import ROUNDS
from tests.trips.made import Shared, joiner, shared

CLIENTS = 8
LEGS = 3


def offers(world: World, room: Load, *, joins: bool) -> list[Shared]:
    """As many trips as there are rounds, each in a truck of its own."""
    made = [
        shared(world, room=room, from_=world.now + timedelta(days=2 + n)) for n in range(ROUNDS)
    ]
    for each in made:
        each.offer(at_once=joins)
    return made


def tokens(world: World, count: int) -> list[str]:
    return [world.api_token(joiner(world), "booking.request") for _ in range(count)]


def place(start: int, end: int, pallets: int, kg: int) -> dict[str, Any]:
    return {"from_stop": start, "to_stop": end, "pallets": pallets, "kg": kg}


def fullest(world: World) -> list[tuple[Load, list[Load]]]:
    """Of each trip: what it offers, and what is on board on each leg."""
    world.session.rollback()
    world.session.expire_all()
    found = []
    for trip in world.session.scalars(sa.select(Trip).order_by(Trip.id)):
        rows = world.session.scalars(
            sa.select(TripPlace).where(TripPlace.trip_id == trip.id, TripPlace.state == "accepted")
        )
        rides = [Ride(r.from_stop, r.to_stop, Load(r.pallets, r.kg)) for r in rows]
        found.append((Load(trip.pallets, trip.kg), taken(rides, LEGS)))
    return found


def test_the_last_pallet_of_a_leg_goes_to_exactly_one(
    race_world: World, server: Callable[[], str]
) -> None:
    trips = offers(race_world, Load(1, 0), joins=True)
    ways = [(1, 2), (0, 3), (0, 2), (1, 3)] * 2
    clients = [
        [Shot(f"/api/v1/trips/{each.id}/places", place(*way, 1, 0), token) for each in trips]
        for way, token in zip(ways, tokens(race_world, CLIENTS), strict=True)
    ]
    race_world.session.commit()
    for statuses in rounds(fire(server(), clients)):
        assert statuses == {201: 1, 409: CLIENTS - 1}
    for _, loads in fullest(race_world):
        assert loads[1] == Load(1, 0)


def test_neither_pallets_nor_kilograms_ever_exceed_what_is_offered_on_any_leg(
    race_world: World, server: Callable[[], str]
) -> None:
    trips = offers(race_world, Load(4, 500), joins=True)
    wanted = [(0, 1, 2, 100), (0, 2, 1, 200), (1, 3, 2, 250), (2, 3, 3, 100)] * 2
    clients = [
        [Shot(f"/api/v1/trips/{each.id}/places", place(*ride), token) for each in trips]
        for ride, token in zip(wanted, tokens(race_world, CLIENTS), strict=True)
    ]
    race_world.session.commit()
    answers = fire(server(), clients)
    assert {status for each in answers for status in each} <= {201, 409}
    for offered, loads in fullest(race_world):
        assert all(each.fits(offered) for each in loads)
        assert any(each.pallets for each in loads)


def test_accepts_at_one_moment_have_as_many_winners_as_there_is_room(
    race_world: World, server: Callable[[], str]
) -> None:
    trips = offers(race_world, Load(2, 0), joins=False)
    people = [joiner(race_world) for _ in range(4)]
    shots: list[list[Shot]] = [[] for _ in people]
    for each in trips:
        token = race_world.api_token(each.taker, "booking.carry_out")
        for n, who in enumerate(people):
            id_, _ = each.ask(who, n % 2, 2, 1, 0)
            shots[n].append(Shot(f"/api/v1/places/{id_}/accept", {}, token))
    race_world.session.commit()
    for statuses in rounds(fire(server(), shots)):
        assert statuses == {204: 2, 409: 2}
    for offered, loads in fullest(race_world):
        assert loads[1] == offered


def test_a_smaller_offer_and_an_accept_at_one_moment_never_both_hold(
    race_world: World, server: Callable[[], str]
) -> None:
    trips = offers(race_world, Load(2, 0), joins=False)
    who = joiner(race_world)
    accepts: list[Shot] = []
    smaller: list[Shot] = []
    for each in trips:
        token = race_world.api_token(each.taker, "booking.carry_out", "availability.read")
        id_, _ = each.ask(who, 0, 2, 2, 0)
        accepts.append(Shot(f"/api/v1/places/{id_}/accept", {}, token))
        body = {"pallets": 1, "join_by": each.capacity().join_by.isoformat()}
        smaller.append(Shot(f"/api/v1/trips/{each.id}", body, token))
    race_world.session.commit()
    accepted, shrunk = at_once(server(), [partial(posting, accepts), partial(putting, smaller)])
    assert set(zip(accepted, shrunk, strict=True)) <= {(204, 409), (409, 200)}
    for offered, loads in fullest(race_world):
        assert all(each.fits(offered) for each in loads)


def test_a_trip_that_is_called_off_while_somebody_is_accepted_carries_nobody(
    race_world: World, server: Callable[[], str]
) -> None:
    trips = offers(race_world, Load(2, 0), joins=False)
    who = joiner(race_world)
    accepts: list[Shot] = []
    cancels: list[Shot] = []
    for each in trips:
        token = race_world.api_token(each.taker, "booking.carry_out")
        id_, _ = each.ask(who, 0, 2, 2, 0)
        accepts.append(Shot(f"/api/v1/places/{id_}/accept", {}, token))
        cancels.append(Shot(f"/api/v1/trips/{each.id}/cancel", {}, token))
    race_world.session.commit()
    for statuses in rounds(fire(server(), [accepts, cancels])):
        assert statuses in ({204: 2}, {204: 1, 409: 1})
    for _, loads in fullest(race_world):
        assert loads == [Load(0, 0)] * LEGS


def posting(shots: list[Shot], line: HTTPConnection, wait: Callable[[], object]) -> list[int]:
    return _sent("POST", shots, line, wait)


def putting(shots: list[Shot], line: HTTPConnection, wait: Callable[[], object]) -> list[int]:
    return _sent("PUT", shots, line, wait)


def _sent(
    method: str, shots: list[Shot], line: HTTPConnection, wait: Callable[[], object]
) -> list[int]:
    statuses = []
    for shot in shots:
        headers = {"Authorization": f"Bearer {shot.token}", "Content-Type": "application/json"}
        wait()
        line.request(method, shot.path, json.dumps(shot.body), headers)
        answer = line.getresponse()
        answer.read()
        statuses.append(answer.status)
    return statuses
