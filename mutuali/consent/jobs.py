"""E-mails of consent: a question waits."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.consent import service
from mutuali.jobs import service as jobs
from mutuali.organizations import service as organizations
from mutuali.web.mail import Letter, Letters, address, in_language
from mutuali.web.words import label


def tell_question(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """Hand in one job for each organization that is asked."""
    for found in service.asked_organizations(session):
        told = {"notice": arguments["notice"], "organization": found.id}
        jobs.enqueue(session, "consent.tell_managers", told, now=now)


def managers(session: Session, arguments: Mapping[str, Any], now: datetime) -> Iterable[int]:
    """Who answers for an organization, unless a newer notice came meanwhile."""
    if not service.notice_by_id(session, arguments["notice"]).is_current:
        return ()
    return organizations.manager_ids(session, arguments["organization"])


def question_letter(session: Session, arguments: Mapping[str, Any], now: datetime) -> Letter | None:
    """A question waits, to one who can answer it."""
    person = accounts.person_or_none(session, arguments["reader"])
    notice = service.notice_by_id(session, arguments["notice"])
    if person is None or not notice.is_current:
        return None
    found = organizations.organization(session, arguments["organization"])
    with in_language(person.language):
        subject = _("Une question attend %(name)s", name=found.name)
        body = render_template(
            "consent/mail/question.txt",
            person=person,
            organization=found,
            notice=notice,
            purpose=label("consent.purpose", notice.purpose.value),
            link=address("/organisme/consentements"),
        )
    return Letter(person.email, subject, body)


HANDLERS = {
    "consent.tell_question": tell_question,
    "consent.tell_managers": Letters(question_letter, managers),
}
