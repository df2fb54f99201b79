"""What the values of mishaps are called; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

MISHAPS: Mapping[str, Mapping[str, Any]] = {
    "mishaps.kind": {
        "damage": _l("Dommage"),
        "loss": _l("Perte ou vol"),
        "accident": _l("Accident"),
        "food_safety": _l("Salubrité des aliments"),
        "other": _l("Autre incident"),
    },
    "mishaps.severity": {
        "minor": _l("Mineur"),
        "moderate": _l("Moyen"),
        "serious": _l("Grave"),
    },
    "mishaps.deed": {
        "reported": _l("Incident signalé"),
        "added": _l("Suivi d’un incident"),
        "closed": _l("Incident fermé"),
    },
}
