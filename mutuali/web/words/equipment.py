"""What the values of equipment are called; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

EQUIPMENT: Mapping[str, Mapping[str, Any]] = {
    "equipment.kind": {
        "kitchen": _l("Cuisine"),
        "vehicle": _l("Véhicule"),
        "cold_storage": _l("Entreposage froid"),
        "dry_storage": _l("Entreposage sec"),
        "cooking": _l("Cuisson"),
        "preparation": _l("Préparation"),
        "refrigeration": _l("Réfrigération"),
        "heavy_equipment": _l("Équipement lourd"),
        "surplus": _l("Surplus"),
        "peoples_time": _l("Coup de main"),
        "subcontracting": _l("Sous-traitance"),
        "other": _l("Autre"),
    },
    "equipment.permit": {"mapaq": _l("Permis MAPAQ"), "haccp": _l("HACCP")},
    "equipment.approver": {
        "nobody": _l("Personne\u00a0: la réservation est confirmée tout de suite"),
        "lender": _l("Notre organisme"),
        "coordinator": _l("La coordination du réseau"),
    },
    "equipment.unit_condition": {
        "good": _l("Bon état"),
        "worn": _l("Usée, fonctionne"),
        "damaged": _l("Abîmée"),
    },
    "equipment.price_per": {
        "hour": _l("par heure"),
        "day": _l("par jour"),
        "loan": _l("par prêt"),
    },
    "equipment.granularity": {
        "15": _l("Au quart d’heure"),
        "30": _l("À la demi-heure"),
        "60": _l("À l’heure pile"),
        "120": _l("Toutes les deux heures, à partir de minuit"),
        "240": _l("Toutes les quatre heures, à partir de minuit"),
        "720": _l("À minuit ou à midi\u00a0: par demi-journées"),
        "1440": _l("À minuit\u00a0: par journées"),
    },
    "equipment.per": {"week": _l("Par semaine"), "month": _l("Par mois")},
    "equipment.counts": {
        "bookings": _l("Réservations"),
        "unit_hours": _l("Heures, fois le nombre d’unités"),
    },
    "equipment.state": {
        "draft": _l("Brouillon"),
        "published": _l("Publiée"),
        "withdrawn": _l("Retirée"),
    },
}
