"""What the values of the registers are called; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

GOVERNANCE: Mapping[str, Mapping[str, Any]] = {
    "governance.request": {
        "access": _l("Savoir ce que vous avez sur moi"),
        "portability": _l("Emporter mes données"),
        "rectification": _l("Faire corriger"),
        "erasure": _l("Faire effacer mon compte"),
        "cessation": _l("Faire cesser une diffusion"),
    },
    "governance.field": {
        "person.email": _l("Le courriel de mon compte"),
        "call_request.phone": _l("Le numéro laissé pour un appel"),
    },
    "governance.answer": {
        "granted": _l("Acceptée"),
        "partly": _l("Acceptée en partie"),
        "refused": _l("Refusée"),
    },
    "governance.identity": {
        "account": _l("Demandé depuis son compte"),
        "in_person": _l("Vue en personne"),
        "call_back": _l("Rappelée au numéro connu"),
        "document": _l("Pièce montrée, pas gardée"),
    },
    "governance.level": {
        "low": _l("Faible"),
        "medium": _l("Moyen"),
        "high": _l("Élevé"),
    },
    "governance.rule": {
        "logins": _l("Sessions fermées"),
        "links": _l("Liens de courriel et adresses d’agenda échus"),
        "attempts": _l("Essais de mot de passe et de code"),
        "invitations": _l("Invitations échues ou acceptées"),
        "unconfirmed": _l("Comptes jamais confirmés"),
        "calls": _l("Demandes d’appel"),
        "accounts": _l("Comptes que personne n’utilise"),
        "documents": _l("Permis, assurances et formations échus"),
        "places": _l("Lieux, photos, heures et membres d’organismes partis"),
        "parties": _l("Noms et annonces d’organismes partis"),
        "writings": _l("Participations, mandats et fonctions terminés"),
        "loan_people": _l("Personnes derrière les vieux prêts"),
        "talk": _l("Échanges sans réservation, muets depuis un an"),
        "loans": _l("Vieux prêts"),
        "demand": _l("Vieilles recherches sans réponse"),
        "consents": _l("Vieilles réponses aux questions de consentement"),
        "agreements": _l("Personnes derrière les ententes terminées"),
        "assessments": _l("Évaluations qui ne valent plus"),
        "requests": _l("Vieilles demandes de personnes"),
        "incidents": _l("Vieux incidents"),
    },
    "governance.deed": {"destroy": _l("détruits"), "anonymize": _l("détachés des personnes")},
    "governance.what": {"released": _l("Communiqué"), "recalled": _l("Rappelé")},
    "governance.tier": {"low": _l("faible"), "medium": _l("moyen")},
    "governance.measure": {
        "consent_checked": _l("Le oui de chaque organisme vérifié à la signature"),
        "two_people": _l("Une personne demande, une autre signe"),
        "measured_from_bytes": _l("Le fichier fini est remesuré avant la signature"),
        "named_people": _l("Seules des personnes nommées téléchargent"),
        "second_factor": _l("Elles se connectent en deux étapes"),
        "log_sealed": _l("Chaque geste est scellé dans un journal"),
        "no_reidentification": _l("L’entente interdit de chercher à reconnaître quelqu’un"),
        "destroyed_after": _l("Le destinataire détruit sa copie à la date dite"),
    },
}
