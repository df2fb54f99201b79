"""People, what they sign in with, and what they may do over the whole network."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.accounts.rules import FactorKind, LinkPurpose
from mutuali.core.permissions import NETWORK_ROLES
from mutuali.storage import Base, PublicId, UtcDateTime, one_of


class Person(Base):
    """Somebody with an account."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("language IN ('fr', 'en')", name="language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="fr")
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Which text of the sign-up notice was shown and accepted.
    notice_version: Mapped[str] = mapped_column(String(20))
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NetworkRole(Base):
    """A role over the whole network."""

    __tablename__ = "network_role"
    __table_args__ = (
        CheckConstraint(
            f"role IN ({', '.join(repr(role.value) for role in sorted(NETWORK_ROLES))})",
            name="role",
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)


class Login(Base):
    """One signed-in browser; revoking the row signs it out at once.

    A login of somebody with a second factor is nobody's until it was passed.
    """

    __tablename__ = "login"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: The organization this browser acts for; checked against memberships at each request.
    organization_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    second_factor_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: What a passkey has to sign, once, and until when.
    challenge: Mapped[str | None] = mapped_column(String(43))
    challenge_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SecondFactor(Base):
    """What a person shows beside the password."""

    __tablename__ = "second_factor"
    __table_args__ = (
        CheckConstraint(one_of("kind", FactorKind), name="kind"),
        CheckConstraint("(kind = 'totp') = (sealed_secret IS NOT NULL)", name="totp"),
        CheckConstraint("(kind = 'passkey') = (credential_id IS NOT NULL)", name="passkey"),
        CheckConstraint("(kind = 'passkey') = (public_key IS NOT NULL)", name="passkey_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    #: What its owner calls it.
    name: Mapped[str] = mapped_column(String(80))
    #: The secret of an application, encrypted for this person.
    sealed_secret: Mapped[str | None] = mapped_column(String(200))
    #: base64url; at most 1,023 bytes (Web Authentication 5.8.3).
    credential_id: Mapped[str | None] = mapped_column(String(1364), unique=True)
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: The last step of time whose code counted, or how often the authenticator says it signed.
    counter: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecoveryCode(Base):
    """One of the codes for the day the telephone is lost; counts once, kept as a hash."""

    __tablename__ = "recovery_code"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FactorLockout(Base):
    """Failures in a row at a person's second factor, past a right password."""

    __tablename__ = "factor_lockout"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    failures: Mapped[int]
    last_failure_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Lockout(Base):
    """Failures in a row for one address, known or not; kept as a hash of the address."""

    __tablename__ = "lockout"

    email_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_failure_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OneTimeLink(Base):
    """A link sent by e-mail; the link itself is signed when sent and never stored."""

    __tablename__ = "one_time_link"
    __table_args__ = (
        CheckConstraint(
            f"purpose IN ({', '.join(repr(purpose.value) for purpose in LinkPurpose)})",
            name="purpose",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(10))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ApiToken(Base):
    """A person's token for the API: hashed, limited to scopes, revocable."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    organization_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[list[Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When the login that made it passed a second factor; without it, no role over the network.
    second_factor_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
