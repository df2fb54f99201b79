"""A thing broke or is not back: whoever was promised it is flagged, nothing is cancelled."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.rules import (
    DOUBT_AHEAD,
    OVERDUE_REMINDERS,
    Hold,
    Risk,
    State,
    Want,
    displaced,
    overdue_told_next,
    risks,
)
from mutuali.core.errors import Conflict, NotFound, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Role
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver, Outage
from mutuali.jobs.jobs import HANDLERS_KEY
from mutuali.jobs.models import Job
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from tests.bookings.letters import sent
from tests.factories import NOW, World, at, span
from tests.how_many import how_many

HOURS = st.tuples(st.integers(0, 12), st.integers(1, 6))
HELD = st.lists(st.tuples(st.integers(1, 3), HOURS), max_size=6)


def _span(hours: tuple[int, int]) -> Period:
    return Period(at(0, hours[0]), at(0, hours[0] + hours[1]))


@given(st.integers(1, 5), HELD, HELD)
def test_the_last_to_ask_are_the_first_to_lose_counted_hour_by_hour(
    units: int, firm: list[tuple[int, Any]], asked: list[tuple[int, Any]]
) -> None:
    wants = [Want(n, each, _span(hours)) for n, (each, hours) in enumerate(asked)]
    held = [Hold(each, _span(hours)) for each, hours in firm]
    taken = dict.fromkeys(range(20), 0)
    for each in held:
        for hour in taken:
            if each.period.start <= at(0, hour) < each.period.end:
                taken[hour] += each.units
    lost = set()
    for want in wants:
        hours = [hour for hour in taken if want.span.start <= at(0, hour) < want.span.end]
        if any(taken[hour] + want.units > units for hour in hours):
            lost.add(want.booking_id)
        else:
            for hour in hours:
                taken[hour] += want.units
    assert displaced(units, held, wants) == lost


def test_a_late_loan_puts_in_doubt_what_starts_within_three_days_and_a_defect_says_so_first() -> (
    None
):
    late = Hold(1, Period(at(-1), at(-0.1)))
    near, far = Want(1, 1, span(2)), Want(2, 1, span(3.5))
    assert risks(1, [], [], [late], [near, far], now=NOW) == {1: Risk.OVERDUE}
    broken = Outage(1, Period(at(0), at(9)))
    found = risks(1, [broken], [], [late], [near, far], now=NOW)
    assert found == {1: Risk.DEFECT, 2: Risk.DEFECT}
    assert timedelta(days=3) == DOUBT_AHEAD


def test_both_hear_of_an_overdue_loan_once_and_then_daily_for_a_week() -> None:
    told, number = [NOW], 0
    while (following := overdue_told_next(number, told[-1])) is not None:
        told.append(following)
        number += 1
    assert told == [at(day) for day in range(OVERDUE_REMINDERS + 1)]


class Lent:
    """A truck whose first loan is out, and the booking that follows it."""

    def __init__(self, world: World, **terms: Any) -> None:
        self.world, self.session = world, world.session
        self.lender = world.organization()
        self.giver = world.member(self.lender[0])
        self.takers = [world.member(world.organization()[0]) for _ in range(3)]
        self.truck = world.listing(self.lender, **({"approver": Approver.NOBODY} | terms))
        self.listing_id = equipment.listing_id_of(world.session, self.truck)

    def book(self, taker: int, period: Period, units: int = 1) -> service.BookingFacts:
        made = self.world.booking(self.truck, period, borrower=self.takers[taker], units=units)
        return self.facts(made.public_id)

    def facts(self, public_id: str, now: datetime = NOW) -> service.BookingFacts:
        return service.booking(self.session, self.giver, public_id, now=now)

    def take_out(self, units: int = 1, until: datetime | None = None) -> equipment.OutageFacts:
        draft = equipment.OutageDraft(units, NOW, until, reason="Compresseur")
        return equipment.take_out(
            self.session,
            self.giver,
            self.listing_id,
            draft,
            public_id=new_public_id(),
            now=NOW,
        )

    def at_risk(self, actor: Actor, now: datetime) -> dict[str, Risk]:
        found = service.bookings_at_risk(self.session, actor, now=now)
        assert how_many(service.count_at_risk, self.session, actor, now) == len(found)
        return {each.booking.public_id: each.risk for each in found}


def test_what_follows_an_overdue_loan_is_flagged_until_it_is_back_and_nothing_is_cancelled(
    world: World, session: Session
) -> None:
    lent = Lent(world)
    out, follows = lent.book(0, span(1)), lent.book(1, span(1.5))
    later = lent.book(1, span(9))
    service.hand_over(session, lent.giver, out.public_id, now=at(1))
    assert lent.at_risk(lent.giver, at(1, 1)) == {}
    overdue = {follows.public_id: Risk.OVERDUE}
    late = at(1, 3)
    assert lent.at_risk(lent.giver, late) == overdue
    assert lent.at_risk(lent.takers[1], late) == overdue
    assert lent.at_risk(world.person(role=Role.COORDINATOR), late) == overdue
    assert lent.at_risk(lent.takers[2], late) == {}
    assert service.risk_of(session, lent.facts(later.public_id, late), now=late) is None
    assert lent.facts(follows.public_id).state is State.APPROVED
    service.take_back(session, lent.giver, out.public_id, now=at(1, 4))
    assert lent.at_risk(lent.giver, at(1, 5)) == {}


def test_of_a_lot_only_those_that_find_no_unit_left_are_flagged_the_last_asked_first(
    world: World, session: Session
) -> None:
    lent = Lent(world, units=5)
    first, second = lent.book(0, span(2), 3), lent.book(1, span(2), 2)
    until = at(5)
    lent.take_out(2, until)
    assert lent.at_risk(lent.giver, NOW) == {second.public_id: Risk.DEFECT}
    lent.take_out(1, until)
    assert lent.at_risk(lent.giver, NOW) == {first.public_id: Risk.DEFECT}


def test_a_kit_is_at_risk_with_any_of_its_parts(world: World, session: Session) -> None:
    lent = Lent(world)
    kit = world.listing(lent.lender, approver=Approver.NOBODY)
    kit_id = equipment.listing_id_of(session, kit)
    equipment.set_parts(session, lent.giver, kit_id, [(lent.truck, 1)], now=NOW)
    booked = world.booking(kit, span(2), borrower=lent.takers[0])
    outage = lent.take_out()
    assert lent.at_risk(lent.giver, NOW) == {booked.public_id: Risk.DEFECT}
    facts = lent.facts(booked.public_id)
    assert service.risk_of(session, facts, now=NOW) is Risk.DEFECT
    equipment.put_back(session, lent.giver, outage.public_id, now=at(0, 1))
    assert lent.at_risk(lent.giver, at(0, 1)) == {}


def test_a_borrower_says_what_is_broken_while_it_is_out_and_it_goes_out_of_service(
    world: World, session: Session
) -> None:
    lent = Lent(world, units=3)
    out = lent.book(0, span(0, 4), 2)
    follows = lent.book(1, span(1), 3)

    def say(actor: Actor, units: int = 1, unit: str | None = None) -> equipment.OutageFacts:
        draft = service.DefectDraft(units, unit, None, "Roue cassée")
        return service.report_defect(
            session, actor, out.public_id, draft, public_id=new_public_id(), now=at(0, 2)
        )

    with pytest.raises(Conflict):
        say(lent.takers[0])
    service.hand_over(session, lent.giver, out.public_id, now=NOW)
    with pytest.raises(Refused, match="out_of_range"):
        say(lent.takers[0], 3)
    with pytest.raises(Refused, match="not_a_choice"):
        say(lent.takers[0], unit=new_public_id())
    with pytest.raises(NotFound):
        say(lent.takers[1])
    assert say(lent.takers[0]).ends_at is None
    assert lent.at_risk(lent.giver, at(0, 2)) == {follows.public_id: Risk.DEFECT}
    service.take_back(session, lent.giver, out.public_id, now=at(0, 3))
    say(lent.giver)
    service.close_return(session, lent.giver, out.public_id, now=at(0, 3))
    with pytest.raises(Conflict):
        say(lent.takers[0])


def test_both_sides_read_of_an_overdue_loan_and_who_follows_reads_what_else_is_free(
    app: Flask, world: World, session: Session
) -> None:
    now = utc_now()
    world.now = now - timedelta(hours=4)
    lent = Lent(world)
    other = world.listing(title_fr="Fourgonnette", approver=Approver.NOBODY)
    assert other
    out = lent.book(0, Period(now - timedelta(hours=3), now - timedelta(hours=1)))
    lent.book(1, Period(now + timedelta(hours=5), now + timedelta(hours=7)))
    service.hand_over(session, lent.giver, out.public_id, now=now - timedelta(hours=3))
    session.commit()
    letters = sent(app)
    late = [each for each in letters if each.subject.startswith("Prêt en retard")]
    assert len({each.to for each in late}) == len(late) == 2
    assert "1 réservation qui suit est compromise" in late[0].body
    (warned,) = (each for each in letters if each.subject.startswith("Réservation compromise"))
    assert "Fourgonnette" in warned.body
    assert "prêt précédent" in warned.body


def test_nobody_hears_of_a_loan_that_came_back_or_lasts_longer(
    app: Flask, world: World, session: Session
) -> None:
    now = utc_now()
    world.now = now - timedelta(hours=4)
    lent = Lent(world)
    hour = timedelta(hours=1)
    back = lent.book(0, Period(now - 3 * hour, now - hour))
    service.hand_over(session, lent.giver, back.public_id, now=now - 3 * hour)
    service.take_back(session, lent.giver, back.public_id, now=now - 2 * hour)
    longer = lent.book(0, Period(now - 1.5 * hour, now - hour))
    service.hand_over(session, lent.giver, longer.public_id, now=now - 1.5 * hour)
    service.change_end(
        session,
        lent.giver,
        longer.public_id,
        now + 2 * hour,
        public_id=new_public_id(),
        now=now - 1.2 * hour,
    )
    session.commit()
    assert not [each for each in sent(app) if each.subject.startswith("Prêt en retard")]


def test_the_lender_reads_what_a_borrower_reported_and_who_is_hit_reads_it_too(
    app: Flask, world: World, session: Session
) -> None:
    now = utc_now()
    world.now = now - timedelta(hours=4)
    lent = Lent(world)
    hour = timedelta(hours=1)
    out = lent.book(0, Period(now - 3 * hour, now + hour))
    lent.book(1, Period(now + 5 * hour, now + 7 * hour))
    service.hand_over(session, lent.giver, out.public_id, now=now - 3 * hour)
    draft = service.DefectDraft(1, None, None, "Compresseur mort")
    service.report_defect(
        session, lent.takers[0], out.public_id, draft, public_id=new_public_id(), now=now
    )
    session.commit()
    letters = sent(app)
    (told,) = (each for each in letters if each.subject.startswith("Bris signalé"))
    assert "Compresseur mort" in told.body
    (warned,) = (each for each in letters if each.subject.startswith("Réservation compromise"))
    assert "hors service" in warned.body


def _warned(app: Flask) -> list[str]:
    return [each.to for each in sent(app) if each.subject.startswith("Réservation compromise")]


def test_who_was_warned_reads_of_a_second_defect_only_when_the_first_was_over(
    app: Flask, world: World, session: Session
) -> None:
    world.now = utc_now()
    lent = Lent(world, units=3)
    hour = timedelta(hours=1)
    lent.book(0, Period(world.now + 5 * hour, world.now + 7 * hour), 2)
    lent.book(1, Period(world.now + 5 * hour, world.now + 7 * hour), 1)

    def take_out(units: int) -> equipment.OutageFacts:
        draft = equipment.OutageDraft(units, utc_now())
        return equipment.take_out(
            session, lent.giver, lent.listing_id, draft, public_id=new_public_id(), now=utc_now()
        )

    outages = [take_out(1), take_out(1)]
    session.commit()
    (first,) = _warned(app)
    outages.append(take_out(1))
    session.commit()
    both = _warned(app)
    assert len(both) == len(set(both)) == 2
    for outage in outages:
        equipment.put_back(session, lent.giver, outage.public_id, now=utc_now())
    session.commit()
    assert len(_warned(app)) == 2
    take_out(2)
    session.commit()
    assert sorted(_warned(app)) == sorted([*both, first])


def test_who_follows_a_late_loan_reads_of_it_once_and_again_when_the_thing_is_broken_too(
    app: Flask, world: World, session: Session
) -> None:
    now = utc_now()
    world.now = now - timedelta(hours=40)
    lent = Lent(world)
    hour = timedelta(hours=1)
    out = lent.book(0, Period(now - 39 * hour, now - 25 * hour))
    lent.book(1, Period(now + 5 * hour, now + 7 * hour))
    soon = lent.book(2, Period(now + 60 * hour, now + 62 * hour))
    service.hand_over(session, lent.giver, out.public_id, now=now - 39 * hour)
    session.commit()
    handlers = app.extensions[HANDLERS_KEY]
    told = {"booking": out.id, "ends_at": (now - 25 * hour).isoformat()}
    with app.app_context():
        # As if each letter had gone out in time: at the end, and a day later.
        for number, at_ in ((0, now - 24.9 * hour), (1, now)):
            before = {"told_at": (now - 24.9 * hour).isoformat()} if number else {}
            handlers["bookings.overdue"](session, {**told, "number": number, **before}, at_)
            session.commit()
            assert len(_jobs(session, "bookings.warn")) == number + 1
    assert _jobs(session, "bookings.warn")[-1] == {"booking": soon.id}
    draft = service.DefectDraft(1, None, None, "Compresseur mort")
    service.report_defect(
        session, lent.takers[0], out.public_id, draft, public_id=new_public_id(), now=now
    )
    session.commit()
    sent(app)
    assert len(_jobs(session, "bookings.warn")) == 4


def _jobs(session: Session, kind: str) -> list[Any]:
    """What jobs of a kind were handed in with; each of them makes others, one for each reader."""
    query = sa.select(Job.arguments).where(Job.kind == kind).order_by(Job.id)
    return [each for each in session.scalars(query) if "reader" not in each]
