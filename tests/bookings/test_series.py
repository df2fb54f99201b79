"""Many dates asked for at once: each is what a single request would be, in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.bookings import service as bookings
from mutuali.bookings.models import Booking, BookingSeries, BookingStep
from mutuali.bookings.rules import Purpose, State
from mutuali.bookings.rules.recurrence import parse_rule
from mutuali.bookings.rules.series import Answer, DateResult, Take
from mutuali.bookings.service import series as service
from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused
from mutuali.core.period import Period, local
from mutuali.core.permissions import Actor
from mutuali.equipment.rules import Approver, OpenHours
from mutuali.jobs.models import Job
from mutuali.web.secrets import new_public_id
from tests.bookings.test_kits import Market
from tests.factories import NOW, World, at


def wall(month: int, day: int, hour: int = 8, minute: int = 0, year: int = 2026) -> datetime:
    """What a clock on the wall shows."""
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001 - a wall clock has no zone


TUESDAY = wall(3, 10)


def instant(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """An instant in winter, by Montréal's clock."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) + timedelta(hours=5)


def draft(
    listing: str,
    rule: str = "FREQ=WEEKLY;COUNT=4",
    *,
    starts: datetime = TUESDAY,
    hours: float = 4,
    units: int = 1,
    answers: dict[datetime, Answer] | None = None,
) -> service.SeriesDraft:
    """Tuesdays from eight to noon, four times, unless said otherwise."""
    ends = starts + timedelta(hours=hours)
    parsed = parse_rule(rule, starts)
    purpose = Purpose.FOOD_DELIVERY
    return service.SeriesDraft(
        listing, units, starts, ends, parsed, purpose, 40, "Panier du mardi", answers or {}
    )


def preview(world: World, actor: Actor, asked: service.SeriesDraft) -> list[DateResult]:
    return service.preview_series(
        world.session, actor, actor.organization_id or 0, asked, now=world.now
    )


def request(
    world: World, actor: Actor, asked: service.SeriesDraft, take: Take = Take.ALL, **more: Any
) -> service.MadeSeries:
    return service.request_series(
        world.session,
        actor,
        actor.organization_id or 0,
        asked,
        take=take,
        new_public_id=new_public_id,
        now=world.now,
        **more,
    )


def codes(results: list[DateResult]) -> list[list[str]]:
    """What stands against each date."""
    return [[reason.code for reason in each.reasons] for each in results]


@pytest.fixture
def taker(world: World) -> Actor:
    return world.member(world.organization()[0])


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements that run meanwhile, a bulk of rows counted once."""
    ran: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        ran.append(statement)

    engine = session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield ran
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def test_each_date_of_a_series_is_a_booking_of_its_own_that_leaves_its_trace(
    world: World, session: Session, taker: Actor
) -> None:
    truck = world.listing(approver=Approver.NOBODY, turnaround_minutes=30)
    made = request(world, taker, draft(truck))
    rows = session.scalars(sa.select(Booking).order_by(Booking.starts_at)).all()
    series = session.scalars(sa.select(BookingSeries)).one()
    assert made.public_id == series.public_id
    assert [row.series_date for row in rows] == [wall(3, day) for day in (10, 17, 24, 31)]
    assert [local(row.starts_at).hour for row in rows] == [8] * 4
    single = world.booking(truck, Period(at(60), at(60, 4)), borrower=taker)
    for row in rows:
        assert row.state == State.APPROVED
        assert (row.units, row.meals, row.note) == (1, 40, "Panier du mardi")
        assert row.occupied_until - row.ends_at == single.occupied_until - single.ends_at
        steps = session.scalars(
            sa.select(BookingStep.step).where(BookingStep.booking_id == row.id)
        ).all()
        assert steps == ["request"]
    events = session.scalars(sa.select(AuditEvent.name).order_by(AuditEvent.id)).all()
    assert events[-6:] == [*["booking.request"] * 4, "series.request", "booking.request"]
    stepped = sa.select(Job.arguments).where(Job.kind == "bookings.stepped").order_by(Job.id)
    told = session.scalars(stepped).all()
    assert [each["booking"] for each in told] == [*(row.id for row in rows), single.id]
    assert series.rule == "RRULE:FREQ=WEEKLY;COUNT=4"


def test_a_preview_says_of_each_date_what_a_single_request_would_meet(
    world: World, session: Session, taker: Actor
) -> None:
    hours = tuple(OpenHours(day, 8 * 60, 20 * 60) for day in range(5))
    truck = world.listing(approver=Approver.NOBODY, hours=hours, lead_minutes=8 * 24 * 60)
    taken = Period(instant(3, 24, 9), instant(3, 24, 11))
    world.booking(truck, taken)
    asked = draft(truck, "FREQ=WEEKLY;BYDAY=TU,SA;UNTIL=20260331")
    results = preview(world, taker, asked)
    assert codes(results) == [
        ["booking.too_soon"],
        ["booking.no_hours_that_day", "booking.no_hours_that_day"],
        [],
        ["booking.no_hours_that_day", "booking.no_hours_that_day"],
        ["booking.not_enough_units"],
        ["booking.no_hours_that_day", "booking.no_hours_that_day"],
        [],
    ]
    # The nearest four hours of that Tuesday begin when the others bring it back, at eleven: in
    # summer time by then.
    nearest = results[4].nearest
    assert nearest is not None
    assert nearest == Period(taken.end, taken.end + timedelta(hours=4))
    assert results[1].nearest is None
    for result in results:
        period = result.occurrence.period
        assert period is not None
        single = bookings.BookingDraft(truck, 1, period, Purpose.FOOD_DELIVERY)
        with session.begin_nested() as undone:
            try:
                bookings.request_line(
                    session,
                    taker,
                    taker.organization_id or 0,
                    single,
                    public_id=new_public_id(),
                    now=NOW,
                )
                met: list[str] = []
            except (Refused, Conflict) as error:
                met = [reason.code for reason in error.reasons]
            undone.rollback()
        assert met == [reason.code for reason in result.reasons]
    assert session.scalar(sa.select(sa.func.count(Booking.id))) == 1


def test_all_or_nothing_leaves_nothing_behind(world: World, session: Session, taker: Actor) -> None:
    truck = world.listing(approver=Approver.NOBODY)
    world.booking(truck, Period(instant(3, 24, 9), instant(3, 24, 11)))
    with pytest.raises(Conflict) as caught:
        request(world, taker, draft(truck))
    (reason,) = caught.value.reasons
    assert reason.params["dates"] == (wall(3, 24).date(),)
    assert session.scalar(sa.select(sa.func.count(Booking.id))) == 1
    assert session.scalar(sa.select(sa.func.count(BookingSeries.id))) == 0


def test_the_free_dates_are_taken_and_the_others_said(
    world: World, session: Session, taker: Actor
) -> None:
    truck = world.listing(approver=Approver.NOBODY)
    world.booking(truck, Period(instant(3, 24, 9), instant(3, 24, 11)))
    made = request(world, taker, draft(truck), Take.FREE)
    assert list(made.made) == [wall(3, 10), wall(3, 17), wall(3, 31)]
    assert [each.date for each in made.left_out] == [wall(3, 24)]
    with pytest.raises(Conflict, match="none_possible"):
        request(world, taker, draft(truck), Take.FREE)


def test_what_changed_between_looking_and_asking_is_said(world: World, taker: Actor) -> None:
    truck = world.listing(approver=Approver.NOBODY)
    asked = draft(truck)
    shown = [each.date for each in preview(world, taker, asked) if each.is_possible]
    world.booking(truck, Period(instant(3, 17, 9), instant(3, 17, 11)))
    with pytest.raises(Conflict) as caught:
        request(world, taker, asked, shown=shown)
    assert [reason.code for reason in caught.value.reasons] == [
        "series.not_all_possible",
        "series.lost_meanwhile",
    ]
    made = request(world, taker, asked, Take.FREE, shown=[wall(3, 10), wall(3, 17)])
    assert made.lost == (wall(3, 17),)
    assert made.gained == (wall(3, 24), wall(3, 31))


def test_a_date_that_runs_into_the_next_one_is_caught_turnaround_included(
    world: World, taker: Actor
) -> None:
    truck = world.listing(
        approver=Approver.NOBODY, turnaround_minutes=60, longest_minutes=10_000, units=2
    )
    for hours, meets in ((23, False), (23.5, True)):
        results = preview(world, taker, draft(truck, "FREQ=DAILY;COUNT=4", hours=hours, units=2))
        found = ["series.meets_itself"] if meets else []
        assert codes(results) == [[], found, [], found]
    # Of two units, one at a time never is in its own way for a day.
    assert codes(preview(world, taker, draft(truck, "FREQ=DAILY;COUNT=4", hours=46))) == [[]] * 4


def test_a_time_that_the_clocks_skip_or_show_twice_has_to_be_answered(
    world: World, session: Session, taker: Actor
) -> None:
    truck = world.listing(approver=Approver.NOBODY)
    asked = draft(truck, "FREQ=DAILY;COUNT=3", starts=wall(3, 7, 2, 30), hours=2)
    assert codes(preview(world, taker, asked)) == [[], ["time.does_not_exist"], []]
    for take in Take:
        with pytest.raises(Refused, match="clock_asks"):
            request(world, taker, asked, take)
    later = draft(
        truck,
        "FREQ=DAILY;COUNT=3",
        starts=wall(3, 7, 2, 30),
        hours=2,
        answers={wall(3, 8, 2, 30): Answer.LATER},
    )
    made = request(world, taker, later)
    shown = [local(line.period.start).strftime("%H:%M") for line in made.made.values()]
    assert shown == ["02:30", "03:00", "02:30"]
    # In November one says which, or leaves the date out.
    for answer, count in ((Answer.SECOND, 3), (Answer.SKIP, 2)):
        twice = draft(
            world.listing(approver=Approver.NOBODY),
            "FREQ=DAILY;COUNT=3",
            starts=wall(10, 31, 1, 30),
            hours=0.5 if answer is Answer.SKIP else 1,
            answers={wall(11, 1, 1, 30): answer},
        )
        lines = request(world, taker, twice).made
        assert len(lines) == count
        if answer is Answer.SECOND:
            assert lines[wall(11, 1, 1, 30)].period.start.hour == 6
    skipped = session.scalars(sa.select(BookingSeries.rule).order_by(BookingSeries.id.desc()))
    assert "EXDATE;TZID=America/Toronto:20261101T013000" in (skipped.first() or "")


def test_what_no_other_date_would_cure_is_refused_once(world: World, taker: Actor) -> None:
    lender = world.organization()
    truck = world.listing(lender)
    with pytest.raises(Refused, match="own_listing"):
        preview(world, world.member(lender[0]), draft(truck))
    with pytest.raises(Refused, match="out_of_range"):
        preview(world, taker, draft(truck, units=2))
    waiting = world.member(world.organization(accepted=False)[0])
    with pytest.raises(Refused, match="not_accepted"):
        preview(world, waiting, draft(truck))
    with pytest.raises(Refused, match="no_such_date"):
        preview(world, taker, draft(truck, answers={wall(3, 11): Answer.SKIP}))
    with pytest.raises(NotFound):
        request(world, taker, draft("x" * 22))
    with pytest.raises(Forbidden):
        service.preview_series(world.session, taker, lender[0], draft(truck), now=NOW)


def test_a_series_of_a_kit_takes_its_parts_each_time(
    world: World, session: Session, taker: Actor
) -> None:
    market = Market(world)
    request(world, taker, draft(market.kit))
    rows = session.scalars(sa.select(Booking).order_by(Booking.id)).all()
    assert [row.series_date is None for row in rows] == [False] * 4 + [True] * 12
    assert {row.whole_id for row in rows[4:]} == {row.id for row in rows[:4]}
    rival = world.member(world.organization()[0])
    assert codes(preview(world, rival, draft(market.tent))) == [["booking.not_enough_units"]] * 4


def test_two_years_of_tuesdays_take_few_questions_and_little_time(
    world: World, session: Session, taker: Actor
) -> None:
    truck = world.listing(approver=Approver.NOBODY)
    asked = draft(truck, "FREQ=WEEKLY;COUNT=104")
    for week in range(0, 104, 8):
        start = instant(3, 10, 9) + timedelta(weeks=week)
        world.booking(truck, Period(start, start + timedelta(hours=1)))
    session.flush()
    with counted(session) as questions:
        results = preview(world, taker, asked)
    assert len(results) == 104
    assert sum(each.is_possible for each in results) == 91
    assert len(questions) <= 10, questions
    assert sum("FROM booking" in each for each in questions) == 1
    with counted(session) as statements:
        made = request(world, taker, asked, Take.FREE)
    assert len(made.made) == 91
    assert len(statements) <= 14, statements
