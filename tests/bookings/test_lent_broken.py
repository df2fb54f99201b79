"""A unit that is broken while somebody has it is missing once, not twice."""

from datetime import date, datetime

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.guard import CAPACITY
from mutuali.bookings.models import Booking
from mutuali.bookings.rules import (
    DayWord,
    Hold,
    Risk,
    State,
    Want,
    counted_twice,
    free_units,
    peak_units,
    risks,
)
from mutuali.bookings.service.taken import read_offer_holds
from mutuali.core.errors import Conflict
from mutuali.core.period import Period
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver, Outage
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World, at, span

HOURS = st.tuples(st.integers(0, 12), st.integers(1, 8)).map(
    lambda each: Period(at(0, each[0]), at(0, each[0] + each[1]))
)


@given(HOURS, HOURS, HOURS, st.integers(1, 3))
def test_a_loan_and_the_outage_of_its_units_are_missing_once_counted_hour_by_hour(
    lent: Period, broken: Period, asked: Period, units: int
) -> None:
    outage, loan = Outage(units, broken), Hold(units, lent)
    twice = counted_twice(outage, loan)
    held: list[Hold | Outage] = [outage, loan]
    if twice is not None:
        held.append(twice)
    missing = [
        units * (lent.contains(at(0, hour)) or broken.contains(at(0, hour)))
        for hour in range(21)
        if asked.contains(at(0, hour))
    ]
    if twice is not None:
        assert peak_units(held, asked) == max(missing)


def test_an_overdue_loan_of_a_broken_unit_puts_nobody_in_doubt_whom_the_others_suffice_for() -> (
    None
):
    late, broken = Hold(1, Period(at(-1), at(-0.1))), Outage(1, Period(at(-0.5), at(9)))
    wants = [Want(1, 2, span(1))]
    assert risks(3, [broken], [], [late], wants, now=NOW, lent=[(broken, late)]) == {}
    assert risks(3, [broken], [], [late], wants, now=NOW) == {1: Risk.OVERDUE}
    assert risks(2, [broken], [], [late], wants, now=NOW, lent=[(broken, late)]) == {1: Risk.DEFECT}


class Lot:
    """Three tables of one lender, named or not, and who borrows them."""

    def __init__(self, world: World, *, named: bool = False, **terms: int) -> None:
        self.world, self.session = world, world.session
        lender = world.organization()
        self.giver = world.member(lender[0])
        self.takers = [world.member(world.organization()[0]) for _ in range(3)]
        self.listing = world.listing(lender, units=3, approver=Approver.NOBODY, **terms)
        self.id = equipment.listing_id_of(self.session, self.listing)
        self.units = [self.name(code) for code in ("T-1", "T-2", "T-3")] if named else []

    def name(self, code: str) -> str:
        draft = equipment.UnitDraft(code)
        return equipment.add_unit(
            self.session, self.giver, self.id, draft, public_id=new_public_id(), now=NOW
        ).public_id

    def lend(self, period: Period, units: int = 1, *names: str) -> Booking:
        made = self.world.booking(self.listing, period, borrower=self.takers[0], units=units)
        service.hand_over(
            self.session, self.giver, made.public_id, units=names, now=max(NOW, period.start)
        )
        return made

    def book(self, period: Period, units: int, taker: int = 1) -> Booking:
        return self.world.booking(self.listing, period, borrower=self.takers[taker], units=units)

    def report(
        self,
        loan: Booking,
        units: int = 1,
        unit: str | None = None,
        now: datetime = NOW,
        until: datetime | None = None,
    ) -> None:
        draft = service.DefectDraft(units, unit, until, "Patte cassée")
        service.report_defect(
            self.session, self.takers[0], loan.public_id, draft, public_id=new_public_id(), now=now
        )

    def take_out(self, unit: str | None = None, now: datetime = NOW) -> None:
        draft = equipment.OutageDraft(1, now, unit=unit)
        equipment.take_out(
            self.session, self.giver, self.id, draft, public_id=new_public_id(), now=now
        )

    def free(self, period: Period, now: datetime = NOW) -> int:
        """As a request and a search count it."""
        offer = equipment.offer(self.session, self.id, period)
        found = free_units(offer, read_offer_holds(self.session, offer, period, now=now), period)
        wish = service.Wish(period, units=1)
        searched = service.search(self.session, wish, now=now).found
        here = (each.units_free for each in searched if each.listing.id == self.id)
        assert found == next(here, 0)
        return found

    def takes(self, period: Period, units: int) -> bool:
        """Whether the database would let so many units be promised besides."""
        row = {
            "public_id": new_public_id(),
            "listing_id": self.id,
            "lender_id": self.giver.organization_id,
            "borrower_id": self.takers[2].organization_id,
            "units": units,
            "starts_at": period.start,
            "ends_at": period.end,
            "occupied_until": period.end,
            "state": "approved",
            "purpose": "other",
            "created_at": NOW,
        }
        inside = self.session.begin_nested()
        try:
            self.session.execute(sa.insert(Booking), [row])
        except IntegrityError as error:
            if CAPACITY not in str(error):
                raise
            return False
        finally:
            inside.rollback()
        return True

    def has(self, period: Period, units: int, now: datetime = NOW) -> None:
        """So many are free, for the service and for the database."""
        assert self.free(period, now) == units
        assert units == 0 or self.takes(period, units)
        assert not self.takes(period, units + 1)


DURING, AFTER = Period(at(1, 1), at(1, 3)), span(5)


def test_of_a_lot_of_three_with_one_lent_and_broken_two_are_free(
    world: World, session: Session
) -> None:
    lot = Lot(world)
    loan = lot.lend(Period(NOW, at(2)))
    lot.report(loan)
    lot.has(DURING, 2)
    lot.has(AFTER, 2)
    over_the_return = Period(at(1), at(3))
    lot.has(over_the_return, 2)
    kept = lot.book(over_the_return, 2)
    with pytest.raises(Conflict):
        lot.book(over_the_return, 1)
    assert service.risks_of(session, [lot.id], now=at(0, 1)) == {}
    service.hand_over(session, lot.giver, kept.public_id, now=at(1))
    service.take_back(session, lot.giver, loan.public_id, now=at(1, 1))
    lot.has(Period(at(2, 1), at(2, 3)), 0)
    service.take_back(session, lot.giver, kept.public_id, now=at(1, 2))
    lot.has(AFTER, 2)


def test_a_month_says_free_while_the_one_that_is_lent_is_broken(
    world: World, session: Session
) -> None:
    lot = Lot(world)
    lot.report(lot.lend(Period(NOW, at(2)), 2))
    found = service.month(session, lot.giver, date(2026, 3, 1), now=NOW)
    (row,) = (each for each in found.rows if each.listing.id == lot.id)
    assert row.words[2:4] == [DayWord.FREE] * 2
    lot.book(Period(at(1), at(2)), 1)
    found = service.month(session, lot.giver, date(2026, 3, 1), now=NOW)
    (row,) = (each for each in found.rows if each.listing.id == lot.id)
    assert row.words[3] is DayWord.PARTLY


def test_what_is_late_and_broken_is_missing_once_too(world: World, session: Session) -> None:
    lot = Lot(world)
    loan = lot.lend(Period(NOW, at(0, 2)))
    others = lot.book(Period(at(1), at(1, 5)), 2)
    lot.report(loan, now=at(0, 1))
    late = at(0, 9)
    assert lot.free(Period(at(0, 12), at(0, 14)), late) == 2
    assert service.risks_of(session, [lot.id], now=late) == {}
    service.hand_over(session, lot.giver, others.public_id, now=at(1))


def test_a_unit_works_again_before_its_loan_ends_and_is_still_out(
    world: World, session: Session
) -> None:
    lot = Lot(world)
    lot.report(lot.lend(Period(NOW, at(2))), until=at(0, 6))
    lot.has(DURING, 2)
    lot.has(Period(at(0, 5), at(0, 7)), 2)
    lot.has(AFTER, 3)


def test_it_is_missing_once_while_it_is_made_ready_after_its_return(
    world: World, session: Session
) -> None:
    lot = Lot(world, turnaround_minutes=24 * 60)
    loan = lot.lend(Period(NOW, at(2)))
    lot.report(loan, now=at(0, 1))
    service.take_back(session, lot.giver, loan.public_id, now=at(1))
    lot.has(Period(at(1, 1), at(1, 2)), 2, now=at(1))
    lot.has(AFTER, 2, now=at(1))


@pytest.mark.parametrize("said_first", [True, False])
def test_a_named_unit_that_its_lender_takes_out_is_missing_once_before_and_after_it_left(
    world: World, session: Session, said_first: bool
) -> None:
    lot = Lot(world, named=True)
    if said_first:
        lot.take_out(lot.units[0])
    loan = lot.lend(Period(NOW, at(2)), 1, lot.units[0])
    if not said_first:
        lot.take_out(lot.units[0])
    lot.has(DURING, 2)
    lot.take_out(lot.units[1])
    lot.has(DURING, 1)
    service.take_back(session, lot.giver, loan.public_id, now=at(1))
    lot.has(AFTER, 1, now=at(1))


def test_a_unit_without_a_name_that_the_lender_takes_out_is_one_at_home(world: World) -> None:
    lot = Lot(world)
    lot.lend(Period(NOW, at(2)))
    lot.take_out()
    lot.has(DURING, 1)


def test_a_named_unit_that_came_back_before_the_others_is_missing_beside_them(
    world: World, session: Session
) -> None:
    lot = Lot(world, named=True)
    loan = lot.lend(Period(NOW, at(2)), 2, *lot.units[:2])
    lot.report(loan, unit=lot.units[0])
    lot.has(DURING, 1)

    def back(name: str) -> None:
        service.take_part_back(
            session,
            lot.giver,
            loan.public_id,
            1,
            names=[name],
            part_public_id=new_public_id(),
            now=at(0, 3),
        )

    inside = session.begin_nested()
    back(lot.units[0])
    lot.has(DURING, 1, now=at(0, 3))
    inside.rollback()
    session.expire_all()
    back(lot.units[1])
    lot.has(DURING, 2, now=at(0, 3))


def test_when_some_come_back_and_nobody_knows_which_never_too_many_are_promised(
    world: World, session: Session
) -> None:
    lot = Lot(world)
    loan = lot.lend(Period(NOW, at(2)), 3)
    lot.report(loan, 1)
    for hour, free in ((3, 0), (4, 1)):
        service.take_part_back(
            session,
            lot.giver,
            loan.public_id,
            1,
            part_public_id=new_public_id(),
            now=at(0, hour),
        )
        lot.has(DURING, free, now=at(0, hour))
    service.take_back(session, lot.giver, loan.public_id, now=at(0, 5))
    lot.has(DURING, 2, now=at(0, 5))


def test_units_come_back_however_many_are_broken_meanwhile(world: World, session: Session) -> None:
    lot = Lot(world)
    loan = lot.lend(Period(NOW, at(2)), 3)
    lot.take_out()
    service.take_part_back(
        session, lot.giver, loan.public_id, 1, part_public_id=new_public_id(), now=at(0, 1)
    )
    assert loan.units == 2


def test_a_part_of_a_kit_that_is_lent_and_broken_is_missing_once(
    world: World, session: Session
) -> None:
    lot = Lot(world)
    lender_id = lot.giver.organization_id or 0
    site_id = session.scalars(
        sa.text("SELECT site_id FROM listing WHERE id = :id").bindparams(id=lot.id)
    ).one()
    kit = world.listing((lender_id, site_id), approver=Approver.NOBODY, title_fr="Ensemble")
    equipment.set_parts(
        session, lot.giver, equipment.listing_id_of(session, kit), [(lot.listing, 1)], now=NOW
    )
    booked = world.booking(kit, Period(NOW, at(2)), borrower=lot.takers[0])
    service.hand_over(session, lot.giver, booked.public_id, now=NOW)
    draft = service.DefectDraft(1, None, None, "Patte cassée", lot.listing)
    service.report_defect(
        session, lot.takers[0], booked.public_id, draft, public_id=new_public_id(), now=NOW
    )
    offer = equipment.offer(session, lot.id, DURING)
    holds = read_offer_holds(session, offer, DURING, now=NOW)
    assert free_units(offer, holds, DURING) == 2
    assert lot.takes(DURING, 2)
    assert not lot.takes(DURING, 3)
    assert State(booked.state) is State.ON_LOAN
