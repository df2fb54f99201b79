"""One date of a series, this and the following, or all: cancelled, moved, or with other units."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.bookings import service as bookings
from mutuali.bookings.models import Booking, BookingStep
from mutuali.bookings.rules import State
from mutuali.bookings.rules.series import Answer, Change, Deed, Scope, Take
from mutuali.bookings.service import series as service
from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused
from mutuali.core.period import Period, local
from mutuali.core.permissions import Actor, Role
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver, Counts, Per, Quota
from tests.bookings.test_kits import Market
from tests.bookings.test_series import draft, instant, request, wall
from tests.factories import NOW, World

TUESDAYS = [wall(3, day) for day in (10, 17, 24, 31)]
ALL = Change(Deed.CANCEL, Scope.ALL)


def moving(starts: int, ends: int, scope: Scope = Scope.ALL, **more: Any) -> Change:
    """All dates, unless said otherwise, to other hours of the day."""
    return Change(Deed.MOVE, scope, clock=(time(starts), time(ends)), **more)


def change(
    world: World, actor: Actor, series: str, wanted: Change, take: Take = Take.ALL, **more: Any
) -> service.ChangedSeries:
    return service.change_series(
        world.session, actor, series, wanted, take=take, now=world.now, **more
    )


def preview(world: World, actor: Actor, series: str, wanted: Change) -> list[service.DateChange]:
    return service.preview_change(world.session, actor, series, wanted, now=world.now)


def rows(session: Session) -> list[Booking]:
    """The dates in order."""
    query = sa.select(Booking).where(Booking.series_id.is_not(None)).order_by(Booking.series_date)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def hours(session: Session) -> list[str]:
    """From when to when each date lasts, on the clock of the wall."""
    return [
        f"{local(row.starts_at):%d.%m %H:%M}-{local(row.ends_at):%H:%M}" for row in rows(session)
    ]


@pytest.fixture
def taker(world: World) -> Actor:
    return world.member(world.organization()[0])


@pytest.fixture
def at_once(world: World, taker: Actor) -> str:
    """Four Tuesdays from eight to noon that nobody has to say yes to."""
    truck = world.listing(approver=Approver.NOBODY)
    return request(world, taker, draft(truck)).public_id


@pytest.mark.parametrize(
    ("scope", "date", "left"),
    [
        (Scope.ONE, TUESDAYS[1], [0, 2, 3]),
        (Scope.FOLLOWING, TUESDAYS[1], [0]),
        (Scope.ALL, None, []),
    ],
)
def test_one_this_and_the_following_or_all_are_cancelled(
    world: World,
    session: Session,
    taker: Actor,
    at_once: str,
    scope: Scope,
    date: datetime | None,
    left: list[int],
) -> None:
    done = change(world, taker, at_once, Change(Deed.CANCEL, scope, date), reason="Vacances")
    states = [row.state for row in rows(session)]
    assert [n for n, state in enumerate(states) if state == State.APPROVED] == left
    assert len(done.changed) == 4 - len(left)
    notes = session.scalars(sa.select(BookingStep.note).where(BookingStep.step == "cancel")).all()
    assert notes == ["Vacances"] * (4 - len(left))
    events = session.scalars(sa.select(AuditEvent.name).order_by(AuditEvent.id)).all()
    assert events[-1] == "series.cancel"


def test_what_is_past_or_was_handed_over_is_not_touched(
    world: World, session: Session, taker: Actor, at_once: str
) -> None:
    first, second = rows(session)[:2]
    bookings.hand_over(session, taker, second.public_id, now=second.starts_at)
    world.now = second.starts_at + timedelta(hours=1)
    change(world, taker, at_once, ALL)
    assert [row.state for row in rows(session)] == ["approved", "on_loan", "cancelled", "cancelled"]
    with pytest.raises(Refused, match="none_reached"):
        change(world, taker, at_once, ALL)
    with pytest.raises(Refused, match="none_reached"):
        change(world, taker, at_once, Change(Deed.CANCEL, Scope.ONE, first.series_date))


def test_the_hours_of_dates_to_come_move_and_keep_their_wall_clock_time(
    world: World, session: Session, taker: Actor, at_once: str
) -> None:
    change(world, taker, at_once, moving(13, 16, Scope.FOLLOWING, date=TUESDAYS[1]))
    # The clocks change between the first and the second.
    assert hours(session) == [
        "10.03 08:00-12:00",
        "17.03 13:00-16:00",
        "24.03 13:00-16:00",
        "31.03 13:00-16:00",
    ]
    assert [row.series_date for row in rows(session)] == TUESDAYS
    steps = session.scalars(sa.select(BookingStep.step).order_by(BookingStep.id)).all()
    assert steps[-3:] == ["move"] * 3


def test_a_date_that_cannot_move_stands_where_it_stood(
    world: World, session: Session, taker: Actor
) -> None:
    truck = world.listing(approver=Approver.NOBODY)
    series = request(world, taker, draft(truck)).public_id
    world.booking(truck, Period(instant(3, 24, 12), instant(3, 24, 14)))
    shown = preview(world, taker, series, moving(12, 15))
    assert [[reason.code for reason in each.result.reasons] for each in shown] == [
        [],
        [],
        ["booking.not_enough_units"],
        [],
    ]
    with pytest.raises(Conflict):
        change(world, taker, series, moving(12, 15))
    assert hours(session)[0] == "10.03 08:00-12:00"
    done = change(world, taker, series, moving(12, 15), Take.FREE, shown=TUESDAYS)
    assert [each.result.date for each in done.kept] == [TUESDAYS[2]]
    assert done.lost == (TUESDAYS[2],)
    assert hours(session)[2] == "24.03 08:00-12:00"
    assert hours(session)[3] == "31.03 12:00-15:00"


@pytest.mark.parametrize(("starts", "ends"), [(10, 10), (6, 6)])
def test_dates_that_follow_one_another_move_past_one_another(
    world: World, session: Session, taker: Actor, starts: int, ends: int
) -> None:
    """Whole days without a gap: later or earlier, none runs into the next one on the way."""
    truck = world.listing(approver=Approver.NOBODY, longest_minutes=3000)
    asked = draft(truck, "FREQ=DAILY;COUNT=5", starts=wall(3, 16), hours=24)
    series = request(world, taker, asked).public_id
    change(world, taker, series, moving(starts, ends))
    assert {row.starts_at.hour for row in rows(session)} == {starts + 4}
    with pytest.raises(Conflict, match="not_all_possible"):
        change(world, taker, series, moving(starts, ends + 1))
    assert {row.ends_at.hour for row in rows(session)} == {ends + 4}


def test_who_has_to_say_yes_is_asked_again_unless_they_made_the_change(
    world: World, session: Session, taker: Actor
) -> None:
    lender = world.organization()
    truck = world.listing(lender, units=3)
    series = request(world, taker, draft(truck, units=2)).public_id
    giver = world.member(lender[0])
    for row in rows(session):
        bookings.approve(session, giver, row.public_id, now=NOW)
    fewer = Change(Deed.UNITS, Scope.ALL, units=1)
    assert not any(each.asks_again for each in preview(world, taker, series, fewer))
    change(world, taker, series, fewer)
    assert {(row.state, row.units) for row in rows(session)} == {("approved", 1)}

    more = Change(Deed.UNITS, Scope.ONE, TUESDAYS[0], units=3)
    assert [each.asks_again for each in preview(world, taker, series, more)] == [True]
    change(world, taker, series, more)
    first = rows(session)[0]
    assert (first.state, first.units, first.decided_at) == ("requested", 3, None)
    assert first.decide_by is not None

    coordinator = world.person(role=Role.COORDINATOR)
    change(world, coordinator, series, moving(9, 13))
    assert [row.state for row in rows(session)] == ["requested", *["approved"] * 3]


def test_more_units_than_are_free_are_refused_date_by_date(
    world: World, session: Session, taker: Actor
) -> None:
    crates = world.listing(units=10, approver=Approver.NOBODY, price_cents=100)
    series = request(world, taker, draft(crates, units=2)).public_id
    world.booking(crates, Period(instant(3, 10, 9), instant(3, 10, 10)), units=5)
    wanted = Change(Deed.UNITS, Scope.ALL, units=6)
    done = change(world, taker, series, wanted, Take.FREE)
    assert [each.result.date for each in done.kept] == [TUESDAYS[0]]
    assert [row.units for row in rows(session)] == [2, 6, 6, 6]
    assert [row.price_cents for row in rows(session)][:2] == [200, 600]


def test_the_parts_of_a_kit_go_along(world: World, session: Session, taker: Actor) -> None:
    market = Market(world)
    series = request(world, taker, draft(market.kit)).public_id
    change(world, taker, series, moving(13, 15))
    wholes = rows(session)
    parts = session.scalars(sa.select(Booking).where(Booking.whole_id.is_not(None))).all()
    spans = {whole.id: (whole.starts_at, whole.occupied_until) for whole in wholes}
    assert len(parts) == 12
    assert all((part.starts_at, part.occupied_until) == spans[part.whole_id or 0] for part in parts)


def test_hours_that_a_night_does_not_have_are_asked_about(
    world: World, session: Session, taker: Actor
) -> None:
    truck = world.listing(approver=Approver.NOBODY)
    series = request(world, taker, draft(truck, "FREQ=DAILY;COUNT=3", starts=wall(3, 7))).public_id
    with pytest.raises(Refused, match="clock_asks"):
        change(world, taker, series, Change(Deed.MOVE, Scope.ALL, clock=(time(2, 30), time(5))))
    for answer, said in ((Answer.SKIP, "08.03 08:00-12:00"), (Answer.LATER, "08.03 03:00-05:00")):
        wanted = Change(
            Deed.MOVE,
            Scope.ALL,
            clock=(time(2, 30), time(5)),
            answers={wall(3, 8): answer},
        )
        change(world, taker, series, wanted)
        assert hours(session) == ["07.03 02:30-05:00", said, "09.03 02:30-05:00"]


def test_either_party_cancels_and_only_the_borrower_changes(
    world: World, session: Session, taker: Actor
) -> None:
    lender = world.organization()
    truck = world.listing(lender, approver=Approver.NOBODY)
    series = request(world, taker, draft(truck)).public_id
    giver = world.member(lender[0])
    stranger = world.member(world.organization()[0])
    with pytest.raises(NotFound):
        change(world, stranger, series, ALL)
    with pytest.raises(Forbidden):
        change(world, giver, series, moving(9, 10))
    change(world, giver, series, ALL)
    assert {row.state for row in rows(session)} == {"cancelled"}


def test_rivals_that_no_longer_fit_hear_of_it(world: World, session: Session, taker: Actor) -> None:
    """A date that moves onto the time that somebody else asked for, and is confirmed there."""
    truck = world.listing(lender := world.organization())
    series = request(world, taker, draft(truck, "FREQ=WEEKLY;COUNT=1")).public_id
    bookings.approve(session, world.member(lender[0]), rows(session)[0].public_id, now=NOW)
    rival = world.booking(truck, Period(instant(3, 10, 13), instant(3, 10, 15)))
    change(world, world.person(role=Role.COORDINATOR), series, moving(14, 16))
    session.refresh(rival)
    assert rival.state == State.DECLINED


def test_quotas_count_what_a_date_becomes_and_not_what_it_was(
    world: World, session: Session, taker: Actor
) -> None:
    """Twelve hours a month are allowed: three of the four Tuesdays, of four hours each."""
    lender = world.organization()
    truck = world.listing(lender, approver=Approver.NOBODY)
    scope = equipment.Scope(lender[0], equipment.listing_id_of(session, truck))
    quota = Quota(Per.MONTH, Counts.UNIT_HOURS, 12)
    equipment.limit(session, world.member(lender[0]), scope, quota, now=NOW)
    made = request(world, taker, draft(truck), Take.FREE)
    assert list(made.made) == TUESDAYS[:3]
    longer = preview(world, taker, made.public_id, moving(8, 13))
    assert [[reason.code for reason in each.result.reasons] for each in longer] == [
        ["booking.quota_hours_a_month"],
        ["booking.quota_hours_a_month"],
        ["booking.quota_hours_a_month"],
    ]
    change(world, taker, made.public_id, moving(13, 17))
    change(world, taker, made.public_id, moving(8, 11))
    one_longer = moving(8, 14, Scope.ONE, date=TUESDAYS[0])
    change(world, taker, made.public_id, one_longer)
    assert hours(session)[0] == "10.03 08:00-14:00"
