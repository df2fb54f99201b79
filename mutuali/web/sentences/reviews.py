"""Refusals of reviews: what is wrong and what to do next; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

REVIEWS: Mapping[str, Any] = {
    "review.not_back": _l("On donne son avis une fois la chose revenue. Notez d’abord le retour."),
    "review.too_late": _l(
        "Les quatorze jours pour donner un avis sont passés. Écrivez à l’autre organisme ou à la "
        "coordination."
    ),
    "review.published": _l(
        "Les deux organismes ont écrit\u00a0: les avis sont publiés et ne changent plus."
    ),
    "review.not_yours": _l("Seul l’emprunteur parle de la chose. Laissez ce champ vide."),
    "review.own_sentence": _l(
        "Cette phrase est de votre organisme. Pour la faire retirer, écrivez à la coordination."
    ),
    "review.report_unsaid": _l("Dites en une phrase ce qui ne va pas."),
    "review.already_reported": _l("Cette phrase est déjà signalée. La coordination la lira."),
    "review.already_judged": _l(
        "Quelqu’un vient de décider. Rechargez la page pour voir ce qui reste."
    ),
}
