"""E-mails of accounts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service
from mutuali.accounts.rules import LinkPurpose
from mutuali.web.mail import Letters, address
from mutuali.web.secrets import signed_link_token


def holder(
    session: Session, arguments: Mapping[str, Any], _now: datetime
) -> list[service.PersonFacts]:
    """Whom a link that still holds was made for."""
    found = service.link_recipient(session, arguments["link"])
    return [found] if found else []


def link_letter(
    _session: Session, arguments: Mapping[str, Any], person: service.PersonFacts, _now: datetime
) -> tuple[str, str]:
    """The link that confirms an address or sets a new password; signed only now."""
    purpose = LinkPurpose(arguments["purpose"])
    token = signed_link_token(purpose.value, str(arguments["link"]))
    confirms = purpose is LinkPurpose.CONFIRM
    path = f"/confirmer/{token}" if confirms else f"/mot-de-passe/{token}"
    subject = _("Confirmez votre adresse") if confirms else _("Choisir un nouveau mot de passe")
    body = render_template(
        "accounts/mail/link.txt", person=person, confirms=confirms, link=address(path)
    )
    return subject, body


HANDLERS = {"accounts.send_link": Letters(holder, link_letter)}
