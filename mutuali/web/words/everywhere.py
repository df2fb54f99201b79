"""What values that no feature owns are called: roles, permissions, days; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

EVERYWHERE: Mapping[str, Mapping[str, Any]] = {
    "role": {
        "member": _l("Membre"),
        "manager": _l("Gestionnaire"),
        "delegate": _l("Personne déléguée"),
        "coordinator": _l("Coordination"),
        "steward": _l("Intendance des données"),
        "analyst": _l("Analyste"),
        "administrator": _l("Administration"),
        "reviewer": _l("Évaluation externe"),
    },
    "permission": {
        "organization.read": _l("Lire l’organisme"),
        "organization.edit": _l("Modifier l’organisme"),
        "organization.accept": _l("Accepter des organismes"),
        "member.invite": _l("Inviter des membres"),
        "delegation.give": _l("Déléguer"),
        "participation.accept": _l("Accepter l’entente de participation"),
        "office.name": _l("Nommer les responsables"),
        "role.grant": _l("Donner des rôles"),
        "listing.edit": _l("Modifier les annonces"),
        "availability.read": _l("Lire les disponibilités"),
        "booking.request": _l("Demander une réservation"),
        "booking.read": _l("Lire les réservations"),
        "booking.decide_as_lender": _l("Répondre comme prêteur"),
        "booking.decide_for_network": _l("Répondre pour le réseau"),
        "booking.carry_out": _l("Noter prises en charge et retours"),
        "consent.answer": _l("Répondre aux consentements"),
        "consent.read": _l("Lire les consentements"),
        "data.own": _l("Lire et faire corriger ce qui est gardé de moi"),
        "consent.own": _l("Répondre aux questions qu’on me pose sur moi"),
        "call.answer": _l("Rappeler qui veut une explication"),
        "notice.publish": _l("Publier des avis"),
        "agreement.draft": _l("Rédiger des ententes"),
        "agreement.sign_as_operator": _l("Signer pour l’exploitant"),
        "agreement.sign_as_partner": _l("Signer pour un partenaire"),
        "agreement.read": _l("Lire les ententes"),
        "export.read": _l("Lire les exportations"),
        "export.request": _l("Demander une exportation"),
        "export.decide": _l("Décider d’une exportation"),
        "export.review": _l("Donner un avis sur une exportation"),
        "export.download": _l("Télécharger une exportation"),
        "register.keep": _l("Tenir les registres"),
        "assessment.write": _l("Rédiger des évaluations"),
        "audit.read": _l("Lire le journal"),
        "import": _l("Importer des fichiers"),
    },
    "duration.unit": {
        "minutes": _l("minutes"),
        "hours": _l("heures"),
        "days": _l("jours"),
    },
    "weekday": {
        "0": _l("lundi"),
        "1": _l("mardi"),
        "2": _l("mercredi"),
        "3": _l("jeudi"),
        "4": _l("vendredi"),
        "5": _l("samedi"),
        "6": _l("dimanche"),
    },
}
