"""What is done to many dates at once is told in one letter, and to one date in one of its own."""

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.bookings import service as bookings
from mutuali.bookings.rules.series import Change, Deed, Scope, Take
from mutuali.bookings.service import series as service
from mutuali.core.period import local
from tests.bookings.letters import sent
from tests.bookings.test_series import draft, request
from tests.factories import World


def test_one_letter_tells_of_all_the_dates_of_a_deed(
    app: Flask, world: World, session: Session
) -> None:
    world.now = datetime.now(UTC)
    lender = world.organization()
    giver, taker = world.member(lender[0]), world.member(world.organization()[0])
    people = accounts.people(session, frozenset({giver.person_id or 0, taker.person_id or 0}))
    to_giver, to_taker = (people[each.person_id or 0].email for each in (giver, taker))
    soon = local(world.now + timedelta(days=20)).replace(tzinfo=None)
    starts = soon.replace(hour=8, minute=0, second=0, microsecond=0)
    made = request(world, taker, draft(world.listing(lender), starts=starts))
    session.commit()

    first = sent(app)
    assert sorted(each.to for each in first) == sorted([to_giver, to_taker])
    for letter in first:
        assert letter.subject == "Demande envoyée : Camion réfrigéré, 4 dates"
        assert letter.body.count("\n- ") == 4
        assert f"/series/{made.public_id}" in letter.body

    lines = list(made.made.values())
    bookings.cancel(session, taker, lines[0].public_id, now=datetime.now(UTC))
    session.commit()
    second = sent(app)[len(first) :]
    assert {each.subject for each in second} == {"Réservation annulée : Camion réfrigéré"}
    assert all(f"/reservations/{lines[0].public_id}" in each.body for each in second)

    following = Change(Deed.CANCEL, Scope.ALL)
    service.change_series(
        session,
        taker,
        made.public_id,
        following,
        take=Take.ALL,
        reason="Vacances",
        now=datetime.now(UTC),
    )
    session.commit()
    third = sent(app)[len(first) + len(second) :]
    assert len(third) == 2
    for letter in third:
        assert letter.subject == "Réservation annulée : Camion réfrigéré, 3 dates"
        assert "Vacances" in letter.body
