"""Listings, their hours, the days that differ, closures, quotas and photos."""

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

from mutuali.equipment.rules import (
    GRANULARITIES,
    MOST_QUOTA,
    MOST_UNITS,
    Approver,
    Counts,
    Kind,
    ListingState,
    Per,
    PricePer,
    UnitCondition,
)
from mutuali.storage import Base, PublicId, UtcDateTime, one_of


class Listing(Base):
    """One shareable thing, or a lot of like things, with its rules."""

    __tablename__ = "listing"
    __table_args__ = (
        CheckConstraint(f"units BETWEEN 1 AND {MOST_UNITS}", name="units"),
        CheckConstraint(one_of("kind", Kind), name="kind"),
        CheckConstraint(one_of("approver", Approver), name="approver"),
        CheckConstraint(one_of("state", ListingState), name="state"),
        CheckConstraint(one_of("price_per", PricePer), name="price_per"),
        CheckConstraint("price_cents >= 0", name="price"),
        CheckConstraint("deposit_cents >= 0", name="deposit"),
        CheckConstraint("shortest_minutes > 0", name="shortest"),
        CheckConstraint(f"granularity_minutes IN {GRANULARITIES}", name="granularity"),
        CheckConstraint("shortest_minutes <= longest_minutes", name="longest"),
        CheckConstraint("no_show_hours > 0", name="no_show"),
        UniqueConstraint("source", "source_ref"),
        Index("ix_listing_found", "state", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    lender_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    #: Bumped by whoever takes the listing's turn; its row lock queues rivals.
    turn: Mapped[int] = mapped_column(default=0)
    #: Counts edits, for ETags.
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(10), default=ListingState.DRAFT)
    kind: Mapped[str] = mapped_column(String(20))
    units: Mapped[int]
    title_fr: Mapped[str] = mapped_column(String(120), default="")
    title_en: Mapped[str] = mapped_column(String(120), default="")
    description_fr: Mapped[str] = mapped_column(String(4000), default="")
    description_en: Mapped[str] = mapped_column(String(4000), default="")
    conditions_fr: Mapped[str] = mapped_column(String(4000), default="")
    conditions_en: Mapped[str] = mapped_column(String(4000), default="")
    #: Its titles and descriptions, folded, for those who search by words.
    searched: Mapped[str] = mapped_column(Text, default="", server_default="", deferred=True)
    refrigerated: Mapped[bool] = mapped_column(default=False)
    driver_included: Mapped[bool] = mapped_column(default=False)
    payload_kg: Mapped[int | None]
    temperature_low: Mapped[int | None]
    temperature_high: Mapped[int | None]
    permits: Mapped[list[Any]] = mapped_column(JSON, default=list)
    #: What a borrower must have, each as ``code_of`` of organizations writes it.
    demands: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")
    #: Allergens that are handled with it.
    allergens: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")
    price_cents: Mapped[int] = mapped_column(default=0)
    #: Asked for per unit, given back when it returns in good order.
    deposit_cents: Mapped[int] = mapped_column(default=0, server_default="0")
    price_per: Mapped[str] = mapped_column(String(5), default=PricePer.LOAN)
    approver: Mapped[str] = mapped_column(String(12), default=Approver.LENDER)
    #: Two different persons have to say yes before a request is approved.
    two_decide: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: A request of an organization that the lender trusts is approved at once.
    trusted_at_once: Mapped[bool] = mapped_column(default=False, server_default=false())
    hold_minutes: Mapped[int] = mapped_column(default=0)
    shortest_minutes: Mapped[int] = mapped_column(default=60)
    longest_minutes: Mapped[int] = mapped_column(default=3 * 1440)
    lead_minutes: Mapped[int] = mapped_column(default=0)
    turnaround_minutes: Mapped[int] = mapped_column(default=0)
    granularity_minutes: Mapped[int | None]
    #: The key of its weekly hours, of ``week_key``; None: it changes hands at any time.
    week: Mapped[str | None] = mapped_column(String(32))
    source: Mapped[str | None] = mapped_column(String(40))
    source_ref: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Since when it could be booked, for the units-hours it offers.
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: So many hours after its start, a booking that nobody came for is released; None: never.
    no_show_hours: Mapped[int | None]
    #: Goes out with others: what it is made of stands in ``kit_part``.
    is_kit: Mapped[bool] = mapped_column(default=False, server_default=false())


class Unit(Base):
    """One physical thing of a listing, with a code of its own."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("listing_id", "code"),
        CheckConstraint("code <> ''", name="code"),
        CheckConstraint(one_of("condition", UnitCondition), name="condition"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    code: Mapped[str] = mapped_column(String(20))
    condition: Mapped[str] = mapped_column(String(10), default=UnitCondition.GOOD)
    note: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Since when it is gone for good; its name stays in the past of its loans.
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class KitPart(Base):
    """So many units of a listing go out with each kit; a kit is no part of another."""

    __tablename__ = "kit_part"
    __table_args__ = (
        CheckConstraint("kit_id <> part_id", name="other"),
        CheckConstraint(f"units BETWEEN 1 AND {MOST_UNITS}", name="units"),
    )

    kit_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), primary_key=True, index=True)
    units: Mapped[int]


class Outage(Base):
    """Units out of service for a time; the guard counts them beside what is booked."""

    __tablename__ = "outage"
    __table_args__ = (
        CheckConstraint("units > 0", name="units"),
        CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name="span"),
        Index("ix_outage_listing", "listing_id", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("unit.id", ondelete="CASCADE"), index=True
    )
    #: Without a unit: the row of the loan that had the units when they were reported broken.
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    units: Mapped[int]
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: None: until somebody says that it works again.
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WeeklyHours(Base):
    """A span of a week that listings have, by its key; those with the same hours share its rows.

    So a search asks a few weeks when they are open, not thousands of listings. Rows stay when no
    listing has the week any more: they say nothing of anybody.
    """

    __tablename__ = "weekly_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("0 <= opens AND opens < closes AND closes <= 1440", name="span"),
    )

    week: Mapped[str] = mapped_column(String(32), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True)
    opens: Mapped[int] = mapped_column(primary_key=True)
    closes: Mapped[int]


class HoursException(Base):
    """A day that differs from the weekly hours, of one listing or of all that a lender shares.

    ``spans`` are pairs of minutes since midnight; none: nothing changes hands that day.
    """

    __tablename__ = "hours_exception"
    __table_args__ = (
        CheckConstraint("(listing_id IS NULL) <> (organization_id IS NULL)", name="whose"),
        UniqueConstraint("listing_id", "day"),
        UniqueConstraint("organization_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    day: Mapped[date]
    spans: Mapped[list[Any]] = mapped_column(JSON)


class Closure(Base):
    """Time that is taken away from one listing, or from all that a lender shares, now or later."""

    __tablename__ = "closure"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="span"),
        CheckConstraint("(listing_id IS NULL) <> (organization_id IS NULL)", name="whose"),
        Index("ix_closure_listing", "listing_id", "ends_at"),
        Index("ix_closure_organization", "organization_id", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The agenda of somebody else that says so, by its public id; none: its lender did.
    source: Mapped[str | None] = mapped_column(PublicId, index=True)


class Quota(Base):
    """How much each borrower may have within a week or a month, of one listing or of all."""

    __tablename__ = "quota"
    __table_args__ = (
        CheckConstraint(one_of("per", Per), name="per"),
        CheckConstraint(one_of("counts", Counts), name="counts"),
        CheckConstraint(f"most BETWEEN 1 AND {MOST_QUOTA}", name="most"),
        UniqueConstraint("listing_id", "per", "counts"),
        # NULLs are equal to nothing: what holds for all needs a key of its own.
        Index(
            "uq_quota_of_all",
            *("lender_id", "per", "counts"),
            unique=True,
            sqlite_where=text("listing_id IS NULL"),
            postgresql_where=text("listing_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lender_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    #: None: over all that the lender shares.
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"))
    per: Mapped[str] = mapped_column(String(5))
    counts: Mapped[str] = mapped_column(String(10))
    most: Mapped[int]


class Photo(Base):
    """A photo as we re-encoded it (WebP, no metadata), in two sizes, with words for it."""

    __tablename__ = "photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    position: Mapped[int]
    alt_fr: Mapped[str] = mapped_column(String(200))
    alt_en: Mapped[str] = mapped_column(String(200), default="")
    width: Mapped[int]
    height: Mapped[int]
    large: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    small: Mapped[bytes] = deferred(mapped_column(LargeBinary))
