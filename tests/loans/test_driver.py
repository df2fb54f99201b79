"""A driver without an account, and whom to call on the day."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.accounts.models import Person
from mutuali.app import create_app
from mutuali.audit.models import AuditEvent
from mutuali.bookings import service as bookings
from mutuali.bookings.models import Booking
from mutuali.bookings.rules import State
from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused
from mutuali.core.permissions import Role
from mutuali.extensions import db, limiter
from mutuali.loans import service
from mutuali.loans.models import ConditionReport, DayContact, DriverLink
from mutuali.loans.rules import Direction, Over, Side, over
from mutuali.web.once import AnswerOnce
from mutuali.web.secrets import new_public_id, token_hash
from tests.conftest import settings
from tests.factories import NOW, World, at
from tests.loans.made import Loan, loan
from tests.loans.test_views import WELL, picture


@pytest.fixture
def made(world: World) -> Loan:
    """A loan of a refrigerated truck that starts in half an hour, really."""
    world.now = datetime.now(UTC)
    start = world.now + timedelta(minutes=30)
    found = loan(world, from_=start, refrigerated=True)
    name = world.session.get_one(Person, found.taker.person_id)
    name.name = "Bérénice Emprunte"
    return found


def link_of(client: FlaskClient, world: World, made: Loan) -> str:
    """The address of a new link, as the page of the day shows it once."""
    world.sign_in(client, made.taker)
    client.post(f"/reservations/{made.id}/jour/conduite")
    shown = client.get(f"/reservations/{made.id}/jour").text
    found = re.search(r"<code[^>]*>http://127\.0\.0\.1(/conduite/[^<]+)</code>", shown)
    assert found
    assert "/conduite/" not in client.get(f"/reservations/{made.id}/jour").text.replace(
        "/jour/conduite", ""
    ).replace("/reservations/conduite/", "")
    return found[1]


@pytest.mark.parametrize(
    ("state", "hours", "revoked", "found"),
    [
        (State.APPROVED, 0, False, None),
        (State.ON_LOAN, 23.9, False, None),
        (State.ON_LOAN, 24, False, Over.EXPIRED),
        (State.APPROVED, 0, True, Over.REVOKED),
        (State.RETURNED, 0, False, Over.RETURNED),
        (State.CLOSED, 0, False, Over.RETURNED),
        (State.CANCELLED, 0, False, Over.CANCELLED),
        (State.REQUESTED, 0, False, Over.CANCELLED),
    ],
)
def test_a_link_works_until_a_day_after_the_end_or_the_return(
    state: State, hours: float, revoked: bool, found: Over | None
) -> None:
    assert over(state, NOW, revoked=revoked, now=at(0, hours)) is found


def test_a_driver_sees_where_and_notes_both_ways_without_an_account(
    app: Flask, world: World, session: Session, made: Loan
) -> None:
    owner, driver = app.test_client(), app.test_client()
    address = link_of(owner, world, made)
    shown = driver.get(address)
    assert shown.status_code == 200
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in shown.headers["X-Robots-Tag"]
    assert shown.headers["Cache-Control"] == "no-store"
    for words in ("Aller chercher", "123, rue des Érables", "trois ans après", "Joint de la porte"):
        assert words in shown.text
    assert "Bérénice" not in shown.text
    assert driver.post(address, data={"direction": "out"}).status_code == 422
    sent = driver.post(
        address,
        data={**WELL, "direction": "out", "signed_by": "Ali", "photos": (picture(), "a.jpg")},
    )
    assert (sent.status_code, sent.headers["Location"]) == (303, "?fait")
    back = driver.get(address).text
    assert "Rapporter" in back
    assert "C’est noté. Bonne route!" in back
    driver.post(address, data={**WELL, "direction": "back", "signed_by": "Ali"})
    over_now = driver.get(address)
    assert over_now.status_code == 410
    assert "Merci d’avoir conduit!" in over_now.text
    assert "123, rue des Érables" not in over_now.text
    rows = session.scalars(sa.select(ConditionReport).order_by(ConditionReport.id)).all()
    assert [(r.side, r.by_driver, r.person_id, r.signed_by) for r in rows] == [
        ("borrower", True, None, "Ali")
    ] * 2
    told = session.scalars(
        sa.select(AuditEvent.facts).where(AuditEvent.name == "condition.reported")
    ).all()
    assert all(each["driver_link"] for each in told)
    session.rollback()
    owner_sees = owner.get(f"/reservations/{made.id}").text
    assert "Ali (conduit, sans compte)" in owner_sees
    later = datetime.now(UTC) + timedelta(days=3 * 365)
    assert service.detach_people(session, later, dry=False) == 2
    session.expire_all()
    assert set(session.scalars(sa.select(ConditionReport.signed_by))) == {""}


def test_looking_changes_nothing_and_what_is_no_link_is_not_there(
    app: Flask, world: World, session: Session, made: Loan
) -> None:
    address = link_of(app.test_client(), world, made)
    before = session.execute(sa.text("SELECT count(*) FROM audit_event")).scalar_one()
    session.rollback()
    robot = app.test_client()
    for _ in range(3):
        assert robot.get(address).status_code == 200
        assert robot.head(address).status_code == 200
    assert session.execute(sa.text("SELECT count(*) FROM audit_event")).scalar_one() == before
    session.rollback()
    for wrong in (f"{address[:-4]}AAAA", "/conduite/x", f"{address}x"):
        assert robot.get(wrong).status_code == 404
        assert robot.post(wrong, data={**WELL, "direction": "out"}).status_code == 404


def test_the_answer_that_is_kept_for_a_day_holds_no_secret(
    app: Flask, world: World, session: Session, made: Loan
) -> None:
    owner = app.test_client()
    world.sign_in(owner, made.taker)
    made_it = owner.post(f"/reservations/{made.id}/jour/conduite", data={"_once": "o" * 22})
    assert made_it.status_code == 303
    shown = owner.get(f"/reservations/{made.id}/jour").text
    address = re.search(r"http://127\.0\.0\.1(/conduite/[^<\"&]+)<", shown)
    assert address
    driver = app.test_client()
    form = {**WELL, "direction": "out", "_once": "d" * 22}
    for _ in range(2):
        assert driver.post(address[1], data=form).status_code == 303
    kept = session.scalars(sa.select(AnswerOnce)).all()
    assert len(kept) == 2
    token = address[1].removeprefix("/conduite/")
    assert all(token not in each.headers + each.body.decode() for each in kept)
    stored = session.scalars(sa.select(DriverLink.token_hash)).one()
    assert stored not in token
    assert len(stored) == 64


def test_a_link_is_revoked_and_three_are_the_most(
    world: World, session: Session, made: Loan
) -> None:
    def make(actor: Any = made.taker) -> str:
        public_id = new_public_id()
        service.make_link(
            session,
            actor,
            made.id,
            public_id=public_id,
            token_hash=token_hash(public_id),
            now=world.now,
        )
        return public_id

    first = [make(), make(made.giver), make(made.coordinator)][0]
    with pytest.raises(Refused, match="too_many_links"):
        make()
    with pytest.raises(NotFound):
        make(world.member(world.organization()[0]))
    with pytest.raises(NotFound):
        service.revoke_link(session, world.member(world.organization()[0]), first, now=world.now)
    service.revoke_link(session, made.giver, first, now=world.now)
    assert service.errand(session, token_hash(first), now=world.now).over is Over.REVOKED
    with pytest.raises(Conflict, match="link_over"):
        service.driver_reports(
            session,
            token_hash(first),
            Direction.OUT,
            made.good(),
            public_id=new_public_id(),
            now=world.now,
        )
    make()
    bookings.cancel(session, made.taker, made.id, now=world.now)
    with pytest.raises(Conflict, match="not_now"):
        make()


def test_a_driver_who_corrects_what_the_lender_noted_opens_a_disagreement(
    app: Flask, world: World, session: Session, made: Loan
) -> None:
    made.write(made.giver, Direction.OUT, made.good(signed_by="Gilles Prête"), now=world.now)
    address = link_of(app.test_client(), world, made)
    driver = app.test_client()
    shown = driver.get(address).text
    assert "a déjà noté ce qui suit" in shown
    assert "Gilles" not in shown
    assert shown.count(" checked") == 8
    data = {**WELL, "temperature": "3", "direction": "out", "tyres": "not_ok", "tyres_word": "clou"}
    assert driver.post(address, data=data).status_code == 303
    session.expire_all()
    assert session.get_one(Booking, made.booking.id).disputed_at is not None


def test_too_many_looks_in_a_minute_are_turned_away(
    app: Flask, world: World, made: Loan, database_url: str, tmp_path: Path
) -> None:
    address = link_of(app.test_client(), world, made)
    own = replace(settings(database_url, tmp_path / "mail"), mode="demo")
    limited = create_app(own, TESTING=True)
    try:
        found = [limited.test_client().get(address).status_code for _ in range(31)]
    finally:
        limiter.enabled = False
        with limited.app_context():
            db.engine.dispose()
    assert found == [200] * 30 + [429]


def test_the_telephone_of_the_day_is_for_both_and_gone_a_week_after(
    app: Flask, world: World, session: Session, made: Loan
) -> None:
    client = app.test_client()
    world.sign_in(client, made.giver)
    day = f"/reservations/{made.id}/jour"
    assert client.post(day, data={"phone": "12"}).status_code == 422
    client.post(day, data={"phone": "514 555-0142", "keys": "Sous le pot de fleurs"})
    other = app.test_client()
    address = link_of(other, world, made)
    for shown in (other.get(f"/reservations/{made.id}").text, app.test_client().get(address).text):
        assert 'href="tel:5145550142"' in shown
        assert "Sous le pot de fleurs" in shown
    program = {"Authorization": f"Bearer {world.api_token(made.taker)}"}
    told = other.get(f"/api/v1/bookings/{made.id}/day", headers=program).get_json()
    assert told["contacts"] == [
        {"side": "lender", "phone": "514 555-0142", "keys": "Sous le pot de fleurs"}
    ]
    link = told["driver_links"][0]["id"]
    assert other.delete(f"/api/v1/driver-links/{link}", headers=program).status_code == 204
    assert app.test_client().get(address).status_code == 410
    end = made.booking.ends_at
    service.forget_days(session, now=end + timedelta(days=7))
    assert session.scalar(sa.select(sa.func.count(DayContact.id))) == 1
    service.forget_days(session, now=end + timedelta(days=7, seconds=1))
    for model in (DayContact, DriverLink):
        assert session.scalar(sa.select(sa.func.count(model.id))) == 0


def test_a_program_makes_a_link_whose_address_is_answered_once(
    app: Flask, world: World, session: Session, made: Loan
) -> None:
    client = app.test_client()
    links = f"/api/v1/bookings/{made.id}/driver-links"
    program = {"Authorization": f"Bearer {world.api_token(made.taker)}"}
    once = {**program, "Idempotency-Key": "conduite-1"}
    first, second = (client.post(links, headers=once) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    told = first.get_json()
    assert second.get_json() == {**told, "address": None}
    path = told["address"].removeprefix("http://127.0.0.1")
    assert app.test_client().get(path).status_code == 200
    assert "/conduite/" not in str(session.scalars(sa.select(AnswerOnce.body)).all())
    session.rollback()
    day = client.get(f"/api/v1/bookings/{made.id}/day", headers=program).get_json()
    assert [each["id"] for each in day["driver_links"]] == [told["id"]]
    stranger = world.member(world.organization()[0])
    outside = {"Authorization": f"Bearer {world.api_token(stranger)}"}
    assert client.post(links, headers=outside).status_code == 404


def test_who_says_nothing_takes_it_away_and_who_is_neither_says_nothing(
    world: World, session: Session, made: Loan
) -> None:
    def say(phone: str, actor: Any = made.taker, side: Side | None = None) -> None:
        said = service.ContactFacts(phone, "")
        service.set_contact(session, actor, made.id, said, side=side, now=world.now)

    say("514 555-0101")
    say("514 555-0102", made.coordinator, Side.LENDER)
    with pytest.raises(Refused, match="side_missing"):
        say("514 555-0103", made.coordinator)
    with pytest.raises(Forbidden):
        say("514 555-0103", made.taker, Side.LENDER)
    assert set(service.contacts_of(session, made.booking.id)) == set(Side)
    say("")
    assert set(service.contacts_of(session, made.booking.id)) == {Side.LENDER}
    service.forget_person(session, made.coordinator.person_id or 0)
    assert service.contacts_of(session, made.booking.id) == {}
    stranger = world.person(role=Role.STEWARD)
    with pytest.raises(NotFound):
        say("514 555-0104", stranger)
