"""Refusals of loans: what is wrong and what to do next; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

LOANS: Mapping[str, Any] = {
    "booking.disputed": _l(
        "Les deux organismes ne disent pas la même chose de l’état. Réglez d’abord ce désaccord."
    ),
    "loan.unit_unknown": _l(
        "«\u00a0%(code)s\u00a0» n’est pas une unité de ce prêt. Relisez l’étiquette."
    ),
    "loan.units_not_ticked": _l(
        "Il manque %(codes)s. Cochez tout ce qui revient, ou notez plutôt le retour d’une partie."
    ),
    "loan.agreement_changed": _l(
        "Le texte de l’entente a changé depuis que vous l’avez ouvert. Relisez-le, puis signez."
    ),
    "loan.french_first": _l(
        "Le français vient d’abord. Lisez-le, puis choisissez l’anglais à la page de l’entente."
    ),
    "payment.to_come": _l("Ce jour n’est pas encore venu. Notez ce qui est déjà payé."),
    "payment.more_than_held": _l(
        "C’est plus que le dépôt que vous avez encore. Corrigez le montant."
    ),
    "payment.given_back_already": _l(
        "Ce dépôt est déjà rendu en partie. Biffez d’abord la ligne du dépôt rendu."
    ),
    "contact.not_a_phone": _l("Écrivez un numéro complet, par exemple 514 555-0123."),
    "driver.too_many_links": _l("Déjà %(max)s liens ouverts pour ce prêt. Fermez-en un d’abord."),
    "driver.link_over": _l("Ce lien ne sert plus. Appelez l’organisme qui vous a écrit."),
    "condition.item_missing": _l(
        "Regardez, puis choisissez «\u00a0Correct\u00a0» ou «\u00a0Problème\u00a0»."
    ),
    "condition.word_missing": _l("Dites en un mot quel est le problème."),
    "condition.other_items": _l("Nommez chaque chose à regarder une fois, et aucune autre."),
    "condition.temperature_missing": _l("Lisez le thermomètre et écrivez la température affichée."),
    "condition.too_fine": _l("Un chiffre après la virgule suffit, par exemple 3,5."),
    "condition.signature_missing": _l("Écrivez votre nom\u00a0: il vaut signature."),
    "condition.odometer_below": _l(
        "Le compteur montrait %(out)s km au départ. Relisez-le, ou dites l’écart dans la remarque et laissez ce champ vide."
    ),
    "condition.side_missing": _l("Choisissez pour quel organisme vous notez."),
    "condition.already_written": _l(
        "Votre organisme a déjà écrit son constat, et il ne change plus. Rechargez la page pour le lire."
    ),
    "condition.already_confirmed": _l(
        "Ce constat est déjà confirmé par les deux organismes. Rechargez la page pour le lire."
    ),
    "condition.already_settled": _l(
        "Ce désaccord est déjà réglé. Rechargez la page pour lire comment."
    ),
    "condition.too_late": _l(
        "Les 48 heures pour répondre sont passées. Écrivez à l’autre organisme ou à la coordination."
    ),
    "condition.not_now": _l(
        "Cette réservation n’en est pas là. Rechargez la page pour voir la prochaine étape."
    ),
    "condition.too_many_photos": _l("Un constat porte au plus %(max)s photos."),
    "condition.words_missing": _l("Dites en une phrase comment c’est réglé."),
}
