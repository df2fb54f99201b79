"""What the values of agreements are called, and its twelve questions; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

AGREEMENTS: Mapping[str, Mapping[str, Any]] = {
    "agreements.state": {
        "draft": _l("Brouillon"),
        "proposed": _l("Proposée"),
        "upcoming": _l("Acceptée, à venir"),
        "in_force": _l("En vigueur"),
        "suspended": _l("Suspendue"),
        "waits_for_cai": _l("Acceptée, attend la CAI"),
        "ended": _l("Terminée"),
        "expired": _l("Échue"),
    },
    "agreements.cause": {
        "party": _l("Suspendue par une partie"),
        "revoked": _l("Acceptation révoquée"),
        "breach": _l("Manquement à l’entente"),
        "failed_measure": _l("Mesure de protection en défaut"),
        "incident": _l("Incident de confidentialité"),
    },
    "agreements.question": {
        "1": _l("Avec qui?"),
        "2": _l("Pour quoi faire?"),
        "3": _l("Quelles données?"),
        "4": _l("Qu’en fera le partenaire?"),
        "5": _l("Quel genre d’entente?"),
        "6": _l("Qui ouvrira les fichiers?"),
        "7": _l("Où seront gardés les fichiers?"),
        "8": _l("Quels petits chiffres cacher?"),
        "9": _l("Et si un organisme change d’idée?"),
        "10": _l("Qu’est-ce qui est interdit?"),
        "11": _l("Qui répond d’un tort?"),
        "12": _l("Combien de temps?"),
    },
    "agreements.why": {
        "1": _l("Une personne qui gère ce partenaire devra accepter le texte."),
        "2": _l("Seuls les organismes qui ont dit oui à ces finalités seront dans les données."),
        "3": _l("Prenez le moins détaillé qui répond à la question."),
        "4": _l("Vos mots seront cités tels quels. Tout autre usage demandera une autre entente."),
        "5": _l("La loi demande des choses différentes selon le genre."),
        "6": _l("La loi ne permet l’accès qu’à ceux qui en ont besoin; chaque personne signera."),
        "7": _l("Hors du Québec, la loi demande d’abord une évaluation."),
        "8": _l(
            "Un chiffre sur trop peu d’organismes les ferait reconnaître. Cinq convient d’habitude."
        ),
        "9": _l("Chacun peut retirer son oui à tout moment."),
        "10": _l(
            "Les clauses verrouillées restent. Celles qui sont cochées rassurent les organismes."
        ),
        "11": _l("La première réponse convient aux petits organismes sans but lucratif."),
        "12": _l("Trois ans au plus. Rien ne se renouvelle tout seul."),
        "default": _l("fait les analyses"),
    },
}
