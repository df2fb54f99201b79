"""E-mails of accounts."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service
from mutuali.accounts.rules import LinkPurpose
from mutuali.web.mail import address, in_language, send
from mutuali.web.secrets import signed_link_token


def send_link(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """Send the link that confirms an address or sets a new password; signed only now."""
    found = service.link_recipient(session, arguments["link"])
    if found is None:
        return
    person, purpose = found
    token = signed_link_token(purpose.value, str(arguments["link"]))
    confirms = purpose is LinkPurpose.CONFIRM
    path = f"/confirmer/{token}" if confirms else f"/mot-de-passe/{token}"
    with in_language(person.language):
        subject = _("Confirmez votre adresse") if confirms else _("Choisir un nouveau mot de passe")
        body = render_template(
            "accounts/mail/link.txt", person=person, confirms=confirms, link=address(path)
        )
    send(person.email, subject, body)


HANDLERS: dict[str, Callable[[Session, Mapping[str, Any], datetime], None]] = {
    "accounts.send_link": send_link,
}
