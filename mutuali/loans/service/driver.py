"""A driver without an account: a link that shows where and when, and takes their report."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.bookings import service as bookings
from mutuali.bookings.rules import State
from mutuali.bookings.service import BookingFacts
from mutuali.core.errors import Conflict, Forbidden, NotFound, Reason, Refused
from mutuali.core.permissions import SYSTEM, Actor
from mutuali.equipment.service import EncodedPhoto
from mutuali.loans.models import DriverLink
from mutuali.loans.rules import (
    MOST_LINKS,
    Condition,
    Direction,
    Over,
    Side,
    Standing,
    over,
    works_until,
)
from mutuali.loans.service.contact import ContactFacts, contacts_of
from mutuali.loans.service.look import Passage, passage
from mutuali.loans.service.records import sides_of
from mutuali.loans.service.report import add_photo, write_report


@dataclass(frozen=True, slots=True)
class DriverLinkFacts:
    """A link as those who made it see it; the secret in it is shown once and not kept."""

    public_id: str
    made_at: datetime
    works_until: datetime


@dataclass(frozen=True, slots=True)
class Errand:
    """What a driver sees: the booking, whom to call, and the change of hands that comes next.

    ``over``: why the link does not work any more; nothing else may be shown then.
    """

    link_id: int
    booking: BookingFacts
    contacts: dict[Side, ContactFacts]
    passage: Passage
    over: Over | None


def make_link(
    session: Session,
    actor: Actor,
    booking_public_id: str,
    *,
    public_id: str,
    token_hash: str,
    now: datetime,
) -> None:
    """Make a link for whoever drives, three at most that work.

    Raises:
        NotFound; Forbidden: the actor speaks for neither party.
        Conflict: the booking is not confirmed, or over. Refused: three are open.
    """
    facts = bookings.in_turn(session, actor, booking_public_id, now=now)
    if not sides_of(actor, facts):
        raise Forbidden
    if over(facts.state, facts.period.end, revoked=False, now=now) is not None:
        raise Conflict("condition.not_now")
    open_ = select(func.count(DriverLink.id)).where(
        DriverLink.booking_id == facts.id, DriverLink.revoked_at.is_(None)
    )
    if (session.scalar(open_) or 0) >= MOST_LINKS:
        raise Refused(Reason("driver.too_many_links", {"max": MOST_LINKS}))
    row = DriverLink(
        public_id=public_id,
        booking_id=facts.id,
        token_hash=token_hash,
        made_by=actor.person_id,
        made_at=now,
    )
    session.add(row)
    session.flush()
    told = {"link": row.id}
    audit.record(session, actor, "driver.link_made", "booking", facts.id, now=now, facts=told)


def revoke_link(session: Session, actor: Actor, public_id: str, *, now: datetime) -> str:
    """End a link at once; returns its booking's public id.

    Raises:
        NotFound: no such link; Forbidden: the actor speaks for neither party.
    """
    row = session.scalars(
        select(DriverLink).where(DriverLink.public_id == public_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    facts = bookings.booking_by_id(session, actor, row.booking_id, now=now)
    if not sides_of(actor, facts):
        raise Forbidden
    if row.revoked_at is None:
        row.revoked_at = now
        session.flush()
        told = {"link": row.id}
        audit.record(
            session, actor, "driver.link_revoked", "booking", facts.id, now=now, facts=told
        )
    return facts.public_id


def links_of(session: Session, facts: BookingFacts, *, now: datetime) -> list[DriverLinkFacts]:
    """The links that work of a booking that the caller may see, oldest first."""
    until = works_until(facts.period.end)
    if over(facts.state, facts.period.end, revoked=False, now=now) is not None:
        return []
    rows = session.scalars(
        select(DriverLink)
        .where(DriverLink.booking_id == facts.id, DriverLink.revoked_at.is_(None))
        .order_by(DriverLink.id)
    )
    return [DriverLinkFacts(row.public_id, row.made_at, until) for row in rows]


def errand(session: Session, token_hash: str, *, now: datetime) -> Errand:
    """What the driver who holds this link sees; looking changes nothing.

    Raises:
        NotFound: no such link.
    """
    row = session.scalars(
        select(DriverLink).where(DriverLink.token_hash == token_hash)
    ).one_or_none()
    if row is None:
        raise NotFound
    facts = bookings.booking_by_id(session, SYSTEM, row.booking_id, now=now)
    out, back = (passage(session, SYSTEM, facts, each, now=now) for each in Direction)
    is_next = facts.state is State.APPROVED or out.standing is Standing.WAITING
    says_out = is_next and Side.BORROWER not in out.reports
    return Errand(
        row.id,
        facts,
        contacts_of(session, facts.id),
        out if says_out else back,
        over(facts.state, facts.period.end, revoked=row.revoked_at is not None, now=now),
    )


def driver_reports(
    session: Session,
    token_hash: str,
    direction: Direction,
    condition: Condition,
    *,
    units: Collection[str] = (),
    public_id: str,
    now: datetime,
) -> bool:
    """A driver notes, for the borrower, in what state the thing is; as ``write_report``.

    Raises:
        NotFound: no such link. Conflict: it does not work any more, or the booking is elsewhere.
        Refused: something is missing.
    """
    found = errand(session, token_hash, now=now)
    if found.over is not None:
        raise Conflict("driver.link_over")
    return write_report(
        session,
        SYSTEM,
        found.booking.public_id,
        direction,
        condition,
        side=Side.BORROWER,
        units=units,
        driver_link=found.link_id,
        public_id=public_id,
        now=now,
    )


def driver_photo(
    session: Session,
    token_hash: str,
    direction: Direction,
    photo: EncodedPhoto,
    *,
    public_id: str,
    now: datetime,
) -> None:
    """A photo of a driver's report; as ``add_photo``. Raises NotFound, Refused, Conflict."""
    found = errand(session, token_hash, now=now)
    add_photo(
        session,
        SYSTEM,
        found.booking.public_id,
        direction,
        photo,
        side=Side.BORROWER,
        public_id=public_id,
        now=now,
    )
