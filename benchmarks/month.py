"""The month of 200 listings: does what is stored around it make it slower, and how large is it."""

import http.client
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measure import ROUNDS, Rounds, read_cpu
from benchmarks.network import IN_VIEW, LISTINGS, Network, Slot, around, dense, stored
from benchmarks.servers import Server, product_environment, served
from tests.engines import Postgres

MOST_GROWTH, MOST_MS, MOST_BYTES = 1.5, 40.0, 100_000
_AROUND = (1_000, 20_000, 100_000)
_DENSE = 100_000
_VIEWS, _WARM_UP = 24, 24


@dataclass(slots=True)
class Case:
    """One database behind one server, and what its rounds gave."""

    name: str
    server: Server
    spent: list[float] = field(default_factory=list)
    size: int = 0


def report(postgres: Postgres, network: Network, folder: Path) -> bool:
    """Measure and print; whether all goals are met."""
    cases: dict[str, list[Slot]] = {
        f"{count:,} around": around(network, count) for count in _AROUND
    }
    cases["dense"] = dense(network, _DENSE)
    with ExitStack() as stack:
        served_cases = []
        for name, slots in cases.items():
            url = stack.enter_context(stored(postgres, network, slots))
            server = stack.enter_context(served("wsgi:app", product_environment(url, folder), url))
            served_cases.append(Case(name, server))
        for case in served_cases:
            _views(case, network, _WARM_UP)
        for _ in range(ROUNDS):
            for case in served_cases:
                before = read_cpu(case.server.pid, case.server.dsn)
                _views(case, network, _VIEWS)
                spent = read_cpu(case.server.pid, case.server.dsn).since(before)
                case.spent.append(spent.total / _VIEWS * 1000)
    return _say(served_cases)


def _say(cases: list[Case]) -> bool:
    print(
        f"Month of {LISTINGS} listings, {IN_VIEW:,} bookings in view;"
        " server CPU (workers and database) per view, size as sent"
    )
    for case in cases[:-1]:
        print(f"  {case.name:<16} {Rounds.of(case.spent).said(1, 'ms')}, {case.size / 1000:.1f} kB")
    growth = Rounds.of(cases[-2].spent).over(Rounds.of(cases[0].spent))
    grows = growth.median <= MOST_GROWTH
    print(
        f"  {_AROUND[-1]:,} to {_AROUND[0]:,}: x {growth.said(2)};"
        f" goal at most {MOST_GROWTH}: {'met' if grows else 'short'}"
    )
    last = cases[-1]
    spent = Rounds.of(last.spent)
    lean = spent.median <= MOST_MS and last.size <= MOST_BYTES
    print(
        f"  as dense as the measured peers ({_DENSE:,} in a year, a twelfth of them in view):"
        f" {spent.said(1, 'ms')}, {last.size / 1000:.1f} kB;"
        f" goal at most {MOST_MS:.0f} ms and {MOST_BYTES // 1000} kB:"
        f" {'met' if lean else 'short'}"
    )
    return grows and lean


def _views(case: Case, network: Network, many: int) -> None:
    connection = http.client.HTTPConnection(case.server.host, timeout=60)
    headers = {"Cookie": network.borrowers[0].cookie, "Accept-Encoding": "gzip"}
    for _ in range(many):
        connection.request("GET", f"/calendrier?mois={network.month:%Y-%m}", headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200 or answer.headers["Content-Encoding"] != "gzip":
            raise RuntimeError(f"{case.name}: the month answered {answer.status}")
        case.size = max(case.size, len(content))
    connection.close()
