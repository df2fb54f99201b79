"""Sign-in rules: passwords, lockout, how long things last."""

from datetime import datetime, timedelta
from enum import StrEnum

from mutuali.core.errors import Reason

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
LOGIN_LASTS = timedelta(days=14)
CONFIRM_WITHIN = timedelta(days=3)
RESET_WITHIN = timedelta(hours=2)
API_TOKEN_LASTS = timedelta(days=365)
#: How long a browser may take to use a passkey.
CHALLENGE_LASTS = timedelta(minutes=5)
RECOVERY_CODES = 10
#: How many second factors one person keeps at most.
MOST_FACTORS = 10

#: Failures in a row before waiting starts, and how the wait grows.
FREE_FAILURES = 5
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=1)


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    CONFIRM = "confirm"
    RESET = "reset"


class FactorKind(StrEnum):
    """What a person shows beside the password: codes of an application (RFC 6238), a passkey."""

    TOTP = "totp"
    PASSKEY = "passkey"


_COMMON = frozenset(
    {
        "motdepasse123",
        "motdepasse1234",
        "password1234",
        "passwordpassword",
        "123456789012",
        "qwertyuiop12",
        "administrateur",
        "mutualimutuali",
        "bonjourbonjour",
    }
)


def password_objections(password: str, email: str) -> tuple[Reason, ...]:
    """Why ``password`` will not do; length and well-known ones only (NIST SP 800-63B 5.1.1.2)."""
    objections: list[Reason] = []
    if len(password) < SHORTEST_PASSWORD:
        objections.append(Reason("field.too_short", {"min": SHORTEST_PASSWORD}, "password"))
    if len(password) > LONGEST_PASSWORD:
        objections.append(Reason("field.too_long", {"max": LONGEST_PASSWORD}, "password"))
    plain = password.lower().replace(" ", "")
    if plain in _COMMON or plain == email.lower() or len(set(plain)) < 4:
        objections.append(Reason("account.password_too_common", {}, "password"))
    return tuple(objections)


def locked_until(failures: int, last_failure: datetime) -> datetime | None:
    """When the next try is allowed; doubles with each failure past the free ones, to an hour."""
    if failures < FREE_FAILURES:
        return None
    wait = min(_FIRST_WAIT * (1 << min(failures - FREE_FAILURES, 10)), _LONGEST_WAIT)
    return last_failure + wait


def normalized_email(text: str) -> str:
    """The one spelling under which an address is stored and compared."""
    return text.strip().lower()
