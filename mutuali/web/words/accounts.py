"""What the values of accounts are called; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

ACCOUNTS: Mapping[str, Mapping[str, Any]] = {
    "accounts.factor": {"totp": _l("Application de codes"), "passkey": _l("Clé d’accès")},
}
