"""Why a step of a start, a lesson or a governance kit is refused; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

FOUNDING: Mapping[str, Any] = {
    "network.just_begun": _l("Quelqu’un vient de commencer. Réessayez."),
    "network.nobody_answers": _l(
        "Nommez d’abord l’exploitant légal et la personne responsable\u00a0: la loi les demande."
    ),
    "network.too_early": _l("On range cette liste trente jours après le début, pas avant."),
    "organization.managed": _l(
        "Quelqu’un gère déjà cet organisme\u00a0: c’est à cette personne d’inviter."
    ),
    "lesson.half_in_english": _l("En anglais, c’est tout ou rien. Traduisez cette partie aussi."),
    "lesson.reaches_somebody": _l(
        "Un courriel ou un numéro de téléphone s’y trouve. Une leçon ne mène à personne."
    ),
    "lesson.names": _l(
        "«\u00a0%(name)s\u00a0» s’y trouve. Une leçon ne nomme personne\u00a0: écrivez «\u00a0un "
        "organisme\u00a0»."
    ),
    "lesson.too_many": _l("Une trousse tient %(most)s leçons. Retirez-en une d’abord."),
    "kit.too_large": _l("Cette trousse dépasse %(kb)s ko. Ce n’en est sans doute pas une."),
    "kit.not_a_zip": _l("Ce fichier n’est pas une archive ZIP qui se lit."),
    "kit.too_many_files": _l("Cette trousse a plus de %(most)s fichiers."),
    "kit.no_manifest": _l(
        "«\u00a0%(path)s\u00a0» manque ou ne se lit pas\u00a0: ce n’est pas une trousse de "
        "gouvernance."
    ),
    "kit.other_format": _l(
        "Cette trousse est d’un autre format (%(format)s). Mettez MutuAli à jour."
    ),
    "kit.file_unknown": _l("«\u00a0%(path)s\u00a0» n’a rien à faire dans une trousse."),
    "kit.file_twice": _l("«\u00a0%(path)s\u00a0» s’y trouve deux fois."),
    "kit.file_unlisted": _l("«\u00a0%(path)s\u00a0» n’est pas annoncé dans manifest.json."),
    "kit.file_missing": _l("«\u00a0%(path)s\u00a0» est annoncé, mais manque."),
    "kit.file_too_large": _l("«\u00a0%(path)s\u00a0» dépasse %(kb)s ko."),
    "kit.file_broken": _l("«\u00a0%(path)s\u00a0» est abîmé."),
    "kit.hash_differs": _l(
        "«\u00a0%(path)s\u00a0» n’a pas l’empreinte annoncée\u00a0: quelqu’un l’a changé."
    ),
    "kit.not_text": _l("«\u00a0%(path)s\u00a0» n’est pas du texte en UTF-8."),
    "kit.value_wrong": _l("Dans «\u00a0%(path)s\u00a0», une valeur ne va pas. %(what)s"),
    "kit.notice_unknown": _l("«\u00a0%(path)s\u00a0»\u00a0: cette finalité n’existe pas ici."),
    "kit.notice_wrong": _l(
        "«\u00a0%(path)s\u00a0» est trop long (%(max)s caractères), ou ne dit ni {recipient} ni "
        "{months}."
    ),
    "kit.nothing_chosen": _l("Cochez au moins une partie à reprendre."),
    "kit.part_missing": _l("Cette trousse ne contient pas cette partie."),
    "kit.lesson_names": _l(
        "La leçon «\u00a0%(title)s\u00a0» nomme «\u00a0%(name)s\u00a0», qui est d’ici. Reprenez le "
        "reste sans les leçons."
    ),
}
