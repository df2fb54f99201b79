"""What can be shown beside a password: codes of an application (RFC 6238), and passkeys (Web
Authentication Level 2). What is stored of them, and what counts, is up to ``accounts``."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import pyotp
from flask import current_app
from markupsafe import Markup

from mutuali.config import Settings
from mutuali.web.codes import qr_code
from mutuali.web.secrets import sealed, unsealed

#: Clocks of telephones may be this many steps of 30 seconds off, either way.
DRIFT = 1


def new_totp_secret() -> str:
    """A secret for an application, as it is typed in: 32 characters, 160 bits."""
    return pyotp.random_base32()


def seal_totp(secret: str, person_id: int) -> str:
    """The secret as it is stored: encrypted, for that person only."""
    return sealed(secret, _context(person_id))


def unseal_totp(stored: str, person_id: int) -> str | None:
    """The secret behind ``stored``; None when it is not this person's."""
    return unsealed(stored, _context(person_id))


def totp_step(secret: str, code: str, now: datetime) -> int | None:
    """The step of time, of 30 seconds, whose code ``code`` is; None when it is of none near now."""
    totp = pyotp.TOTP(secret)
    given = "".join(code.split()).encode()
    steps = range(totp.timecode(now) - DRIFT, totp.timecode(now) + DRIFT + 1)
    fitting = [s for s in steps if hmac.compare_digest(totp.generate_otp(s).encode(), given)]
    return fitting[0] if fitting else None


def totp_code(secret: str, after: int, now: datetime) -> str:
    """The code that an application shows now, or will show next when that step has counted."""
    totp = pyotp.TOTP(secret)
    step = max(totp.timecode(now), after + 1)
    return str(totp.generate_otp(min(step, totp.timecode(now) + DRIFT)))


def totp_picture(secret: str, email: str) -> Markup:
    """The secret for the camera of a telephone: a QR code as SVG, to stand in a page."""
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="MutuAli")
    return qr_code(address)


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What a browser made: ``credential_id`` in base64url, and how often it signed so far."""

    credential_id: str
    public_key: bytes
    counter: int


def passkeys_work_here() -> bool:
    """Whether the address of this instance allows passkeys: they need a name, not a number."""
    try:
        ip_address(_relying_id())
    except ValueError:
        return True
    return False


def passkey_to_make(
    challenge: str, *, public_id: str, email: str, name: str, known: Iterable[str]
) -> dict[str, Any]:
    """What a browser is asked, to make a passkey that is none of ``known``."""
    return {
        "rp": {"id": _relying_id(), "name": "MutuAli"},
        "user": {
            "id": encoded(public_id.encode()),
            "name": email,
            "displayName": name,
        },
        "challenge": challenge,
        "pubKeyCredParams": [{"type": "public-key", "alg": alg} for alg in (-8, -7, -257)],
        "timeout": 300_000,
        "attestation": "none",
        "excludeCredentials": _described(known),
        "authenticatorSelection": {
            "residentKey": "preferred",
            "userVerification": "required",
        },
    }


def passkey_to_use(challenge: str, known: Iterable[str]) -> dict[str, Any]:
    """What a browser is asked, to sign ``challenge`` with one of ``known``."""
    return {
        "challenge": challenge,
        "rpId": _relying_id(),
        "timeout": 300_000,
        "allowCredentials": _described(known),
        "userVerification": "required",
    }


def made_passkey(answer: str, challenge: str) -> NewPasskey | None:
    """The passkey that a browser made; None when it answers anything but what was asked."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=decoded(challenge),
            expected_rp_id=_relying_id(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError):
        return None
    return NewPasskey(encoded(made.credential_id), made.credential_public_key, made.sign_count)


def passkey_counter(answer: str, challenge: str, public_key: bytes, counter: int) -> int | None:
    """How often the passkey says it signed, this time included; None when it did not sign this.

    ``counter`` is what it said last: one that does not grow is a copy (7.2, step 22). Zero twice
    is a passkey that does not count.
    """
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        used = verify_authentication_response(
            credential=answer,
            expected_challenge=decoded(challenge),
            expected_rp_id=_relying_id(),
            expected_origin=_origin(),
            credential_public_key=public_key,
            credential_current_sign_count=counter,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError):
        return None
    return used.new_sign_count


def passkey_named(answer: str) -> str:
    """The id of the passkey that answered, in base64url; empty when it cannot be read."""
    from webauthn.helpers import parse_authentication_credential_json
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        return encoded(parse_authentication_credential_json(answer).raw_id)
    except (WebAuthnException, ValueError):
        return ""


def encoded(data: bytes) -> str:
    """base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """What :func:`encoded` took."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _described(known: Iterable[str]) -> list[dict[str, str]]:
    return [{"type": "public-key", "id": each} for each in known]


def _context(person_id: int) -> str:
    return f"totp of person {person_id}"


def _relying_id() -> str:
    return urlsplit(_origin()).hostname or ""


def _origin() -> str:
    settings: Settings = current_app.config["SETTINGS"]
    url = urlsplit(settings.base_url)
    return f"{url.scheme}://{url.netloc}"
