"""The one place where randomness and secrets are made: public ids, tokens, hashes, signed links,
and what is encrypted at rest."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer


def new_public_id() -> str:
    """A random id for URLs: 22 characters, 128 bits."""
    return secrets.token_urlsafe(16)


def new_token() -> str:
    """A random secret for a session, an API token or an invitation: 43 characters, 256 bits."""
    return secrets.token_urlsafe(32)


def new_demand_key() -> str:
    """A key for the tokens of one quarter's searches: 64 characters, 256 bits."""
    return secrets.token_hex(32)


def new_webhook_key() -> bytes:
    """A key under which what happens is signed for a program: 256 bits."""
    return secrets.token_bytes(32)


def new_padding() -> str:
    """So many characters, nobody knows how many in advance: 0 to 255."""
    return "x" * secrets.randbelow(256)


def token_hash(token: str) -> str:
    """What is stored of a random token, hex; 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def fingerprint_key() -> bytes:
    """The key under which contributors of exports become fingerprints: 32 bytes that follow from
    the secret key. Who changes that loses the way from a withdrawal to what left before."""
    secret = str(current_app.secret_key or "").encode()
    return hmac.digest(secret, b"mutuali.fingerprints", "sha256")


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()


def password_hash(password: str) -> str:
    """The argon2id hash of ``password`` with its own salt (RFC 9106, the library's profile)."""
    cost = current_app.config.get("ARGON2_COST")
    return PasswordHasher(**cost).hash(password) if cost else _hasher().hash(password)


def password_matches(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the one behind ``stored``; takes as long when there is none."""
    try:
        return _hasher().verify(stored or _decoy(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _decoy() -> str:
    return password_hash("nobody has this password")


def signed_link_token(purpose: str, reference: str) -> str:
    """A token for a link in an e-mail: names ``reference``, bound to ``purpose``, signed."""
    return _signer(purpose).dumps(reference)


def read_signed_link(purpose: str, token: str, *, max_age_seconds: int) -> str | None:
    """The reference inside ``token``; None when forged, too old or made for another purpose."""
    try:
        reference = _signer(purpose).loads(token, max_age=max_age_seconds)
    except BadData:
        return None
    return reference if isinstance(reference, str) else None


def address_mark(address: str) -> str:
    """What limits count by in place of an address on the network: who reads the counts learns no
    address, and another instance counts by other marks."""
    return hmac.new(derived_key("limits"), address.encode(), hashlib.sha256).hexdigest()


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt=f"mutuali.{purpose}")


#: Crockford's: no letter that is taken for a digit or for another letter.
_CLEAR = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011")


def new_recovery_code() -> str:
    """A code to write down, as ``7KQ2-M9XD-4T0B``: 60 bits."""
    code = "".join(secrets.choice(_CLEAR) for _ in range(12))
    return "-".join((code[:4], code[4:8], code[8:]))


def recovery_code_hash(code: str, person_id: int) -> str:
    """What is stored of a recovery code, hex, however it is typed.

    Keyed, because 60 bits alone could be searched by whoever copied the table.
    """
    plain = "".join(c for c in code.upper() if c.isalnum()).translate(_MISREAD)
    key = derived_key("recovery codes")
    return hmac.new(key, f"{person_id}:{plain}".encode(), hashlib.sha256).hexdigest()


def sealed(text: str, context: str) -> str:
    """``text`` encrypted to be stored; only this secret key with the same ``context`` reads it."""
    nonce = secrets.token_bytes(12)
    cipher = AESGCM(derived_key("at rest")).encrypt(nonce, text.encode(), context.encode())
    return urlsafe_b64encode(nonce + cipher).decode()


def unsealed(stored: str, context: str) -> str | None:
    """What :func:`sealed` took; None when forged, or made for another context or key."""
    try:
        held = urlsafe_b64decode(stored)
        key = AESGCM(derived_key("at rest"))
        return key.decrypt(held[:12], held[12:], context.encode()).decode()
    except (InvalidTag, ValueError):
        return None


def mark_key(export_id: str) -> bytes:
    """The key under which the rows of an export, by its public id, are numbered."""
    return hmac.digest(derived_key("marks"), export_id.encode(), "sha256")


def derived_key(purpose: str) -> bytes:
    """32 bytes for one purpose, from the secret key (HKDF-SHA256, RFC 5869)."""
    return _derived(str(current_app.secret_key or ""), purpose)


@lru_cache(maxsize=16)
def _derived(secret_key: str, purpose: str) -> bytes:
    info = f"mutuali.{purpose}".encode()
    return HKDF(SHA256(), length=32, salt=None, info=info).derive(secret_key.encode())


def tombstone_key() -> bytes:
    """The key of the fingerprints of who was erased: of this instance, and of nothing else."""
    return derived_key("tombstones")
