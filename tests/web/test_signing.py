"""What this instance signed, anybody can verify; nothing else passes."""

from base64 import b64decode, b64encode
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from mutuali.config import Settings
from mutuali.web import signing

OLD = b"k" * 32


def test_only_the_signed_bytes_verify(app: Flask) -> None:
    with app.app_context():
        signature = signing.sign(b"what was said")
        assert signing.verifies(b"what was said", signature)
        assert not signing.verifies(b"what was Said", signature)
        assert not signing.verifies(b"what was said", replace(signature, key_id="0" * 16))
        assert not signing.verifies(b"what was said", replace(signature, value="not base64!"))


def test_what_a_former_key_signed_still_verifies(app: Flask) -> None:
    settings: Settings = app.config["SETTINGS"]
    with app.app_context():
        own = settings.signing_key
        app.config["SETTINGS"] = replace(settings, signing_key=b64encode(OLD).decode())
        signature = signing.sign(b"last year")
        public = Ed25519PrivateKey.from_private_bytes(OLD).public_key().public_bytes_raw()
        app.config["SETTINGS"] = settings
        assert not signing.verifies(b"last year", signature)
        app.config["SETTINGS"] = replace(settings, former_keys=(b64encode(public).decode(),))
        assert signing.verifies(b"last year", signature)
        assert b64decode(own) not in signing.public_keys().values()
