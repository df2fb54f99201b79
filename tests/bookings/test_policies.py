"""Who has to say yes: one person, two different ones, or nobody for whom the lender trusts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.bookings import service
from mutuali.bookings.guard import TWO_YESES, YES_STATEMENTS
from mutuali.bookings.models import Booking, BookingApproval
from mutuali.bookings.rules import State, Step
from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import SYSTEM, Role
from mutuali.equipment.rules import Approver
from mutuali.organizations import service as organizations
from mutuali.organizations.models import TrustedBorrower
from tests.factories import NOW, World, at, span
from tests.guards import missing_guards


def _steps(session: Session, booking: Booking) -> list[Step]:
    return [each.step for each in service.steps_of(session, booking.id)]


def test_where_two_decide_the_first_yes_is_kept_and_the_second_approves(
    world: World, session: Session
) -> None:
    lender = world.organization()
    one, two = world.member(lender[0]), world.member(lender[0], Role.MEMBER)
    asked = world.booking(world.listing(lender, two_decide=True), span(2))
    waiting = service.approve(session, one, asked.public_id, now=NOW)
    assert waiting.state == State.REQUESTED
    seen = service.booking(session, two, asked.public_id, now=NOW)
    assert [yes.person_id for yes in seen.yeses] == [one.person_id]
    assert seen.may_say_yes
    assert not service.booking(session, one, asked.public_id, now=NOW).may_say_yes
    approved = service.approve(session, two, asked.public_id, now=NOW)
    assert approved.state == State.APPROVED
    assert _steps(session, asked) == [Step.REQUEST, Step.FIRST_YES, Step.APPROVE]


def test_nobody_says_the_second_yes_after_their_own_first(world: World, session: Session) -> None:
    lender = world.organization()
    one = world.member(lender[0])
    asked = world.booking(world.listing(lender, two_decide=True), span(2))
    service.approve(session, one, asked.public_id, now=NOW)
    with pytest.raises(Conflict, match="yes_before"):
        service.approve(session, one, asked.public_id, now=NOW)
    with pytest.raises(IntegrityError):
        session.execute(
            sa.insert(BookingApproval).values(booking_id=asked.id, person_id=one.person_id, at=NOW)
        )


def test_the_database_approves_nothing_with_one_yes_where_two_decide(
    world: World, session: Session, engine_name: str
) -> None:
    lender = world.organization()
    asked = world.booking(world.listing(lender, two_decide=True), span(2))
    service.approve(session, world.member(lender[0]), asked.public_id, now=NOW)
    with pytest.raises(IntegrityError, match=TWO_YESES):
        session.execute(sa.update(Booking).where(Booking.id == asked.id).values(state="approved"))
    session.rollback()
    assert missing_guards(session, engine_name, YES_STATEMENTS) == []


def test_who_decides_alone_may_still_say_no(world: World, session: Session) -> None:
    lender = world.organization()
    one, two = world.member(lender[0]), world.member(lender[0])
    asked = world.booking(world.listing(lender, two_decide=True), span(2))
    service.approve(session, one, asked.public_id, now=NOW)
    service.decline(session, two, asked.public_id, "En réparation.", now=NOW)
    assert asked.state == State.DECLINED


def test_software_alone_is_no_person_who_says_yes(world: World, session: Session) -> None:
    asked = world.booking(world.listing(two_decide=True), span(2))
    with pytest.raises(Forbidden):
        service.approve(session, SYSTEM, asked.public_id, now=NOW)


def test_two_of_nobody_makes_no_listing(world: World) -> None:
    with pytest.raises(Refused, match="two_of_nobody"):
        world.listing(two_decide=True, approver=Approver.NOBODY)


def test_an_answer_after_the_deadline_comes_too_late(world: World, session: Session) -> None:
    lender = world.organization()
    asked = world.booking(world.listing(lender), span(10))
    with pytest.raises(Conflict, match=r"booking\.lapsed"):
        service.approve(session, world.member(lender[0]), asked.public_id, now=at(3, 1))


@pytest.mark.parametrize(
    ("overrides", "state"),
    [
        ({"trusted_at_once": True}, State.APPROVED),
        ({"trusted_at_once": True, "approver": Approver.COORDINATOR}, State.APPROVED),
        ({"trusted_at_once": True, "hold_minutes": 60}, State.APPROVED),
        ({"trusted_at_once": True, "two_decide": True}, State.REQUESTED),
        ({}, State.REQUESTED),
    ],
)
def test_a_trusted_organization_waits_for_nobody_where_the_listing_says_so(
    world: World, session: Session, overrides: dict[str, Any], state: State
) -> None:
    lender = world.organization()
    giver, taker = world.member(lender[0]), world.member(world.organization()[0])
    truck = world.listing(lender, **overrides)
    organizations.trust(session, giver, lender[0], taker.organization_id or 0, now=NOW)
    assert world.booking(truck, span(2), borrower=taker).state == state
    assert world.booking(truck, span(3)).state != State.APPROVED


def test_trust_that_ended_opens_nothing(world: World, session: Session) -> None:
    lender = world.organization()
    giver, taker = world.member(lender[0]), world.member(world.organization()[0])
    trusted = (lender[0], taker.organization_id or 0)
    organizations.trust(session, giver, *trusted, now=NOW)
    organizations.trust(session, giver, *trusted, now=NOW)
    organizations.end_trust(session, giver, *trusted, now=NOW)
    asked = world.booking(world.listing(lender, trusted_at_once=True), span(2), borrower=taker)
    assert asked.state == State.REQUESTED
    names = sa.select(AuditEvent.name).where(AuditEvent.name.startswith("trust."))
    assert session.scalars(names.order_by(AuditEvent.id)).all() == ["trust.given", "trust.ended"]
    with pytest.raises(NotFound):
        organizations.end_trust(session, giver, *trusted, now=NOW)


def test_nobody_trusts_themselves_strangers_to_the_network_or_for_another(
    world: World, session: Session
) -> None:
    lender = world.organization()
    giver, member = world.member(lender[0]), world.member(lender[0], Role.MEMBER)
    other, waiting = world.organization()[0], world.organization(accepted=False)[0]
    with pytest.raises(Refused, match="own_trust"):
        organizations.trust(session, giver, lender[0], lender[0], now=NOW)
    with pytest.raises(Refused, match="trust_unaccepted"):
        organizations.trust(session, giver, lender[0], waiting, now=NOW)
    with pytest.raises(Forbidden):
        organizations.trust(session, member, lender[0], other, now=NOW)
    with pytest.raises(Forbidden):
        organizations.trust(session, giver, other, lender[0], now=NOW)


def test_trust_is_told_to_both_and_ends_with_who_left(world: World, session: Session) -> None:
    lender = world.organization()
    giver, other = world.member(lender[0]), world.organization()[0]
    organizations.trust(session, giver, lender[0], other, now=NOW)
    for organization_id in (lender[0], other):
        held = organizations.held_about_organization(session, organization_id)
        assert [len(each.rows) for each in held if each.table == "trusted_borrower"] == [1]
    session.execute(
        sa.text("UPDATE organization SET state = 'left', decided_at = created_at WHERE id = :id"),
        {"id": other},
    )
    organizations.forget_places(session, at(1), dry=False)
    assert session.scalars(sa.select(TrustedBorrower)).all() == []


def test_the_page_of_trust_shows_who_asked_before_and_changes_what_it_says(
    world: World, session: Session, client: FlaskClient
) -> None:
    world.now = datetime.now(UTC)
    lender = world.organization()
    giver, taker = world.member(lender[0]), world.member(world.organization("Le Frigo plein")[0])
    start = world.now + timedelta(days=3)
    period = Period(start, start + timedelta(hours=2))
    world.booking(world.listing(lender, trusted_at_once=True), period, borrower=taker)
    public_id, own_id = (
        organizations.organization(session, id_).public_id
        for id_ in (taker.organization_id or 0, lender[0])
    )
    world.sign_in(client, giver)
    before = client.get("/organisme/confiance").text
    assert "Le Frigo plein" in before
    assert "Vous faites confiance" not in before
    assert client.post(f"/organisme/confiance/{public_id}").status_code == 303
    assert "Vous faites confiance à 1 organisme" in client.get("/organisme/confiance").text
    own = client.post(f"/organisme/confiance/{own_id}")
    assert own.status_code == 422
    assert "votre propre organisme" in own.text
    assert client.post(f"/organisme/confiance/{public_id}/retirer").status_code == 303
    assert "Vous faites confiance" not in client.get("/organisme/confiance").text


def test_who_is_trusted_reads_so_before_asking(
    world: World, session: Session, client: FlaskClient
) -> None:
    lender = world.organization()
    giver, taker = world.member(lender[0]), world.member(world.organization()[0])
    truck = world.listing(lender, trusted_at_once=True)
    world.sign_in(client, taker)
    words = "Ce prêteur vous fait confiance"
    assert words not in client.get(f"/annonces/{truck}").text
    organizations.trust(session, giver, lender[0], taker.organization_id or 0, now=NOW)
    session.commit()
    assert words in client.get(f"/annonces/{truck}").text


def test_the_pages_ask_a_second_person_and_no_longer_the_first(
    world: World, session: Session, client: FlaskClient
) -> None:
    world.now = datetime.now(UTC)
    lender = world.organization()
    one, two = world.member(lender[0]), world.member(lender[0])
    start = world.now + timedelta(days=3)
    asked = world.booking(
        world.listing(lender, two_decide=True), Period(start, start + timedelta(hours=2))
    )
    world.sign_in(client, one)
    address = f"/reservations/{asked.public_id}"
    assert client.post(f"{address}/accepter").status_code == 303
    again = client.get(address).text
    assert "Votre oui est noté" in again
    assert f'action="{address}/accepter"' not in again
    assert f'action="{address}/accepter"' not in client.get("/a-faire").text
    assert client.post(f"{address}/accepter").status_code == 409
    world.sign_in(client, two)
    shown = client.get("/a-faire").text
    assert "Il faut le oui d’une deuxième personne" in shown
    assert f'action="{address}/accepter"' in shown


def test_a_trusted_request_that_takes_the_last_units_knocks_out_who_waits(
    world: World, session: Session
) -> None:
    lender = world.organization()
    giver, taker = world.member(lender[0]), world.member(world.organization()[0])
    truck = world.listing(lender, trusted_at_once=True)
    waiting = world.booking(truck, span(2))
    organizations.trust(session, giver, lender[0], taker.organization_id or 0, now=NOW)
    world.booking(truck, span(2), borrower=taker)
    session.refresh(waiting)
    assert waiting.state == State.DECLINED
    last = service.steps_of(session, waiting.id)[-1]
    assert (last.reason, last.person_name) == ("booking.rival_won", "")
