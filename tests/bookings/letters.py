"""What the mail folder of a test instance holds once every job is done."""

import email
from dataclasses import dataclass
from email.policy import default
from pathlib import Path

from flask import Flask

from mutuali.jobs.jobs import HANDLERS_KEY, run_once


@dataclass(frozen=True, slots=True)
class Sent:
    """One e-mail as its reader reads it."""

    to: str
    subject: str
    body: str


def sent(app: Flask) -> list[Sent]:
    """Work through all jobs that are due; every letter that was ever sent."""
    while run_once(app, app.extensions[HANDLERS_KEY]):
        pass
    folder = Path(app.config["SETTINGS"].mail_url.removeprefix("file:"))
    found = []
    for path in sorted(folder.glob("*.eml")):
        letter = email.message_from_bytes(path.read_bytes(), policy=default)
        found.append(Sent(str(letter["To"]), str(letter["Subject"]), str(letter.get_content())))
    return found
