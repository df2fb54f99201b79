"""What went wrong is written once, followed by both sides, and closed with a reason."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Role
from mutuali.equipment.rules import Approver
from mutuali.equipment.service import EncodedPhoto
from mutuali.mishaps import service
from mutuali.mishaps.rules import MOST_PHOTOS, Kind, Severity
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from tests.bookings.letters import sent
from tests.factories import NOW, World, at
from tests.how_many import how_many

DRAFT = service.MishapDraft(Kind.DAMAGE, Severity.MODERATE, NOW, "La porte ne ferme plus.")
PHOTO = EncodedPhoto(b"grande", b"petite", 3, 2)


class Lent:
    """A booking, its two parties, a stranger and the coordination."""

    def __init__(self, world: World) -> None:
        lender = world.organization("La Corbeille")
        self.giver = world.member(lender[0])
        self.taker = world.member(world.organization("Le Frigo plein")[0])
        self.stranger = world.member(world.organization()[0])
        self.coordinator = world.person(role=Role.COORDINATOR)
        self.truck = world.listing(lender, approver=Approver.NOBODY)
        start = world.now + timedelta(days=1)
        period = Period(start, start + timedelta(hours=2))
        self.booked = world.booking(self.truck, period, borrower=self.taker)
        self.session = world.session

    def report(self, actor: Actor, draft: service.MishapDraft = DRAFT) -> str:
        made = new_public_id()
        service.report_of_booking(
            self.session, actor, self.booked.public_id, draft, public_id=made, now=NOW
        )
        return made


@pytest.fixture
def lent(world: World) -> Lent:
    return Lent(world)


def test_each_party_and_the_coordination_report_add_and_read_and_nobody_else(
    session: Session, lent: Lent
) -> None:
    made = lent.report(lent.taker)
    service.add_entry(session, lent.giver, made, "Pièce commandée.", now=at(1))
    service.add_entry(session, lent.coordinator, made, "Assurance avisée.", now=at(2))
    for reader in (lent.giver, lent.taker, lent.coordinator):
        found = service.mishap(session, reader, made)
        assert [(each.organization, each.words) for each in found.entries] == [
            ("La Corbeille", "Pièce commandée."),
            ("", "Assurance avisée."),
        ]
        assert found.line.reported_for == "Le Frigo plein"
        assert how_many(service.count_open, session, reader, NOW) == 1
    with pytest.raises(NotFound):
        service.mishap(session, lent.stranger, made)
    with pytest.raises(NotFound):
        service.add_entry(session, lent.stranger, made, "Moi aussi", now=NOW)
    with pytest.raises(NotFound):
        lent.report(lent.stranger)
    assert service.mishaps(session, lent.stranger) == []
    assert how_many(service.count_open, session, lent.stranger, NOW) == 0


def test_who_reported_it_or_the_coordination_closes_it_with_a_reason_and_nothing_is_added_then(
    session: Session, lent: Lent
) -> None:
    made = lent.report(lent.taker)
    with pytest.raises(Forbidden):
        service.close(session, lent.giver, made, "Réparé", now=at(1))
    with pytest.raises(Refused, match="words_missing"):
        service.close(session, lent.taker, made, "  ", now=at(1))
    service.close(session, lent.taker, made, "Réparé", now=at(1))
    found = service.mishap(session, lent.giver, made)
    assert (found.closed_word, found.line.closed_at, found.may_add) == ("Réparé", at(1), False)
    for deed in (service.close, service.add_entry):
        with pytest.raises(Conflict, match="closed"):
            deed(session, lent.coordinator, made, "Encore", now=at(2))
    assert how_many(service.count_open, session, lent.giver, NOW) == 0
    assert service.mishaps(session, lent.giver, only_open=True) == []
    other = lent.report(lent.giver)
    service.close(session, lent.coordinator, other, "Entendu", now=at(1))


def test_what_has_not_happened_yet_or_says_nothing_is_refused(lent: Lent) -> None:
    soon = service.MishapDraft(Kind.LOSS, Severity.MINOR, NOW + timedelta(hours=1), " ")
    with pytest.raises(Refused) as refused:
        lent.report(lent.taker, soon)
    assert {reason.code for reason in refused.value.reasons} == {
        "mishap.in_the_future",
        "mishap.words_missing",
    }


def test_a_thing_that_nobody_had_is_its_lenders_business(session: Session, lent: Lent) -> None:
    made = new_public_id()
    service.report_of_listing(session, lent.giver, lent.truck, DRAFT, public_id=made, now=NOW)
    assert service.mishap(session, lent.giver, made).line.booking is None
    with pytest.raises(NotFound):
        service.mishap(session, lent.taker, made)
    with pytest.raises(NotFound):
        service.report_of_listing(
            session, lent.taker, lent.truck, DRAFT, public_id=new_public_id(), now=NOW
        )


def test_six_photos_at_most_and_only_the_parties_see_them(session: Session, lent: Lent) -> None:
    made, ids = lent.report(lent.taker), [new_public_id() for _ in range(MOST_PHOTOS + 1)]
    for each in ids[:-1]:
        service.add_photo(session, lent.giver, made, PHOTO, photo_id=each, now=NOW)
    with pytest.raises(Refused, match="too_many_photos"):
        service.add_photo(session, lent.giver, made, PHOTO, photo_id=ids[-1], now=NOW)
    assert service.photo_bytes(session, lent.taker, ids[0], small=True) == b"petite"
    with pytest.raises(NotFound):
        service.photo_bytes(session, lent.stranger, ids[0], small=True)


def test_the_register_is_by_kind_with_open_ones_first(session: Session, lent: Lent) -> None:
    first = lent.report(lent.taker)
    food = service.MishapDraft(Kind.FOOD_SAFETY, Severity.SERIOUS, NOW, "Trop chaud.")
    second = lent.report(lent.giver, food)
    service.close(session, lent.giver, second, "Jeté", now=at(1))
    found = service.mishaps(session, lent.coordinator)
    assert [each.public_id for each in found] == [first, second]
    only = service.mishaps(session, lent.coordinator, kind=Kind.FOOD_SAFETY)
    assert [each.public_id for each in only] == [second]


def test_everybody_concerned_is_written_to_but_who_did_it(
    app: Flask, world: World, session: Session
) -> None:
    world.now = utc_now()
    lent = Lent(world)
    draft = service.MishapDraft(Kind.ACCIDENT, Severity.SERIOUS, world.now, "Accrochage.")
    service.report_of_booking(
        session, lent.taker, lent.booked.public_id, draft, public_id=new_public_id(), now=world.now
    )
    session.commit()
    told = [each for each in sent(app) if each.subject.startswith("Incident signalé")]
    assert len({each.to for each in told}) == len(told) == 2
    assert all("Accrochage." in each.body for each in told)
