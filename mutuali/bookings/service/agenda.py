"""What an organization lends and borrows over a span, as agendas show it: one question."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking, BookingStep
from mutuali.bookings.rules import OCCUPYING, State, is_overdue
from mutuali.bookings.service.records import sees
from mutuali.core.errors import NotFound
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, may
from mutuali.organizations import service as organizations

#: Asked for, and it came to nothing.
CALLED_OFF = (State.DECLINED, State.CANCELLED, State.EXPIRED)


@dataclass(frozen=True, slots=True)
class AgendaParty:
    """One side of a booking; of a ``sole_operator`` the name is a person's."""

    name: str
    is_sole_operator: bool


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """A booking as the agenda of one of its parties shows it.

    ``lent`` tells which side it is; ``other`` is the other one. ``site`` has the exact address
    where this side may know it. ``changed_at`` is the instant of its last step.
    """

    public_id: str
    version: int
    title_fr: str
    title_en: str
    units: int
    of_units: int
    lent: bool
    other: AgendaParty
    period: Period
    state: State
    overdue: bool
    changed_at: datetime
    site: organizations.SiteFacts | None

    def title(self, language: str) -> str:
        """The title in ``language``, or in the other when that one is missing."""
        fr, en = self.title_fr, self.title_en
        return (en or fr) if language == "en" else (fr or en)


def agenda(
    session: Session,
    actor: Actor,
    organization_id: int,
    span: Period,
    *,
    listing_id: int | None = None,
    called_off_since: datetime | None = None,
    most: int = 2000,
    now: datetime,
) -> list[AgendaEntry]:
    """What an organization lends and borrows within ``span`` in order, of more than ``most`` the
    latest; overdue loans last until ``now``.

    Of one listing of its own where ``listing_id`` says so. What came to nothing is left out, unless
    it did so ``called_off_since``.

    Raises:
        NotFound: the actor may not read its bookings.
    """
    if not may(actor, Permission.BOOKING_READ, over=organization_id):
        raise NotFound
    whose = or_(Booking.lender_id == organization_id, Booking.borrower_id == organization_id)
    if listing_id is not None:
        whose = and_(Booking.lender_id == organization_id, Booking.listing_id == listing_id)
    meets = and_(Booking.starts_at < span.end, Booking.ends_at > span.start)
    if span.start < now:
        late = and_(Booking.state == State.ON_LOAN, Booking.ends_at < now)
        meets = or_(meets, and_(late, Booking.starts_at < span.end))
    stands: ColumnElement[bool] = Booking.state.not_in(CALLED_OFF)
    if called_off_since is not None:
        stands = or_(stands, called_off_since <= _CHANGED_AT)
    rows = session.execute(
        _entries()
        .where(whose, meets, stands)
        .order_by(Booking.starts_at.desc(), Booking.id.desc())
        .limit(most)
    ).all()
    sites = organizations.sites(session, frozenset(row.site_id for row in rows))
    entries = [
        _entry(row, sites[row.site_id], lent=row.lender_id == organization_id, now=now)
        for row in rows
    ]
    return sorted(entries, key=lambda entry: (entry.period, entry.public_id))


def agenda_entry(session: Session, actor: Actor, public_id: str, *, now: datetime) -> AgendaEntry:
    """One booking as the actor's agenda shows it: as its borrower's, unless they lend it.

    Raises:
        NotFound: there is none, or the actor is neither party nor reads all.
    """
    row = session.execute(_entries().where(Booking.public_id == public_id)).one_or_none()
    if row is None or not sees(actor, row.lender_id, row.borrower_id):
        raise NotFound
    lends = may(actor, Permission.BOOKING_CARRY_OUT, over=row.lender_id)
    lent = lends and actor.organization_id != row.borrower_id
    sites = organizations.sites(session, frozenset({row.site_id}))
    return _entry(row, sites[row.site_id], lent=lent, now=now)


_LAST_STEP = (
    select(func.max(BookingStep.at))
    .where(BookingStep.booking_id == Booking.id)
    .correlate(Booking)
    .scalar_subquery()
)
_CHANGED_AT = func.coalesce(_LAST_STEP, Booking.created_at)


def _entries() -> Select[*tuple[Any, ...]]:
    """Whole bookings with what an entry says of them; the past of files is none."""
    tables = Booking.metadata.tables
    listing, organization = tables["listing"], tables["organization"]
    lender, borrower = organization.alias("lender"), organization.alias("borrower")
    return (
        select(
            *(Booking.public_id, Booking.version, Booking.units, Booking.state),
            *(Booking.starts_at, Booking.ends_at, Booking.lender_id, Booking.borrower_id),
            _CHANGED_AT.label("changed_at"),
            *(listing.c.title_fr, listing.c.title_en, listing.c.site_id),
            listing.c.units.label("of_units"),
            lender.c.name.label("lender"),
            lender.c.is_sole_operator.label("lender_is_sole"),
            borrower.c.name.label("borrower"),
            borrower.c.is_sole_operator.label("borrower_is_sole"),
        )
        .join(listing, listing.c.id == Booking.listing_id)
        .join(lender, lender.c.id == Booking.lender_id)
        .join(borrower, borrower.c.id == Booking.borrower_id)
        .where(~Booking.is_history, Booking.whole_id.is_(None))
    )


def _entry(
    row: Row[Any], site: organizations.SiteFacts, *, lent: bool, now: datetime
) -> AgendaEntry:
    state = State(row.state)
    promised = state in OCCUPYING and state is not State.HELD
    lender = AgendaParty(row.lender, row.lender_is_sole)
    borrower = AgendaParty(row.borrower, row.borrower_is_sole)
    return AgendaEntry(
        public_id=row.public_id,
        version=row.version,
        title_fr=row.title_fr,
        title_en=row.title_en,
        units=row.units,
        of_units=row.of_units,
        lent=lent,
        other=borrower if lent else lender,
        period=Period(row.starts_at, row.ends_at),
        state=state,
        overdue=is_overdue(state, row.ends_at, now),
        changed_at=row.changed_at,
        site=site if promised or lent else None,
    )
