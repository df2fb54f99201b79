"""Requests that want the same: what whoever decides sees, and what a yes does to the others."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.bookings import service
from mutuali.bookings.models import Booking, BookingStep
from mutuali.bookings.rules import Hold, State, Step, Want, no_longer_fit, occupied, shares_of
from mutuali.core.period import Period
from mutuali.core.permissions import Actor
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver, Kind, Offer, PricePer
from tests.factories import NOW, World, at, span

MINUTE = timedelta(minutes=1)


class Kit:
    """Three trays, and a kit that takes two of them; the lender answers for both."""

    def __init__(self, world: World) -> None:
        lender = world.organization()
        self.giver = world.member(lender[0])
        self.trays = world.listing(lender, units=3)
        self.kit = world.listing(lender)
        kit_id = equipment.listing_id_of(world.session, self.kit)
        equipment.set_parts(world.session, self.giver, kit_id, [(self.trays, 2)], now=NOW)


@pytest.fixture
def kit(world: World) -> Kit:
    return Kit(world)


@pytest.mark.parametrize(("units", "state"), [(2, State.DECLINED), (1, State.REQUESTED)])
def test_what_a_kit_is_made_of_knocks_the_kit_out_when_too_little_is_left(
    world: World, session: Session, kit: Kit, units: int, state: State
) -> None:
    whole = world.booking(kit.kit, span(2))
    winner = world.booking(kit.trays, span(2), units=units)
    (card,) = (
        each for each in service.inbox(session, kit.giver, now=NOW) if each.booking.id == winner.id
    )
    assert [rival.would_lose for rival in card.rivals] == [state is State.DECLINED]
    service.approve(session, kit.giver, winner.public_id, now=NOW)
    session.expire_all()
    rows = sa.select(Booking.state).where((Booking.id == whole.id) | (Booking.whole_id == whole.id))
    assert session.scalars(rows).all() == [state, state]


@pytest.mark.parametrize(("units", "state"), [(2, State.DECLINED), (1, State.REQUESTED)])
def test_a_kit_knocks_out_who_wants_too_much_of_what_it_is_made_of(
    world: World, session: Session, kit: Kit, units: int, state: State
) -> None:
    rival = world.booking(kit.trays, span(2), units=units)
    another_kit = world.booking(kit.kit, span(2))
    winner = world.booking(kit.kit, span(2))
    (card,) = (
        each for each in service.inbox(session, kit.giver, now=NOW) if each.booking.id == winner.id
    )
    assert card.losers == 1 + (state is State.DECLINED)
    service.approve(session, kit.giver, winner.public_id, now=NOW)
    session.expire_all()
    assert (rival.state, another_kit.state) == (state, State.DECLINED)


def test_what_nobody_decides_knocks_out_who_waits_as_well(world: World, session: Session) -> None:
    lender = world.organization()
    trays = world.listing(lender, units=3, approver=Approver.NOBODY)
    kit = world.listing(lender)
    giver = world.member(lender[0])
    kit_id = equipment.listing_id_of(session, kit)
    equipment.set_parts(session, giver, kit_id, [(trays, 2)], now=NOW)
    waits = world.booking(kit, span(2))
    world.booking(trays, span(2), units=2)
    session.refresh(waits)
    assert waits.state == State.DECLINED


def test_a_yes_declines_the_rivals_that_no_longer_fit_and_no_other(
    world: World, session: Session
) -> None:
    lender = world.organization()
    crates = world.listing(lender, units=10)
    giver = world.member(lender[0])
    winner = world.booking(crates, span(2, 4), units=6)
    fits = world.booking(crates, span(2, 4), units=4)
    too_many = world.booking(crates, span(2, 2), units=5)
    another_day = world.booking(crates, span(3, 4), units=10)
    service.approve(session, giver, winner.public_id, now=NOW)
    session.expire_all()
    assert [row.state for row in (fits, too_many, another_day)] == [
        State.REQUESTED,
        State.DECLINED,
        State.REQUESTED,
    ]


def test_who_lost_to_a_rival_reads_why_and_never_who(
    world: World, session: Session, client: FlaskClient
) -> None:
    world.now = datetime.now(UTC)
    lender = world.organization()
    truck = world.listing(lender)
    giver = world.member(lender[0])
    loser = world.member(world.organization("La Cuisine du coin")[0])
    start = world.now + timedelta(days=3)
    period = Period(start, start + timedelta(hours=2))
    winner = world.booking(
        truck, period, borrower=world.member(world.organization("Le Frigo plein")[0])
    )
    lost = world.booking(truck, period, borrower=loser)
    service.approve(session, giver, winner.public_id, now=world.now)
    step = session.scalars(
        sa.select(BookingStep).where(
            BookingStep.booking_id == lost.id, BookingStep.step == Step.DECLINE
        )
    ).one()
    assert (step.reason, step.cause_id, step.person_id, step.note) == (
        "booking.rival_won",
        winner.id,
        None,
        "",
    )
    event = session.scalars(
        sa.select(AuditEvent).where(
            AuditEvent.name == "booking.decline", AuditEvent.subject_id == lost.id
        )
    ).one()
    assert event.facts["cause"] == winner.id
    world.sign_in(client, loser)
    shown = client.get(f"/reservations/{lost.public_id}").text
    assert "Une autre demande pour le même moment a été acceptée" in shown
    assert "Le Frigo plein" not in shown


def test_a_hold_that_can_lapse_knocks_nobody_out(world: World, session: Session) -> None:
    lender = world.organization()
    crates = world.listing(lender, units=3)
    giver = world.member(lender[0])
    waits = world.booking(crates, span(2), units=2)
    winner = world.booking(crates, span(2), units=1)
    session.execute(
        sa.text("UPDATE listing SET hold_minutes = 600 WHERE public_id = :id"), {"id": crates}
    )
    held = world.booking(crates, span(2), units=2)
    assert held.state == State.HELD
    service.approve(session, giver, winner.public_id, now=NOW)
    session.expire_all()
    assert (held.state, waits.state) == (State.HELD, State.REQUESTED)


def test_a_turnaround_counts_between_rivals(world: World, session: Session) -> None:
    lender = world.organization()
    truck = world.listing(lender, turnaround_minutes=60)
    giver = world.member(lender[0])
    winner = world.booking(truck, Period(at(2), at(2, 2)))
    after = world.booking(truck, Period(at(2, 2.5), at(2, 4)))
    touching = world.booking(truck, Period(at(2, 3), at(2, 4)))
    service.approve(session, giver, winner.public_id, now=NOW)
    session.expire_all()
    assert (after.state, touching.state) == (State.DECLINED, State.REQUESTED)


OFFER = Offer(
    listing_id=1,
    lender_id=1,
    units=3,
    published=True,
    approver=Approver.LENDER,
    hold_for=timedelta(),
    shortest=MINUTE,
    longest=timedelta(days=9),
    lead=timedelta(),
    turnaround=2 * MINUTE,
    price_cents=0,
    price_per=PricePer.LOAN,
)
SPANS = st.tuples(st.integers(0, 20), st.integers(1, 8), st.integers(1, 3))


def _period(start: int, length: int) -> Period:
    return Period(NOW + start * MINUTE, NOW + (start + length) * MINUTE)


@given(st.lists(SPANS, max_size=6), st.lists(SPANS, max_size=6))
def test_who_no_longer_fits_is_what_counting_minute_by_minute_says(
    taken: list[tuple[int, int, int]], asked: list[tuple[int, int, int]]
) -> None:
    holds = [
        Hold(units, occupied(_period(start, length), OFFER.turnaround))
        for start, length, units in taken
    ]
    wants = [
        Want(n, units, occupied(_period(start, length), OFFER.turnaround))
        for n, (start, length, units) in enumerate(asked)
    ]

    def out(minute: int) -> int:
        return sum(units for start, length, units in taken if start <= minute < start + length + 2)

    slowly = {
        n
        for n, (start, length, units) in enumerate(asked)
        if any(out(minute) + units > 3 for minute in range(start, start + length + 2))
    }
    assert no_longer_fit(shares_of(OFFER)[1], holds, wants) == slowly


def test_a_card_names_the_rivals_and_counts_who_would_lose(world: World, session: Session) -> None:
    lender = world.organization()
    crates = world.listing(lender, units=10)
    giver = world.member(lender[0])
    big = world.booking(crates, span(1), units=7)
    small = world.booking(crates, span(1), units=2)
    middle = world.booking(crates, span(1), units=4)
    cards = {card.booking.id: card for card in service.inbox(session, giver, now=NOW)}
    told = {rival.public_id: rival.would_lose for rival in cards[big.id].rivals}
    assert told == {small.public_id: False, middle.public_id: True}
    assert cards[big.id].losers == 1
    assert cards[small.id].losers == 0
    assert all(card.units_free_otherwise == 10 for card in cards.values())


def test_a_card_says_what_the_borrower_had_and_what_came_to_nothing(
    world: World, session: Session
) -> None:
    lender = world.organization()
    truck = world.listing(lender)
    kitchen = world.listing(kind=Kind.KITCHEN, approver=Approver.NOBODY)
    giver, taker = world.member(lender[0]), world.member(world.organization()[0])
    world.now = at(-30)
    had = world.booking(truck, span(-29), borrower=taker)
    service.approve(session, giver, had.public_id, now=world.now)
    service.hand_over(session, giver, had.public_id, now=at(-29))
    service.take_back(session, giver, had.public_id, now=at(-28))
    in_vain = world.booking(truck, span(-20), borrower=taker)
    service.decline(session, giver, in_vain.public_id, "En réparation.", now=world.now)
    world.now = at(-99)
    long_ago = world.booking(truck, span(-90), borrower=taker)
    service.decline(session, giver, long_ago.public_id, "En réparation.", now=world.now)
    world.now = at(-1)
    elsewhere = world.booking(kitchen, span(-0.5), borrower=taker)
    service.hand_over(session, taker, elsewhere.public_id, now=at(-0.5))
    world.now = NOW
    world.booking(truck, span(3), borrower=taker)
    (card,) = service.inbox(session, giver, now=NOW)
    record = card.record
    assert (record.loans, record.late_returns, record.in_vain, record.no_shows) == (2, 1, 1, 0)
    assert record.last_loan == at(-0.5)
    assert card.last_of_kind == at(-29)


def test_the_rivals_have_their_record_too(world: World, session: Session) -> None:
    lender = world.organization()
    truck = world.listing(lender)
    giver, often = world.member(lender[0]), world.member(world.organization()[0])
    before = world.booking(truck, span(1), borrower=often)
    service.decline(session, giver, before.public_id, "En réparation.", now=NOW)
    asked = world.booking(truck, span(2))
    world.booking(truck, span(2), borrower=often)
    cards = {card.booking.id: card for card in service.inbox(session, giver, now=NOW)}
    (rival,) = cards[asked.id].rivals
    assert rival.record.in_vain == 1
    assert cards[asked.id].record.in_vain == 0


@contextmanager
def _counted(session: Session) -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    engine = session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def test_the_inbox_asks_as_often_for_thirty_cards_as_for_three(
    world: World, session: Session
) -> None:
    lender = world.organization()
    giver = world.member(lender[0])

    def cards(count: int) -> None:
        for n in range(count):
            truck = world.listing(lender, two_decide=n % 2 == 0)
            world.booking(truck, span(2 + n))
            world.booking(truck, span(2 + n))

    def asked() -> int:
        session.expire_all()
        with _counted(session) as said:
            found.append(len(service.inbox(session, giver, now=NOW)))
        return len(said)

    found: list[int] = []
    cards(2)
    few = asked()
    cards(13)
    many = asked()
    assert found == [4, 30]
    assert many == few
    assert few <= 16


def test_rivals_are_named_to_whoever_decides_and_to_no_borrower(
    world: World, session: Session, client: FlaskClient
) -> None:
    world.now = datetime.now(UTC)
    lender = world.organization()
    truck = world.listing(lender)
    giver = world.member(lender[0])
    parties = [world.member(world.organization(name)[0]) for name in ("Frigo A", "Frigo B")]
    start = world.now + timedelta(days=3)
    period = Period(start, start + timedelta(hours=2))
    asked = [world.booking(truck, period, borrower=party) for party in parties]
    world.sign_in(client, giver)
    shown = client.get("/a-faire").text
    assert shown.count("<strong>Frigo") == 2
    assert "1 demande concurrente sera refusée; l’organisme sera averti." in shown
    token = world.api_token(giver)
    answer = client.get("/api/v1/inbox", headers={"Authorization": f"Bearer {token}"})
    rivals = [card["rivals"] for card in answer.get_json()]
    assert sorted(each[0]["borrower_name"] for each in rivals) == ["Frigo A", "Frigo B"]
    for party, booking in zip(parties, asked, strict=True):
        other = "Frigo B" if party is parties[0] else "Frigo A"
        _sees_nothing_of(world, client, party, booking, other)


def _sees_nothing_of(
    world: World, client: FlaskClient, party: Actor, booking: Booking, name: str
) -> None:
    world.sign_in(client, party)
    for path in (f"/reservations/{booking.public_id}", "/a-faire", "/reservations"):
        assert name not in client.get(path).text


@pytest.mark.parametrize("days", [0, 3, 20, 90])
def test_how_long_ago_is_said_in_the_largest_unit_that_fits(days: int) -> None:
    from flask import Flask
    from flask_babel import Babel

    from mutuali.bookings.views.fairness import ago

    app = Flask("words")
    Babel(app, locale_selector=lambda: "fr")
    with app.test_request_context():
        said = ago(at(-days), NOW)
    assert (
        said
        == {
            0: "il y a moins d’un jour",
            3: "il y a 3 jours",
            20: "il y a 2 semaines",
            90: "il y a 3 mois",
        }[days]
    )
