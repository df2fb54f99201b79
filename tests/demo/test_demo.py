import random
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.agreements.models import Agreement
from mutuali.audit import service as audit
from mutuali.bookings import service as bookings
from mutuali.bookings.models import Booking, BookingStep
from mutuali.bookings.rules import Risk, State, Step
from mutuali.core.places import borough_at
from mutuali.demo import service as demo
from mutuali.demo.cli import let_some_data_leave
from mutuali.demo.cli.draw import picture
from mutuali.demo.rules.names import ORGANIZATIONS, place
from mutuali.demo.rules.things import THINGS
from mutuali.equipment.models import KitPart, Listing, Outage, Unit
from mutuali.equipment.rules import Kind
from mutuali.equipment.service import EncodedPhoto
from mutuali.exports.models import Export, ExportDownload, RecallNotice
from mutuali.governance.models import AnonymizationEntry, Incident, PersonRequest
from mutuali.jobs.models import Job
from mutuali.mishaps.models import Mishap
from mutuali.organizations.models import Organization
from mutuali.owndata.models import HelpMeeting, HelpSlot, OwnHolding, OwnPolicy
from mutuali.reviews.models import LoanReview
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from tests.factories import NOW

REGISTERS = (AnonymizationEntry, Incident, PersonRequest)
#: What every booking can go through; the rest is arranged on some of them afterwards.
LIFE = {
    *(Step.REQUEST, Step.APPROVE, Step.DECLINE, Step.CANCEL, Step.EXPIRE),
    *(Step.HAND_OVER, Step.TAKE_BACK, Step.CLOSE),
}
PHOTO = EncodedPhoto(b"large", b"small", 3, 2)


def fill(session: Session) -> demo.Filled:
    return demo.fill(
        session,
        random.Random(7),
        new_public_id=new_public_id,
        password_hash="",
        seal=lambda person_id: f"sealed for {person_id}",
        pictures=lambda _kind, _n: PHOTO,
        now=NOW,
        listings=60,
        booked=400,
        photos=2,
    )


def rows_of(session: Session) -> list[tuple[object, ...]]:
    query = sa.select(Booking.listing_id, Booking.starts_at, Booking.state, Booking.borrower_id)
    return [tuple(row) for row in session.execute(query.order_by(Booking.id))]


def test_the_demo_fills_an_empty_instance_with_every_state(app: Flask, session: Session) -> None:
    assert demo.is_empty(session)
    filled = fill(session)
    session.commit()
    assert not demo.is_empty(session)
    states = Counter(session.scalars(sa.select(Booking.state)))
    assert sum(states.values()) == filled.bookings == 400
    rare = {State.HELD.value, State.RETURNED.value}  # a small year may lack them
    assert set(states) | rare == {state.value for state in State}
    assert session.scalar(sa.select(sa.func.count(Organization.id))) == 63


def test_nobody_is_written_to_about_the_past(session: Session) -> None:
    fill(session)
    assert set(session.scalars(sa.select(Job.kind))) == {"organizations.tell_application"}


def test_the_whole_log_is_sealed_and_holds(session: Session) -> None:
    fill(session)
    verdict = audit.verify(session, now=NOW)
    assert verdict.broken_at is None
    assert verdict.unsealed == 0
    assert verdict.sealed > 400


def test_every_step_follows_the_one_before_and_none_lies_ahead(session: Session) -> None:
    fill(session)
    last: dict[int, object] = {}
    for step in session.scalars(sa.select(BookingStep).order_by(BookingStep.id)):
        assert step.at <= NOW
        assert step.booking_id not in last or last[step.booking_id] <= step.at  # type: ignore[operator]
        last[step.booking_id] = step.at
    first = session.scalars(sa.select(Booking).where(Booking.state == State.REQUESTED)).all()
    assert all(booking.decide_by is not None and booking.decide_by > NOW for booking in first)
    assert set(session.scalars(sa.select(BookingStep.step))) == LIFE


def test_things_are_being_arranged_with_the_lender_that_one_can_sign_in_for(
    session: Session,
) -> None:
    fill(session)
    demo.arrange(session, new_public_id=new_public_id, now=NOW)
    assert {Step.PROPOSE, Step.ASK_LONGER} <= set(session.scalars(sa.select(BookingStep.step)))
    kit = session.scalars(sa.select(Listing).where(Listing.is_kit)).one()
    parts = session.scalars(sa.select(KitPart.units).where(KitPart.kit_id == kit.id))
    assert sorted(parts) == [2, 4]
    codes = session.scalars(sa.select(Unit.code).order_by(Unit.code)).all()
    assert codes == ["CH-01", "CH-02", "CH-03", "CH-04"]
    basket = session.execute(
        sa.select(Booking.basket, Booking.lender_id).where(Booking.basket.is_not(None))
    ).all()
    assert len({name for name, _ in basket}) == 1
    assert len({lender_id for _, lender_id in basket}) == 2
    torn = session.scalars(sa.select(Outage)).one()
    assert torn.starts_at == NOW
    assert torn.ends_at == NOW + timedelta(days=12)


def test_something_goes_wrong_with_the_lender_that_one_can_sign_in_for(session: Session) -> None:
    fill(session)
    demo.go_wrong(session, new_public_id=new_public_id, now=NOW)
    why = bookings.risks_of(session, None, now=NOW)
    assert set(why.values()) == {Risk.DEFECT, Risk.OVERDUE}
    assert session.scalars(sa.select(BookingStep).where(BookingStep.step == "no_show")).all()
    closed = session.scalars(sa.select(Mishap.closed_at).order_by(Mishap.id)).all()
    assert [at is None for at in closed] == [True, False]


def test_an_organization_keeps_an_inventory_and_twenty_minutes_are_taken(
    session: Session,
) -> None:
    fill(session)
    demo.keep_an_inventory(session, new_public_id=new_public_id, now=NOW)
    held = Counter(session.scalars(sa.select(OwnHolding.organization_id)))
    (out,) = session.scalars(sa.select(OwnPolicy))
    assert held == {out.organization_id: 5}
    assert out.withdrawn_at is None
    counts = [
        session.scalar(sa.select(sa.func.count()).select_from(model))
        for model in (HelpSlot, HelpMeeting)
    ]
    assert counts == [2, 1]


def test_past_loans_are_reviewed_by_both_or_by_one_and_some_by_nobody(session: Session) -> None:
    fill(session)
    dice = random.Random(7)
    demo.review_past_loans(session, dice, new_public_id=new_public_id, now=NOW)
    rows = session.execute(sa.select(LoanReview.booking_id, LoanReview.side)).all()
    voices = Counter(booking_id for booking_id, _ in rows)
    assert {1, 2} == set(voices.values())
    assert {"borrower", "lender"} == {side for _, side in rows}


def test_the_truck_has_rivals_waiting_and_the_member_has_something_out(session: Session) -> None:
    fill(session)
    truck = session.scalars(sa.select(Listing).order_by(Listing.id)).first()
    assert truck is not None
    waiting = session.scalars(
        sa.select(Booking).where(Booking.listing_id == truck.id, Booking.state == State.REQUESTED)
    ).all()
    assert len({booking.borrower_id for booking in waiting}) >= 2
    member = session.scalar(
        sa.select(Organization.id).where(Organization.name == ORGANIZATIONS[1][0])
    )
    out = sa.select(Booking).where(Booking.borrower_id == member, Booking.state == State.ON_LOAN)
    assert session.scalars(out).first() is not None


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_the_same_seed_makes_the_same_network(session: Session) -> None:
    fill(session)
    first = rows_of(session)
    session.rollback()
    fill(session)
    assert rows_of(session) == first


def test_names_are_all_different_and_every_place_lies_in_its_borough() -> None:
    assert len({each[0] for each in ORGANIZATIONS}) == len(ORGANIZATIONS) == 60
    dice = random.Random(3)
    for _, kind, _, borough in ORGANIZATIONS:
        there = borough_at(place(dice, kind, borough).point)
        assert there is not None
        assert there.slug == borough


def test_every_kind_is_shared_and_has_its_drawing() -> None:
    assert {thing.kind for thing in THINGS} == set(Kind)
    for kind in Kind:
        drawn = picture(kind, 1)
        assert drawn.large[8:12] == drawn.small[8:12] == b"WEBP"
        assert len(drawn.large) < 40_000


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_some_data_left_by_the_rules_and_some_waits(app: Flask, session: Session) -> None:
    now = utc_now()
    demo.fill(
        session,
        random.Random(7),
        new_public_id=new_public_id,
        password_hash="",
        seal=lambda person_id: f"sealed for {person_id}",
        pictures=lambda _kind, _n: PHOTO,
        now=now,
        photos=2,
    )
    session.commit()
    with app.app_context():
        let_some_data_leave(app)
    session.expire_all()
    exported = session.scalars(sa.select(Export).order_by(Export.id)).all()
    partners = {each.dataset: each.state for each in exported[:-1] if each.regime != "open"}
    for dataset in ("equipment-use", "unmet-demand", "lending-flows"):
        assert partners[dataset] == "ready", dataset
    loans = [each.state for each in exported if each.dataset == "loans"]
    assert loans == ["recalled", "ready"], "called back, then given without who left"
    opened = {each.dataset: each.state for each in exported if each.regime == "open"}
    assert opened["organizations-capacity"] == opened["equipment-use"] == "ready"
    assert opened["unmet-demand"] == "in_review", "announced: two weeks have not passed"
    assert exported[-1].state == "requested"
    assert session.scalar(sa.select(sa.func.count(ExportDownload.id))) == 6
    notices = session.scalars(sa.select(RecallNotice)).all()
    assert notices
    assert all(each.answer is None for each in notices)
    agreed = Counter(session.scalars(sa.select(Agreement.state)))
    assert agreed == {"in_force": 2, "ended": 1, "draft": 1}
    page = app.test_client().get("/jeux-de-donnees/organizations-capacity").text
    assert "/jeux-de-donnees/organizations-capacity/fichier" in page
    for register in REGISTERS:
        assert session.scalars(sa.select(register)).first() is not None


def test_a_loan_is_late_somewhere(session: Session) -> None:
    fill(session)
    late = sa.select(Booking).where(
        Booking.state == State.ON_LOAN, Booking.ends_at < NOW - timedelta(minutes=30)
    )
    assert session.scalars(late).first() is not None
