"""Looking at bookings: one, many, what happened to one, a week of availability."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.bookings.models import Booking, BookingApproval, BookingSeries, BookingStep
from mutuali.bookings.rules import (
    CONFIRMED,
    OVER,
    UNDECIDED,
    ProposalKind,
    Purpose,
    State,
    Step,
    half_day_words,
    is_overdue,
    no_show_at,
)
from mutuali.bookings.service.open_proposals import (
    ProposalFacts,
    proposal_facts,
    waiting_rows,
)
from mutuali.bookings.service.records import decides, read_booking, sees, take_turn_for
from mutuali.bookings.service.taken import read_offer_holds
from mutuali.core.errors import NotFound
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, may
from mutuali.equipment import service as equipment
from mutuali.organizations import service as organizations
from mutuali.storage import is_one_of

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
    #: The code of a refusal that nobody typed.
    reason: str | None = None
    #: The name of the organization that the person decided for by delegation.
    on_behalf_of: str = ""


@dataclass(frozen=True, slots=True)
class Yes:
    """One person's yes, where two have to say it."""

    person_id: int
    person_name: str
    at: datetime


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
    deposit_cents: int
    created_at: datetime
    handed_over_at: datetime | None
    returned_at: datetime | None
    disputed_at: datetime | None
    #: Of the exact text of its latest agreement, SHA-256, hex.
    agreement_sha256: str | None
    #: Units that came back before the others; ``units`` are those that did not.
    units_returned: int
    site: organizations.SiteFacts | None
    may_decide: bool
    may_carry_out: bool
    is_lender_side: bool
    #: Who said yes already, where two persons have to; empty otherwise.
    yeses: tuple[Yes, ...]
    #: What waits for an answer: something else instead, or a longer loan.
    proposal: ProposalFacts | None
    #: Whether this person answers it: for the borrower, or as who decides.
    may_answer: bool
    #: Whether this person may say yes now, to the request or to a longer loan: they decide, and
    #: have not said it yet.
    may_say_yes: bool
    #: The public id of the series that it is a date of.
    series: str | None
    #: When it is released if nobody came by then; None: never by itself.
    no_show_at: datetime | None


@dataclass(frozen=True, slots=True)
class PastBookings:
    """One page of bookings that are over; ``page`` counts from 1 to ``pages``."""

    found: list[BookingFacts]
    page: int
    pages: int


def booking(session: Session, actor: Actor, public_id: str, *, now: datetime) -> BookingFacts:
    """One booking.

    Raises:
        NotFound: there is none, or the actor is neither party nor reads all.
    """
    row = read_booking(session, public_id)
    if not sees(actor, row.lender_id, row.borrower_id):
        raise NotFound
    return read_facts(session, actor, [row], now=now)[0]


def in_turn(session: Session, actor: Actor, public_id: str, *, now: datetime) -> BookingFacts:
    """:func:`booking`, read once its listing's turn is ours: nobody changes it until we are done.

    Raises:
        NotFound: there is none, or the actor is neither party nor reads all.
    """
    row = read_booking(session, public_id)
    if not sees(actor, row.lender_id, row.borrower_id):
        raise NotFound
    take_turn_for(session, row)
    return read_facts(session, actor, [row], now=now)[0]


def booking_by_id(
    session: Session, actor: Actor, booking_id: int, *, now: datetime
) -> BookingFacts:
    """One booking by its inner id, for jobs. Raises NotFound."""
    row = session.get(Booking, booking_id)
    if row is None or not sees(actor, row.lender_id, row.borrower_id):
        raise NotFound
    return read_facts(session, actor, [row], now=now)[0]


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
    return read_facts(session, actor, rows, now=now)


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
    return read_facts(session, actor, rows, now=now)


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
    return PastBookings(read_facts(session, actor, rows, now=now), page, pages)


def steps_of(session: Session, booking_id: int) -> list[StepFacts]:
    """What happened to a booking, oldest first; the caller may see the booking."""
    rows = session.scalars(
        select(BookingStep).where(BookingStep.booking_id == booking_id).order_by(BookingStep.id)
    ).all()
    people = accounts.names(session, {row.person_id for row in rows if row.person_id})
    deputies = organizations.names(session, {row.for_id for row in rows if row.for_id})
    return [
        StepFacts(
            Step(row.step),
            row.at,
            people.get(row.person_id or 0, ""),
            row.note,
            row.temperature,
            row.reason,
            deputies.get(row.for_id or 0, ""),
        )
        for row in rows
    ]


def availability_week(
    session: Session, listing_id: int, days: Sequence[Period], *, now: datetime
) -> list[str]:
    """``free``, ``taken``, ``closed`` or ``past`` for each span of ``days``. Raises NotFound."""
    whole = Period(days[0].start, days[-1].end)
    offer = equipment.offer(session, listing_id, whole)
    holds = read_offer_holds(session, offer, whole, now=now)
    return half_day_words(offer, holds, days, now=now)


def _bookings_with(actor: Actor, organization_id: int) -> Select[Booking]:
    """The bookings in which an organization lends or borrows, for who may read them."""
    if not may(actor, Permission.BOOKING_READ, over=organization_id):
        raise NotFound
    return select(Booking).where(
        or_(Booking.lender_id == organization_id, Booking.borrower_id == organization_id),
        ~Booking.is_history,
        Booking.whole_id.is_(None),
    )


def read_facts(
    session: Session, actor: Actor, rows: Sequence[Booking], *, now: datetime
) -> list[BookingFacts]:
    """The bookings of ``rows``, as this actor sees them; the caller may read them."""
    waiting = waiting_rows(session, [row.id for row in rows], now)
    listing_ids = [row.listing_id for row in rows]
    listing_ids += [proposal.listing_id for proposal in waiting.values()]
    listings = equipment.listings(session, listing_ids)
    proposals = proposal_facts(session, list(waiting.values()), listings)
    parties = organizations.organizations(
        session, frozenset(id_ for row in rows for id_ in (row.lender_id, row.borrower_id))
    )
    sites = organizations.sites(
        session, frozenset(listing.draft.site_id for listing in listings.values())
    )
    yeses = _yeses(session, [row.id for row in rows if State(row.state) in UNDECIDED])
    series = _series(session, {row.series_id for row in rows if row.series_id is not None})
    return [
        _one(
            actor,
            row,
            listings[row.listing_id],
            parties,
            sites,
            yeses.get(row.id, ()),
            proposals.get(row.id),
            series.get(row.series_id or 0),
            now,
        )
        for row in rows
    ]


def _series(session: Session, ids: Collection[int]) -> dict[int, str]:
    """The public ids of series; no question where there are none."""
    if not ids:
        return {}
    query = select(BookingSeries.id, BookingSeries.public_id)
    return dict(iter(session.execute(query.where(is_one_of(BookingSeries.id, ids)))))


def _yeses(session: Session, booking_ids: Sequence[int]) -> dict[int, tuple[Yes, ...]]:
    """Who said yes to each, in order; most requests need only one, and then nobody is kept."""
    rows = session.execute(
        select(BookingApproval.booking_id, BookingApproval.person_id, BookingApproval.at)
        .where(is_one_of(BookingApproval.booking_id, booking_ids))
        .order_by(BookingApproval.at)
    ).all()
    if not rows:
        return {}
    people = accounts.names(session, {row.person_id for row in rows if row.person_id})
    found: dict[int, tuple[Yes, ...]] = {}
    for booking_id, person_id, at in rows:
        yes = Yes(person_id or 0, people.get(person_id or 0, ""), at)
        found[booking_id] = (*found.get(booking_id, ()), yes)
    return found


def _one(
    actor: Actor,
    row: Booking,
    listing: equipment.ListingFacts,
    parties: dict[int, organizations.OrganizationFacts],
    sites: dict[int, organizations.SiteFacts],
    yeses: tuple[Yes, ...],
    proposal: ProposalFacts | None,
    series: str | None,
    now: datetime,
) -> BookingFacts:
    state = State(row.state)
    lender_side = may(actor, Permission.BOOKING_CARRY_OUT, over=row.lender_id)
    promised = state in CONFIRMED
    decider = may(actor, decides(listing.draft.approver), over=row.lender_id)
    may_decide = state in UNDECIDED and decider
    borrows = may(actor, Permission.BOOKING_REQUEST, over=row.borrower_id)
    longer = proposal is not None and proposal.kind is ProposalKind.LONGER
    said = {yes.person_id for yes in yeses}
    if proposal is not None and proposal.first_yes_by is not None:
        said.add(proposal.first_yes_by)
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
        deposit_cents=row.deposit_cents,
        created_at=row.created_at,
        handed_over_at=row.handed_over_at,
        returned_at=row.returned_at,
        disputed_at=row.disputed_at,
        agreement_sha256=row.agreement_sha256,
        units_returned=row.units_returned,
        site=sites[listing.draft.site_id] if promised or lender_side else None,
        may_decide=may_decide,
        may_carry_out=lender_side or may(actor, Permission.BOOKING_CARRY_OUT, over=row.borrower_id),
        is_lender_side=lender_side,
        yeses=yeses,
        proposal=proposal,
        may_answer=proposal is not None and (decider if longer else borrows),
        may_say_yes=actor.person_id not in said and (may_decide or (longer and decider)),
        series=series,
        no_show_at=no_show_at(row.starts_at, row.no_show_hours),
    )
