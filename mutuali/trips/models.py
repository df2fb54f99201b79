"""Trips, the boroughs they pass, and the places on them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.storage import Base, PublicId, UtcDateTime, one_of
from mutuali.trips.rules import (
    LONGEST,
    LONGEST_WHERE,
    MOST_KG,
    MOST_PALLETS,
    Because,
    PlaceState,
    TripState,
)


class Trip(Base):
    """The room left in the vehicle of a booking, on a route that stays as it was offered."""

    __tablename__ = "trip"
    __table_args__ = (
        CheckConstraint(one_of("state", TripState), name="state"),
        CheckConstraint(one_of("because", Because), name="because"),
        CheckConstraint(f"pallets BETWEEN 0 AND {MOST_PALLETS}", name="pallets"),
        CheckConstraint(f"kg BETWEEN 0 AND {MOST_KG}", name="kg"),
        CheckConstraint("pallets + kg > 0", name="offered"),
        CheckConstraint("departs_at < arrives_at", name="span"),
        Index("ix_trip_found", "state", "join_by"),
        # One vehicle makes one trip for others at a time.
        Index(
            "ix_trip_open",
            "booking_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
            sqlite_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    #: Who offers and answers: the borrower of the vehicle, or its lender.
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    #: Bumped by whoever takes the trip's turn; its row lock queues rivals.
    turn: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(9), default=TripState.OPEN)
    because: Mapped[str | None] = mapped_column(String(12))
    pallets: Mapped[int]
    kg: Mapped[int]
    departs_at: Mapped[datetime] = mapped_column(UtcDateTime)
    arrives_at: Mapped[datetime] = mapped_column(UtcDateTime)
    join_by: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Who asks has the place, as long as there is room.
    at_once: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(LONGEST), default="")
    offered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TripStop(Base):
    """A borough on a trip's route, in order from 0."""

    __tablename__ = "trip_stop"
    __table_args__ = (UniqueConstraint("trip_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    trip_id: Mapped[int] = mapped_column(ForeignKey("trip.id"))
    position: Mapped[int]
    borough: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class TripPlace(Base):
    """What one organization sends along, from a stop to a later one."""

    __tablename__ = "trip_place"
    __table_args__ = (
        CheckConstraint(one_of("state", PlaceState), name="state"),
        CheckConstraint("0 <= from_stop AND from_stop < to_stop", name="leg"),
        CheckConstraint("pallets >= 0 AND kg >= 0 AND pallets + kg > 0", name="load"),
        Index("ix_trip_place_trip", "trip_id", "state"),
        Index(
            "ix_trip_place_asked",
            "answer_by",
            postgresql_where=text("state = 'asked'"),
            sqlite_where=text("state = 'asked'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    trip_id: Mapped[int] = mapped_column(ForeignKey("trip.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    from_stop: Mapped[int]
    to_stop: Mapped[int]
    pallets: Mapped[int]
    kg: Mapped[int]
    state: Mapped[str] = mapped_column(String(9))
    #: Where exactly to load and unload; told once the place is accepted.
    load_at: Mapped[str] = mapped_column(String(LONGEST_WHERE), default="")
    unload_at: Mapped[str] = mapped_column(String(LONGEST_WHERE), default="")
    note: Mapped[str] = mapped_column(String(LONGEST), default="")
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_by: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
