"""E-mail: to an SMTP server, or to files that a tester can read."""

import smtplib
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import SplitResult, unquote, urlsplit

from flask import current_app
from flask_babel import force_locale
from sqlalchemy.orm import Session

from mutuali.config import Settings
from mutuali.web.clock import utc_now
from mutuali.web.network import network
from mutuali.web.secrets import new_public_id

_SECONDS = 20


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Write in the reader's language, whatever the request's."""
    with force_locale(language):
        yield


def address(path: str) -> str:
    """The full address of a page, for links in e-mails."""
    settings: Settings = current_app.config["SETTINGS"]
    return f"{settings.base_url}{path}"


@dataclass(frozen=True, slots=True)
class Letter:
    """One plain-text e-mail, written in its reader's language; ``agenda`` is an iCalendar file that
    goes with it."""

    to: str
    subject: str
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)
    agenda: bytes | None = None


class Reader(Protocol):
    """Whom a letter goes to; ``id`` tells readers of one deed apart."""

    @property
    def id(self) -> int: ...
    @property
    def email(self) -> str: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Addressee:
    """A reader who may have no account, told at an address; ``id`` is what the letter is about."""

    id: int
    email: str
    language: str


ReaderT = TypeVar("ReaderT", bound=Reader)


def _no_headers(
    _session: Session, _arguments: Mapping[str, Any], _now: datetime
) -> Mapping[str, str]:
    return {}


def _no_agenda(
    _session: Session, _arguments: Mapping[str, Any], _reader: Any, _now: datetime
) -> bytes | None:
    return None


@dataclass(frozen=True, slots=True)
class Letters(Generic[ReaderT]):
    """The e-mails of one deed, a job for each reader: failing at one of them tells no other twice.

    ``readers(session, arguments, now)`` says who has to know; it is asked again before each letter,
    so that who need not know any more hears nothing. ``write(session, arguments, reader, now)``
    gives subject and body, in the reader's language. However slow the mail server is, nobody waits
    for it: a letter is sent outside any transaction.
    """

    readers: Callable[[Session, Mapping[str, Any], datetime], Iterable[ReaderT]]
    write: Callable[[Session, Mapping[str, Any], ReaderT, datetime], tuple[str, str]]
    #: What the letter says to mail programs besides.
    headers: Callable[[Session, Mapping[str, Any], datetime], Mapping[str, str]] = _no_headers
    #: What their agenda can take in.
    agenda: Callable[[Session, Mapping[str, Any], ReaderT, datetime], bytes | None] = _no_agenda

    def letter(
        self, session: Session, arguments: Mapping[str, Any], now: datetime
    ) -> Letter | None:
        """The letter to ``arguments["reader"]``, None when it need not know any more."""
        for reader in self.readers(session, arguments, now):
            if reader.id == arguments["reader"]:
                with in_language(reader.language if network().english else "fr"):
                    subject, body = self.write(session, arguments, reader, now)
                    agenda = self.agenda(session, arguments, reader, now)
                headers = self.headers(session, arguments, now)
                return Letter(reader.email, subject, body, headers, agenda)
        return None


def send(letter: Letter) -> None:
    """Send one e-mail.

    Raises:
        OSError, smtplib.SMTPException: it did not go; the job tries again.
    """
    settings: Settings = current_app.config["SETTINGS"]
    message = EmailMessage()
    message["From"], message["To"] = settings.mail_from, letter.to
    message["Subject"] = " ".join(letter.subject.split())
    for name, value in letter.headers.items():
        message[name] = value
    message.set_content(letter.body.strip() + "\n")
    if letter.agenda is not None:
        message.add_attachment(
            letter.agenda.decode(),
            subtype="calendar",
            filename="mutuali.ics",
            params={"method": "PUBLISH"},
        )
    url = urlsplit(settings.mail_url)
    if url.scheme == "file":
        folder = Path(url.path)
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{utc_now():%Y%m%dT%H%M%S%f}-{new_public_id()[:6]}.eml"
        (folder / name).write_bytes(bytes(message))
        return
    with _server(url) as server:
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)


def _server(url: SplitResult) -> smtplib.SMTP:
    """``smtps``: encrypted from the first byte; ``smtp``: once the server offers it, as on 587."""
    host, context = url.hostname or "localhost", ssl.create_default_context()
    if url.scheme == "smtps":
        return smtplib.SMTP_SSL(host, url.port or 465, timeout=_SECONDS, context=context)
    server = smtplib.SMTP(host, url.port or 25, timeout=_SECONDS)
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=context)
    elif url.username:
        server.close()
        raise smtplib.SMTPNotSupportedError("no password goes to a server that does not encrypt")
    return server
