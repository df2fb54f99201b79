"""E-mails of accounts."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from mutuali.accounts import service
from mutuali.accounts.rules import LinkPurpose
from mutuali.web.mail import Letters, address
from mutuali.web.network import network
from mutuali.web.secrets import signed_link_token
from mutuali.web.words import label


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


def told(
    session: Session, arguments: Mapping[str, Any], _now: datetime
) -> Iterable[service.PersonFacts]:
    """Whose second factor it is."""
    return service.people(session, frozenset({arguments["person"]})).values()


def factor_letter(
    _session: Session, arguments: Mapping[str, Any], person: service.PersonFacts, _now: datetime
) -> tuple[str, str]:
    """What changed in how a person signs in; whoever did not do it learns it here."""
    subject, happened = _said(arguments)
    body = render_template(
        "accounts/mail/factor.txt",
        person=person,
        happened=happened,
        link=address("/compte#deuxieme-etape"),
        contact=network().operator_contact,
    )
    return subject, body


def _said(arguments: Mapping[str, Any]) -> tuple[str, str]:
    kind = label("accounts.factor", arguments["kind"]) if "kind" in arguments else ""
    return {
        "factor_added": (
            _("Une deuxième étape est ajoutée à votre compte"),
            _("On vous demandera ceci à la connexion\u00a0: %(kind)s.", kind=kind),
        ),
        "factor_removed": (
            _("Une deuxième étape est retirée de votre compte"),
            _("Ceci ne sert plus à vous connecter\u00a0: %(kind)s.", kind=kind),
        ),
        "factors_forgotten": (
            _("La deuxième étape de votre compte est remise à zéro"),
            _("L’exploitant du réseau a retiré tous vos moyens. Ajoutez-en un à la connexion."),
        ),
        "recovery_code_used": (
            _("Un de vos codes de secours a servi"),
            ngettext(
                "Il vous en reste %(num)d.", "Il vous en reste %(num)d.", arguments.get("left", 0)
            ),
        ),
    }[arguments["what"]]


HANDLERS = {
    "accounts.send_link": Letters(holder, link_letter),
    "accounts.tell_factor": Letters(told, factor_letter),
}
