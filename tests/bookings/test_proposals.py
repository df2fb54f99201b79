"""Something else instead: proposed by who decides, taken in one tap, or left alone."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.models import Booking, BookingApproval, Proposal
from mutuali.bookings.rules import ProposalState, State, Step, answer_by
from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Role
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver, PricePer
from mutuali.organizations import service as organizations
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World, at, span
from tests.how_many import how_many

LATER = NOW + timedelta(hours=1)


class Asked:
    """A truck and a van of one lender; somebody asked for the truck on day two."""

    def __init__(self, world: World) -> None:
        self.world, self.session = world, world.session
        self.lender = world.organization()
        self.giver, self.taker = world.member(self.lender[0]), world.member(world.organization()[0])
        self.truck, self.van = world.listing(self.lender), world.listing(self.lender)
        self.booking = world.booking(self.truck, span(2), borrower=self.taker)

    def propose(
        self,
        listing: str = "",
        period: Period | None = None,
        *,
        units: int = 1,
        word: str = "",
        actor: Actor | None = None,
    ) -> None:
        draft = service.ProposalDraft(listing or self.truck, units, period or span(3), word)
        public_id = self.booking.public_id
        service.propose(
            self.session,
            actor or self.giver,
            public_id,
            draft,
            public_id=new_public_id(),
            now=NOW,
        )

    def accept(self) -> Booking:
        return service.accept_proposal(self.session, self.taker, self.booking.public_id, now=LATER)


@pytest.fixture
def asked(world: World) -> Asked:
    return Asked(world)


def _last(asked: Asked) -> Step:
    return service.steps_of(asked.session, asked.booking.id)[-1].step


def test_another_time_is_taken_in_one_tap_and_is_then_approved(asked: Asked) -> None:
    asked.propose(period=span(3, 4), word="Le camion est au garage mardi.")
    shown = service.booking(asked.session, asked.taker, asked.booking.public_id, now=NOW)
    assert shown.proposal is not None
    assert (shown.proposal.period, shown.proposal.word) == (
        span(3, 4),
        "Le camion est au garage mardi.",
    )
    assert shown.may_answer
    moved = asked.accept()
    assert (moved.state, moved.starts_at, moved.ends_at) == (State.APPROVED, at(3), at(3, 4))
    assert _last(asked) is Step.MOVE
    assert asked.session.scalars(sa.select(Proposal.state)).one() == ProposalState.ACCEPTED


def test_another_listing_frees_the_old_one_and_occupies_the_new(asked: Asked) -> None:
    asked.propose(asked.van, span(2))
    moved = asked.accept()
    assert moved.listing_id == equipment.listing_id_of(asked.session, asked.van)
    asked.world.booking(asked.truck, span(2))
    service.approve(
        asked.session,
        asked.giver,
        asked.world.booking(asked.truck, span(2)).public_id,
        now=LATER,
    )
    with pytest.raises(Conflict):
        asked.world.booking(asked.van, span(2))


def test_what_costs_something_says_so_before(world: World, asked: Asked) -> None:
    paid = world.listing(asked.lender, price_cents=1000, price_per=PricePer.HOUR)
    asked.propose(paid, span(3, 3))
    shown = service.booking(asked.session, asked.taker, asked.booking.public_id, now=NOW)
    assert shown.proposal is not None
    assert shown.proposal.price_cents == 3000
    assert asked.accept().price_cents == 3000


def test_while_the_borrower_is_to_answer_the_request_is_nobody_elses_to_do(asked: Asked) -> None:
    session = asked.session
    assert how_many(service.count_inbox, session, asked.giver, NOW) == 1
    asked.propose()
    assert how_many(service.count_inbox, session, asked.giver, NOW) == 0
    assert service.inbox(session, asked.giver, now=NOW) == []
    assert how_many(service.count_proposals, session, asked.taker, NOW) == 1
    assert how_many(service.count_proposals, session, asked.giver, NOW) == 0


def test_turned_down_the_request_waits_again_until_its_own_deadline(asked: Asked) -> None:
    deadline = asked.booking.decide_by
    asked.propose()
    service.turn_down(
        asked.session, asked.taker, asked.booking.public_id, word="Trop tard.", now=LATER
    )
    asked.session.refresh(asked.booking)
    assert (asked.booking.state, asked.booking.decide_by) == (State.REQUESTED, deadline)
    assert _last(asked) is Step.TURN_DOWN
    assert how_many(service.count_inbox, asked.session, asked.giver, LATER) == 1
    with pytest.raises(Conflict, match=r"proposal\.over"):
        asked.accept()


def test_silence_ends_the_proposal_and_the_request_waits_again(asked: Asked) -> None:
    asked.propose()
    until = asked.session.scalars(sa.select(Proposal.answer_by)).one()
    assert asked.booking.decide_by is not None
    assert NOW < until < asked.booking.decide_by
    assert service.lapse_proposals(asked.session, now=until - timedelta(minutes=1)) == 0
    assert service.lapse_proposals(asked.session, now=until) == 1
    assert how_many(service.count_inbox, asked.session, asked.giver, until) == 1
    assert _last(asked) is Step.LAPSE
    with pytest.raises(Conflict, match=r"proposal\.over"):
        service.accept_proposal(asked.session, asked.taker, asked.booking.public_id, now=until)


def test_nothing_is_taken_after_its_time_even_before_anybody_noted_it(asked: Asked) -> None:
    asked.propose()
    until = asked.session.scalars(sa.select(Proposal.answer_by)).one()
    assert (
        service.booking(asked.session, asked.taker, asked.booking.public_id, now=until).proposal
        is None
    )
    with pytest.raises(Conflict, match=r"proposal\.over"):
        service.accept_proposal(asked.session, asked.taker, asked.booking.public_id, now=until)


def test_a_new_proposal_takes_the_place_of_the_one_before(asked: Asked) -> None:
    asked.propose(period=span(3))
    asked.propose(period=span(4))
    states = sa.select(Proposal.state).order_by(Proposal.id)
    assert asked.session.scalars(states).all() == [ProposalState.REPLACED, ProposalState.OPEN]
    assert asked.accept().starts_at == at(4)


def test_the_database_keeps_one_open_proposal_per_booking(asked: Asked) -> None:
    asked.propose()
    row = asked.session.execute(sa.select(Proposal.__table__)).mappings().one()
    copy = {**row, "id": row["id"] + 1, "public_id": "x" * 22}
    with pytest.raises(IntegrityError):
        asked.session.execute(sa.insert(Proposal).values(**copy))


def test_what_was_asked_for_is_no_proposal_and_rules_hold_for_it(asked: Asked) -> None:
    with pytest.raises(Refused, match=r"proposal\.same"):
        asked.propose(period=span(2))
    with pytest.raises(Refused, match="too_short"):
        asked.propose(period=span(3, 0.25))
    other = asked.world.booking(asked.van, span(3))
    service.approve(asked.session, asked.giver, other.public_id, now=NOW)
    with pytest.raises(Conflict, match="not_enough_units") as refused:
        asked.propose(asked.van, span(3))
    assert refused.value.nearest


def test_what_was_taken_meanwhile_is_refused_when_it_is_accepted(asked: Asked) -> None:
    asked.propose(asked.van, span(3))
    other = asked.world.booking(asked.van, span(3))
    service.approve(asked.session, asked.giver, other.public_id, now=NOW)
    with pytest.raises(Conflict, match="not_enough_units"):
        asked.accept()
    asked.session.refresh(asked.booking)
    assert asked.booking.state == State.REQUESTED


def test_a_lender_proposes_its_own_things_and_the_coordination_anybodys(
    world: World, session: Session
) -> None:
    asked = Asked(world)
    elsewhere = world.listing()
    with pytest.raises(Refused, match="other_lender"):
        asked.propose(elsewhere, span(2))
    for_network = world.listing(asked.lender, approver=Approver.COORDINATOR)
    asked.booking = world.booking(for_network, span(5), borrower=asked.taker)
    coordinator = world.person(role=Role.COORDINATOR)
    asked.propose(elsewhere, span(5), actor=coordinator)
    moved = asked.accept()
    assert moved.listing_id == equipment.listing_id_of(session, elsewhere)


@pytest.mark.parametrize(
    ("approver", "state"),
    [
        (Approver.LENDER, State.REQUESTED),
        (Approver.COORDINATOR, State.APPROVED),
        (Approver.NOBODY, State.APPROVED),
    ],
)
def test_another_lender_still_decides_what_it_keeps_for_itself(
    world: World, session: Session, approver: Approver, state: State
) -> None:
    asked = Asked(world)
    for_network = world.listing(asked.lender, approver=Approver.COORDINATOR)
    asked.booking = world.booking(for_network, span(5), borrower=asked.taker)
    other = world.organization()
    coordinator = world.person(role=Role.COORDINATOR)
    asked.propose(world.listing(other, approver=approver), span(5), actor=coordinator)
    moved = asked.accept()
    assert (moved.state, moved.lender_id) == (state, other[0])
    if state is State.REQUESTED:
        assert how_many(service.count_inbox, session, world.member(other[0]), LATER) == 1
        assert moved.decide_by is not None
        assert moved.decide_by > LATER + timedelta(days=1)


def test_where_two_decide_a_proposal_is_one_yes(world: World, session: Session) -> None:
    asked = Asked(world)
    both = world.listing(asked.lender, two_decide=True)
    asked.propose(both, span(5))
    moved = asked.accept()
    assert moved.state == State.REQUESTED
    assert session.scalars(sa.select(BookingApproval.person_id)).all() == [asked.giver.person_id]
    with pytest.raises(Conflict, match="yes_before"):
        service.approve(session, asked.giver, moved.public_id, now=LATER)
    second = world.member(asked.lender[0])
    assert service.approve(session, second, moved.public_id, now=LATER).state == State.APPROVED


def test_a_yes_to_what_was_asked_says_nothing_of_what_is_proposed(
    world: World, session: Session
) -> None:
    asked = Asked(world)
    both = world.listing(asked.lender, two_decide=True)
    asked.booking = world.booking(both, span(6), borrower=asked.taker)
    first, second = world.member(asked.lender[0]), world.member(asked.lender[0])
    service.approve(session, first, asked.booking.public_id, now=NOW)
    asked.propose(both, span(7), actor=second)
    moved = asked.accept()
    assert moved.state == State.REQUESTED
    assert session.scalars(sa.select(BookingApproval.person_id)).all() == [second.person_id]


def test_who_proposed_and_decides_no_more_says_no_yes_by_it(world: World, session: Session) -> None:
    asked = Asked(world)
    gone = world.member(asked.lender[0], Role.MEMBER)
    asked.propose(actor=gone)
    organizations.remove_member(session, asked.giver, asked.lender[0], gone.person_id or 0, now=NOW)
    assert asked.accept().state == State.REQUESTED


def test_only_who_decides_proposes_and_only_the_borrower_answers(asked: Asked) -> None:
    stranger = asked.world.member(asked.world.organization()[0])
    with pytest.raises(Forbidden):
        asked.propose(actor=asked.taker)
    with pytest.raises(NotFound):
        asked.propose(actor=stranger)
    asked.propose()
    for actor, refusal in ((asked.giver, Forbidden), (stranger, NotFound)):
        for deed in (service.accept_proposal, service.turn_down):
            with pytest.raises(refusal):
                deed(asked.session, actor, asked.booking.public_id, now=LATER)


def test_what_is_decided_leaves_nothing_to_accept(asked: Asked) -> None:
    asked.propose()
    service.decline(asked.session, asked.giver, asked.booking.public_id, "Non.", now=NOW)
    assert how_many(service.count_proposals, asked.session, asked.taker, NOW) == 0
    with pytest.raises(Conflict, match=r"proposal\.over"):
        asked.accept()
    with pytest.raises(Conflict, match="no_such_step"):
        asked.propose()


def test_what_was_moved_knocks_out_who_no_longer_fits_there(asked: Asked) -> None:
    rival = asked.world.booking(asked.van, span(3))
    asked.propose(asked.van, span(3))
    asked.accept()
    asked.session.refresh(rival)
    assert rival.state == State.DECLINED


def test_a_request_for_a_kit_moves_with_its_parts(world: World, session: Session) -> None:
    asked = Asked(world)
    kit = world.listing(asked.lender)
    kit_id = equipment.listing_id_of(session, kit)
    equipment.set_parts(session, asked.giver, kit_id, [(asked.truck, 1), (asked.van, 1)], now=NOW)
    asked.propose(kit, span(5))
    moved = asked.accept()
    parts = sa.select(Booking.listing_id, Booking.starts_at, Booking.state).where(
        Booking.whole_id == moved.id
    )
    ids = [equipment.listing_id_of(session, each) for each in (asked.truck, asked.van)]
    assert sorted(session.execute(parts).all()) == sorted(
        (id_, at(5), State.APPROVED) for id_ in ids
    )
    asked.booking = world.booking(kit, span(8), borrower=asked.taker)
    asked.propose(asked.truck, span(9))
    moved = asked.accept()
    assert session.execute(parts.where(Booking.whole_id == moved.id)).all() == []


def test_half_of_what_is_left_a_day_or_the_notice_bounds_the_answer() -> None:
    hour = timedelta(hours=1)
    assert answer_by(NOW + 10 * hour, at(9), 0 * hour, NOW) == NOW + 5 * hour
    assert answer_by(NOW + 72 * hour, at(9), 0 * hour, NOW) == NOW + 24 * hour
    assert answer_by(NOW + 72 * hour, NOW + 20 * hour, 12 * hour, NOW) == NOW + 8 * hour


def test_to_propose_keeps_nothing_from_anybody(asked: Asked) -> None:
    asked.propose(asked.van, span(3))
    free = asked.world.booking(asked.van, span(3))
    assert service.approve(asked.session, asked.giver, free.public_id, now=NOW).state == "approved"
