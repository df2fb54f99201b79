"""Why a card, or a link of a letter, is not taken; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

CHECKIN: Mapping[str, Any] = {
    "checkin.card_gone": _l(
        "Cette carte n’attend plus de réponse\u00a0: quelqu’un a répondu, ou la chose s’est réglée. "
        "Passez à la suite."
    ),
    "checkin.finished": _l(
        "Le bilan de ce mois est terminé. Ce qui reste attend le mois prochain, ou la page de "
        "chaque chose."
    ),
    "checkin.link_used": _l("Ce lien a déjà servi. Il ne sert qu’une fois."),
    "checkin.link_expired": _l("Ce lien a plus de 14 jours. Ouvrez le bilan pour répondre."),
    "checkin.link_not_theirs": _l(
        "La personne à qui ce lien fut envoyé n’est plus gestionnaire de cet organisme."
    ),
}
