"""What the values of webhooks are called; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

WEBHOOKS: Mapping[str, Mapping[str, Any]] = {
    "webhooks.about": {
        "booking": _l("Étapes des réservations"),
        "trip": _l("Trajets partagés et leurs places"),
        "outage": _l("Unités hors service, ou de retour"),
        "report": _l("Constats d’état au départ et au retour"),
    },
    "webhooks.state": {
        "waiting": _l("En attente"),
        "delivered": _l("Reçu"),
        "failed": _l("Abandonné"),
    },
    "webhooks.paused": {
        "by_hand": _l("Quelqu’un de votre organisme l’a suspendu."),
        "failing": _l("L’adresse n’a pas répondu pendant trois jours."),
        "gone": _l("L’adresse a répondu qu’elle ne veut plus rien recevoir (410)."),
    },
}
