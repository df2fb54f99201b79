"""What each step of a booking leaves behind: on the timeline, in the log, for the jobs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.bookings.models import Booking, BookingStep
from mutuali.bookings.rules import (
    Step,
    remind_at,
)
from mutuali.core.permissions import Actor
from mutuali.jobs import service as jobs
from mutuali.storage import (
    NewRow,
    table_of,
    write_many,
    write_together,
)


@dataclass(frozen=True, slots=True)
class Because:
    """What else is known of a step: the code of a refusal that nobody typed, the booking that was
    the cause, the organization that somebody decided for by delegation."""

    reason: str | None = None
    cause_id: int | None = None
    for_id: int | None = None


def leave_trace(
    session: Session,
    actor: Actor,
    booking: Booking,
    step: Step,
    *,
    now: datetime,
    note: str = "",
    temperature: int | None = None,
    because: Because = Because(),
) -> None:
    """The step on the timeline, the event in the log and the job that sets off the rest."""
    facts = {"listing": booking.listing_id, "units": booking.units, "state": booking.state}
    leave_trace_of(
        session,
        actor,
        booking.id,
        step,
        facts,
        now=now,
        note=note,
        temperature=temperature,
        because=because,
    )


def leave_trace_of(
    session: Session,
    actor: Actor,
    booking_id: int,
    step: Step,
    facts: Mapping[str, Any],
    *,
    now: datetime,
    note: str = "",
    temperature: int | None = None,
    because: Because = Because(),
) -> None:
    """:func:`leave_trace` for a booking that was not loaded; ``facts`` are those of the event."""
    traces = _traces(
        actor, booking_id, step, facts, now=now, note=note, temperature=temperature, because=because
    )
    write_together(session, traces)


def leave_traces(
    session: Session,
    actor: Actor,
    step: Step,
    bookings: Mapping[int, Mapping[str, Any]],
    *,
    now: datetime,
    note: str = "",
) -> None:
    """:func:`leave_trace_of` for one deed that does the same step to many; facts by booking."""
    write_many(
        session,
        [
            trace
            for booking_id, facts in bookings.items()
            for trace in _traces(actor, booking_id, step, facts, now=now, note=note)
        ],
    )


def _traces(
    actor: Actor,
    booking_id: int,
    step: Step,
    facts: Mapping[str, Any],
    *,
    now: datetime,
    note: str,
    temperature: int | None = None,
    because: Because = Because(),
) -> list[NewRow]:
    known = {"reason": because.reason, "cause": because.cause_id, "for": because.for_id}
    facts = {**facts, **{name: value for name, value in known.items() if value is not None}}
    on_timeline = {
        "booking_id": booking_id,
        "step": step.value,
        "at": now,
        "person_id": actor.person_id,
        "note": note,
        "temperature": temperature,
        "state": facts["state"],
        "reason": because.reason,
        "cause_id": because.cause_id,
        "for_id": because.for_id,
    }
    stepped = {"booking": booking_id, "step": step.value}
    return [
        NewRow(table_of(BookingStep), on_timeline),
        audit.event(actor, f"booking.{step.value}", "booking", booking_id, now=now, facts=facts),
        jobs.job("bookings.stepped", stepped, now=now),
    ]


def remind_later(
    session: Session, booking_id: int, asked_at: datetime, decide_by: datetime
) -> None:
    """Have whoever decides reminded of a request when a third of their time is left."""
    arguments = {"booking": booking_id, "decide_by": decide_by.isoformat()}
    due_at = remind_at(asked_at, decide_by)
    jobs.enqueue(session, "bookings.remind", arguments, now=asked_at, due_at=due_at)
