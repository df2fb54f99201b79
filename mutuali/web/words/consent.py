"""What the values of consent are called; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

CONSENT: Mapping[str, Mapping[str, Any]] = {
    "consent.purpose": {
        "network_statistics": _l("Statistiques du réseau"),
        "sharing_study": _l("Étude du partage"),
        "mobility_planning": _l("Planification de la mobilité"),
        "named_publicly": _l("Être nommé publiquement"),
        "open_data": _l("Données ouvertes"),
    },
    "consent.event": {
        "asked": _l("Question posée"),
        "re_asked": _l("Question posée de nouveau"),
        "given": _l("Oui"),
        "refused": _l("Non"),
        "withdrawn": _l("Oui retiré"),
        "expired": _l("Oui échu"),
    },
    "consent.check": {
        "separate": _l("À part\u00a0: une seule finalité, pas de conditions d’utilisation"),
        "specific": _l("Précis\u00a0: quelles données, pour quoi"),
        "plain": _l("Facile à lire"),
        "expiry": _l("La durée d’un oui est dite"),
        "help": _l("L’aide est dite"),
        "withdrawal": _l("Le retrait est dit, aussi simple que le oui"),
        "recipients": _l("Qui reçoit est nommé, et personne d’autre"),
        "french_first": _l("Le français d’abord, au complet"),
    },
    "consent.subject": {
        "organization": _l("Les organismes"),
        "person": _l("Les personnes"),
    },
}
