"""Refusals of mishaps: what is wrong and what to do next; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

MISHAPS: Mapping[str, Any] = {
    "mishap.in_the_future": _l("Ce moment n’est pas encore venu. Dites quand c’est arrivé."),
    "mishap.words_missing": _l("Dites en une phrase ce qui est arrivé."),
    "mishap.closed": _l("Cet incident est fermé. Signalez-en un autre si quelque chose suit."),
    "mishap.too_many_photos": _l("%(max)s photos au plus par incident."),
}
