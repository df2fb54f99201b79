"""Signatures that anybody can verify with a public key: Ed25519 (RFC 8032)."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from flask import current_app

from mutuali.config import Settings
from mutuali.core.canonical import sha256


@dataclass(frozen=True, slots=True)
class Signature:
    """Which key signed, and the 64 bytes of the signature in base64."""

    key_id: str
    value: str


def key_id_of(public_key: bytes) -> str:
    """What a key is called: the first 16 hex digits of the SHA-256 of its 32 bytes."""
    return sha256(public_key)[:16]


def sign(data: bytes) -> Signature:
    """Sign ``data`` with the key of this instance."""
    key = _private_key(_settings().signing_key)
    return Signature(
        key_id_of(key.public_key().public_bytes_raw()), b64encode(key.sign(data)).decode()
    )


def verifies(data: bytes, signature: Signature) -> bool:
    """Whether ``data`` was signed by a key that this instance uses or used."""
    public_key = public_keys().get(signature.key_id)
    return public_key is not None and verifies_with(public_key, data, signature.value)


def verifies_with(public_key: bytes, data: bytes, value: str) -> bool:
    """Whether the signature ``value``, base64, of ``data`` is of ``public_key``, 32 bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(b64decode(value, validate=True), data)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_keys() -> dict[str, bytes]:
    """Key id -> public key, 32 bytes: the one in use first, then those used before."""
    own = _private_key(_settings().signing_key).public_key().public_bytes_raw()
    former = (b64decode(each) for each in _settings().former_keys)
    return {key_id_of(each): each for each in (own, *former)}


@lru_cache(maxsize=4)
def _private_key(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(b64decode(seed))


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
