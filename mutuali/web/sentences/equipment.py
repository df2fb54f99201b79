"""Refusals of equipment: what is wrong and what to do next; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

EQUIPMENT: Mapping[str, Any] = {
    "listing.not_published": _l("Cette annonce n’est pas publiée en ce moment."),
    "listing.title_missing": _l("Donnez un titre dans au moins une langue."),
    "listing.shortest_over_longest": _l(
        "La durée la plus courte dépasse la plus longue. Corrigez l’une des deux."
    ),
    "listing.two_of_nobody": _l(
        "Deux personnes doivent dire oui, mais personne ne répond. Choisissez qui répond, ou décochez."
    ),
    "listing.units_booked": _l(
        "Des réservations à venir occupent plus d’unités que ce nombre. Gardez-en davantage ou annulez d’abord une réservation."
    ),
    "unit.all_named": _l(
        "Toutes les unités ont déjà un nom. Augmentez d’abord le nombre d’unités de l’annonce."
    ),
    "unit.code_taken": _l(
        "Une autre unité de cette annonce porte ce code. Choisissez-en un autre."
    ),
    "kit.too_many_parts": _l("Un ensemble compte au plus %(most)s annonces. Retirez-en."),
    "kit.part_twice": _l(
        "Une annonce est nommée deux fois. Indiquez-la une fois, avec son nombre."
    ),
    "kit.is_part": _l(
        "Cette annonce fait partie d’un ensemble, elle ne peut pas en être un. Créez une annonce pour l’ensemble."
    ),
    "kit.part_is_kit": _l(
        "Un ensemble ne peut pas en contenir un autre. Nommez ce qui le compose."
    ),
    "kit.too_few": _l(
        "«\u00a0%(title)s\u00a0»\u00a0: il en faudrait %(needed)s et il y en a %(units)s. Baissez le nombre par ensemble ou le nombre d’ensembles."
    ),
    "outage.over": _l("Cette panne serait déjà finie. Indiquez une fin à venir, ou aucune."),
    "listing.granularity_over_longest": _l(
        "Aucun prêt ne tient\u00a0: le plus long est plus court qu’une tranche. Allongez-le ou choisissez une tranche plus petite."
    ),
    "listing.temperature_reversed": _l(
        "La température la plus basse dépasse la plus haute. Inversez-les."
    ),
    "listing.duration_too_long": _l("Cette durée dépasse un an. Raccourcissez-la."),
    "closure.of_an_agenda": _l(
        "Un agenda tenu ailleurs ferme ce moment. Changez-le là-bas, ou retirez l’agenda."
    ),
    "closure.in_the_past": _l("Cette plage est déjà passée. Choisissez une fin à venir."),
    "hours.day_is_past": _l("Ce jour est déjà passé. Choisissez un jour à venir."),
    "hours.none_that_day": _l(
        "Indiquez les heures de ce jour, ou cochez «\u00a0Fermé toute la journée\u00a0»."
    ),
    "hours.none": _l(
        "Indiquez les heures d’au moins un jour, ou cochez «\u00a0À toute heure\u00a0»."
    ),
    "hours.reversed": _l("L’ouverture vient après la fermeture. Corrigez les heures de ce jour."),
    "hours.overlap": _l("Deux plages du même jour se chevauchent. Fusionnez-les."),
    "photo.unreadable": _l("Cette image ne s’ouvre pas. Envoyez un fichier JPEG, PNG ou WebP."),
    "photo.too_large": _l("Cette image est trop lourde. Envoyez un fichier de %(max)s Mo au plus."),
    "listing.too_many_demands": _l("Une annonce exige au plus %(max)s documents. Retirez-en."),
    "photo.too_many_pixels": _l(
        "Cette image a trop de pixels (plus de 50 millions). Réduisez-la, puis réessayez."
    ),
    "photo.logo_too_heavy": _l(
        "Ce logo reste trop lourd pour être sur chaque page. Envoyez-en une version plus simple."
    ),
    "photo.too_many": _l("Une annonce porte au plus %(max)s photos. Retirez-en une d’abord."),
    "photo.alt_missing": _l("Décrivez la photo en quelques mots, pour qui ne la voit pas."),
}
