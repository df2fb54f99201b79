"""What goes wrong at the moment when somebody acts: nobody loses what they have for nothing."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.client import HTTPConnection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.models import Booking, BookingStep
from mutuali.bookings.rules import State, Step
from mutuali.core.period import Period
from mutuali.equipment.rules import Approver
from mutuali.storage import own_the_begin
from tests.factories import World
from tests.races.clients import Shot, at_once, posted

ROUNDS = 20
Server = Callable[[], str]


def begun(world: World, count: int) -> Iterator[tuple[str, str, datetime]]:
    """Bookings that began over an hour ago and that nobody came for, each of a thing of its own and
    a minute after the one before: the token of somebody who may hand it over, and when it began."""
    world.now = datetime.now(UTC) - timedelta(hours=4)
    lender = world.organization()
    giver = world.member(lender[0])
    taker = world.member(world.organization()[0])
    terms = {"approver": Approver.NOBODY, "no_show_hours": 1}
    starts = [world.now + timedelta(hours=1, minutes=n) for n in range(count)]
    made = [
        world.booking(
            world.listing(lender, **terms),
            Period(start, start + timedelta(hours=9)),
            borrower=taker,
        ).public_id
        for start in starts
    ]
    token = world.api_token(giver)
    yield from ((id_, token, start) for id_, start in zip(made, starts, strict=True))


def _release(
    url: str, moments: list[datetime], _line: HTTPConnection, wait: Callable[[], object]
) -> list[int]:
    """What the job does at each of these moments, in a process of its own."""
    engine = sa.create_engine(url)
    own_the_begin(engine)
    found = []
    for moment in moments:
        wait()
        with Session(engine) as session:
            found.append(service.release_no_shows(session, now=moment))
            session.commit()
    engine.dispose()
    return found


def _fire(shots: list[Shot], line: HTTPConnection, wait: Callable[[], object]) -> list[int]:
    found = []
    for shot in shots:
        wait()
        found.append(posted(line, shot)[0])
    return found


def test_what_is_handed_over_while_the_job_releases_it_is_either_out_or_free(
    race_world: World, server: Server, database_url: str
) -> None:
    waiting = list(begun(race_world, ROUNDS))
    race_world.session.commit()
    shots = [Shot(f"/api/v1/bookings/{id_}/hand-over", {}, token) for id_, token, _ in waiting]
    due = [start + timedelta(hours=1) for *_, start in waiting]
    given, released = at_once(
        server(), [partial(_fire, shots), partial(_release, database_url, due)]
    )
    assert [(status, count) for status, count in zip(given, released, strict=True)] == [
        (200, 0) if status == 200 else (409, 1) for status in given
    ]
    session = race_world.session
    session.rollback()
    session.expire_all()
    rows = session.scalars(sa.select(Booking)).all()
    assert {row.state for row in rows} <= {State.ON_LOAN, State.CANCELLED}
    assert sum(row.state == State.ON_LOAN for row in rows) == given.count(200)
    steps = sa.select(BookingStep.booking_id).where(
        BookingStep.step.in_([Step.NO_SHOW.value, Step.HAND_OVER.value])
    )
    told = session.scalars(steps).all()
    assert sorted(told) == sorted(row.id for row in rows)
