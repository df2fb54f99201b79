"""Why an inventory, a policy or a meeting is refused, and what to do next; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

OWNDATA: Mapping[str, Any] = {
    "holding.unsaid": _l("Dites-le en quelques mots, en français ou en anglais."),
    "holding.none_chosen": _l("Choisissez au moins une réponse."),
    "holding.too_many": _l(
        "L’inventaire tient %(max)s choses au plus. Réunissez celles qui vont ensemble."
    ),
    "holding.taken": _l("Cette liste est déjà dans votre inventaire. Changez celle qui y est."),
    "policy.nothing_held": _l("Votre inventaire est vide. Touchez d’abord ce que vous gardez."),
    "policy.officer_missing": _l(
        "Personne n’est nommé pour répondre de vos données. Nommez quelqu’un d’abord."
    ),
    "policy.not_accepted": _l(
        "Votre organisme n’est pas encore accepté. Vous pourrez publier ensuite."
    ),
    "policy.nothing_new": _l("Cette politique est déjà publiée telle quelle."),
    "policy.just_published": _l("Quelqu’un de votre organisme vient de publier. Relisez la page."),
    "policy.not_out": _l("Aucune politique n’est publiée."),
    "meeting.too_short": _l("Il faut au moins %(minutes)s entre le début et la fin."),
    "meeting.in_the_past": _l("Ce moment est passé. Choisissez-en un à venir."),
    "meeting.too_far": _l("C’est trop loin. Offrez un jour d’ici %(days)s."),
    "meeting.begun": _l("La rencontre est commencée. Elle ne s’annule plus."),
    "meeting.phone_missing": _l(
        "Laissez un numéro où l’on vous appelle, ou dites que vous appelez."
    ),
    "meeting.no_number": _l(
        "Cette personne n’a pas laissé de numéro\u00a0: c’est elle qui appelle."
    ),
    "meeting.one_at_a_time": _l(
        "Vous avez déjà une rencontre à venir. Annulez-la pour en prendre une autre."
    ),
    "meeting.taken": _l("Quelqu’un vient de prendre ce moment. Encore libre\u00a0: %(free)s."),
    "meeting.none_left": _l(
        "Quelqu’un vient de prendre le dernier moment. Revenez dans quelques jours."
    ),
}
