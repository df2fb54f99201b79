"""One card, one tap: a series is approved or declined with the dates that no longer fit said."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.bookings.models import Booking
from mutuali.bookings.service import series as service
from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused
from mutuali.core.period import Period, local
from mutuali.core.permissions import Actor
from mutuali.equipment.rules import Approver
from tests.bookings.test_series import draft, instant, request, wall
from tests.factories import NOW, World
from tests.how_many import how_many


class Asked:
    """Four Tuesdays that a lender has to say yes to."""

    def __init__(self, world: World) -> None:
        self.world, self.session = world, world.session
        self.lender = world.organization()
        self.truck = world.listing(self.lender)
        self.giver = world.member(self.lender[0])
        self.taker = world.member(world.organization()[0])
        self.id = request(world, self.taker, draft(self.truck)).public_id

    def decide(
        self, accept: bool = True, reason: str = "", actor: Actor | None = None
    ) -> list[bookings.Outcome]:
        return service.decide_series(
            self.session, actor or self.giver, self.id, accept=accept, reason=reason, now=NOW
        )

    def states(self) -> list[str]:
        query = sa.select(Booking.state).where(Booking.series_id.is_not(None))
        return list(self.session.scalars(query.order_by(Booking.series_date)))


@pytest.fixture
def asked(world: World) -> Asked:
    return Asked(world)


def test_a_series_is_one_card_and_one_thing_to_do(asked: Asked, session: Session) -> None:
    asked.world.booking(asked.truck, Period(instant(4, 7, 9), instant(4, 7, 11)))
    cards = bookings.inbox(session, asked.giver, now=NOW)
    assert how_many(bookings.count_inbox, session, asked.giver, NOW) == len(cards) == 2
    (card,) = (each for each in cards if each.series)
    assert card.series is not None
    assert (card.series.public_id, card.series.count, card.series.unfit) == (asked.id, 4, ())


def test_all_dates_are_approved_in_one_go(asked: Asked) -> None:
    outcomes = asked.decide()
    assert [each.reasons for each in outcomes] == [()] * 4
    assert asked.states() == ["approved"] * 4
    with pytest.raises(Conflict, match="none_waits"):
        asked.decide()


def test_a_date_that_no_longer_fits_is_said_before_and_after_and_waits(
    asked: Asked, session: Session
) -> None:
    rival = asked.world.booking(asked.truck, Period(instant(3, 17, 9), instant(3, 17, 11)))
    # Straight into the table: approving it would have declined the date.
    session.execute(sa.update(Booking).where(Booking.id == rival.id).values(state="approved"))
    (card,) = bookings.inbox(session, asked.giver, now=NOW)
    assert card.series is not None
    assert card.series.unfit == (wall(3, 17),)
    outcomes = asked.decide()
    assert [bool(each.reasons) for each in outcomes] == [False, True, False, False]
    assert asked.states() == ["approved", "requested", "approved", "approved"]


def test_all_dates_are_declined_with_one_reason(asked: Asked) -> None:
    with pytest.raises(Refused, match="reason_missing"):
        asked.decide(accept=False)
    asked.decide(accept=False, reason="Au garage tout le mois.")
    assert asked.states() == ["declined"] * 4


def test_only_who_decides_the_listing_decides_its_series(asked: Asked, world: World) -> None:
    with pytest.raises(Forbidden):
        asked.decide(actor=asked.taker)
    with pytest.raises(NotFound):
        asked.decide(actor=world.member(world.organization()[0]))
    assert asked.states() == ["requested"] * 4


def test_a_decision_on_a_series_is_taken_back_together(asked: Asked, session: Session) -> None:
    asked.decide()
    service.undo_series(session, asked.giver, asked.id, now=NOW + timedelta(minutes=2))
    assert asked.states() == ["requested"] * 4
    with pytest.raises(Conflict, match="nothing_to_undo"):
        service.undo_series(session, asked.giver, asked.id, now=NOW + timedelta(minutes=2))


def test_the_inbox_says_how_many_dates_and_answers_them_all(
    world: World, session: Session, client: FlaskClient
) -> None:
    world.now = datetime.now(UTC)
    lender = world.organization()
    truck = world.listing(lender, approver=Approver.LENDER)
    taker = world.member(world.organization()[0])
    soon = local(world.now + timedelta(days=14)).replace(tzinfo=None)
    starts = soon.replace(hour=8, minute=0, second=0, microsecond=0)
    made = request(world, taker, draft(truck, starts=starts))
    world.sign_in(client, world.member(lender[0]))
    page = client.get("/a-faire").text
    assert page.count('class="decision"') == 1
    assert "Camion réfrigéré\u00a0: 4 dates" in page
    assert "Accepter 4 dates" in page
    address = f"/series/{made.public_id}"
    assert "4 dates attendent votre réponse" in client.get(address).text

    refused = client.post(f"{address}/refuser", data={"reason": ""})
    assert refused.status_code == 422
    done = client.post(f"{address}/accepter", data={"from": "inbox"})
    assert (done.status_code, done.location) == (303, "/a-faire")
    after = client.get("/a-faire").text
    assert "4 acceptées" in after
    assert after.count("Annuler cette décision") == 1
    client.post(f"{address}/annuler-la-decision", data={"from": "inbox"})
    assert "Accepter 4 dates" in client.get("/a-faire").text


def test_a_program_answers_a_series(world: World, session: Session, client: FlaskClient) -> None:
    world.now = datetime.now(UTC)
    lender = world.organization()
    taker = world.member(world.organization()[0])
    soon = local(world.now + timedelta(days=14)).replace(tzinfo=None)
    starts = soon.replace(hour=8, minute=0, second=0, microsecond=0)
    made = request(world, taker, draft(world.listing(lender), starts=starts))
    token = world.api_token(world.member(lender[0]))
    headers = {"Authorization": f"Bearer {token}"}
    (card,) = client.get("/api/v1/inbox", headers=headers).get_json()
    assert (card["series"], card["dates"], card["unfit"]) == (made.public_id, 4, [])
    address = f"/api/v1/series/{made.public_id}"
    for name, body, state in (
        ("approve", {}, "approved"),
        ("undo", {}, "requested"),
        ("decline", {"reason": "Au garage."}, "declined"),
    ):
        answer = client.post(f"{address}/{name}", json=body, headers=headers)
        assert answer.status_code == 200
        assert [each["state"] for each in answer.get_json()] == [state] * 4
