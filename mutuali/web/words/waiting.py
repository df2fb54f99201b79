"""What the values of waiting are called; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

WAITING: Mapping[str, Mapping[str, Any]] = {
    "waiting.pace": {
        "at_once": _l("Tout de suite"),
        "daily": _l("Chaque matin, à 7\u00a0h"),
        "weekly": _l("Le lundi matin, à 7\u00a0h"),
    },
}
