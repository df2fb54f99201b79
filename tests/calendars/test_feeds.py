"""Secret addresses at which agendas read what is lent and borrowed, and what they say there."""

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.bookings.rules import Purpose
from mutuali.calendars import service
from mutuali.calendars.models import CalendarFeed
from mutuali.calendars.rules import FeedKind, feed_span
from mutuali.core.errors import Forbidden, NotFound, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Role
from mutuali.governance import service as governance
from mutuali.organizations.models import Membership, Organization
from mutuali.web.secrets import new_token, token_hash
from tests.counting import counted
from tests.factories import NOW, World, at, span

NOTE = "Sonner chez Madame Tremblay"


def made(
    session: Session, actor: Actor, kind: FeedKind = FeedKind.PERSON, listing: str = ""
) -> str:
    """The token of a new feed, committed."""
    token, draft = new_token(), service.FeedDraft("Mon téléphone", "fr", listing)
    if kind is FeedKind.PERSON:
        service.make_own_feed(session, actor, draft, token_hash=token_hash(token), now=NOW)
    else:
        service.make_feed(
            session,
            actor,
            actor.organization_id or 0,
            draft,
            token_hash=token_hash(token),
            now=NOW,
        )
    session.commit()
    return token


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The doors of calendars read NOW on their clock."""
    monkeypatch.setattr("mutuali.calendars.views.feeds.utc_now", lambda: NOW)


def events(client: FlaskClient, token: str) -> dict[str, Any]:
    """What is at an address, by the public id of the booking."""
    answer = client.get(f"/agendas/{token}.ics")
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    return {str(each["UID"]).removesuffix("@mutuali"): each for each in read(answer.data)}


def read(file: bytes) -> list[Any]:
    """The events of a file, as another reader finds them."""
    calendar: Any = icalendar.Calendar.from_ical(file)
    return list(calendar.walk("VEVENT"))


class Lent:
    """A lender with a truck, a borrower, and a request of it for two days later."""

    def __init__(self, world: World) -> None:
        self.world, self.session = world, world.session
        self.lender = world.organization("Le Grand Panier")
        self.borrower_id, _ = world.organization("La Corbeille")
        self.lends, self.borrows = (
            world.member(self.lender[0]),
            world.member(self.borrower_id),
        )
        self.truck = world.listing(self.lender, title_fr="Camion réfrigéré", title_en="Truck")
        draft = bookings.BookingDraft(self.truck, 1, span(2), Purpose.FOOD_DELIVERY, note=NOTE)
        self.booking = bookings.request_booking(
            self.session, self.borrows, self.borrower_id, draft, public_id="b" * 22, now=NOW
        )
        self.session.commit()

    @property
    def id(self) -> str:
        return self.booking.public_id

    def approve(self) -> None:
        bookings.approve(self.session, self.lends, self.id, now=at(0, 1))
        self.session.commit()


@pytest.fixture
def lent(world: World) -> Lent:
    return Lent(world)


@pytest.mark.usefixtures("at_noon")
def test_each_side_reads_its_side_and_the_address_only_once_it_is_promised(
    client: FlaskClient, session: Session, lent: Lent
) -> None:
    borrowers, lenders = made(session, lent.borrows), made(session, lent.lends)
    asked = events(client, borrowers)[lent.id]
    assert str(asked["SUMMARY"]) == "Camion réfrigéré, emprunt à Le Grand Panier (à confirmer)"
    assert (str(asked["STATUS"]), int(asked["SEQUENCE"])) == ("TENTATIVE", 1)
    assert "LOCATION" not in asked
    assert asked.start.astimezone(UTC) == span(2).start
    assert str(asked["URL"]) == f"http://127.0.0.1/reservations/{lent.id}"
    theirs = events(client, lenders)[lent.id]
    assert str(theirs["SUMMARY"]) == "Camion réfrigéré, prêt à La Corbeille (à confirmer)"
    assert "123, rue des Érables" in str(theirs["LOCATION"])

    lent.approve()
    promised = events(client, borrowers)[lent.id]
    assert str(promised["SUMMARY"]) == "Camion réfrigéré, emprunt à Le Grand Panier"
    assert (str(promised["STATUS"]), int(promised["SEQUENCE"])) == ("CONFIRMED", 2)
    assert "123, rue des Érables" in str(promised["LOCATION"])
    assert promised["LAST-MODIFIED"].dt == at(0, 1)


@pytest.mark.usefixtures("at_noon")
def test_no_feed_holds_a_note_or_the_name_of_a_person(
    app: Flask, client: FlaskClient, session: Session, lent: Lent
) -> None:
    session.get_one(Organization, lent.borrower_id).is_sole_operator = True
    lent.approve()
    tokens = [
        made(session, lent.borrows),
        made(session, lent.lends),
        made(session, lent.lends, FeedKind.ORGANIZATION),
        made(session, lent.borrows, FeedKind.ORGANIZATION),
        made(session, lent.lends, FeedKind.LISTING, lent.truck),
    ]
    for token in tokens:
        text = client.get(f"/agendas/{token}.ics").text
        assert "Camion réfrigéré" in text
        for hidden in (
            NOTE,
            "Tremblay",
            "Personne ",
            "La Corbeille",
            "@exemple.org",
            "DESCRIPTION",
        ):
            assert hidden not in text


@pytest.mark.usefixtures("at_noon")
def test_what_came_to_nothing_says_so_for_sixty_days(
    client: FlaskClient, session: Session, lent: Lent, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = made(session, lent.borrows)
    bookings.cancel(session, lent.borrows, lent.id, reason="", now=NOW)
    session.commit()
    called_off = events(client, token)[lent.id]
    assert str(called_off["STATUS"]) == "CANCELLED"
    assert str(called_off["SUMMARY"]).endswith("(annulé)")
    assert int(called_off["SEQUENCE"]) == 2
    for days, shown in ((59, {lent.id}), (61, set())):
        monkeypatch.setattr("mutuali.calendars.views.feeds.utc_now", lambda days=days: at(days))
        assert set(events(client, token)) == shown


@pytest.mark.usefixtures("at_noon")
def test_a_feed_of_a_listing_shows_what_is_lent_of_it_alone(
    client: FlaskClient, session: Session, lent: Lent
) -> None:
    other = lent.world.booking(
        lent.world.listing(lent.lender, title_fr="Four"), span(3), borrower=lent.borrows
    )
    borrowed = lent.world.booking(
        lent.world.listing(title_fr="Tables"), span(3), borrower=lent.lends
    )
    whole = made(session, lent.lends, FeedKind.ORGANIZATION)
    part = made(session, lent.lends, FeedKind.LISTING, lent.truck)
    assert set(events(client, whole)) == {lent.id, other.public_id, borrowed.public_id}
    assert set(events(client, part)) == {lent.id}
    text = client.get(f"/agendas/{part}.ics").text.replace("\r\n ", "")
    assert "X-WR-CALNAME;LANGUAGE=fr-CA:MutuAli\u00a0: Camion réfrigéré\r\n" in text


@pytest.mark.usefixtures("at_noon")
def test_a_person_reads_their_own_language_and_an_organization_the_one_it_chose(
    client: FlaskClient, session: Session, lent: Lent
) -> None:
    token = made(session, lent.borrows)
    session.execute(sa.text("UPDATE person SET language = 'en'"))
    session.commit()
    said = str(events(client, token)[lent.id]["SUMMARY"])
    assert said == "Truck, borrowed from Le Grand Panier (to be confirmed)"
    shared = made(session, lent.borrows, FeedKind.ORGANIZATION)
    assert "emprunt" in str(events(client, shared)[lent.id]["SUMMARY"])


@pytest.mark.usefixtures("at_noon")
def test_an_agenda_that_has_it_already_is_told_so_in_three_ways(
    client: FlaskClient, session: Session, lent: Lent, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/agendas/{made(session, lent.borrows)}.ics"
    first = client.get(address)
    tag, dated = first.headers["ETag"], first.headers["Last-Modified"]
    assert first.headers["Cache-Control"] == "private, no-cache"
    monkeypatch.setattr("mutuali.calendars.views.feeds.utc_now", lambda: at(0, 2))
    for headers in ({"If-None-Match": tag}, {"If-Modified-Since": dated}):
        again = client.get(address, headers=headers)
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tag
    assert client.get(address).headers["Last-Modified"] == dated
    assert client.head(address).headers["ETag"] == tag

    lent.approve()
    for headers in ({"If-None-Match": tag}, {"If-Modified-Since": dated}):
        changed = client.get(address, headers=headers)
        assert changed.status_code == 200
        assert changed.headers["ETag"] != tag
        assert changed.headers["Last-Modified"] > dated


def test_an_address_works_until_it_is_revoked_or_two_years_go_by_unused(
    client: FlaskClient, session: Session, lent: Lent, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = made(session, lent.borrows)

    def status(days: float, of: str = token) -> int:
        monkeypatch.setattr("mutuali.calendars.views.feeds.utc_now", lambda: at(days))
        return client.get(f"/agendas/{of}.ics").status_code

    assert [status(700), status(1400), status(2129), status(2131), status(2859)] == [
        *(200, 200, 200, 200, 200)
    ]
    assert status(2861 + 731) == 404
    assert status(1, "rien") == 404
    session.rollback()
    (facts,) = service.own_feeds(session, lent.borrows, now=at(2860))
    assert facts.used_at == at(2859)
    assert service.own_feeds(session, lent.borrows, now=at(3600)) == []
    service.revoke_own_feed(session, lent.borrows, facts.id, now=at(2860))
    session.commit()
    assert status(2860) == 404
    with pytest.raises(NotFound):
        service.revoke_own_feed(session, lent.lends, facts.id, now=NOW)


@pytest.mark.usefixtures("at_noon")
def test_an_address_ends_with_what_let_it_read(
    client: FlaskClient, session: Session, lent: Lent
) -> None:
    own, shared = made(session, lent.borrows), made(session, lent.borrows, FeedKind.ORGANIZATION)
    session.execute(sa.delete(Membership).where(Membership.person_id == lent.borrows.person_id))
    session.commit()
    assert client.get(f"/agendas/{own}.ics").status_code == 404
    assert client.get(f"/agendas/{shared}.ics").status_code == 200
    session.get_one(Organization, lent.borrower_id).state = "left"
    session.commit()
    assert client.get(f"/agendas/{shared}.ics").status_code == 404


def test_nobody_makes_a_feed_of_what_they_may_not_read(session: Session, lent: Lent) -> None:
    stranger = lent.world.member(lent.world.organization()[0], Role.MEMBER)
    draft = service.FeedDraft("x", "fr")
    with pytest.raises(Forbidden):
        service.make_feed(session, stranger, lent.lender[0], draft, token_hash="h" * 64, now=NOW)
    with pytest.raises(Forbidden):
        service.make_own_feed(session, lent.world.person(), draft, token_hash="h" * 64, now=NOW)
    with pytest.raises(NotFound):
        service.make_feed(
            session,
            stranger,
            stranger.organization_id or 0,
            service.FeedDraft("x", "fr", lent.truck),
            token_hash="h" * 64,
            now=NOW,
        )
    with pytest.raises(Forbidden):
        service.feeds_of(session, stranger, lent.lender[0], now=NOW)


def test_twenty_addresses_are_enough(session: Session, lent: Lent) -> None:
    for _ in range(20):
        made(session, lent.borrows)
    with pytest.raises(Refused, match=r"feed\.too_many"):
        made(session, lent.borrows)
    session.rollback()
    made(session, lent.borrows, FeedKind.ORGANIZATION)


def test_a_feed_asks_as_few_questions_however_much_it_holds(session: Session, lent: Lent) -> None:
    token = made(session, lent.lends)
    with counted(session) as statements:
        found = service.open_feed(session, token_hash(token), now=NOW)
    assert [entry.public_id for entry in found.entries] == [lent.id]
    few = len(statements)
    for n in range(12):
        lent.world.booking(lent.world.listing(lent.lender), span(3 + n), borrower=lent.borrows)
    session.flush()
    with counted(session) as statements:
        found = service.open_feed(session, token_hash(token), now=NOW)
    assert len(found.entries) == 13
    assert len(statements) <= few


def test_of_more_than_fit_the_latest_stay_and_what_is_long_over_is_out(
    session: Session, lent: Lent
) -> None:
    later = [
        lent.world.booking(lent.world.listing(lent.lender), span(day), borrower=lent.borrows)
        for day in (3, 5, 4)
    ]
    found = bookings.agenda(session, lent.lends, lent.lender[0], feed_span(NOW), most=2, now=NOW)
    assert [entry.public_id for entry in found] == [later[2].public_id, later[1].public_id]
    for days, shown in ((93, 4), (94, 3)):
        when = at(days, 3)
        found = bookings.agenda(session, lent.lends, lent.lender[0], feed_span(when), now=when)
        assert len(found) == shown


def test_the_page_shows_an_address_once_and_it_can_be_read(
    client: FlaskClient, session: Session, world: World
) -> None:
    world.now = datetime.now(UTC)
    lender = world.organization("Le Grand Panier")
    manager = world.member(lender[0])
    truck = world.listing(lender)
    world.sign_in(client, manager)
    for base, form in (
        ("/compte/agendas", {"name": "Mon téléphone"}),
        ("/organisme/agendas", {"name": "Écran", "language": "en", "listing": truck}),
    ):
        assert client.post(base, data=form).status_code == 303
        shown = client.get(base).text
        address = shown.partition("<code>")[2].partition("</code>")[0]
        assert address.startswith("http://127.0.0.1/agendas/")
        assert f'href="webcal://{address.partition("://")[2]}"' in shown
        assert form["name"] in shown
        assert "Jamais servie" in shown
        assert address not in client.get(base).text
        path = address.removeprefix("http://127.0.0.1")
        stranger = client.application.test_client()
        assert stranger.get(path).status_code == 200
        token = path.removeprefix("/agendas/").removesuffix(".ics")
        feed_id = session.scalars(
            sa.select(CalendarFeed.id).where(CalendarFeed.token_hash == token_hash(token))
        ).one()
        session.rollback()
        assert "Servie la dernière fois" in client.get(base).text
        assert client.post(f"{base}/{feed_id}/revoquer").status_code == 303
        assert stranger.get(path).status_code == 404
        assert "Aucune adresse encore." in client.get(base).text
    refused = client.post("/compte/agendas", data={"name": ""})
    assert refused.status_code == 422
    assert "Remplissez ce champ." in refused.text


def test_one_booking_goes_into_an_agenda_from_its_page(
    client: FlaskClient, session: Session, world: World
) -> None:
    world.now = datetime.now(UTC)
    start = (world.now + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    period = Period(start, start + timedelta(hours=2))
    lent = world.booking(world.listing(title_fr="Camion"), period)
    borrower = world.member(lent.borrower_id)
    world.sign_in(client, borrower)
    shown = client.get(f"/reservations/{lent.public_id}").text
    assert f'href="/reservations/{lent.public_id}/agenda.ics"' in shown
    answer = client.get(f"/reservations/{lent.public_id}/agenda.ics")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mutuali.ics"'
    (event,) = read(answer.data)
    assert event.start.astimezone(UTC) == lent.starts_at
    assert "LOCATION" not in event
    world.sign_in(client, world.member(world.organization()[0]))
    assert client.get(f"/reservations/{lent.public_id}/agenda.ics").status_code == 404


def test_what_is_kept_of_feeds_is_told_and_goes_with_their_person(
    session: Session, lent: Lent
) -> None:
    made(session, lent.borrows)
    made(session, lent.borrows, FeedKind.ORGANIZATION)
    (told,) = governance.about_me(session, lent.borrows, everything=True)["calendar_feed"]
    assert told["name"] == "Mon téléphone"
    assert not {"token_hash", "id", "person_id"} & set(told)
    ours = governance.our_data(session, lent.borrows, lent.borrower_id, now=at(0))
    assert len(ours["calendar_feed"]) == 1
    service.forget_person(session, lent.borrows.person_id or 0)
    assert [feed.kind for feed in session.scalars(sa.select(CalendarFeed))] == ["organization"]
