"""The database refuses what the service would never ask, on both engines."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.bookings.guard import CAPACITY, STATEMENTS, UNITS_BOOKED, UNITS_OUT
from mutuali.bookings.models import Booking
from mutuali.equipment.models import Listing
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World, at
from tests.guards import missing_guards


def _put(
    session: Session,
    listing: Listing,
    borrower_id: int,
    start: datetime,
    end: datetime,
    *,
    units: int = 1,
    state: str = "approved",
    history: bool = False,
) -> Booking:
    """Straight into the table, going round every rule."""
    row = Booking(
        public_id=new_public_id(),
        listing_id=listing.id,
        lender_id=listing.lender_id,
        borrower_id=borrower_id,
        units=units,
        starts_at=start,
        ends_at=end,
        occupied_until=end,
        state=state,
        purpose="other",
        created_at=NOW,
        is_history=history,
    )
    session.add(row)
    session.flush()
    return row


@pytest.fixture
def borrower_id(world: World) -> int:
    return world.organization()[0]


def _listing(world: World, units: int) -> Listing:
    public_id = world.listing(units=units)
    return world.session.scalars(sa.select(Listing).where(Listing.public_id == public_id)).one()


def test_a_second_booking_of_the_only_unit_is_refused_by_name(
    world: World, session: Session, borrower_id: int
) -> None:
    truck = _listing(world, 1)
    _put(session, truck, borrower_id, at(1), at(2))
    with pytest.raises(IntegrityError, match=CAPACITY):
        _put(session, truck, borrower_id, at(1.5), at(3))


def test_bookings_that_only_touch_are_let_in(
    world: World, session: Session, borrower_id: int
) -> None:
    truck = _listing(world, 1)
    _put(session, truck, borrower_id, at(1), at(2))
    _put(session, truck, borrower_id, at(2), at(3))
    _put(session, truck, borrower_id, at(0), at(1))


def test_who_has_the_turn_already_is_counted_all_the_same(
    world: World, session: Session, borrower_id: int
) -> None:
    """In one transaction, also after a part of it was undone."""
    crates = _listing(world, 5)
    _put(session, crates, borrower_id, at(1), at(2), units=3)
    undone = session.begin_nested()
    _put(session, crates, borrower_id, at(1), at(2), units=2)
    undone.rollback()
    _put(session, crates, borrower_id, at(1, 1), at(3), units=2)
    with pytest.raises(IntegrityError, match=CAPACITY):
        _put(session, crates, borrower_id, at(1, 2), at(4), units=1)


def test_it_is_the_peak_that_counts_and_not_the_sum(
    world: World, session: Session, borrower_id: int
) -> None:
    crates = _listing(world, 10)
    _put(session, crates, borrower_id, at(1), at(2), units=6)
    _put(session, crates, borrower_id, at(2), at(3), units=6)
    _put(session, crates, borrower_id, at(1), at(3), units=4)
    with pytest.raises(IntegrityError, match=CAPACITY):
        _put(session, crates, borrower_id, at(2.5), at(4), units=1)


@pytest.mark.parametrize("state", ["requested", "declined", "cancelled", "expired"])
def test_a_booking_that_does_not_occupy_never_stands_in_the_way(
    world: World, session: Session, borrower_id: int, state: str
) -> None:
    truck = _listing(world, 1)
    _put(session, truck, borrower_id, at(1), at(2), state=state)
    _put(session, truck, borrower_id, at(1), at(2))
    _put(session, truck, borrower_id, at(1), at(2), history=True)


def test_approving_by_sql_over_another_booking_is_refused(
    world: World, session: Session, borrower_id: int
) -> None:
    truck = _listing(world, 1)
    _put(session, truck, borrower_id, at(1), at(2))
    rival = _put(session, truck, borrower_id, at(1), at(2), state="requested")
    with pytest.raises(IntegrityError, match=CAPACITY):
        session.execute(sa.update(Booking).where(Booking.id == rival.id).values(state="approved"))


def test_stretching_a_booking_over_the_next_one_is_refused(
    world: World, session: Session, borrower_id: int
) -> None:
    truck = _listing(world, 1)
    first = _put(session, truck, borrower_id, at(1), at(2))
    _put(session, truck, borrower_id, at(2), at(3))
    with pytest.raises(IntegrityError, match=CAPACITY):
        session.execute(
            sa.update(Booking)
            .where(Booking.id == first.id)
            .values(occupied_until=at(2) + timedelta(minutes=1))
        )


def test_units_that_are_overdue_cannot_be_handed_over_again(
    world: World, session: Session, borrower_id: int
) -> None:
    truck = _listing(world, 1)
    _put(session, truck, borrower_id, at(-3), at(-2), state="on_loan")
    later = _put(session, truck, borrower_id, at(1), at(2))
    with pytest.raises(IntegrityError, match=UNITS_OUT):
        session.execute(sa.update(Booking).where(Booking.id == later.id).values(state="on_loan"))


def test_a_listing_cannot_lose_units_that_are_promised(
    world: World, session: Session, borrower_id: int
) -> None:
    crates = _listing(world, 10)
    _put(session, crates, borrower_id, at(1), at(2), units=6)
    session.execute(sa.update(Listing).where(Listing.id == crates.id).values(units=6))
    with pytest.raises(IntegrityError, match=UNITS_BOOKED):
        session.execute(sa.update(Listing).where(Listing.id == crates.id).values(units=5))


def test_an_old_booking_can_still_be_closed_after_units_were_taken_away(
    world: World, session: Session, borrower_id: int
) -> None:
    crates = _listing(world, 10)
    old = _put(session, crates, borrower_id, at(-2), at(-1), units=6, state="returned")
    session.execute(sa.update(Listing).where(Listing.id == crates.id).values(units=1))
    session.execute(sa.update(Booking).where(Booking.id == old.id).values(state="closed"))


def test_the_guard_stands_in_the_migrated_database_as_it_is_written(
    session: Session, engine_name: str
) -> None:
    assert missing_guards(session, engine_name, STATEMENTS) == []
