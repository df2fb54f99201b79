"""E-mail: to an SMTP server, or to files that a tester can read."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app
from flask_babel import force_locale

from mutuali.config import Settings
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Write in the reader's language, whatever the request's."""
    with force_locale(language):
        yield


def address(path: str) -> str:
    """The full address of a page, for links in e-mails."""
    settings: Settings = current_app.config["SETTINGS"]
    return f"{settings.base_url}{path}"


def send(to: str, subject: str, body: str) -> None:
    """Send one plain-text e-mail.

    Raises:
        OSError, smtplib.SMTPException: it did not go; the job tries again.
    """
    settings: Settings = current_app.config["SETTINGS"]
    message = EmailMessage()
    message["From"], message["To"] = settings.mail_from, to
    message["Subject"] = " ".join(subject.split())
    message.set_content(body.strip() + "\n")
    url = urlsplit(settings.mail_url)
    if url.scheme == "file":
        folder = Path(url.path)
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{utc_now():%Y%m%dT%H%M%S%f}-{new_public_id()[:6]}.eml"
        (folder / name).write_bytes(bytes(message))
        return
    with smtplib.SMTP(url.hostname or "localhost", url.port or 25, timeout=20) as server:
        if url.scheme == "smtps" or url.port == 587:
            server.starttls()
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)
