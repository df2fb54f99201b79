"""What the values of numbers are called; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

NUMBERS: Mapping[str, Mapping[str, Any]] = {
    "numbers.refused": {
        "person": _l("Refusées par une personne"),
        "rival": _l("Perdues à une autre demande"),
        "silence": _l("Restées sans réponse"),
    },
}
