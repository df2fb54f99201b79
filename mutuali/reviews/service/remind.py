"""Reminding each side once, three days after a return, that it may say how the loan went."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.bookings.rules import Step
from mutuali.core.permissions import SYSTEM
from mutuali.jobs import service as jobs
from mutuali.loans.rules import Side
from mutuali.organizations import service as organizations
from mutuali.reviews.rules import REMIND_AFTER, open_until
from mutuali.reviews.service.records import reviews_of
from mutuali.reviews.service.write import BACK


@dataclass(frozen=True, slots=True)
class Reminder:
    """A loan and until when it may be reviewed; ``waiting`` are the people of the sides that have
    not, nobody once the time is over."""

    booking: bookings.BookingFacts
    until: datetime
    waiting: frozenset[int]


def plan_reminder(session: Session, booking_id: int, step: Step, *, now: datetime) -> None:
    """Hand in the letters of a loan that came back, for three days later; other steps need none."""
    if step is Step.TAKE_BACK:
        told = {"booking": booking_id}
        jobs.enqueue(session, "reviews.remind", told, now=now, due_at=now + REMIND_AFTER)


def reminder(session: Session, booking_id: int, *, now: datetime) -> Reminder:
    """Whom to remind of a loan. Raises NotFound."""
    facts = bookings.booking_by_id(session, SYSTEM, booking_id, now=now)
    until = open_until(facts.returned_at or now)
    if facts.state not in BACK or now >= until:
        return Reminder(facts, until, frozenset())
    rows = reviews_of(session, facts.id)
    sides = {Side.LENDER: facts.lender.id, Side.BORROWER: facts.borrower.id}
    waiting = {
        person_id
        for side, organization_id in sides.items()
        if side not in rows
        for person_id in organizations.member_ids(session, organization_id)
    }
    return Reminder(facts, until, frozenset(waiting))
