"""``make soak``: 152,332 real bike-share trips, each asked for through the booking service.

One bike is one unit. The database is then asked, by a question of its own, whether any bike was
ever in two places; a trip that meets another of its bike has to be refused.
"""

import csv
import gzip
import os
import sys
import tempfile
import time as clock
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from benchmarks.network import built
from mutuali.bookings import service as bookings
from mutuali.bookings.rules import Purpose
from mutuali.bookings.service import BookingDraft
from mutuali.core.errors import Conflict
from mutuali.core.period import Period
from mutuali.core.permissions import Actor
from mutuali.equipment.rules import Approver, OpenHours
from mutuali.web.secrets import new_public_id
from tests.engines import Postgres, start_postgres
from tests.factories import World

#: Of so many trips the hand-over and the return are carried out as well.
WHOLE = 10_000
_DAY_AND_NIGHT = tuple(OpenHours(day, 0, 24 * 60) for day in range(7))
_TWICE = """
    SELECT count(*) FROM (
      SELECT starts_at, max(occupied_until) OVER (
        PARTITION BY listing_id ORDER BY starts_at, id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
      FROM booking WHERE state IN ('held', 'approved', 'on_loan', 'returned', 'closed')
    ) AS each WHERE starts_at < before
"""
#: Bike, start, end.
Trip = tuple[str, datetime, datetime]


def trips(path: Path) -> list[Trip]:
    """All trips by start."""
    found = []
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            start, end = (
                datetime.fromisoformat(row[name]).replace(tzinfo=UTC)
                for name in ("start_date", "end_date")
            )
            found.append((row["bike_id"], start, end))
    return sorted(found, key=lambda trip: trip[1])


def overlaps(ridden: list[Trip]) -> int:
    """How many trips begin before the one before of their bike is over, by looking at each."""
    until: dict[str, datetime] = {}
    met = 0
    for bike, start, end in ridden:
        if bike in until and start < until[bike]:
            met += 1
        else:
            until[bike] = end
    return met


def main() -> int:
    """Replay and print; 0 when no bike was ever in two places."""
    folder = os.environ.get("MUTUALI_REAL_DATA")
    if folder is None:
        print("MUTUALI_REAL_DATA is unset: no trips to replay")
        return 0
    ridden = trips(Path(folder) / "babs-2014-trips" / "batrips.dev.csv.gz")
    with (
        tempfile.TemporaryDirectory() as place,
        start_postgres() as postgres,
        built(postgres, Path(place)) as network,
    ):
        return _replay(postgres, network.template, ridden)


def _replay(postgres: Postgres, template: str, ridden: list[Trip]) -> int:
    name = postgres.create("trips", template=template)
    engine = create_engine(postgres.url(name), connect_args={"options": "-c timezone=UTC"})
    answers: Counter[str] = Counter()
    with Session(engine, expire_on_commit=False) as session:
        world = World(session, ridden[0][1] - timedelta(days=1))
        lender, rider = world.organization(), world.member(world.organization()[0])
        listings = {
            bike: world.listing(
                lender,
                hours=_DAY_AND_NIGHT,
                approver=Approver.NOBODY,
                shortest_minutes=1,
                longest_minutes=60 * 24 * 60,
            )
            for bike in sorted({bike for bike, _, _ in ridden})
        }
        session.commit()
        begun = clock.perf_counter()
        for n, (bike, start, end) in enumerate(ridden):
            answers[_ride(session, rider, listings[bike], Period(start, end), whole=n < WHOLE)] += 1
        took = clock.perf_counter() - begun
    engine.dispose()
    with psycopg.connect(postgres.url(name).replace("+psycopg", "")) as connection:
        (twice,) = next(iter(connection.execute(_TWICE)))
    postgres.drop(name)
    met = overlaps(ridden)
    print(
        f"{len(ridden):,} trips of {len(listings)} bikes: {answers['booked']:,} booked,"
        f" {answers['refused']:,} refused ({met:,} meet another of their bike);"
        f" {answers['booked'] / took:,.0f} bookings a second, one client"
        f" ({took:,.0f} s, {WHOLE:,} of them handed over and returned)"
    )
    print(f"  bikes in two places at once: {twice}")
    return 0 if twice == 0 and answers["refused"] == met else 1


def _ride(session: Session, rider: Actor, listing: str, period: Period, *, whole: bool) -> str:
    draft = BookingDraft(listing, 1, period, Purpose.OTHER)
    public_id = new_public_id()
    try:
        bookings.request_booking(
            session,
            rider,
            rider.organization_id or 0,
            draft,
            public_id=public_id,
            now=period.start,
        )
        session.commit()
        if whole:
            bookings.hand_over(session, rider, public_id, now=period.start)
            session.commit()
            bookings.take_back(session, rider, public_id, now=period.end)
            session.commit()
    except Conflict:
        session.rollback()
        return "refused"
    return "booked"


if __name__ == "__main__":
    sys.exit(main())
