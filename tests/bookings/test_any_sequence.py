"""Whatever is done in whatever order: never more out than exist, and every timeline explains."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.models import Booking, BookingStep
from mutuali.bookings.rules import OCCUPYING, State, Step, leads_to
from mutuali.core.errors import DomainError
from mutuali.core.period import Period
from mutuali.core.permissions import Actor
from mutuali.equipment import service as equipment
from mutuali.equipment.models import Listing
from mutuali.organizations import service as organizations
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World

#: (deed, which booking or listing, a small number, minutes that pass).
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(
            (
                *("request", "request", "request", "approve", "approve", "decline", "bulk"),
                *("propose", "accept", "turn_down", "end", "longer", "not_longer", "undo"),
                *("cancel", "hand_over", "take_back", "close", "tick"),
            )
        ),
        st.integers(0, 9),
        st.integers(0, 5),
        st.sampled_from((0, 0, 1, 3, 20, 120)),
    ),
    min_size=6,
    max_size=28,
)


class Network:
    """A lender with a lot, a truck that two decide, a kit; of two who borrow, one is trusted."""

    def __init__(self, world: World) -> None:
        self.world, self.session, self.now = world, world.session, NOW
        lender = world.organization()
        self.deciders = [world.member(lender[0]) for _ in range(2)]
        self.takers = [world.member(world.organization()[0]) for _ in range(2)]
        held = {"hold_minutes": 60, "units": 3, "trusted_at_once": True}
        self.listings = [
            world.listing(lender, **held),
            world.listing(lender, two_decide=True, turnaround_minutes=30),
            world.listing(lender, units=2),
        ]
        parts = [(self.listings[0], 1), (self.listings[1], 1)]
        trusted = self.takers[0].organization_id or 0
        organizations.trust(self.session, self.deciders[0], lender[0], trusted, now=NOW)
        kit = world.listing(lender)
        kit_id = equipment.listing_id_of(self.session, kit)
        equipment.set_parts(self.session, self.deciders[0], kit_id, parts, now=NOW)
        self.listings.append(kit)
        self.ids = [equipment.listing_id_of(self.session, each) for each in self.listings]

    def span(self, number: int) -> Period:
        start = NOW + timedelta(hours=3 + number)
        return Period(start, start + timedelta(hours=1 + number % 3))

    def bookings(self) -> list[Booking]:
        query = sa.select(Booking).where(Booking.whole_id.is_(None)).order_by(Booking.id)
        return list(self.session.scalars(query.execution_options(populate_existing=True)))

    def do(self, deed: str, which: int, number: int) -> None:
        decider, taker = self.deciders[number % 2], self.takers[which % 2]
        if deed == "request":
            self.world.now = self.now
            listing = self.listings[which % len(self.listings)]
            self.world.booking(listing, self.span(number), borrower=taker, units=1 + number % 2)
            return
        if deed == "tick":
            service.expire_lapsed(self.session, now=self.now)
            service.lapse_proposals(self.session, now=self.now)
            return
        rows = self.bookings()
        if not rows:
            return
        row = rows[which % len(rows)]
        owner = next(each for each in self.takers if each.organization_id == row.borrower_id)
        id_, now = row.public_id, self.now
        if deed == "bulk":
            ids = [each.public_id for each in rows[which % len(rows) :][:3]]
            service.decide_many(
                self.session, decider, ids, accept=number > 1, reason="Non.", now=now
            )
        elif deed == "propose":
            listing = self.listings[(which + number) % len(self.listings)]
            draft = service.ProposalDraft(listing, 1, self.span(number))
            service.propose(self.session, decider, id_, draft, public_id=new_public_id(), now=now)
        elif deed == "end":
            end = row.starts_at + timedelta(hours=1 + number)
            actor = owner if which % 2 else decider
            service.change_end(self.session, actor, id_, end, public_id=new_public_id(), now=now)
        else:
            self.simple(deed, id_, decider, owner)

    def simple(self, deed: str, id_: str, decider: Actor, owner: Actor) -> None:
        deeds: dict[str, Callable[[], object]] = {
            "approve": lambda: service.approve(self.session, decider, id_, now=self.now),
            "decline": lambda: service.decline(self.session, decider, id_, "Non.", now=self.now),
            "accept": lambda: service.accept_proposal(self.session, owner, id_, now=self.now),
            "turn_down": lambda: service.turn_down(self.session, owner, id_, now=self.now),
            "longer": lambda: service.approve_longer(self.session, decider, id_, now=self.now),
            "not_longer": lambda: service.decline_longer(
                self.session, decider, id_, "Non.", now=self.now
            ),
            "undo": lambda: service.undo(self.session, decider, id_, now=self.now),
            "cancel": lambda: service.cancel(self.session, owner, id_, now=self.now),
            "hand_over": lambda: service.hand_over(self.session, owner, id_, now=self.now),
            "take_back": lambda: service.take_back(self.session, owner, id_, now=self.now),
            "close": lambda: service.close_return(self.session, decider, id_, now=self.now),
        }
        deeds[deed]()

    def check(self) -> None:
        """No instant of any listing, seen minute by step, has more units out than exist."""
        rows = list(
            self.session.scalars(sa.select(Booking).execution_options(populate_existing=True))
        )
        units = dict(self.session.execute(sa.select(Listing.id, Listing.units)).all())
        for listing_id in self.ids:
            taken = [
                row
                for row in rows
                if row.listing_id == listing_id and State(row.state) in OCCUPYING
            ]
            for instant in {row.starts_at for row in taken}:
                assert _out_at(taken, instant) <= units[listing_id]
        for row in rows:
            if row.whole_id is None:
                _explained(self.session, row)
            else:
                whole = next(each for each in rows if each.id == row.whole_id)
                assert (row.state, row.starts_at, row.occupied_until) == (
                    whole.state,
                    whole.starts_at,
                    whole.occupied_until,
                )


def _out_at(rows: list[Booking], instant: datetime) -> int:
    return sum(row.units for row in rows if row.starts_at <= instant < row.occupied_until)


def _explained(session: Session, row: Booking) -> None:
    """The timeline leads, step by step of the table, from the request to where the booking is."""
    steps = session.scalars(
        sa.select(BookingStep).where(BookingStep.booking_id == row.id).order_by(BookingStep.id)
    ).all()
    assert steps[0].step == Step.REQUEST
    assert State(steps[0].state or "") in {State.REQUESTED, State.HELD, State.APPROVED}
    for before, after in itertools.pairwise(steps):
        reached = leads_to(State(before.state or ""), Step(after.step))
        assert State(after.state or "") in reached, (before.state, after.step, after.state)
    assert steps[-1].state == row.state


@contextmanager
def _undone(session: Session) -> Iterator[None]:
    """Each example begins where the others did."""
    outer = session.begin_nested()
    try:
        yield
    finally:
        outer.rollback()
        session.expire_all()


@pytest.fixture
def network(world: World) -> Network:
    return Network(world)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(DEEDS)
def test_after_any_sequence_no_more_is_out_than_exists_and_every_timeline_explains_its_booking(
    network: Network, deeds: list[tuple[str, int, int, int]]
) -> None:
    with _undone(network.session):
        network.now = NOW
        for deed, which, number, minutes in deeds:
            network.now += timedelta(minutes=minutes)
            try:
                with network.session.begin_nested():
                    network.do(deed, which, number)
            except DomainError:
                network.session.expire_all()
        network.check()
