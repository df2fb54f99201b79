"""Looking at bookings: one, many, the inbox, a week of availability, rows for exports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.bookings.models import Booking, BookingStep
from mutuali.bookings.rules import (
    OCCUPYING,
    OVER,
    UNDECIDED,
    Hold,
    Purpose,
    State,
    Step,
    half_day_words,
    is_overdue,
)
from mutuali.bookings.service.records import read_all_holds, read_booking, sees
from mutuali.core.errors import NotFound
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, may, reach_of
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver
from mutuali.organizations import service as organizations
from mutuali.storage import epoch_seconds, is_one_of

#: How many past bookings a page of them shows.
PAST_PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class StepFacts:
    """One line of a booking's timeline."""

    step: Step
    at: datetime
    person_name: str
    note: str
    temperature: int | None


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """A booking as its parties see it; ``site`` has the exact address once it is promised."""

    id: int
    public_id: str
    version: int
    listing: equipment.ListingFacts
    lender: organizations.OrganizationFacts
    borrower: organizations.OrganizationFacts
    units: int
    period: Period
    state: State
    overdue: bool
    decide_by: datetime | None
    purpose: Purpose
    meals: int | None
    note: str
    price_cents: int
    created_at: datetime
    site: organizations.SiteFacts | None
    may_decide: bool
    may_carry_out: bool
    is_lender_side: bool


@dataclass(frozen=True, slots=True)
class PastBookings:
    """One page of bookings that are over; ``page`` counts from 1 to ``pages``."""

    found: list[BookingFacts]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class InboxCard:
    """A request that waits for this person, with what decides it."""

    booking: BookingFacts
    rivals: int
    units_free_otherwise: int
    last_loan_of_borrower: datetime | None
    loans_of_borrower: int
    late_returns_of_borrower: int


def booking(session: Session, actor: Actor, public_id: str, *, now: datetime) -> BookingFacts:
    """One booking.

    Raises:
        NotFound: there is none, or the actor is neither party nor reads all.
    """
    row = read_booking(session, public_id)
    if not sees(actor, row.lender_id, row.borrower_id):
        raise NotFound
    return _facts(session, actor, [row], now=now)[0]


def booking_by_id(
    session: Session, actor: Actor, booking_id: int, *, now: datetime
) -> BookingFacts:
    """One booking by its inner id, for jobs. Raises NotFound."""
    row = session.get(Booking, booking_id)
    if row is None or not sees(actor, row.lender_id, row.borrower_id):
        raise NotFound
    return _facts(session, actor, [row], now=now)[0]


def bookings_of(
    session: Session, actor: Actor, organization_id: int, *, now: datetime, limit: int = 200
) -> list[BookingFacts]:
    """The bookings in which an organization lends or borrows, latest start first.

    Raises:
        NotFound: the actor may not read them.
    """
    rows = session.scalars(
        _bookings_with(actor, organization_id).order_by(Booking.starts_at.desc()).limit(limit)
    ).all()
    return _facts(session, actor, rows, now=now)


def open_bookings_of(
    session: Session, actor: Actor, organization_id: int, *, now: datetime
) -> list[BookingFacts]:
    """What an organization lends or borrows that is not over, earliest start first.

    Raises:
        NotFound: the actor may not read them.
    """
    rows = session.scalars(
        _bookings_with(actor, organization_id)
        .where(Booking.state.not_in(OVER))
        .order_by(Booking.starts_at, Booking.id)
    ).all()
    return _facts(session, actor, rows, now=now)


def past_bookings_of(
    session: Session, actor: Actor, organization_id: int, *, now: datetime, page: int = 1
) -> PastBookings:
    """One page of what is over, latest start first; a page beyond the last is the last.

    Raises:
        NotFound: the actor may not read them.
    """
    over = _bookings_with(actor, organization_id).where(Booking.state.in_(OVER))
    count = session.scalar(over.with_only_columns(func.count(Booking.id))) or 0
    pages = max(1, -(-count // PAST_PAGE_SIZE))
    page = min(max(page, 1), pages)
    rows = session.scalars(
        over.order_by(Booking.starts_at.desc(), Booking.id.desc())
        .limit(PAST_PAGE_SIZE)
        .offset((page - 1) * PAST_PAGE_SIZE)
    ).all()
    return PastBookings(_facts(session, actor, rows, now=now), page, pages)


def steps_of(session: Session, booking_id: int) -> list[StepFacts]:
    """What happened to a booking, oldest first; the caller may see the booking."""
    rows = session.scalars(
        select(BookingStep).where(BookingStep.booking_id == booking_id).order_by(BookingStep.id)
    ).all()
    people = accounts.people(session, frozenset(row.person_id or 0 for row in rows))
    return [
        StepFacts(
            Step(row.step),
            row.at,
            people[row.person_id].name if row.person_id in people else "",
            row.note,
            row.temperature,
        )
        for row in rows
    ]


def inbox(session: Session, actor: Actor, *, now: datetime, limit: int = 50) -> list[InboxCard]:
    """The requests this person can decide, oldest deadline first, each with its rivals."""
    rows = session.scalars(
        _waiting(actor, now).order_by(Booking.decide_by, Booking.id).limit(limit)
    ).all()
    facts = _facts(session, actor, rows, now=now)
    return [_card(session, each, now) for each in facts if each.may_decide]


def count_inbox(session: Session, actor: Actor, now: datetime) -> int:
    """How many requests wait for this person."""
    query = _waiting(actor, now).with_only_columns(func.count(Booking.id))
    return session.scalar(query) or 0


def holds_of(session: Session, listing_id: int, span: Period, *, now: datetime) -> list[Hold]:
    """What occupies one listing within ``span``."""
    return read_all_holds(session, [listing_id], span, now=now).get(listing_id, [])


def availability_week(
    session: Session, listing_id: int, days: Sequence[Period], *, now: datetime
) -> list[str]:
    """``free``, ``taken``, ``closed`` or ``past`` for each span of ``days``."""
    whole = Period(days[0].start, days[-1].end)
    offer = equipment.offer(session, listing_id, whole)
    holds = holds_of(session, listing_id, whole, now=now)
    return half_day_words(offer, holds, days, now=now)


def loan_rows(of: frozenset[int], people: frozenset[int], span: Period) -> Select[*tuple[Any, ...]]:
    """Named columns of the loans that start within ``span``, whose both parties are in ``of`` and
    which were asked for by one of ``people`` or by nobody known.

    Instants are whole seconds since 1970, UTC.

    For the exports' source; the only way rows leave here.
    """
    return select(
        Booking.id,
        Booking.listing_id,
        Booking.lender_id,
        Booking.borrower_id,
        Booking.requested_by,
        Booking.units,
        epoch_seconds(Booking.starts_at),
        epoch_seconds(Booking.ends_at),
        epoch_seconds(Booking.returned_at),
        epoch_seconds(Booking.created_at),
        Booking.state,
        Booking.meals,
        Booking.is_history,
    ).where(
        *_between(of, span),
        or_(Booking.requested_by.is_(None), is_one_of(Booking.requested_by, people)),
    )


def loan_people(session: Session, of: frozenset[int], span: Period) -> frozenset[int]:
    """Who asked for the loans that start within ``span`` and whose both parties are in ``of``."""
    found = session.scalars(
        select(Booking.requested_by)
        .where(*_between(of, span), Booking.requested_by.is_not(None))
        .distinct()
    )
    return frozenset(id_ for id_ in found if id_ is not None)


def requesters(session: Session) -> frozenset[int]:
    """Everybody who ever asked for a loan."""
    found = session.scalars(
        select(Booking.requested_by).where(Booking.requested_by.is_not(None)).distinct()
    )
    return frozenset(id_ for id_ in found if id_ is not None)


@dataclass(frozen=True, slots=True)
class LoanGlimpse:
    """What a party sees of its own loan, when it is shown what would leave of it."""

    listing_id: int
    borrower_id: int
    starts_at: datetime
    ends_at: datetime
    created_at: datetime


def last_loan(
    session: Session, *, organization_id: int | None = None, person_id: int | None = None
) -> LoanGlimpse | None:
    """The latest thing that an organization lent or borrowed, or that a person asked for."""
    whose = (
        Booking.requested_by == person_id
        if organization_id is None
        else or_(Booking.lender_id == organization_id, Booking.borrower_id == organization_id)
    )
    row = session.scalars(
        select(Booking)
        .where(whose, Booking.state.in_([State.ON_LOAN, State.RETURNED, State.CLOSED]))
        .order_by(Booking.starts_at.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return LoanGlimpse(row.listing_id, row.borrower_id, row.starts_at, row.ends_at, row.created_at)


def has_requested(session: Session, person_id: int) -> bool:
    """Whether this person ever asked for a loan."""
    return bool(session.scalar(select(exists().where(Booking.requested_by == person_id))))


def _between(of: frozenset[int], span: Period) -> tuple[ColumnElement[bool], ...]:
    return (
        is_one_of(Booking.lender_id, of),
        is_one_of(Booking.borrower_id, of),
        Booking.starts_at >= span.start,
        Booking.starts_at < span.end,
    )


def _bookings_with(actor: Actor, organization_id: int) -> Select[Booking]:
    """The bookings in which an organization lends or borrows, for who may read them."""
    if not may(actor, Permission.BOOKING_READ, over=organization_id):
        raise NotFound
    return select(Booking).where(
        or_(Booking.lender_id == organization_id, Booking.borrower_id == organization_id),
        ~Booking.is_history,
    )


def _waiting(actor: Actor, now: datetime) -> Select[Booking]:
    """Undecided requests whose listing this actor decides."""
    as_lender = reach_of(actor, Permission.BOOKING_DECIDE_AS_LENDER)
    for_network = reach_of(actor, Permission.BOOKING_DECIDE_FOR_NETWORK)
    listing = Booking.metadata.tables["listing"]
    by_coordinator = listing.c.approver == Approver.COORDINATOR.value
    reached: list[ColumnElement[bool]] = []
    if for_network is None:
        reached.append(by_coordinator)
    elif for_network:
        reached.append(and_(by_coordinator, Booking.lender_id.in_(for_network)))
    # A coordinator may decide for lenders too, but only what waits for the network is theirs to do.
    own = as_lender if as_lender is not None else frozenset(actor.memberships)
    if own:
        reached.append(and_(~by_coordinator, Booking.lender_id.in_(own)))
    nobody = Booking.id.is_(None)
    return (
        select(Booking)
        .join(listing, listing.c.id == Booking.listing_id)
        .where(Booking.state.in_(UNDECIDED), Booking.decide_by > now, or_(nobody, *reached))
    )


def _card(session: Session, facts: BookingFacts, now: datetime) -> InboxCard:
    overlapping = and_(
        Booking.listing_id == facts.listing.id,
        Booking.id != facts.id,
        Booking.starts_at < facts.period.end,
        Booking.ends_at > facts.period.start,
    )
    rivals = session.scalar(
        select(func.count(Booking.id)).where(
            overlapping, Booking.state.in_(UNDECIDED), Booking.decide_by > now
        )
    )
    taken = read_all_holds(session, [facts.listing.id], facts.period, now=now)
    from_others = [
        hold for hold in taken.get(facts.listing.id, []) if hold.period.start != facts.period.start
    ]
    offer = equipment.offer(session, facts.listing.id, facts.period)
    free = offer.units - max((hold.units for hold in from_others), default=0)
    loans, last, late = session.execute(
        select(
            func.count(Booking.id),
            func.max(Booking.starts_at),
            func.count(Booking.id).filter(Booking.returned_at > Booking.ends_at),
        ).where(
            Booking.borrower_id == facts.borrower.id,
            Booking.state.in_((State.ON_LOAN, State.RETURNED, State.CLOSED)),
        )
    ).one()
    return InboxCard(facts, rivals or 0, free, last, loans, late)


def _facts(
    session: Session, actor: Actor, rows: Sequence[Booking], *, now: datetime
) -> list[BookingFacts]:
    listings = equipment.listings(session, [row.listing_id for row in rows])
    parties = organizations.organizations(
        session, frozenset(id_ for row in rows for id_ in (row.lender_id, row.borrower_id))
    )
    sites = organizations.sites(
        session, frozenset(listing.draft.site_id for listing in listings.values())
    )
    return [_one(actor, row, listings[row.listing_id], parties, sites, now) for row in rows]


def _one(
    actor: Actor,
    row: Booking,
    listing: equipment.ListingFacts,
    parties: dict[int, organizations.OrganizationFacts],
    sites: dict[int, organizations.SiteFacts],
    now: datetime,
) -> BookingFacts:
    state = State(row.state)
    network = listing.draft.approver is Approver.COORDINATOR
    deciding = (
        Permission.BOOKING_DECIDE_FOR_NETWORK if network else Permission.BOOKING_DECIDE_AS_LENDER
    )
    lender_side = may(actor, Permission.BOOKING_CARRY_OUT, over=row.lender_id)
    promised = state in OCCUPYING and state is not State.HELD
    return BookingFacts(
        id=row.id,
        public_id=row.public_id,
        version=row.version,
        listing=listing,
        lender=parties[row.lender_id],
        borrower=parties[row.borrower_id],
        units=row.units,
        period=Period(row.starts_at, row.ends_at),
        state=state,
        overdue=is_overdue(state, row.ends_at, now),
        decide_by=row.decide_by,
        purpose=Purpose(row.purpose),
        meals=row.meals,
        note=row.note,
        price_cents=row.price_cents,
        created_at=row.created_at,
        site=sites[listing.draft.site_id] if promised or lender_side else None,
        may_decide=state in UNDECIDED and may(actor, deciding, over=row.lender_id),
        may_carry_out=lender_side or may(actor, Permission.BOOKING_CARRY_OUT, over=row.borrower_id),
        is_lender_side=lender_side,
    )
