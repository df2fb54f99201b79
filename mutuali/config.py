"""Settings: the only reader of the environment."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODES = ("demo", "test", "production")


class BadSettings(Exception):
    """The environment does not say what is needed; the message says what to set."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an instance needs to know about where it runs.

    Attributes:
        mode: ``demo``, ``test`` or ``production`` (the default).
        secret_key: signs sessions and links; 32 characters at least in production.
        signing_key: 32 bytes in base64; signs, for anybody to verify, what leaves for good:
            receipts, manifests, the daily head of the log.
        former_keys: public keys of signing keys no longer in use, base64, separated by commas.
        database_url: SQLAlchemy URL; ``sqlite:///...`` or ``postgresql+psycopg://...``.
        mail_url: ``smtp://user:password@host:port``, ``smtps://...`` or ``file:FOLDER``.
        mail_from: sender of every e-mail.
        files_url: where built exports are kept; ``file:FOLDER`` or ``s3://BUCKET/PREFIX``.
        base_url: address of the instance, for links in e-mails.
        limiter_url: where rate limits are counted; ``memory://`` counts per process.
        operator_name: the legal person that answers for this instance.
        operator_contact: how to reach its person in charge of personal information.
        outside_quebec: whether this instance, or where it keeps its files, is outside Québec.
        proxies: how many trusted reverse proxies stand in front.
    """

    mode: str
    secret_key: str = field(repr=False)
    signing_key: str = field(repr=False)
    former_keys: tuple[str, ...]
    database_url: str = field(repr=False)
    mail_url: str = field(repr=False)
    mail_from: str
    files_url: str = field(repr=False)
    base_url: str
    limiter_url: str = field(repr=False)
    operator_name: str
    operator_contact: str
    outside_quebec: bool
    proxies: int

    @property
    def is_demo(self) -> bool:
        """Whether this instance runs on made-up people and organizations."""
        return self.mode == "demo"

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies travel over HTTPS only."""
        return self.base_url.startswith("https://")


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings that ``environ`` describes; see :class:`Settings` for each.

    Raises:
        BadSettings: something needed is missing or makes no sense; all of it is named at once.
    """
    mode = environ.get("MUTUALI_MODE", "production")
    wrong = [] if mode in MODES else [f"MUTUALI_MODE is one of {', '.join(MODES)}"]
    serious = mode == "production"
    var = ROOT / "var"
    defaults = {
        "MUTUALI_SECRET_KEY": "" if serious else "not-a-secret-only-for-trying-mutuali",
        # The key of the demo is public, on purpose: what it signs proves nothing.
        "MUTUALI_SIGNING_KEY": ""
        if serious
        else b64encode(b"only for trying mutuali, no key!").decode(),
        "MUTUALI_DATABASE_URL": "" if serious else f"sqlite:///{var / 'mutuali.sqlite'}",
        "MUTUALI_MAIL_URL": "" if serious else f"file:{var / 'mail'}",
        "MUTUALI_FILES_URL": "" if serious else f"file:{var / 'files'}",
        "MUTUALI_BASE_URL": "" if serious else "http://localhost:8000",
        "MUTUALI_OPERATOR_NAME": "" if serious else "Réseau MutuAli (démonstration)",
        "MUTUALI_OPERATOR_CONTACT": "" if serious else "vie-privee@mutuali.example",
        "MUTUALI_MAIL_FROM": "MutuAli <ne-pas-repondre@mutuali.example>",
        "MUTUALI_LIMITER_URL": "memory://",
        "MUTUALI_OUTSIDE_QUEBEC": "no",
        "MUTUALI_PROXIES": "0",
    }
    values = {name: environ.get(name) or default for name, default in defaults.items()}
    wrong += [f"{name} is missing" for name, value in values.items() if not value]
    if serious and 0 < len(values["MUTUALI_SECRET_KEY"]) < 32:
        wrong.append("MUTUALI_SECRET_KEY has 32 characters at least")
    if values["MUTUALI_SIGNING_KEY"] and not _is_key(values["MUTUALI_SIGNING_KEY"]):
        wrong.append("MUTUALI_SIGNING_KEY is 32 bytes in base64")
    former = tuple(filter(None, environ.get("MUTUALI_FORMER_KEYS", "").split(",")))
    if not all(map(_is_key, former)):
        wrong.append("MUTUALI_FORMER_KEYS are public keys of 32 bytes in base64")
    if values["MUTUALI_OUTSIDE_QUEBEC"] not in ("yes", "no"):
        wrong.append("MUTUALI_OUTSIDE_QUEBEC is yes or no")
    if not values["MUTUALI_PROXIES"].isdecimal():
        wrong.append("MUTUALI_PROXIES is a whole number")
    if wrong:
        raise BadSettings("; ".join(wrong))
    return Settings(
        mode=mode,
        secret_key=values["MUTUALI_SECRET_KEY"],
        signing_key=values["MUTUALI_SIGNING_KEY"],
        former_keys=former,
        database_url=values["MUTUALI_DATABASE_URL"],
        mail_url=values["MUTUALI_MAIL_URL"],
        mail_from=values["MUTUALI_MAIL_FROM"],
        files_url=values["MUTUALI_FILES_URL"],
        base_url=values["MUTUALI_BASE_URL"].rstrip("/"),
        limiter_url=values["MUTUALI_LIMITER_URL"],
        operator_name=values["MUTUALI_OPERATOR_NAME"],
        operator_contact=values["MUTUALI_OPERATOR_CONTACT"],
        outside_quebec=values["MUTUALI_OUTSIDE_QUEBEC"] == "yes",
        proxies=int(values["MUTUALI_PROXIES"]),
    )


def _is_key(text: str) -> bool:
    try:
        return len(b64decode(text, validate=True)) == 32
    except ValueError:
        return False
