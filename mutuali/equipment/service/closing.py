"""Time that a lender takes away from one listing."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.errors import NotFound, Reason, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import Actor
from mutuali.equipment.models import Closure
from mutuali.equipment.service.records import editable


def close(
    session: Session, actor: Actor, listing_id: int, period: Period, *, now: datetime
) -> None:
    """Take a span away from new bookings; those promised before stay, for the owner to move.

    Raises:
        NotFound; Refused: it is over already.
    """
    editable(session, actor, listing_id)
    if period.end <= now:
        raise Refused(Reason("closure.in_the_past", {}, "ends"))
    session.add(Closure(listing_id=listing_id, starts_at=period.start, ends_at=period.end))
    audit.record(session, actor, "listing.closed", "listing", listing_id, now=now)


def reopen(session: Session, actor: Actor, closure_id: int, *, now: datetime) -> int:
    """Give a closed span back; returns the listing. Raises Forbidden, NotFound."""
    closure = session.get(Closure, closure_id)
    if closure is None:
        raise NotFound
    editable(session, actor, closure.listing_id)
    session.delete(closure)
    audit.record(session, actor, "listing.reopened", "listing", closure.listing_id, now=now)
    return closure.listing_id


def closures(session: Session, listing_id: int, *, after: datetime) -> list[tuple[int, Period]]:
    """The closures that end later than ``after``, with their ids, in order."""
    rows = session.execute(
        select(Closure.id, Closure.starts_at, Closure.ends_at)
        .where(Closure.listing_id == listing_id, Closure.ends_at > after)
        .order_by(Closure.starts_at)
    )
    return [(id_, Period(start, end)) for id_, start, end in rows]
