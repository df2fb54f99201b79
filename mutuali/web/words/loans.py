"""What the values of loans are called; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

LOANS: Mapping[str, Mapping[str, Any]] = {
    "loans.direction": {
        "out": _l("Prise en charge"),
        "back": _l("Retour"),
    },
    "loans.side": {
        "lender": _l("prêteur"),
        "borrower": _l("emprunteur"),
    },
    "loans.item": {
        "fuel": _l("Essence ou charge, comme convenu"),
        "tyres": _l("Pneus"),
        "lights": _l("Phares et feux"),
        "cargo": _l("Espace de chargement propre"),
        "keys": _l("Clés"),
        "papers": _l("Papiers du véhicule"),
        "door_seal": _l("Joint de la porte"),
        "surfaces": _l("Surfaces de travail propres"),
        "hood": _l("Hotte"),
        "floor": _l("Plancher"),
        "waste": _l("Déchets sortis"),
        "count": _l("Le bon nombre est là"),
        "intact": _l("Rien de brisé ni de manquant"),
        "clean": _l("C’est propre"),
        "as_agreed": _l("Comme convenu"),
    },
    "loans.standing": {
        "missing": _l("Aucun constat"),
        "waiting": _l("Attend une réponse"),
        "agreed": _l("Confirmé par les deux organismes"),
        "alone": _l("Confirmé par un seul organisme"),
        "disputed": _l("En désaccord"),
        "settled": _l("Désaccord réglé"),
    },
    "loans.over": {
        "revoked": _l("L’organisme a fermé ce lien. Appelez-le si vous en attendiez un."),
        "returned": _l("Le retour est noté\u00a0: tout est fait. Merci d’avoir conduit."),
        "cancelled": _l("Cette réservation n’a plus lieu. Appelez l’organisme qui vous a écrit."),
        "expired": _l(
            "Ce lien a servi jusqu’à un jour après la fin du prêt. Appelez l’organisme qui vous a écrit."
        ),
    },
    "loans.payment": {
        "price": _l("Prix"),
        "deposit": _l("Dépôt remis"),
        "deposit_back": _l("Dépôt rendu"),
    },
    "loans.means": {
        "cash": _l("Comptant"),
        "cheque": _l("Chèque"),
        "transfer": _l("Virement"),
        "other": _l("Autrement"),
    },
    "loans.settled": {
        "both": _l("par les deux organismes"),
        "coordination": _l("par la coordination du réseau"),
    },
}
