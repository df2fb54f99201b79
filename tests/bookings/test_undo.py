"""A decision can be taken back for ten minutes, by whoever took it, while nothing followed."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.models import BookingApproval
from mutuali.bookings.rules import State, Step
from mutuali.core.errors import Conflict, Forbidden
from mutuali.core.period import Period
from mutuali.core.permissions import Actor
from tests.factories import NOW, World, at, span
from tests.how_many import how_many

SOON, LATE = NOW + timedelta(minutes=9), NOW + timedelta(minutes=11)


class Lent:
    """A truck, its lender's person, and who asked for it."""

    def __init__(self, world: World) -> None:
        self.lender = world.organization()
        self.truck = world.listing(self.lender)
        self.giver = world.member(self.lender[0])
        self.asked = world.booking(self.truck, span(2))


@pytest.fixture
def lent(world: World) -> Lent:
    return Lent(world)


def test_a_yes_taken_back_lets_the_request_and_its_rivals_wait_again(
    world: World, session: Session, lent: Lent
) -> None:
    rival = world.booking(lent.truck, span(2))
    service.approve(session, lent.giver, lent.asked.public_id, now=NOW)
    undone = service.undo(session, lent.giver, lent.asked.public_id, now=SOON)
    session.refresh(rival)
    assert (undone.state, undone.decided_at) == (State.REQUESTED, None)
    assert (rival.state, rival.decided_at) == (State.REQUESTED, None)
    last = service.steps_of(session, rival.id)[-1]
    assert (last.step, last.reason, last.person_name) == (Step.UNDO, "booking.rival_back", "")
    service.approve(session, lent.giver, rival.public_id, now=SOON)
    session.refresh(undone)
    assert undone.state == State.DECLINED


def test_a_no_taken_back_lets_the_request_wait_again(
    world: World, session: Session, lent: Lent
) -> None:
    service.decline(session, lent.giver, lent.asked.public_id, "En réparation.", now=NOW)
    undone = service.undo(session, lent.giver, lent.asked.public_id, now=SOON)
    assert undone.state == State.REQUESTED
    assert how_many(service.count_inbox, session, lent.giver, SOON) == 1


def test_a_rival_whose_deadline_passed_meanwhile_stays_declined(
    world: World, session: Session, lent: Lent
) -> None:
    rival = world.booking(lent.truck, span(2))
    service.approve(session, lent.giver, lent.asked.public_id, now=NOW)
    rival.decide_by = NOW + timedelta(minutes=5)
    session.flush()
    service.undo(session, lent.giver, lent.asked.public_id, now=SOON)
    session.refresh(rival)
    assert rival.state == State.DECLINED


def test_who_was_declined_by_somebody_stays_declined_when_another_yes_is_taken_back(
    world: World, session: Session, lent: Lent
) -> None:
    refused = world.booking(lent.truck, span(2))
    service.decline(session, lent.giver, refused.public_id, "En réparation.", now=NOW)
    service.approve(session, lent.giver, lent.asked.public_id, now=NOW)
    service.undo(session, lent.giver, lent.asked.public_id, now=SOON)
    session.refresh(refused)
    assert refused.state == State.DECLINED


def test_ten_minutes_later_it_is_too_late(session: Session, lent: Lent) -> None:
    service.approve(session, lent.giver, lent.asked.public_id, now=NOW)
    with pytest.raises(Conflict, match="undo_too_late"):
        service.undo(session, lent.giver, lent.asked.public_id, now=LATE)


def test_a_request_whose_deadline_passed_cannot_wait_again(session: Session, lent: Lent) -> None:
    service.approve(session, lent.giver, lent.asked.public_id, now=NOW)
    lent.asked.decide_by = NOW + timedelta(minutes=5)
    session.flush()
    with pytest.raises(Conflict, match="undo_lapsed"):
        service.undo(session, lent.giver, lent.asked.public_id, now=SOON)


def test_only_who_decided_takes_it_back(world: World, session: Session, lent: Lent) -> None:
    service.approve(session, lent.giver, lent.asked.public_id, now=NOW)
    with pytest.raises(Forbidden, match="undo_by_decider"):
        service.undo(session, world.member(lent.lender[0]), lent.asked.public_id, now=SOON)
    with pytest.raises(Forbidden, match="undo_by_decider"):
        service.undo(session, _nobody(lent.giver), lent.asked.public_id, now=SOON)


def _nobody(actor: Actor) -> Actor:
    """A program that acts for the organization and is nobody."""
    return Actor(memberships=actor.memberships)


def test_what_followed_stands_in_the_way(world: World, session: Session) -> None:
    lender = world.organization()
    giver = world.member(lender[0])
    asked = world.booking(world.listing(lender), span(0.1))
    service.approve(session, giver, asked.public_id, now=NOW)
    service.hand_over(session, giver, asked.public_id, now=SOON)
    with pytest.raises(Conflict, match="nothing_to_undo"):
        service.undo(session, giver, asked.public_id, now=SOON)
    assert service.recent_decisions(session, giver, now=SOON) == []


def test_a_request_without_a_decision_has_nothing_to_take_back(
    session: Session, lent: Lent
) -> None:
    with pytest.raises(Conflict, match="nothing_to_undo"):
        service.undo(session, lent.giver, lent.asked.public_id, now=SOON)


def test_units_that_were_held_are_held_again_unless_somebody_has_them(
    world: World, session: Session
) -> None:
    lender = world.organization()
    truck = world.listing(lender, hold_minutes=60)
    giver = world.member(lender[0])
    held = world.booking(truck, span(2))
    service.decline(session, giver, held.public_id, "En réparation.", now=NOW)
    assert service.undo(session, giver, held.public_id, now=SOON).state == State.HELD
    service.decline(session, giver, held.public_id, "En réparation.", now=SOON)
    world.booking(truck, span(2))
    with pytest.raises(Conflict, match="not_enough_units"):
        service.undo(session, giver, held.public_id, now=SOON)


def test_where_two_decide_taking_back_leaves_the_other_yes(world: World, session: Session) -> None:
    lender = world.organization()
    one, two = world.member(lender[0]), world.member(lender[0])
    asked = world.booking(world.listing(lender, two_decide=True), span(2))
    service.approve(session, one, asked.public_id, now=NOW)
    service.approve(session, two, asked.public_id, now=NOW)
    service.undo(session, two, asked.public_id, now=SOON)
    kept = session.scalars(sa.select(BookingApproval.person_id)).all()
    assert kept == [one.person_id]
    assert service.approve(session, two, asked.public_id, now=SOON).state == State.APPROVED


def test_one_decision_is_taken_back_as_often_as_it_is_taken(session: Session, lent: Lent) -> None:
    for _ in range(2):
        service.approve(session, lent.giver, lent.asked.public_id, now=NOW)
        service.undo(session, lent.giver, lent.asked.public_id, now=SOON)
    assert service.steps_of(session, lent.asked.id)[-1].step is Step.UNDO


def test_what_was_decided_minutes_ago_is_listed_for_who_decided(
    world: World, session: Session, lent: Lent
) -> None:
    service.approve(session, lent.giver, lent.asked.public_id, now=NOW)
    other = world.member(lent.lender[0])
    (recent,) = service.recent_decisions(session, lent.giver, now=SOON)
    assert (recent.booking.id, recent.step, recent.until) == (
        lent.asked.id,
        Step.APPROVE,
        NOW + timedelta(minutes=10),
    )
    assert service.recent_decisions(session, other, now=SOON) == []
    assert service.recent_decisions(session, lent.giver, now=LATE) == []


def test_the_pages_offer_to_take_it_back_and_do(
    world: World, session: Session, client: FlaskClient
) -> None:
    world.now = datetime.now(UTC)
    lender = world.organization()
    giver = world.member(lender[0])
    start = world.now + timedelta(days=3)
    asked = world.booking(world.listing(lender), Period(start, start + timedelta(hours=2)))
    world.sign_in(client, giver)
    address = f"/reservations/{asked.public_id}"
    data = {"from": "inbox"}
    assert client.post(f"{address}/accepter", data=data).headers["Location"] == "/a-faire"
    assert "Annuler cette décision" in client.get("/a-faire").text
    assert "Annuler ma décision" in client.get(address).text
    back = client.post(f"{address}/annuler-la-decision", data=data)
    assert back.headers["Location"] == "/a-faire"
    inbox = client.get("/a-faire").text
    assert "La décision est annulée" in inbox
    assert "Annuler cette décision" not in inbox
    assert inbox.count('class="decision"') == 1
    assert client.post(f"{address}/annuler-la-decision").status_code == 409


def test_the_api_takes_a_decision_back(world: World, session: Session, client: FlaskClient) -> None:
    world.now = datetime.now(UTC)
    lender = world.organization()
    start = world.now + timedelta(days=3)
    asked = world.booking(world.listing(lender), Period(start, start + timedelta(hours=2)))
    token = world.api_token(world.member(lender[0]))
    headers = {"Authorization": f"Bearer {token}"}
    address = f"/api/v1/bookings/{asked.public_id}"
    assert client.post(f"{address}/approve", headers=headers).get_json()["state"] == "approved"
    assert client.post(f"{address}/undo", headers=headers).get_json()["state"] == "requested"
    assert client.post(f"{address}/undo", headers=headers).status_code == 409


def test_a_yes_can_be_taken_back_while_a_loan_is_far(session: Session, lent: Lent) -> None:
    service.approve(session, lent.giver, lent.asked.public_id, now=at(0.5))
    undone = service.undo(session, lent.giver, lent.asked.public_id, now=at(0.5))
    assert undone.state == State.REQUESTED
