"""Refusals of webhooks: what is wrong and what to do next; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

WEBHOOKS: Mapping[str, Any] = {
    "webhook.no_event": _l("Choisissez au moins une chose à annoncer."),
    "webhook.too_many": _l("Un organisme a au plus %(most)s webhooks. Supprimez-en un d’abord."),
    "webhook.paused": _l("Ce webhook est suspendu. Reprenez-le d’abord."),
    "webhook.address_lost": _l(
        "L’adresse ne se lit plus\u00a0: la clé du serveur a changé. Supprimez ce webhook et "
        "refaites-le."
    ),
}
