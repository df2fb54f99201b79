"""Refusals of calendars: what is wrong and what to do next; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

CALENDARS: Mapping[str, Any] = {
    "feed.too_many": _l(
        "Vous avez déjà %(most)s adresses. Révoquez-en une qui ne sert plus, puis réessayez."
    ),
    "feed.revoked": _l("Cette adresse est déjà révoquée. Rechargez la page."),
}
