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
    "organizations.document": {
        "mapaq_permit": _l("Permis MAPAQ"),
        "insurance": _l("Attestation d’assurance"),
        "driving_licence": _l("Permis de conduire"),
        "training": _l("Formation"),
    },
    "organizations.document_state": {
        "waiting": _l("À vérifier"),
        "checked": _l("Vérifié"),
        "refused": _l("Refusé"),
        "expired": _l("Expiré"),
    },
    "organizations.licence": {
        "5": _l("Permis de conduire, classe 5 (voiture, camionnette)"),
        "3": _l("Permis de conduire, classe 3 (camion)"),
        "2": _l("Permis de conduire, classe 2 (autobus)"),
        "1": _l("Permis de conduire, classe 1 (ensemble de véhicules lourds)"),
    },
    "organizations.allergen": {
        "egg": _l("Œufs"),
        "milk": _l("Lait"),
        "mustard": _l("Moutarde"),
        "peanut": _l("Arachides"),
        "shellfish": _l("Crustacés et mollusques"),
        "fish": _l("Poissons"),
        "sesame": _l("Graines de sésame"),
        "soy": _l("Soja"),
        "sulphites": _l("Sulfites"),
        "tree_nuts": _l("Noix"),
        "wheat": _l("Blé et triticale"),
    },
    "organizations.training": {
        "food_hygiene": _l("Hygiène et salubrité alimentaires"),
        "cold_chain": _l("Chaîne du froid"),
        "forklift": _l("Conduite d’un chariot élévateur"),
        "first_aid": _l("Premiers soins"),
    },
}
