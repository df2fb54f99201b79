"""Several requests answered in one go, each by itself: one that is refused stops no other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.bookings.guard import CAPACITY
from mutuali.bookings.models import Booking, BookingStep
from mutuali.bookings.rules import State
from mutuali.bookings.service.decide import approve, decline
from mutuali.bookings.service.look import BookingFacts, read_facts
from mutuali.bookings.service.records import sees
from mutuali.core.errors import DomainError, Reason, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import Actor
from mutuali.equipment import service as equipment

#: As many as the inbox shows.
MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one request: where it stands now; ``reasons`` when a rule refused the deed."""

    booking: BookingFacts
    reasons: tuple[Reason, ...] = ()


def decide_many(
    session: Session,
    actor: Actor,
    public_ids: Sequence[str],
    *,
    accept: bool,
    reason: str = "",
    now: datetime,
) -> list[Outcome]:
    """Approve or decline several requests, nearest deadline first; what became of each.

    Takes the turns of all listings in the one order first. What the actor may not see is left out.

    Raises:
        Refused: none was chosen, or no reason was given for declining.
    """
    rows = session.scalars(
        select(Booking)
        .where(Booking.public_id.in_(public_ids[:MOST_AT_ONCE]), Booking.whole_id.is_(None))
        .order_by(Booking.decide_by, Booking.id)
    ).all()
    rows = [row for row in rows if sees(actor, row.lender_id, row.borrower_id)]
    if not rows:
        raise Refused(Reason("inbox.none_chosen", {}, "booking"))
    if not accept and not reason.strip():
        raise Refused(Reason("booking.reason_missing", {}, "reason"))
    _take_turns(session, rows)
    said: dict[int, tuple[Reason, ...]] = {}
    approved: list[int] = []
    for row in rows:
        session.refresh(row)
        if _lost_to(session, row, approved):
            said[row.id] = (Reason("booking.knocked_out"),)
            continue
        deed = (
            partial(approve, session, actor, row.public_id, now=now)
            if accept
            else partial(decline, session, actor, row.public_id, reason, now=now)
        )
        said[row.id] = by_itself(session, deed)
        session.refresh(row)
        if not said[row.id] and State(row.state) is State.APPROVED:
            approved.append(row.id)
    facts = read_facts(session, actor, rows, now=now)
    return [Outcome(each, said[each.id]) for each in facts]


def _take_turns(session: Session, rows: Sequence[Booking]) -> None:
    listings = equipment.listings(session, [row.listing_id for row in rows])
    span = Period(min(row.starts_at for row in rows), max(row.ends_at for row in rows))
    equipment.take_turns(session, [each.public_id for each in listings.values()], span)


def by_itself(session: Session, deed: Callable[[], object]) -> tuple[Reason, ...]:
    """Do a deed so that a refusal undoes nothing but itself; the reasons of the refusal."""
    try:
        with session.begin_nested():
            deed()
    except DomainError as error:
        return error.reasons
    except IntegrityError as error:
        if CAPACITY not in str(error.orig):
            raise
        return (Reason("booking.not_free"),)
    return ()


def _lost_to(session: Session, row: Booking, winners: Sequence[int]) -> bool:
    """Whether one of ``winners`` knocked it out."""
    if State(row.state) is not State.DECLINED or not winners:
        return False
    lost = exists().where(BookingStep.booking_id == row.id, BookingStep.cause_id.in_(winners))
    return bool(session.scalar(select(lost)))
