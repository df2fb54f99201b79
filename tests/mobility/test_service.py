"""A vehicle is shown by its lender's own yes, as long as it holds, and says no more than the public
calendar."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.bookings import service as bookings
from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused
from mutuali.core.period import Period, local
from mutuali.core.permissions import Role
from mutuali.core.places import coarse
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver, Kind, ListingState
from mutuali.governance import service as governance
from mutuali.mobility import service
from mutuali.mobility.guard import APPEND_ONLY, STATEMENTS
from mutuali.mobility.models import VehicleAnswer
from mutuali.mobility.rules import Description, Propulsion, Shape
from tests.counting import counted
from tests.factories import NOW, PLATEAU, World, at
from tests.mobility.made import BIKE, TRUCK, seen, shown


def test_nothing_is_shown_until_its_lender_says_yes(session: Session, world: World) -> None:
    lender = world.organization()
    manager = world.member(lender[0])
    public_id = world.listing(lender)
    assert seen(session) == []

    until = service.say_yes(session, manager, public_id, TRUCK, now=NOW)

    (vehicle,) = seen(session)
    assert (vehicle.listing, vehicle.said, vehicle.is_free) == (public_id, TRUCK, True)
    assert vehicle.place == coarse(PLATEAU) != PLATEAU
    assert seen(session, until) == []


def test_a_no_takes_it_out_at_once_and_both_are_kept_with_who_said_them(
    session: Session, world: World
) -> None:
    manager, public_id = shown(world)
    service.say_no(session, manager, public_id, now=at(1))

    assert seen(session, at(1)) == []
    standing = service.standing(session, manager, public_id, now=at(1))
    assert not standing.is_given
    assert [(each.answer, each.said_at) for each in standing.answers] == [
        ("no", at(1)),
        ("yes", NOW),
    ]
    assert all(each.said_by_name for each in standing.answers)
    names = session.scalars(sa.select(AuditEvent.name).where(AuditEvent.name.like("vehicle.%")))
    assert list(names) == ["vehicle.yes", "vehicle.no"]


def test_only_who_manages_the_lender_answers(session: Session, world: World) -> None:
    lender = world.organization()
    manager, member = world.member(lender[0]), world.member(lender[0], Role.MEMBER)
    stranger = world.member(world.organization()[0])
    public_id = world.listing(lender)

    with pytest.raises(Forbidden):
        service.say_yes(session, member, public_id, TRUCK, now=NOW)
    for deed in (
        lambda: service.say_yes(session, stranger, public_id, TRUCK, now=NOW),
        lambda: service.say_no(session, stranger, public_id, now=NOW),
        lambda: service.standing(session, stranger, public_id, now=NOW),
    ):
        with pytest.raises(NotFound):
            deed()
    assert not service.standing(session, member, public_id, now=NOW).may_answer
    assert service.standing(session, manager, public_id, now=NOW).may_answer


def test_a_kitchen_is_no_vehicle_and_a_draft_is_not_shown(session: Session, world: World) -> None:
    lender = world.organization()
    manager = world.member(lender[0])
    kitchen = world.listing(lender, kind=Kind.KITCHEN)
    truck = world.listing(lender)
    equipment.set_state(
        session, manager, equipment.listing_id_of(session, truck), ListingState.WITHDRAWN, now=NOW
    )

    with pytest.raises(NotFound):
        service.say_yes(session, manager, kitchen, TRUCK, now=NOW)
    with pytest.raises(Conflict):
        service.say_yes(session, manager, truck, TRUCK, now=NOW)
    other, silent = world.listing(lender), Description(Shape.VAN, Propulsion.ELECTRIC)
    with pytest.raises(Refused) as refused:
        service.say_yes(session, manager, other, silent, now=NOW)
    assert [each.field for each in refused.value.reasons] == ["range_km"]


def test_what_was_withdrawn_or_left_is_not_shown(session: Session, world: World) -> None:
    manager, public_id = shown(world)
    equipment.set_state(
        session,
        manager,
        equipment.listing_id_of(session, public_id),
        ListingState.WITHDRAWN,
        now=NOW,
    )
    assert seen(session) == []

    other, _ = shown(world)
    assert len(seen(session)) == 1
    governance.leave(session, other, other.organization_id or 0, now=NOW)
    assert seen(session) == []
    (last,) = session.scalars(
        sa.select(VehicleAnswer.answer)
        .where(VehicleAnswer.lender_id == other.organization_id)
        .order_by(VehicleAnswer.id.desc())
        .limit(1)
    )
    assert last == "no"


def test_an_organization_that_is_not_accepted_any_more_shows_nothing(
    session: Session, world: World
) -> None:
    manager, _ = shown(world)
    session.execute(
        sa.text("UPDATE organization SET state = 'left' WHERE id = :id"),
        {"id": manager.organization_id},
    )
    assert seen(session) == []


def test_polling_every_minute_of_two_days_tells_no_more_than_parts_of_days(
    session: Session, world: World
) -> None:
    """A loan that goes out late at 9:40 and comes back early at 13:25: whoever reads the feed all
    the time sees it change at noon and at five, and never when keys changed hands."""
    manager, public_id = shown(world, approver=Approver.NOBODY)
    start = NOW + timedelta(days=1, hours=1)
    row = world.booking(
        public_id,
        Period(start, start + timedelta(hours=6)),
    )
    out, back = start + timedelta(minutes=40), start + timedelta(hours=4, minutes=25)
    told = []
    now = NOW + timedelta(days=1)
    while now < NOW + timedelta(days=2):
        if now == out:
            bookings.hand_over(session, manager, row.public_id, now=now)
        if now == back:
            bookings.take_back(session, manager, row.public_id, now=now)
        told.append((now, [(each.id, each.is_free) for each in seen(session, now)]))
        now += timedelta(minutes=5)
    changes = [
        (local(later).hour, local(later).minute)
        for (later, one), (_, before) in zip(told[1:], told, strict=False)
        if one != before
    ]

    assert changes == [(12, 0), (17, 0)]
    assert told[0][1][0][0] != told[-1][1][0][0]
    assert not told[0][1][0][1]
    assert told[-1][1][0][1]


def test_what_is_closed_or_broken_is_told_like_what_is_lent(session: Session, world: World) -> None:
    manager, public_id = shown(world)
    listing = equipment.listing(session, manager, public_id)
    equipment.close(
        session,
        manager,
        equipment.Scope(listing.lender_id, listing.id),
        Period(NOW - timedelta(hours=3), NOW + timedelta(hours=12)),
        now=NOW,
    )
    assert [each.is_free for each in seen(session)] == [False]


def test_many_vehicles_cost_as_many_queries_as_few(session: Session, world: World) -> None:
    def cost() -> int:
        session.expire_all()
        with counted(session) as statements:
            assert seen(session)
        return len(statements)

    shown(world)
    shown(world, BIKE, title_fr="Vélo-cargo")
    few = cost()
    for _ in range(8):
        shown(world)
    assert cost() == few <= 14


def test_an_organization_reads_what_it_shows(session: Session, world: World) -> None:
    manager, public_id = shown(world)
    id_ = manager.organization_id or 0
    ((listing, until),) = service.shown_of(session, manager, id_, now=NOW)
    assert (listing.public_id, until) == (public_id, NOW.replace(year=2028))
    with pytest.raises(Forbidden):
        service.shown_of(session, world.member(world.organization()[0]), id_, now=NOW)


@pytest.mark.parametrize(
    "statement", ["UPDATE vehicle_answer SET answer = 'no'", "DELETE FROM vehicle_answer"]
)
def test_what_was_said_is_neither_changed_nor_deleted(
    session: Session, world: World, statement: str
) -> None:
    shown(world)
    with pytest.raises(IntegrityError, match=APPEND_ONLY):
        session.execute(sa.text(statement))


def test_at_head_the_database_holds_the_guards_as_they_are_written(
    session: Session, engine_name: str
) -> None:
    if engine_name == "sqlite":
        held = session.scalars(
            sa.text("SELECT sql FROM sqlite_master WHERE name LIKE 'vehicle_answer_no%'")
        ).all()
        assert sorted(held) == sorted(STATEMENTS["sqlite"])
    else:
        held = session.scalars(
            sa.text("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'vehicle_answer_%'")
        ).all()
        assert sorted(held) == ["vehicle_answer_append_only", "vehicle_answer_kept"]


def test_what_was_said_is_destroyed_seven_years_after_every_yes_of_then(
    session: Session, world: World
) -> None:
    world.now = NOW - timedelta(days=4000)
    shown(world)
    world.now = NOW
    shown(world)
    before = NOW - timedelta(days=7 * 365)
    assert service.forget_answers(session, before, dry=True) == 1
    assert service.forget_answers(session, before, dry=False) == 1
    assert len(session.scalars(sa.select(VehicleAnswer)).all()) == 1
