"""Kits book all their parts or none; broken units go to nobody; nothing is in two places."""

from datetime import timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from mutuali.bookings import service
from mutuali.bookings.guard import CAPACITY, UNITS_OUT
from mutuali.bookings.models import Booking, BookingUnit
from mutuali.bookings.rules import State, WholeAs, blocked_kits
from mutuali.core.errors import Conflict, NotFound, Refused
from mutuali.core.period import Period
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import (
    Approver,
)
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World, at, span

spans = st.lists(
    st.tuples(st.integers(1, 5), st.integers(0, 20), st.integers(1, 6)).map(
        lambda drawn: (drawn[0], drawn[1], drawn[1] + drawn[2])
    ),
    max_size=8,
)
parts_taken = st.lists(
    st.tuples(st.integers(1, 9), st.integers(1, 3), spans), min_size=1, max_size=3
)


@given(st.integers(1, 4), parts_taken)
def test_a_kit_is_as_free_at_each_hour_as_the_scarcest_of_its_parts(
    kits: int, parts: list[tuple[int, int, list[tuple[int, int, int]]]]
) -> None:
    kits = min((kits, *(total // needed for total, needed, _ in parts)))
    blocked = blocked_kits(kits, parts)
    for hour in range(30):
        possible = kits
        for total, needed, taken in parts:
            level = sum(units for units, start, end in taken if start <= hour < end)
            possible = min(possible, max(0, total - level) // needed)
        said = sum(units for units, start, end in blocked if start <= hour < end)
        assert kits - possible == said
    assert all(one[2] <= other[1] for one, other in pairwise(blocked))


class Market:
    """A tent, forty crates, six tables; a kit of the tent, twenty crates and two tables."""

    def __init__(self, world: World) -> None:
        self.world, self.session = world, world.session
        lender = world.organization()
        self.giver = world.member(lender[0])
        free = {"approver": Approver.NOBODY}
        self.tent = world.listing(lender, title_fr="Chapiteau", **free)
        self.crates = world.listing(lender, units=40, title_fr="Caisses", **free)
        self.tables = world.listing(lender, units=6, turnaround_minutes=60, **free)
        self.kit = world.listing(lender, title_fr="Marché complet", **free)
        self.set_parts((self.tent, 1), (self.crates, 20), (self.tables, 2))

    def id_of(self, public_id: str) -> int:
        return equipment.listing_id_of(self.session, public_id)

    def set_parts(self, *parts: tuple[str, int]) -> None:
        equipment.set_parts(self.session, self.giver, self.id_of(self.kit), parts, now=NOW)

    def free(self, listing: str, period: Period) -> int:
        found = service.search(self.session, service.Wish(period), now=NOW).found
        return next((each.units_free for each in found if each.listing.public_id == listing), 0)

    def parts_of(self, booking: Booking) -> dict[int, tuple[int, str]]:
        rows = self.session.execute(
            sa.select(Booking.listing_id, Booking.units, Booking.state).where(
                Booking.whole_id == booking.id, Booking.whole_as == WholeAs.KIT
            )
        )
        return {listing: (units, state) for listing, units, state in rows}


@pytest.fixture
def market(world: World) -> Market:
    return Market(world)


def test_a_booked_kit_takes_every_part_and_moves_them_along(market: Market) -> None:
    booked = market.world.booking(market.kit, span(2))
    taken = {
        market.id_of(market.tent): 1,
        market.id_of(market.crates): 20,
        market.id_of(market.tables): 2,
    }
    assert market.parts_of(booked) == {id_: (n, "approved") for id_, n in taken.items()}
    assert market.free(market.crates, span(2)) == 20
    assert market.free(market.tent, span(2)) == 0
    service.hand_over(market.session, market.giver, booked.public_id, now=at(2))
    assert {state for _, state in market.parts_of(booked).values()} == {"on_loan"}
    service.take_back(market.session, market.giver, booked.public_id, now=at(2, 1))
    assert {state for _, state in market.parts_of(booked).values()} == {"returned"}
    # The longest turnaround among the parts holds for the kit.
    assert booked.occupied_until == at(2, 2)


def test_a_cancelled_kit_frees_every_part(market: Market) -> None:
    booked = market.world.booking(market.kit, span(2))
    service.cancel(market.session, market.giver, booked.public_id, now=NOW)
    assert {state for _, state in market.parts_of(booked).values()} == {"cancelled"}
    assert market.free(market.tent, span(2)) == 1
    market.world.booking(market.kit, span(2))


def test_a_kit_is_refused_whole_when_one_part_is_missing(market: Market) -> None:
    market.world.booking(market.tables, span(2), units=5)
    before = market.session.scalar(sa.select(sa.func.count(Booking.id)))
    with pytest.raises(Conflict) as refused:
        market.world.booking(market.kit, span(2))
    assert [reason.code for reason in refused.value.reasons] == ["booking.not_enough_units"]
    assert market.session.scalar(sa.select(sa.func.count(Booking.id))) == before
    assert market.free(market.kit, span(2)) == 0


def test_a_part_cannot_be_booked_away_from_a_kit(market: Market) -> None:
    market.world.booking(market.kit, span(2))
    with pytest.raises(Conflict):
        market.world.booking(market.tent, span(2))
    market.world.booking(market.crates, span(2), units=20)
    with pytest.raises(Conflict):
        market.world.booking(market.crates, span(2), units=1)


def test_parts_are_not_bookings_of_their_own(market: Market) -> None:
    taker = market.world.member(market.world.organization()[0])
    booked = market.world.booking(market.kit, span(2), borrower=taker)
    mine = service.bookings_of(market.session, taker, taker.organization_id or 0, now=NOW)
    assert [each.public_id for each in mine] == [booked.public_id]
    part = market.session.scalars(sa.select(Booking).where(Booking.whole_id == booked.id)).first()
    assert part is not None
    with pytest.raises(NotFound):
        service.booking(market.session, taker, part.public_id, now=NOW)


def test_a_closed_part_closes_the_kit(market: Market) -> None:
    scope = equipment.Scope(market.giver.organization_id or 0, market.id_of(market.tables))
    equipment.close(market.session, market.giver, scope, span(2), now=NOW)
    with pytest.raises(Refused) as refused:
        market.world.booking(market.kit, span(2))
    assert [reason.code for reason in refused.value.reasons] == ["booking.closed"]


def test_a_part_with_fewer_units_leaves_fewer_kits(market: Market) -> None:
    market.session.execute(sa.text("UPDATE listing SET units = 19 WHERE units = 40"))
    with pytest.raises(Refused):
        market.world.booking(market.kit, span(2))
    assert market.free(market.kit, span(2)) == 0


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([("tent", 1), ("tent", 1)], "kit.part_twice"),
        ([("kit", 1)], "field.not_a_choice"),
        ([("strange", 1)], "field.not_a_choice"),
        ([("crates", 41)], "kit.too_few"),
    ],
)
def test_what_cannot_be_a_part_is_refused(
    market: Market, parts: list[tuple[str, int]], code: str
) -> None:
    known = {"tent": market.tent, "kit": market.kit, "crates": market.crates}
    strange = market.world.listing()
    with pytest.raises(Refused) as refused:
        market.set_parts(*((known.get(name, strange), units) for name, units in parts))
    assert code in [reason.code for reason in refused.value.reasons]


def test_a_kit_is_no_part_and_a_part_is_no_kit(market: Market) -> None:
    other = market.world.listing((market.giver.organization_id or 0, _site(market)))
    with pytest.raises(Refused) as refused:
        equipment.set_parts(
            market.session, market.giver, market.id_of(other), [(market.kit, 1)], now=NOW
        )
    assert [reason.code for reason in refused.value.reasons] == ["kit.part_is_kit"]
    with pytest.raises(Refused) as refused:
        equipment.set_parts(
            market.session, market.giver, market.id_of(market.tent), [(other, 1)], now=NOW
        )
    assert [reason.code for reason in refused.value.reasons] == ["kit.is_part"]


def _site(market: Market) -> int:
    query = sa.text("SELECT site_id FROM listing WHERE public_id = :id")
    return int(market.session.execute(query, {"id": market.kit}).scalar_one())


def test_broken_units_go_to_nobody_new_and_what_was_promised_stays(market: Market) -> None:
    promised = market.world.booking(market.crates, span(2), units=30)
    out = equipment.take_out(
        market.session,
        market.giver,
        market.id_of(market.crates),
        equipment.OutageDraft(15, NOW, reason="Fond percé"),
        public_id=new_public_id(),
        now=NOW,
    )
    assert promised.state == State.APPROVED
    assert market.free(market.crates, span(3)) == 25
    with pytest.raises(Conflict):
        market.world.booking(market.crates, span(2), units=1)
    with pytest.raises(Conflict):
        market.world.booking(market.crates, span(3), units=26)
    equipment.put_back(market.session, market.giver, out.public_id, now=at(1))
    market.world.booking(market.crates, span(2), units=10)


def test_the_database_counts_what_is_broken(market: Market) -> None:
    crates = market.id_of(market.crates)
    equipment.take_out(
        market.session,
        market.giver,
        crates,
        equipment.OutageDraft(15, at(5), at(6)),
        public_id=new_public_id(),
        now=NOW,
    )
    booked = market.world.booking(market.crates, span(3), units=26)
    with pytest.raises(IntegrityError, match=CAPACITY):
        market.session.execute(
            sa.update(Booking)
            .where(Booking.id == booked.id)
            .values(starts_at=at(5), ends_at=at(5, 1), occupied_until=at(5, 1))
        )
    market.session.rollback()


def test_broken_units_cannot_be_handed_over(market: Market) -> None:
    promised = market.world.booking(market.tent, span(2))
    equipment.take_out(
        market.session,
        market.giver,
        market.id_of(market.tent),
        equipment.OutageDraft(1, at(1)),
        public_id=new_public_id(),
        now=NOW,
    )
    with pytest.raises(IntegrityError, match=UNITS_OUT):
        service.hand_over(market.session, market.giver, promised.public_id, now=at(2))
    market.session.rollback()


class Named:
    """Two named hand trucks of one listing."""

    def __init__(self, world: World) -> None:
        self.session, self.world = world.session, world
        lender = world.organization()
        self.giver = world.member(lender[0])
        self.listing = world.listing(lender, units=2, approver=Approver.NOBODY)
        id_ = equipment.listing_id_of(self.session, self.listing)
        self.units = [
            equipment.add_unit(
                self.session,
                self.giver,
                id_,
                equipment.UnitDraft(code),
                public_id=new_public_id(),
                now=NOW,
            ).public_id
            for code in ("D-1", "D-2")
        ]


@pytest.fixture
def named(world: World) -> Named:
    return Named(world)


def test_units_are_named_at_hand_over_and_are_back_with_the_return(named: Named) -> None:
    booked = named.world.booking(named.listing, span(1))
    with pytest.raises(Refused) as refused:
        service.hand_over(named.session, named.giver, booked.public_id, now=at(1))
    assert [reason.code for reason in refused.value.reasons] == ["booking.units_to_name"]
    named.session.rollback()


def test_a_unit_that_is_out_cannot_go_out_with_another_booking(named: Named) -> None:
    first = named.world.booking(named.listing, span(1))
    second = named.world.booking(named.listing, span(1))
    one, other = named.units
    service.hand_over(named.session, named.giver, first.public_id, units=[one], now=at(1))
    saved = named.session.begin_nested()
    with pytest.raises(Conflict) as refused:
        service.hand_over(named.session, named.giver, second.public_id, units=[one], now=at(1))
    assert [reason.code for reason in refused.value.reasons] == ["booking.unit_is_out"]
    saved.rollback()
    service.hand_over(named.session, named.giver, second.public_id, units=[other], now=at(1))
    service.take_back(named.session, named.giver, first.public_id, now=at(1, 1))
    back = service.named_units(named.session, first.id)
    assert [(each.unit.code, each.back_at) for each in back] == [("D-1", at(1, 1))]
    assert service.booking_out_with(named.session, back[0].unit.id) is None


def test_as_many_units_have_names_as_the_listing_has(named: Named) -> None:
    id_ = equipment.listing_id_of(named.session, named.listing)
    with pytest.raises(Conflict) as refused:
        equipment.add_unit(
            named.session,
            named.giver,
            id_,
            equipment.UnitDraft("D-3"),
            public_id=new_public_id(),
            now=NOW,
        )
    assert [reason.code for reason in refused.value.reasons] == ["unit.all_named"]
    equipment.retire_unit(named.session, named.giver, named.units[0], now=NOW)
    with pytest.raises(Conflict) as refused:
        equipment.edit_unit(
            named.session, named.giver, named.units[1], equipment.UnitDraft("D-1"), now=NOW
        )
    assert [reason.code for reason in refused.value.reasons] == ["unit.code_taken"]


def test_the_database_keeps_a_unit_from_being_in_two_places(named: Named) -> None:
    first = named.world.booking(named.listing, span(1))
    second = named.world.booking(named.listing, span(1))
    unit_id = equipment.unit(named.session, named.units[0]).id
    named.session.add(BookingUnit(booking_id=first.id, unit_id=unit_id, out_at=NOW))
    named.session.flush()
    named.session.add(BookingUnit(booking_id=second.id, unit_id=unit_id, out_at=NOW))
    with pytest.raises(IntegrityError):
        named.session.flush()


def test_turns_are_taken_kits_first_whatever_is_asked_for(market: Market) -> None:
    period = span(2)
    offers = equipment.take_turns(market.session, {market.tables, market.kit, "nobody"}, period)
    assert set(offers) == {market.tables, market.kit}
    assert len(offers[market.kit].parts) == 3
    assert offers[market.kit].turnaround == timedelta(hours=1)
    rows = market.session.execute(sa.text("SELECT public_id, turn FROM listing"))
    turns = {row.public_id: row.turn for row in rows}
    assert {turns[each] for each in (market.kit, market.tables, market.crates)} == {1}
