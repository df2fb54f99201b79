"""Bookings and what happened to them."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.bookings.rules import (
    OCCUPYING,
    UNDECIDED,
    ProposalKind,
    ProposalState,
    Purpose,
    State,
    Step,
    WholeAs,
)
from mutuali.bookings.rules.recurrence import LONGEST_RULE
from mutuali.storage import Base, PublicId, UtcDateTime, listed, one_of

#: As the indexes below say it: a question in the same words is served by them.
OCCUPIES = f"state IN ({listed(OCCUPYING)}) AND NOT is_history"
IS_AWAITED = f"state = '{State.APPROVED.value}' AND no_show_hours IS NOT NULL"
#: The states of a booking that went out: from hand-over on.
LENT = (State.ON_LOAN, State.RETURNED, State.CLOSED)
IS_OUT = f"state = '{State.ON_LOAN.value}' AND NOT is_history"


class Booking(Base):
    """A request and all that becomes of it; the rules it was made under are kept with it."""

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("units > 0", name="units"),
        CheckConstraint("starts_at < ends_at", name="span"),
        CheckConstraint("starts_at < occupied_until", name="occupied"),
        CheckConstraint(one_of("state", State), name="state"),
        CheckConstraint(one_of("purpose", Purpose), name="purpose"),
        CheckConstraint(one_of("whole_as", WholeAs), name="whole_as"),
        CheckConstraint("(whole_id IS NULL) = (whole_as IS NULL)", name="whole"),
        CheckConstraint("units_returned >= 0", name="units_returned"),
        UniqueConstraint("source", "source_ref"),
        Index("ix_booking_listing_until", "listing_id", "occupied_until"),
        Index("ix_booking_lender", "lender_id", "state"),
        # One booking for each date of a series.
        Index("ix_booking_series", "series_id", "series_date", unique=True),
        Index("ix_booking_borrower", "borrower_id", "state"),
        Index(
            "ix_booking_undecided",
            "decide_by",
            postgresql_where=text(one_of("state", UNDECIDED)),
            sqlite_where=text(one_of("state", UNDECIDED)),
        ),
        # The few that are out, among all that ever were: who is overdue, how many units are left.
        Index(
            "ix_booking_out",
            "listing_id",
            postgresql_where=text(IS_OUT),
            sqlite_where=text(IS_OUT),
        ),
        # The few that somebody is awaited for.
        Index(
            "ix_booking_awaited",
            "starts_at",
            postgresql_where=text(IS_AWAITED),
            sqlite_where=text(IS_AWAITED),
        ),
        # Serve the guard and every question about a span, whatever is stored around it.
        Index(
            "ix_booking_listing_span",
            text("int8range(listing_id::bigint, listing_id::bigint, '[]')"),
            text("tstzrange(starts_at, occupied_until)"),
            postgresql_using="gist",
            postgresql_where=text(OCCUPIES),
        ).ddl_if(dialect="postgresql"),
        Index(
            "ix_booking_span",
            text("tstzrange(starts_at, occupied_until)"),
            postgresql_using="gist",
            postgresql_where=text(OCCUPIES),
        ).ddl_if(dialect="postgresql"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    lender_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    borrower_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    units: Mapped[int]
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: End plus turnaround; an early return shortens it. Up to here nobody else has the units.
    occupied_until: Mapped[datetime] = mapped_column(UtcDateTime)
    turnaround_minutes: Mapped[int] = mapped_column(default=0)
    #: Released so many hours after its start when nobody came; None: never.
    no_show_hours: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10))
    decide_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    purpose: Mapped[str] = mapped_column(String(20))
    meals: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(1000), default="")
    price_cents: Mapped[int] = mapped_column(default=0)
    #: Of all units, as the listing asked for it.
    deposit_cents: Mapped[int] = mapped_column(default=0, server_default="0")
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handed_over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Counts changes, for ETags.
    version: Mapped[int] = mapped_column(default=1)
    #: Imported from a file about the past: never occupies, still exported.
    is_history: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str | None] = mapped_column(String(40))
    source_ref: Mapped[str | None] = mapped_column(String(80))
    #: The booking that this row is a part of. Parts occupy what they say, and are listed, decided
    #: and counted with their whole.
    whole_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"), index=True)
    whole_as: Mapped[str | None] = mapped_column(String(6))
    #: Units that came back before the others; each time a part of its own keeps what they occupied.
    units_returned: Mapped[int] = mapped_column(default=0, server_default="0")
    #: Since when the two parties do not say the same of its state; none once that is settled.
    disputed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Of the exact text of its latest agreement, SHA-256, hex.
    agreement_sha256: Mapped[str | None] = mapped_column(String(64))
    #: What was asked for in one go has the same basket.
    basket: Mapped[str | None] = mapped_column(PublicId, index=True)
    #: The booking that this one was taken instead of, or would be.
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"), index=True)
    #: The series that this is a date of, and the local start that the date has by its rule: what
    #: it is called there, wherever it was moved since.
    series_id: Mapped[int | None] = mapped_column(ForeignKey("booking_series.id"))
    series_date: Mapped[datetime | None] = mapped_column(DateTime)


#: The condition of ``ix_booking_undecided``, word for word: of a parameter the engine cannot tell
#: that it is in the index, and would plan each time anew.
IS_UNDECIDED = Booking.state.in_([literal_column(repr(each.value)) for each in UNDECIDED])


class BookingSeries(Base):
    """What was asked for many dates at once; each of them that was free is a booking of its own."""

    __tablename__ = "booking_series"
    __table_args__ = (
        CheckConstraint("units > 0", name="units"),
        CheckConstraint("starts < ends", name="span"),
        CheckConstraint(one_of("purpose", Purpose), name="purpose"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    lender_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    #: RFC 5545, see ``rules.recurrence``.
    rule: Mapped[str] = mapped_column(String(LONGEST_RULE))
    #: Of the first date, on the clock of the wall.
    starts: Mapped[datetime] = mapped_column(DateTime)
    ends: Mapped[datetime] = mapped_column(DateTime)
    units: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(1000), default="")
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BookingStep(Base):
    """One thing that happened to a booking; the timeline of its page."""

    __tablename__ = "booking_step"
    __table_args__ = (
        CheckConstraint(one_of("step", Step), name="step"),
        CheckConstraint(one_of("state", State), name="state"),
        # What somebody decided minutes ago, among all that ever happened.
        Index("ix_booking_step_person", "person_id", "at"),
        Index(
            "ix_booking_step_cause",
            "cause_id",
            postgresql_where=text("cause_id IS NOT NULL"),
            sqlite_where=text("cause_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    step: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(String(1000), default="")
    #: Degrees Celsius at hand-over or return, where cold matters.
    temperature: Mapped[int | None]
    #: Where the booking stood after it; steps of before this was kept have none.
    state: Mapped[str | None] = mapped_column(String(10))
    #: The code of a refusal that nobody typed: its sentence is said in the reader's language.
    reason: Mapped[str | None] = mapped_column(String(40))
    #: The booking that took the units: never told to whom this one is.
    cause_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    #: The organization that the person decided for by delegation.
    for_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))


class BookingApproval(Base):
    """A yes of one person, where two different ones have to say it."""

    __tablename__ = "booking_approval"
    __table_args__ = (UniqueConstraint("booking_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    #: None once the loan is long over and detached from people.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class BookingUnit(Base):
    """A named unit that went out with a booking; nothing is in two places at once."""

    __tablename__ = "booking_unit"
    __table_args__ = (
        CheckConstraint("out_at <= back_at", name="span"),
        UniqueConstraint("booking_id", "unit_id"),
        Index(
            "ix_booking_unit_out",
            "unit_id",
            unique=True,
            postgresql_where=text("back_at IS NULL"),
            sqlite_where=text("back_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    #: The name of a thing may end before the loan that it went out with.
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"))
    out_at: Mapped[datetime] = mapped_column(UtcDateTime)
    back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CartLine(Base):
    """What somebody is about to ask for; it keeps nothing from anybody."""

    __tablename__ = "cart_line"
    __table_args__ = (
        CheckConstraint("units > 0", name="units"),
        CheckConstraint("starts_at < ends_at", name="span"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    units: Mapped[int]
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Proposal(Base):
    """A change that one side proposes to a booking, until the other answers: another time or thing
    in place of what was asked for, or a longer loan."""

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint(one_of("kind", ProposalKind), name="kind"),
        CheckConstraint(one_of("state", ProposalState), name="state"),
        CheckConstraint("units > 0", name="units"),
        CheckConstraint("starts_at < ends_at", name="span"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended"),
        # Where two persons have to say yes, one is not enough, whoever writes it.
        CheckConstraint("first_yes_by <> answered_by", name="two"),
        Index(
            "uq_proposal_open",
            "booking_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
            sqlite_where=text("state = 'open'"),
        ),
        Index(
            "ix_proposal_waiting",
            "answer_by",
            postgresql_where=text("state = 'open'"),
            sqlite_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    #: Where the booking was when it was proposed, and where it would be.
    from_listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    units: Mapped[int]
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: What the booking would cost in all.
    price_cents: Mapped[int]
    word: Mapped[str] = mapped_column(String(1000), default="")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_by: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Who said the first yes to a longer loan, where two persons have to.
    first_yes_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(10), default=ProposalState.OPEN)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class DemandKey(Base):
    """The key of one quarter's tokens; destroyed when the quarter closes."""

    __tablename__ = "demand_key"

    quarter: Mapped[str] = mapped_column(String(7), primary_key=True)
    key: Mapped[str] = mapped_column(String(64))


class UnmetSearch(Base):
    """A member looked and nothing was free, in a quarter that still runs.

    No person, no instant: the mark is the same when the same search comes twice on a day.
    """

    __tablename__ = "unmet_search"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    quarter: Mapped[str] = mapped_column(ForeignKey("demand_key.quarter"), index=True)
    family: Mapped[str] = mapped_column(String(20))
    zone: Mapped[str] = mapped_column(String(20))
    token: Mapped[str] = mapped_column(String(64))


class UnmetDemand(Base):
    """Searches of one contributor in a closed quarter, of whom nothing but a token is left."""

    __tablename__ = "unmet_demand"
    __table_args__ = (CheckConstraint("searches > 0", name="searches"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quarter: Mapped[str] = mapped_column(String(7), index=True)
    family: Mapped[str] = mapped_column(String(20))
    zone: Mapped[str] = mapped_column(String(20))
    token: Mapped[str] = mapped_column(String(64))
    searches: Mapped[int]


class UnmetDemandNotice(Base):
    """A notice under whose yes, in force when the quarter closed, such searches may be used."""

    __tablename__ = "unmet_demand_notice"

    demand_id: Mapped[int] = mapped_column(ForeignKey("unmet_demand.id"), primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), primary_key=True, index=True)
