"""Agendas of others whose busy time closes listings: given, read again and again, taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.calendars.models import ExternalCalendar
from mutuali.calendars.rules import MOST_EXTERNAL, is_told_of
from mutuali.core.errors import NotFound, Reason, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import SYSTEM, Actor, Permission, require
from mutuali.equipment import service as equipment
from mutuali.jobs import service as jobs

#: How long the agendas that are due together are spread over, so that slow ones hold up nobody.
_SPREAD = timedelta(minutes=50)


@dataclass(frozen=True, slots=True)
class ExternalDraft:
    """An agenda to be read: at an address, sealed by the door, or out of a file, once."""

    name: str
    listing: str = ""
    host: str = ""
    sealed_address: str | None = None


@dataclass(frozen=True, slots=True)
class ExternalFacts:
    """An agenda as its lender sees it; ``host`` is empty for a file.

    ``read_at`` is the last time it could be read; ``problem`` says why it could not since.
    """

    id: int
    public_id: str
    organization_id: int
    name: str
    listing: equipment.ListingFacts | None
    host: str
    created_at: datetime
    read_at: datetime | None
    busy: int
    problem: Reason | None


@dataclass(frozen=True, slots=True)
class ToRead:
    """What a job needs to read an agenda."""

    public_id: str
    sealed_address: str


def add_external(
    session: Session,
    actor: Actor,
    organization_id: int,
    draft: ExternalDraft,
    busy: Sequence[Period] = (),
    *,
    public_id: str,
    now: datetime,
) -> None:
    """Close listings of a lender when an agenda says busy; one at an address is read soon.

    Raises:
        Forbidden, NotFound; Refused: there are too many.
    """
    require(actor, Permission.LISTING_EDIT, over=organization_id)
    count = select(func.count(ExternalCalendar.id)).where(_of(organization_id))
    if (session.scalar(count) or 0) >= MOST_EXTERNAL:
        raise Refused("calendar.too_many", most=MOST_EXTERNAL)
    listing_id = None
    if draft.listing:
        listing = equipment.listing(session, actor, draft.listing)
        if listing.lender_id != organization_id:
            raise NotFound
        listing_id = listing.id
    row = ExternalCalendar(
        public_id=public_id,
        organization_id=organization_id,
        listing_id=listing_id,
        name=draft.name,
        host=draft.host,
        sealed_address=draft.sealed_address,
        created_at=now,
    )
    session.add(row)
    session.flush()
    facts = {"listing": listing_id, "file": draft.sealed_address is None}
    audit.record(
        session, actor, "calendar.added", "external_calendar", row.id, now=now, facts=facts
    )
    if draft.sealed_address is None:
        _close(session, actor, row, busy, now)
    else:
        jobs.enqueue(session, "calendars.fetch", {"calendar": public_id}, now=now)


def externals_of(session: Session, actor: Actor, organization_id: int) -> list[ExternalFacts]:
    """The agendas that close listings of a lender, newest first. Raises Forbidden."""
    require(actor, Permission.LISTING_EDIT, over=organization_id)
    rows = session.scalars(
        select(ExternalCalendar).where(_of(organization_id)).order_by(ExternalCalendar.id.desc())
    ).all()
    return _facts(session, rows)


def external_by_id(session: Session, public_id: str) -> ExternalFacts:
    """One agenda, for jobs. Raises NotFound."""
    return _facts(session, [_row(session, public_id)])[0]


def read_again(
    session: Session, actor: Actor, organization_id: int, public_id: str, *, now: datetime
) -> None:
    """Read an agenda at an address now. Raises Forbidden, NotFound."""
    require(actor, Permission.LISTING_EDIT, over=organization_id)
    row = _row(session, public_id)
    if row.organization_id != organization_id or row.sealed_address is None:
        raise NotFound
    jobs.enqueue(session, "calendars.fetch", {"calendar": public_id}, now=now)


def remove_external(
    session: Session, actor: Actor, organization_id: int, public_id: str, *, now: datetime
) -> None:
    """Forget an agenda; what it closed is open again. Raises Forbidden, NotFound."""
    require(actor, Permission.LISTING_EDIT, over=organization_id)
    row = _row(session, public_id)
    if row.organization_id != organization_id:
        raise NotFound
    _close(session, actor, row, (), now)
    audit.record(session, actor, "calendar.removed", "external_calendar", row.id, now=now)
    session.delete(row)
    session.flush()


def queue_reads(session: Session, *, now: datetime) -> None:
    """Have every agenda at an address read within the hour, one after the other."""
    ids = session.scalars(
        select(ExternalCalendar.public_id)
        .where(ExternalCalendar.sealed_address.is_not(None))
        .order_by(ExternalCalendar.id)
    ).all()
    for number, public_id in enumerate(ids):
        due_at = now + _SPREAD * number / len(ids)
        jobs.enqueue(session, "calendars.fetch", {"calendar": public_id}, now=now, due_at=due_at)


def to_read(session: Session, public_id: str) -> ToRead | None:
    """What is needed to read an agenda; None when it is gone or was a file."""
    row = _found(session, public_id)
    if row is None or row.sealed_address is None:
        return None
    return ToRead(public_id, row.sealed_address)


def record_read(session: Session, public_id: str, busy: Sequence[Period], *, now: datetime) -> None:
    """Put what an agenda says in place of all that it said before."""
    row = _found(session, public_id)
    if row is None:
        return
    row.problem, row.told_at = None, None
    _close(session, SYSTEM, row, busy, now)


def record_problem(session: Session, public_id: str, problem: Reason, *, now: datetime) -> None:
    """Keep why an agenda could not be read; what it closed stays, its lender is told once."""
    row = _found(session, public_id)
    if row is None:
        return
    row.problem = {"code": problem.code, "params": dict(problem.params)}
    if row.told_at is None and is_told_of(problem.code, row.read_at, now):
        row.told_at = now
        jobs.enqueue(session, "calendars.tell", {"calendar": public_id}, now=now)


def _close(
    session: Session, actor: Actor, row: ExternalCalendar, busy: Sequence[Period], now: datetime
) -> None:
    scope = equipment.Scope(row.organization_id, row.listing_id)
    row.busy, row.read_at = len(busy), now
    if equipment.replace_external(session, scope, row.public_id, busy):
        facts = {"busy": len(busy)}
        audit.record(
            session, actor, "calendar.closed", "external_calendar", row.id, now=now, facts=facts
        )


def _facts(session: Session, rows: Sequence[ExternalCalendar]) -> list[ExternalFacts]:
    listings = equipment.listings(session, [row.listing_id for row in rows if row.listing_id])
    return [
        ExternalFacts(
            row.id,
            row.public_id,
            row.organization_id,
            row.name,
            listings.get(row.listing_id or 0),
            row.host,
            row.created_at,
            row.read_at,
            row.busy,
            _reason(row.problem),
        )
        for row in rows
    ]


def _reason(problem: dict[str, Any] | None) -> Reason | None:
    return None if problem is None else Reason(problem["code"], problem["params"])


def _of(organization_id: int) -> ColumnElement[bool]:
    return ExternalCalendar.organization_id == organization_id


def _found(session: Session, public_id: str) -> ExternalCalendar | None:
    query = select(ExternalCalendar).where(ExternalCalendar.public_id == public_id)
    return session.scalars(query).one_or_none()


def _row(session: Session, public_id: str) -> ExternalCalendar:
    row = _found(session, public_id)
    if row is None:
        raise NotFound
    return row
