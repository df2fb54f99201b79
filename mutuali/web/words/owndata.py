"""What is worth a second thought in an inventory; French here.

What its answers are called stands in ``owndata.rules``, in both languages: policies are made of it.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

OWNDATA: Mapping[str, Mapping[str, Any]] = {
    "owndata.advice": {
        "lock": _l("Du papier à portée de main se lit et se perd. Peut-on le mettre sous clé?"),
        "abroad": _l(
            "Hors du Québec, la loi veut qu’on pèse le risque d’abord. Un service d’ici ferait-il "
            "l’affaire?"
        ),
        "fewer": _l("C’est délicat, et beaucoup de gens le voient. Qui en a vraiment besoin?"),
        "shorter": _l("C’est plus long que d’usage. Avez-vous une raison?"),
        "passcode": _l("Un téléphone se perd. A-t-il un code?"),
    },
}
