"""Organizations, who acts for them, where they are, what they can show; who answers for all."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column

from mutuali.organizations.rules import (
    WITH_FILE,
    Capacity,
    DocumentKind,
    Office,
    OrganizationKind,
    OrganizationState,
    Sector,
)
from mutuali.storage import Base, PublicId, UtcDateTime, listed, one_of


class Organization(Base):
    """The legal lender or borrower."""

    __tablename__ = "organization"
    __table_args__ = (
        CheckConstraint(one_of("kind", OrganizationKind), name="kind"),
        CheckConstraint(one_of("sector", Sector), name="sector"),
        CheckConstraint(one_of("state", OrganizationState), name="state"),
        UniqueConstraint("source", "source_ref"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str] = mapped_column(String(20))
    sector: Mapped[str] = mapped_column(String(20))
    enterprise_number: Mapped[str | None] = mapped_column(String(10), index=True)
    #: Organizations with the same parent count as one contributor.
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    languages: Mapped[str] = mapped_column(String(20), default="fr")
    phone: Mapped[str] = mapped_column(String(30), default="")
    state: Mapped[str] = mapped_column(String(10), default=OrganizationState.APPLIED)
    #: Where an imported row came from, so that importing twice adds nothing.
    source: Mapped[str | None] = mapped_column(String(40))
    source_ref: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Counts edits, for ETags.
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    #: Allergens that it must keep away from.
    avoids: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")
    #: One person is the organization: what is about it is about that person.
    is_sole_operator: Mapped[bool] = mapped_column(default=False, server_default=false())


class Membership(Base):
    """A person acting for an organization."""

    __tablename__ = "membership"
    __table_args__ = (CheckConstraint("role IN ('member', 'manager')", name="role"),)

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(10))
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class Invitation(Base):
    """An open invitation by e-mail; the link is signed when sent."""

    __tablename__ = "invitation"
    __table_args__ = (CheckConstraint("role IN ('member', 'manager')", name="role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[str] = mapped_column(String(10))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Site(Base):
    """An address of an organization; the exact one is for approved bookings only."""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(200))
    postal_code: Mapped[str] = mapped_column(String(7), default="")
    borough: Mapped[str] = mapped_column(String(60))
    latitude: Mapped[float]
    longitude: Mapped[float]
    #: The cell of the public grid it lies in: places are found by that alone.
    grid_row: Mapped[int]
    grid_column: Mapped[int]
    access_notes: Mapped[str] = mapped_column(String(1000), default="")


class Delegation(Base):
    """A time-boxed right of a person to decide for an organization."""

    __tablename__ = "delegation"

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TrustedBorrower(Base):
    """An organization that a lender trusts: its requests may be approved at once."""

    __tablename__ = "trusted_borrower"
    __table_args__ = (CheckConstraint("organization_id <> borrower_id", name="another"),)

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    borrower_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id"), primary_key=True, index=True
    )
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class OfficeHolder(Base):
    """Who answers for personal information at the operator; a row is ended, never overwritten."""

    __tablename__ = "office_holder"
    __table_args__ = (
        CheckConstraint(one_of("office", Office), name="office"),
        # Two people in charge at once would be nobody in charge.
        Index(
            "uq_office_holder_current",
            "office",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(120))
    contact: Mapped[str] = mapped_column(String(254))
    delegated_on: Mapped[date | None]
    delegation: Mapped[str] = mapped_column(String(200), default="")
    competence: Mapped[str] = mapped_column(String(1000), default="")
    is_external: Mapped[bool] = mapped_column(default=False)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Participation(Base):
    """One acceptance of the agreement of participation, with the exact text that was accepted."""

    __tablename__ = "participation"
    __table_args__ = (CheckConstraint(one_of("capacity", Capacity), name="capacity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    text_version: Mapped[str] = mapped_column(String(20))
    text_fr: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))
    #: Who accepted, and by what right.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    capacity: Mapped[str] = mapped_column(String(20))
    resolution: Mapped[str] = mapped_column(String(60), default="")
    resolved_on: Mapped[date | None]
    accepted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When notice was given, and when it runs out; a newer text ends the older one at once.
    notice_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Signatory(Base):
    """By what right a manager says yes for the organization; a row is ended, never overwritten."""

    __tablename__ = "signatory"
    __table_args__ = (CheckConstraint(one_of("capacity", Capacity), name="capacity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    capacity: Mapped[str] = mapped_column(String(20))
    resolution: Mapped[str] = mapped_column(String(60), default="")
    resolved_on: Mapped[date | None]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Document(Base):
    """What an organization shows for itself or for a driver; a coordinator looks at it once.

    Of a driving licence neither a copy nor the number is kept: only that it was seen, its class and
    its last day.
    """

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint(one_of("kind", DocumentKind), name="kind"),
        CheckConstraint(f"kind IN ({listed(sorted(WITH_FILE))}) OR file IS NULL", name="file"),
        CheckConstraint(
            f"kind <> '{DocumentKind.DRIVING_LICENCE.value}' OR reference = ''", name="reference"
        ),
        CheckConstraint(
            f"expires_on IS NOT NULL OR kind = '{DocumentKind.TRAINING.value}'", name="expiry"
        ),
        CheckConstraint("(file IS NULL) = (file_type = '')", name="file_type"),
        Index(
            "ix_document_waiting",
            "added_at",
            sqlite_where=text("checked_at IS NULL"),
            postgresql_where=text("checked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    #: The class of a licence, the code or the name of a training.
    detail: Mapped[str] = mapped_column(String(120), default="")
    #: Who a licence or a training is about; their account, where they have one.
    person_name: Mapped[str] = mapped_column(String(120), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    reference: Mapped[str] = mapped_column(String(60), default="")
    #: The last day on which it holds; only a training may never end.
    expires_on: Mapped[date | None] = mapped_column(index=True)
    #: A PDF as it came, or a picture as we re-encoded it.
    file: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    file_type: Mapped[str] = mapped_column(String(20), default="")
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Why it was refused; empty when it was not.
    refused_reason: Mapped[str] = mapped_column(String(500), default="")
    #: The reminder that was sent last, by how many days before the end.
    reminded_days: Mapped[int | None]
