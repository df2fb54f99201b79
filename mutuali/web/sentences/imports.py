"""Refusals of imports: what is wrong and what to do next; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

IMPORTS: Mapping[str, Any] = {
    "import.file_empty": _l("Ce fichier est vide ou sa première ligne ne se lit pas."),
    "import.not_text": _l(
        "Ce fichier n’est pas du texte en %(encoding)s. Enregistrez-le en UTF-8 ou dites son codage dans la correspondance."
    ),
    "import.archive_broken": _l("Cette archive gzip est tronquée ou abîmée. Copiez-la de nouveau."),
    "import.too_large": _l("Ce fichier dépasse %(most)s ko. Partagez-le en plusieurs."),
    "import.too_many_lines": _l("Ce fichier a plus de %(most)s lignes. Partagez-le en plusieurs."),
    "import.not_hours": _l(
        "Écrivez les heures ainsi\u00a0: 09:00-12:00 13:00-17:00; rien du tout si c’est fermé."
    ),
    "import.columns_missing": _l("Il manque ces colonnes\u00a0: %(columns)s."),
    "import.columns_doubled": _l("Ces colonnes portent deux fois le même nom\u00a0: %(columns)s."),
    "import.mapping_not_toml": _l("La correspondance n’est pas du TOML valide\u00a0: %(why)s."),
    "import.mapping_of_others": _l(
        "Cette correspondance est faite pour d’autres lignes\u00a0: %(kind)s."
    ),
    "import.mapping_unknown": _l("La correspondance contient une clé inconnue\u00a0: %(key)s."),
    "import.mapping_lacks": _l("La correspondance ne dit rien de %(key)s."),
    "import.mapping_value": _l("Dans la correspondance, %(key)s n’a pas une valeur possible."),
    "import.changed_meanwhile": _l(
        "Quelqu’un a écrit les mêmes lignes ou réservé les mêmes unités entre-temps. Rien n’est écrit\u00a0: recommencez."
    ),
    "import.quotes_broken": _l(
        "Les guillemets ne se ferment pas où il faut\u00a0: illisible jusqu’à la ligne %(last)s."
    ),
    "import.column_count": _l("%(found)s cellules au lieu de %(expected)s."),
    "import.bytes_unreadable": _l("Des octets ne sont pas du texte dans ce codage."),
    "import.value_unknown": _l("«\u00a0%(value)s\u00a0» n’est pas une valeur connue."),
    "import.not_a_length": _l("Ce n’est pas une durée, par exemple 30 minutes ou 3 days."),
    "import.not_a_moment": _l("Ce n’est pas une date ou une heure du format annoncé."),
    "import.not_a_postal_code": _l("Ce n’est pas un code postal canadien."),
    "import.borough_unknown": _l("«\u00a0%(value)s\u00a0» n’est pas un arrondissement de l’île."),
    "import.borough_elsewhere": _l("Le point est ailleurs\u00a0: %(found)s."),
    "import.place_missing": _l("Ni point, ni code postal, ni arrondissement de l’île."),
    "import.place_outside": _l("Ce point est hors du territoire."),
    "import.series_changes": _l(
        "Cette série existe déjà autrement. Changez-la depuis sa page, date par date s’il le faut."
    ),
    "import.repeated": _l("Même référence qu’à la ligne %(line)s."),
    "import.duplicate": _l("Même nom au même endroit\u00a0: %(of)s."),
    "import.same_address": _l("Même adresse, autre nom\u00a0: %(of)s. À vérifier."),
    "import.organization_unknown": _l("Aucun organisme accepté n’a cette référence."),
    "import.organization_without_place": _l("Cet organisme n’a aucun lieu."),
    "import.listing_unknown": _l("Aucune annonce n’a cette référence."),
    "import.not_returned": _l(
        "Pas encore revenu\u00a0: ajoutez --open-loans pour garder ces prêts."
    ),
    "import.due_unknown": _l("On ne sait pas quand ce prêt devait finir."),
    "import.due_before_loan": _l("Le retour promis vient avant la prise en charge."),
    "import.in_the_future": _l("Ce moment n’est pas encore passé."),
    "import.exceeds_units": _l(
        "Tout est déjà sorti à ce moment, sur %(units)s en tout. Ajoutez --history pour garder ces prêts hors du calendrier."
    ),
}
