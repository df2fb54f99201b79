"""Nobody came: the units are free again, and the lender can take that back for half an hour."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.bookings import jobs, service
from mutuali.bookings.rules import NO_SHOW_UNDO_WITHIN, State, Step, no_show_at
from mutuali.core.errors import Conflict, Forbidden, Refused
from mutuali.core.period import Period
from mutuali.equipment import service as equipment
from mutuali.equipment.models import Listing
from mutuali.equipment.rules import Approver
from mutuali.web.clock import utc_now
from tests.factories import NOW, World, at, span


class Lent:
    """A truck that is released two hours after nobody came, and who booked it."""

    def __init__(self, world: World, **terms: object) -> None:
        self.lender = world.organization()
        free = {"approver": Approver.NOBODY, "no_show_hours": 2}
        self.truck = world.listing(self.lender, **(free | terms))
        self.giver = world.member(self.lender[0])
        self.taker = world.member(world.organization()[0])
        self.booked = world.booking(self.truck, span(1, 8), borrower=self.taker)
        self.id = self.booked.public_id


@pytest.fixture
def lent(world: World) -> Lent:
    return Lent(world)


def test_a_booking_lapses_so_many_hours_after_its_start_or_never() -> None:
    assert no_show_at(NOW, 2) == at(0, 2)
    assert no_show_at(NOW, None) is None


def test_what_nobody_came_for_is_released_at_its_time_and_not_before(
    world: World, session: Session, lent: Lent
) -> None:
    assert service.release_no_shows(session, now=at(1, 1.9)) == 0
    assert service.release_no_shows(session, now=at(1, 2)) == 1
    session.refresh(lent.booked)
    assert lent.booked.state == State.CANCELLED
    steps = service.steps_of(session, lent.booked.id)
    assert (steps[-1].step, steps[-1].person_name) == (Step.NO_SHOW, "")
    world.now = at(1, 2.1)
    world.booking(lent.truck, Period(at(1, 3), at(1, 5)))
    record = service.records_of(session, [lent.booked.borrower_id], now=at(1, 3))
    assert record[lent.booked.borrower_id].no_shows == 1


def test_what_was_handed_over_or_has_no_such_time_is_not_released(
    world: World, session: Session, lent: Lent
) -> None:
    patient = Lent(world, no_show_hours=None)
    service.hand_over(session, lent.giver, lent.id, now=at(1))
    assert service.release_no_shows(session, now=at(1, 9)) == 0
    session.refresh(patient.booked)
    assert patient.booked.state == State.APPROVED


def test_a_booking_keeps_the_time_it_was_made_under(
    world: World, session: Session, lent: Lent
) -> None:
    facts = service.booking(session, lent.taker, lent.id, now=NOW)
    assert facts.no_show_at == at(1, 2)
    session.get_one(Listing, lent.booked.listing_id).no_show_hours = None
    session.flush()
    assert service.release_no_shows(session, now=at(1, 2)) == 1


def test_the_parts_of_a_kit_are_free_with_it(world: World, session: Session) -> None:
    lender = world.organization()
    giver = world.member(lender[0])
    free = {"approver": Approver.NOBODY, "no_show_hours": 1}
    kit, tent = world.listing(lender, **free), world.listing(lender, **free)
    kit_id = equipment.listing_id_of(session, kit)
    equipment.set_parts(session, giver, kit_id, [(tent, 1)], now=NOW)
    world.booking(kit, span(1, 8))
    with pytest.raises(Conflict):
        world.booking(tent, span(1, 8))
    assert service.release_no_shows(session, now=at(1, 1)) == 1
    world.now = at(1, 1)
    world.booking(tent, Period(at(1, 2), at(1, 4)))


def test_the_lender_says_by_hand_that_nobody_came_once_it_has_begun(
    session: Session, lent: Lent
) -> None:
    with pytest.raises(Refused, match="not_begun"):
        service.note_no_show(session, lent.giver, lent.id, now=at(0.9))
    with pytest.raises(Forbidden):
        service.note_no_show(session, lent.taker, lent.id, now=at(1, 0.5))
    noted = service.note_no_show(session, lent.giver, lent.id, now=at(1, 0.5))
    assert noted.state == State.CANCELLED
    with pytest.raises(Conflict):
        service.note_no_show(session, lent.giver, lent.id, now=at(1, 0.6))


def test_somebody_came_after_all_and_the_job_leaves_it_alone_then(
    session: Session, lent: Lent
) -> None:
    service.release_no_shows(session, now=at(1, 2))
    back = service.undo_no_show(session, lent.giver, lent.id, now=at(1, 2.4))
    assert back.state == State.APPROVED
    assert service.release_no_shows(session, now=at(1, 3)) == 0
    assert service.hand_over(session, lent.giver, lent.id, now=at(1, 3)).state == State.ON_LOAN


@pytest.mark.parametrize("late", [True, False])
def test_it_is_not_taken_back_too_late_or_once_others_have_the_units(
    world: World, session: Session, lent: Lent, late: bool
) -> None:
    service.release_no_shows(session, now=at(1, 2))
    moment = at(1, 2) + timedelta(minutes=1)
    if late:
        moment = at(1, 2) + NO_SHOW_UNDO_WITHIN + timedelta(minutes=1)
    else:
        world.now = moment
        world.booking(lent.truck, Period(at(1, 4), at(1, 5)))
    code = "no_show_undo_too_late" if late else "not_enough_units"
    with pytest.raises(Conflict, match=code):
        service.undo_no_show(session, lent.giver, lent.id, now=moment)


def test_a_cancelled_booking_does_not_stand_again_by_this(session: Session, lent: Lent) -> None:
    service.cancel(session, lent.taker, lent.id, now=NOW)
    with pytest.raises(Conflict, match="nothing_to_undo"):
        service.undo_no_show(session, lent.giver, lent.id, now=NOW)


def test_requests_that_no_longer_fit_lose_when_it_stands_again(
    world: World, session: Session
) -> None:
    lent = Lent(world, approver=Approver.LENDER)
    service.approve(session, lent.giver, lent.id, now=NOW)
    service.release_no_shows(session, now=at(1, 2))
    world.now = at(1, 2.1)
    rival = world.booking(lent.truck, Period(at(1, 4), at(1, 6)))
    service.undo_no_show(session, lent.giver, lent.id, now=at(1, 2.2))
    session.refresh(rival)
    assert rival.state == State.DECLINED


def test_both_are_told(world: World, session: Session, lent: Lent) -> None:
    service.release_no_shows(session, now=at(1, 2))
    arguments = {"booking": lent.booked.id, "step": Step.NO_SHOW.value}
    told = {person.id for person in jobs.readers(session, arguments, at(1, 2))}
    assert told == {lent.giver.person_id, lent.taker.person_id}


def test_the_page_offers_it_to_the_lender_alone_and_takes_it_back(
    world: World, session: Session, client: FlaskClient
) -> None:
    now = utc_now()
    world.now = now - timedelta(hours=3)
    lender = world.organization()
    truck = world.listing(lender, approver=Approver.NOBODY)
    giver, taker = world.member(lender[0]), world.member(world.organization()[0])
    period = Period(now - timedelta(hours=1), now + timedelta(hours=5))
    booked = world.booking(truck, period, borrower=taker)
    address = f"/reservations/{booked.public_id}"
    world.sign_in(client, taker)
    assert "Personne n’est venu" not in client.get(address).text
    assert client.post(f"{address}/absence").status_code == 403
    world.sign_in(client, giver)
    assert "Personne n’est venu" in client.get(address).text
    client.post(f"{address}/absence")
    assert "Quelqu’un est venu" in client.get(address).text
    client.post(f"{address}/absence/reprendre")
    assert "Confirmer la prise en charge" in client.get(address).text
