"""Several requests answered in one go, each by itself."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.models import Booking, BookingStep
from mutuali.bookings.rules import State
from mutuali.core.errors import Refused
from mutuali.core.period import Period
from mutuali.equipment.rules import Approver
from tests.factories import NOW, World, span


def _said(outcomes: list[service.Outcome]) -> dict[int, tuple[State, list[str]]]:
    return {
        each.booking.id: (each.booking.state, [reason.code for reason in each.reasons])
        for each in outcomes
    }


def test_each_is_decided_by_itself_and_one_refused_stops_no_other(
    world: World, session: Session
) -> None:
    lender = world.organization()
    giver = world.member(lender[0])
    truck, crates = world.listing(lender), world.listing(lender, units=5)
    fine = world.booking(truck, span(2))
    for_network = world.booking(world.listing(lender, approver=Approver.COORDINATOR), span(2))
    gone = world.booking(crates, span(3), units=5)
    session.execute(sa.text("UPDATE listing SET units = 4 WHERE public_id = :id"), {"id": crates})
    cancelled = world.booking(truck, span(4))
    service.cancel(session, giver, cancelled.public_id, now=NOW)
    ids = [row.public_id for row in (fine, for_network, gone, cancelled)]
    said = _said(service.decide_many(session, giver, ids, accept=True, now=NOW))
    assert said == {
        fine.id: (State.APPROVED, []),
        for_network.id: (State.REQUESTED, ["forbidden"]),
        gone.id: (State.REQUESTED, ["booking.not_enough_units"]),
        cancelled.id: (State.CANCELLED, ["booking.no_such_step"]),
    }


def test_what_a_refused_answer_wrote_is_gone_and_what_the_others_wrote_stays(
    world: World, session: Session
) -> None:
    lender = world.organization()
    one, two = world.member(lender[0]), world.member(lender[0])
    both = world.listing(lender, two_decide=True)
    first, second = world.booking(both, span(2)), world.booking(both, span(3))
    service.approve(session, two, first.public_id, now=NOW)
    said = _said(
        service.decide_many(session, two, [first.public_id, second.public_id], accept=True, now=NOW)
    )
    assert said == {
        first.id: (State.REQUESTED, ["booking.yes_before"]),
        second.id: (State.REQUESTED, []),
    }
    said = _said(
        service.decide_many(session, one, [first.public_id, second.public_id], accept=True, now=NOW)
    )
    assert {state for state, _ in said.values()} == {State.APPROVED}


def test_of_ticked_rivals_the_first_deadline_wins_and_the_others_say_why(
    world: World, session: Session
) -> None:
    lender = world.organization()
    giver = world.member(lender[0])
    truck = world.listing(lender)
    first, second = world.booking(truck, span(1)), world.booking(truck, span(1))
    ids = [second.public_id, first.public_id]
    said = _said(service.decide_many(session, giver, ids, accept=True, now=NOW))
    assert said == {
        first.id: (State.APPROVED, []),
        second.id: (State.DECLINED, ["booking.knocked_out"]),
    }


def test_one_reason_is_read_by_everybody_who_was_declined(world: World, session: Session) -> None:
    lender = world.organization()
    giver = world.member(lender[0])
    rows = [world.booking(world.listing(lender), span(2)) for _ in range(3)]
    ids = [row.public_id for row in rows]
    service.decide_many(session, giver, ids, accept=False, reason="Inondation.", now=NOW)
    notes = session.scalars(sa.select(BookingStep.note).where(BookingStep.step == "decline")).all()
    assert notes == ["Inondation."] * 3
    assert set(session.scalars(sa.select(Booking.state))) == {State.DECLINED}


def test_none_chosen_and_none_that_one_may_see_are_refused(world: World, session: Session) -> None:
    lender = world.organization()
    asked = world.booking(world.listing(lender), span(2))
    stranger = world.member(world.organization()[0])
    for ids in ([], ["x" * 22], [asked.public_id]):
        with pytest.raises(Refused, match="none_chosen"):
            service.decide_many(session, stranger, ids, accept=True, now=NOW)
    giver = world.member(lender[0])
    with pytest.raises(Refused, match="reason_missing"):
        service.decide_many(session, giver, [asked.public_id], accept=False, now=NOW)


def test_the_inbox_answers_several_and_says_what_became_of_each(
    world: World, session: Session, client: FlaskClient
) -> None:
    world.now = datetime.now(UTC)
    lender = world.organization()
    giver = world.member(lender[0])
    truck = world.listing(lender)
    start = world.now + timedelta(days=3)
    period = Period(start, start + timedelta(hours=2))
    other = Period(start + timedelta(days=1), start + timedelta(days=1, hours=2))
    ids = [world.booking(truck, each).public_id for each in (period, period, other)]
    world.sign_in(client, giver)
    shown = client.get("/a-faire").text
    assert len(re.findall(r'type="checkbox" form="plusieurs" name="booking"', shown)) == 3
    none = client.post("/a-faire/decider", data={"answer": "accept"})
    assert none.status_code == 422
    assert "Cochez au moins une demande" in none.text
    unexplained = client.post("/a-faire/decider", data={"answer": "decline", "booking": ids[:2]})
    assert unexplained.status_code == 422
    assert unexplained.text.count('data-key="x" checked') == 2
    done = client.post("/a-faire/decider", data={"answer": "accept", "booking": ids})
    assert done.status_code == 200
    assert "2 acceptées, 1 arrêtée par une règle" in done.text
    assert "Une demande que vous venez d’accepter a pris ses unités" in done.text
    assert done.text.count("Annuler cette décision") == 2


def test_the_api_answers_several_with_the_reasons_of_each(
    world: World, session: Session, client: FlaskClient
) -> None:
    world.now = datetime.now(UTC)
    lender = world.organization()
    truck = world.listing(lender)
    start = world.now + timedelta(days=3)
    period = Period(start, start + timedelta(hours=2))
    ids = [world.booking(truck, period).public_id for _ in range(2)]
    token = world.api_token(world.member(lender[0]))
    headers = {"Authorization": f"Bearer {token}"}
    body = {"bookings": ids, "answer": "accept"}
    answer = client.post("/api/v1/inbox/decide", json=body, headers=headers).get_json()
    assert [(each["state"], [r["code"] for r in each["reasons"]]) for each in answer] == [
        ("approved", []),
        ("declined", ["booking.knocked_out"]),
    ]
    body = {"bookings": ids * 26, "answer": "accept"}
    assert client.post("/api/v1/inbox/decide", json=body, headers=headers).status_code == 422
