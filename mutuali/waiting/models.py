"""Lines of those who wait for units of a listing over a span; searches that people keep."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.bookings.rules import Purpose
from mutuali.storage import Base, PublicId, UtcDateTime, one_of
from mutuali.waiting.rules import Pace, WaitingState


class WaitingEntry(Base):
    """An organization that waits for so many units over a span; its place is its id's."""

    __tablename__ = "waiting_entry"
    __table_args__ = (
        CheckConstraint("units > 0", name="units"),
        CheckConstraint("starts_at < ends_at", name="span"),
        CheckConstraint(one_of("state", WaitingState), name="state"),
        CheckConstraint(one_of("purpose", Purpose), name="purpose"),
        CheckConstraint("(state = 'asked') = (asked_until IS NOT NULL)", name="asked"),
        Index("ix_waiting_entry_listing", "listing_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    borrower_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    units: Mapped[int]
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: What asking for it will ask.
    purpose: Mapped[str] = mapped_column(String(20))
    meals: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10), default=WaitingState.WAITING)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When somebody last looked whether it is free.
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SavedSearch(Base):
    """A search that somebody keeps, and what was found for it."""

    __tablename__ = "saved_search"
    __table_args__ = (
        CheckConstraint("units > 0", name="units"),
        CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="dates"),
        CheckConstraint("starts_at < ends_at", name="span"),
        CheckConstraint(one_of("pace", Pace), name="pace"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    #: None: whenever.
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    units: Mapped[int]
    kinds: Mapped[list[Any]] = mapped_column(JSON)
    place: Mapped[str] = mapped_column(String(120), default="")
    radius_km: Mapped[int | None]
    refrigerated: Mapped[bool]
    driver_included: Mapped[bool]
    free_of_charge: Mapped[bool]
    payload_kg: Mapped[int]
    permits: Mapped[list[Any]] = mapped_column(JSON)
    words: Mapped[str] = mapped_column(String(80), default="", server_default="")
    pace: Mapped[str] = mapped_column(String(10))
    by_mail: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kept_until: Mapped[datetime] = mapped_column(UtcDateTime)
    look_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Listings found when one looked last.
    seen: Mapped[list[Any]] = mapped_column(JSON)
    #: Listings that were new and that the person has not looked at.
    fresh: Mapped[list[Any]] = mapped_column(JSON)
