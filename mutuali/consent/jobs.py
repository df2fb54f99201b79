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
from mutuali.web.mail import Letters, address
from mutuali.web.words import label


def tell_question(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """Hand in one job for each organization that is asked."""
    for found in service.asked_organizations(session):
        told = {"notice": arguments["notice"], "organization": found.id}
        jobs.enqueue(session, "consent.tell_managers", told, now=now)


def managers(
    session: Session, arguments: Mapping[str, Any], _now: datetime
) -> Iterable[accounts.PersonFacts]:
    """Who answers for an organization, unless a newer notice came meanwhile."""
    if not service.notice_by_id(session, arguments["notice"]).is_current:
        return ()
    found = organizations.manager_ids(session, arguments["organization"])
    return accounts.people(session, frozenset(found)).values()


def question_letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, _now: datetime
) -> tuple[str, str]:
    """A question waits."""
    notice = service.notice_by_id(session, arguments["notice"])
    found = organizations.organization(session, arguments["organization"])
    body = render_template(
        "consent/mail/question.txt",
        person=person,
        organization=found,
        notice=notice,
        purpose=label("consent.purpose", notice.purpose.value),
        link=address("/organisme/consentements"),
    )
    return _("Une question attend %(name)s", name=found.name), body


HANDLERS = {
    "consent.tell_question": tell_question,
    "consent.tell_managers": Letters(managers, question_letter),
}
