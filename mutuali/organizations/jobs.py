"""E-mails of organizations."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.core.errors import Conflict
from mutuali.core.permissions import Role
from mutuali.organizations import service
from mutuali.web.mail import address, in_language, send
from mutuali.web.secrets import signed_link_token


def tell_application(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """Tell coordinators that an organization applies."""
    found = service.organization(session, arguments["organization"])
    for person in accounts.people_with_role(session, Role.COORDINATOR):
        with in_language(person.language):
            subject = _("%(name)s veut se joindre au réseau", name=found.name)
            body = render_template(
                "organizations/mail/application.txt",
                person=person,
                organization=found,
                link=address("/coordination/adhesions"),
            )
        send(person.email, subject, body)


def tell_decision(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """Tell an organization's people what was decided."""
    found = service.organization(session, arguments["organization"])
    people = accounts.people(session, frozenset(service.member_ids(session, found.id)))
    for person in people.values():
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
        send(person.email, subject, body)


def send_invitation(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """Send an invitation; the link is signed only now."""
    try:
        found = service.invitation(session, arguments["invitation"], now=now)
    except Conflict:
        return  # accepted or too old meanwhile
    link = address(f"/invitation/{signed_link_token('invitation', str(found.id))}")
    person = accounts.find_person(session, found.email)
    spoken = service.organization(session, found.organization_id).languages
    with in_language(person.language if person else spoken[0]):
        subject = _("%(name)s vous invite sur MutuAli", name=found.organization_name)
        body = render_template("organizations/mail/invitation.txt", invitation=found, link=link)
    send(found.email, subject, body)


HANDLERS: dict[str, Callable[[Session, Mapping[str, Any], datetime], None]] = {
    "organizations.tell_application": tell_application,
    "organizations.tell_decision": tell_decision,
    "organizations.send_invitation": send_invitation,
}
