"""E-mails of organizations."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.core.errors import Conflict
from mutuali.core.permissions import Role
from mutuali.organizations import service
from mutuali.web.mail import Letter, Letters, address, in_language
from mutuali.web.secrets import signed_link_token


def coordinators(session: Session, _arguments: Mapping[str, Any], _now: datetime) -> Iterable[int]:
    """Who hears that an organization applies."""
    return (person.id for person in accounts.people_with_role(session, Role.COORDINATOR))


def application_letter(
    session: Session, arguments: Mapping[str, Any], now: datetime
) -> Letter | None:
    """An organization applies."""
    found = service.organization(session, arguments["organization"])
    person = accounts.person_or_none(session, arguments["reader"])
    if person is None:
        return None
    with in_language(person.language):
        subject = _("%(name)s veut se joindre au réseau", name=found.name)
        body = render_template(
            "organizations/mail/application.txt",
            person=person,
            organization=found,
            link=address("/coordination/adhesions"),
        )
    return Letter(person.email, subject, body)


def applicants(session: Session, arguments: Mapping[str, Any], _now: datetime) -> Iterable[int]:
    """Who hears what was decided about their organization."""
    return service.member_ids(session, arguments["organization"])


def decision_letter(session: Session, arguments: Mapping[str, Any], now: datetime) -> Letter | None:
    """What was decided about an organization."""
    found = service.organization(session, arguments["organization"])
    person = accounts.person_or_none(session, arguments["reader"])
    if person is None:
        return None
    with in_language(person.language):
        subject = (
            _("%(name)s fait partie du réseau", name=found.name)
            if found.accepted
            else _("Réponse à la demande de %(name)s", name=found.name)
        )
        body = render_template(
            "organizations/mail/decision.txt",
            person=person,
            organization=found,
            link=address("/organisme"),
        )
    return Letter(person.email, subject, body)


def invitation_letter(
    session: Session, arguments: Mapping[str, Any], now: datetime
) -> Letter | None:
    """An invitation; the link is signed only now."""
    try:
        found = service.invitation(session, arguments["invitation"], now=now)
    except Conflict:
        return None  # accepted or too old meanwhile
    link = address(f"/invitation/{signed_link_token('invitation', str(found.id))}")
    person = accounts.find_person(session, found.email)
    spoken = service.organization(session, found.organization_id).languages
    with in_language(person.language if person else spoken[0]):
        subject = _("%(name)s vous invite sur MutuAli", name=found.organization_name)
        body = render_template("organizations/mail/invitation.txt", invitation=found, link=link)
    return Letter(found.email, subject, body)


HANDLERS = {
    "organizations.tell_application": Letters(application_letter, coordinators),
    "organizations.tell_decision": Letters(decision_letter, applicants),
    "organizations.send_invitation": Letters(invitation_letter),
}
