"""Refusals of waiting and of saved searches: what is wrong and what to do next; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

WAITING: Mapping[str, Any] = {
    "waiting.free_now": _l("C’est libre en ce moment. Demandez plutôt que d’attendre."),
    "waiting.already": _l("Votre organisme attend déjà ce moment, ou un moment qui le touche."),
    "waiting.too_many": _l("Votre organisme attend déjà %(most)s moments. Quittez-en un d’abord."),
    "waiting.none_of_series": _l(
        "Aucune de ces dates ne s’attend\u00a0: vous les attendez déjà, ou autre chose que les unités y manque."
    ),
    "search.radius_without_place": _l("Donnez un lieu pour limiter la distance."),
    "search.too_many": _l("Vous gardez déjà %(most)s recherches. Détruisez-en une d’abord."),
}
