"""What the values of reviews are called; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

REVIEWS: Mapping[str, Mapping[str, Any]] = {
    "reviews.score": {
        "as_described": _l("Conforme à l’annonce"),
        "quality": _l("Qualité de la chose"),
        "respect": _l("Respect des heures et de l’entente"),
        "communication": _l("Communication"),
    },
    "reviews.praise": {
        "very_good": _l("très bien"),
        "good": _l("bien"),
        "fair": _l("correct"),
        "poor": _l("à améliorer"),
    },
}
