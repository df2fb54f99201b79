"""Whatever is offered, asked, answered, given back, changed or left to time, in whatever order: no
leg is fuller than was offered, and what the service says is free is what a plain count finds."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mutuali.bookings import service as bookings
from mutuali.core.errors import DomainError
from mutuali.core.permissions import Actor
from mutuali.trips import service
from mutuali.trips.models import TripPlace
from mutuali.trips.rules import Load, PlaceState
from tests.factories import NOW, World
from tests.trips.made import Shared, joiner, shared

LEGS = 3
#: (deed, which place, from, length, pallets, kg, hours that pass).
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(
            (
                *("ask", "ask", "ask", "accept", "accept", "accept", "decline", "give_back"),
                *("change", "tick", "cancel_trip", "offer", "cancel_booking"),
            )
        ),
        st.integers(0, 7),
        st.integers(0, LEGS - 1),
        st.integers(1, LEGS),
        st.integers(0, 4),
        st.sampled_from((0, 50, 200, 500)),
        st.sampled_from((0, 0, 0, 1, 9)),
    ),
    min_size=4,
    max_size=30,
)


class Model:
    """What a plain count of the places that the service accepted says is free."""

    def __init__(self, made: Shared, people: list[Actor]) -> None:
        self.made, self.people, self.now = made, people, NOW
        self.room = made.room
        self.places: dict[str, tuple[int, int, int, int]] = {}
        self.on_board: set[str] = set()

    def free(self) -> list[Load]:
        pallets, kg = [self.room.pallets] * LEGS, [self.room.kg] * LEGS
        for place in self.on_board:
            start, end, some, weight = self.places[place]
            for leg in range(start, end):
                pallets[leg] -= some
                kg[leg] -= weight
        return [Load(*each) for each in zip(pallets, kg, strict=True)]

    def do(self, deed: str, which: int, start: int, length: int, pallets: int, kg: int) -> None:
        made, now = self.made, self.now
        known = list(self.places)
        if deed == "ask":
            end = min(start + length, LEGS)
            who = self.people[which % 2]
            place, state = made.ask(who, start, end, pallets, kg, now=now)
            self.places[place] = (start, end, pallets, kg)
            if state is PlaceState.ACCEPTED:
                self.on_board.add(place)
        elif deed == "change":
            room = Load(2 + pallets, 300 + kg)
            capacity = made.capacity(room=room, at_once=bool(which % 2))
            service.change_trip(made.session, made.taker, made.id, capacity, now=now)
            self.room = room
        elif deed == "tick":
            service.expire_places(made.session, now=now)
        elif deed == "cancel_trip":
            if which == 0:  # not too often
                service.cancel_trip(made.session, made.taker, made.id, now=now)
                self.on_board.clear()
        elif deed == "offer":
            made.offer(now=now)
            self.room = made.room
            self.places.clear()
            self.on_board.clear()
        elif deed == "cancel_booking":
            if which == 0 and start == 0:
                bookings.cancel(made.session, made.taker, made.booking.public_id, now=now)
                service.follow_booking(made.session, made.booking.id, now=now)
                self.on_board.clear()
        elif known:
            self.answer(deed, known[which % len(known)])

    def answer(self, deed: str, place: str) -> None:
        made, now = self.made, self.now
        if deed == "accept":
            made.accept(place, now=now)
            self.on_board.add(place)
        elif deed == "decline":
            service.decline_place(made.session, made.taker, place, now=now)
        else:
            row = made.session.scalars(
                sa.select(TripPlace).where(TripPlace.public_id == place)
            ).one()
            who = next(p for p in self.people if p.organization_id == row.organization_id)
            service.withdraw_place(made.session, who, place, now=now)
            self.on_board.discard(place)

    def check(self) -> None:
        free = self.free()
        assert min(each.pallets for each in free) >= 0
        assert min(each.kg for each in free) >= 0
        seen = self.made.seen(self.made.taker, now=self.now)
        assert list(seen.left) == free
        accepted = {p.public_id for p in seen.places if p.state is PlaceState.ACCEPTED}
        assert accepted == self.on_board


@pytest.fixture
def people(world: World) -> list[Actor]:
    return [joiner(world) for _ in range(2)]


@pytest.fixture
def made(world: World) -> Shared:
    made = shared(world)
    made.offer()
    return made


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deeds=DEEDS)
def test_no_sequence_of_deeds_fills_a_leg_beyond_what_was_offered(
    made: Shared, people: list[Actor], deeds: list[tuple[str, int, int, int, int, int, int]]
) -> None:
    session, first = made.session, made.id
    outer = session.begin_nested()
    model = Model(made, people)
    for deed, which, start, length, pallets, kg, hours in deeds:
        model.now += timedelta(hours=hours)
        trip = made.id
        try:
            with session.begin_nested():
                model.do(deed, which, start, length, pallets, kg)
        except DomainError:
            session.expire_all()
            made.id = trip
        model.check()
    outer.rollback()
    session.expire_all()
    made.id = first
