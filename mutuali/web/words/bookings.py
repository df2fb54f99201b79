"""What the values of bookings are called; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

BOOKINGS: Mapping[str, Mapping[str, Any]] = {
    "bookings.state": {
        "requested": _l("Demandée"),
        "held": _l("Bloquée temporairement"),
        "approved": _l("Confirmée"),
        "on_loan": _l("En prêt"),
        "returned": _l("De retour"),
        "closed": _l("Terminée"),
        "declined": _l("Refusée"),
        "cancelled": _l("Annulée"),
        "expired": _l("Expirée"),
        "overdue": _l("En retard"),
    },
    "bookings.step": {
        "request": _l("Demande envoyée"),
        "approve": _l("Demande acceptée"),
        "decline": _l("Demande refusée"),
        "cancel": _l("Réservation annulée"),
        "expire": _l("Demande expirée, faute de réponse"),
        "hand_over": _l("Prise en charge"),
        "take_back": _l("Retour"),
        "close": _l("Retour vérifié, réservation terminée"),
        "propose": _l("Autre proposition du prêteur"),
        "undo": _l("Décision annulée"),
        "extend": _l("Réservation prolongée"),
        "move": _l("Réservation déplacée"),
        "units": _l("Nombre d’unités changé"),
        "part_back": _l("Retour d’une partie des unités"),
        "no_show": _l("Personne n’est venu\u00a0: réservation libérée"),
        "dispute": _l("Désaccord sur l’état"),
        "first_yes": _l("Premier oui; il en faut un deuxième"),
        "turn_down": _l("Proposition refusée\u00a0: la demande attend toujours"),
        "lapse": _l("Restée sans réponse à temps"),
        "ask_longer": _l("Prolongation demandée"),
        "not_longer": _l("Prolongation refusée"),
        "shorten": _l("Fin devancée"),
    },
    "bookings.risk": {
        "defect": _l("Des unités sont hors service"),
        "overdue": _l("Le prêt précédent n’est pas rentré"),
    },
    "bookings.trait": {
        "refrigerated": _l("froid"),
        "driver": _l("conductrice ou conducteur"),
        "payload": _l("la même charge utile"),
        "temperature": _l("la même température"),
        "mapaq": _l("permis du MAPAQ"),
        "haccp": _l("HACCP"),
    },
    "bookings.day": {
        "free": _l("libre"),
        "partly": _l("en partie"),
        "taken": _l("pris"),
        "closed": _l("fermé"),
        "over": _l("passé"),
    },
    "bookings.deed": {
        "move": _l("Changer l’heure"),
        "units": _l("Changer le nombre d’unités"),
        "cancel": _l("Annuler"),
    },
    "bookings.scope": {
        "one": _l("Une seule date"),
        "following": _l("Cette date et les suivantes"),
        "all": _l("Toutes les dates à venir"),
    },
    "bookings.repeat": {
        "daily": _l("Chaque jour"),
        "weekly": _l("Chaque semaine"),
        "two_weeks": _l("Toutes les deux semaines"),
        "four_weeks": _l("Toutes les quatre semaines"),
        "nth_weekday": _l(
            "Chaque mois, le même jour de la semaine (le premier lundi, par exemple)"
        ),
        "month_day": _l("Chaque mois, à la même date"),
    },
    "bookings.purpose": {
        "food_delivery": _l("Livrer de la nourriture"),
        "food_rescue": _l("Récupérer des surplus"),
        "cooking": _l("Cuisiner"),
        "storage": _l("Entreposer"),
        "event": _l("Tenir un événement"),
        "harvest": _l("Récolter"),
        "replacement": _l("Remplacer un équipement en panne"),
        "other": _l("Autre raison"),
    },
}
