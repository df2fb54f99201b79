"""E-mails of accounts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service
from mutuali.accounts.rules import LinkPurpose
from mutuali.web.mail import Letter, Letters, address, in_language
from mutuali.web.secrets import signed_link_token


def link_letter(session: Session, arguments: Mapping[str, Any], now: datetime) -> Letter | None:
    """The link that confirms an address or sets a new password; signed only now."""
    found = service.link_recipient(session, arguments["link"])
    if found is None:
        return None
    person, purpose = found
    token = signed_link_token(purpose.value, str(arguments["link"]))
    confirms = purpose is LinkPurpose.CONFIRM
    path = f"/confirmer/{token}" if confirms else f"/mot-de-passe/{token}"
    with in_language(person.language):
        subject = _("Confirmez votre adresse") if confirms else _("Choisir un nouveau mot de passe")
        body = render_template(
            "accounts/mail/link.txt", person=person, confirms=confirms, link=address(path)
        )
    return Letter(person.email, subject, body)


HANDLERS = {"accounts.send_link": Letters(link_letter)}
