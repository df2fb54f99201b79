"""The life of a booking through its use cases, on both engines."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.bookings import service
from mutuali.bookings.models import Booking
from mutuali.bookings.rules import State
from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import Role
from mutuali.equipment.rules import Approver
from mutuali.jobs.models import Job
from tests.factories import NOW, World, at, span
from tests.how_many import how_many


def test_a_loan_runs_from_request_to_the_end_and_leaves_its_trace(
    world: World, session: Session
) -> None:
    lender = world.organization()
    truck = world.listing(lender)
    giver = world.member(lender[0])
    taker = world.member(world.organization()[0])
    asked = world.booking(truck, span(0.1), borrower=taker)
    assert asked.state == State.REQUESTED
    service.approve(session, giver, asked.public_id, now=at(0, 1))
    service.hand_over(session, taker, asked.public_id, temperature=3, now=at(0, 2))
    service.take_back(session, taker, asked.public_id, now=at(0, 3))
    closed = service.close_return(session, giver, asked.public_id, now=at(0, 4))
    assert closed.state == State.CLOSED
    names = session.scalars(
        sa.select(AuditEvent.name)
        .where(AuditEvent.subject_kind == "booking")
        .order_by(AuditEvent.id)
    ).all()
    assert names == [
        f"booking.{step}" for step in ("request", "approve", "hand_over", "take_back", "close")
    ]
    told = session.scalar(sa.select(sa.func.count()).where(Job.kind == "bookings.stepped"))
    assert told == 5


def test_an_early_return_frees_the_rest(world: World, session: Session) -> None:
    lender = world.organization()
    truck = world.listing(lender, turnaround_minutes=60, approver=Approver.NOBODY)
    giver = world.member(lender[0])
    booked = world.booking(truck, span(0.1, 48))
    service.hand_over(session, giver, booked.public_id, now=at(0.1))
    service.take_back(session, giver, booked.public_id, now=at(0.1, 3))
    session.refresh(booked)
    assert booked.occupied_until == at(0.1, 4)
    world.booking(truck, Period(at(0.1, 4), at(0.1, 6)))


def test_a_hold_keeps_the_units_until_its_time_runs_out(world: World) -> None:
    truck = world.listing(hold_minutes=60)
    held = world.booking(truck, span(2))
    assert held.state == State.HELD
    with pytest.raises(Conflict):
        world.booking(truck, span(2))
    world.now = NOW + timedelta(minutes=61)
    world.booking(truck, span(2))
    world.session.refresh(held)
    assert held.state == State.EXPIRED


def test_of_two_rivals_only_one_can_be_approved(world: World, session: Session) -> None:
    lender = world.organization()
    truck = world.listing(lender)
    giver = world.member(lender[0])
    first, second = world.booking(truck, span(2)), world.booking(truck, span(2, 3))
    service.approve(session, giver, first.public_id, now=NOW)
    with pytest.raises(Conflict):
        service.approve(session, giver, second.public_id, now=NOW)
    assert second.state == State.DECLINED


def test_silence_is_no(world: World, session: Session) -> None:
    asked = world.booking(world.listing(), span(10))
    assert service.expire_lapsed(session, now=at(2.9)) == 0
    assert service.expire_lapsed(session, now=at(3.1)) == 1
    session.refresh(asked)
    assert asked.state == State.EXPIRED


def test_a_return_closes_by_itself_after_a_week(world: World, session: Session) -> None:
    lender = world.organization()
    giver = world.member(lender[0])
    booked = world.booking(world.listing(lender, approver=Approver.NOBODY), span(0.1))
    service.hand_over(session, giver, booked.public_id, now=at(0.1))
    service.take_back(session, giver, booked.public_id, now=at(0.2))
    assert service.close_seen_returns(session, now=at(7.1)) == 0
    assert service.close_seen_returns(session, now=at(7.3)) == 1


def test_an_overdue_unit_does_not_look_free(world: World, session: Session) -> None:
    lender = world.organization()
    truck = world.listing(lender, approver=Approver.NOBODY)
    giver = world.member(lender[0])
    late = world.booking(truck, span(0.1, 2))
    service.hand_over(session, giver, late.public_id, now=at(0.1))
    world.now = at(1)
    with pytest.raises(Conflict):
        world.booking(truck, Period(at(1, 2), at(1, 4)))
    world.booking(truck, Period(at(3), at(3, 2)))


def test_only_the_right_person_decides(world: World, session: Session) -> None:
    lender = world.organization()
    by_lender = world.booking(world.listing(lender), span(2))
    for_network = world.booking(world.listing(lender, approver=Approver.COORDINATOR), span(2))
    stranger = world.member(world.organization()[0])
    giver, coordinator = world.member(lender[0]), world.person(role=Role.COORDINATOR)
    with pytest.raises(NotFound):
        service.approve(session, stranger, by_lender.public_id, now=NOW)
    with pytest.raises(Forbidden):
        service.approve(session, giver, for_network.public_id, now=NOW)
    service.approve(session, coordinator, for_network.public_id, now=NOW)


def test_a_decline_needs_a_reason_and_the_borrower_reads_it(world: World, session: Session) -> None:
    lender = world.organization()
    giver = world.member(lender[0])
    asked = world.booking(world.listing(lender), span(2))
    with pytest.raises(Refused):
        service.decline(session, giver, asked.public_id, " ", now=NOW)
    service.decline(session, giver, asked.public_id, "En réparation.", now=NOW)
    assert service.steps_of(session, asked.id)[-1].note == "En réparation."


def test_the_exact_address_comes_with_an_approved_booking(world: World, session: Session) -> None:
    lender = world.organization()
    taker = world.member(world.organization()[0])
    asked = world.booking(world.listing(lender), span(2), borrower=taker)
    assert service.booking(session, taker, asked.public_id, now=NOW).site is None
    service.approve(session, world.member(lender[0]), asked.public_id, now=NOW)
    site = service.booking(session, taker, asked.public_id, now=NOW).site
    assert site is not None
    assert site.address == "123, rue des Érables"


def test_the_inbox_shows_the_oldest_deadline_first_with_its_rivals(
    world: World, session: Session
) -> None:
    lender = world.organization()
    truck = world.listing(lender)
    giver = world.member(lender[0])
    later = world.booking(truck, span(4))
    first, second = world.booking(truck, span(1)), world.booking(truck, span(1, 1))
    cards = service.inbox(session, giver, now=NOW)
    assert [card.booking.id for card in cards] == [first.id, second.id, later.id]
    assert [len(card.rivals) for card in cards] == [1, 1, 0]
    assert how_many(service.count_inbox, session, giver, NOW) == 3


def test_an_organization_that_waits_cannot_borrow_yet(world: World) -> None:
    waiting = world.member(world.organization(accepted=False)[0])
    with pytest.raises(Refused, match="not_accepted"):
        world.booking(world.listing(), span(2), borrower=waiting)


def test_search_finds_what_is_free_nearest_first_and_else_what_nearly_is(
    world: World, session: Session
) -> None:
    from mutuali.core.places import Point

    near = world.listing(world.organization(point=Point(45.53, -73.60)))
    far = world.listing(world.organization(point=Point(45.45, -73.70)))
    wish = service.Wish(span(2), near=Point(45.53, -73.60))
    found = service.search(session, wish, now=NOW)
    assert [each.listing.public_id for each in found.found] == [near, far]
    for public_id in (near, far):
        approved = world.booking(public_id, span(2))
        session.execute(
            sa.update(Booking).where(Booking.id == approved.id).values(state="approved")
        )
    nothing = service.search(session, wish, now=NOW)
    assert nothing.found == ()
    assert nothing.nearly
    assert all(not each.other_spans[0].overlaps(wish.period) for each in nothing.nearly)
