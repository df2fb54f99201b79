"""Letters of meetings, with a file for the agenda; and the end of those that are a week past."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.owndata import service
from mutuali.owndata.views.meetings import agenda_file
from mutuali.web.mail import Letters, address
from mutuali.web.wording import moment


def readers(
    session: Session, arguments: Mapping[str, Any], _now: datetime
) -> Iterable[accounts.PersonFacts]:
    """The two who meet, as long as the meeting is what it was."""
    found = service.meeting_told(session, arguments["meeting"])
    if found is None or (found.cancelled_at is not None) != (arguments["what"] == "cancelled"):
        return ()
    return accounts.people(session, frozenset({found.helper_id, found.person_id})).values()


def letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, _now: datetime
) -> tuple[str, str]:
    """When, about what, and who calls whom; or that it does not take place."""
    found = _meeting(session, arguments)
    helps = person.id == found.helper_id
    body = render_template(
        "owndata/mail/meeting.txt",
        person=person,
        meeting=found,
        helps=helps,
        cancelled=found.cancelled_at is not None,
        link=address("/intendance/rencontres" if helps else "/organisme/demander-quelquun"),
    )
    when = moment(found.period.start)
    if found.cancelled_at is not None:
        return _("Rencontre annulée\u00a0: %(when)s", when=when), body
    return _("Rencontre de vingt minutes\u00a0: %(when)s", when=when), body


def agenda(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, _now: datetime
) -> bytes | None:
    """The same for their agenda."""
    return agenda_file(_meeting(session, arguments), person.language)


def tick(session: Session, _arguments: Mapping[str, Any], now: datetime) -> None:
    """Destroy what is a week past."""
    service.forget_meetings(session, now=now)


def _meeting(session: Session, arguments: Mapping[str, Any]) -> service.MeetingFacts:
    found = service.meeting_told(session, arguments["meeting"])
    if found is None:
        raise LookupError(arguments["meeting"])
    return found


HANDLERS = {"owndata.tell": Letters(readers, letter, agenda=agenda), "owndata.tick": tick}
