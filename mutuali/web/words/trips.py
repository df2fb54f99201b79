"""What the values of trips are called; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

TRIPS: Mapping[str, Mapping[str, Any]] = {
    "trips.place": {
        "asked": _l("Attend une réponse"),
        "accepted": _l("Acceptée"),
        "declined": _l("Refusée"),
        "withdrawn": _l("Rendue"),
        "expired": _l("Sans réponse"),
        "cancelled": _l("Trajet annulé"),
    },
    "trips.because": {
        "organization": _l("L’organisme qui l’offrait l’a annulé."),
        "booking": _l("Le véhicule n’est plus réservé pour tout ce temps."),
    },
    "trips.deed": {
        "asked": _l("Une place demandée dans votre trajet"),
        "joined": _l("Une place prise dans un trajet"),
        "accepted": _l("Votre place est acceptée"),
        "declined": _l("Votre place est refusée"),
        "withdrawn": _l("Une place rendue dans votre trajet"),
        "expired": _l("Votre demande de place est restée sans réponse"),
        "cancelled": _l("Un trajet est annulé"),
    },
}
