"""Many at once for too little: client processes held by a barrier against a running server."""

import http.client
import json
import multiprocessing as mp
import socket
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import sqlalchemy as sa

from mutuali.bookings.guard import CAPACITY
from mutuali.core.permissions import Actor, Role
from mutuali.equipment.rules import Approver
from tests.factories import World
from tests.races.clients import Shot, fire, rounds

CLIENTS = 50
ROUNDS = 20


def ask(listing: str, day: int, units: int = 1) -> dict[str, Any]:
    """The body of a request for two hours on a day to come."""
    start = (datetime.now(UTC) + timedelta(days=day)).replace(minute=0, second=0, microsecond=0)
    return {
        "listing": listing,
        "units": units,
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=2)).isoformat(),
        "purpose": "food_delivery",
    }


def borrowers(world: World, count: int) -> list[tuple[Actor, str]]:
    """So many members of organizations of their own, each with a token."""
    actors = [world.member(world.organization()[0]) for _ in range(count)]
    return [(actor, world.api_token(actor, "booking.request", "booking.read")) for actor in actors]


def test_fifty_at_once_for_the_last_unit_have_exactly_one_winner(
    race_world: World, server: Callable[[], str]
) -> None:
    truck = race_world.listing(approver=Approver.NOBODY, longest_minutes=10_000)
    people = borrowers(race_world, CLIENTS)
    race_world.session.commit()
    clients = [
        [Shot("/api/v1/bookings", ask(truck, day), token) for day in range(1, ROUNDS + 1)]
        for _actor, token in people
    ]
    for statuses in rounds(fire(server(), clients)):
        assert statuses == {201: 1, 409: CLIENTS - 1}


def test_the_last_three_of_forty_crates_are_never_promised_twice(
    race_world: World, server: Callable[[], str]
) -> None:
    crates = race_world.listing(units=40, approver=Approver.NOBODY)
    people = borrowers(race_world, 12)
    _keeper, keeper_token = people[0]
    race_world.session.commit()
    address = server()
    days = range(1, ROUNDS + 1)
    first = [[Shot("/api/v1/bookings", ask(crates, day, 37), keeper_token) for day in days]]
    assert rounds(fire(address, first)) == [Counter({201: 1})] * ROUNDS
    wanted = [1 + n % 3 for n in range(len(people) - 1)]
    clients = [
        [Shot("/api/v1/bookings", ask(crates, day, units), token) for day in days]
        for units, (_actor, token) in zip(wanted, people[1:], strict=True)
    ]
    answers = fire(address, clients)
    for number in range(ROUNDS):
        statuses = [each[number] for each in answers]
        given = sum(units for units, status in zip(wanted, statuses, strict=True) if status == 201)
        assert set(statuses) <= {201, 409}
        # A client that asks for one always fits until all three are gone.
        assert given == 3


def test_two_coordinators_approving_rivals_have_one_winner(
    race_world: World, server: Callable[[], str]
) -> None:
    truck = race_world.listing(approver=Approver.COORDINATOR)
    coordinators = [race_world.person(role=Role.COORDINATOR) for _ in range(2)]
    people = borrowers(race_world, 2)
    tokens = [race_world.api_token(each) for each in coordinators]
    race_world.session.commit()
    address = server()
    clients: list[list[Shot]] = [[], []]
    for day in range(1, ROUNDS + 1):
        for n, (_actor, token) in enumerate(people):
            made = _post(address, "/api/v1/bookings", ask(truck, day), token)
            path = f"/api/v1/bookings/{made['id']}/approve"
            clients[n].append(Shot(path, {}, tokens[n]))
    for statuses in rounds(fire(address, clients)):
        assert statuses == {200: 1, 409: 1}


def test_a_body_that_comes_late_and_is_not_needed_costs_nobody_the_connection(
    race_world: World, server: Callable[[], str]
) -> None:
    token = race_world.api_token(race_world.member(race_world.organization()[0]))
    race_world.session.commit()
    host, port = server().removeprefix("http://").split(":")
    head = (
        f"POST /api/v1/bookings/{'x' * 22}/approve HTTP/1.1\r\nHost: {host}\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        "Content-Length: 2\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=30) as line:
        for _ in range(3):
            line.sendall(head.encode())
            time.sleep(0.3)
            line.sendall(b"{}")
            answer = http.client.HTTPResponse(line)
            answer.begin()
            answer.read()
            assert answer.status == 404


def _post(address: str, path: str, body: dict[str, Any], token: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with closing(http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)) as line:
        line.request("POST", path, json.dumps(body), headers)
        answer = line.getresponse()
        content = json.loads(answer.read())
    assert answer.status == 201, content
    return dict(content)


def _insert(dsn: str, values: list[dict[str, Any]], barrier: Any, answers: Any) -> None:
    """One client that writes straight into the table, a row per round."""
    outcomes = []
    with psycopg.connect(dsn, autocommit=True) as connection:
        for row in values:
            barrier.wait(timeout=60)
            try:
                connection.execute(
                    "INSERT INTO booking (public_id, listing_id, lender_id, borrower_id, units,"
                    " starts_at, ends_at, occupied_until, turnaround_minutes, state, purpose, note,"
                    " price_cents, created_at, version, is_history) VALUES (%(public_id)s,"
                    " %(listing_id)s, %(lender_id)s, %(borrower_id)s, 1, %(start)s, %(end)s,"
                    " %(end)s, 0, 'approved', 'other', '', 0, now(), 1, false)",
                    row,
                )
                outcomes.append("in")
            except psycopg.errors.CheckViolation as error:
                outcomes.append(str(error.diag.constraint_name))
            except psycopg.errors.DeadlockDetected:
                outcomes.append("deadlock")
    answers.put(outcomes)


def test_going_round_the_service_by_sql_is_refused_by_name_without_deadlock(
    race_world: World, database_url: str, engine_name: str
) -> None:
    if engine_name == "sqlite":
        # One writer at a time: bookings/test_guard.py shows the refusal; there is no race to run.
        assert database_url.startswith("sqlite")
        return
    truck = race_world.listing()
    borrower_id, _site = race_world.organization()
    race_world.session.commit()
    listing_id, lender_id = race_world.session.execute(
        sa.text("SELECT id, lender_id FROM listing WHERE public_id = :id"), {"id": truck}
    ).one()
    start = datetime.now(UTC).replace(microsecond=0)
    context = mp.get_context("fork")
    barrier, answers = context.Barrier(16), context.Queue()
    dsn = sa.make_url(database_url).set(drivername="postgresql").render_as_string(False)
    processes = [
        context.Process(
            target=_insert,
            args=(
                dsn,
                [
                    {
                        "public_id": f"client{n}-round{day}",
                        "listing_id": listing_id,
                        "lender_id": lender_id,
                        "borrower_id": borrower_id,
                        "start": start + timedelta(days=day),
                        "end": start + timedelta(days=day, hours=2),
                    }
                    for day in range(ROUNDS)
                ],
                barrier,
                answers,
            ),
            daemon=True,
        )
        for n in range(16)
    ]
    for process in processes:
        process.start()
    outcomes = [answers.get(timeout=120) for _ in processes]
    for number in range(ROUNDS):
        assert Counter(each[number] for each in outcomes) == {"in": 1, CAPACITY: 15}
