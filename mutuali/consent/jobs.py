"""E-mails of consent: a question waits."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.consent import service
from mutuali.core.permissions import SYSTEM, Role
from mutuali.jobs import service as jobs
from mutuali.organizations import service as organizations
from mutuali.web.mail import address, in_language, send
from mutuali.web.words import label


def tell_question(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """Hand in one job for each organization that is asked, so that one failure repeats no other."""
    for found in service.asked_organizations(session):
        told = {"notice": arguments["notice"], "organization": found.id}
        jobs.enqueue(session, "consent.tell_managers", told, now=now)


def tell_managers(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """Tell the managers of one organization, unless a newer notice came meanwhile."""
    notice = service.notice_by_id(session, arguments["notice"])
    if not notice.is_current:
        return
    found = organizations.organization(session, arguments["organization"])
    members = organizations.members(session, SYSTEM, found.id)
    managers = frozenset(each.person_id for each in members if each.role is Role.MANAGER)
    for person in accounts.people(session, managers).values():
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
        send(person.email, subject, body)


HANDLERS: dict[str, Callable[[Session, Mapping[str, Any], datetime], None]] = {
    "consent.tell_question": tell_question,
    "consent.tell_managers": tell_managers,
}
