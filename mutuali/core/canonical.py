"""One way to write a JSON value, so that its bytes can be signed and hashed."""

import hashlib
import json
from collections.abc import Mapping


def canonical(value: Mapping[str, object]) -> bytes:
    """``value`` as UTF-8 JSON: keys in order, no space, nothing escaped that need not be.

    Equal to RFC 8785 for what we sign: strings, whole numbers, booleans, lists and objects.

    Raises:
        TypeError: it holds a fraction, which has no one way of being written.
    """
    _refuse_fractions(value)
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def sha256(data: bytes) -> str:
    """SHA-256 of ``data``, hex."""
    return hashlib.sha256(data).hexdigest()


def _refuse_fractions(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("a fraction cannot be signed")
    if isinstance(value, Mapping):
        for each in value.values():
            _refuse_fractions(each)
    elif isinstance(value, list | tuple):
        for each in value:
            _refuse_fractions(each)
