"""A coming or running booking lasts longer when everything lets it, or ends earlier at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.models import Booking, Proposal
from mutuali.bookings.rules import Ask, Hold, ProposalState, State, Step, end_refusals, latest_end
from mutuali.core.errors import Conflict, Forbidden, NotFound, Reason, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import Actor
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver, PricePer
from mutuali.organizations import service as organizations
from mutuali.web.secrets import new_public_id
from tests.bookings.test_rivals import OFFER
from tests.factories import NOW, World, at, span
from tests.how_many import how_many


class Lent:
    """A truck that somebody has from day two, two hours; its lender decides unless said."""

    def __init__(self, world: World, **terms: object) -> None:
        self.world, self.session = world, world.session
        self.lender = world.organization()
        self.giver, self.taker = world.member(self.lender[0]), world.member(world.organization()[0])
        self.truck = world.listing(self.lender, **terms)
        self.booking = world.booking(self.truck, span(2), borrower=self.taker)
        if self.booking.state != State.APPROVED:
            service.approve(self.session, self.giver, self.booking.public_id, now=NOW)

    def ends(self, when: datetime, actor: Actor | None = None, *, now: datetime = NOW) -> Booking:
        return service.change_end(
            self.session,
            actor or self.taker,
            self.booking.public_id,
            when,
            public_id=new_public_id(),
            now=now,
        )

    def steps(self) -> list[Step]:
        return [each.step for each in service.steps_of(self.session, self.booking.id)]


@pytest.fixture
def lent(world: World) -> Lent:
    return Lent(world)


def test_where_nobody_decides_it_lasts_longer_at_once(world: World) -> None:
    lent = Lent(world, approver=Approver.NOBODY, turnaround_minutes=30)
    longer = lent.ends(at(2, 5))
    assert (longer.ends_at, longer.occupied_until) == (at(2, 5), at(2, 5.5))
    assert lent.steps()[-1] is Step.EXTEND


def test_the_lender_answers_what_the_borrower_asks(lent: Lent) -> None:
    session = lent.session
    assert lent.ends(at(2, 5)).ends_at == at(2, 2)
    (waiting,) = service.longer_asked(session, lent.giver, now=NOW)
    assert waiting.proposal is not None
    assert waiting.proposal.period == Period(at(2), at(2, 5))
    assert how_many(service.count_inbox, session, lent.giver, NOW) == 1
    assert how_many(service.count_inbox, session, lent.taker, NOW) == 0
    longer = service.approve_longer(session, lent.giver, lent.booking.public_id, now=NOW)
    assert longer.ends_at == at(2, 5)
    assert lent.steps()[-2:] == [Step.ASK_LONGER, Step.EXTEND]
    assert how_many(service.count_inbox, session, lent.giver, NOW) == 0


def test_a_no_leaves_the_end_as_it_was_and_says_why(lent: Lent) -> None:
    lent.ends(at(2, 5))
    public_id = lent.booking.public_id
    with pytest.raises(Refused, match="reason_missing"):
        service.decline_longer(lent.session, lent.giver, public_id, " ", now=NOW)
    service.decline_longer(lent.session, lent.giver, public_id, "On en a besoin.", now=NOW)
    assert lent.booking.ends_at == at(2, 2)
    last = service.steps_of(lent.session, lent.booking.id)[-1]
    assert (last.step, last.note) == (Step.NOT_LONGER, "On en a besoin.")
    with pytest.raises(Conflict, match=r"proposal\.over"):
        service.approve_longer(lent.session, lent.giver, public_id, now=NOW)


def test_who_decides_writes_a_longer_loan_at_once(lent: Lent) -> None:
    assert lent.ends(at(2, 5), lent.giver).ends_at == at(2, 5)


def test_whom_the_lender_trusts_waits_for_nobody(world: World) -> None:
    lent = Lent(world, trusted_at_once=True)
    taker_id = lent.taker.organization_id or 0
    organizations.trust(world.session, lent.giver, lent.lender[0], taker_id, now=NOW)
    assert lent.ends(at(2, 5)).ends_at == at(2, 5)


def test_a_running_loan_lasts_longer_too_and_a_late_one(world: World) -> None:
    lent = Lent(world, approver=Approver.NOBODY)
    service.hand_over(lent.session, lent.taker, lent.booking.public_id, now=at(2))
    assert lent.ends(at(2, 5), now=at(2, 1)).ends_at == at(2, 5)
    late = at(2, 7)
    assert service.booking(lent.session, lent.taker, lent.booking.public_id, now=late).overdue
    assert lent.ends(at(2, 9), now=late).ends_at == at(2, 9)
    with pytest.raises(Refused, match="in_the_past"):
        lent.ends(at(2, 10), now=at(2, 11))


@pytest.mark.parametrize("how", ["now", "answered"])
def test_others_stand_in_the_way_and_it_says_until_when_it_could_last(
    world: World, how: str
) -> None:
    lent = Lent(world, turnaround_minutes=60)
    if how == "answered":
        lent.ends(at(2, 8))
    other = world.booking(lent.truck, Period(at(2, 6), at(2, 9)))
    service.approve(world.session, lent.giver, other.public_id, now=NOW)
    public_id = lent.booking.public_id
    deed = (
        partial(lent.ends, at(2, 8))
        if how == "now"
        else partial(service.approve_longer, world.session, lent.giver, public_id, now=NOW)
    )
    with pytest.raises(Conflict, match="not_enough_units") as refused:
        deed()
    until = [reason for reason in refused.value.reasons if reason.code == "extension.until"]
    assert [reason.params["until"] for reason in until] == [at(2, 5)]
    assert lent.ends(at(2, 5), lent.giver).ends_at == at(2, 5)
    with pytest.raises(Conflict) as refused:
        lent.ends(at(2, 6))
    assert {reason.code for reason in refused.value.reasons} == {
        "booking.not_enough_units",
        "extension.not_at_all",
    }


def test_the_rules_of_the_listing_hold_for_the_end(world: World) -> None:
    lent = Lent(world, approver=Approver.NOBODY, longest_minutes=600)
    with pytest.raises(Refused, match="too_long") as refused:
        lent.ends(at(2, 11))
    (until,) = (r.params["until"] for r in refused.value.reasons if r.code == "extension.until")
    assert until == at(2, 10)


def test_what_the_lender_closed_later_is_not_lent_longer(world: World) -> None:
    lent = Lent(world, approver=Approver.NOBODY)
    scope = equipment.Scope(lent.lender[0], equipment.listing_id_of(world.session, lent.truck))
    equipment.close(world.session, lent.giver, scope, Period(at(2, 4), at(2, 6)), now=NOW)
    with pytest.raises(Refused, match="closed"):
        lent.ends(at(2, 5))
    assert lent.ends(at(2, 4)).ends_at == at(2, 4)


def test_how_a_loan_began_is_settled_whatever_the_notice_and_the_closures(world: World) -> None:
    lent = Lent(world, approver=Approver.NOBODY, lead_minutes=600)
    scope = equipment.Scope(lent.lender[0], equipment.listing_id_of(world.session, lent.truck))
    equipment.close(world.session, lent.giver, scope, Period(at(1.5), at(2, 1)), now=NOW)
    assert lent.ends(at(2, 3), now=at(1.9)).ends_at == at(2, 3)


def test_an_earlier_end_needs_nobody_and_frees_the_rest(lent: Lent) -> None:
    lent.ends(at(2, 5))
    shorter = lent.ends(at(2, 1))
    assert (shorter.ends_at, shorter.occupied_until) == (at(2, 1), at(2, 1))
    assert lent.steps()[-1] is Step.SHORTEN
    assert service.longer_asked(lent.session, lent.giver, now=NOW) == []
    lent.world.booking(lent.truck, Period(at(2, 1), at(2, 2)))


def test_no_end_before_the_start_none_that_is_the_same_none_shorter_than_the_rule(
    lent: Lent,
) -> None:
    with pytest.raises(Refused, match="end_before_start"):
        lent.ends(at(2))
    with pytest.raises(Refused, match="same_end"):
        lent.ends(at(2, 2))
    with pytest.raises(Refused, match="too_short"):
        lent.ends(at(2, 0.25))


def test_what_waits_or_is_over_has_no_other_end(world: World) -> None:
    lent = Lent(world)
    waiting = world.booking(lent.truck, span(5), borrower=lent.taker)
    lent.booking, approved = waiting, lent.booking
    with pytest.raises(Conflict, match="no_such_step"):
        lent.ends(at(5, 4))
    service.cancel(world.session, lent.taker, approved.public_id, now=NOW)
    lent.booking = approved
    with pytest.raises(Conflict, match="no_such_step"):
        lent.ends(at(2, 4))


def test_only_the_parties_ask_and_only_who_decides_answers(lent: Lent) -> None:
    stranger = lent.world.member(lent.world.organization()[0])
    with pytest.raises(NotFound):
        lent.ends(at(2, 5), stranger)
    lent.ends(at(2, 5))
    public_id = lent.booking.public_id
    with pytest.raises(Forbidden):
        service.approve_longer(lent.session, lent.taker, public_id, now=NOW)
    with pytest.raises(NotFound):
        service.approve_longer(lent.session, stranger, public_id, now=NOW)


def of_two(world: World, session: Session) -> tuple[Lent, Actor, Actor]:
    """A booking of a thing that two decide, and those two."""
    lender = world.organization()
    one, two = world.member(lender[0]), world.member(lender[0])
    lent = Lent.__new__(Lent)
    lent.world, lent.session, lent.giver = world, session, one
    lent.taker = world.member(world.organization()[0])
    truck = world.listing(lender, two_decide=True)
    lent.booking = world.booking(truck, span(2), borrower=lent.taker)
    for each in (one, two):
        service.approve(session, each, lent.booking.public_id, now=NOW)
    return lent, one, two


def test_two_different_persons_lengthen_what_two_decide(world: World, session: Session) -> None:
    lent, one, two = of_two(world, session)
    public_id = lent.booking.public_id
    assert lent.ends(at(2, 5), one).ends_at == at(2, 2)
    with pytest.raises(Conflict, match="yes_before"):
        service.approve_longer(session, one, public_id, now=NOW)
    assert service.approve_longer(session, two, public_id, now=NOW).ends_at == at(2, 5)
    lent.ends(at(2, 6))
    assert service.approve_longer(session, two, public_id, now=NOW).ends_at == at(2, 5)
    assert lent.steps()[-1] is Step.FIRST_YES
    with pytest.raises(IntegrityError):
        session.execute(
            sa.update(Proposal)
            .where(Proposal.state == ProposalState.OPEN)
            .values(state="accepted", ended_at=NOW, answered_by=two.person_id)
        )


def test_whoever_said_the_first_yes_to_a_longer_loan_may_still_say_no(
    world: World, session: Session
) -> None:
    lent, one, _ = of_two(world, session)
    lent.ends(at(2, 5))
    service.approve_longer(session, one, lent.booking.public_id, now=NOW)
    service.decline_longer(session, one, lent.booking.public_id, "Finalement non.", now=NOW)
    session.flush()
    (told,) = session.scalars(sa.select(Proposal)).all()
    assert (told.state, told.answered_by, told.first_yes_by) == ("declined", one.person_id, None)
    assert (lent.steps()[-1], lent.booking.ends_at) == (Step.NOT_LONGER, at(2, 2))


def test_silence_is_no_to_a_longer_loan(lent: Lent) -> None:
    lent.ends(at(2, 5))
    until = lent.session.scalars(sa.select(Proposal.answer_by)).one()
    assert until == at(2, 2)
    assert service.lapse_proposals(lent.session, now=until) == 1
    lent.session.refresh(lent.booking)
    assert (lent.booking.ends_at, lent.steps()[-1]) == (at(2, 2), Step.LAPSE)


def test_a_longer_loan_knocks_out_who_waits_for_what_it_takes(world: World) -> None:
    lent = Lent(world)
    waits = world.booking(lent.truck, Period(at(2, 3), at(2, 5)))
    lent.ends(at(2, 4), lent.giver)
    world.session.refresh(waits)
    assert waits.state == State.DECLINED


def test_the_price_changes_by_what_is_added(world: World) -> None:
    lent = Lent(world, approver=Approver.NOBODY, price_cents=500, price_per=PricePer.HOUR)
    assert lent.booking.price_cents == 1000
    world.session.execute(sa.text("UPDATE listing SET price_cents = 700"))
    assert lent.ends(at(2, 4)).price_cents == 1000 + 2 * 700
    assert lent.ends(at(2, 3)).price_cents == 1000 + 700


def test_a_kit_lasts_longer_with_all_its_parts(world: World, session: Session) -> None:
    lent = Lent(world)
    trays = world.listing(lent.lender, units=2)
    kit = world.listing(lent.lender, approver=Approver.NOBODY)
    kit_id = equipment.listing_id_of(session, kit)
    equipment.set_parts(session, lent.giver, kit_id, [(trays, 2)], now=NOW)
    lent.booking = world.booking(kit, span(5), borrower=lent.taker)
    lent.ends(at(5, 4))
    part = sa.select(Booking.ends_at, Booking.price_cents).where(Booking.whole_id.is_not(None))
    assert session.execute(part).one() == (at(5, 4), 0)
    with pytest.raises(Conflict):
        world.booking(trays, Period(at(5, 3), at(5, 5)))


def test_the_page_says_until_when_it_could_last(world: World) -> None:
    lent = Lent(world, longest_minutes=3 * 1440)
    facts = service.booking(world.session, lent.taker, lent.booking.public_id, now=NOW)
    assert service.could_last_until(world.session, facts, now=NOW) == at(5)
    other = world.booking(lent.truck, Period(at(2, 6), at(2, 9)))
    service.approve(world.session, lent.giver, other.public_id, now=NOW)
    assert service.could_last_until(world.session, facts, now=NOW) == at(2, 6)


HOLDS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9), st.integers(1, 3)), max_size=6)


def _refused(ask: Ask, current_end: datetime, holds: Sequence[Hold]) -> tuple[Reason, ...]:
    return end_refusals(ask, current_end, OFFER, holds, now=NOW - timedelta(days=1))


@given(HOLDS, st.integers(1, 10), st.integers(1, 20), st.integers(1, 3))
def test_the_latest_end_is_the_last_minute_that_trying_each_of_them_finds(
    taken: list[tuple[int, int, int]], length: int, more: int, units: int
) -> None:
    minute = timedelta(minutes=1)
    holds = [
        Hold(n, Period(NOW + start * minute, NOW + (start + long) * minute))
        for start, long, n in taken
    ]
    current, wanted = NOW + length * minute, NOW + (length + more) * minute
    slowly = [
        end
        for end in (current + n * minute for n in range(1, more + 1))
        if not _refused(Ask(2, units, Period(NOW, end)), current, holds)
    ]
    ask = Ask(2, units, Period(NOW, wanted))
    found = latest_end(ask, current, OFFER, holds, now=NOW - timedelta(days=1))
    assert found == max(slowly, default=None)
