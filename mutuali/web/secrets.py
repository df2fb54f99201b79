"""The one place where randomness and secrets are made: public ids, tokens, hashes, signed links."""

import hashlib
import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer


def new_public_id() -> str:
    """A random id for URLs: 22 characters, 128 bits."""
    return secrets.token_urlsafe(16)


def new_token() -> str:
    """A random secret for a session, an API token or an invitation: 43 characters, 256 bits."""
    return secrets.token_urlsafe(32)


def new_padding() -> str:
    """So many characters, nobody knows how many in advance: 0 to 255."""
    return "x" * secrets.randbelow(256)


def token_hash(token: str) -> str:
    """What is stored of a random token, hex; 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


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


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt=f"mutuali.{purpose}")
