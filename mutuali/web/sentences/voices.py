"""Refusals of what the public says: what is wrong and what to do next; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

VOICES: Mapping[str, Any] = {
    "voice.trap_filled": _l(
        "Un champ caché s’est rempli, sans doute par un outil de votre navigateur. Il est vidé\u00a0: "
        "envoyez de nouveau."
    ),
    "voice.too_fast": _l(
        "C’est parti plus vite qu’une personne n’écrit. Attendez quelques secondes, puis envoyez de "
        "nouveau."
    ),
    "voice.page_too_old": _l(
        "Cette page est restée ouverte trop longtemps. Vos mots sont là\u00a0: relisez-les, puis "
        "envoyez de nouveau."
    ),
    "voice.form_used": _l(
        "Ce formulaire a déjà servi, et ce que vous y avez écrit est arrivé. Pour dire autre chose, "
        "envoyez de nouveau."
    ),
    "voice.too_many_links": _l("Retirez des liens\u00a0: %(most)s au plus."),
    "voice.said_before": _l(
        "Ces mots nous sont déjà arrivés\u00a0: une personne les lira. Changez-les si vous voulez "
        "ajouter quelque chose."
    ),
    "voice.too_many_from_here": _l(
        "Beaucoup d’envois viennent de votre connexion. Gardez cette page ouverte, attendez une "
        "heure, puis envoyez de nouveau."
    ),
    "voice.too_many_today": _l(
        "Le réseau a reçu aujourd’hui tout ce qu’une personne peut lire. Gardez vos mots, puis "
        "envoyez de nouveau demain."
    ),
    "voice.answered_before": _l(
        "Quelqu’un vient de s’en occuper. Rechargez la page pour voir ce qui fut répondu."
    ),
    "voice.no_such_way": _l(
        "Cette suite n’est pas possible\u00a0: il faut un accord pour publier, et un courriel pour "
        "répondre à la personne seule."
    ),
    "voice.not_set_aside": _l("Ce n’est pas écarté\u00a0: rien à reprendre."),
    "voice.details_left": _l(
        "Un courriel ou un numéro de téléphone y est encore. Retirez-le avant de publier."
    ),
    "voice.link_foreign": _l("Donnez l’adresse d’une page d’ici, par exemple /transparence."),
    "voice.change_unsaid": _l("Dites ce qui a changé, ou retirez le lien."),
    "voice.answer_gone": _l("Cette réponse n’est plus publiée. Choisissez-en une autre."),
    "voice.answer_in_other_language": _l(
        "Cette réponse n’existe pas dans la langue de la question. Traduisez-la d’abord."
    ),
}
