"""Letters go to each reader once, whatever the mail server does, and nobody waits for it."""

import socketserver
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.accounts.models import Person
from mutuali.accounts.service import PersonFacts, people
from mutuali.jobs import service
from mutuali.jobs.jobs import run_once
from mutuali.jobs.models import Job
from mutuali.web.clock import utc_now
from mutuali.web.mail import Letters
from tests.factories import World


class MailServer(socketserver.ThreadingTCPServer):
    """A mail server that keeps what it gets and turns down whom it is told to."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.turned_down: set[str] = set()
        self.received: list[tuple[str, bytes]] = []
        self.while_receiving: Callable[[], None] = lambda: None


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 essai")
        to = ""
        for line in self.rfile:
            words = line.decode().strip()
            command = words[:4].upper()
            if command == "RCPT":
                to = words.partition("<")[2].rstrip(">")
                self._say("550 non" if to in self.server.turned_down else "250 oui")
            elif command == "DATA":
                self._say("354 oui")
                content = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.while_receiving()
                self.server.received.append((to, content))
                self._say("250 oui")
            elif command == "QUIT":
                self._say("221 au revoir")
                return
            else:
                self._say("250 oui")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def mail_server(app: Flask) -> Iterator[MailServer]:
    settings = app.config["SETTINGS"]
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        app.config["SETTINGS"] = replace(settings, mail_url=f"smtp://127.0.0.1:{port}")
        yield server
        app.config["SETTINGS"] = settings
        server.shutdown()


def everybody(session: Session, _arguments: Mapping[str, Any], _now: datetime) -> list[PersonFacts]:
    return list(people(session, frozenset(session.scalars(sa.select(Person.id)))).values())


def greeting(
    _session: Session, _arguments: Mapping[str, Any], reader: PersonFacts, _now: datetime
) -> tuple[str, str]:
    return "Été", f"Voilà, {reader.name}."


KINDS = {"essai.tell": Letters(everybody, greeting)}


def carry_out_all(app: Flask, session: Session) -> None:
    """Carry out what waits, also what waits for its next attempt."""
    while run_once(app, KINDS):
        pass
    session.expire_all()
    for job in session.scalars(sa.select(Job).where(Job.state == "waiting")):
        job.due_at = utc_now() - timedelta(seconds=1)
    session.commit()


def test_a_failure_at_one_reader_tells_no_other_twice(
    app: Flask, session: Session, world: World, mail_server: MailServer
) -> None:
    for name in ("ana", "bao", "chloe"):
        world.person(email=f"{name}@exemple.org")
    service.enqueue(session, "essai.tell", {}, now=utc_now())
    session.commit()
    mail_server.turned_down = {"bao@exemple.org"}

    carry_out_all(app, session)
    assert sorted(to for to, _ in mail_server.received) == ["ana@exemple.org", "chloe@exemple.org"]

    mail_server.turned_down = set()
    carry_out_all(app, session)
    assert [to for to, _ in mail_server.received][2:] == ["bao@exemple.org"]
    assert {job.state for job in session.scalars(sa.select(Job))} == {"done"}
    letter = message_from_bytes(mail_server.received[0][1], policy=policy.default)
    assert letter["Subject"] == "Été"
    assert letter.get_content().startswith("Voilà, ")


def test_others_write_while_a_slow_mail_server_listens(
    app: Flask, session: Session, world: World, mail_server: MailServer
) -> None:
    reader = world.person(email="ana@exemple.org")
    service.enqueue(session, "essai.tell", {"reader": reader.person_id}, now=utc_now())
    session.commit()

    def write() -> None:
        world.person(email="pendant@exemple.org")  # would wait for ever behind a writing job
        session.commit()

    mail_server.while_receiving = write
    assert run_once(app, KINDS)
    assert session.scalar(sa.select(sa.func.count(Person.id))) == 2
    assert len(mail_server.received) == 1


def test_nobody_hears_of_what_no_longer_matters(
    app: Flask, session: Session, mail_server: MailServer
) -> None:
    service.enqueue(session, "essai.tell", {"reader": 404}, now=utc_now())
    session.commit()
    carry_out_all(app, session)
    assert mail_server.received == []
    assert session.scalars(sa.select(Job.state)).all() == ["done"]


def test_a_password_goes_to_no_server_that_does_not_encrypt(
    app: Flask, session: Session, world: World, mail_server: MailServer
) -> None:
    reader = world.person(email="ana@exemple.org")
    settings = app.config["SETTINGS"]
    secret = settings.mail_url.replace("//", "//mutuali:secret@")
    app.config["SETTINGS"] = replace(settings, mail_url=secret)
    service.enqueue(session, "essai.tell", {"reader": reader.person_id}, now=utc_now())
    session.commit()
    assert run_once(app, KINDS)
    assert mail_server.received == []
    session.expire_all()
    error = session.scalars(sa.select(Job.last_error)).one()
    assert error is not None
    assert "encrypt" in error
    assert "secret" not in error
