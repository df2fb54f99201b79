"""The agenda of an organization: what it lends and borrows day by day, and when it is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.calendars.rules import span_of, within
from mutuali.core.period import Period
from mutuali.core.permissions import Actor
from mutuali.equipment import service as equipment


@dataclass(frozen=True, slots=True)
class AgendaDay:
    """What falls on one day, in order."""

    day: date
    lent: tuple[bookings.AgendaEntry, ...]
    borrowed: tuple[bookings.AgendaEntry, ...]
    closed: tuple[equipment.ClosedSpan, ...]


def agenda_days(
    session: Session, actor: Actor, organization_id: int, days: Sequence[date], *, now: datetime
) -> list[AgendaDay]:
    """The agenda of an organization over ``days``, in as many questions whatever there is.

    What is overdue lasts until now. Raises NotFound: the actor may not read its bookings.
    """
    span = span_of(days)
    entries = bookings.agenda(session, actor, organization_id, span, now=now)
    closed = equipment.closed_over(session, organization_id, span)
    lasting = [(entry, lasts(entry, now)) for entry in entries]
    return [
        AgendaDay(
            day,
            tuple(each for each, when in lasting if each.lent and within(when, day)),
            tuple(each for each, when in lasting if not each.lent and within(when, day)),
            tuple(each for each in closed if within(each.period, day)),
        )
        for day in days
    ]


def lasts(entry: bookings.AgendaEntry, now: datetime) -> Period:
    """When a booking is on the agenda: an overdue loan until now."""
    end = max(entry.period.end, now) if entry.overdue else entry.period.end
    return Period(entry.period.start, end)
