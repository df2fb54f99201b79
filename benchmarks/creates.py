"""Creates per second, against the floor."""

import http.client
import json
import multiprocessing as mp
import time as clock
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import time, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.measure import ROUNDS, Cpu, Rounds, percentiles, read_cpu
from benchmarks.network import CLIENTS, CLOSES, LISTINGS, OPENS, Network, around, stored
from benchmarks.profile import where_time_goes
from benchmarks.servers import THREADS, WORKERS, Server, product_environment, served
from mutuali.core.period import instant_at
from tests.engines import Postgres

STORED = 100_000
GOAL = 0.35
_SECONDS, _WARM_UP, _ONE_BY_ONE = 4.0, 200, 300
_PER_DAY = CLOSES - OPENS
Request = tuple[str, dict[str, str], str]


@dataclass(slots=True)
class Side:
    """The product or the floor, and what its rounds gave."""

    name: str
    server: Server
    network: Network
    places: Iterator[int] = field(default_factory=count)
    rates: list[float] = field(default_factory=list)
    spent: list[Cpu] = field(default_factory=list)
    made: list[int] = field(default_factory=list)
    one_by_one: list[float] = field(default_factory=list)

    def requests(self, client: int, start: int) -> Iterator[Request]:
        """A client's creates, each for an hour that nobody else asks for."""
        borrower = self.network.borrowers[client]
        for n in count(start):
            place = n * CLIENTS + client
            turn, listing = divmod(place, LISTINGS)
            day, hour = divmod(turn, _PER_DAY)
            begin = instant_at(self.network.free_from + timedelta(days=day), time(OPENS + hour))
            public_id, listing_id, lender_id = self.network.listings[listing]
            body: dict[str, Any] = {
                "units": 1,
                "starts_at": begin.isoformat(),
                "ends_at": (begin + timedelta(hours=1)).isoformat(),
            }
            headers = {"Content-Type": "application/json"}
            if self.name == "floor":
                body |= {
                    "listing_id": listing_id,
                    "lender_id": lender_id,
                    "borrower_id": borrower.organization_id,
                }
                yield "/bookings", headers, json.dumps(body)
            else:
                body |= {"listing": public_id, "purpose": "food_delivery"}
                headers["Authorization"] = f"Bearer {borrower.token}"
                yield "/api/v1/bookings", headers, json.dumps(body)


def report(postgres: Postgres, network: Network, folder: Path) -> bool:
    """Measure and print; whether the goal is met."""
    slots = around(network, STORED)
    with ExitStack() as stack:
        urls = [stack.enter_context(stored(postgres, network, slots)) for _ in range(2)]
        floor_url = urls[0].replace("+psycopg", "")
        floor = stack.enter_context(
            served("benchmarks.floor:app", {"FLOOR_DATABASE": floor_url}, urls[0])
        )
        product = stack.enter_context(
            served("wsgi:app", product_environment(urls[1], folder), urls[1])
        )
        sides = [Side("floor", floor, network), Side("MutuAli", product, network)]
        begins = {side.name: 0 for side in sides}
        for side in sides:
            begins[side.name] = _one_client(side, begins[side.name], _WARM_UP)
            side.one_by_one.clear()
        for _ in range(ROUNDS):
            for side in sides:
                begins[side.name] = _round(side, begins[side.name])
        for _ in range(ROUNDS):
            for side in sides:
                begins[side.name] = _one_client(side, begins[side.name], _ONE_BY_ONE // ROUNDS)
    return _say(postgres, network, folder, sides)


def _say(postgres: Postgres, network: Network, folder: Path, sides: list[Side]) -> bool:
    floor, product = sides
    print(
        f"Creates, {CLIENTS} clients, {LISTINGS} listings, {STORED:,} stored,"
        f" {WORKERS} workers x {THREADS} threads; only 201s counted"
    )
    for side in sides:
        spent = Rounds.of(
            cpu.total / made * 1000 for cpu, made in zip(side.spent, side.made, strict=True)
        )
        in_database = Rounds.of(
            cpu.database / made * 1000 for cpu, made in zip(side.spent, side.made, strict=True)
        )
        p50, p95 = percentiles(side.one_by_one)
        print(
            f"  {side.name:<8} {Rounds.of(side.rates).said()} a second;"
            f" server CPU per create {spent.said(2, 'ms')},"
            f" of which database {in_database.median:.2f};"
            f" one client: p50 {p50:.1f} ms, p95 {p95:.1f} ms"
        )
    ratio = Rounds.of(product.rates).over(Rounds.of(floor.rates))
    met = ratio.median >= GOAL
    print(f"  ratio    {ratio.said(3)}; goal {GOAL}: {'met' if met else 'short'}")
    if not met:
        with stored(postgres, network, around(network, 1000)) as url:
            where_time_goes(url, network, folder)
    return met


def _round(side: Side, begin: int) -> int:
    """All clients for some seconds; returns where the next round begins."""
    context = mp.get_context("fork")
    barrier, answers = context.Barrier(CLIENTS + 1), context.Queue()
    clients = [
        context.Process(target=_client, args=(side, n, begin, barrier, answers), daemon=True)
        for n in range(CLIENTS)
    ]
    for each in clients:
        each.start()
    before = read_cpu(side.server.pid, side.server.dsn)
    barrier.wait(timeout=60)
    found = [answers.get(timeout=120) for _ in clients]
    after = read_cpu(side.server.pid, side.server.dsn)
    for each in clients:
        each.join(timeout=30)
    made = sum(created for created, _, _ in found)
    side.rates.append(sum(created / took for created, _, took in found))
    side.spent.append(after.since(before))
    side.made.append(made)
    return begin + max(sent for _, sent, _ in found)


def _client(side: Side, number: int, begin: int, barrier: Any, answers: Any) -> None:
    connection = http.client.HTTPConnection(side.server.host, timeout=60)
    requests = side.requests(number, begin)
    created = sent = 0
    barrier.wait(timeout=60)
    start = clock.perf_counter()
    while clock.perf_counter() - start < _SECONDS:
        created += _send(connection, next(requests)) == 201
        sent += 1
    answers.put((created, sent, clock.perf_counter() - start))


def _one_client(side: Side, begin: int, many: int) -> int:
    connection = http.client.HTTPConnection(side.server.host, timeout=60)
    requests = side.requests(0, begin)
    for _ in range(many):
        request = next(requests)
        start = clock.perf_counter()
        status = _send(connection, request)
        side.one_by_one.append(clock.perf_counter() - start)
        if status != 201:
            raise RuntimeError(f"{side.name} answered {status} to a create")
    connection.close()
    return begin + many


def _send(connection: http.client.HTTPConnection, request: Request) -> int:
    path, headers, body = request
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status
