"""A series and single bookings for the same dates at the same moment: nothing is promised twice."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking, BookingSeries
from mutuali.bookings.rules import Hold, State, peak_units
from mutuali.core.period import LOCAL_ZONE, Period, local
from mutuali.equipment.rules import Approver
from tests.factories import World
from tests.races.clients import Shot, fire
from tests.races.test_races import ROUNDS, borrowers

DATES = 8
UNITS = 3


def _first_day(number: int) -> datetime:
    """The local start of the first date of a round; rounds do not touch one another."""
    day = local(datetime.now(UTC)).date() + timedelta(days=3 + number * (DATES + 1))
    return datetime.combine(day, time(9))


def _series(listing: str, number: int, take: str) -> dict[str, Any]:
    starts = _first_day(number)
    return {
        "listing": listing,
        "starts": f"{starts:%Y-%m-%dT%H:%M}",
        "ends": f"{starts + timedelta(hours=3):%Y-%m-%dT%H:%M}",
        "rule": f"FREQ=DAILY;COUNT={DATES}",
        "purpose": "food_delivery",
        "take": take,
    }


def _single(listing: str, number: int, date: int) -> dict[str, Any]:
    """One of the dates of a round, an hour into it."""
    wall = _first_day(number) + timedelta(days=date, hours=1)
    start = wall.replace(tzinfo=LOCAL_ZONE)
    return {
        "listing": listing,
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=1)).isoformat(),
        "purpose": "food_delivery",
    }


def _peak(session: Session) -> int:
    rows = session.execute(
        sa.select(Booking.units, Booking.starts_at, Booking.occupied_until).where(
            Booking.state == State.APPROVED
        )
    ).all()
    holds = [Hold(units, Period(start, until)) for units, start, until in rows]
    return max(peak_units(holds, hold.period) for hold in holds)


def test_series_and_single_bookings_never_have_more_than_there_is(
    race_world: World, session: Session, server: Callable[[], str]
) -> None:
    crates = race_world.listing(units=UNITS, approver=Approver.NOBODY)
    people = borrowers(race_world, 12)
    race_world.session.commit()
    clients = []
    for n, (_actor, token) in enumerate(people):
        shots = []
        for number in range(ROUNDS):
            if n < 4:
                take = "all" if n % 2 else "free"
                shots.append(Shot("/api/v1/series", _series(crates, number, take), token))
            else:
                one = _single(crates, number, (n + number) % DATES)
                shots.append(Shot("/api/v1/bookings", one, token))
        clients.append(shots)
    answers = fire(server(), clients)
    assert {status for statuses in answers for status in statuses} == {201, 409}
    assert _peak(session) == UNITS
    made = Counter(
        session.scalars(sa.select(Booking.series_id).where(Booking.series_id.is_not(None)))
    )
    by_borrower = dict(
        iter(session.execute(sa.select(BookingSeries.id, BookingSeries.borrower_id)))
    )
    whole = {people[n][0].organization_id for n in (1, 3)}
    # All or nothing: whoever wanted all has all, and nothing is left of a series that got none.
    assert all(made[id_] == DATES for id_, who in by_borrower.items() if who in whole)
    assert set(made) == set(by_borrower)
    won = sum(status == 201 for statuses in answers[:4] for status in statuses)
    assert len(by_borrower) == won


def test_of_two_who_want_all_dates_of_the_only_unit_one_has_them_all(
    race_world: World, session: Session, server: Callable[[], str]
) -> None:
    truck = race_world.listing(approver=Approver.NOBODY)
    people = borrowers(race_world, 4)
    race_world.session.commit()
    clients = [
        [Shot("/api/v1/series", _series(truck, number, "all"), token) for number in range(ROUNDS)]
        for _actor, token in people
    ]
    answers = fire(server(), clients)
    for number in range(ROUNDS):
        assert Counter(each[number] for each in answers) == {201: 1, 409: 3}
    assert session.scalar(sa.select(sa.func.count(BookingSeries.id))) == ROUNDS
    assert session.scalar(sa.select(sa.func.count(Booking.id))) == ROUNDS * DATES
    assert _peak(session) == 1
