"""The line of a listing and a span: join it, leave it, ask when it is one's turn."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.bookings import service as bookings
from mutuali.bookings.rules import Ask, Purpose
from mutuali.bookings.rules.series import occurrence
from mutuali.bookings.service import series as serial
from mutuali.core.errors import Conflict, NotFound, Reason, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, may, reach_of, require
from mutuali.counts import NOW, Count
from mutuali.equipment import service as equipment
from mutuali.organizations import service as organizations
from mutuali.storage import is_one_of
from mutuali.waiting.models import WaitingEntry
from mutuali.waiting.rules import MOST_WAITING, WaitingState


@dataclass(frozen=True, slots=True)
class WaitDraft:
    """What somebody waits for: whole ``units`` (>= 1) over ``period``; what asking will ask."""

    units: int
    period: Period
    purpose: Purpose
    meals: int | None = None


@dataclass(frozen=True, slots=True)
class WaitingFacts:
    """A place in a line as its organization sees it; nobody learns who else waits."""

    id: int
    public_id: str
    listing: equipment.ListingFacts
    borrower: str
    units: int
    period: Period
    purpose: Purpose
    state: WaitingState
    joined_at: datetime
    asked_until: datetime | None


def join(
    session: Session,
    actor: Actor,
    borrower_id: int,
    listing_public_id: str,
    draft: WaitDraft,
    *,
    public_id: str,
    now: datetime,
) -> None:
    """Wait until units of a listing come free; whoever let a turn pass joins again, at the end.

    Raises:
        Forbidden, NotFound.
        Refused: it would be refused for more than units, or one waits for that time already.
        Conflict: it is free now.
    """
    require(actor, Permission.BOOKING_REQUEST, over=borrower_id)
    listing = equipment.listing(session, actor, listing_public_id)
    asked = Ask(borrower_id, draft.units, draft.period)
    reasons = bookings.reasons_against(session, listing.id, asked, now=now)
    rest = [reason for reason in reasons if reason.code != "booking.not_enough_units"]
    if rest:
        raise Refused.because(rest)
    if not reasons:
        raise Conflict("waiting.free_now")
    mine = WaitingEntry.borrower_id == borrower_id
    if (session.scalar(select(func.count(WaitingEntry.id)).where(mine)) or 0) >= MOST_WAITING:
        raise Refused(Reason("waiting.too_many", {"most": MOST_WAITING}))
    before = session.scalars(
        select(WaitingEntry).where(
            mine,
            WaitingEntry.listing_id == listing.id,
            WaitingEntry.starts_at < draft.period.end,
            WaitingEntry.ends_at > draft.period.start,
        )
    ).all()
    if any(row.state != WaitingState.PASSED for row in before):
        raise Conflict("waiting.already")
    for row in before:
        session.delete(row)
    row = WaitingEntry(
        public_id=public_id,
        listing_id=listing.id,
        borrower_id=borrower_id,
        units=draft.units,
        starts_at=draft.period.start,
        ends_at=draft.period.end,
        purpose=draft.purpose,
        meals=draft.meals,
        joined_at=now,
    )
    session.add(row)
    session.flush()
    _record(session, actor, row, "joined", now)


def join_left_out(
    session: Session,
    actor: Actor,
    series_public_id: str,
    *,
    new_public_id: Callable[[], str],
    now: datetime,
) -> int:
    """Wait for every date that was left out of a series, as far as one can; how many.

    Raises:
        NotFound, Forbidden: the actor does not act for its borrower.
        Conflict: none of them can be waited for.
    """
    facts = serial.series(session, actor, series_public_id, now=now)
    require(actor, Permission.BOOKING_REQUEST, over=facts.borrower.id)
    count = 0
    for date in facts.left_out:
        period = occurrence(date, date + (facts.ends - facts.starts), None).period
        if period is None:
            continue
        draft = WaitDraft(facts.units, period, facts.purpose)
        try:
            join(
                session,
                actor,
                facts.borrower.id,
                facts.listing.public_id,
                draft,
                public_id=new_public_id(),
                now=now,
            )
        except (Refused, Conflict):
            continue
        count += 1
    if not count:
        raise Conflict("waiting.none_of_series")
    return count


def leave(session: Session, actor: Actor, public_id: str, *, now: datetime) -> None:
    """Wait no more. Raises NotFound: it is not one's organization's."""
    row = _own(session, actor, public_id)
    _record(session, actor, row, "left", now)
    session.delete(row)
    session.flush()


def request(
    session: Session, actor: Actor, public_id: str, *, booking_public_id: str, now: datetime
) -> str:
    """Ask for what one waited for, like anybody would; returns the booking's public id.

    Whoever is not asked yet can try too: nothing keeps units for those who wait.

    Raises:
        NotFound; and whatever :func:`bookings.request_line` raises, one's place stays then.
    """
    row = _own(session, actor, public_id)
    listing = equipment.listings(session, [row.listing_id])[row.listing_id]
    period = Period(row.starts_at, row.ends_at)
    draft = bookings.BookingDraft(
        listing.public_id, row.units, period, Purpose(row.purpose), row.meals
    )
    line = bookings.request_line(
        session, actor, row.borrower_id, draft, public_id=booking_public_id, now=now
    )
    _record(session, actor, row, "requested", now)
    session.delete(row)
    session.flush()
    return line.public_id


def waiting(session: Session, actor: Actor, *, now: datetime) -> list[WaitingFacts]:
    """What one's organizations wait for: whose turn it is first, then by when it begins."""
    rows = session.scalars(
        select(WaitingEntry)
        .where(_mine(actor), WaitingEntry.starts_at > now)
        .order_by(WaitingEntry.asked_until.is_(None), WaitingEntry.starts_at, WaitingEntry.id)
    ).all()
    return _facts(session, rows)


def one(session: Session, actor: Actor, public_id: str) -> WaitingFacts:
    """One place in a line. Raises NotFound: it is not one's organization's."""
    return _facts(session, [_own(session, actor, public_id)])[0]


def waiting_for(
    session: Session, actor: Actor, listing_id: int, *, now: datetime
) -> list[WaitingFacts]:
    """What one's organizations wait for of one listing."""
    return [each for each in waiting(session, actor, now=now) if each.listing.id == listing_id]


def count_asked(actor: Actor) -> Count:
    """How often it is the turn of one's organizations."""
    return select(func.count(WaitingEntry.id)).where(
        _mine(actor), WaitingEntry.asked_until > NOW, WaitingEntry.starts_at > NOW
    )


def count_waiting(
    session: Session, actor: Actor, listing: equipment.ListingFacts, *, now: datetime
) -> int:
    """How many wait for a listing, for its lender; nobody learns who. 0 for all others."""
    if not may(actor, Permission.LISTING_EDIT, over=listing.lender_id):
        return 0
    query = select(func.count(WaitingEntry.id)).where(
        WaitingEntry.listing_id == listing.id,
        WaitingEntry.state != WaitingState.PASSED,
        WaitingEntry.starts_at > now,
    )
    return session.scalar(query) or 0


def _facts(session: Session, rows: Iterable[WaitingEntry]) -> list[WaitingFacts]:
    found = list(rows)
    listings = equipment.listings(session, [row.listing_id for row in found])
    names = organizations.names(session, {row.borrower_id for row in found})
    return [
        WaitingFacts(
            row.id,
            row.public_id,
            listings[row.listing_id],
            names[row.borrower_id],
            row.units,
            Period(row.starts_at, row.ends_at),
            Purpose(row.purpose),
            WaitingState(row.state),
            row.joined_at,
            row.asked_until,
        )
        for row in found
    ]


def _own(session: Session, actor: Actor, public_id: str) -> WaitingEntry:
    row = session.scalars(
        select(WaitingEntry).where(WaitingEntry.public_id == public_id)
    ).one_or_none()
    if row is None or not may(actor, Permission.BOOKING_REQUEST, over=row.borrower_id):
        raise NotFound
    return row


def _mine(actor: Actor) -> ColumnElement[bool]:
    """Of the organizations that the actor belongs to: nobody else's affair."""
    reach = reach_of(actor, Permission.BOOKING_REQUEST)
    own = frozenset(actor.memberships) if reach is None else reach
    return is_one_of(WaitingEntry.borrower_id, own)


def _record(session: Session, actor: Actor, row: WaitingEntry, deed: str, now: datetime) -> None:
    facts = {"listing": row.listing_id, "organization": row.borrower_id}
    audit.record(session, actor, f"waiting.{deed}", "waiting", row.id, now=now, facts=facts)
