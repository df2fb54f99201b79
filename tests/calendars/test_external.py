"""Agendas of others close listings: read by a job, replaced whole, kept when they break."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.calendars import jobs as calendar_jobs
from mutuali.calendars import service
from mutuali.calendars.models import ExternalCalendar
from mutuali.core.errors import Forbidden, NotFound
from mutuali.core.period import Period
from mutuali.core.permissions import Actor
from mutuali.equipment import service as equipment
from mutuali.equipment.models import Closure
from mutuali.jobs.jobs import HANDLERS_KEY, Staged, run_once
from mutuali.jobs.models import Job
from mutuali.web import outside
from mutuali.web.secrets import new_public_id, sealed
from tests.calendars.test_reading import ics
from tests.factories import World

ADDRESS = "https://agenda.example/secret-4711.ics"


def event(day: int, hours: int = 2) -> tuple[str, ...]:
    start = (datetime.now(UTC) + timedelta(days=day)).replace(minute=0, second=0, microsecond=0)
    return (f"DTSTART:{start:%Y%m%dT%H%M%SZ}", f"DURATION:PT{hours}H")


class Elsewhere:
    """A server of somebody else that answers with ``file``, or with ``raw`` as it stands."""

    def __init__(self) -> None:
        self.file, self.raw, self.asked = b"", b"", 0
        self.addresses = ["93.184.215.14"]

    def get(self, url: str, **options: Any) -> outside.Answer:
        assert url == ADDRESS
        return outside.get(url, **options, resolve=lambda *_: self.addresses, opens=self._open)

    def _open(self, _address: str, _host: str, seconds: float) -> socket.socket:
        self.asked += 1
        here, there = socket.socketpair()
        here.settimeout(seconds)
        threading.Thread(target=self._answer, args=(there,), daemon=True).start()
        return here

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            connection.recv(65536)
            head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(self.file)}\r\n\r\n".encode()
            try:
                connection.sendall(self.raw or head + self.file)
            except OSError:
                return


@pytest.fixture
def elsewhere(app: Flask) -> Iterator[Elsewhere]:
    """What the job asks, in place of the net."""
    server, handlers = Elsewhere(), app.extensions[HANDLERS_KEY]
    before = handlers["calendars.fetch"]
    handlers["calendars.fetch"] = Staged(
        calendar_jobs.to_read,
        lambda found: calendar_jobs.read(found, server.get),
        calendar_jobs.record,
    )
    yield server
    handlers["calendars.fetch"] = before


class Lender:
    """A lender with a truck and an agenda for it elsewhere."""

    def __init__(self, app: Flask, world: World, *, whole: bool = False) -> None:
        self.app, self.world, self.session = app, world, world.session
        world.now = datetime.now(UTC)
        self.organization = world.organization("Le Grand Panier")
        self.manager = world.member(self.organization[0])
        self.truck = world.listing(self.organization)
        self.id = new_public_id()
        with app.app_context():
            address = sealed(ADDRESS, calendar_jobs.seal_of(self.id))
        draft = service.ExternalDraft(
            "Agenda du camion", "" if whole else self.truck, "agenda.example", address
        )
        service.add_external(
            self.session,
            self.manager,
            self.organization[0],
            draft,
            public_id=self.id,
            now=world.now,
        )
        self.session.commit()

    def work(self) -> None:
        while run_once(self.app, self.app.extensions[HANDLERS_KEY]):
            pass

    def read(self) -> service.ExternalFacts:
        """Have the agenda read again, and what is known of it then."""
        service.read_again(
            self.session, self.manager, self.organization[0], self.id, now=datetime.now(UTC)
        )
        self.session.commit()
        self.work()
        found = self.facts()
        self.session.rollback()
        return found

    def facts(self) -> service.ExternalFacts:
        (found,) = service.externals_of(self.session, self.manager, self.organization[0])
        return found

    def closed(self) -> list[Period]:
        rows = self.session.execute(
            sa.select(Closure.starts_at, Closure.ends_at).order_by(Closure.starts_at)
        ).all()
        self.session.rollback()
        return [Period(*row) for row in rows]


@pytest.fixture
def lender(app: Flask, world: World, elsewhere: Elsewhere) -> Lender:
    return Lender(app, world)


def letters(tmp_path: Path) -> list[str]:
    files = sorted((tmp_path / "mail").glob("*.eml")) if (tmp_path / "mail").exists() else []
    texts = [message_from_bytes(each.read_bytes(), policy=policy.default) for each in files]
    return [each.get_content() for each in texts if "Agenda illisible" in each["Subject"]]


def test_what_an_agenda_says_is_replaced_whole_at_each_reading(
    lender: Lender, elsewhere: Elsewhere, session: Session
) -> None:
    elsewhere.file = ics(event(2), event(4))
    lender.work()
    assert [each.length for each in lender.closed()] == [timedelta(hours=2)] * 2
    own = Period(lender.world.now + timedelta(days=9), lender.world.now + timedelta(days=10))
    listing = equipment.listings(session, [1])[1]
    scope = equipment.Scope(lender.organization[0], listing.id)
    equipment.close(session, lender.manager, scope, own, now=lender.world.now)
    session.commit()
    elsewhere.file = ics(event(4), event(6, 3))
    assert lender.read().busy == 2
    assert [each.length.total_seconds() / 3600 for each in lender.closed()] == [2, 3, 24]
    assert [each for _, each in equipment.closures(session, scope, after=lender.world.now)] == [own]
    found = equipment.external_closures(session, scope, after=lender.world.now)
    assert len(found) == 2
    session.rollback()
    elsewhere.file = ics()
    assert lender.read().busy == 0
    assert lender.closed() == [own]


def test_an_agenda_of_all_closes_every_listing(
    app: Flask, world: World, elsewhere: Elsewhere, session: Session
) -> None:
    lender = Lender(app, world, whole=True)
    elsewhere.file = ics(event(2))
    lender.work()
    (row,) = session.execute(sa.select(Closure.organization_id, Closure.listing_id)).all()
    assert row == (lender.organization[0], None)
    later = world.listing(lender.organization, title_fr="Four")
    offer = equipment.take_turn_of(session, later, lender_span(world.now))
    assert len(offer.closures) == 1


def lender_span(now: datetime) -> Period:
    return Period(now, now + timedelta(days=30))


@contextmanager
def _unchanged(lender: Lender) -> Iterator[None]:
    before = lender.closed()
    assert before
    yield
    assert lender.closed() == before


def test_what_cannot_be_read_keeps_what_was_and_is_told_once(
    lender: Lender, elsewhere: Elsewhere, client: FlaskClient, tmp_path: Path
) -> None:
    elsewhere.file = ics(event(2))
    lender.work()
    with _unchanged(lender):
        elsewhere.file = ics((*event(3), "RRULE:FREQ=LUNAR"))
        for _ in range(3):
            problem = lender.read().problem
            assert problem is not None
            assert (problem.code, problem.params["line"]) == ("ical.not_a_rule", 7)
    (letter,) = letters(tmp_path)
    assert "Ligne 7" in letter
    assert "FREQ=LUNAR" in letter
    assert "secret-4711" not in letter
    lender.world.sign_in(client, lender.manager)
    shown = client.get("/organisme/agendas-externes").text
    assert "Cet agenda ne se lit pas" in shown
    assert "FREQ=LUNAR" in shown
    assert "Line 7" in client.get("/organisme/agendas-externes?lang=en").text
    assert "secret-4711" not in shown

    elsewhere.file = ics(event(3))
    assert lender.read().problem is None
    elsewhere.file = b"bonjour"
    lender.read()
    assert len(letters(tmp_path)) == 2


def test_a_server_that_is_away_is_told_of_after_a_day(
    lender: Lender, elsewhere: Elsewhere, tmp_path: Path, session: Session
) -> None:
    elsewhere.file = ics(event(2))
    lender.work()
    with _unchanged(lender):
        for raw, code in (
            (b"HTTP/1.1 500 X\r\n\r\n", "outside.status"),
            (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b", "outside.encoded"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 52428800\r\n\r\n", "outside.too_large"),
            (b"rien", "outside.unreachable"),
        ):
            elsewhere.raw = raw
            problem = lender.read().problem
            assert problem is not None
            assert problem.code == code
        elsewhere.addresses, asked = ["169.254.169.254"], elsewhere.asked
        problem = lender.read().problem
        assert problem is not None
        assert problem.code == "outside.internal"
        assert elsewhere.asked == asked
    assert letters(tmp_path) == []
    session.execute(
        sa.update(ExternalCalendar).values(read_at=lender.world.now - timedelta(days=2))
    )
    session.commit()
    for _ in range(2):
        lender.read()
    assert len(letters(tmp_path)) == 1


def test_no_address_lies_open_in_the_database_or_in_a_job(
    lender: Lender, session: Session, client: FlaskClient
) -> None:
    lender.world.sign_in(client, lender.manager)
    form = {"name": "Cuisine", "address": "webcal://Agenda.example/autre-4712.ics"}
    assert client.post("/organisme/agendas-externes", data=form).status_code == 303
    rows = session.scalars(sa.select(ExternalCalendar).order_by(ExternalCalendar.id)).all()
    assert [row.host for row in rows] == ["agenda.example"] * 2
    for row in rows:
        assert "471" not in str(row.sealed_address)
    assert "471" not in str([job.arguments for job in session.scalars(sa.select(Job))])


def test_every_agenda_at_an_address_is_read_within_the_hour(
    lender: Lender, session: Session
) -> None:
    session.execute(sa.delete(Job))
    now = lender.world.now
    service.queue_reads(session, now=now)
    (job,) = session.scalars(sa.select(Job)).all()
    assert (job.kind, job.arguments) == ("calendars.fetch", {"calendar": lender.id})
    assert now <= job.due_at < now + timedelta(hours=1)


def test_an_agenda_that_was_taken_away_meanwhile_closes_nothing(
    lender: Lender, elsewhere: Elsewhere, session: Session
) -> None:
    elsewhere.file = ics(event(2))
    lender.work()
    assert len(lender.closed()) == 1
    service.remove_external(
        session, lender.manager, lender.organization[0], lender.id, now=lender.world.now
    )
    session.commit()
    assert lender.closed() == []
    period = Period(lender.world.now, lender.world.now + timedelta(hours=1))
    service.record_read(session, lender.id, [period], now=lender.world.now)
    session.commit()
    assert lender.closed() == []


def test_a_file_is_read_at_once_and_refused_with_its_line(
    lender: Lender, client: FlaskClient, session: Session
) -> None:
    lender.world.sign_in(client, lender.manager)

    def put(content: bytes, **more: str) -> Any:
        form = {"name": "Congés", "file": (BytesIO(content), "conges.ics"), **more}
        return client.post("/organisme/agendas-externes", data=form)

    refused = put(ics(("DTSTART:demain",)))
    assert refused.status_code == 422
    assert "Ligne 5" in refused.text
    assert 'value="Congés"' in refused.text
    assert _put_large(client).status_code == 422
    assert lender.closed() == []
    assert put(ics(event(2)), listing=lender.truck).status_code == 303
    assert len(lender.closed()) == 1
    shown = client.get(f"/annonces/{lender.truck}/indisponibilites").text
    assert "1 plage est fermée par un agenda tenu ailleurs." in shown
    assert "Aucune fermeture à venir." in shown
    neither = client.post("/organisme/agendas-externes", data={"name": "Rien"})
    assert neither.status_code == 422
    inside = {"name": "x", "address": "http://agenda.example/"}
    assert "https://" in client.post("/organisme/agendas-externes", data=inside).text


def _put_large(client: FlaskClient) -> Any:
    """A file of one byte too many, in a body made by hand: the test client leaves its own open."""
    part = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
    body = part % (b"name", b"", b"Grand") + part % (
        *(b"file", b'; filename="grand.ics"', b"x" * 2_000_001),
    )
    return client.post(
        "/organisme/agendas-externes",
        data=body + b"--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )


def test_what_an_agenda_closed_is_not_reopened_by_hand(
    lender: Lender, elsewhere: Elsewhere, session: Session, client: FlaskClient
) -> None:
    elsewhere.file = ics(event(2))
    lender.work()
    (id_,) = session.scalars(sa.select(Closure.id)).all()
    session.rollback()
    bearer = {"Authorization": f"Bearer {lender.world.api_token(lender.manager)}"}
    listed = client.get(f"/api/v1/listings/{lender.truck}/closures", headers=bearer).get_json()
    assert [each["external"] for each in listed] == [True]
    answer = client.delete(f"/api/v1/closures/{id_}", headers=bearer)
    assert answer.status_code == 409
    assert answer.get_json()["reasons"][0]["code"] == "closure.of_an_agenda"
    assert len(lender.closed()) == 1


def test_the_public_sees_only_free_or_not_whatever_the_reason(
    lender: Lender, elsewhere: Elsewhere, client: FlaskClient
) -> None:
    """Closed by an agenda, taken by a loan: to a visitor both are "non disponible"."""
    elsewhere.file = ics(event(2, 48))
    lender.work()
    day = (lender.world.now + timedelta(days=3)).date()
    shown = client.get(f"/annonces/{lender.truck}?semaine={day}").text
    week = shown.partition('id="semaine"')[2].partition("</table>")[0]
    assert "non disponible" in week
    assert not any(f">{word}<" in week for word in ("fermé", "pris"))
    assert client.get(f"/api/v1/listings/{lender.truck}/week").status_code == 401
    assert client.get(f"/api/v1/listings/{lender.truck}/closures").status_code == 401
    assert "agenda" not in client.get(f"/api/v1/listings/{lender.truck}").text
    lender.world.sign_in(client, lender.world.member(lender.world.organization()[0]))
    assert "fermé" in client.get(f"/annonces/{lender.truck}?semaine={day}").text


def test_agendas_of_others_are_nobody_elses_business(lender: Lender, session: Session) -> None:
    stranger: Actor = lender.world.member(lender.world.organization()[0])
    with pytest.raises(Forbidden):
        service.externals_of(session, stranger, lender.organization[0])
    own = stranger.organization_id or 0
    for deed in (service.read_again, service.remove_external):
        with pytest.raises(NotFound):
            deed(session, stranger, own, lender.id, now=lender.world.now)
    draft = service.ExternalDraft("x", lender.truck)
    with pytest.raises(NotFound):
        service.add_external(
            session, stranger, own, draft, public_id=new_public_id(), now=lender.world.now
        )
