"""What the values of learning are called; French here. The cards hold their own words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

LEARNING: Mapping[str, Mapping[str, Any]] = {
    "learning.outcome": {
        "right": _l("Bien répondu"),
        "wrong": _l("À relire"),
        "later": _l("Plus tard"),
    },
    "learning.moment": {
        "consent": _l("Avant votre première réponse"),
        "agreement": _l("Avant d’écrire une entente"),
        "release": _l("Avant de laisser sortir des données"),
    },
    "learning.picture": {
        "dots": _l("Cinq points"),
        "lock": _l("Une liste et un cadenas"),
        "missing": _l("Cinq personnes"),
        "doors": _l("Deux portes"),
        "form": _l("Une feuille"),
        "sum": _l("Des barres"),
        "loop": _l("Un aller et un retour"),
        "pieces": _l("Deux pièces"),
        "talk": _l("Deux bulles"),
        "road": _l("Un camion"),
    },
    "learning.picture_says": {
        "dots": _l("Quatre points se ressemblent; le cinquième se voit tout de suite."),
        "lock": _l("La liste est à côté d’un cadenas fermé."),
        "missing": _l("L’une d’elles n’est qu’un contour en pointillé\u00a0: elle manque."),
        "doors": _l("Elles sont de la même taille\u00a0: l’une vaut l’autre."),
        "form": _l("Une de ses lignes est biffée."),
        "sum": _l("Trois petites barres, une flèche, une grande barre."),
        "loop": _l("Une flèche va d’une boîte à l’autre; une deuxième revient."),
        "pieces": _l("La bosse de l’une entre dans le creux de l’autre."),
        "talk": _l("Deux personnes se parlent, chacune à son tour."),
        "road": _l("Il roule sur une route."),
    },
}
