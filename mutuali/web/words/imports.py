"""What the files of organizations are called; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

IMPORTS: Mapping[str, Mapping[str, Any]] = {
    "imports.own": {
        "units": _l("Unités nommées"),
        "kits": _l("Ensembles et ce qui les compose"),
        "days": _l("Horaires d’exception"),
        "closures": _l("Fermetures et indisponibilités"),
        "quotas": _l("Limites par organisme"),
        "demands": _l("Documents exigés"),
        "series": _l("Réservations qui reviennent"),
    },
}
