"""The database refuses what the service would never write, on both engines."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.trips.guard import CALLED_OFF, CAPACITY, SHRINKS, STATEMENTS
from mutuali.trips.models import Trip, TripPlace
from mutuali.trips.rules import Load
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World
from tests.guards import missing_guards
from tests.trips.made import shared


@pytest.fixture
def trip(world: World) -> Trip:
    """Four pallets and 800 kg over three legs."""
    made = shared(world, room=Load(4, 800))
    made.offer()
    return world.session.scalars(sa.select(Trip)).one()


def put(
    session: Session,
    trip: Trip,
    legs: tuple[int, int],
    pallets: int = 1,
    kg: int = 0,
    state: str = "accepted",
) -> TripPlace:
    """Straight into the table, going round every rule."""
    row = TripPlace(
        public_id=new_public_id(),
        trip_id=trip.id,
        organization_id=trip.organization_id,
        from_stop=legs[0],
        to_stop=legs[1],
        pallets=pallets,
        kg=kg,
        state=state,
        asked_at=NOW,
        answer_by=NOW,
    )
    session.add(row)
    session.flush()
    return row


def test_the_guard_in_the_database_is_the_one_in_the_code(
    session: Session, engine_name: str
) -> None:
    assert missing_guards(session, engine_name, STATEMENTS) == []


def test_no_leg_takes_more_pallets_or_kilograms_than_were_offered(
    session: Session, trip: Trip
) -> None:
    put(session, trip, (0, 2), pallets=3, kg=500)
    put(session, trip, (2, 3), pallets=4, kg=800)
    put(session, trip, (0, 1), pallets=1, kg=300)
    session.commit()
    for legs, pallets, kg in (((1, 2), 2, 0), ((1, 2), 0, 301), ((0, 3), 0, 1), ((1, 3), 1, 0)):
        with pytest.raises(IntegrityError, match=CAPACITY):
            put(session, trip, legs, pallets, kg)
        session.rollback()
    put(session, trip, (1, 2), pallets=1, kg=300)
    put(session, trip, (0, 3), pallets=9, kg=9_000, state="asked")


def test_a_place_that_grows_or_is_accepted_is_counted_again(session: Session, trip: Trip) -> None:
    put(session, trip, (0, 3), pallets=3)
    small = put(session, trip, (0, 1), pallets=1)
    waits = put(session, trip, (1, 2), pallets=2, state="asked")
    session.commit()
    for row, values in (
        (small, {"pallets": 2}),
        (small, {"kg": 900}),
        (waits, {"state": "accepted"}),
    ):
        with pytest.raises(IntegrityError, match=CAPACITY):
            session.execute(sa.update(TripPlace).where(TripPlace.id == row.id).values(**values))
        session.rollback()
    session.execute(sa.update(TripPlace).where(TripPlace.id == small.id).values(to_stop=3))


def test_an_offer_never_shrinks_below_what_is_on_board(session: Session, trip: Trip) -> None:
    put(session, trip, (0, 2), pallets=2, kg=100)
    put(session, trip, (1, 3), pallets=1, kg=100)
    session.commit()
    for values in ({"pallets": 2}, {"kg": 199}):
        with pytest.raises(IntegrityError, match=SHRINKS):
            session.execute(sa.update(Trip).values(**values))
        session.rollback()
    session.execute(sa.update(Trip).values(pallets=3, kg=200))


def test_a_trip_that_was_called_off_carries_nobody(session: Session, trip: Trip) -> None:
    on_board = put(session, trip, (0, 2))
    session.commit()
    with pytest.raises(IntegrityError, match=CALLED_OFF):
        session.execute(sa.update(Trip).values(state="cancelled"))
    session.rollback()
    session.execute(
        sa.update(TripPlace).where(TripPlace.id == on_board.id).values(state="cancelled")
    )
    session.execute(sa.update(Trip).values(state="cancelled"))
    with pytest.raises(IntegrityError, match=CALLED_OFF):
        put(session, trip, (0, 1))


def test_a_vehicle_makes_one_trip_at_a_time_whatever_writes(session: Session, trip: Trip) -> None:
    twin = {c.name: getattr(trip, c.name) for c in Trip.__table__.columns if c.name != "id"}
    with pytest.raises(IntegrityError):
        session.execute(sa.insert(Trip).values(**{**twin, "public_id": new_public_id()}))
