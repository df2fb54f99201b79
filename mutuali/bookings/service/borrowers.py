"""What whoever decides may know of a borrower: its loans, what came to nothing, what came late."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, select
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking, BookingStep
from mutuali.bookings.rules import State, Step
from mutuali.core.permissions import Actor, Permission, require
from mutuali.equipment.rules import Kind
from mutuali.organizations import service as organizations
from mutuali.storage import is_one_of, table_of

#: How far back one looks for requests that came to nothing.
LOOKING_BACK = timedelta(days=90)
_LENT = (State.ON_LOAN, State.RETURNED, State.CLOSED)
_IN_VAIN = (State.DECLINED, State.EXPIRED)


@dataclass(frozen=True, slots=True)
class BorrowerRecord:
    """An organization as a borrower; ``in_vain`` are its requests of the last ninety days that were
    declined or expired, ``last_of`` when it last had a kind from a lender (its id)."""

    loans: int = 0
    last_loan: datetime | None = None
    late_returns: int = 0
    no_shows: int = 0
    in_vain: int = 0
    last_of: Mapping[tuple[int, Kind], datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownBorrower:
    """An organization that asked a lender for something, and whether the lender trusts it."""

    organization: organizations.OrganizationFacts
    record: BorrowerRecord
    trusted_since: datetime | None


def records_of(
    session: Session, borrower_ids: Iterable[int], *, now: datetime
) -> dict[int, BorrowerRecord]:
    """The records of many borrowers, from all lenders, in one question."""
    return _records(session, is_one_of(Booking.borrower_id, borrower_ids), now)


def known_borrowers(
    session: Session, actor: Actor, lender_id: int, *, now: datetime
) -> list[KnownBorrower]:
    """Who asked a lender for something or is trusted by it, by name; the records are its own loans.

    Raises:
        Forbidden.
    """
    require(actor, Permission.ORGANIZATION_EDIT, over=lender_id)
    records = _records(session, Booking.lender_id == lender_id, now)
    trusted = {
        each.organization.id: each.since
        for each in organizations.trusted_by(session, actor, lender_id)
    }
    found = organizations.organizations(session, frozenset(records) | frozenset(trusted))
    return [
        KnownBorrower(each, records.get(each.id, BorrowerRecord()), trusted.get(each.id))
        for each in sorted(found.values(), key=lambda each: each.name)
        if each.accepted
    ]


def _records(
    session: Session, which: ColumnElement[bool], now: datetime
) -> dict[int, BorrowerRecord]:
    rows: dict[int, list[Row[Any]]] = {}
    for row in session.execute(_question(which, now)):
        rows.setdefault(row.borrower_id, []).append(row)
    return {borrower_id: _record(some) for borrower_id, some in rows.items()}


def _question(which: ColumnElement[bool], now: datetime) -> Select[*tuple[Any, ...]]:
    """A row per borrower, lender and kind."""
    listing = table_of(Booking).metadata.tables["listing"]
    lent = Booking.state.in_(_LENT)
    stayed_away = exists().where(
        BookingStep.booking_id == Booking.id, BookingStep.step == Step.NO_SHOW
    )
    in_vain = and_(Booking.state.in_(_IN_VAIN), Booking.created_at > now - LOOKING_BACK)
    return (
        select(
            Booking.borrower_id,
            Booking.lender_id,
            listing.c.kind,
            func.count(Booking.id).filter(lent).label("loans"),
            func.max(Booking.starts_at).filter(lent).label("last"),
            func.count(Booking.id)
            .filter(and_(lent, Booking.returned_at > Booking.ends_at))
            .label("late"),
            func.count(Booking.id).filter(stayed_away).label("no_shows"),
            func.count(Booking.id).filter(in_vain).label("in_vain"),
        )
        .join(listing, listing.c.id == Booking.listing_id)
        .where(which, Booking.whole_id.is_(None))
        .group_by(Booking.borrower_id, Booking.lender_id, listing.c.kind)
    )


def _record(rows: list[Row[Any]]) -> BorrowerRecord:
    last_of = {(row.lender_id, Kind(row.kind)): row.last for row in rows if row.last is not None}
    return BorrowerRecord(
        loans=sum(row.loans for row in rows),
        last_loan=max(last_of.values(), default=None),
        late_returns=sum(row.late for row in rows),
        no_shows=sum(row.no_shows for row in rows),
        in_vain=sum(row.in_vain for row in rows),
        last_of=last_of,
    )
