"""Both parties say in what state the thing is: the first moves the booking, the second answers."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.bookings.models import BookingStep
from mutuali.bookings.rules import State
from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused
from mutuali.equipment.rules import Kind
from mutuali.equipment.service import EncodedPhoto
from mutuali.jobs.models import Job
from mutuali.loans import service
from mutuali.loans.models import ConditionReport
from mutuali.loans.rules import CONFIRM_WITHIN, Direction, Item, Settled, Side, Standing
from mutuali.web.secrets import new_public_id
from tests.factories import World, at
from tests.how_many import how_many
from tests.loans.made import loan, without

OUT, BACK = Direction.OUT, Direction.BACK
START = at(0, 2)
WEBP = EncodedPhoto(b"grande", b"petite", 8, 6)


def test_the_first_report_moves_the_booking_and_the_other_side_confirms(
    world: World, session: Session
) -> None:
    made = loan(world, refrigerated=True)
    assert made.write(made.taker, OUT, now=START)
    assert made.booking.state == State.ON_LOAN
    waiting = made.passage(OUT, now=START)
    assert waiting.standing is Standing.WAITING
    assert waiting.may_confirm
    assert not made.passage(OUT, now=START, actor=made.taker).may_confirm
    assert how_many(service.count_to_confirm, session, made.giver, START) == 1
    assert how_many(service.count_to_confirm, session, made.taker, START) == 0
    service.confirm(session, made.giver, made.id, OUT, "Gil Prêteur", now=at(0, 3))
    found = made.passage(OUT, now=at(0, 3))
    assert found.standing is Standing.AGREED
    assert found.only is not None
    assert found.only.agreed_name == "Gil Prêteur"
    assert how_many(service.count_to_confirm, session, made.giver, at(0, 3)) == 0
    made.write(made.giver, BACK, now=at(0, 5))
    assert made.booking.state == State.RETURNED
    assert bookings.steps_of(session, made.booking.id)[-1].temperature == 3


def test_who_wrote_cannot_confirm_and_a_stranger_learns_of_nothing(
    world: World, session: Session
) -> None:
    made = loan(world)
    made.write(made.taker, OUT, now=START)
    with pytest.raises(Forbidden):
        service.confirm(session, made.taker, made.id, OUT, "Zoé", now=START)
    with pytest.raises(Forbidden):
        service.confirm(session, made.coordinator, made.id, OUT, "Cora", now=START)
    stranger = world.member(world.organization()[0])
    for deed in (
        lambda: made.write(stranger, OUT, now=START),
        lambda: service.confirm(session, stranger, made.id, OUT, "X", now=START),
        lambda: service.passages(session, stranger, made.id, now=START),
    ):
        with pytest.raises(NotFound):
            deed()


def test_silence_is_shown_as_one_organization_only_and_comes_too_late(
    world: World, session: Session
) -> None:
    made = loan(world, hours=24 * 5)
    made.write(made.taker, OUT, now=START)
    late = START + CONFIRM_WITHIN
    assert made.passage(OUT, now=late).standing is Standing.ALONE
    assert how_many(service.count_to_confirm, session, made.giver, late) == 0
    with pytest.raises(Conflict, match="too_late"):
        service.confirm(session, made.giver, made.id, OUT, "Gil", now=late)
    with pytest.raises(Conflict, match="too_late"):
        made.write(made.giver, OUT, without(made.good(), 0, "vide"), now=late)


def test_what_is_said_differently_is_disputed_until_both_find_words(
    world: World, session: Session
) -> None:
    made = loan(world)
    made.write(made.taker, OUT, now=START)
    dented = without(made.good(), len(made.good().items) - 1, "aile cabossée")
    made.write(made.giver, OUT, dented, differs="L’aile était droite.", now=at(0, 3))
    found = made.passage(OUT, now=at(0, 3))
    assert found.standing is Standing.DISPUTED
    assert found.differs == {"intact"}
    assert made.booking.disputed_at == at(0, 3)
    step = session.scalars(sa.select(BookingStep).order_by(BookingStep.id.desc())).first()
    assert step is not None
    assert (step.step, step.note) == ("dispute", "L’aile était droite.")
    for actor in (made.giver, made.taker, made.coordinator):
        assert how_many(service.count_disputed, session, actor, at(0, 3)) == 1
    stranger = world.member(world.organization()[0])
    assert how_many(service.count_disputed, session, stranger, at(0, 3)) == 0
    service.settle(session, made.giver, made.id, OUT, "On partage la réparation.", now=at(0, 4))
    assert made.booking.disputed_at is not None
    with pytest.raises(Forbidden):
        service.agree(session, made.giver, made.id, OUT, now=at(0, 4))
    service.agree(session, made.taker, made.id, OUT, now=at(0, 5))
    settled = made.passage(OUT, now=at(0, 5))
    assert settled.standing is Standing.SETTLED
    assert settled.dispute is not None
    assert settled.dispute.settled_as is Settled.BOTH
    assert made.booking.disputed_at is None
    told = session.scalar(sa.select(sa.func.count()).where(Job.kind == "loans.tell"))
    assert told == 2
    with pytest.raises(Conflict, match="already_settled"):
        service.settle(session, made.coordinator, made.id, OUT, "Trop tard.", now=at(0, 6))


def test_the_coordination_settles_with_its_own_words(world: World, session: Session) -> None:
    made = loan(world)
    made.write(made.taker, OUT, now=START)
    made.write(made.giver, OUT, differs="Il manque un diable.", now=START)
    assert made.passage(OUT, now=START).standing is Standing.DISPUTED
    with pytest.raises(Refused, match="words_missing"):
        service.settle(session, made.coordinator, made.id, OUT, " ", now=START)
    stranger = world.member(world.organization()[0])
    with pytest.raises(NotFound):
        service.settle(session, stranger, made.id, OUT, "Moi je tranche.", now=START)
    service.settle(session, made.coordinator, made.id, OUT, "Le diable est à l’atelier.", now=START)
    found = made.passage(OUT, now=START).dispute
    assert found is not None
    assert found.settled_as is Settled.COORDINATION


def test_a_booking_that_is_disputed_does_not_close(world: World, session: Session) -> None:
    made = loan(world)
    made.write(made.taker, OUT, now=START)
    made.write(made.taker, BACK, now=at(0, 4))
    made.write(made.giver, BACK, differs="Le réservoir est vide.", now=at(0, 5))
    with pytest.raises(Conflict, match="disputed"):
        bookings.close_return(session, made.giver, made.id, now=at(0, 6))
    assert bookings.close_seen_returns(session, now=at(9)) == 0
    service.settle(session, made.coordinator, made.id, BACK, "Plein payé.", now=at(9))
    assert bookings.close_seen_returns(session, now=at(9)) == 1


def test_two_disputes_have_to_be_settled_both(world: World, session: Session) -> None:
    made = loan(world)
    for direction, hour in ((OUT, 2), (BACK, 4)):
        made.write(made.taker, direction, now=at(0, hour))
        made.write(made.giver, direction, differs="Non.", now=at(0, hour))
    service.settle(session, made.coordinator, made.id, OUT, "Réglé.", now=at(0, 5))
    assert made.booking.disputed_at is not None
    service.settle(session, made.coordinator, made.id, BACK, "Réglé.", now=at(0, 5))
    assert made.booking.disputed_at is None


def test_two_reports_that_say_the_same_are_an_agreement(world: World) -> None:
    made = loan(world)
    made.write(made.taker, OUT, now=START)
    made.write(made.giver, OUT, replace(made.good(), signed_by="Gil", note="Beau."), now=START)
    assert made.passage(OUT, now=START).standing is Standing.AGREED
    assert made.booking.disputed_at is None


def test_sent_twice_it_counts_once_and_something_else_is_refused(
    world: World, session: Session
) -> None:
    made = loan(world)
    assert made.write(made.taker, OUT, now=START)
    assert not made.write(made.taker, OUT, now=at(0, 3))
    with pytest.raises(Conflict, match="already_written"):
        made.write(made.taker, OUT, made.good(note="Autre chose"), now=at(0, 3))
    assert session.scalar(sa.select(sa.func.count(ConditionReport.id))) == 1


def test_the_temperature_is_asked_for_where_cold_matters(world: World) -> None:
    made = loan(world, kind=Kind.COLD_STORAGE, temperature_low=0, temperature_high=4)
    with pytest.raises(Refused, match="temperature_missing"):
        made.write(made.taker, OUT, made.good(temperature=None), now=START)
    made.write(made.taker, OUT, made.good(temperature=71), now=START)
    only = made.passage(OUT, now=START).only
    assert only is not None
    assert only.too_warm_or_cold


def test_the_odometer_comes_back_with_at_least_what_it_left_with(world: World) -> None:
    made = loan(world)
    made.write(made.taker, OUT, made.good(odometer_km=45_210), now=START)
    with pytest.raises(Refused, match="odometer_below"):
        made.write(made.taker, BACK, made.good(odometer_km=45_209), now=at(0, 4))
    made.write(made.taker, BACK, made.good(odometer_km=45_260), now=at(0, 4))
    assert made.booking.state == State.RETURNED


def test_the_coordination_says_for_which_side_it_notes(world: World) -> None:
    made = loan(world)
    with pytest.raises(Refused, match="side_missing"):
        made.write(made.coordinator, OUT, now=START)
    made.write(made.coordinator, OUT, side=Side.BORROWER, now=START)
    assert set(made.passage(OUT, now=START).reports) == {Side.BORROWER}
    with pytest.raises(Forbidden):
        made.write(made.giver, OUT, side=Side.BORROWER, now=START)


def test_nobody_reports_before_it_goes_out_or_long_after(world: World, session: Session) -> None:
    made = loan(world)
    with pytest.raises(Conflict, match="not_now"):
        made.write(made.taker, BACK, now=START)
    bookings.hand_over(session, made.taker, made.id, now=START)
    made.write(made.giver, OUT, now=at(0, 3))
    bookings.take_back(session, made.taker, made.id, now=at(0, 5))
    with pytest.raises(Conflict, match="not_now"):
        made.write(made.taker, BACK, now=at(0, 5) + CONFIRM_WITHIN)


def test_a_photo_is_for_the_parties_and_six_are_the_most(world: World, session: Session) -> None:
    made = loan(world)
    made.write(made.taker, OUT, now=START)

    def add(now=START, actor=made.taker) -> None:  # type: ignore[no-untyped-def]
        service.add_photo(session, actor, made.id, OUT, WEBP, public_id=new_public_id(), now=now)

    with pytest.raises(NotFound):
        add(actor=made.giver)
    for _ in range(6):
        add()
    with pytest.raises(Refused, match="too_many_photos"):
        add()
    with pytest.raises(Conflict, match="too_late"):
        add(now=START + CONFIRM_WITHIN)
    (first, *_) = made.passage(OUT, now=START).reports[Side.BORROWER].photos
    for actor in (made.taker, made.giver, made.coordinator):
        found = service.photo_bytes(session, actor, first.public_id, small=True, now=START)
        assert found == b"petite"
    stranger = world.member(world.organization()[0])
    with pytest.raises(NotFound):
        service.photo_bytes(session, stranger, first.public_id, small=True, now=START)


def test_erasing_a_person_blanks_their_words_and_not_those_of_others(
    world: World, session: Session
) -> None:
    made = loan(world)
    broken = without(made.good(note="Rendu à Zoé"), 0, "demandez Zoé")
    made.write(made.taker, OUT, broken, now=START)
    service.confirm(session, made.giver, made.id, OUT, "Gil Prêteur", now=START)
    about = service.held_about_person(session, made.giver.person_id or 0)
    rows = [row for held in about for row in held.rows]
    assert [(row["agreed_name"], row["signed_by"], row["note"]) for row in rows] == [
        ("Gil Prêteur", None, None)
    ]
    service.forget_person(session, made.taker.person_id or 0)
    session.expire_all()
    row = session.scalars(sa.select(ConditionReport)).one()
    assert (row.signed_by, row.note, row.agreed_name) == ("", "", "Gil Prêteur")
    assert {each["word"] for each in row.items} == {""}
    assert row.items[0]["item"] == Item.FUEL
    assert not row.items[0]["ok"]


def test_after_three_years_photos_go_and_people_are_taken_off(
    world: World, session: Session
) -> None:
    made = loan(world)
    made.write(made.taker, OUT, now=START)
    service.add_photo(session, made.taker, made.id, OUT, WEBP, public_id=new_public_id(), now=START)
    assert service.forget_photos(session, at(0), dry=False) == 0
    later = at(1) + timedelta(days=3 * 365)
    assert service.forget_photos(session, later, dry=True) == 1
    assert service.forget_photos(session, later, dry=False) == 1
    assert service.detach_people(session, later, dry=False) == 1
    row = session.scalars(sa.select(ConditionReport)).one()
    assert (row.person_id, row.signed_by) == (None, "")
    assert service.forget_loans(session, later, dry=False) == 1
    assert bookings.forget_loans(session, later, dry=False) == 1
