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
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver
from mutuali.transactions import own_the_begin
from mutuali.web.secrets import new_public_id
from tests.factories import World
from tests.races.clients import Shot, at_once, fire, posted, rounds

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


def test_something_else_in_one_tap_against_a_new_request_for_the_last_unit(
    race_world: World, server: Server
) -> None:
    """One of the two has it, and the old booking is gone only with the new one."""
    lender = race_world.organization()
    giver = race_world.member(lender[0])
    truck = race_world.listing(lender, approver=Approver.NOBODY)
    other = race_world.listing(approver=Approver.NOBODY)
    takers = [race_world.member(race_world.organization()[0]) for _ in range(2)]
    tokens = [race_world.api_token(each) for each in takers]
    race_world.now = datetime.now(UTC)
    start = race_world.now.replace(microsecond=0) + timedelta(hours=1)
    spans = [
        Period(start + timedelta(days=n), start + timedelta(days=n, hours=2))
        for n in range(1, ROUNDS + 1)
    ]
    old = [race_world.booking(truck, each, borrower=takers[0]).public_id for each in spans]
    listing_id = equipment.listing_id_of(race_world.session, truck)
    equipment.take_out(
        race_world.session,
        giver,
        listing_id,
        equipment.OutageDraft(1, race_world.now),
        public_id=new_public_id(),
        now=race_world.now,
    )
    race_world.session.commit()

    def body(span: Period, **more: str) -> dict[str, str]:
        ends = {"starts_at": span.start.isoformat(), "ends_at": span.end.isoformat()}
        return {"listing": other, **ends, **more}

    taps = [
        Shot(f"/api/v1/bookings/{id_}/instead", body(each), tokens[0])
        for id_, each in zip(old, spans, strict=True)
    ]
    asks = [Shot("/api/v1/bookings", body(each, purpose="other"), tokens[1]) for each in spans]
    # The same tap twice: the second one finds the old booking gone, or loses as the first did.
    answers = fire(server(), [taps, taps, asks])
    for statuses in rounds(answers):
        assert statuses == {201: 1, 409: 2}
    session = race_world.session
    session.rollback()
    session.expire_all()
    states = dict(session.execute(sa.select(Booking.public_id, Booking.state)).all())
    for number, id_ in enumerate(old):
        won = 201 in {answers[0][number], answers[1][number]}
        assert states[id_] == (State.CANCELLED if won else State.APPROVED)
    rows = session.scalars(sa.select(Booking).where(Booking.listing_id != listing_id)).all()
    assert len(rows) == ROUNDS == len({row.starts_at for row in rows})
