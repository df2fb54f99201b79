"""Who is written to when something is decided, and what they read."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.bookings import service
from mutuali.core.period import Period
from mutuali.core.permissions import Actor
from tests.bookings.letters import Sent, sent
from tests.factories import World


@pytest.fixture
def today(world: World) -> World:
    """A world of right now, as jobs work by the clock."""
    world.now = datetime.now(UTC)
    return world


def _soon(world: World, days: float = 3) -> Period:
    start = world.now + timedelta(days=days)
    return Period(start, start + timedelta(hours=2))


def _to(session: Session, letters: list[Sent], reader: Actor) -> list[Sent]:
    id_ = reader.person_id or 0
    address = accounts.people(session, frozenset({id_}))[id_].email
    return [each for each in letters if each.to == address]


def test_who_lost_to_a_rival_reads_why_and_what_is_free_instead(
    app: Flask, today: World, session: Session
) -> None:
    lender = today.organization()
    giver, loser = today.member(lender[0]), today.member(today.organization()[0])
    winner = today.member(today.organization("Le Frigo plein")[0])
    truck = today.listing(lender)
    today.listing(title_fr="Fourgonnette")
    won = today.booking(truck, _soon(today), borrower=winner)
    today.booking(truck, _soon(today), borrower=loser)
    service.approve(session, giver, won.public_id, now=today.now)
    session.commit()
    letters = _to(session, sent(app), loser)
    (refused,) = (each for each in letters if each.subject.startswith("Demande refusée"))
    assert "Une autre demande pour le même moment a été acceptée" in refused.body
    assert "Libre au plus près" in refused.body
    assert "Fourgonnette" in refused.body
    assert not any("Le Frigo plein" in each.body for each in letters)


def test_a_yes_taken_back_is_told_to_the_borrower_and_to_the_rivals(
    app: Flask, today: World, session: Session
) -> None:
    lender = today.organization()
    giver = today.member(lender[0])
    takers = [today.member(today.organization()[0]) for _ in range(2)]
    truck = today.listing(lender)
    rows = [today.booking(truck, _soon(today), borrower=taker) for taker in takers]
    service.approve(session, giver, rows[0].public_id, now=today.now)
    service.undo(session, giver, rows[0].public_id, now=today.now)
    session.commit()
    letters = sent(app)
    for taker in takers:
        (back,) = (
            each
            for each in _to(session, letters, taker)
            if each.subject.startswith("Décision annulée")
        )
        assert "La demande attend de nouveau une réponse" in back.body


def test_the_first_yes_is_told_to_who_may_say_the_second_and_to_nobody_else(
    app: Flask, today: World, session: Session
) -> None:
    lender = today.organization()
    one, two = today.member(lender[0]), today.member(lender[0])
    taker = today.member(today.organization()[0])
    asked = today.booking(today.listing(lender, two_decide=True), _soon(today), borrower=taker)
    service.approve(session, one, asked.public_id, now=today.now)
    session.commit()
    first = [each for each in sent(app) if each.subject.startswith("Premier oui")]
    assert first == _to(session, first, two)
    assert len(first) == 1
    assert "Il faut encore le oui d’une autre personne" in first[0].body
