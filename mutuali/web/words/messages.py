"""What the values of messages are called; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: Mapping[str, Mapping[str, Any]] = {
    "messages.grounds": {
        "hurtful": _l("C’est blessant ou menaçant"),
        "private": _l("Cela dit quelque chose de privé sur une personne"),
        "unrelated": _l("Cela n’a rien à voir avec un prêt"),
        "other": _l("Autre chose"),
    },
    "messages.decision": {
        "nothing": _l("Ne rien faire"),
        "hide": _l("Masquer le message"),
        "warn": _l("Laisser le message et avertir l’organisme qui l’a écrit"),
    },
    "messages.which": {
        "unread": _l("Non lus"),
        "listings": _l("Sur une annonce"),
        "bookings": _l("Sur une réservation"),
    },
}
