"""E-mails of consent: a question waits, still waits, or comes back."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.consent import service
from mutuali.consent.rules import WAITING
from mutuali.core.permissions import SYSTEM, Actor
from mutuali.organizations import service as organizations
from mutuali.web.mail import Letters, address
from mutuali.web.words import label


def tell_question(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """Put a notice to everybody whom it asks, unless a newer one came meanwhile."""
    if service.notice_by_id(session, arguments["notice"]).is_current:
        service.ask_all(session, arguments["notice"], now=now)


def tick(session: Session, _arguments: Mapping[str, Any], now: datetime) -> None:
    """Ask whoever came since, and write down which yes ended."""
    service.tick(session, now=now)


def managers(
    session: Session, arguments: Mapping[str, Any], now: datetime
) -> Iterable[accounts.PersonFacts]:
    """Who answers for an organization, as long as the question waits."""
    organization_id = arguments["organization"]
    if not _waits(service.questions(session, SYSTEM, organization_id, now=now), arguments):
        return ()
    found = organizations.manager_ids(session, organization_id)
    return accounts.people(session, frozenset(found)).values()


def person(
    session: Session, arguments: Mapping[str, Any], now: datetime
) -> Iterable[accounts.PersonFacts]:
    """Who is asked for themselves, as long as the question waits."""
    found = accounts.people(session, frozenset({arguments["person"]}))
    return [
        each
        for id_, each in found.items()
        if _waits(service.own_questions(session, Actor(person_id=id_), now=now), arguments)
    ]


def organization_letter(
    session: Session, arguments: Mapping[str, Any], reader: accounts.PersonFacts, _now: datetime
) -> tuple[str, str]:
    """A question waits for an organization."""
    found = organizations.organization(session, arguments["organization"])
    body = _body(session, "question.txt", arguments, reader, organization=found)
    return _("Une question attend %(name)s", name=found.name), body


def person_letter(
    session: Session, arguments: Mapping[str, Any], reader: accounts.PersonFacts, _now: datetime
) -> tuple[str, str]:
    """A question waits for a person; whom they work for is not in it."""
    return _("Une question vous attend"), _body(session, "own_question.txt", arguments, reader)


def _body(
    session: Session,
    template: str,
    arguments: Mapping[str, Any],
    reader: accounts.PersonFacts,
    **shown: Any,
) -> str:
    notice = service.notice_by_id(session, arguments["notice"])
    path = "/organisme/consentements" if shown else "/compte/consentements"
    return render_template(
        f"consent/mail/{template}",
        person=reader,
        notice=notice,
        purpose=label("consent.purpose", notice.purpose.value),
        why=arguments["why"],
        link=address(path),
        **shown,
    )


def _waits(questions: Iterable[service.Question], arguments: Mapping[str, Any]) -> bool:
    return any(
        each.notice.id == arguments["notice"] and each.standing in WAITING for each in questions
    )


HANDLERS = {
    "consent.tell_question": tell_question,
    "consent.tell_organization": Letters(managers, organization_letter),
    "consent.tell_person": Letters(person, person_letter),
    "consent.tick": tick,
}
