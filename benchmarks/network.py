"""A network of 200 listings on PostgreSQL, with as many bookings stored around as a case asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

import psycopg
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from benchmarks.servers import SECRET_KEY, SIGNING_KEY
from mutuali.accounts.models import Login
from mutuali.app import create_app
from mutuali.config import Settings
from mutuali.core.period import instant_at, local
from mutuali.core.permissions import Actor
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver, OpenHours
from mutuali.extensions import db
from mutuali.web.secrets import new_token, token_hash
from tests.engines import Postgres
from tests.factories import World

LISTINGS, CLIENTS, IN_VIEW = 200, 8, 1000
OPENS, CLOSES = 6, 22
#: From a listing, on a day, from an hour, for hours.
Slot = tuple[int, date, int, int]


@dataclass(frozen=True, slots=True)
class Borrower:
    """A member with a token and a cookie, and the organization they act for."""

    token: str
    cookie: str
    organization_id: int


@dataclass(frozen=True, slots=True)
class Network:
    """What clients need to know; ``template`` is the database to copy for each case."""

    template: str
    listings: tuple[tuple[str, int, int], ...]
    borrowers: tuple[Borrower, ...]
    month: date
    today: date

    @property
    def free_from(self) -> date:
        """The first day with nothing stored on it or after it."""
        return self.today + timedelta(days=120)


@contextmanager
def built(postgres: Postgres, folder: Path) -> Iterator[Network]:
    """The network without bookings."""
    name = postgres.create("bench")
    settings = Settings(
        mode="test",
        secret_key=SECRET_KEY,
        signing_key=SIGNING_KEY,
        former_keys=(),
        database_url=postgres.url(name),
        mail_url=f"file:{folder / 'mail'}",
        mail_from="MutuAli <essai@mutuali.example>",
        files_url=f"file:{folder / 'files'}",
        base_url="http://127.0.0.1",
        limiter_url="memory://",
        operator_name="Réseau d’essai",
        operator_contact="vie-privee@mutuali.example",
        outside_quebec=False,
        proxies=0,
    )
    app = create_app(settings)
    with app.app_context():
        upgrade()
        engine = db.engine
    with Session(engine, expire_on_commit=False) as session:
        network = _write(session, app, name)
    engine.dispose()
    try:
        yield network
    finally:
        postgres.drop(name)


def _write(session: Session, app: Flask, name: str) -> Network:
    now = datetime.now(UTC)
    world = World(session, now)
    every_day = tuple(OpenHours(day, OPENS * 60, CLOSES * 60) for day in range(7))
    listings = []
    for n in range(LISTINGS):
        lender = world.organization()
        public_id = world.listing(
            lender, title_fr=f"Camion réfrigéré {n}", hours=every_day, approver=Approver.NOBODY
        )
        listings.append((public_id, equipment.listing_id_of(session, public_id), lender[0]))
    borrowers = []
    for _ in range(CLIENTS):
        organization_id = world.organization()[0]
        member = world.member(organization_id)
        borrowers.append(
            Borrower(world.api_token(member), _cookie(session, app, member), organization_id)
        )
    session.commit()
    today = local(now).date()
    month = (today.replace(day=1) + timedelta(days=40)).replace(day=1)
    return Network(name, tuple(listings), tuple(borrowers), month, today)


def _cookie(session: Session, app: Flask, member: Actor) -> str:
    """The signed session cookie of somebody who signed in."""
    token, now = new_token(), datetime.now(UTC)
    session.add(
        Login(
            token_hash=token_hash(token),
            person_id=member.person_id or 0,
            organization_id=member.organization_id,
            created_at=now,
            expires_at=now + timedelta(days=1),
            second_factor_at=now,
        )
    )
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"session={serializer.dumps({'_user_id': token, '_fresh': True})}"


def around(network: Network, count: int) -> list[Slot]:
    """The same 1,000 bookings in the month, and ``count`` outside it, over two years."""
    dice = Random(20261)  # noqa: S311 - the same network at every run
    inside = [network.month + timedelta(days=n) for n in range(28)]
    before = [network.month - timedelta(days=n + 1) for n in range(700)]
    after = [network.month + timedelta(days=n + 31) for n in range(30)]
    return [
        *_chosen(dice, inside, 1, IN_VIEW),
        *_chosen(dice, [*before, *after], 1, count),
    ]


def dense(network: Network, count: int) -> list[Slot]:
    """``count`` bookings spread evenly over the year that ends with the month."""
    dice = Random(20262)  # noqa: S311 - the same network at every run
    days = [network.month + timedelta(days=n - 335) for n in range(365)]
    return _chosen(dice, days, 2, count)


def _chosen(dice: Random, days: list[date], a_day: int, count: int) -> list[Slot]:
    """``count`` slots that do not meet: at most ``a_day`` (1 or 2) of a listing on a day."""
    places = len(days) * LISTINGS * a_day
    slots = []
    for place in dice.sample(range(places), count):
        rest, half = divmod(place, a_day)
        listing, day = divmod(rest, len(days))
        hour, length = OPENS + half * 8 + dice.randrange(4), dice.randrange(2, 5)
        slots.append((listing, days[day], hour, length))
    return slots


@contextmanager
def stored(postgres: Postgres, network: Network, slots: list[Slot]) -> Iterator[str]:
    """The URL of a copy of the network in which ``slots`` are booked."""
    name = postgres.create("bench", template=network.template)
    url = postgres.url(name)
    try:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            _copy(connection, network, slots)
        yield url
    finally:
        postgres.drop(name)


def _copy(connection: psycopg.Connection, network: Network, slots: list[Slot]) -> None:
    columns = (
        "public_id, listing_id, lender_id, borrower_id, units, starts_at, ends_at,"
        " occupied_until, turnaround_minutes, state, purpose, note, price_cents, created_at,"
        " version, is_history"
    )
    now = datetime.now(UTC)
    # They do not meet, by the way they were chosen; asking the guard each time takes a minute.
    connection.execute("ALTER TABLE booking DISABLE TRIGGER USER")
    with connection.cursor().copy(f"COPY booking ({columns}) FROM STDIN".encode()) as rows:
        for n, (listing, day, hour, length) in enumerate(slots):
            _, listing_id, lender_id = network.listings[listing]
            borrower = network.borrowers[n % CLIENTS].organization_id
            start = instant_at(day, time(hour))
            end = start + timedelta(hours=length)
            state = "closed" if end < now else "approved"
            rows.write_row(
                (
                    *(f"{n:022d}", listing_id, lender_id, borrower, 1, start, end, end, 0),
                    *(state, "food_delivery", "", 0, now, 1, False),
                )
            )
    connection.execute("ALTER TABLE booking ENABLE TRIGGER USER")
    connection.execute("VACUUM ANALYZE")
    connection.execute("CHECKPOINT")
