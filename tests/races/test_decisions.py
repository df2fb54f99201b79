"""Decisions that meet: yeses to rivals, votes, longer loans, many at once, what is taken back."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.models import Booking, BookingApproval
from mutuali.bookings.rules import OCCUPYING, State
from mutuali.core.period import Period
from mutuali.core.permissions import Actor
from mutuali.equipment.models import Listing
from mutuali.equipment.rules import Approver
from tests.factories import World
from tests.races.clients import Shot, fire, rounds

ROUNDS = 20
Server = Callable[[], str]


class Lender:
    """A lender whose two people decide, and people of other organizations who ask."""

    def __init__(self, world: World, **terms: Any) -> None:
        self.world, self.session = world, world.session
        self.lender = world.organization()
        self.deciders = [world.member(self.lender[0]) for _ in range(2)]
        self.takers = [world.member(world.organization()[0]) for _ in range(2)]
        self.tokens = [world.api_token(each) for each in self.deciders]
        self.listing = world.listing(self.lender, **terms)

    def asked(self, number: int, taker: Actor, *, soon: bool = False) -> str:
        """A request for two hours, or half an hour soon, of round ``number``; no two meet."""
        length = timedelta(hours=2)
        start = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=10)
        start += number * timedelta(minutes=34) if soon else timedelta(days=1 + number)
        if soon:
            length = timedelta(minutes=30)
        self.world.now = datetime.now(UTC)
        asked = self.world.booking(self.listing, Period(start, start + length), borrower=taker)
        return asked.public_id

    def shot(self, public_id: str, deed: str, token: str, **body: Any) -> Shot:
        return Shot(f"/api/v1/bookings/{public_id}/{deed}", body, token)

    def rows(self) -> list[Booking]:
        self.session.rollback()
        self.session.expire_all()
        return list(self.session.scalars(sa.select(Booking).order_by(Booking.id)))


def _nothing_over_capacity(session: Session) -> None:
    """No instant of any listing has more units out than exist."""
    session.rollback()
    units = dict(session.execute(sa.select(Listing.id, Listing.units)).all())
    rows = session.scalars(sa.select(Booking).where(Booking.state.in_(OCCUPYING))).all()
    for row in rows:
        level = sum(
            other.units
            for other in rows
            if other.listing_id == row.listing_id
            and other.starts_at <= row.starts_at < other.occupied_until
        )
        assert level <= units[row.listing_id]
    session.rollback()


def test_of_two_rivals_for_the_last_unit_that_two_people_approve_one_wins_and_one_is_told_no(
    race_world: World, server: Server
) -> None:
    lent = Lender(race_world)
    pairs = [[lent.asked(n, taker) for taker in lent.takers] for n in range(ROUNDS)]
    race_world.session.commit()
    clients = [[lent.shot(pair[n], "approve", lent.tokens[n]) for pair in pairs] for n in range(2)]
    for statuses in rounds(fire(server(), clients)):
        assert statuses == {200: 1, 409: 1}
    states = Counter(row.state for row in lent.rows())
    assert states == {State.APPROVED: ROUNDS, State.DECLINED: ROUNDS}
    _nothing_over_capacity(race_world.session)


def test_two_yeses_at_once_approve_and_one_persons_two_yeses_never_do(
    race_world: World, server: Server
) -> None:
    lent = Lender(race_world, two_decide=True)
    both = [lent.asked(n, lent.takers[0]) for n in range(ROUNDS)]
    same = [lent.asked(ROUNDS + n, lent.takers[0]) for n in range(ROUNDS)]
    race_world.session.commit()
    address = server()
    clients = [[lent.shot(each, "approve", token) for each in both] for token in lent.tokens]
    for statuses in rounds(fire(address, clients)):
        assert statuses == {200: 2}
    twice = [[lent.shot(each, "approve", lent.tokens[0]) for each in same] for _ in range(2)]
    for statuses in rounds(fire(address, twice)):
        assert statuses == {200: 1, 409: 1}
    states = {row.public_id: row.state for row in lent.rows()}
    assert {states[each] for each in both} == {State.APPROVED}
    assert {states[each] for each in same} == {State.REQUESTED}
    kept = sa.select(BookingApproval.booking_id, BookingApproval.person_id)
    assert max(Counter(race_world.session.execute(kept).all()).values()) == 1


def test_a_longer_loan_and_a_new_request_for_the_same_hour_never_both_have_it(
    race_world: World, server: Server
) -> None:
    lent = Lender(race_world, approver=Approver.NOBODY)
    ids = [lent.asked(n, lent.takers[0]) for n in range(ROUNDS)]
    ends = {row.public_id: row.ends_at for row in lent.session.scalars(sa.select(Booking))}
    tokens = [race_world.api_token(each) for each in lent.takers]
    race_world.session.commit()
    hour = timedelta(hours=1)
    longer = [
        lent.shot(each, "end", tokens[0], ends_at=(ends[each] + hour).isoformat()) for each in ids
    ]
    new = [
        Shot(
            "/api/v1/bookings",
            {
                "listing": lent.listing,
                "starts_at": ends[each].isoformat(),
                "ends_at": (ends[each] + hour).isoformat(),
                "purpose": "other",
            },
            tokens[1],
        )
        for each in ids
    ]
    for statuses in rounds(fire(server(), [longer, new])):
        assert statuses in (Counter({200: 1, 409: 1}), Counter({201: 1, 409: 1}))
    _nothing_over_capacity(race_world.session)


def test_many_at_once_and_one_by_one_decide_each_request_once(
    race_world: World, server: Server
) -> None:
    lent = Lender(race_world)
    pairs = [[lent.asked(n, taker) for taker in lent.takers] for n in range(ROUNDS)]
    race_world.session.commit()
    bulk = [
        Shot("/api/v1/inbox/decide", {"bookings": pair, "answer": "accept"}, lent.tokens[0])
        for pair in pairs
    ]
    single = [lent.shot(pair[1], "approve", lent.tokens[1]) for pair in pairs]
    for statuses in rounds(fire(server(), [bulk, single])):
        assert statuses in (Counter({200: 2}), Counter({200: 1, 409: 1}))
    states = Counter(row.state for row in lent.rows())
    assert states == {State.APPROVED: ROUNDS, State.DECLINED: ROUNDS}
    _nothing_over_capacity(race_world.session)


def test_a_decision_taken_back_and_a_hand_over_at_once_never_both_happen(
    race_world: World, server: Server
) -> None:
    lent = Lender(race_world)
    ids = [lent.asked(n, lent.takers[0], soon=True) for n in range(ROUNDS)]
    now = datetime.now(UTC)
    for each in ids:
        service.approve(lent.session, lent.deciders[0], each, now=now)
    taker = race_world.api_token(lent.takers[0])
    # A guard of another kind: no more units out than exist.
    lent.session.execute(sa.update(Listing).values(units=ROUNDS))
    race_world.session.commit()
    back = [lent.shot(each, "undo", lent.tokens[0]) for each in ids]
    out = [lent.shot(each, "hand-over", taker) for each in ids]
    for statuses in rounds(fire(server(), [back, out])):
        assert statuses == {200: 1, 409: 1}
    assert {row.state for row in lent.rows()} <= {State.REQUESTED, State.ON_LOAN}
    _nothing_over_capacity(race_world.session)
