"""Looking at a series: what was asked, and what became of each of its dates."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking, BookingSeries
from mutuali.bookings.rules import FARTHEST, OVER, UNDECIDED, Purpose
from mutuali.bookings.rules.recurrence import Recurrence, dates_of, parse_rule
from mutuali.bookings.service.look import BookingFacts, read_facts
from mutuali.bookings.service.records import read_booking
from mutuali.bookings.service.series.ask import SeriesDraft
from mutuali.bookings.service.series.records import read_series
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, may, require
from mutuali.equipment import service as equipment
from mutuali.organizations import service as organizations


@dataclass(frozen=True, slots=True)
class SeriesDate:
    """A date of a series by its name there; no booking where it was left out and is to come."""

    date: datetime
    booking: BookingFacts | None


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """A series as its parties see it, its dates in order; ``starts`` and ``ends`` are local."""

    id: int
    public_id: str
    listing: equipment.ListingFacts
    lender: organizations.OrganizationFacts
    borrower: organizations.OrganizationFacts
    rule: Recurrence
    starts: datetime
    ends: datetime
    units: int
    purpose: Purpose
    note: str
    created_at: datetime
    dates: tuple[SeriesDate, ...]
    may_change: bool
    may_cancel: bool

    @property
    def bookings(self) -> list[BookingFacts]:
        """The dates that were asked for."""
        return [each.booking for each in self.dates if each.booking is not None]

    @property
    def undecided(self) -> list[BookingFacts]:
        """The dates that wait for somebody's decision."""
        return [each for each in self.bookings if each.state in UNDECIDED]

    @property
    def deciding(self) -> list[BookingFacts]:
        """The dates that wait for this person's yes or no."""
        return [each for each in self.undecided if each.may_decide]

    @property
    def left_out(self) -> list[datetime]:
        """The dates to come that were not free."""
        return [each.date for each in self.dates if each.booking is None]


@dataclass(frozen=True, slots=True)
class SeriesBrief:
    """A series in a line: what recurs, and how many dates of it were asked for."""

    public_id: str
    rule: Recurrence
    starts: datetime
    ends: datetime
    count: int


def series_of(
    session: Session, actor: Actor, borrower_id: int, *, now: datetime
) -> list[tuple[equipment.ListingFacts, SeriesDraft]]:
    """What an organization asked for again and again and still has to come, by first date, each
    with its listing and the meals of its latest date. Raises Forbidden."""
    require(actor, Permission.BOOKING_REQUEST, over=borrower_id)
    to_come = exists().where(
        Booking.series_id == BookingSeries.id,
        Booking.starts_at > now,
        Booking.state.not_in(OVER),
    )
    meals = (
        select(Booking.meals)
        .where(Booking.series_id == BookingSeries.id)
        .order_by(Booking.starts_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(BookingSeries, meals)
        .where(BookingSeries.borrower_id == borrower_id, to_come)
        .order_by(BookingSeries.starts, BookingSeries.id)
    ).all()
    listings = equipment.listings(session, [row.listing_id for row, _ in rows])
    found = []
    for row, many in rows:
        listing = listings[row.listing_id]
        rule, purpose = parse_rule(row.rule, row.starts), Purpose(row.purpose)
        draft = SeriesDraft(
            *(listing.public_id, row.units, row.starts, row.ends, rule, purpose, many, row.note)
        )
        found.append((listing, draft))
    return found


def series(session: Session, actor: Actor, public_id: str, *, now: datetime) -> SeriesFacts:
    """One series.

    Raises:
        NotFound: there is none, or the actor is neither party nor reads all.
    """
    return _facts(session, actor, read_series(session, actor, public_id), now)


def series_with(session: Session, booking_public_id: str) -> SeriesBrief | None:
    """The series that a booking is a date of; the caller may see the booking."""
    booking = read_booking(session, booking_public_id)
    row = session.get(BookingSeries, booking.series_id) if booking.series_id else None
    if row is None:
        return None
    count = session.scalar(select(func.count(Booking.id)).where(Booking.series_id == row.id))
    rule = parse_rule(row.rule, row.starts)
    return SeriesBrief(row.public_id, rule, row.starts, row.ends, count or 0)


def _facts(session: Session, actor: Actor, row: BookingSeries, now: datetime) -> SeriesFacts:
    bookings = session.scalars(select(Booking).where(Booking.series_id == row.id)).all()
    facts = read_facts(session, actor, bookings, now=now)
    by_date: dict[datetime, BookingFacts | None] = {
        booking.series_date: each
        for booking, each in zip(bookings, facts, strict=True)
        if booking.series_date is not None
    }
    rule = parse_rule(row.rule, row.starts)
    today = local(now).replace(tzinfo=None)
    for date in dates_of(rule, row.starts, last=local(row.created_at + FARTHEST).date()):
        if date not in by_date and date > today:
            by_date[date] = None
    parties = organizations.organizations(session, frozenset({row.lender_id, row.borrower_id}))
    return SeriesFacts(
        id=row.id,
        public_id=row.public_id,
        listing=equipment.listings(session, [row.listing_id])[row.listing_id],
        lender=parties[row.lender_id],
        borrower=parties[row.borrower_id],
        rule=rule,
        starts=row.starts,
        ends=row.ends,
        units=row.units,
        purpose=Purpose(row.purpose),
        note=row.note,
        created_at=row.created_at,
        dates=tuple(SeriesDate(date, by_date[date]) for date in sorted(by_date)),
        may_change=may(actor, Permission.BOOKING_REQUEST, over=row.borrower_id),
        may_cancel=may(actor, Permission.BOOKING_CARRY_OUT, over=row.borrower_id)
        or may(actor, Permission.BOOKING_CARRY_OUT, over=row.lender_id),
    )
