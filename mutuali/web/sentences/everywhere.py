"""Refusals that no feature owns: addresses, fields, time; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

EVERYWHERE: Mapping[str, Any] = {
    "not_found": _l(
        "Nous ne trouvons pas cette page. Vérifiez l’adresse ou repartez de la recherche."
    ),
    "forbidden": _l("Votre rôle ne permet pas cette action. Demandez à une personne gestionnaire."),
    "sign_in_needed": _l("Connectez-vous pour continuer."),
    "unreadable": _l("Nous n’avons pas pu lire cette requête. Vérifiez son format."),
    "too_many": _l("Trop d’essais en peu de temps. Attendez une minute, puis réessayez."),
    "once.key_reused": _l(
        "Ce formulaire a déjà été envoyé avec d’autres réponses. Rechargez la page, puis réessayez."
    ),
    "version.missing": _l("Indiquez la version que vous modifiez (en-tête If-Match)."),
    "version.stale": _l(
        "Quelqu’un a modifié cette fiche entre-temps. Rechargez-la, puis reprenez vos changements."
    ),
    "csrf": _l("Cette page est restée ouverte trop longtemps. Rechargez-la, puis réessayez."),
    "field.missing": _l("Remplissez ce champ."),
    "field.invalid": _l("Cette valeur n’est pas valide. Corrigez-la."),
    "field.unknown": _l("Ce champ n’existe pas. Retirez-le."),
    "field.too_long": _l("Raccourcissez\u00a0: %(max)s caractères au plus."),
    "field.too_short": _l("Écrivez au moins %(min)s caractères."),
    "field.out_of_range": _l("Choisissez une valeur de %(min)s à %(max)s."),
    "field.control_character": _l("Ce texte contient un caractère invisible interdit. Retapez-le."),
    "field.not_a_choice": _l("Choisissez une des réponses proposées."),
    "field.not_a_date": _l("Écrivez une date qui existe, par exemple 2026-03-03."),
    "field.not_a_time": _l("Écrivez une heure, par exemple 08:00."),
    "field.not_a_local_time": _l(
        "Écrivez une date et une heure de Montréal, par exemple 2026-03-03T08:00."
    ),
    "field.not_an_email": _l("Écrivez une adresse courriel complète, par exemple nom@exemple.org."),
    "field.not_a_price": _l("Écrivez un montant, par exemple 12,50, ou 0 si c’est gratuit."),
    "field.not_a_number": _l("Écrivez un nombre."),
    "time.end_before_start": _l("La fin vient avant le début. Choisissez une fin plus tardive."),
    "time.does_not_exist": _l(
        "Cette heure n’existe pas\u00a0: on avance l’heure cette nuit-là. Prenez plutôt %(next)s."
    ),
    "time.exists_twice": _l(
        "Cette heure arrive deux fois\u00a0: on recule l’heure cette nuit-là. Précisez laquelle."
    ),
    "time.foreign_offset": _l(
        "Écrivez l’heure de Montréal avec son décalage, par exemple 2026-03-03T08:00-05:00, ou "
        "l’heure universelle, avec un Z."
    ),
    "time.too_far": _l("Cette date est trop loin. Choisissez une date d’ici deux ans."),
}
