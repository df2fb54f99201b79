"""E-mails of organizations."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.core.errors import Conflict, NotFound
from mutuali.core.permissions import Role
from mutuali.organizations import service
from mutuali.organizations.rules import need_word
from mutuali.web.mail import Addressee, Letters, address
from mutuali.web.secrets import signed_link_token
from mutuali.web.wording import said


@dataclass(frozen=True, slots=True)
class Invited(Addressee):
    """Who is invited, perhaps without an account yet."""

    invitation: service.InvitationFacts


def application_letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, _now: datetime
) -> tuple[str, str]:
    """An organization applies."""
    found = service.organization(session, arguments["organization"])
    body = render_template(
        "organizations/mail/application.txt",
        person=person,
        organization=found,
        link=address("/coordination/adhesions"),
    )
    return _("%(name)s veut se joindre au réseau", name=found.name), body


def applicants(
    session: Session, arguments: Mapping[str, Any], _now: datetime
) -> Iterable[accounts.PersonFacts]:
    """Who hears what was decided about their organization."""
    members = service.member_ids(session, arguments["organization"])
    return accounts.people(session, frozenset(members)).values()


def decision_letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, _now: datetime
) -> tuple[str, str]:
    """What was decided about an organization."""
    found = service.organization(session, arguments["organization"])
    body = render_template(
        "organizations/mail/decision.txt",
        person=person,
        organization=found,
        link=address("/organisme"),
    )
    if found.accepted:
        return _("%(name)s fait partie du réseau", name=found.name), body
    return _("Réponse à la demande de %(name)s", name=found.name), body


def invited(session: Session, arguments: Mapping[str, Any], now: datetime) -> list[Invited]:
    """Who is invited, unless the invitation was accepted or is too old."""
    try:
        found = service.invitation(session, arguments["invitation"], now=now)
    except Conflict:
        return []
    person = accounts.find_person(session, found.email)
    spoken = service.organization(session, found.organization_id).languages
    return [Invited(found.id, found.email, person.language if person else spoken[0], found)]


def invitation_letter(
    _session: Session, _arguments: Mapping[str, Any], reader: Invited, _now: datetime
) -> tuple[str, str]:
    """An invitation; the link is signed only now."""
    found = reader.invitation
    link = address(f"/invitation/{signed_link_token('invitation', str(found.id))}")
    body = render_template("organizations/mail/invitation.txt", invitation=found, link=link)
    return _("%(name)s vous invite sur MutuAli", name=found.organization_name), body


def managers_of_document(
    session: Session, arguments: Mapping[str, Any], now: datetime
) -> Iterable[accounts.PersonFacts]:
    """Who manages the organization of a document that is still there."""
    found = service.document_by_id(session, arguments["document"], now=now)
    if found is None:
        return ()
    managers = service.manager_ids(session, found.organization_id)
    return accounts.people(session, frozenset(managers)).values()


def document_letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, now: datetime
) -> tuple[str, str]:
    """What a coordinator said of a document."""
    found, name, body = _of_document(session, arguments, person, "document", now)
    if found.refused_reason:
        return _("Document refusé\u00a0: %(name)s", name=name), body
    return _("Document vérifié\u00a0: %(name)s", name=name), body


def expiry_letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, now: datetime
) -> tuple[str, str]:
    """A document ends soon."""
    found, name, body = _of_document(session, arguments, person, "expiry", now)
    return _("%(name)s\u00a0: échéance le %(day)s", name=name, day=said(found.expires_on)), body


def _of_document(
    session: Session,
    arguments: Mapping[str, Any],
    person: accounts.PersonFacts,
    template: str,
    now: datetime,
) -> tuple[service.DocumentFacts, object, str]:
    """The document, what it is called and the body of a letter about it."""
    found = service.document_by_id(session, arguments["document"], now=now)
    if found is None:
        raise NotFound
    name = said(need_word(found.kind, found.detail))
    body = render_template(
        f"organizations/mail/{template}.txt",
        person=person,
        document=found,
        name=name,
        link=address("/organisme/documents"),
    )
    return found, name, body


def remind(session: Session, _arguments: Mapping[str, Any], now: datetime) -> None:
    """Once a day: tell of what ends soon."""
    service.remind(session, now=now)


HANDLERS: Mapping[str, Any] = {
    "organizations.tell_application": Letters(
        accounts.holders_of(Role.COORDINATOR), application_letter
    ),
    "organizations.tell_decision": Letters(applicants, decision_letter),
    "organizations.send_invitation": Letters(invited, invitation_letter),
    "organizations.tell_document": Letters(managers_of_document, document_letter),
    "organizations.tell_expiry": Letters(managers_of_document, expiry_letter),
    "organizations.remind": remind,
}
