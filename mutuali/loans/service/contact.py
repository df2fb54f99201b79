"""Whom to call on the day and where the keys are, for those days only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.bookings import service as bookings
from mutuali.bookings.rules import State
from mutuali.core.errors import Conflict, Reason, Refused
from mutuali.core.permissions import Actor
from mutuali.loans.models import DayContact, DriverLink
from mutuali.loans.rules import KEPT_FOR, Side
from mutuali.loans.service.records import side_of
from mutuali.storage import Base

_BOOKING = Base.metadata.tables["booking"]
#: So many digits make a telephone that somebody can call.
_FEWEST_DIGITS = 7


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What one side said for the day."""

    phone: str
    keys: str


def set_contact(
    session: Session,
    actor: Actor,
    booking_public_id: str,
    said: ContactFacts,
    *,
    side: Side | None = None,
    now: datetime,
) -> None:
    """Say whom to call on the day and where the keys are; nothing said takes it away.

    Raises:
        NotFound; Forbidden: the actor speaks for neither party.
        Refused: no telephone, or it could be either side's. Conflict: the booking is not confirmed,
            or over.
    """
    facts = bookings.in_turn(session, actor, booking_public_id, now=now)
    side = side_of(actor, facts, side)
    if facts.state not in (State.APPROVED, State.ON_LOAN):
        raise Conflict("condition.not_now")
    if said.phone and sum(letter.isdigit() for letter in said.phone) < _FEWEST_DIGITS:
        raise Refused(Reason("contact.not_a_phone", {}, "phone"))
    row = session.scalars(
        select(DayContact).where(DayContact.booking_id == facts.id, DayContact.side == side)
    ).one_or_none()
    if not said.phone and not said.keys:
        if row is not None:
            session.delete(row)
    else:
        if row is None:
            row = DayContact(booking_id=facts.id, side=side)
            session.add(row)
        row.phone, row.keys, row.set_by, row.set_at = said.phone, said.keys, actor.person_id, now
    session.flush()
    told = {"side": side.value}
    audit.record(session, actor, "contact.set", "booking", facts.id, now=now, facts=told)


def contacts_of(session: Session, booking_id: int) -> dict[Side, ContactFacts]:
    """What each side said for the day of a booking that the caller may see."""
    rows = session.scalars(select(DayContact).where(DayContact.booking_id == booking_id))
    found = {Side(row.side): ContactFacts(row.phone, row.keys) for row in rows}
    return {side: found[side] for side in Side if side in found}


def forget_days(session: Session, *, now: datetime) -> None:
    """Destroy telephones, keys and links of bookings that ended a week ago, or never took place."""
    gone = (State.DECLINED, State.CANCELLED, State.EXPIRED)
    over = select(_BOOKING.c.id).where(
        or_(_BOOKING.c.ends_at < now - KEPT_FOR, _BOOKING.c.state.in_(gone))
    )
    for model in (DayContact, DriverLink):
        session.execute(
            delete(model)
            .where(model.booking_id.in_(over))
            .execution_options(synchronize_session=False)
        )
