"""E-mails of messages: that somebody wrote, never what; that a message is reported, and judged."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.core.permissions import Role
from mutuali.messages import service
from mutuali.messages.rules import Decision
from mutuali.organizations import service as organizations
from mutuali.web.mail import Letters, address
from mutuali.web.words import label


def announce(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """Hand in the letters about what is new in a thread."""
    service.announce(session, arguments["thread"], now=now)


def readers(
    session: Session, arguments: Mapping[str, Any], _now: datetime
) -> Iterable[accounts.PersonFacts]:
    """Who has not read it yet."""
    waiting = service.announced(session, arguments["thread"]).waiting
    return accounts.people(session, waiting).values()


def letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, _now: datetime
) -> tuple[str, str]:
    """That an organization wrote, and about what; the words stay on the site."""
    told = service.announced(session, arguments["thread"])
    body = render_template(
        "messages/mail/new.txt",
        person=person,
        told=told,
        title=told.listing.title(person.language),
        link=address(f"/messages/{told.public_id}"),
    )
    return _("%(name)s vous a écrit", name=told.writer), body


def report_letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, _now: datetime
) -> tuple[str, str]:
    """That a message was reported, and why."""
    told = service.report_by_id(session, arguments["report"])
    body = render_template(
        "messages/mail/reported.txt",
        person=person,
        why=label("messages.grounds", told.grounds.value),
        title=told.listing.title(person.language),
        link=address(f"/coordination/signalements/{told.public_id}"),
    )
    return _("Un message est signalé"), body


def decision_readers(
    session: Session, arguments: Mapping[str, Any], _now: datetime
) -> Iterable[accounts.PersonFacts]:
    """Who reported a message; and who wrote it, when something is done about it."""
    told = service.reports_of(session, arguments["message"])
    found = {each.reporter_id for each in told}
    if told and told[0].decision is not Decision.NOTHING:
        found |= {*organizations.member_ids(session, told[0].writer_id)}
    return accounts.people(session, frozenset(found)).values()


def decision_letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, _now: datetime
) -> tuple[str, str]:
    """What was decided about a message, to who reported it or to who wrote it."""
    told = service.reports_of(session, arguments["message"])
    reported = any(each.reporter_id == person.id for each in told)
    body = render_template(
        "messages/mail/decided.txt",
        person=person,
        reported=reported,
        decision=(told[0].decision or Decision.NOTHING).value,
        words=told[0].decision_words,
        title=told[0].listing.title(person.language),
        link=address("/messages"),
    )
    subject = _("Votre signalement") if reported else _("Un message de votre organisme")
    return subject, body


HANDLERS = {
    "messages.announce": announce,
    "messages.tell": Letters(readers, letter),
    "messages.tell_report": Letters(accounts.holders_of(Role.COORDINATOR), report_letter),
    "messages.tell_decision": Letters(decision_readers, decision_letter),
}
