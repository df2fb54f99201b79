"""Refusals of addresses elsewhere: what is wrong and what to do next; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

OUTSIDE: Mapping[str, Any] = {
    "outside.not_an_address": _l(
        "Ce n’est pas une adresse complète. Copiez-la en entier\u00a0: elle commence par https://."
    ),
    "outside.not_https": _l(
        "Seules les adresses en https:// sont prises, sans numéro de port\u00a0: ce qui passe reste ainsi chiffré."
    ),
    "outside.has_password": _l(
        "Retirez le nom et le mot de passe de l’adresse. Prenez plutôt l’adresse secrète que donne votre agenda."
    ),
    "outside.unknown_host": _l(
        "Nous ne trouvons pas %(host)s. Vérifiez l’adresse, puis réessayez."
    ),
    "outside.internal": _l(
        "%(host)s mène à un réseau privé. Donnez une adresse que tout le monde peut atteindre."
    ),
    "outside.unreachable": _l(
        "%(host)s ne répond pas, ou pas de façon sûre. Réessayez plus tard, ou vérifiez l’adresse."
    ),
    "outside.too_slow": _l(
        "Pas de réponse complète en %(seconds)s secondes. Réessayez plus tard, ou vérifiez l’adresse."
    ),
    "outside.too_large": _l(
        "La réponse dépasse %(most)s ko. Donnez une adresse ou un fichier plus petit."
    ),
    "outside.too_many_redirects": _l(
        "Cette adresse renvoie ailleurs plus de %(most)s fois. Donnez directement la dernière."
    ),
    "outside.encoded": _l(
        "La réponse est compressée, ce que nous ne lisons pas. Donnez l’adresse du fichier lui-même."
    ),
    "outside.status": _l(
        "L’autre serveur répond par le code %(status)s. Vérifiez que l’adresse est encore bonne."
    ),
}
