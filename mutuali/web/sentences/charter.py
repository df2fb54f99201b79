"""Why a list of actions, or an answer to one, is refused; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

CHARTER: Mapping[str, Any] = {
    "actions.columns": _l(
        "Il manque des colonnes au fichier\u00a0: %(columns)s. Téléchargez la liste d’ici pour "
        "voir lesquelles il faut."
    ),
    "actions.unreadable": _l(
        "Le fichier ne se lit plus à la ligne %(line)s. Enregistrez-le de nouveau en CSV, avec des "
        "guillemets droits."
    ),
    "actions.not_text": _l("Le fichier n’est pas du texte en UTF-8. Enregistrez-le en CSV UTF-8."),
    "actions.how_many": _l("Une liste a d’une à %(most)s actions. Coupez-la, puis réessayez."),
    "actions.cell": _l(
        "Ligne %(line)s, colonne «\u00a0%(column)s\u00a0»\u00a0: cette valeur ne va pas. Comparez "
        "avec la liste à télécharger ici."
    ),
    "actions.by_fact": _l(
        "Un fait répond déjà à cette action. Corrigez la chose, et la réponse suivra."
    ),
    "actions.starter_already": _l("La liste de départ compte déjà. Il n’y a rien à changer."),
}
