"""What the values of organizations are called; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

ORGANIZATIONS: Mapping[str, Mapping[str, Any]] = {
    "organizations.kind": {
        "food_bank": _l("Banque alimentaire"),
        "community_kitchen": _l("Cuisine collective"),
        "caterer": _l("Traiteur"),
        "grower": _l("Ferme ou jardin"),
        "grocery": _l("Épicerie"),
        "school": _l("École"),
        "community_centre": _l("Centre communautaire"),
        "other": _l("Autre"),
        "partner": _l("Partenaire"),
        "operator": _l("Exploitant du réseau"),
    },
    "organizations.sector": {
        "community": _l("Communautaire"),
        "social_economy": _l("Économie sociale"),
        "public": _l("Public"),
        "private": _l("Privé"),
    },
    "organizations.state": {
        "applied": _l("En attente"),
        "accepted": _l("Accepté"),
        "refused": _l("Refusé"),
        "left": _l("Parti"),
    },
    "organizations.capacity": {
        "executive_direction": _l("Direction générale"),
        "presidency": _l("Présidence du conseil"),
        "board_member": _l("Administratrice ou administrateur"),
        "mandate": _l("Mandat donné par le conseil"),
    },
    "organizations.office": {
        "person_in_charge": _l("Responsable de la protection des renseignements personnels"),
        "substitute": _l("Personne qui la remplace"),
        "qualified_person": _l("Personne compétente en anonymisation"),
    },
}
