"""What a vehicle that is shown to everybody is called; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

MOBILITY: Mapping[str, Mapping[str, Any]] = {
    "mobility.shape": {
        "truck": _l("Camion"),
        "van": _l("Fourgonnette"),
        "car": _l("Voiture"),
        "cargo_bike": _l("Vélo-cargo"),
        "bike": _l("Vélo"),
        "other": _l("Autre véhicule"),
    },
    "mobility.propulsion": {
        "combustion": _l("Essence"),
        "combustion_diesel": _l("Diesel"),
        "hybrid": _l("Hybride"),
        "plug_in_hybrid": _l("Hybride rechargeable"),
        "electric": _l("Électricité"),
        "electric_assist": _l("Pédales avec assistance électrique"),
        "human": _l("Pédales"),
    },
    "mobility.answer": {
        "yes": _l("Oui"),
        "no": _l("Non"),
    },
}
