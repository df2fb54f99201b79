"""What optional questions, and whose answers they hold, are called; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

COLLECTING: Mapping[str, Mapping[str, Any]] = {
    "collecting.question": {
        "meals": _l("Repas servis grâce à un prêt"),
        "note": _l("Mot de l’emprunteur au prêteur"),
        "odometer": _l("Compteur du véhicule"),
        "payment_note": _l("Remarque sur un paiement"),
        "trip_note": _l("Mot sur un trajet partagé"),
        "private_word": _l("Mot à la coordination, avec un avis"),
        "unit_note": _l("Note sur une unité"),
    },
    "collecting.asked_in": {
        "meals": _l("la demande d’un prêt, le panier, l’importation"),
        "note": _l("la demande d’un prêt, le panier, l’importation"),
        "odometer": _l("la prise en charge et le retour d’un véhicule"),
        "payment_note": _l("le paiement d’un prêt"),
        "trip_note": _l("l’offre d’un trajet et la demande d’une place"),
        "private_word": _l("l’avis après un prêt"),
        "unit_note": _l("les unités d’une annonce"),
    },
}
