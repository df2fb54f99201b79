"""Why a question cannot be dropped or asked again, and what to do next; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

COLLECTING: Mapping[str, Any] = {
    "collecting.dataset_needs_it": _l(
        "Le jeu de données «\u00a0%(dataset)s\u00a0» est fait de ces réponses. Retirez d’abord la "
        "colonne du jeu de données."
    ),
    "collecting.loans_need_it": _l(
        "Des prêts en cours comptent sur ces réponses\u00a0: il y en a %(count)s. Revenez quand "
        "ils seront terminés."
    ),
    "collecting.asked_no_more": _l("Cette question n’est déjà plus posée."),
    "collecting.asked_already": _l("Cette question est déjà posée."),
    "collecting.word_unsaid": _l("Écrivez le mot «\u00a0%(word)s\u00a0» pour confirmer."),
    "collecting.kept_otherwise": _l(
        "Le logiciel ne garde pas ces réponses ainsi. Choisissez la durée inscrite dans «\u00a0Ce "
        "que nous gardons\u00a0»."
    ),
    "collecting.seen_otherwise": _l(
        "Les pages ne les montrent pas ainsi. Choisissez les personnes inscrites dans «\u00a0Ce "
        "que nous gardons\u00a0»."
    ),
}
