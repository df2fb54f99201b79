"""Letters and ends of what the public says: authors are told once, those who answer reminded."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.core.period import local
from mutuali.core.permissions import Role
from mutuali.voices import service
from mutuali.voices.views.shown import left_words
from mutuali.web.mail import Letter, Letters, address, in_language
from mutuali.web.mail import send as send_letter

_DESK = "/intendance/paroles"


def tick(session: Session, _arguments: Mapping[str, Any], now: datetime) -> None:
    """Remind, and end what is over."""
    service.remind(session, now=now)
    service.end_old(session, now=now)


def to_tell(session: Session, arguments: Mapping[str, Any], _now: datetime) -> Letter | None:
    """The answer to somebody who left an address; None when they were told."""
    found = service.reply(session, arguments["voice"])
    if found is None:
        return None
    with in_language(found.language):
        link = address(f"/questions-et-reponses#{found.answer_id}") if found.answer_id else None
        body = render_template("voices/mail/answer.txt", reply=found, link=link)
        return Letter(found.email, _("Réponse à ce que vous nous avez dit"), body)


def send(letter: Letter | None) -> bool:
    """Send it; whether there was one."""
    if letter is not None:
        send_letter(letter)
    return letter is not None


def told(session: Session, arguments: Mapping[str, Any], sent: bool, now: datetime) -> None:
    """It left: the address goes."""
    if sent:
        service.told(session, arguments["voice"], now=now)


def those_who_answer(
    session: Session, arguments: Mapping[str, Any], _now: datetime
) -> Iterable[accounts.PersonFacts]:
    """The coordination and the stewards, as long as something of it waits."""
    if not service.still_waiting(session, arguments["voices"]):
        return ()
    found = {
        person.id: person
        for role in (Role.COORDINATOR, Role.STEWARD)
        for person in accounts.people_with_role(session, role)
    }
    return found.values()


def stewards(
    session: Session, arguments: Mapping[str, Any], _now: datetime
) -> Iterable[accounts.PersonFacts]:
    """Who answers for it that nobody answered, as long as nobody did."""
    if not service.still_waiting(session, arguments["voices"]):
        return ()
    return accounts.people_with_role(session, Role.STEWARD)


def reminder(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, now: datetime
) -> tuple[str, str]:
    """What waits, and until when; its words stay on the site."""
    body, count = _letter("voices/mail/reminder.txt", session, arguments, person, now)
    return ngettext(
        "%(num)d question du public attend", "%(num)d questions du public attendent", count
    ), body


def overdue(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, now: datetime
) -> tuple[str, str]:
    """What was promised an answer and got none in time."""
    body, count = _letter("voices/mail/overdue.txt", session, arguments, person, now)
    return ngettext(
        "%(num)d question du public est en retard",
        "%(num)d questions du public sont en retard",
        count,
    ), body


def _letter(
    template: str,
    session: Session,
    arguments: Mapping[str, Any],
    person: accounts.PersonFacts,
    now: datetime,
) -> tuple[str, int]:
    found = service.still_waiting(session, arguments["voices"])
    body = render_template(
        template,
        person=person,
        found=found,
        today=local(now).date(),
        left_words=left_words,
        link=lambda each: address(f"{_DESK}/{each.public_id}"),
    )
    return body, len(found)


HANDLERS = {
    "voices.tick": tick,
    "voices.remind": Letters(those_who_answer, reminder),
    "voices.overdue": Letters(stewards, overdue),
}
