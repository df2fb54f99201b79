"""Search over 10,000 listings: how long people wait, and whether what is stored makes it longer."""

import http.client
import time as clock
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlencode

import psycopg
from psycopg.types.json import Jsonb

from benchmarks.measure import Rounds, percentiles, read_cpu
from benchmarks.network import Network
from benchmarks.servers import Server, product_environment, served
from mutuali.core.folding import folded
from mutuali.core.period import instant_at
from mutuali.core.places import BOROUGHS, Point, cell_of
from mutuali.equipment.rules import Kind, OpenHours, week_key
from tests.engines import Postgres

LISTINGS, ORGANIZATIONS = 10_000, 2_000
QUERIES, ROUNDS, WARM_UP = 1_000, 3, 100
MOST_MS, MOST_GROWTH = 60.0, 1.5
_STORED = (10_000, 1_000_000)
#: Days before and after today on which something is booked.
_BEFORE, _AFTER = 670, 60
_DICE = 20263


@dataclass(slots=True)
class Case:
    """One database behind one server, and what its rounds gave."""

    stored: int
    server: Server
    seconds: list[float] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)


def report(postgres: Postgres, network: Network, folder: Path) -> bool:
    """Measure and print; whether all goals are met."""
    queries = recorded(network.today)
    with ExitStack() as stack:
        cases = []
        for stored in _STORED:
            url = stack.enter_context(_filled(postgres, network, stored))
            server = stack.enter_context(served("wsgi:app", product_environment(url, folder), url))
            cases.append(Case(stored, server))
        for case in cases:
            _ask(case, queries[:WARM_UP])
        for n in range(ROUNDS):
            part = queries[n * QUERIES // ROUNDS : (n + 1) * QUERIES // ROUNDS]
            for case in cases:
                before = read_cpu(case.server.pid, case.server.dsn)
                case.seconds += _ask(case, part)
                spent = read_cpu(case.server.pid, case.server.dsn).since(before)
                case.spent.append(spent.total / len(part) * 1000)
    print(
        f"Search, {LISTINGS:,} listings, {QUERIES:,} queries as people ask them, one client, warm"
    )
    few, many = cases
    for case in cases:
        middle, late = percentiles(case.seconds)
        print(
            f"  {case.stored:>9,} bookings: p50 {middle:.1f} ms, p95 {late:.1f} ms,"
            f" CPU {Rounds.of(case.spent).said(1, 'ms')}"
        )
    late = percentiles(many.seconds)[1]
    growth = Rounds.of(many.spent).over(Rounds.of(few.spent))
    fast, level = late <= MOST_MS, growth.median <= MOST_GROWTH
    print(f"  p95 at {many.stored:,}: {late:.1f} ms; goal {MOST_MS:.0f}: {_met(fast)}")
    print(f"  cost x {growth.said(2)}; goal at most {MOST_GROWTH}: {_met(level)}")
    return fast and level


def _met(goal: bool) -> str:
    return "met" if goal else "short"


def recorded(today: date) -> list[str]:
    """The same mix at every run: mostly a kind, a place and a day of the coming weeks."""
    dice = Random(_DICE)  # noqa: S311 - the same at every run
    queries = []
    for _ in range(QUERIES):
        start = dice.randrange(7, 17)
        many = dice.choices((0, 1, 2), (10, 80, 10))[0]
        asked: list[tuple[str, str]] = [
            ("day", f"{today + timedelta(days=dice.randrange(1, 30))}"),
            ("starts", f"{start:02}:00"),
            ("ends", f"{start + dice.randrange(1, 6):02}:00"),
            *(("kind", kind.value) for kind in dice.sample(list(Kind), many)),
        ]
        if dice.random() < 0.8:
            asked.append(("place", BOROUGHS[dice.choice(list(BOROUGHS))].name))
        if dice.random() < 0.2:
            asked.append(("refrigerated", "1"))
        queries.append(f"/?{urlencode(asked)}")
    return queries


def _ask(case: Case, queries: list[str]) -> list[float]:
    connection = http.client.HTTPConnection(case.server.host, timeout=60)
    seconds = []
    for query in queries:
        begun = clock.perf_counter()
        connection.request("GET", query, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        seconds.append(clock.perf_counter() - begun)
        if answer.status != 200:
            raise RuntimeError(f"{query} answered {answer.status}")
    connection.close()
    return seconds


@contextmanager
def _filled(postgres: Postgres, network: Network, stored: int) -> Iterator[str]:
    """The URL of a network of many listings with so many bookings."""
    name = postgres.create("bench", template=network.template)
    url = postgres.url(name)
    try:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            _write(connection, network.today, stored)
        yield url
    finally:
        postgres.drop(name)


def _write(connection: psycopg.Connection, today: date, stored: int) -> None:
    """Copies of what the network has already, elsewhere and of other kinds; then bookings."""
    dice = Random(_DICE)  # noqa: S311 - the same at every run
    borrower = connection.execute("SELECT max(id) FROM organization").fetchone()
    site = connection.execute("SELECT min(id) FROM site").fetchone()
    listing = connection.execute("SELECT min(id) FROM listing").fetchone()
    if borrower is None or site is None or listing is None:
        raise RuntimeError("the network is empty")
    connection.execute("UPDATE listing SET state = 'withdrawn'")
    first = 1_000_000
    places = []
    for n in range(ORGANIZATIONS):
        label = BOROUGHS[dice.choice(list(BOROUGHS))].label
        point = Point(label.lat + dice.gauss(0, 0.01), label.lon + dice.gauss(0, 0.014))
        places.append((first + n, f"o{n:021}", f"s{n:021}", point.lat, point.lon, *cell_of(point)))
    _clone(connection, "organization", borrower[0], places, ("id", "public_id"), (0, 1))
    _clone(
        connection,
        "site",
        site[0],
        places,
        ("id", "organization_id", "public_id", "latitude", "longitude", "grid_row", "grid_column"),
        (0, 0, 2, 3, 4, 5, 6),
    )
    kinds, weeks = list(Kind), _weeks(connection)
    things = [
        (
            *(first + n, f"l{n:021}", first + n % ORGANIZATIONS, dice.choice(kinds).value),
            *(dice.choice((1, 1, 1, 4)), dice.random() < 0.3, dice.choice(weeks)),
            *(f"Chose partagée {n}", folded(f"Chose partagée {n}")),
            "published",
        )
        for n in range(LISTINGS)
    ]
    columns = ("id", "public_id", "lender_id", "site_id", "kind", "units", "refrigerated", "week")
    _clone(
        connection,
        "listing",
        listing[0],
        things,
        (*columns, "title_fr", "searched", "state"),
        (0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9),
    )
    _book(connection, dice, today, stored, first, borrower[0])
    connection.execute("VACUUM ANALYZE")
    connection.execute("CHECKPOINT")


def _weeks(connection: psycopg.Connection) -> list[str]:
    """Keys of weekly hours that differ by quarters of an hour and by Sunday."""
    keys = []
    for opens in range(6 * 60, 8 * 60 + 1, 15):
        for closes in range(19 * 60, 22 * 60 + 1, 15):
            for days in (6, 7):
                hours = [OpenHours(day, opens, closes) for day in range(days)]
                keys.append(week_key(hours))
                with connection.cursor() as cursor:
                    cursor.executemany(
                        "INSERT INTO weekly_hours VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
                        [(keys[-1], each.weekday, opens, closes) for each in hours],
                    )
    return [key for key in keys if key]


def _clone(
    connection: psycopg.Connection,
    table: str,
    id_: int,
    rows: Sequence[tuple[object, ...]],
    columns: tuple[str, ...],
    picks: tuple[int, ...],
) -> None:
    """Rows of a table like the one with ``id_``, but for ``columns``, picked from ``rows``."""
    known = [
        str(name)
        for (name,) in connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
            " AND table_schema = 'public' ORDER BY ordinal_position",
            (table,),
        ).fetchall()
    ]
    rest = [name for name in known if name not in columns]
    model = connection.execute(
        f"SELECT {', '.join(rest)} FROM {table} WHERE id = %s".encode(),  # noqa: S608 - our names
        (id_,),
    ).fetchone()
    if model is None:
        raise RuntimeError(f"{table} is empty")
    # A number from elsewhere is its own, not a copy.
    own = {"source", "source_ref", "enterprise_number"}
    same = [
        None if name in own else Jsonb(value) if isinstance(value, list | dict) else value
        for name, value in zip(rest, model, strict=True)
    ]
    names = ", ".join((*columns, *rest))
    with connection.cursor().copy(f"COPY {table} ({names}) FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row((*(row[pick] for pick in picks), *same))


def _book(
    connection: psycopg.Connection,
    dice: Random,
    today: date,
    stored: int,
    first: int,
    borrower: int,
) -> None:
    """At most one booking of a listing on a day, so that none meet."""
    names = (
        "public_id, listing_id, lender_id, borrower_id, units, starts_at, ends_at, occupied_until,"
        " turnaround_minutes, state, purpose, note, price_cents, created_at, version, is_history"
    )
    now, each = datetime.now(UTC), stored // LISTINGS
    days = [today + timedelta(days=n) for n in range(-_BEFORE, _AFTER)]
    connection.execute("ALTER TABLE booking DISABLE TRIGGER USER")
    with connection.cursor().copy(f"COPY booking ({names}) FROM STDIN".encode()) as rows:
        for n in range(LISTINGS):
            for m, day in enumerate(dice.sample(days, each)):
                start = instant_at(day, time(dice.randrange(6, 16)))
                end = start + timedelta(hours=dice.randrange(2, 6))
                state = "closed" if end < now else "approved"
                lender = first + n % ORGANIZATIONS
                rows.write_row(
                    (
                        *(f"{n * each + m:022d}", first + n, lender, borrower, 1, start, end, end),
                        *(0, state, "food_delivery", "", 0, now, 1, False),
                    )
                )
    connection.execute("ALTER TABLE booking ENABLE TRIGGER USER")
