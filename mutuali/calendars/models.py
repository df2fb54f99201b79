"""Addresses of feeds; agendas of others."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.calendars.rules import FeedKind
from mutuali.storage import Base, PublicId, UtcDateTime, one_of


class CalendarFeed(Base):
    """A secret address, kept as a hash, at which an agenda reads bookings."""

    __tablename__ = "calendar_feed"
    __table_args__ = (
        CheckConstraint(one_of("kind", FeedKind), name="kind"),
        CheckConstraint(
            f"(person_id IS NOT NULL) = (kind = '{FeedKind.PERSON.value}')", name="person"
        ),
        CheckConstraint(
            f"(listing_id IS NOT NULL) = (kind = '{FeedKind.LISTING.value}')", name="listing"
        ),
        CheckConstraint("language IN ('fr', 'en')", name="language"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    #: Whose own it is; those of an organization are nobody's own.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"))
    #: What its owner calls it.
    name: Mapped[str] = mapped_column(String(80))
    #: Of its words; a person's own follows the person's.
    language: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The last time that somebody asked, to the hour.
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: What was last given, as a hash, and since when it is so.
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ExternalCalendar(Base):
    """An agenda of somebody else whose busy time closes a listing, or all that a lender shares."""

    __tablename__ = "external_calendar"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"))
    #: What its lender calls it.
    name: Mapped[str] = mapped_column(String(80))
    host: Mapped[str] = mapped_column(String(253), default="")
    #: Encrypted: such an address opens somebody's agenda. None: it was a file.
    sealed_address: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The last time that it could be read, and how many spans it then closed.
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    busy: Mapped[int] = mapped_column(default=0)
    #: Why it could not be read since, as a refusal; when its lender was told.
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
