"""Why a vehicle is not shown to everybody, and what to do next; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

MOBILITY: Mapping[str, Any] = {
    "mobility.range_missing": _l(
        "Dites combien de kilomètres il fait d’habitude, tel qu’on le prête."
    ),
    "mobility.not_published": _l(
        "L’annonce n’est pas publiée. Publiez-la d’abord, ou laissez le véhicule hors du fil."
    ),
}
