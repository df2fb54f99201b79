"""What the cards of a check-in, and what is chosen on them, are called; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

CHECKIN: Mapping[str, Mapping[str, Any]] = {
    "checkin.kind": {
        "question": _l("Question de consentement"),
        "changed": _l("Avis qui a changé"),
        "request": _l("Demande de prêt"),
        "ending": _l("Entente qui finit"),
        "reanalysis": _l("Analyse à refaire"),
        "withdrawal": _l("Retrait en cours"),
        "document": _l("Document qui prend fin"),
        "member": _l("Membre absent"),
        "action": _l("Action de la Charte"),
        "learning": _l("À lire en deux minutes"),
    },
    # What a button says, by kind and choice.
    "checkin.deed": {
        "question.yes": _l("Oui"),
        "question.no": _l("Non"),
        "changed.yes": _l("Oui"),
        "changed.no": _l("Non"),
        "request.yes": _l("Accepter"),
        "ending.seen": _l("Laisser finir"),
        "withdrawal.seen": _l("C’est vu"),
        "member.seen": _l("Garder son accès"),
        "action.done": _l("C’est fait"),
        "learning.done": _l("C’est lu"),
    },
    "checkin.choice": {
        "yes": _l("oui"),
        "no": _l("non"),
        "seen": _l("vu"),
        "done": _l("fait"),
        "later": _l("remis au mois prochain"),
    },
    # What counts until somebody decides, by kind.
    "checkin.default": {
        "question": _l("Par défaut, c’est non."),
        "changed": _l("Par défaut, c’est non."),
        "request": _l("Par défaut, elle attend."),
        "ending": _l("Par défaut, l’entente finit."),
        "reanalysis": _l("Par défaut, elle attend."),
        "withdrawal": _l("Par défaut, le rappel se poursuit."),
        "document": _l("Par défaut, il prend fin."),
        "member": _l("Par défaut, l’accès reste."),
        "action": _l("Par défaut, elle attend."),
        "learning": _l("Par défaut, elle attend."),
    },
}
