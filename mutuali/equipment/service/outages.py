"""Units out of service for a time: broken, being repaired, away for inspection."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, Subquery, func, or_, select, true, update
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.errors import NotFound, Reason, Refused
from mutuali.core.permissions import Actor, Permission, may
from mutuali.counts import When
from mutuali.equipment.models import Listing, Outage, Unit
from mutuali.equipment.service.offers import lock_turn
from mutuali.jobs import service as jobs


@dataclass(frozen=True, slots=True)
class OutageDraft:
    """``units`` (>= 1) cannot be lent from ``starts_at`` on; no end: until they work again.

    ``unit``: the public id of the one thing it is about; then ``units`` is 1. ``loan_id``: of
    things without a name, the row of the loan that has them; see ``bookings/service/lent_broken``.
    """

    units: int
    starts_at: datetime
    ends_at: datetime | None = None
    unit: str | None = None
    reason: str = ""
    loan_id: int | None = None


@dataclass(frozen=True, slots=True)
class OutageFacts:
    """What cannot be lent of a listing, and until when if anybody knows."""

    public_id: str
    listing_id: int
    unit_id: int | None
    units: int
    starts_at: datetime
    ends_at: datetime | None
    reason: str


def take_out(
    session: Session,
    actor: Actor,
    listing_id: int,
    draft: OutageDraft,
    *,
    public_id: str,
    now: datetime,
) -> OutageFacts:
    """Take units out of service: nobody new gets them. What was promised before stays, for people
    to move; the caller has taken no other turn.

    Raises:
        NotFound: no such listing, or not the actor's to edit.
        Refused: more units than exist, another listing's unit, or a span that is over.
    """
    _of_lender(session, actor, listing_id)
    return _begin(session, actor, listing_id, draft, public_id=public_id, reported=False, now=now)


def report_broken(
    session: Session,
    actor: Actor,
    listing_id: int,
    draft: OutageDraft,
    *,
    public_id: str,
    now: datetime,
) -> OutageFacts:
    """:func:`take_out` by somebody who has the thing; the caller says whether they may, and the
    lender is told.

    Raises:
        Refused: as there.
    """
    reported = not may(actor, Permission.LISTING_EDIT, over=_row(session, listing_id).lender_id)
    return _begin(
        session, actor, listing_id, draft, public_id=public_id, reported=reported, now=now
    )


def _begin(
    session: Session,
    actor: Actor,
    listing_id: int,
    draft: OutageDraft,
    *,
    public_id: str,
    reported: bool,
    now: datetime,
) -> OutageFacts:
    row = _row(session, listing_id)
    lock_turn(session, listing_id)
    unit_id = _unit_id(session, listing_id, draft.unit) if draft.unit else None
    if draft.units > row.units or (unit_id and draft.units != 1):
        most = 1 if unit_id else row.units
        raise Refused(Reason("field.out_of_range", {"min": 1, "max": most}, "units"))
    if draft.ends_at is not None and draft.ends_at <= max(now, draft.starts_at):
        raise Refused(Reason("outage.over", {}, "ends_at"))
    outage = Outage(
        public_id=public_id,
        listing_id=listing_id,
        unit_id=unit_id,
        loan_id=draft.loan_id,
        units=draft.units,
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        reason=draft.reason,
        created_at=now,
    )
    session.add(outage)
    session.flush()
    facts = {"listing": listing_id, "units": draft.units}
    audit.record(session, actor, "outage.began", "outage", outage.id, now=now, facts=facts)
    told = {"listing": listing_id, "outage": public_id, "reported": reported}
    jobs.enqueue(session, "equipment.broken", told, now=now)
    _hand_on(session, outage, "began", now=now)
    return _facts(outage)


def put_back(session: Session, actor: Actor, public_id: str, *, now: datetime) -> OutageFacts:
    """It works again: the units can be lent from now on. Raises NotFound."""
    row = session.scalars(select(Outage).where(Outage.public_id == public_id)).one_or_none()
    if row is None:
        raise NotFound
    _of_lender(session, actor, row.listing_id)
    lock_turn(session, row.listing_id)
    facts = _facts(row)
    if row.starts_at >= now:
        session.delete(row)
    elif row.ends_at is None or row.ends_at > now:
        row.ends_at = now
    session.flush()
    audit.record(session, actor, "outage.ended", "outage", row.id, now=now)
    _hand_on(session, row, "ended", now=now)
    return facts


def outages_of(
    session: Session,
    listing_ids: Iterable[int] | None,
    *,
    now: datetime,
    up_to: str | None = None,
    with_it: bool = True,
) -> dict[int, list[OutageFacts]]:
    """What is out of service now or later, by listing (None: of all), in order of time.

    ``up_to``: only what was noted before the outage of this public id, and that one itself unless
    ``with_it`` is false; all when there is no such outage any more.
    """
    this = select(Outage.id).where(Outage.public_id == up_to).scalar_subquery()
    known = Outage.id <= this if with_it else Outage.id < this
    rows = session.scalars(
        select(Outage)
        .where(
            true() if listing_ids is None else Outage.listing_id.in_(set(listing_ids)),
            true() if up_to is None else func.coalesce(known, true()),
            _lasts(now),
        )
        .order_by(Outage.starts_at, Outage.id)
    )
    found: dict[int, list[OutageFacts]] = {}
    for row in rows:
        found.setdefault(row.listing_id, []).append(_facts(row))
    return found


def broken_units() -> Subquery:
    """What is out of service, for another feature's question: ``public_id, listing_id, unit_id,
    loan_id, units, starts_at, ends_at``."""
    whose = (Outage.public_id, Outage.listing_id, Outage.unit_id, Outage.loan_id)
    return select(*whose, Outage.units, Outage.starts_at, Outage.ends_at).subquery("broken")


def pass_on_broken(session: Session, loan_id: int, to_loan_id: int) -> None:
    """What was reported broken without a name is with another row from now on; the caller has the
    listing's turn."""
    session.execute(
        update(Outage)
        .where(Outage.loan_id == loan_id)
        .values(loan_id=to_loan_id)
        .execution_options(synchronize_session=False)
    )


def out_of_service(now: When) -> Select[int]:
    """The listings of which something is out of service now or later."""
    return select(Outage.listing_id).where(_lasts(now))


def _lasts(now: When) -> ColumnElement[bool]:
    return or_(Outage.ends_at.is_(None), Outage.ends_at > now)


def _hand_on(session: Session, row: Outage, name: str, *, now: datetime) -> None:
    """What later features have to know."""
    told = {"listing": row.listing_id, "outage": row.public_id, "name": name}
    jobs.enqueue(session, "equipment.outage", told, now=now)


def _of_lender(session: Session, actor: Actor, listing_id: int) -> None:
    lender_id = _row(session, listing_id).lender_id
    if not may(actor, Permission.LISTING_EDIT, over=lender_id):
        raise NotFound


def _row(session: Session, listing_id: int) -> Listing:
    row = session.get(Listing, listing_id)
    if row is None:
        raise NotFound
    return row


def _unit_id(session: Session, listing_id: int, public_id: str) -> int:
    id_ = session.scalar(
        select(Unit.id).where(Unit.public_id == public_id, Unit.listing_id == listing_id)
    )
    if id_ is None:
        raise Refused(Reason("field.not_a_choice", {}, "unit"))
    return id_


def _facts(row: Outage) -> OutageFacts:
    return OutageFacts(
        row.public_id,
        row.listing_id,
        row.unit_id,
        row.units,
        row.starts_at,
        row.ends_at,
        row.reason,
    )
